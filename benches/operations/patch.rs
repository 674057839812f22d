//! One member in, one member out, in groups of 10, 1,000 and 10,000.

use serde_json::{Value, json};

use crate::connection::Connection;
use crate::figures::Times;
use crate::support::bridge::Server;
use crate::support::people::user_id;

const SIZES: [usize; 3] = [10, 1_000, 10_000];

struct Measured {
    path: String,
    add: Times,
    remove: Times,
}

pub async fn run(rounds: usize) {
    let server = Server::start(10_001);
    let mut connection = Connection::open(server.address()).await;
    let newcomer = user_id(10_000);
    let members: Vec<String> = (0..10_000).map(user_id).collect();
    let mut groups = Vec::new();
    for size in SIZES {
        groups.push(Measured {
            path: create(&mut connection, &members[..size]).await,
            add: Times::default(),
            remove: Times::default(),
        });
    }
    let add = operation(json!({"op": "add", "path": "members", "value": [{"value": newcomer}]}));
    let one = format!("members[value eq \"{newcomer}\"]");
    let remove = operation(json!({"op": "remove", "path": one}));
    for _ in 0..rounds {
        for group in &mut groups {
            let adding = connection.ask("PATCH", &group.path, &add);
            group.add.note(adding).await;
            let removing = connection.ask("PATCH", &group.path, &remove);
            group.remove.note(removing).await;
        }
    }
    println!("PATCH of one member, in milliseconds (aim: within 1.3 of the smallest group)");
    println!(
        "{:>8} {:>8} {:>9} {:>8} {:>9}",
        "members", "add", "ratio", "remove", "ratio"
    );
    for (size, group) in SIZES.iter().zip(&groups) {
        let (add, remove) = (group.add.median(), group.remove.median());
        let smallest = &groups[0];
        println!(
            "{size:>8} {add:>8.2} {:>9.2} {remove:>8.2} {:>9.2}",
            add / smallest.add.median(),
            remove / smallest.remove.median()
        );
    }
}

async fn create(connection: &mut Connection, members: &[String]) -> String {
    let values: Vec<Value> = members.iter().map(|id| json!({"value": id})).collect();
    let name = format!("group of {}", members.len());
    let body = json!({"displayName": name, "members": values}).to_string();
    let created = connection.ask("POST", "/Groups?attributes=id", &body).await;
    let created: Value = serde_json::from_str(&created).expect("a group");
    format!("/Groups/{}", created["id"].as_str().expect("an id"))
}

fn operation(operation: Value) -> String {
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [operation],
    })
    .to_string()
}
