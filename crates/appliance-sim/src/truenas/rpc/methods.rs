//! The methods: who may call them, with how many parameters, and what they do.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::message::Call;
use super::parameters::Parameters;
use super::{login, not_authenticated};
use crate::truenas::appliance::TrueNas;
use crate::truenas::auth::Caller;
use crate::truenas::reply::{EACCES, EBUSY, Refusal};
use crate::truenas::{groups, privileges, reads, system, users};

/// Who may call a method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    Anybody,
    Reader,
    Writer,
}

/// One call at work.
pub(super) struct Context<'a> {
    pub(super) nas: &'a mut TrueNas,
    pub(super) session: u64,
    pub(super) params: Parameters<'a>,
    pub(super) now: Timestamp,
    /// How long the answer is held back.
    pub(super) pause: Duration,
}

impl Context<'_> {
    /// Who calls; methods that anybody may call have to do without.
    pub(super) fn caller(&self) -> Result<Caller, Refusal> {
        let caller = self.nas.sessions.caller(self.session);
        caller.ok_or_else(not_authenticated)
    }
}

type Run = fn(&mut Context<'_>) -> Result<Value, Refusal>;

struct Method {
    name: &'static str,
    access: Access,
    required: &'static [&'static str],
    optional: usize,
    run: Run,
}

const fn method(
    name: &'static str,
    access: Access,
    required: &'static [&'static str],
    optional: usize,
    run: Run,
) -> Method {
    Method {
        name,
        access,
        required,
        optional,
        run,
    }
}

const METHODS: &[Method] = &[
    method("core.ping", Access::Anybody, &[], 0, |_| Ok(json!("pong"))),
    // What a client sets here changes how exceptions are encoded, which only Python can use.
    method("core.set_options", Access::Anybody, &["options"], 0, |_| {
        Ok(Value::Null)
    }),
    method(
        "auth.login",
        Access::Anybody,
        &["username", "password"],
        1,
        login::login,
    ),
    method(
        "auth.login_with_api_key",
        Access::Anybody,
        &["api_key"],
        0,
        login::with_api_key,
    ),
    method(
        "auth.login_with_token",
        Access::Anybody,
        &["token"],
        0,
        login::with_token,
    ),
    method(
        "auth.login_ex",
        Access::Anybody,
        &["login_data"],
        0,
        login::login_ex,
    ),
    method("auth.mechanism_choices", Access::Anybody, &[], 0, |_| {
        Ok(json!(login::MECHANISMS))
    }),
    method("auth.logout", Access::Reader, &[], 0, login::logout),
    method(
        "auth.generate_token",
        Access::Reader,
        &[],
        4,
        login::generate_token,
    ),
    method("auth.me", Access::Reader, &[], 0, |context| {
        let caller = context.caller()?;
        Ok(system::me(context.nas, caller))
    }),
    method("system.info", Access::Reader, &[], 0, |context| {
        Ok(system::info(context.nas))
    }),
    method("system.version", Access::Reader, &[], 0, |context| {
        Ok(system::version(context.nas))
    }),
    method("user.query", Access::Reader, &[], 2, |context| {
        let query = context.params.query(context.nas)?;
        reads::list_users(context.nas, &query, context.now)
    }),
    method("user.get_instance", Access::Reader, &["id"], 1, |context| {
        let id = context.params.row_id()?;
        reads::get_user(context.nas, id, context.now)
            .map_err(|_| Refusal::NoSuchRow(format!("User {id} does not exist")))
    }),
    method("user.create", Access::Writer, &["data"], 0, |context| {
        users::create(context.nas, &context.params.at(0), context.now)
    }),
    method(
        "user.update",
        Access::Writer,
        &["id", "data"],
        0,
        |context| {
            let id = context.params.row_id()?;
            users::update(context.nas, id, &context.params.at(1), context.now)
        },
    ),
    method("user.delete", Access::Writer, &["id"], 1, |context| {
        let (caller, id) = (context.caller()?, context.params.row_id()?);
        users::delete(context.nas, caller, id, &context.params.options(1))
    }),
    method(
        "user.set_password",
        Access::Writer,
        &["data"],
        0,
        |context| users::set_password(context.nas, &context.params.at(0), context.now),
    ),
    method(
        "user.get_user_obj",
        Access::Reader,
        &["get_user_obj"],
        0,
        |context| reads::user_object(context.nas, &context.params.at(0)),
    ),
    method("user.get_next_uid", Access::Reader, &[], 0, |context| {
        Ok(reads::next_uid(context.nas))
    }),
    method("user.shell_choices", Access::Reader, &[], 1, |context| {
        reads::shells(context.nas, &context.params.options(0))
    }),
    method("group.query", Access::Reader, &[], 2, |context| {
        let query = context.params.query(context.nas)?;
        reads::list_groups(context.nas, &query)
    }),
    method(
        "group.get_instance",
        Access::Reader,
        &["id"],
        1,
        |context| {
            let id = context.params.row_id()?;
            reads::get_group(context.nas, id)
                .map_err(|_| Refusal::NoSuchRow(format!("Group {id} does not exist")))
        },
    ),
    method("group.create", Access::Writer, &["data"], 0, |context| {
        groups::create(context.nas, &context.params.at(0))
    }),
    method(
        "group.update",
        Access::Writer,
        &["id", "data"],
        0,
        |context| {
            let id = context.params.row_id()?;
            groups::update(context.nas, id, &context.params.at(1))
        },
    ),
    method("group.delete", Access::Writer, &["id"], 1, |context| {
        let id = context.params.row_id()?;
        groups::delete(context.nas, id, &context.params.options(1))
    }),
    method(
        "group.get_group_obj",
        Access::Reader,
        &["get_group_obj"],
        0,
        |context| reads::group_object(context.nas, &context.params.at(0)),
    ),
    method("group.get_next_gid", Access::Reader, &[], 0, |context| {
        Ok(reads::next_gid(context.nas))
    }),
    method("privilege.query", Access::Reader, &[], 2, |context| {
        let query = context.params.query(context.nas)?;
        privileges::list(context.nas, &query)
    }),
    method(
        "privilege.get_instance",
        Access::Reader,
        &["id"],
        1,
        |context| {
            let id = context.params.row_id()?;
            privileges::get(context.nas, id)
                .map_err(|_| Refusal::NoSuchRow(format!("Privilege {id} does not exist")))
        },
    ),
];

/// How a call ended, and how long its answer is held back.
pub(super) struct Answer {
    pub(super) outcome: Result<Value, Refusal>,
    pub(super) pause: Duration,
}

pub(super) fn carry_out(nas: &mut TrueNas, session: u64, call: &Call, now: Timestamp) -> Answer {
    let mut context = Context {
        nas,
        session,
        params: Parameters(&call.params),
        now,
        pause: Duration::ZERO,
    };
    let outcome = dispatch(&mut context, &call.method);
    Answer {
        outcome,
        pause: context.pause,
    }
}

fn dispatch(context: &mut Context<'_>, name: &str) -> Result<Value, Refusal> {
    let method = METHODS
        .iter()
        .find(|method| method.name == name)
        .ok_or(Refusal::UnknownMethod)?;
    admit(context, method)?;
    count_parameters(method, context.params.0.len())?;
    (method.run)(context)
}

fn admit(context: &mut Context<'_>, method: &Method) -> Result<(), Refusal> {
    if let Ok(caller) = context.caller() {
        return match method.access {
            Access::Writer if !caller.may_write => Err(Refusal::call("Not authorized", EACCES)),
            _ => Ok(()),
        };
    }
    if method.access != Access::Anybody {
        return Err(not_authenticated());
    }
    let sessions = &mut context.nas.sessions;
    let peer = sessions.get(context.session).map(|session| session.peer);
    let allowed =
        peer.is_none_or(|peer| sessions.rate_limit.allows(method.name, peer, context.now));
    if allowed {
        return Ok(());
    }
    context.pause = context.nas.settings.rate_limit_pause;
    Err(Refusal::call("Rate Limit Exceeded", EBUSY))
}

/// A method with too few parameters raises as Python does; one with too many is refused.
fn count_parameters(method: &Method, given: usize) -> Result<(), Refusal> {
    let missing = method.required.get(given..).unwrap_or_default();
    if !missing.is_empty() {
        let names: Vec<String> = missing.iter().map(|name| format!("'{name}'")).collect();
        let plural = if missing.len() == 1 { "" } else { "s" };
        return Err(Refusal::Unhandled {
            exception: "TypeError",
            message: format!(
                "{}() missing {} required positional argument{plural}: {}",
                method.name,
                missing.len(),
                names.join(" and ")
            ),
        });
    }
    let most = method.required.len() + method.optional;
    if given > most {
        let message = format!("Too many arguments (expected {most}, found {given})");
        return Err(Refusal::invalid("", message));
    }
    Ok(())
}
