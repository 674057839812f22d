//! The play: what Okta and Entra ID would send.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use reqwest::{Client, Method};
use serde_json::{Value, json};

use super::cast::{Dialect, PEOPLE, Person, TEAMS};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// What the play took.
pub(super) struct Played {
    pub(super) requests: usize,
    pub(super) elapsed: Duration,
}

struct Stage {
    client: Client,
    base_url: String,
    token: String,
    requests: usize,
}

/// Plays the whole piece.
pub(super) async fn perform(base_url: &str, token: &str) -> Result<Played> {
    let started = Instant::now();
    let mut stage = Stage {
        client: Client::builder().no_proxy().build()?,
        base_url: base_url.to_owned(),
        token: token.to_owned(),
        requests: 0,
    };
    let mut people = Vec::new();
    for person in &PEOPLE {
        people.push(stage.hire(person).await?);
    }
    let mut teams = Vec::new();
    for team in &TEAMS {
        let members: Vec<&str> = team
            .members
            .iter()
            .filter_map(|index| people.get(*index).map(String::as_str))
            .collect();
        teams.push(
            stage
                .form_team(team.display_name, &members, team.dialect)
                .await?,
        );
    }
    if let ([jane, mira, idris, .., maya], [_, operators, network, platform]) =
        (people.as_slice(), teams.as_slice())
    {
        stage.marry(jane, "Jane", "Roe", "jane.roe").await?;
        stage
            .rename_in_entra(mira, "Mira Lind", "mira.lind")
            .await?;
        stage.rename_team(platform, "platform-engineering").await?;
        stage.move_between(idris, network, operators).await?;
        stage.leave(maya).await?;
    }
    Ok(Played {
        requests: stage.requests,
        elapsed: started.elapsed(),
    })
}
impl Stage {
    async fn send(&mut self, method: Method, path: &str, body: Option<Value>) -> Result<Value> {
        self.requests += 1;
        let mut request = self
            .client
            .request(method.clone(), format!("{}{path}", self.base_url))
            .bearer_auth(&self.token)
            .header("accept", "application/scim+json");
        if let Some(body) = body {
            request = request
                .header("content-type", "application/scim+json; charset=utf-8")
                .body(body.to_string());
        }
        let response = request.send().await?;
        let status = response.status();
        let text = response.text().await?;
        if !status.is_success() {
            bail!("{method} {path} was answered with {status}: {text}");
        }
        Ok(serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    /// Both look the person up first; then each creates in its own way.
    async fn hire(&mut self, person: &Person) -> Result<String> {
        let user_name = person.user_name();
        let filter = match person.dialect {
            Dialect::Okta => {
                format!("/Users?filter=userName%20eq%20%22{user_name}%22&startIndex=1&count=100")
            }
            Dialect::Entra => format!("/Users?filter=userName+eq+%22{user_name}%22"),
        };
        self.send(Method::GET, &filter, None).await?;
        let body = match person.dialect {
            Dialect::Okta => okta_user(person),
            Dialect::Entra => entra_user(person),
        };
        let created = self.send(Method::POST, "/Users", Some(body)).await?;
        id_of(&created)
    }

    async fn form_team(
        &mut self,
        name: &str,
        members: &[&str],
        dialect: Dialect,
    ) -> Result<String> {
        let body = match dialect {
            Dialect::Okta => json!({"schemas": [GROUP], "displayName": name, "members": []}),
            Dialect::Entra => json!({
                "schemas": [GROUP, "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
                "externalId": format!("demo-{name}"),
                "displayName": name,
                "meta": {"resourceType": "Group"},
            }),
        };
        let created = self.send(Method::POST, "/Groups", Some(body)).await?;
        let id = id_of(&created)?;
        let values: Vec<Value> = members.iter().map(|id| json!({"value": id})).collect();
        let operation = match dialect {
            Dialect::Okta => json!({"op": "add", "path": "members", "value": values}),
            Dialect::Entra => json!({"op": "Add", "path": "members", "value": values}),
        };
        self.patch(&format!("/Groups/{id}"), json!([operation]))
            .await?;
        Ok(id)
    }

    async fn patch(&mut self, path: &str, operations: Value) -> Result<Value> {
        let body = json!({"schemas": [PATCH], "Operations": operations});
        self.send(Method::PATCH, path, Some(body)).await
    }

    /// Okta reads, changes and puts back the whole.
    async fn marry(&mut self, id: &str, given: &str, family: &str, login: &str) -> Result<()> {
        let path = format!("/Users/{id}");
        let mut user = self.send(Method::GET, &path, None).await?;
        let mail = format!("{login}@corp.example");
        if let Some(object) = user.as_object_mut() {
            object.insert("userName".into(), json!(mail));
            object.insert("displayName".into(), json!(format!("{given} {family}")));
            object.insert(
                "name".into(),
                json!({"givenName": given, "familyName": family}),
            );
            object.insert(
                "emails".into(),
                json!([{"primary": true, "type": "work", "value": mail}]),
            );
        }
        self.send(Method::PUT, &path, Some(user)).await?;
        Ok(())
    }

    async fn rename_in_entra(&mut self, id: &str, display: &str, login: &str) -> Result<()> {
        let mail = format!("{login}@corp.example");
        self.patch(
            &format!("/Users/{id}"),
            json!([
                {"op": "Replace", "path": "userName", "value": mail},
                {"op": "Replace", "path": "emails[type eq \"work\"].value", "value": mail},
                {"op": "Replace", "path": "displayName", "value": display},
                {"op": "Replace", "path": "name.familyName", "value": "Lind"},
            ]),
        )
        .await?;
        Ok(())
    }

    async fn rename_team(&mut self, id: &str, name: &str) -> Result<()> {
        self.patch(
            &format!("/Groups/{id}"),
            json!([{"op": "replace", "value": {"id": id, "displayName": name}}]),
        )
        .await?;
        Ok(())
    }

    async fn move_between(&mut self, person: &str, from: &str, to: &str) -> Result<()> {
        self.patch(
            &format!("/Groups/{from}"),
            json!([{"op": "remove", "path": format!("members[value eq \"{person}\"]")}]),
        )
        .await?;
        self.patch(
            &format!("/Groups/{to}"),
            json!([{"op": "Add", "path": "members", "value": [{"value": person}]}]),
        )
        .await?;
        Ok(())
    }

    /// Entra deactivates first, and deletes when the account is gone for good.
    async fn leave(&mut self, id: &str) -> Result<()> {
        let path = format!("/Users/{id}");
        self.patch(
            &path,
            json!([{"op": "Replace", "path": "active", "value": "False"}]),
        )
        .await?;
        self.send(Method::DELETE, &path, None).await?;
        Ok(())
    }
}

fn id_of(created: &Value) -> Result<String> {
    created
        .get("id")
        .and_then(Value::as_str)
        .map(str::to_owned)
        .context("the created resource has no id")
}

fn okta_user(person: &Person) -> Value {
    json!({
        "schemas": [USER],
        "userName": person.user_name(),
        "name": {"givenName": person.given, "familyName": person.family},
        "emails": [{"primary": true, "value": person.user_name(), "type": "work"}],
        "phoneNumbers": [{"value": person.mobile, "type": "mobile"}],
        "addresses": [{"type": "work", "locality": person.city, "country": person.country}],
        "displayName": person.display_name(),
        "title": format!("{} engineer", person.department),
        "locale": "en-US",
        "externalId": format!("00u{}", person.login.replace('.', "")),
        "groups": [],
        "password": "discarded-by-default-1A",
        "active": true,
    })
}

fn entra_user(person: &Person) -> Value {
    json!({
        "schemas": [USER, ENTERPRISE],
        "externalId": person.login,
        "userName": person.user_name(),
        "active": true,
        "displayName": person.display_name(),
        "title": format!("{} engineer", person.department),
        "emails": [{"primary": true, "type": "work", "value": person.user_name()}],
        "phoneNumbers": [{"type": "mobile", "value": person.mobile}],
        "addresses": [{"type": "work", "locality": person.city, "country": person.country}],
        "meta": {"resourceType": "User"},
        "name": {
            "formatted": person.display_name(),
            "familyName": person.family,
            "givenName": person.given,
        },
        "roles": [],
        ENTERPRISE: {"department": person.department},
    })
}
