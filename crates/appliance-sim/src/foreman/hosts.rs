//! Hosts, for the one thing that they do to users: who owns one cannot be deleted.

use serde_json::{Value, json};

use super::appliance::Foreman;
use super::params::Params;
use super::permissions::Caller;
use super::reply::{Answer, Refusal};
use super::state::{Host, State};

pub(super) fn list(foreman: &Foreman, caller: Caller) -> Result<Vec<Value>, Refusal> {
    caller.require("view_hosts")?;
    let hosts = foreman.state.hosts.values();
    Ok(hosts.map(|host| view(&foreman.state, host)).collect())
}

pub(super) fn show(foreman: &Foreman, caller: Caller, id: &str) -> Result<Answer, Refusal> {
    caller.require("view_hosts")?;
    Ok(Answer::ok(view(&foreman.state, find(foreman, id)?)))
}

pub(super) fn create(
    foreman: &mut Foreman,
    caller: Caller,
    body: &Value,
) -> Result<Answer, Refusal> {
    caller.require("create_hosts")?;
    let params = Params::of(body, "host")?;
    let Some(name) = params.present("name") else {
        let errors = vec![("name".to_owned(), "can't be blank".to_owned())];
        return Err(Refusal::Invalid { id: None, errors });
    };
    if foreman.state.hosts.values().any(|host| host.name == name) {
        let errors = vec![("name".to_owned(), "has already been taken".to_owned())];
        return Err(Refusal::Invalid { id: None, errors });
    }
    let host = Host {
        id: foreman.state.next_host_id(),
        name,
        owner_id: params.id("owner_id").unwrap_or(Some(caller.id)),
    };
    let answer = Answer::created(view(&foreman.state, &host));
    foreman.state.hosts.insert(host.id, host);
    Ok(answer)
}

pub(super) fn delete(foreman: &mut Foreman, caller: Caller, id: &str) -> Result<Answer, Refusal> {
    caller.require("destroy_hosts")?;
    let host = find(foreman, id)?.clone();
    foreman.state.hosts.remove(&host.id);
    Ok(Answer::ok(view(&foreman.state, &host)))
}

fn find<'a>(foreman: &'a Foreman, text: &str) -> Result<&'a Host, Refusal> {
    let mut hosts = foreman.state.hosts.values();
    let host = hosts.find(|host| host.id.to_string() == text || host.name == text);
    host.ok_or_else(|| Refusal::not_found("host", text))
}

fn view(state: &State, host: &Host) -> Value {
    let owner = host.owner_id.and_then(|id| state.user(id));
    json!({
        "id": host.id,
        "name": host.name,
        "owner_id": host.owner_id,
        "owner_name": owner.map(|owner| owner.login.as_str()),
        "owner_type": owner.map(|_| "User"),
    })
}
