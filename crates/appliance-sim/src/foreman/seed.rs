//! What a fresh installation holds.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::release::Release;
use super::state::{
    AuthSource, DEFAULT_ROLE, INTERNAL, MANAGER_ROLE, Password, Role, State, Taxonomy,
    TaxonomyKind, Token, User, VIEWER_ROLE,
};
use crate::dummy_hash::letters;
use crate::options::SimulatorOptions;

const ORGANIZATION: i64 = 1;
const LOCATION: i64 = 2;

/// The accounts that the system keeps for itself; they take the first ids.
const HIDDEN: [&str; 3] = [
    "foreman_admin",
    "foreman_api_admin",
    "foreman_console_admin",
];

pub(super) fn install(release: Release, options: &SimulatorOptions) -> State {
    let installed_at = Timestamp::UNIX_EPOCH;
    let mut state = State::new(roles(), auth_sources(), taxonomies(), installed_at);
    for login in HIDDEN {
        let mut user = blank(release, installed_at);
        user.id = state.next_user_id();
        login.clone_into(&mut user.login);
        user.admin = true;
        user.hidden = true;
        user.auth_source_id = Some(2);
        state.put_user(user);
    }
    let admin = admin(release, options, &mut state, installed_at);
    state.put_user(admin);
    state
}

fn admin(release: Release, options: &SimulatorOptions, state: &mut State, now: Timestamp) -> User {
    let mut user = blank(release, now);
    user.id = state.next_user_id();
    options.username.clone_into(&mut user.login);
    user.firstname = Some("Admin".to_owned());
    user.lastname = Some("User".to_owned());
    user.mail = Some("root@localdomain".to_owned());
    user.mail_enabled = false;
    user.admin = true;
    user.auth_source_id = Some(INTERNAL);
    user.password = Some(password(&options.password, 0));
    user.organization_ids = BTreeSet::from([ORGANIZATION]);
    user.location_ids = BTreeSet::from([LOCATION]);
    user.default_organization_id = Some(ORGANIZATION);
    user.default_location_id = Some(LOCATION);
    if let Some(value) = &options.token {
        user.tokens.push(Token {
            id: state.next_token_id(),
            name: "installed".to_owned(),
            value: value.clone(),
            expires_at: None,
            revoked: false,
            last_used_at: None,
            created_at: now,
            updated_at: now,
        });
    }
    user
}

/// A user before anything is known of it.
pub(super) fn blank(release: Release, now: Timestamp) -> User {
    User {
        id: 0,
        login: String::new(),
        firstname: None,
        lastname: None,
        mail: None,
        mail_enabled: release.default_mail_enabled(),
        description: None,
        admin: false,
        disabled: false,
        auth_source_id: None,
        password: None,
        timezone: None,
        locale: None,
        role_ids: BTreeSet::new(),
        location_ids: BTreeSet::new(),
        organization_ids: BTreeSet::new(),
        default_location_id: None,
        default_organization_id: None,
        last_login_on: None,
        created_at: now,
        updated_at: now,
        hidden: false,
        ssh_keys: Vec::new(),
        tokens: Vec::new(),
    }
}

/// A password with something that looks like its hash; `serial` salts it.
pub(super) fn password(clear: &str, serial: u64) -> Password {
    Password {
        clear: clear.to_owned(),
        hash: format!("$2a$09${}", letters(serial, 53)),
    }
}

fn roles() -> Vec<Role> {
    let role = |id, name, description| Role {
        id,
        name,
        description,
    };
    vec![
        role(
            DEFAULT_ROLE,
            "Default role",
            "Role that is automatically assigned to every user",
        ),
        role(MANAGER_ROLE, "Manager", "Everything but changing settings"),
        role(3, "Edit partition tables", "Managing partition tables"),
        role(4, "View hosts", "Seeing hosts"),
        role(5, "Edit hosts", "Managing hosts"),
        role(
            6,
            "Site manager",
            "Managing a site, mostly read-only elsewhere",
        ),
        role(7, "System admin", "Managing users, settings and the like"),
        role(VIEWER_ROLE, "Viewer", "Read-only access to everything"),
        role(9, "Organization admin", "Everything inside an organization"),
    ]
}

fn auth_sources() -> Vec<AuthSource> {
    let source = |id, kind, name, hidden| AuthSource {
        id,
        kind,
        name,
        hidden,
    };
    vec![
        source(INTERNAL, "AuthSourceInternal", "Internal", false),
        source(2, "AuthSourceHidden", "Hidden", true),
        source(3, "AuthSourceExternal", "External", false),
    ]
}

fn taxonomies() -> Vec<Taxonomy> {
    let taxonomy = |id, kind, name| Taxonomy { id, kind, name };
    vec![
        taxonomy(
            ORGANIZATION,
            TaxonomyKind::Organization,
            "Default Organization",
        ),
        taxonomy(LOCATION, TaxonomyKind::Location, "Default Location"),
    ]
}
