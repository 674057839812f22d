//! What an answer means where no row of the profile says anything.

use super::super::class::FailureClass;
use super::super::exchange::{Answer, Operation};

/// `None` if the call succeeded.
pub(super) fn class(operation: Operation, answer: &Answer) -> Option<FailureClass> {
    match answer.code {
        // An error that HTTP already speaks of: a proxy, a login, a limit.
        Some(code) if (200..300).contains(&answer.status) => Some(by_code(operation, code)),
        _ => by_status(operation, answer),
    }
}

fn by_status(operation: Operation, answer: &Answer) -> Option<FailureClass> {
    let class = match answer.status {
        206 => FailureClass::Incomplete,
        200..=299 if answer.unreadable => FailureClass::Protocol,
        200..=299 => return None,
        // Only JSON proves absence, and only where one object was addressed: the 404 of a proxy
        // or of a moved API must not look like a deleted account.
        404 | 410 if answer.unreadable || !addresses_object(operation) => {
            return Some(FailureClass::Protocol);
        }
        404 | 410 => FailureClass::NotFound,
        401 => FailureClass::Unauthenticated,
        403 => FailureClass::Denied,
        409 => FailureClass::Conflict,
        429 => FailureClass::Throttled,
        408 | 500..=599 => FailureClass::Unavailable,
        400..=499 => FailureClass::Invalid,
        _ => FailureClass::Protocol,
    };
    Some(unless_it_acted(operation, class))
}

/// JSON-RPC 2.0 §5.1.
fn by_code(operation: Operation, code: i64) -> FailureClass {
    match code {
        // Not understood, or no such method: certainly nothing was done.
        -32700 | -32600 | -32601 => FailureClass::Protocol,
        -32602 => FailureClass::Invalid,
        // Inside the server, or whatever its implementation means.
        -32603 | -32099..=-32000 => unless_it_acted(operation, FailureClass::Unavailable),
        // The application's own refusals.
        _ => FailureClass::Invalid,
    }
}

/// The appliance may have acted before it failed to say so.
fn unless_it_acted(operation: Operation, class: FailureClass) -> FailureClass {
    let lost = matches!(class, FailureClass::Protocol | FailureClass::Unavailable);
    if lost && operation.writes() {
        FailureClass::Uncertain
    } else {
        class
    }
}

fn addresses_object(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::Read
            | Operation::Update
            | Operation::Rename
            | Operation::Disable
            | Operation::Enable
            | Operation::Delete
            | Operation::ListMembers
            | Operation::AddMember
            | Operation::RemoveMember
            | Operation::ListItems
            | Operation::AddItem
            | Operation::RemoveItem
            | Operation::ListHeld
            | Operation::Revoke
    )
}
