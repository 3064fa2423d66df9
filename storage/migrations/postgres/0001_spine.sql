-- Keep in step with ../sqlite/0001_spine.sql: the same tables and columns, in each database's types.
-- Text that is compared or sorted collates by bytes, as on SQLite, so that lists and cursors agree.

CREATE TABLE organizations (
    id UUID PRIMARY KEY,
    key TEXT COLLATE "C" NOT NULL UNIQUE,
    name TEXT NOT NULL,
    revision BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE users (
    id UUID PRIMARY KEY,
    email TEXT COLLATE "C" NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE sessions (
    hash BYTEA PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users ON DELETE CASCADE,
    created_at TIMESTAMPTZ NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE memberships (
    organization UUID NOT NULL REFERENCES organizations ON DELETE CASCADE,
    user_id UUID NOT NULL REFERENCES users ON DELETE CASCADE,
    role TEXT NOT NULL,
    joined_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organization, user_id)
);
CREATE INDEX memberships_by_user ON memberships (user_id);

CREATE TABLE projects (
    id UUID PRIMARY KEY,
    organization UUID NOT NULL REFERENCES organizations ON DELETE CASCADE,
    key TEXT COLLATE "C" NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    version BIGINT NOT NULL,
    -- Locked first, by raising it, by every change that concerns all environments of the project.
    turn BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    UNIQUE (organization, key)
);

CREATE TABLE environments (
    id UUID PRIMARY KEY,
    organization UUID NOT NULL REFERENCES organizations ON DELETE CASCADE,
    project UUID NOT NULL REFERENCES projects ON DELETE CASCADE,
    key TEXT COLLATE "C" NOT NULL,
    name TEXT NOT NULL,
    color TEXT NOT NULL,
    production BOOLEAN NOT NULL,
    position BIGINT NOT NULL,
    version BIGINT NOT NULL,
    epoch TEXT NOT NULL,
    edition BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    UNIQUE (project, key)
);
CREATE INDEX environments_by_organization ON environments (organization);

CREATE TABLE sdk_keys (
    id UUID PRIMARY KEY,
    environment UUID NOT NULL REFERENCES environments ON DELETE CASCADE,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    hash BYTEA NOT NULL UNIQUE,
    prefix TEXT NOT NULL,
    token TEXT,
    origins JSONB NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ,
    revoked_at TIMESTAMPTZ,
    last_used_at TIMESTAMPTZ
);
CREATE INDEX sdk_keys_by_environment ON sdk_keys (environment);

CREATE TABLE api_tokens (
    id UUID PRIMARY KEY,
    organization UUID NOT NULL REFERENCES organizations ON DELETE CASCADE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    hash BYTEA NOT NULL UNIQUE,
    prefix TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ,
    last_used_at TIMESTAMPTZ
);
CREATE INDEX api_tokens_by_organization ON api_tokens (organization);

CREATE TABLE flags (
    id UUID PRIMARY KEY,
    project UUID NOT NULL REFERENCES projects ON DELETE CASCADE,
    key TEXT COLLATE "C" NOT NULL,
    name TEXT NOT NULL,
    -- The name in lower case, which sorting and searching use.
    folded_name TEXT COLLATE "C" NOT NULL,
    description TEXT NOT NULL,
    type TEXT NOT NULL,
    variations JSONB NOT NULL,
    tags JSONB NOT NULL,
    client_visible BOOLEAN NOT NULL,
    track BOOLEAN NOT NULL,
    salt TEXT NOT NULL,
    archived_at TIMESTAMPTZ,
    version BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    UNIQUE (project, key)
);

CREATE TABLE flag_environments (
    flag UUID NOT NULL REFERENCES flags ON DELETE CASCADE,
    environment UUID NOT NULL REFERENCES environments ON DELETE CASCADE,
    enabled BOOLEAN NOT NULL,
    off_variation TEXT,
    prerequisites JSONB NOT NULL,
    targets JSONB NOT NULL,
    rules JSONB NOT NULL,
    fallthrough JSONB NOT NULL,
    rule_count BIGINT NOT NULL,
    target_count BIGINT NOT NULL,
    version BIGINT NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (flag, environment)
);
CREATE INDEX flag_environments_by_environment ON flag_environments (environment);

CREATE TABLE segments (
    id UUID PRIMARY KEY,
    project UUID NOT NULL REFERENCES projects ON DELETE CASCADE,
    key TEXT COLLATE "C" NOT NULL,
    name TEXT NOT NULL,
    folded_name TEXT COLLATE "C" NOT NULL,
    description TEXT NOT NULL,
    attribute TEXT NOT NULL,
    included JSONB NOT NULL,
    excluded JSONB NOT NULL,
    condition JSONB NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    UNIQUE (project, key)
);

CREATE TABLE change_log (
    environment UUID NOT NULL REFERENCES environments ON DELETE CASCADE,
    version BIGINT NOT NULL,
    committed_at_micros BIGINT NOT NULL,
    changes JSONB NOT NULL,
    PRIMARY KEY (environment, version)
);

-- Projects, environments and subjects by key, not by reference: an entry outlives what it is about.
CREATE TABLE audit_log (
    id UUID PRIMARY KEY,
    organization UUID NOT NULL REFERENCES organizations ON DELETE CASCADE,
    at TIMESTAMPTZ NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id UUID,
    actor_name TEXT NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    project TEXT COLLATE "C",
    environment TEXT COLLATE "C",
    subject_kind TEXT COLLATE "C" NOT NULL,
    subject_key TEXT COLLATE "C" NOT NULL,
    before JSONB,
    after JSONB,
    comment TEXT
);
CREATE INDEX audit_log_by_organization ON audit_log (organization, id);
CREATE INDEX audit_log_by_subject ON audit_log (organization, project, subject_kind, subject_key, id);

CREATE TABLE idempotency_keys (
    scope UUID NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    fingerprint BYTEA NOT NULL,
    status BIGINT,
    body BYTEA,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (scope, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

CREATE TABLE setup_codes (
    hash BYTEA PRIMARY KEY,
    created_at TIMESTAMPTZ NOT NULL
);
