//! The vendors' traps: each is sprung on the bridge, which has to get through it. The number is that of
//! the table in docs/vendor-traps.md.

mod foreman;
mod fortiauthenticator;
mod nimble;
mod secrets;
mod table;
mod truenas;

use appliance_sim::{Call, Fault, FaultKind};
use scim_bridge::store::{LinkError, LinkState};
use serde_json::Value;

use crate::support::Site;

/// After one refused login the appliance rests for longer than any test lasts.
const LONG_PAUSE: &str = "retry_delays_seconds = [0.05, 600]";

/// What an appliance refused is tried again soon.
const SOON: &str = "refused_retry_seconds = 0.2";

/// A person of the directory whose account the bridge has made, or could not make.
async fn person(site: &Site, user_name: &str) -> String {
    let id = site.scim.create_user(user_name).await;
    site.settled(&[]).await;
    id
}

/// Waits until an attempt has failed, and says why.
async fn failure(site: &Site, id: &str) -> LinkError {
    site.failure("box", id).await
}

async fn state(site: &Site, id: &str) -> LinkState {
    site.link("box", id).await.link.state
}

/// An answer in place of the appliance's.
fn answer(status: u16, body: &Value) -> Fault {
    let kind = FaultKind::Status {
        status,
        body: match body {
            Value::Null => String::new(),
            body => body.to_string(),
        },
        content_type: "application/json".to_owned(),
    };
    Fault::new(kind)
}

fn lost_reply(method: &str) -> Fault {
    let fault = Fault::new(FaultKind::DropAfterHandling);
    fault.on_method(method).times(1)
}

/// The answer to the next update of an account of TrueNAS is lost, whichever API it comes by.
fn lost_update() -> Fault {
    let fault = Fault::new(FaultKind::DropAfterHandling);
    fault
        .on_path(path("^user\\.update$|/user/id/[0-9]+$"))
        .times(1)
}

fn path(pattern: &str) -> regex::Regex {
    regex::Regex::new(pattern).unwrap()
}

fn count(calls: &[Call], wanted: impl Fn(&Call) -> bool) -> usize {
    calls.iter().filter(|call| wanted(call)).count()
}

/// The keys of a JSON object, in its order.
fn keys(body: &Value) -> Vec<&str> {
    let object = body.as_object();
    let keys = object.into_iter().flat_map(|object| object.keys());
    keys.map(String::as_str).collect()
}

/// The directory has a number for each user, which no standard schema has.
const NUMBER_SCHEMA: &str = "[[directory.default.schema]]\n\
    id = \"urn:example:params:scim:schemas:number:2.0:User\"\n\
    name = \"Number\"\nresource = \"User\"\n\
    [[directory.default.schema.attribute]]\nname = \"number\"\ntype = \"integer\"\n";

const NUMBER: &str = "urn:example:params:scim:schemas:number:2.0:User:number";
