-- Keep in step with ../postgres/0001_spine.sql: the same tables and columns, in each database's types.
-- UUIDs and hashes are BLOBs, booleans INTEGERs, JSON and times TEXT (of fixed width, so that they sort).

CREATE TABLE organizations (
    id BLOB PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;

CREATE TABLE users (
    id BLOB PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;

CREATE TABLE sessions (
    hash BLOB PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users ON DELETE CASCADE,
    created_at TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    expires_at TEXT NOT NULL
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE memberships (
    organization BLOB NOT NULL REFERENCES organizations ON DELETE CASCADE,
    user_id BLOB NOT NULL REFERENCES users ON DELETE CASCADE,
    role TEXT NOT NULL,
    joined_at TEXT NOT NULL,
    PRIMARY KEY (organization, user_id)
) STRICT;
CREATE INDEX memberships_by_user ON memberships (user_id);

CREATE TABLE projects (
    id BLOB PRIMARY KEY,
    organization BLOB NOT NULL REFERENCES organizations ON DELETE CASCADE,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    version INTEGER NOT NULL,
    -- Locked first, by raising it, by every change that concerns all environments of the project.
    turn INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (organization, key)
) STRICT;

CREATE TABLE environments (
    id BLOB PRIMARY KEY,
    organization BLOB NOT NULL REFERENCES organizations ON DELETE CASCADE,
    project BLOB NOT NULL REFERENCES projects ON DELETE CASCADE,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    color TEXT NOT NULL,
    production INTEGER NOT NULL,
    position INTEGER NOT NULL,
    version INTEGER NOT NULL,
    epoch TEXT NOT NULL,
    edition INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (project, key)
) STRICT;
CREATE INDEX environments_by_organization ON environments (organization);

CREATE TABLE sdk_keys (
    id BLOB PRIMARY KEY,
    environment BLOB NOT NULL REFERENCES environments ON DELETE CASCADE,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    hash BLOB NOT NULL UNIQUE,
    prefix TEXT NOT NULL,
    token TEXT,
    origins TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT,
    revoked_at TEXT,
    last_used_at TEXT
) STRICT;
CREATE INDEX sdk_keys_by_environment ON sdk_keys (environment);

CREATE TABLE api_tokens (
    id BLOB PRIMARY KEY,
    organization BLOB NOT NULL REFERENCES organizations ON DELETE CASCADE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    hash BLOB NOT NULL UNIQUE,
    prefix TEXT NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT,
    last_used_at TEXT
) STRICT;
CREATE INDEX api_tokens_by_organization ON api_tokens (organization);

CREATE TABLE flags (
    id BLOB PRIMARY KEY,
    project BLOB NOT NULL REFERENCES projects ON DELETE CASCADE,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    -- The name in lower case, which sorting and searching use.
    folded_name TEXT NOT NULL,
    description TEXT NOT NULL,
    type TEXT NOT NULL,
    variations TEXT NOT NULL,
    tags TEXT NOT NULL,
    client_visible INTEGER NOT NULL,
    track INTEGER NOT NULL,
    salt TEXT NOT NULL,
    archived_at TEXT,
    version INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (project, key)
) STRICT;

CREATE TABLE flag_environments (
    flag BLOB NOT NULL REFERENCES flags ON DELETE CASCADE,
    environment BLOB NOT NULL REFERENCES environments ON DELETE CASCADE,
    enabled INTEGER NOT NULL,
    off_variation TEXT,
    prerequisites TEXT NOT NULL,
    targets TEXT NOT NULL,
    rules TEXT NOT NULL,
    fallthrough TEXT NOT NULL,
    rule_count INTEGER NOT NULL,
    target_count INTEGER NOT NULL,
    version INTEGER NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (flag, environment)
) STRICT;
CREATE INDEX flag_environments_by_environment ON flag_environments (environment);

CREATE TABLE segments (
    id BLOB PRIMARY KEY,
    project BLOB NOT NULL REFERENCES projects ON DELETE CASCADE,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    folded_name TEXT NOT NULL,
    description TEXT NOT NULL,
    attribute TEXT NOT NULL,
    included TEXT NOT NULL,
    excluded TEXT NOT NULL,
    condition TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (project, key)
) STRICT;

CREATE TABLE change_log (
    environment BLOB NOT NULL REFERENCES environments ON DELETE CASCADE,
    version INTEGER NOT NULL,
    committed_at_micros INTEGER NOT NULL,
    changes TEXT NOT NULL,
    PRIMARY KEY (environment, version)
) STRICT;

-- Projects, environments and subjects by key, not by reference: an entry outlives what it is about.
CREATE TABLE audit_log (
    id BLOB PRIMARY KEY,
    organization BLOB NOT NULL REFERENCES organizations ON DELETE CASCADE,
    at TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id BLOB,
    actor_name TEXT NOT NULL,
    action TEXT NOT NULL,
    project TEXT,
    environment TEXT,
    subject_kind TEXT NOT NULL,
    subject_key TEXT NOT NULL,
    before TEXT,
    after TEXT,
    comment TEXT
) STRICT;
CREATE INDEX audit_log_by_organization ON audit_log (organization, id);
CREATE INDEX audit_log_by_subject ON audit_log (organization, project, subject_kind, subject_key, id);

CREATE TABLE idempotency_keys (
    scope BLOB NOT NULL,
    key TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    status INTEGER,
    body BLOB,
    created_at TEXT NOT NULL,
    PRIMARY KEY (scope, key)
) STRICT;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

CREATE TABLE setup_codes (
    hash BLOB PRIMARY KEY,
    created_at TEXT NOT NULL
) STRICT;
