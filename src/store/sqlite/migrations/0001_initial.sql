-- The first schema. Words stand for enumerations, so that the file can be read with any SQLite
-- shell; keys that compare without regard to case arrive folded and compare as bytes.
--
-- `resource.sequence` is never used twice (AUTOINCREMENT): rows that outlive their resource
-- (links, tombstones) name it by that number.

CREATE TABLE resource (
    sequence         INTEGER PRIMARY KEY AUTOINCREMENT,
    directory        TEXT    NOT NULL,
    kind             TEXT    NOT NULL CHECK (kind IN ('User', 'Group')),
    id               TEXT    NOT NULL,
    version          INTEGER NOT NULL,
    created_ms       INTEGER NOT NULL,
    modified_ms      INTEGER NOT NULL,
    activations      INTEGER NOT NULL DEFAULT 0,
    -- The newest password's version; outlives the sealed password, so that none is used twice.
    password_version INTEGER NOT NULL DEFAULT 0,
    -- How many members were ever added: the next member's place in the order.
    members_added    INTEGER NOT NULL DEFAULT 0,
    name             TEXT,
    display_name     TEXT,
    display          TEXT,
    external_id      TEXT,
    -- Last, because it is long and the columns before it are read without it.
    document         TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX resource_by_id ON resource (directory, id);
CREATE INDEX resource_by_kind ON resource (directory, kind);
CREATE UNIQUE INDEX resource_by_name ON resource (directory, kind, name) WHERE name IS NOT NULL;
CREATE INDEX resource_by_display_name ON resource (directory, kind, display_name)
    WHERE display_name IS NOT NULL;
CREATE INDEX resource_by_external_id ON resource (directory, kind, external_id)
    WHERE external_id IS NOT NULL;

-- `totalResults` of a page costs the same in a directory of a hundred and of a million.
CREATE TABLE resource_count (
    directory TEXT    NOT NULL,
    kind      TEXT    NOT NULL,
    total     INTEGER NOT NULL,
    PRIMARY KEY (directory, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE email (
    resource  INTEGER NOT NULL REFERENCES resource (sequence) ON DELETE CASCADE,
    value     TEXT    NOT NULL,
    directory TEXT    NOT NULL,
    PRIMARY KEY (resource, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX email_by_value ON email (directory, value);

-- Both ends are resources of one directory, which is why the row does not repeat it.
CREATE TABLE member (
    group_sequence  INTEGER NOT NULL REFERENCES resource (sequence) ON DELETE CASCADE,
    member_sequence INTEGER NOT NULL REFERENCES resource (sequence) ON DELETE CASCADE,
    position        INTEGER NOT NULL,
    -- As the client sent it; NULL once the member's own display has changed.
    display         TEXT,
    PRIMARY KEY (group_sequence, member_sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX member_by_member ON member (member_sequence, group_sequence);

-- Member values that no resource answers to yet.
CREATE TABLE parked_member (
    group_sequence INTEGER NOT NULL REFERENCES resource (sequence) ON DELETE CASCADE,
    value          TEXT    NOT NULL,
    folded         TEXT    NOT NULL,
    directory      TEXT    NOT NULL,
    display        TEXT,
    parked_ms      INTEGER NOT NULL,
    PRIMARY KEY (group_sequence, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX parked_member_by_value ON parked_member (directory, value);
CREATE INDEX parked_member_by_folded ON parked_member (directory, folded);
CREATE INDEX parked_member_by_time ON parked_member (parked_ms);

CREATE TABLE appliance (
    name           TEXT    PRIMARY KEY,
    directory      TEXT    NOT NULL,
    -- The kinds of resources it may get, as a JSON array.
    kinds          TEXT    NOT NULL,
    digest         TEXT    NOT NULL,
    detached       INTEGER NOT NULL DEFAULT 0,
    epoch          INTEGER NOT NULL DEFAULT 0,
    lease_owner    TEXT,
    lease_until_ms INTEGER NOT NULL DEFAULT 0,
    breaker        TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE link (
    id                    INTEGER PRIMARY KEY AUTOINCREMENT,
    appliance             TEXT    NOT NULL,
    directory             TEXT    NOT NULL,
    kind                  TEXT    NOT NULL,
    resource_sequence     INTEGER NOT NULL,
    resource_id           TEXT    NOT NULL,
    desired_generation    INTEGER NOT NULL DEFAULT 1,
    applied_generation    INTEGER NOT NULL DEFAULT 0,
    state                 TEXT    NOT NULL DEFAULT 'pending' CHECK (state IN
        ('pending', 'in_flight', 'in_sync', 'waiting', 'held', 'refused', 'purge_waiting')),
    priority              INTEGER NOT NULL,
    attempts              INTEGER NOT NULL DEFAULT 0,
    next_attempt_ms       INTEGER NOT NULL,
    since_ms              INTEGER NOT NULL,
    -- Of a link in flight: under which lease.
    epoch                 INTEGER NOT NULL DEFAULT 0,
    -- Of a waiting link: the key it waits for.
    wait_namespace        TEXT,
    wait_key              TEXT,
    -- Progress.
    remote_id             TEXT,
    account_key           TEXT,
    applied               TEXT    NOT NULL DEFAULT '{}',
    account_state         TEXT    NOT NULL DEFAULT 'absent',
    ownership             TEXT    NOT NULL DEFAULT 'none',
    intent                TEXT,
    uncertain             INTEGER NOT NULL DEFAULT 0,
    disabling             INTEGER NOT NULL DEFAULT 0,
    guard_hold            TEXT,
    password_version      INTEGER,
    applied_activations   INTEGER NOT NULL DEFAULT 0,
    notes                 TEXT    NOT NULL DEFAULT '[]',
    -- The account as the links of its groups were last told of it.
    announced_remote_id   TEXT,
    announced_account_key TEXT,
    error_class           TEXT,
    error_message         TEXT,
    error_ms              INTEGER,
    -- The newest SCIM requests that the link carries, as a JSON array.
    request_ids           TEXT    NOT NULL DEFAULT '[]',
    UNIQUE (resource_sequence, appliance)
) STRICT;
CREATE INDEX link_due ON link (appliance, state, priority, next_attempt_ms);
CREATE INDEX link_by_wanted_key ON link (appliance, wait_namespace, wait_key)
    WHERE wait_key IS NOT NULL;
CREATE INDEX link_with_account ON link (appliance) WHERE remote_id IS NOT NULL;

-- What is left of a deleted resource while links remain.
CREATE TABLE tombstone (
    sequence    INTEGER PRIMARY KEY,
    directory   TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    id          TEXT    NOT NULL,
    name        TEXT,
    display     TEXT,
    external_id TEXT,
    deleted_ms  INTEGER NOT NULL,
    document    TEXT    NOT NULL
) STRICT;

CREATE TABLE claim (
    appliance TEXT    NOT NULL,
    namespace TEXT    NOT NULL,
    key       TEXT    NOT NULL,
    link      INTEGER NOT NULL REFERENCES link (id) ON DELETE CASCADE,
    PRIMARY KEY (appliance, namespace, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX claim_by_link ON claim (link);

CREATE TABLE sweep (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    appliance  TEXT    NOT NULL,
    directory  TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    mode       TEXT    NOT NULL CHECK (mode IN ('make_due', 'add_missing')),
    cursor     INTEGER NOT NULL DEFAULT 0,
    created_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX sweep_by_appliance ON sweep (appliance, id);

-- Sealed passwords on their way; a row ends with its last target.
CREATE TABLE password (
    resource   INTEGER PRIMARY KEY REFERENCES resource (sequence) ON DELETE CASCADE,
    directory  TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    sealed     BLOB    NOT NULL
) STRICT;
CREATE INDEX password_by_time ON password (created_ms);

CREATE TABLE password_target (
    resource  INTEGER NOT NULL REFERENCES password (resource) ON DELETE CASCADE,
    appliance TEXT    NOT NULL,
    PRIMARY KEY (resource, appliance)
) STRICT, WITHOUT ROWID;

-- What the guard has admitted.
CREATE TABLE guard_entry (
    id          INTEGER PRIMARY KEY,
    appliance   TEXT    NOT NULL,
    destruction TEXT    NOT NULL CHECK (destruction IN ('disable', 'delete')),
    link        INTEGER NOT NULL,
    at_ms       INTEGER NOT NULL,
    -- Whether it has still to happen: the same link is not counted again until then.
    open        INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX guard_entry_by_link ON guard_entry (link);
CREATE INDEX guard_entry_by_window ON guard_entry (appliance, destruction, at_ms);
CREATE INDEX guard_entry_by_time ON guard_entry (at_ms);

-- Who did what to which resource; never values.
CREATE TABLE audit (
    id          INTEGER PRIMARY KEY,
    at_ms       INTEGER NOT NULL,
    actor       TEXT    NOT NULL,
    action      TEXT    NOT NULL,
    directory   TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    resource_id TEXT    NOT NULL,
    request_id  TEXT    NOT NULL
) STRICT;
CREATE INDEX audit_by_time ON audit (at_ms);

-- The history of attempts; outlives its link.
CREATE TABLE attempt (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    link        INTEGER NOT NULL,
    appliance   TEXT    NOT NULL,
    directory   TEXT    NOT NULL,
    resource_id TEXT    NOT NULL,
    generation  INTEGER NOT NULL,
    verdict     TEXT    NOT NULL,
    class       TEXT,
    message     TEXT,
    started_ms  INTEGER NOT NULL,
    duration_ms INTEGER NOT NULL,
    request_ids TEXT    NOT NULL
) STRICT;
CREATE INDEX attempt_by_link ON attempt (link, id);
CREATE INDEX attempt_by_time ON attempt (started_ms);

-- Written and emptied again by the readiness probe.
CREATE TABLE probe (
    id INTEGER PRIMARY KEY
) STRICT;
