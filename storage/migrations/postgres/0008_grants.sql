-- Keep in step with ../sqlite/0008_grants.sql: the same tables and columns, in each database's types.

-- Sets of permissions that an organization named. The built-in roles have no rows.
CREATE TABLE roles (
    id UUID PRIMARY KEY,
    organization UUID NOT NULL REFERENCES organizations ON DELETE CASCADE,
    name TEXT NOT NULL,
    -- The name in lower case, which is unique.
    folded_name TEXT COLLATE "C" NOT NULL,
    description TEXT NOT NULL,
    permissions JSONB NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    UNIQUE (organization, folded_name)
);

CREATE TABLE teams (
    id UUID PRIMARY KEY,
    organization UUID NOT NULL REFERENCES organizations ON DELETE CASCADE,
    name TEXT NOT NULL,
    -- The name in lower case, which is unique.
    folded_name TEXT COLLATE "C" NOT NULL,
    description TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    UNIQUE (organization, folded_name)
);

-- Somebody who leaves the organization leaves its teams.
CREATE TABLE team_members (
    team UUID NOT NULL REFERENCES teams ON DELETE CASCADE,
    organization UUID NOT NULL,
    user_id UUID NOT NULL,
    added_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (team, user_id),
    FOREIGN KEY (organization, user_id) REFERENCES memberships ON DELETE CASCADE
);
CREATE INDEX team_members_by_member ON team_members (user_id, organization);

CREATE TABLE service_accounts (
    id UUID PRIMARY KEY,
    organization UUID NOT NULL REFERENCES organizations ON DELETE CASCADE,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX service_accounts_by_organization ON service_accounts (organization, id);

-- A role for a member, a team or a service account, on an environment, a project or, where both are null, everything.
CREATE TABLE grants (
    id UUID PRIMARY KEY,
    organization UUID NOT NULL REFERENCES organizations ON DELETE CASCADE,
    member UUID,
    team UUID REFERENCES teams ON DELETE CASCADE,
    service_account UUID REFERENCES service_accounts ON DELETE CASCADE,
    built_in TEXT,
    role UUID REFERENCES roles,
    project UUID REFERENCES projects ON DELETE CASCADE,
    environment UUID REFERENCES environments ON DELETE CASCADE,
    created_at TIMESTAMPTZ NOT NULL,
    FOREIGN KEY (organization, member) REFERENCES memberships ON DELETE CASCADE,
    CHECK (1 = CASE WHEN member IS NULL THEN 0 ELSE 1 END + CASE WHEN team IS NULL THEN 0 ELSE 1 END
        + CASE WHEN service_account IS NULL THEN 0 ELSE 1 END),
    CHECK ((built_in IS NULL) <> (role IS NULL)),
    CHECK (environment IS NULL OR project IS NOT NULL)
);
CREATE INDEX grants_by_organization ON grants (organization, id);
CREATE INDEX grants_by_member ON grants (member, organization);
CREATE INDEX grants_by_team ON grants (team);
CREATE INDEX grants_by_service_account ON grants (service_account);
CREATE INDEX grants_by_role ON grants (role);
CREATE INDEX grants_by_project ON grants (project);
CREATE INDEX grants_by_environment ON grants (environment);

-- A token belongs to a service account, or to a member: then it has what the member has, at most that role's permissions.
ALTER TABLE api_tokens ADD COLUMN service_account UUID REFERENCES service_accounts ON DELETE CASCADE;
ALTER TABLE api_tokens ADD COLUMN owner UUID REFERENCES users ON DELETE CASCADE;
ALTER TABLE api_tokens ADD COLUMN at_most TEXT;
CREATE INDEX api_tokens_by_service_account ON api_tokens (service_account);
CREATE INDEX api_tokens_by_owner ON api_tokens (owner);

-- What was a role of a member or a token is a grant on the organization. Each token gets a service account of its own.
INSERT INTO service_accounts (id, organization, name, description, version, created_at, updated_at)
    SELECT id, organization, name, '', 1, created_at, created_at FROM api_tokens;
UPDATE api_tokens SET service_account = id;
INSERT INTO grants (id, organization, service_account, built_in, created_at)
    SELECT id, organization, id, role, created_at FROM api_tokens;
INSERT INTO grants (id, organization, member, built_in, created_at)
    SELECT gen_random_uuid(), organization, user_id, role, joined_at FROM memberships;
ALTER TABLE api_tokens DROP COLUMN role;
ALTER TABLE memberships DROP COLUMN role;
