//! One open socket: reads messages, lets the calls run beside each other, sends what comes back.

use std::sync::Arc;

use futures_util::{SinkExt, StreamExt, stream::FuturesUnordered};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::sync::Semaphore;
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Error, Message,
        protocol::{
            CloseFrame, Role,
            frame::{Frame, coding::Data, coding::OpCode},
        },
    },
};

use super::call::{Call, Delivery};
use super::upgrade::Opening;
use crate::control::Control;

type Socket = WebSocketStream<TokioIo<Upgraded>>;

/// Whether the connection goes on.
enum Next {
    Continue,
    /// Nothing more is read or sent, and nothing is closed.
    Freeze,
    End,
}

/// Serves a socket until either side leaves.
pub(crate) async fn serve(opening: Opening, control: Control) {
    let Ok(upgraded) = opening.connection.await else {
        return;
    };
    let socket = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, None).await;
    let Some(session) = control.open_session(&opening.request) else {
        return;
    };
    let served = converse(socket, session, &control).await;
    control.close_session(session.number);
    drop(served);
}

async fn converse(
    mut socket: Socket,
    session: super::Session,
    control: &Control,
) -> Result<(), Error> {
    let seats = Arc::new(Semaphore::new(session.at_once));
    let mut calls = FuturesUnordered::new();
    loop {
        let next = tokio::select! {
            received = socket.next() => match received {
                Some(Ok(Message::Text(text))) => {
                    let call = Call {
                        session: session.number,
                        message: text.as_str().to_owned(),
                        overloaded: calls.len() >= session.in_flight,
                        seats: Arc::clone(&seats),
                        control: control.clone(),
                    };
                    calls.push(call.run());
                    Next::Continue
                }
                // Pings are answered by the library; the appliance has no use for other frames.
                Some(Ok(Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {
                    Next::Continue
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => Next::End,
            },
            Some(delivery) = calls.next() => deliver(&mut socket, delivery).await?,
            () = control.went_down() => Next::End,
        };
        match next {
            Next::Continue => {}
            Next::Freeze => control.went_down().await,
            Next::End => return Ok(()),
        }
        if control.is_down() {
            return Ok(());
        }
    }
}

async fn deliver(socket: &mut Socket, delivery: Delivery) -> Result<Next, Error> {
    match delivery {
        Delivery::Nothing => Ok(Next::Continue),
        Delivery::Whole(text) => {
            socket.send(Message::text(text)).await?;
            Ok(Next::Continue)
        }
        Delivery::Close { text, code } => {
            if let Some(text) = text {
                socket.send(Message::text(text)).await?;
            }
            let frame = CloseFrame {
                code: code.into(),
                reason: "".into(),
            };
            socket.close(Some(frame)).await?;
            // The closing handshake: the client's own close, or its end.
            while let Some(Ok(_)) = socket.next().await {}
            Ok(Next::End)
        }
        Delivery::Fragment(text) => {
            let frame = Frame::message(text, OpCode::Data(Data::Text), false);
            socket.send(Message::Frame(frame)).await?;
            Ok(Next::End)
        }
        Delivery::Drop => Ok(Next::End),
        Delivery::Freeze => Ok(Next::Freeze),
    }
}
