//! Replays a probe over a socket.

use appliance_sim::RunningSimulator;
use futures_util::{SinkExt, StreamExt};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio_tungstenite::{connect_async, tungstenite::Message};

use crate::compare::{Difference, value_differs};
use crate::fragment::Recorded;
use crate::requests::Known;

#[derive(Debug, Deserialize)]
struct Sent {
    message: String,
    save: Option<String>,
}

pub(crate) async fn compare(
    simulator: &RunningSimulator,
    messages: &str,
    recorded: &str,
) -> Vec<Difference> {
    let messages: Vec<Sent> = serde_json::from_str(messages).unwrap();
    let answers = recorded
        .lines()
        .filter_map(|line| line.strip_prefix("  < "));
    let answers: Vec<&str> = answers.collect();
    assert_eq!(answers.len(), messages.len(), "an answer to every message");
    // A refused login takes its time, on which nothing here depends.
    let patience = json!({"failed_login_milliseconds": 0});
    simulator.control().ask("POST", "/_sim/settings", &patience);

    let url = format!("{}/api/current", simulator.url()).replacen("http", "ws", 1);
    let (mut socket, _) = connect_async(url).await.unwrap();
    let (mut known, mut found) = (Known::default(), Vec::new());
    for (number, (sent, answer)) in messages.iter().zip(answers).enumerate() {
        let message = known.fill(&sent.message);
        socket.send(Message::text(message.clone())).await.unwrap();
        let reply = socket.next().await.unwrap().unwrap();
        let reply: Value = serde_json::from_str(reply.to_text().unwrap()).unwrap();
        if let Some(name) = &sent.save {
            known.keep(name, &reply["result"]);
        }
        let Recorded::Json { value, unfinished } = Recorded::read(answer) else {
            panic!("no JSON: {answer}");
        };
        if let Some(what) = differs(&value, unfinished, &reply) {
            found.push(Difference {
                label: format!("{} {}", number + 1, method(&message)),
                aspect: "body",
                what,
            });
        }
    }
    found
}

fn differs(recorded: &Value, unfinished: usize, simulated: &Value) -> Option<String> {
    let is_error = recorded.get("error").is_some();
    value_differs(recorded, unfinished, simulated, is_error, "").or_else(|| {
        let rows = |value: &Value| value.pointer("/error/data/extra").map(complaints);
        let (recorded, simulated) = (rows(recorded), rows(simulated));
        (recorded != simulated).then(|| format!("{recorded:?} and {simulated:?}"))
    })
}

/// Keys and error numbers of complaints, without the words.
fn complaints(extra: &Value) -> Vec<(Value, Value)> {
    let rows = extra.as_array().into_iter().flatten();
    rows.map(|row| (row[0].clone(), row[2].clone())).collect()
}

fn method(message: &str) -> String {
    let message: Value = serde_json::from_str(message).unwrap_or_default();
    let method = message.get("method").and_then(Value::as_str);
    method.unwrap_or("nonsense").to_owned()
}
