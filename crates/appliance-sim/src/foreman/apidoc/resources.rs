//! The resources, their actions and what these take.

/// Something that can be listed, shown and so on.
pub(super) struct Resource {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) actions: &'static [Action],
}

/// One action, and the paths that lead to it.
pub(super) struct Action {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) routes: &'static [(&'static str, &'static str)],
    pub(super) parameters: &'static [Parameter],
}

/// One parameter; a hash has some of its own.
pub(super) struct Parameter {
    pub(super) name: &'static str,
    /// `string`, `numeric`, `boolean`, `array` or `hash`.
    pub(super) kind: &'static str,
    pub(super) required: bool,
    pub(super) inner: &'static [Parameter],
}

const fn optional(name: &'static str, kind: &'static str) -> Parameter {
    Parameter {
        name,
        kind,
        required: false,
        inner: &[],
    }
}

const fn required(name: &'static str, kind: &'static str) -> Parameter {
    Parameter {
        name,
        kind,
        required: true,
        inner: &[],
    }
}

const fn wrapped(name: &'static str, inner: &'static [Parameter]) -> Parameter {
    Parameter {
        name,
        kind: "hash",
        required: true,
        inner,
    }
}

const fn action(
    name: &'static str,
    title: &'static str,
    routes: &'static [(&'static str, &'static str)],
    parameters: &'static [Parameter],
) -> Action {
    Action {
        name,
        title,
        routes,
        parameters,
    }
}

const LIST: &[Parameter] = &[
    optional("location_id", "numeric"),
    optional("organization_id", "numeric"),
    optional("search", "string"),
    optional("order", "string"),
    optional("page", "numeric"),
    optional("per_page", "string"),
];
const ONE: &[Parameter] = &[
    optional("location_id", "numeric"),
    optional("organization_id", "numeric"),
    required("id", "string"),
];
const OF_USER: &[Parameter] = &[
    required("user_id", "string"),
    optional("search", "string"),
    optional("order", "string"),
    optional("page", "numeric"),
    optional("per_page", "string"),
];
const ONE_OF_USER: &[Parameter] = &[required("id", "numeric"), required("user_id", "string")];

/// The description asks for a mail address, which the model does not.
const NEW_USER: &[Parameter] = &[
    required("login", "string"),
    required("mail", "string"),
    required("auth_source_id", "numeric"),
    optional("firstname", "string"),
    optional("lastname", "string"),
    optional("description", "string"),
    optional("admin", "boolean"),
    optional("disabled", "boolean"),
    optional("password", "string"),
    optional("default_location_id", "numeric"),
    optional("default_organization_id", "numeric"),
    optional("timezone", "string"),
    optional("locale", "string"),
    optional("mail_enabled", "boolean"),
    optional("role_ids", "array"),
    optional("location_ids", "array"),
    optional("organization_ids", "array"),
];
const USER: &[Parameter] = &[
    optional("login", "string"),
    optional("mail", "string"),
    optional("auth_source_id", "numeric"),
    optional("firstname", "string"),
    optional("lastname", "string"),
    optional("description", "string"),
    optional("admin", "boolean"),
    optional("disabled", "boolean"),
    optional("password", "string"),
    optional("current_password", "string"),
    optional("default_location_id", "numeric"),
    optional("default_organization_id", "numeric"),
    optional("timezone", "string"),
    optional("locale", "string"),
    optional("mail_enabled", "boolean"),
    optional("role_ids", "array"),
    optional("location_ids", "array"),
    optional("organization_ids", "array"),
];
const NEW_USERGROUP: &[Parameter] = &[
    required("name", "string"),
    optional("admin", "boolean"),
    optional("user_ids", "array"),
    optional("usergroup_ids", "array"),
    optional("role_ids", "array"),
];
const USERGROUP: &[Parameter] = &[
    optional("name", "string"),
    optional("admin", "boolean"),
    optional("user_ids", "array"),
    optional("usergroup_ids", "array"),
    optional("role_ids", "array"),
];

pub(super) const RESOURCES: &[Resource] = &[
    Resource {
        name: "home",
        title: "Home",
        actions: &[action(
            "status",
            "Show status",
            &[("GET", "/api/status")],
            &[],
        )],
    },
    Resource {
        name: "ping",
        title: "Ping",
        actions: &[action(
            "ping",
            "Show whether the services run",
            &[("GET", "/api/ping")],
            &[],
        )],
    },
    Resource {
        name: "users",
        title: "Users",
        actions: &[
            action(
                "index",
                "List all users",
                &[
                    ("GET", "/api/users"),
                    ("GET", "/api/usergroups/:usergroup_id/users"),
                    ("GET", "/api/roles/:role_id/users"),
                    ("GET", "/api/locations/:location_id/users"),
                    ("GET", "/api/organizations/:organization_id/users"),
                ],
                LIST,
            ),
            action("show", "Show a user", &[("GET", "/api/users/:id")], ONE),
            action(
                "show_current",
                "Show the caller",
                &[("GET", "/api/current_user")],
                &[],
            ),
            action(
                "create",
                "Create a user",
                &[("POST", "/api/users")],
                &[
                    optional("location_id", "numeric"),
                    optional("organization_id", "numeric"),
                    wrapped("user", NEW_USER),
                ],
            ),
            action(
                "update",
                "Update a user",
                &[("PUT", "/api/users/:id")],
                &[
                    optional("location_id", "numeric"),
                    optional("organization_id", "numeric"),
                    required("id", "string"),
                    wrapped("user", USER),
                ],
            ),
            action(
                "destroy",
                "Delete a user",
                &[("DELETE", "/api/users/:id")],
                ONE,
            ),
        ],
    },
    Resource {
        name: "usergroups",
        title: "User groups",
        actions: &[
            action(
                "index",
                "List all user groups",
                &[("GET", "/api/usergroups")],
                LIST,
            ),
            action(
                "show",
                "Show a user group",
                &[("GET", "/api/usergroups/:id")],
                ONE,
            ),
            action(
                "create",
                "Create a user group",
                &[("POST", "/api/usergroups")],
                &[wrapped("usergroup", NEW_USERGROUP)],
            ),
            action(
                "update",
                "Update a user group",
                &[("PUT", "/api/usergroups/:id")],
                &[required("id", "string"), wrapped("usergroup", USERGROUP)],
            ),
            action(
                "destroy",
                "Delete a user group",
                &[("DELETE", "/api/usergroups/:id")],
                ONE,
            ),
        ],
    },
    Resource {
        name: "auth_sources",
        title: "Authentication sources",
        actions: &[action(
            "index",
            "List all authentication sources",
            &[("GET", "/api/auth_sources")],
            LIST,
        )],
    },
    Resource {
        name: "roles",
        title: "Roles",
        actions: &[
            action("index", "List all roles", &[("GET", "/api/roles")], LIST),
            action("show", "Show a role", &[("GET", "/api/roles/:id")], ONE),
        ],
    },
    Resource {
        name: "organizations",
        title: "Organizations",
        actions: &[
            action(
                "index",
                "List all organizations",
                &[("GET", "/api/organizations")],
                LIST,
            ),
            action(
                "show",
                "Show an organization",
                &[("GET", "/api/organizations/:id")],
                ONE,
            ),
        ],
    },
    Resource {
        name: "locations",
        title: "Locations",
        actions: &[
            action(
                "index",
                "List all locations",
                &[("GET", "/api/locations")],
                LIST,
            ),
            action(
                "show",
                "Show a location",
                &[("GET", "/api/locations/:id")],
                ONE,
            ),
        ],
    },
    Resource {
        name: "personal_access_tokens",
        title: "Personal access tokens",
        actions: &[
            action(
                "index",
                "List all tokens of a user",
                &[("GET", "/api/users/:user_id/personal_access_tokens")],
                OF_USER,
            ),
            action(
                "show",
                "Show a token",
                &[("GET", "/api/users/:user_id/personal_access_tokens/:id")],
                ONE_OF_USER,
            ),
            action(
                "create",
                "Create a token",
                &[("POST", "/api/users/:user_id/personal_access_tokens")],
                &[
                    required("user_id", "string"),
                    wrapped(
                        "personal_access_token",
                        &[required("name", "string"), optional("expires_at", "string")],
                    ),
                ],
            ),
            action(
                "destroy",
                "Revoke a token",
                &[("DELETE", "/api/users/:user_id/personal_access_tokens/:id")],
                ONE_OF_USER,
            ),
        ],
    },
    Resource {
        name: "ssh_keys",
        title: "SSH keys",
        actions: &[
            action(
                "index",
                "List all keys of a user",
                &[("GET", "/api/users/:user_id/ssh_keys")],
                OF_USER,
            ),
            action(
                "show",
                "Show a key",
                &[("GET", "/api/users/:user_id/ssh_keys/:id")],
                ONE_OF_USER,
            ),
            action(
                "create",
                "Add a key",
                &[("POST", "/api/users/:user_id/ssh_keys")],
                &[
                    required("user_id", "string"),
                    wrapped(
                        "ssh_key",
                        &[required("name", "string"), required("key", "string")],
                    ),
                ],
            ),
            action(
                "destroy",
                "Delete a key",
                &[("DELETE", "/api/users/:user_id/ssh_keys/:id")],
                ONE_OF_USER,
            ),
        ],
    },
];
