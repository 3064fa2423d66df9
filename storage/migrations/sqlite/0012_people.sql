-- Keep in step with ../postgres/0012_people.sql: the same tables and columns, in each database's types.

-- What people do to enter an organization. A row goes when its invitation is accepted or revoked.
CREATE TABLE invitations (
    id BLOB PRIMARY KEY,
    organization BLOB NOT NULL REFERENCES organizations ON DELETE CASCADE,
    -- In lower case. An address has one invitation at a time.
    email TEXT NOT NULL,
    role TEXT NOT NULL,
    hash BLOB NOT NULL UNIQUE,
    -- Whether the link was only mailed: whoever has it can then read that mailbox.
    mailed INTEGER NOT NULL,
    -- Who gives the role, and must still be able to when it is accepted.
    inviter_kind TEXT NOT NULL,
    inviter_id BLOB,
    inviter_name TEXT NOT NULL,
    created_at TEXT NOT NULL,
    sent_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    UNIQUE (organization, email)
) STRICT;
CREATE INDEX invitations_by_expiry ON invitations (expires_at);

-- When a member last used the organization, to some minutes. Of each organization its own: none learns what its members
-- do in others.
ALTER TABLE memberships ADD COLUMN seen_at TEXT;

-- A person at an identity provider. A password is an identity too and stands in users, empty where there is none.
CREATE TABLE identities (
    id BLOB PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users ON DELETE CASCADE,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (issuer, subject)
) STRICT;
CREATE INDEX identities_by_user ON identities (user_id);

-- The identity that a session was made with; NULL for the password.
ALTER TABLE sessions ADD COLUMN identity BLOB REFERENCES identities ON DELETE CASCADE;
ALTER TABLE sessions ADD COLUMN address TEXT;
ALTER TABLE sessions ADD COLUMN user_agent TEXT;
-- When it ends however much it is used. NULL for one that an older version made.
ALTER TABLE sessions ADD COLUMN ends_at TEXT;

-- When the person last showed that they read mail at their address.
ALTER TABLE users ADD COLUMN email_verified_at TEXT;
ALTER TABLE users ADD COLUMN time_zone TEXT;
-- The name in lower case, which searching uses.
ALTER TABLE users ADD COLUMN folded_name TEXT NOT NULL DEFAULT '';
UPDATE users SET folded_name = lower(name);
-- Runs the hub.
ALTER TABLE users ADD COLUMN is_operator INTEGER NOT NULL DEFAULT FALSE;

-- Links that change an account: of each person and purpose one.
CREATE TABLE account_links (
    user_id BLOB NOT NULL REFERENCES users ON DELETE CASCADE,
    purpose TEXT NOT NULL,
    hash BLOB NOT NULL UNIQUE,
    -- The address that the link confirms: where it was mailed. NULL for one that was not mailed.
    email TEXT,
    clears_second_factor INTEGER NOT NULL,
    expires_at TEXT NOT NULL,
    PRIMARY KEY (user_id, purpose)
) STRICT;
CREATE INDEX account_links_by_expiry ON account_links (expires_at);

CREATE TABLE second_factors (
    user_id BLOB PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    -- Encrypted with the hub's secret key.
    seed BLOB NOT NULL,
    -- NULL until a first code shows that the person's app has the seed.
    confirmed_at TEXT,
    -- The period of the code that was used last: each is used once.
    last_step INTEGER NOT NULL,
    created_at TEXT NOT NULL
) STRICT;

-- Those that are not used yet.
CREATE TABLE recovery_codes (
    user_id BLOB NOT NULL REFERENCES users ON DELETE CASCADE,
    hash BLOB NOT NULL,
    PRIMARY KEY (user_id, hash)
) STRICT;

ALTER TABLE organizations ADD COLUMN requires_second_factor INTEGER NOT NULL DEFAULT FALSE;
-- Since when an operator keeps its members and tokens out. Applications go on.
ALTER TABLE organizations ADD COLUMN suspended_at TEXT;
-- Set when it is deleted: nothing shows it from then on, and its rows go as those of deleted projects do.
ALTER TABLE organizations ADD COLUMN deleted_at TEXT;
CREATE INDEX organizations_by_deletion ON organizations (deleted_at) WHERE deleted_at IS NOT NULL;
