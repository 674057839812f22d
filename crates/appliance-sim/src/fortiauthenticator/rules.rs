//! The rules between the fields of a local user, checked on the whole account after a change.

use super::{form::Errors, local_user::LocalUser};

/// The key of errors that belong to the account as a whole.
const WHOLE: &str = "__all__";

/// Checks an account as it would be; `before` is what a change starts from, none at a create.
pub(super) fn check(before: Option<&LocalUser>, user: &LocalUser, errors: &mut Errors) {
    if before.is_none() && user.password.is_none() && user.text("email").is_empty() {
        errors.add(WHOLE, "Either a password or an e-mail address is needed.");
    }
    tokens(user, errors);
    recovery(before, user, errors);
    let needs_email = matches!(user.token_type.as_deref(), Some("email" | "dual"))
        || user.text("ftm_act_method") == "email"
        || loses_token_only(before, user);
    if needs_email && user.text("email").is_empty() {
        errors.required("email");
    }
    let needs_mobile = matches!(user.token_type.as_deref(), Some("sms" | "dual"))
        || user.text("ftm_act_method") == "sms";
    if needs_mobile && user.text("mobile_number").is_empty() {
        errors.required("mobile_number");
    }
}

/// Whether the token alone no longer suffices: then a random password is mailed.
pub(super) fn loses_token_only(before: Option<&LocalUser>, user: &LocalUser) -> bool {
    before.is_some_and(|before| before.flag("ftk_only")) && !user.flag("ftk_only")
}

fn tokens(user: &LocalUser, errors: &mut Errors) {
    if user.flag("token_auth") && user.token_type.is_none() {
        errors.required("token_type");
    }
    if !user.flag("ftk_only") {
        return;
    }
    if !user.flag("token_auth") {
        errors.add("ftk_only", "FortiToken-only needs token authentication.");
    }
    if !matches!(user.token_type.as_deref(), Some("ftk" | "ftm")) {
        errors.add(
            "ftk_only",
            "FortiToken-only needs a token of type ftk or ftm.",
        );
    }
    if user.password.is_some() {
        errors.add(WHOLE, "FortiToken-only and a password exclude each other.");
    }
}

fn recovery(before: Option<&LocalUser>, user: &LocalUser, errors: &mut Errors) {
    if before.is_some() || !user.flag("recovery_by_question") {
        return;
    }
    for field in ["recovery_question", "recovery_answer"] {
        if user.text(field).is_empty() {
            errors.required(field);
        }
    }
}
