//! Takes away what a run made, whatever became of it.

use std::time::Duration;

use serde_json::Value;

use super::exchange::{Answer, Request, Server};
use super::file::{Method, TokenUse};
use super::ledger::{Asked, Endpoint, Ledger, Made};
use super::text::segment;

/// How often a throttled request is sent again (RFC 9110 §10.2.3), and the longest wait for it.
const RETRIES: u32 = 3;
const LONGEST_WAIT_SECONDS: u64 = 10;

/// Statuses that say nothing about whether a resource is there.
const SILENT: [u16; 4] = [401, 403, 408, 429];

/// Deletes all that the run made, groups before their members, and looks whether it is gone. The
/// books are kept while it works, so that they are right even if this is dropped half way.
pub(super) async fn clean_up(server: &Server, ledger: &mut Ledger) {
    find_the_unanswered(server, ledger).await;
    for endpoint in [Endpoint::Groups, Endpoint::Users] {
        for index in (0..ledger.made.len()).rev() {
            let Some(made) = ledger.made.get(index).cloned() else {
                continue;
            };
            if made.endpoint == endpoint
                && remove(server, ledger, &made).await
                && let Some(made) = ledger.made.get_mut(index)
            {
                made.gone = true;
            }
        }
    }
}

/// What is still there, or may be; a sentence each.
pub(super) fn left_behind(ledger: &Ledger) -> Vec<String> {
    let there = ledger.made.iter().filter(|made| !made.gone).map(|made| {
        format!(
            "/{}/{} ({}) could not be deleted, or was not seen to be gone; delete it by hand",
            made.endpoint.as_str(),
            made.id,
            made.name
        )
    });
    let unknown = ledger
        .asked
        .iter()
        .filter(|asked| !asked.refused)
        .map(|asked| {
            format!(
                "/{}: {} may have been made, but the server does not say; look for it by hand",
                asked.endpoint.as_str(),
                asked.name
            )
        });
    there.chain(unknown).collect()
}

/// Whether it is gone now.
async fn remove(server: &Server, ledger: &Ledger, made: &Made) -> bool {
    let path = format!("/{}/{}", made.endpoint.as_str(), segment(&made.id));
    // A dialect may have deleted it already; a second time does no harm, and reaches what a server
    // only said to have deleted. What it answers is no proof, so it is asked again.
    let delete = request(Method::Delete, path.clone());
    if send(server, &delete).await.is_err() {
        return false;
    }
    match send(server, &request(Method::Get, path)).await {
        Ok(answer) if answer.is_success() => !answer
            .json()
            .is_some_and(|body| ledger.is_ours(made.endpoint.as_str(), body)),
        Ok(answer) => (400..500).contains(&answer.status) && !SILENT.contains(&answer.status),
        Err(_) => false,
    }
}

/// Looks by name for what was asked for and never confirmed.
async fn find_the_unanswered(server: &Server, ledger: &mut Ledger) {
    let mut index = 0;
    while let Some(asked) = ledger.asked.get(index).cloned() {
        match search(server, &asked).await {
            Some(ids) => {
                ledger.asked.remove(index);
                let known: Vec<String> = ledger.made.iter().map(|made| made.id.clone()).collect();
                ledger
                    .made
                    .extend(
                        ids.into_iter()
                            .filter(|id| !known.contains(id))
                            .map(|id| Made {
                                endpoint: asked.endpoint,
                                id,
                                name: asked.name.clone(),
                                gone: false,
                            }),
                    );
            }
            None => index += 1,
        }
    }
}

/// The ids of what has exactly this name, or nothing if the server did not say. A name carries the
/// word of the run, so that nothing else can have it.
async fn search(server: &Server, asked: &Asked) -> Option<Vec<String>> {
    let attribute = asked.endpoint.name_attribute();
    let filter = segment(&format!("{attribute} eq \"{}\"", asked.name));
    let path = format!("/{}?filter={filter}", asked.endpoint.as_str());
    let answer: Answer = send(server, &request(Method::Get, path)).await.ok()?;
    if !answer.is_success() {
        return None;
    }
    let list = answer.json()?.as_object()?.clone();
    let resources = list.get("Resources").and_then(Value::as_array);
    let ids = resources
        .into_iter()
        .flatten()
        .filter(|resource| {
            resource
                .get(attribute)
                .and_then(Value::as_str)
                .is_some_and(|name| name.to_lowercase() == asked.name.to_lowercase())
        })
        .filter_map(|resource| resource.get("id")?.as_str())
        .filter(|id| !matches!(*id, "" | "." | ".."))
        .map(str::to_owned)
        .collect();
    Some(ids)
}

/// Waits where the server asks for it: what it refuses now would be left behind.
async fn send(server: &Server, request: &Request) -> Result<Answer, String> {
    let mut answer = server.send(request).await?;
    for _ in 0..RETRIES {
        if !matches!(answer.status, 429 | 503) {
            break;
        }
        let asked = answer
            .header("retry-after")
            .and_then(|text| text.parse().ok());
        let seconds = asked.unwrap_or(1).min(LONGEST_WAIT_SECONDS);
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        answer = server.send(request).await?;
    }
    Ok(answer)
}

fn request(method: Method, path: String) -> Request {
    Request {
        method,
        path,
        headers: vec![("Accept".to_owned(), "application/scim+json".to_owned())],
        token: TokenUse::Bearer,
        body: None,
    }
}
