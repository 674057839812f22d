//! Filters over 10,000 users: what no index answers, what one answers, and both joined by `and`.

use serde_json::Value;

use crate::connection::{Connection, encoded};
use crate::figures::Times;
use crate::support::bridge::Server;
use crate::support::people::user_name;

const USERS: usize = 10_000;
/// Finds one user in ten.
pub const COMPLEX: &str = "(title co \"engin\" and not (emails[type eq \"home\" and value ew \"example\"])) \
     and (name.familyName ew \"7\" or addresses.locality sw \"nowhere\") \
     and meta.created ge \"1969-07-20T00:00:00Z\" and enterprise.department eq \"grid\"";

pub async fn run(rounds: usize) {
    let server = Server::start(USERS);
    let mut connection = Connection::open(server.address()).await;
    let by_name = format!("userName eq \"{}\"", user_name(4_007));
    let questions = [
        ("complex, no index", COMPLEX.to_owned(), USERS / 10),
        ("simple, no index", "title pr".to_owned(), USERS),
        ("by index", by_name.clone(), 1),
        (
            "by index and complex",
            format!("{COMPLEX} and {by_name}"),
            1,
        ),
    ];
    let mut times: Vec<Times> = questions.iter().map(|_| Times::default()).collect();
    for _ in 0..rounds {
        for ((_, filter, finds), times) in questions.iter().zip(&mut times) {
            let path = format!(
                "/Users?attributes=userName&count=10&filter={}",
                encoded(filter)
            );
            let list = times.note(connection.ask("GET", &path, "")).await;
            let list: Value = serde_json::from_str(&list).expect("a list");
            assert_eq!(list["totalResults"], *finds, "{filter}");
        }
    }
    println!("\na page of 10 and the total over {USERS} users, in milliseconds");
    println!(
        "{:>22} {:>8} {:>8} {:>8}",
        "filter", "finds", "median", "95 %"
    );
    for ((name, _, finds), times) in questions.iter().zip(&times) {
        println!(
            "{name:>22} {finds:>8} {:>8.2} {:>8.2}",
            times.median(),
            times.at_most(0.95)
        );
    }
}
