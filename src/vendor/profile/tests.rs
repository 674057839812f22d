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
fn transports_of_later_releases_are_refused_in_plain_words() {
    for kind in ["jsonrpc-websocket", "jsonrpc-http"] {
        let refused = compile(&ACME.replace("\"rest\"", &format!("\"{kind}\""))).unwrap_err();
        assert!(refused.contains("not in this release"), "{refused}");
    }
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
            "\"name\" is no field of an item: name some of: key",
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
