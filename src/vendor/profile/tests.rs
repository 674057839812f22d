use crate::scim::ResourceKind;

use super::Profile;

fn compile(text: &str) -> Result<Profile, String> {
    Profile::compile("acme.toml", text, &toml::Table::new()).map_err(|errors| errors.to_string())
}

fn builtin(vendor: &str) -> &'static str {
    Profile::builtin(vendor).unwrap()
}

/// A complete profile of a vendor that does not exist.
const ACME: &str = r#"
vendor = "acme"
title = "Acme OS 5"
[transport]
kind = "rest"
base_path = "/api"
[auth]
schemes = ["basic"]
[user]
key = "login"
[user.find]
request = { method = "GET", path = "/users", query = { login = "{{ key }}" } }
[user.create]
request = { method = "POST", path = "/users" }
[user.update]
request = { method = "PUT", path = "/users/{{ id }}" }
[user.fields]
login = { from = ["userName"] }
mail = { from = ["emails.value"] }
"#;

#[test]
fn the_tests_of_every_built_in_profile_pass() {
    for vendor in Profile::builtin_names() {
        let profile =
            compile(builtin(vendor)).unwrap_or_else(|errors| panic!("{vendor}: {errors}"));
        assert_eq!(profile.vendor, *vendor);
        assert!(profile.test_count() > 10, "{vendor} has hardly any tests");
        let failures: Vec<String> = profile
            .run_tests()
            .iter()
            .map(|failure| format!("{vendor}: {failure}"))
            .collect();
        assert_eq!(failures, Vec::<String>::new());
    }
}

#[test]
fn a_test_that_does_not_hold_is_reported() {
    let text = format!(
        "{ACME}\n[[test]]\nname = 'wrong'\nuser = {{ userName = 'jane' }}\nrequests = [{{ op = 'create', body = {{ login = 'joe' }} }}]"
    );
    let failures = compile(&text).unwrap().run_tests();
    assert_eq!(failures.len(), 1);
    assert!(
        failures[0]
            .to_string()
            .contains("/login: expected \"joe\", got \"jane\""),
        "{}",
        failures[0]
    );
}

#[test]
fn only_named_vendors_have_groups() {
    let has_groups = |vendor: &str| {
        compile(builtin(vendor))
            .unwrap()
            .object(ResourceKind::Group)
            .is_some()
    };
    assert!(has_groups("truenas"));
    assert!(has_groups("fortiauthenticator"));
    assert!(has_groups("foreman"));
    assert!(!has_groups("nimble"));
}

#[test]
fn every_error_is_reported_at_once_with_line_and_remedy() {
    let text = ACME
        .replace("kind = \"rest\"", "kind = \"rset\"")
        .replace("[user.create]", "[user.creaet]")
        .replace("from = [\"userName\"]", "form = [\"userName\"]")
        .replace("emails.value", "emials.value");
    let errors = Profile::compile("acme.toml", &text, &toml::Table::new()).unwrap_err();
    let shown = errors.to_string();
    for expected in [
        "acme.toml:5:9: transport.kind: \"rset\" is not known here; did you mean \"rest\"?",
        "user.creaet: the key is unknown; did you mean \"create\"?",
        "user.create: the key is missing; add it: creates an object",
        "acme.toml:18:11: user.fields.login.form: the key is unknown; did you mean \"from\"?",
        "acme.toml:19:19: user.fields.mail.from: \"emials.value\" names no attribute of a User",
    ] {
        assert!(shown.contains(expected), "{expected}\nnot in\n{shown}");
    }
}

#[test]
fn what_is_no_toml_is_reported_with_its_line() {
    let errors = Profile::compile("acme.toml", "vendor = \"x\"\ntitle = ", &toml::Table::new());
    let shown = errors.unwrap_err().to_string();
    assert!(shown.starts_with("acme.toml:2:"), "{shown}");
}

#[test]
fn mistakes_of_meaning_are_refused() {
    for (from, to, expected) in [
        (
            "key = \"login\"",
            "key = \"name\"",
            "no row with a value for the key",
        ),
        (
            "[\"userName\"] }",
            "[\"userName\"], template = 'x' }",
            "more than one source",
        ),
        (
            "[\"userName\"] }",
            "[\"userName\"], pattern = '(' }",
            "no regular expression",
        ),
        (
            "[\"userName\"] }",
            "[\"userName\"], when = 'active eq' }",
            "active eq",
        ),
        (
            "[\"userName\"] }",
            "[\"userName\"], secret = true }",
            "a secret has no source",
        ),
        (
            "[\"userName\"] }",
            "[\"userName\"], with = ['x'] }",
            "travels with \"x\"",
        ),
        (
            "from = [\"emails.value\"]",
            "template = '{{ user.title'",
            "does not compile",
        ),
        (
            "from = [\"emails.value\"]",
            "template = '{{ usr.title }}'",
            "\"usr\" is no variable",
        ),
        (
            "schemes = [\"basic\"]",
            "schemes = []",
            "no way to authenticate",
        ),
        (
            "schemes = [\"basic\"]",
            "schemes = [\"session\"]",
            "needs a login",
        ),
        (
            "key = \"login\"",
            "key = \"login\"\nstate = { field = \"mail\" }",
            "is the state field",
        ),
        (
            "login = \"{{ key }}\"",
            "login = \"x {{ key }}\"",
            "unquoted",
        ),
        (
            "base_path = \"/api\"",
            "base_path = \"/api/\"",
            "no base path",
        ),
        ("vendor = \"acme\"", "vendor = 1", "type integer"),
        (
            "from = [\"emails.value\"]",
            "value = 'x', one_of = ['y']",
            "is none of y",
        ),
        (
            "from = [\"emails.value\"]",
            "choose = [{ group = 'g', value = 'x' }], max_length = 0",
            "longer than 0",
        ),
        (
            "from = [\"emails.value\"]",
            "choose = [{ group = 'g', role = 'r', value = 'x' }]",
            "one condition",
        ),
    ] {
        let refused = compile(&ACME.replace(from, to)).unwrap_err();
        assert!(refused.contains(expected), "{to}: {refused}");
    }
}

#[test]
fn mistakes_in_mechanisms_are_refused() {
    let list = "list = { request = { method = 'GET', path = '/users/{{ id }}/keys' } }";
    let add = "add = { method = 'POST', path = '/users/{{ id }}/keys' }";
    let remove = "remove = { method = 'DELETE', path = '/users/{{ id }}/keys/{{ item_id }}' }";
    let item = "item = { pattern = '^(?<key>ssh-.+)$' }";
    let collection = |lines: &[&str]| format!("[user.collection.keys]\n{}\n", lines.join("\n"));
    let sound = collection(&["from = ['entitlements.value']", item, list, add, remove]);
    assert_eq!(compile(&format!("{ACME}{sound}")).map(|_| ()), Ok(()));
    for (more, expected) in [
        (
            "[user.delete]\nrequest = { method = 'DELETE', path = '/users/' }".to_owned(),
            "take away everything below it; end the path in the placeholder",
        ),
        (
            sound.replace("/keys/{{ item_id }}", "/keys/"),
            "take away everything below it",
        ),
        (
            collection(&["item = { pattern = 'ssh-.+' }", list, add, remove]),
            "no named group",
        ),
        (collection(&[list, add, remove]), "keys.item: the key is missing"),
        (
            collection(&["choose = [{ group = 'g', value = 'x' }]", item, list, add, remove]),
            "\"x\" does not match",
        ),
        (
            collection(&["value = { kee = 'ssh-1' }", item, list, add, remove]),
            "names \"kee\", and an item has key",
        ),
        (
            collection(&["same = ['name']", item, list, add, remove]),
            "\"name\" is no field of an item; name some of: key",
        ),
        (
            collection(&["from = ['entitlement.value']", item, list, add, remove]),
            "names no attribute of a User",
        ),
        (
            "[user.disable]\nfallback = [{ method = 'PUT', path = '/users/{{ id }}' }]".to_owned(),
            "nothing shows when the fallback is needed",
        ),
        (
            "[user.enable]\nconfirm = 'reply'\nfallback = [{ method = 'PUT', path = '/users/{{ id }}', fields = ['rolls'] }]".to_owned(),
            "\"rolls\" is no field of the table",
        ),
        (
            "[user.disable]\nconfirm = 'raed'".to_owned(),
            "did you mean \"read\"",
        ),
        (
            "[user.revoke]\nlist = { request = { method = 'GET', path = '/tokens' } }\nremove = { method = 'DELETE', path = '/tokens/{{ item_id }}' }".to_owned(),
            "user.revoke.owner: the key is missing",
        ),
    ] {
        let refused = compile(&format!("{ACME}{more}\n")).unwrap_err();
        assert!(refused.contains(expected), "{more}: {refused}");
    }
    let roles = "reference = { request = { method = 'GET', path = '/roles', query = { q = '{{ name }}' } }, match = '/name' }";
    for (row, expected) in [
        (
            format!("role = {{ value = 7, {roles} }}"),
            "is an id, and role takes names",
        ),
        (
            "role = { choose = [{ group = 'g', value = 'x' }], pick = 'least' }".to_owned(),
            "nothing says which value is the least",
        ),
        (
            "role = { choose = [{ group = 'g', value = 'x' }], pick = 'all' }".to_owned(),
            "all values together are a list",
        ),
        (
            "pw = { secret = true, generate = { length = 20 }, omit_when = { key_only = true } }"
                .to_owned(),
            "omitted by \"key_only\", which is no field",
        ),
    ] {
        let refused = compile(&format!("{ACME}{row}\n")).unwrap_err();
        assert!(refused.contains(expected), "{row}: {refused}");
    }
    let needs = ACME.replace(
        "key = \"login\"",
        "key = \"login\"\nstate = { field = \"on\", needs = [\"role\"] }",
    );
    let refused = compile(&needs).unwrap_err();
    assert!(
        refused.contains("\"role\" is no field of the table"),
        "{refused}"
    );
}

#[test]
fn an_override_with_another_source_takes_the_default_with_it() {
    let row = "role = { choose = [], default = 'guest' }\n";
    let text = format!(
        "{ACME}{row}[[test]]\nname = 'x'\noverrides = {{ user = {{ fields = {{ role = {{ choose = [{{ group = 'g', value = 'op' }}] }} }} }} }}\n\
         user = {{ userName = 'jane' }}\nfields = {{ login = 'jane' }}"
    );
    assert_eq!(compile(&text).unwrap().run_tests(), []);
}

#[test]
fn an_appliance_overrides_single_rows_and_the_digest_follows() {
    let overrides: toml::Table = "[user.fields.mail]\nvalue = 'it@corp.example'"
        .parse()
        .unwrap();
    let plain = compile(ACME).unwrap();
    let changed = Profile::compile("acme.toml", ACME, &overrides).unwrap();
    assert_ne!(plain.digest(), changed.digest());
    assert_eq!(
        plain.digest(),
        compile(&format!("# why\n{ACME}")).unwrap().digest()
    );

    let wrong: toml::Table = "[user.fields.mail]\nvaleu = 'x'".parse().unwrap();
    let refused = Profile::compile("acme.toml", ACME, &wrong).unwrap_err();
    assert_eq!(
        refused.0[0].to_string(),
        "the appliance's overrides of acme.toml: user.fields.mail.valeu: the key is unknown; did you mean \"value\"?; correct or remove it"
    );
}

#[test]
fn groups_matter_only_where_a_row_reads_them() {
    assert!(!compile(ACME).unwrap().reads_groups());
    for row in [
        "choose = [{ group = 'Admins', value = 'x' }]",
        "from = ['groups.display']",
        "template = '{{ groups | length }}'",
        "value = 'x', when = 'groups.display eq \"Admins\"'",
    ] {
        let text = format!("{ACME}role = {{ {row} }}\n");
        assert!(compile(&text).unwrap().reads_groups(), "{row}");
    }
    let roles = format!("{ACME}role = {{ choose = [{{ role = 'x', value = 'x' }}] }}\n");
    assert!(!compile(&roles).unwrap().reads_groups());
}

/// The same vendor with an older API and a newer one.
fn acme_with_variants(variants: &str) -> String {
    format!("{ACME}\n{variants}")
}

const NEWER: &str = r#"
[[variant]]
name = "rpc"
probe = { method = "GET", path = "/versions", answer = { status = 200 } }
[variant.with.transport]
kind = "jsonrpc-http"
path = "/rpc"
[variant.with.user.find]
request = { call = "find", params = ["{{ key }}"] }
[variant.with.user.create]
request = { call = "create", params = ["{{ fields }}"] }
[variant.with.user.update]
request = { call = "update", params = ["{{ id }}", "{{ fields }}"] }
[[variant]]
name = "old"
before = "5.1"
[variant.with.user.fields]
login = { max_length = 8 }
[[variant]]
name = "rest"
"#;

#[test]
fn a_variant_is_the_profile_with_its_own_laid_over_it() {
    let profile = compile(&acme_with_variants(NEWER)).unwrap();
    let names: Vec<&str> = profile
        .variants()
        .iter()
        .map(|variant| variant.name.as_str())
        .collect();
    assert_eq!(names, ["rpc", "old", "rest"]);
    assert_eq!(profile.variant(), Some("rest"), "the last one is assumed");
    let find = |index: usize| {
        let profile = &profile.variants()[index].profile;
        let object = profile.object(ResourceKind::User).unwrap();
        object.find_request("jane").unwrap()
    };
    assert_eq!(find(0).call.as_deref(), Some("find"));
    assert_eq!(find(0).path, "");
    assert_eq!((find(1).call, find(1).path.as_str()), (None, "/api/users"));
}

#[test]
fn overrides_of_an_appliance_reach_every_variant() {
    let overrides: toml::Table = "[user.fields]\nmail = { from = ['nickName'] }"
        .parse()
        .unwrap();
    let text = acme_with_variants(NEWER);
    let profile = Profile::compile("acme.toml", &text, &overrides).unwrap();
    let document = serde_json::json!({"userName": "jane", "nickName": "jay"});
    for variant in profile.variants() {
        let object = variant.profile.object(ResourceKind::User).unwrap();
        let translated = object.translate(&crate::vendor::Subject {
            id: "1",
            document: document.as_object().unwrap(),
            groups: &[],
            appliance: "test",
        });
        assert_eq!(translated.fields["mail"], "jay", "{}", variant.name);
    }
    assert_ne!(profile.digest(), compile(&text).unwrap().digest());
}

#[test]
fn the_digest_is_of_all_variants() {
    let one = compile(&acme_with_variants(NEWER)).unwrap();
    let other = compile(&acme_with_variants(&NEWER.replace("= 8", "= 9"))).unwrap();
    assert_ne!(one.digest(), other.digest());
}

#[test]
fn tests_run_in_the_variants_that_they_name() {
    let test = |variant: &str, op: &str| {
        let text = format!(
            "{NEWER}\n[[test]]\nname = 't'\n{variant}user = {{ userName = 'jane' }}\nrequests = [{{ op = 'find', {op} }}]"
        );
        compile(&acme_with_variants(&text)).unwrap().run_tests()
    };
    assert_eq!(test("", "path = '/api/users?login=jane'"), []);
    assert_eq!(
        test("variant = 'rpc'\n", "call = 'find', params = ['jane']"),
        []
    );
    let failures = test("variant = ['rpc', 'old']\n", "call = 'find'");
    assert_eq!(failures.len(), 1, "{failures:?}");
    assert_eq!(failures[0].test, "t (old)");
}

#[test]
fn mistakes_in_variants_are_refused_where_they_stand() {
    for (from, to, expected) in [
        (
            "call = \"find\"",
            "call = \"\"",
            "acme.toml:29:20: variant[1].with.user.find.request.call: the method has no name",
        ),
        (
            "[\"{{ fields }}\"]",
            "[]",
            "acme.toml:31:39: variant[1].with.user.create.request.params: the fields of the account have no place",
        ),
        (
            "call = \"find\", params = [\"{{ key }}\"]",
            "method = \"GET\", path = \"/u\"",
            "this transport makes JSON-RPC calls only",
        ),
        (
            "path = \"/rpc\"",
            "",
            "acme.toml:25:15: variant[1].with.transport.path: the key is missing; say where JSON-RPC is spoken",
        ),
        (
            "[variant.with.user.fields]\nlogin = { max_length = 8 }",
            "[variant.with.user.fields]\nlogin = { max_lenght = 8 }",
            "variant[2].with.user.fields.login.max_lenght: the key is unknown; did you mean \"max_length\"",
        ),
        (
            "before = \"5.1\"",
            "before = \"new\"",
            "is no number of a release",
        ),
        (
            "name = \"old\"",
            "name = \"rpc\"",
            "another variant is called \"rpc\" too",
        ),
        ("before = \"5.1\"", "", "no variant after it is ever chosen"),
        ("name = \"old\"", "nane = \"old\"", "did you mean \"name\""),
        (
            "answer = { status = 200 }",
            "answer = { code = 3 }",
            "codes are those of JSON-RPC errors",
        ),
    ] {
        let text = NEWER.replacen(from, to, 1);
        assert_ne!(text, NEWER, "{from}");
        let refused = compile(&acme_with_variants(&text)).unwrap_err();
        assert!(refused.contains(expected), "{expected}\nnot in\n{refused}");
    }
    let test =
        format!("{NEWER}\n[[test]]\nname = 't'\nvariant = 'rcp'\nuser = {{ userName = 'j' }}");
    let refused = compile(&acme_with_variants(&test)).unwrap_err();
    assert!(
        refused
            .contains("test[1].variant: there is no variant \"rcp\"; use one of: rpc, old, rest"),
        "{refused}"
    );
}

#[test]
fn a_test_that_would_never_run_is_refused() {
    let test = |keys: &str| format!("{ACME}\n[[test]]\n{keys}");
    for (text, expected) in [
        (test(""), "test[1].name: the key is missing"),
        (
            test("name = 't'\nvariant = 'rpc'\nuser = { userName = 'j' }"),
            "leave it out: the profile has no [[variant]]",
        ),
        (
            test(&format!(
                "name = 't'\nvariant = []\nuser = {{ userName = 'j' }}\n{NEWER}"
            )),
            "it names no variant",
        ),
    ] {
        let refused = compile(&text).unwrap_err();
        assert!(refused.contains(expected), "{expected}\nnot in\n{refused}");
    }
}

#[test]
fn what_does_not_go_together_in_a_variant_names_it() {
    let text = acme_with_variants(NEWER).replace(
        "[user.fields]",
        "[user.delete]\nrequest = { method = 'DELETE', path = '/users/{{ id }}' }\n[user.fields]",
    );
    let errors = Profile::compile("acme.toml", &text, &toml::Table::new()).unwrap_err();
    assert_eq!(errors.0.len(), 1, "{errors}");
    assert_eq!(errors.0[0].key, "user.delete.request.method");
    assert_eq!(
        errors.0[0].problem,
        "this transport makes JSON-RPC calls only (in the variant \"rpc\")"
    );
}

#[test]
fn what_is_wrong_in_the_common_part_is_told_once() {
    let text = acme_with_variants(NEWER).replace("emails.value", "emials.value");
    let errors = Profile::compile("acme.toml", &text, &toml::Table::new()).unwrap_err();
    assert_eq!(errors.0.len(), 1, "{errors}");
}

#[test]
fn a_call_over_rest_is_refused_with_a_remedy() {
    let text = ACME.replace(
        "method = \"PUT\", path = \"/users/{{ id }}\"",
        "call = \"user.update\", params = [\"{{ id }}\", \"{{ fields }}\"]",
    );
    let refused = compile(&text).unwrap_err();
    assert!(refused.contains("user.update.request.call"), "{refused}");
    assert!(refused.contains("jsonrpc-websocket"), "{refused}");
}

#[test]
fn a_pin_leaves_what_it_names() {
    let profile = || compile(&acme_with_variants(NEWER)).unwrap();
    let pinned = profile().pinned(Some("old"), None).unwrap();
    assert_eq!(pinned.variant(), Some("old"));
    assert_eq!(pinned.variants().len(), 1);
    assert!(pinned.variants()[0].is_unconditional());
    let released = profile().pinned(None, Some("v6")).unwrap();
    assert_eq!(released.variant(), Some("rest"));
    assert_eq!(
        released.variants().len(),
        2,
        "the probe is still to be made"
    );
    assert!(profile().pinned(Some("old"), Some("6.0")).is_err());
}
