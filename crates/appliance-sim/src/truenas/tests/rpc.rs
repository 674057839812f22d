//! The contract over JSON-RPC, message by message.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{FANGTOOTH, GOLDEYE, KEY, SCALE, SOCKETS_ONLY, call, content, install, send};
use crate::exchange::{Request, Simulator};
use crate::socket::{Sockets, Turn};
use crate::truenas::TrueNas;

const ALL: [&str; 3] = [FANGTOOTH, GOLDEYE, SOCKETS_ONLY];

/// A session of a simulator, in which time stands still unless it is moved.
struct Conversation {
    nas: TrueNas,
    session: u64,
    now: Timestamp,
}

impl Conversation {
    fn open(release: &str) -> Self {
        Self::from(release, IpAddr::V4(Ipv4Addr::LOCALHOST), false)
    }

    fn from(release: &str, peer: IpAddr, secure: bool) -> Self {
        let mut nas = install(release);
        let now = Timestamp::from_second(1_700_000_000).unwrap();
        let request = upgrade("/api/current", peer, secure, now);
        assert_eq!(nas.handle(&request).status, 101);
        let session = nas.sockets().unwrap().open(&request).number;
        Self { nas, session, now }
    }

    /// As the administrator.
    fn entered(release: &str) -> Self {
        let mut conversation = Self::open(release);
        let reply = conversation.call("auth.login_with_api_key", json!([KEY]));
        assert_eq!(reply["result"], json!(true), "{reply}");
        conversation
    }

    fn send(&mut self, message: &str) -> Turn {
        self.nas.receive(self.session, message, self.now)
    }

    fn turn(&mut self, method: &str, params: Value) -> Turn {
        let message = json!({"jsonrpc": "2.0", "id": 7, "method": method, "params": params});
        self.send(&message.to_string())
    }

    fn call(&mut self, method: &str, params: Value) -> Value {
        let reply = self.turn(method, params).reply.unwrap();
        assert_eq!(
            (&reply["jsonrpc"], &reply["id"]),
            (&json!("2.0"), &json!(7))
        );
        reply
    }

    fn result(&mut self, method: &str, params: Value) -> Value {
        let reply = self.call(method, params);
        assert!(reply.get("error").is_none(), "{reply}");
        reply["result"].clone()
    }

    /// Code, error number and rows of an error.
    fn refused(&mut self, method: &str, params: Value) -> (i64, i64, Value) {
        let reply = self.call(method, params);
        let error = &reply["error"];
        (
            error["code"].as_i64().unwrap_or_else(|| panic!("{reply}")),
            error["data"]["error"].as_i64().unwrap_or_default(),
            error["data"]["extra"].clone(),
        )
    }
}

fn upgrade(path: &str, peer: IpAddr, secure: bool, now: Timestamp) -> Request {
    Request {
        method: "GET".into(),
        path: path.into(),
        query: String::new(),
        headers: vec![("upgrade".into(), "websocket".into())],
        body: Vec::new(),
        now,
        peer,
        secure,
    }
}

fn person(name: &str) -> Value {
    json!({
        "username": name, "full_name": "N", "password": "x", "smb": false, "group_create": true,
    })
}

#[test]
fn the_versions_tell_where_the_sockets_are() {
    for release in ALL {
        let mut nas = install(release);
        let mut get = |path: &str, headers: Vec<(String, String)>| {
            let mut request = upgrade(
                path,
                IpAddr::V4(Ipv4Addr::LOCALHOST),
                true,
                Timestamp::UNIX_EPOCH,
            );
            request.headers = headers;
            let reply = nas.handle(&request);
            (reply.status, content(&reply))
        };
        let (status, versions) = get("/api/versions", Vec::new());
        assert_eq!(status, 200, "without any credentials");
        let newest = versions
            .as_array()
            .unwrap()
            .last()
            .unwrap()
            .as_str()
            .unwrap()
            .to_owned();
        assert!(get("/api/boot_id", Vec::new()).1.is_string());
        let headers = vec![("upgrade".to_owned(), "websocket".to_owned())];
        assert_eq!(get(&format!("/api/{newest}"), headers.clone()).0, 101);
        assert_eq!(get("/api/v1.2.3", headers).0, 404);
        assert_eq!(get("/api/current", Vec::new()).0, 400);
    }
    let (status, _) = call(&mut install(SCALE), "GET", "/user/id/1", &Value::Null);
    assert_eq!(status, 200);
    let request = upgrade(
        "/api/current",
        IpAddr::V4(Ipv4Addr::LOCALHOST),
        true,
        Timestamp::UNIX_EPOCH,
    );
    assert_eq!(install(SCALE).handle(&request).status, 404);
}

#[test]
fn the_newest_release_has_no_rest_api() {
    let mut nas = install(SOCKETS_ONLY);
    let reply = send(&mut nas, None, "GET", "/user", b"");
    assert_eq!(
        (reply.status, content(&reply)),
        (404, json!("404: Not Found"))
    );
}

#[test]
fn what_is_no_call_is_told_by_its_code() {
    let mut open = Conversation::open(GOLDEYE);
    let mut code = |message: &str| {
        let reply = open.send(message).reply.unwrap();
        (reply["error"]["code"].clone(), reply["id"].clone())
    };
    assert_eq!(code("{\"jsonrpc\":"), (json!(-32700), Value::Null));
    assert_eq!(code("[]"), (json!(-32700), Value::Null));
    assert_eq!(code("{\"id\":1}"), (json!(-32600), json!(1)));
    assert_eq!(
        code(r#"{"jsonrpc":"2.0","id":7,"method":"nope.x","params":[]}"#),
        (json!(-32601), json!(7))
    );
    assert_eq!(
        code(r#"{"jsonrpc":"2.0","id":8,"method":"core.ping","params":{}}"#),
        (json!(-32600), json!(8))
    );
    let notification = open.send(r#"{"jsonrpc":"2.0","method":"core.ping"}"#);
    assert_eq!(notification, Turn::default(), "no id, no answer");
}

#[test]
fn nothing_but_health_is_answered_before_a_login() {
    for release in ALL {
        let mut open = Conversation::open(release);
        assert_eq!(open.result("core.ping", json!([])), json!("pong"));
        assert_eq!(
            open.result("core.set_options", json!([{"py_exceptions": true}])),
            Value::Null
        );
        assert_eq!(
            open.refused("user.query", json!([])),
            (-32001, 207, Value::Null)
        );
        assert_eq!(open.refused("nope.nope", json!([])).0, -32601);
        open.result("auth.login", json!(["root", "abcd1234"]));
        open.result("user.query", json!([]));
        assert_eq!(open.result("auth.logout", json!([])), json!(true));
        assert_eq!(open.refused("user.query", json!([])).1, 207);
    }
}

#[test]
fn a_failed_login_is_a_result_and_takes_its_time() {
    let mut open = Conversation::open(GOLDEYE);
    let login = |password: &str| json!([{"mechanism": "PASSWORD_PLAIN", "username": "root", "password": password}]);
    let turn = open.turn("auth.login_ex", login("bad"));
    assert_eq!(
        turn.reply.unwrap()["result"],
        json!({"response_type": "AUTH_ERR"})
    );
    assert!(turn.pause >= Duration::from_secs(1));
    assert_eq!(
        open.result("auth.login", json!(["root", "bad"])),
        json!(false)
    );
    assert_eq!(
        open.result("auth.login_with_api_key", json!(["1-nonsense"])),
        json!(false)
    );

    let turn = open.turn("auth.login_ex", login("abcd1234"));
    assert_eq!(turn.pause, Duration::ZERO);
    let reply = turn.reply.unwrap()["result"].clone();
    assert_eq!(reply["response_type"], "SUCCESS");
    assert_eq!(reply["user_info"]["pw_name"], "root");
    let me = open.result("auth.me", json!([]));
    let roles = me["privilege"]["roles"]["$set"].as_array().unwrap();
    assert!(roles.contains(&json!("FULL_ADMIN")), "{me}");

    let unknown = open.refused("auth.login_ex", json!([{"mechanism": "SORCERY"}]));
    assert_eq!(unknown.0, -32602);
}

#[test]
fn a_key_names_its_owner_and_a_token_opens_one_session() {
    for release in ALL {
        let mut open = Conversation::open(release);
        let login = |name: &str| {
            json!([{"mechanism": "API_KEY_PLAIN", "username": name, "api_key": KEY,
                "login_options": {"user_info": false}}])
        };
        let reply = open.result("auth.login_ex", login("alice"));
        assert_eq!(reply["response_type"], "AUTH_ERR", "the key is root's");
        let reply = open.result("auth.login_ex", login("root"));
        assert_eq!(
            (&reply["response_type"], &reply["user_info"]),
            (&json!("SUCCESS"), &Value::Null)
        );
        let token = open.result("auth.generate_token", json!([]));
        open.result("auth.logout", json!([]));
        assert_eq!(
            open.result("auth.login_with_token", json!([token])),
            json!(true)
        );
        open.result("auth.logout", json!([]));
        assert_eq!(
            open.result("auth.login_with_token", json!([token])),
            json!(false)
        );
    }
}

#[test]
fn a_key_shown_in_the_clear_is_dead_for_good() {
    let far = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7));
    let login = json!([{"mechanism": "API_KEY_PLAIN", "username": "root", "api_key": KEY}]);
    let mut safe = Conversation::from(GOLDEYE, far, true);
    assert_eq!(
        safe.result("auth.login_ex", login.clone())["response_type"],
        "SUCCESS"
    );

    let mut clear = Conversation::from(GOLDEYE, far, false);
    assert_eq!(
        clear.result("auth.login_ex", login.clone())["response_type"],
        "EXPIRED"
    );
    let request = upgrade("/api/current", far, true, clear.now);
    clear.session = clear.nas.open(&request).number;
    assert_eq!(
        clear.result("auth.login_ex", login)["response_type"],
        "EXPIRED"
    );
    let reply = send(
        &mut clear.nas,
        Some(&format!("Bearer {KEY}")),
        "GET",
        "/core/ping",
        b"",
    );
    assert_eq!(reply.status, 401);
}

#[test]
fn strangers_are_limited_to_twenty_calls_of_a_method_in_a_minute() {
    let mut open = Conversation::open(GOLDEYE);
    for _ in 0..20 {
        open.result("auth.login", json!(["root", "bad"]));
    }
    let turn = open.turn("auth.login", json!(["root", "abcd1234"]));
    assert!(turn.pause >= Duration::from_secs(1));
    assert_eq!(turn.reply.unwrap()["error"]["data"]["error"], 16);
    open.result("core.ping", json!([]));
    open.now = open.now.checked_add(SignedDuration::from_secs(61)).unwrap();
    assert_eq!(
        open.result("auth.login", json!(["root", "abcd1234"])),
        json!(true)
    );
    for _ in 0..30 {
        open.result("core.ping", json!([]));
    }
}

#[test]
fn messages_have_a_size() {
    let mut open = Conversation::open(GOLDEYE);
    let padded = |bytes: usize| {
        json!({"jsonrpc": "2.0", "id": 1, "method": "core.ping", "params": [], "x": "x".repeat(bytes)})
            .to_string()
    };
    assert_eq!(open.send(&padded(9_000)).close, Some(1007));
    let mut entered = Conversation::entered(GOLDEYE);
    assert_eq!(entered.send(&padded(9_000)).close, None);
    assert_eq!(entered.send(&padded(70_000)).close, Some(1009));
}

#[test]
fn a_user_lives_and_goes() {
    for release in ALL {
        let mut nas = Conversation::entered(release);
        let user = nas.result("user.create", json!([person("rpc1")]));
        assert_eq!(
            (&user["username"], &user["password"]),
            (&json!("rpc1"), &json!("x"))
        );
        assert_eq!(user.get("webshare").is_some(), release == SOCKETS_ONLY);
        let id = &user["id"];
        let rows = nas.result(
            "user.query",
            json!([[["username", "=", "rpc1"]], {"select": ["id"]}]),
        );
        assert_eq!(rows, json!([{"id": id}]));
        let user = nas.result("user.update", json!([id, {"locked": true}]));
        assert_eq!(
            (&user["locked"], &user["password"]),
            (&json!(true), &Value::Null)
        );
        assert_eq!(
            nas.result("user.get_instance", json!([id]))["locked"],
            json!(true)
        );
        assert_eq!(
            nas.result("user.delete", json!([id, {"delete_group": true}])),
            *id
        );
        assert_eq!(
            nas.refused("user.delete", json!([id])),
            (
                -32602,
                22,
                json!([[null, format!("User {id} does not exist"), 2]])
            )
        );
        let left = nas.result(
            "group.query",
            json!([[["name", "=", "rpc1"]], {"count": true}]),
        );
        assert_eq!(left, json!(0));
    }
}

#[test]
fn a_group_is_answered_with_its_id() {
    for release in ALL {
        let mut nas = Conversation::entered(release);
        let id = nas.result("group.create", json!([{"name": "g1", "smb": false}]));
        assert!(id.is_i64());
        let user = nas.result("user.create", json!([person("rpc1")]));
        let members = json!([id, {"users": [user["id"]]}]);
        assert_eq!(nas.result("group.update", members), id);
        let group = nas.result("group.get_instance", json!([id]));
        assert_eq!(group["users"], json!([user["id"]]));
        assert_eq!(
            nas.result("group.delete", json!([id, {"delete_users": false}])),
            id
        );
        let taken = json!([{"name": "builtin_users", "smb": false}]);
        let (code, number, rows) = nas.refused("group.create", taken);
        assert_eq!((code, number, &rows[0][2]), (-32602, 22, &json!(17)));
        let builtin = nas.refused("group.delete", json!([1, {}]));
        assert_eq!(builtin, (-32001, 13, Value::Null));
    }
}

#[test]
fn complaints_carry_their_own_numbers() {
    let mut nas = Conversation::entered(GOLDEYE);
    nas.result("user.create", json!([person("rpc1")]));
    let (code, number, rows) = nas.refused("user.create", json!([person("rpc1")]));
    assert_eq!((code, number), (-32602, 22));
    assert_eq!(
        (&rows[0][0], &rows[0][2]),
        (&json!("user_create.username"), &json!(17))
    );

    let reply = nas.call("user.create", json!([{"username": "rpc 1", "nope": 1}]));
    let data = &reply["error"]["data"];
    assert_eq!(data["trace"]["class"], "ValidationErrors");
    let keys: Vec<&Value> = data["extra"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row[0])
        .collect();
    assert_eq!(
        keys,
        [
            "user_create.username",
            "user_create.full_name",
            "user_create.nope"
        ]
    );
    assert_eq!(
        nas.refused("user.update", json!([1, {"uid": 5}])).2[0][0],
        "user_update.uid"
    );
    let filter = nas.refused("user.query", json!([[["username", "BAD", "zzz"]]]));
    assert_eq!(filter.2[0][0], "filters");
}

#[test]
fn other_errors_are_call_errors() {
    let mut nas = Conversation::entered(GOLDEYE);
    let mut class = |method: &str, params: Value| {
        let reply = nas.call(method, params);
        assert_eq!(reply["error"]["code"], -32001, "{reply}");
        assert_eq!(reply["error"]["data"]["extra"], Value::Null);
        reply["error"]["data"]["trace"]["class"].clone()
    };
    assert_eq!(class("user.create", json!([])), "TypeError");
    assert_eq!(
        class(
            "user.query",
            json!([[["username", "=", "zzz"]], {"get": true}])
        ),
        "MatchNotFound"
    );
    assert_eq!(
        class("user.get_user_obj", json!([{"username": "zz"}])),
        "KeyError"
    );
    assert_eq!(
        class("user.delete", json!([1, {}])),
        "CallError",
        "one's own account"
    );
    let missing = nas.refused("user.get_instance", json!([9999]));
    assert_eq!(missing.2, json!([[null, "User 9999 does not exist", 2]]));
    let surplus = nas.refused("core.ping", json!([1]));
    assert_eq!(surplus.0, -32602);
}

#[test]
fn some_errors_come_after_the_commit() {
    let empty = |key: &str| {
        let mut body = person("late");
        body[key] = json!("");
        body["password_disabled"] = json!(key == "password");
        json!([body])
    };
    for (release, key) in [(FANGTOOTH, "password"), (SOCKETS_ONLY, "email")] {
        let mut nas = Conversation::entered(release);
        assert_eq!(
            nas.refused("user.create", empty(key)).0,
            -32001,
            "{release}"
        );
        let count = json!([[["username", "=", "late"]], {"count": true}]);
        assert_eq!(nas.result("user.query", count), json!(1));
    }
}

#[test]
fn readers_may_not_write() {
    let mut nas = Conversation::entered(GOLDEYE);
    let readers = json!([[["name", "=", "truenas_readonly_administrators"]], {"get": true}]);
    let readers = nas.result("group.query", readers)["id"].clone();
    let mut reader = person("reader");
    reader["groups"] = json!([readers]);
    nas.result("user.create", json!([reader]));
    nas.result("auth.logout", json!([]));
    nas.result("auth.login", json!(["reader", "x"]));
    nas.result("user.query", json!([]));
    assert_eq!(
        nas.refused("user.create", json!([person("x")])),
        (-32001, 13, Value::Null)
    );
}

#[test]
fn privileges_show_the_groups_behind_the_roles() {
    let mut nas = Conversation::entered(SOCKETS_ONLY);
    let privileges = nas.result("privilege.query", json!([]));
    assert_eq!(privileges[0]["roles"], json!(["FULL_ADMIN"]));
    assert_eq!(privileges[0]["local_groups"][0]["gid"], 544);
    assert_eq!(
        nas.result("privilege.get_instance", json!([1])),
        privileges[0]
    );
    let (status, listed) = call(&mut install(GOLDEYE), "GET", "/privilege", &Value::Null);
    assert_eq!((status, listed.as_array().map(Vec::len)), (200, Some(3)));
}

#[test]
fn a_call_can_be_made_from_outside() {
    let mut nas = install(SOCKETS_ONLY);
    let created = json!({"method": "user.create", "params": [person("rpc1")]}).to_string();
    let reply = content(&send(
        &mut nas,
        None,
        "POST",
        "/_sim/rpc",
        created.as_bytes(),
    ));
    assert_eq!(reply["result"]["username"], "rpc1");
}
