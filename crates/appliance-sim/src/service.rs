//! One HTTP request: read it, let the faults have their say, ask the state machine, journal it.

use std::{
    convert::Infallible,
    future, io,
    net::IpAddr,
    time::{Duration, Instant},
};

use futures_util::{Stream, StreamExt, stream};
use http_body_util::{BodyExt, Full, Limited, StreamBody, combinators::BoxBody};
use hyper::{
    body::{Bytes, Frame, Incoming},
    header::{CONTENT_LENGTH, HeaderName, HeaderValue},
};

use crate::{
    control::Control,
    control_path,
    exchange::{Request, Response},
    fault::{self, FaultKind},
    journal::{Call, body_value},
    knobs,
    socket::{self, Opening, Upgrade},
};

/// A larger body than this is refused; no account is that big.
const BODY_LIMIT: usize = 16 * 1024 * 1024;

/// What hyper sends.
type Answer = hyper::Response<BoxBody<Bytes, io::Error>>;

/// How the bytes of an answer go out.
enum Delivery {
    Whole(Response),
    /// Half of the body under the length of the whole, then the connection is closed.
    Truncated(Response),
    /// The connection is closed.
    Nothing,
    /// The connection is left open.
    Never,
}

/// What happened to a request.
struct Outcome {
    status: u16,
    handled: bool,
    fault: Option<&'static str>,
    delivery: Delivery,
}

/// Answers one request; an error makes the server close the connection.
pub(crate) async fn answer(
    control: &Control,
    mut request: hyper::Request<Incoming>,
    peer: IpAddr,
    secure: bool,
    upgrade: &Upgrade,
) -> Result<Answer, io::Error> {
    let started = Instant::now();
    let connection = socket::asked_for(&mut request);
    let request = match read(request, peer, secure).await {
        Ok(request) => request,
        Err(ReadError::TooLarge) => {
            return message(Response::text(413, "text/plain", "the body is too large"));
        }
        Err(ReadError::Gone) => return Err(closed_on_purpose()),
    };
    if knobs::path(&request).is_some() {
        return message(control_path::handle(control, &request));
    }
    if control.is_down() {
        return Err(closed_on_purpose());
    }
    let outcome = suffer(control, &request).await;
    control.record(call(&request, &outcome, started.elapsed()));
    match outcome.delivery {
        Delivery::Whole(response) if response.status == 101 => {
            let mut answer = message(response)?;
            socket::accept(&request, &mut answer);
            if let Some(connection) = connection {
                upgrade.set(Opening {
                    connection,
                    request,
                });
            }
            Ok(answer)
        }
        Delivery::Whole(response) => message(response),
        Delivery::Truncated(response) => truncated(response),
        Delivery::Nothing => Err(closed_on_purpose()),
        Delivery::Never => future::pending().await,
    }
}

/// Lets the faults in force act upon the request and its answer.
async fn suffer(control: &Control, request: &Request) -> Outcome {
    let affliction = control.afflict(&request.method, &request.path);
    if !affliction.latency.is_zero() {
        tokio::time::sleep(affliction.latency).await;
    }
    let fault = affliction.name();
    let (handled, delivery, status) = match affliction.kind {
        Some(FaultKind::DropBeforeHandling) => (false, Delivery::Nothing, 0),
        Some(FaultKind::DropAfterHandling) => {
            (true, Delivery::Nothing, control.handle(request).status)
        }
        Some(FaultKind::Silence | FaultKind::Freeze) => {
            (true, Delivery::Never, control.handle(request).status)
        }
        Some(FaultKind::TruncateBody) => {
            let response = control.handle(request);
            let status = response.status;
            (true, Delivery::Truncated(response), status)
        }
        Some(kind) => match in_place_of(&kind) {
            Some(response) => whole(false, response),
            None => whole(true, halved(control.handle(request), &kind)),
        },
        None => whole(true, control.handle(request)),
    };
    Outcome {
        status,
        handled,
        fault,
        delivery,
    }
}

fn whole(handled: bool, response: Response) -> (bool, Delivery, u16) {
    let status = response.status;
    (handled, Delivery::Whole(response), status)
}

/// The answer that a fault gives in place of the appliance's.
fn in_place_of(kind: &FaultKind) -> Option<Response> {
    match kind {
        FaultKind::Status {
            status,
            body,
            content_type,
        } => Some(Response::text(*status, content_type, body.clone())),
        FaultKind::Throttle {
            retry_after_seconds,
        } => {
            let response = Response::text(429, "text/plain", "Too Many Requests");
            Some(match retry_after_seconds {
                Some(seconds) => response.with_header("retry-after", seconds.to_string()),
                None => response,
            })
        }
        FaultKind::HtmlPage => Some(Response::text(
            200,
            "text/html; charset=utf-8",
            fault::SIGN_IN_PAGE,
        )),
        FaultKind::Redirect { location } => {
            Some(Response::text(302, "text/html", "").with_header("location", location.clone()))
        }
        FaultKind::Latency { .. }
        | FaultKind::DropBeforeHandling
        | FaultKind::DropAfterHandling
        | FaultKind::TruncateBody
        | FaultKind::HalfBody
        | FaultKind::Silence
        | FaultKind::Freeze => None,
    }
}

fn halved(mut response: Response, kind: &FaultKind) -> Response {
    if *kind == FaultKind::HalfBody {
        response.body.truncate(response.body.len() / 2);
    }
    response
}

enum ReadError {
    TooLarge,
    Gone,
}

async fn read(
    request: hyper::Request<Incoming>,
    peer: IpAddr,
    secure: bool,
) -> Result<Request, ReadError> {
    let now = jiff::Timestamp::now();
    let (parts, body) = request.into_parts();
    let body = Limited::new(body, BODY_LIMIT)
        .collect()
        .await
        .map_err(
            |error| match error.is::<http_body_util::LengthLimitError>() {
                true => ReadError::TooLarge,
                false => ReadError::Gone,
            },
        )?
        .to_bytes()
        .to_vec();
    let headers = parts
        .headers
        .iter()
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.as_str().to_owned(), value)
        })
        .collect();
    Ok(Request {
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers,
        body,
        now,
        peer,
        secure,
    })
}

fn call(request: &Request, outcome: &Outcome, duration: Duration) -> Call {
    Call {
        sequence: 0,
        time: request.now,
        method: request.method.clone(),
        path: request.path.clone(),
        query: request.query.clone(),
        body: body_value(&request.body),
        status: outcome.status,
        error_code: None,
        handled: outcome.handled,
        fault: outcome.fault,
        duration,
    }
}

fn message(mut response: Response) -> Result<Answer, io::Error> {
    let body = Full::new(Bytes::from(std::mem::take(&mut response.body)))
        .map_err(|never: Infallible| match never {})
        .boxed();
    head(&response, body)
}

fn truncated(mut response: Response) -> Result<Answer, io::Error> {
    let mut body = std::mem::take(&mut response.body);
    let length = body.len();
    body.truncate(length / 2);
    let stream = StreamBody::new(half_then_failure(Bytes::from(body)));
    let mut answer = head(&response, BodyExt::boxed(stream))?;
    answer
        .headers_mut()
        .insert(CONTENT_LENGTH, HeaderValue::from(length));
    Ok(answer)
}

/// Yields before it fails: what was written is flushed only while the body has nothing to give.
fn half_then_failure(half: Bytes) -> impl Stream<Item = Result<Frame<Bytes>, io::Error>> {
    stream::once(async move { Ok(Frame::data(half)) }).chain(stream::once(async {
        tokio::task::yield_now().await;
        Err(closed_on_purpose())
    }))
}

fn head(response: &Response, body: BoxBody<Bytes, io::Error>) -> Result<Answer, io::Error> {
    let mut builder = hyper::Response::builder().status(response.status);
    for (name, value) in &response.headers {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(io::Error::other)?;
        let value = HeaderValue::from_bytes(value.as_bytes()).map_err(io::Error::other)?;
        builder = builder.header(name, value);
    }
    builder.body(body).map_err(io::Error::other)
}

/// The error that makes the server close a connection without an answer.
fn closed_on_purpose() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionAborted, "closed by a fault")
}
