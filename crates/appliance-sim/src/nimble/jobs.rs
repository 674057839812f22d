//! Writes that go on after their answer: 202 with the id of a job that tells how it ended.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::exchange::Request;

use super::{
    appliance::Nimble,
    failure::Failure,
    identifier::{Identifier, Kind, path_identifier},
    success::Success,
};

/// What the writes came to, by the id of their job.
#[derive(Debug, Default)]
pub(super) struct Jobs(BTreeMap<Identifier, Value>);

/// Puts a write off, where the settings ask for it: the answer is 202 and names a job.
pub(super) fn defer(nimble: &mut Nimble, request: &Request, success: Success) -> Success {
    let reads = request.method == "GET" || success.body.get("totalRows").is_some();
    if reads || !nimble.settings.asynchronous_writes {
        return success;
    }
    let jobs = &mut nimble.jobs.0;
    let number = u64::try_from(jobs.len()).unwrap_or_default() + 1;
    let id = Identifier::new(Kind::Job, number);
    let body = json!({
        "messages": [{
            "code": "SM_async_job_id",
            "severity": "info",
            "text": format!("The operation continues as job {id}."),
            "arguments": {"job_id": id.as_str()},
        }],
    });
    jobs.insert(id, success.body);
    Success { status: 202, body }
}

/// Answers below `jobs`.
pub(super) fn answer(
    nimble: &Nimble,
    request: &Request,
    path: &[&str],
) -> Result<Success, Failure> {
    match (request.method.as_str(), path) {
        ("GET", [id]) => {
            let id = path_identifier(id)?;
            let reply = nimble.jobs.0.get(&id).ok_or_else(Failure::no_such_object)?;
            let job = json!({
                "id": id.as_str(),
                "name": format!("job-{id}"),
                "state": "done",
                "result": "succeeded",
                "object_id": reply.pointer("/data/id"),
                "response": reply.to_string(),
            });
            Success::data(200, job)
        }
        (_, [_]) => Err(Failure::no_such_method()),
        _ => Err(Failure::no_such_path()),
    }
}
