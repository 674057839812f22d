//! Local users: fields, rules between fields, states that change by themselves.

use jiff::ToSpan;
use serde_json::{Value, json};

use super::{Appliance, USERS};

#[test]
fn each_field_is_held_to_its_limit() {
    let mut appliance = Appliance::of("classic");
    let target = appliance.user("ann");
    let long = |length: usize| "ä".repeat(length);
    for (field, most) in [
        ("first_name", 30),
        ("last_name", 30),
        ("address", 80),
        ("city", 40),
        ("state", 40),
        ("phone_number", 25),
        ("custom1", 255),
        ("custom2", 255),
        ("custom3", 255),
    ] {
        let (status, _) = appliance.call("PATCH", &target, json!({field: long(most)}));
        assert_eq!(status, 202, "{field}");
        let errors = appliance.errors("PATCH", &target, json!({field: long(most + 1)}));
        let expected = format!(
            "Ensure this value has at most {most} characters (it has {}).",
            most + 1
        );
        assert_eq!(errors, json!({field: [expected]}));
    }
    for (field, good, bad) in [
        ("email", "ann@example.com", "ann"),
        ("country", "GB", "UK"),
        ("country", "CH", "CHE"),
        ("mobile_number", "+46-701234567", "+46701234567"),
        ("mobile_number", "", "070-1234567"),
        ("ftm_act_method", "email", "pigeon"),
        ("token_type", "ftc", "ftx"),
    ] {
        let body = json!({field: good, "email": "ann@example.com"});
        assert_eq!(
            appliance.call("PATCH", &target, body).0,
            202,
            "{field} {good}"
        );
        let errors = appliance.errors("PATCH", &target, json!({field: bad}));
        assert!(errors[field].is_array(), "{field} {bad} {errors}");
    }
    for bad in [
        json!("ann lee"),
        json!("änn"),
        json!(""),
        json!("a".repeat(254)),
        json!(null),
    ] {
        let body = json!({"username": bad, "password": "secret-1"});
        let errors = appliance.errors("POST", USERS, body);
        assert!(errors["username"].is_array(), "{errors}");
    }
    let body = json!({"username": "b.o@b+_-1", "password": "p".repeat(51), "city": long(41)});
    let errors = appliance.errors("POST", USERS, body);
    assert_eq!(
        errors.as_object().unwrap().len(),
        2,
        "all errors at once: {errors}"
    );
    for reason in [json!(8), json!(0)] {
        let (status, _) = appliance.call("PATCH", &target, json!({"reason": reason}));
        assert_eq!(status, 202);
    }
    assert!(appliance.errors("PATCH", &target, json!({"reason": 9}))["reason"].is_array());
}

#[test]
fn fields_that_need_each_other_are_checked_on_the_whole_account() {
    let mut appliance = Appliance::of("classic");
    for (body, field) in [
        (json!({}), "__all__"),
        (json!({"password": "p", "token_auth": true}), "token_type"),
        (
            json!({"password": "p", "token_auth": true, "token_type": "email"}),
            "email",
        ),
        (
            json!({"password": "p", "token_auth": true, "token_type": "sms"}),
            "mobile_number",
        ),
        (
            json!({"email": "a@b.ch", "token_type": "dual"}),
            "mobile_number",
        ),
        (
            json!({"password": "p", "ftm_act_method": "sms"}),
            "mobile_number",
        ),
        (
            json!({"password": "p", "recovery_by_question": true}),
            "recovery_answer",
        ),
        (json!({"email": "a@b.ch", "ftk_only": true}), "ftk_only"),
        (
            json!({"password": "p", "email": "a@b.ch", "ftk_only": true, "token_auth": true,
            "token_type": "ftk"}),
            "__all__",
        ),
    ] {
        let mut body = body;
        body["username"] = json!("ann");
        let errors = appliance.errors("POST", USERS, body.clone());
        assert!(errors[field].is_array(), "{body} {errors}");
    }
    let ann = json!({"username": "ann", "email": "a@b.ch", "token_auth": true, "ftk_only": true,
        "token_type": "ftk"});
    let target = appliance.create("localusers", ann);
    let body = json!({"ftk_only": false, "email": ""});
    assert!(appliance.errors("PATCH", &target, body)["email"].is_array());
    assert_eq!(
        appliance
            .call("PATCH", &target, json!({"ftk_only": false}))
            .0,
        202
    );
    let mails = appliance.get("/_sim/mails");
    assert_eq!(
        mails["mails"][0],
        json!({"to": "a@b.ch", "about": "random password"})
    );
    let body = json!({"token_type": "email"});
    assert_eq!(appliance.call("PATCH", &target, body).0, 202);
    assert!(appliance.errors("PATCH", &target, json!({"email": ""}))["email"].is_array());
}

#[test]
fn expiry_is_an_hour_ahead_at_least_and_switches_the_account_off() {
    let mut appliance = Appliance::of("classic");
    let target = appliance.user("ann");
    for bad in [
        "2026-01-01T00:59:00Z",
        "2026-01-01T02:00:00+02:00",
        "tomorrow",
    ] {
        let errors = appliance.errors("PATCH", &target, json!({"expires_at": bad}));
        assert!(errors["expires_at"].is_array(), "{bad}");
    }
    for good in [
        "2026-01-01T02:00:00",
        "2026-01-01T04:00:00+02:00",
        "2026-01-01T02:00:00Z",
    ] {
        let (status, _) = appliance.call("PATCH", &target, json!({"expires_at": good}));
        assert_eq!(status, 202, "{good}");
        let user = appliance.get(&target);
        assert_eq!(user["expires_at"], "2026-01-01T02:00:00+00:00", "{good}");
    }
    appliance.now += 2.hours();
    let user = appliance.get(&target);
    assert_eq!(
        (&user["active"], &user["reason"]),
        (&json!(false), &json!(3))
    );
    let body = json!({"expires_at": "", "active": true});
    assert_eq!(appliance.call("PATCH", &target, body).0, 202);
    let user = appliance.get(&target);
    assert_eq!(
        (&user["active"], &user["expires_at"]),
        (&json!(true), &Value::Null)
    );
}

#[test]
fn a_lock_out_ends_by_itself() {
    let mut appliance = Appliance::of("classic");
    let target = appliance.user("ann");
    appliance.call("POST", "/_sim/lockout", json!({"username": "ann"}));
    let user = appliance.get(&target);
    assert_eq!(
        (&user["active"], &user["reason"]),
        (&json!(false), &json!(2))
    );
    appliance.now += 60.seconds();
    let user = appliance.get(&target);
    assert_eq!(
        (&user["active"], &user["reason"]),
        (&json!(true), &json!(0))
    );
    appliance.call("PATCH", &target, json!({"active": "false"}));
    appliance.now += 1.hours();
    let user = appliance.get(&target);
    assert_eq!(
        (&user["active"], &user["reason"]),
        (&json!(false), &json!(0))
    );
}

#[test]
fn what_cannot_be_written_is_ignored_and_an_id_is_too_much() {
    let mut appliance = Appliance::of("classic");
    let target = appliance.user("ann");
    let body = json!({"username": "eve", "nickname": "x", "user_groups": ["/api/v1/usergroups/9/"],
        "password": "other-2"});
    assert_eq!(appliance.call("PATCH", &target, body.clone()).0, 202);
    let user = appliance.get(&target);
    assert_eq!(
        (&user["username"], &user["user_groups"]),
        (&json!("ann"), &json!([]))
    );
    let matches = |appliance: &mut Appliance, password: &str| {
        let body = json!({"username": "ann", "password": password});
        appliance.call("POST", "/_sim/password", body).1["matches"].clone()
    };
    assert_eq!(matches(&mut appliance, "secret-1"), true);
    appliance.set(json!({"password_change": "accept"}));
    appliance.call("PATCH", &target, json!({"password": "other-2"}));
    assert_eq!(matches(&mut appliance, "other-2"), true);
    appliance.set(json!({"password_change": "reject", "refuse_rename": true}));
    let errors = appliance.errors("PATCH", &target, body);
    assert!(
        errors["username"].is_array() && errors["password"].is_array(),
        "{errors}"
    );
    let (status, reply) = appliance.call("PATCH", &target, json!({"id": 9}));
    assert_eq!(status, 500);
    assert!(
        reply["error_message"]
            .as_str()
            .unwrap()
            .starts_with("Sorry"),
        "{reply}"
    );
}

#[test]
fn a_create_may_fail_after_the_account_was_made() {
    let mut appliance = Appliance::of("classic");
    appliance.set(json!({"activation_fails": true}));
    let body = json!({"username": "ann", "password": "p", "email": "a@b.ch", "token_auth": true,
        "token_type": "ftm", "ftm_act_method": "email"});
    let text = "Failed to send FortiToken Mobile activation message";
    assert_eq!(
        appliance.call("POST", USERS, body),
        (400, json!({"error": text}))
    );
    assert_eq!(appliance.names("?username=ann"), ["ann"]);
}

#[test]
fn a_recovery_answer_is_verified_and_never_shown() {
    let mut appliance = Appliance::of("classic");
    let target = appliance.create(
        "localusers",
        json!({"username": "ann", "password": "p",
        "recovery_by_question": true, "recovery_question": "Pet?", "recovery_answer": "Rex"}),
    );
    let verify = format!("{target}verifyrecoveryanswer/");
    assert_eq!(
        appliance
            .call("POST", &verify, json!({"recovery_answer": "Rex"}))
            .0,
        202
    );
    assert_eq!(
        appliance
            .call("POST", &verify, json!({"recovery_answer": "Bo"}))
            .0,
        404
    );
    assert!(!appliance.get(&target).to_string().contains("Rex"));
}

#[test]
fn some_firmware_echoes_the_recovery_answer_of_a_create() {
    let ann = json!({"username": "ann", "password": "p", "recovery_by_question": true,
        "recovery_question": "Pet?", "recovery_answer": "Rex"});
    for (release, target) in [("classic", USERS), ("8.0", "/api/v1/localusers")] {
        let mut appliance = Appliance::of(release);
        appliance.set(json!({"echoes_secrets": true}));
        let (_, reply) = appliance.call("POST", target, ann.clone());
        assert!(reply.to_string().contains("Rex"), "{release}: {reply}");
        assert!(!reply.to_string().contains("\"password\""), "{release}");
    }
}
