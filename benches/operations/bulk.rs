//! 1,000 creations in one bulk request, beside 1,000 requests on 1 and on 16 connections.

use std::net::SocketAddr;

use serde_json::{Value, json};

use crate::connection::Connection;
use crate::figures::Times;
use crate::support::bridge::Server;
use crate::support::people::document;

const OPERATIONS: u64 = 1_000;

pub async fn run(rounds: usize) {
    let server = Server::start(0);
    let mut connection = Connection::open(server.address()).await;
    let mut next = 0;
    let mut users = || {
        next += OPERATIONS;
        (next - OPERATIONS..next).map(document).collect::<Vec<_>>()
    };
    let (mut bulk, mut one, mut sixteen) = (Times::default(), Times::default(), Times::default());
    for _ in 0..rounds.max(3) {
        let body = request(&users());
        let answer = bulk.note(connection.ask("POST", "/Bulk", &body)).await;
        assert_eq!(answer.matches("\"status\":\"201\"").count(), 1_000);
        one.note(singles(server.address(), users(), 1)).await;
        sixteen.note(singles(server.address(), users(), 16)).await;
    }
    println!("\n1,000 durable creations, in milliseconds");
    println!(
        "{:>18} {:>8} {:>12} {:>9}",
        "", "median", "a second", "to bulk"
    );
    for (name, times) in [
        ("one bulk request", &bulk),
        ("1 connection", &one),
        ("16 connections", &sixteen),
    ] {
        let median = times.median();
        println!(
            "{name:>18} {median:>8.0} {:>12.0} {:>9.2}",
            1_000_000.0 / median,
            median / bulk.median()
        );
    }
}

fn request(users: &[String]) -> String {
    let operations: Vec<Value> = users
        .iter()
        .enumerate()
        .map(|(number, user)| {
            let data: Value = serde_json::from_str(user).expect("a user");
            json!({"method": "POST", "path": "/Users", "bulkId": number.to_string(), "data": data})
        })
        .collect();
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": operations,
    })
    .to_string()
}

async fn singles(address: SocketAddr, users: Vec<String>, connections: usize) {
    let share = users.len().div_ceil(connections);
    let tasks: Vec<_> = users
        .chunks(share)
        .map(|users| {
            let users = users.to_vec();
            tokio::spawn(async move {
                let mut connection = Connection::open(address).await;
                for user in users {
                    connection.ask("POST", "/Users", &user).await;
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("a connection");
    }
}
