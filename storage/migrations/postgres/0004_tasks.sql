-- Keep in step with ../sqlite/0004_tasks.sql: the same tables and columns, in each database's types.

-- Work that is due now or later. Whichever node claims a row first does it.
CREATE TABLE tasks (
    id UUID PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL,
    -- Work of one kind with one key is queued once.
    key TEXT COLLATE "C" NOT NULL,
    -- The version of the payload's format: a node claims only what it can read.
    format BIGINT NOT NULL,
    payload JSONB NOT NULL,
    -- How far work that commits in chunks has come.
    progress JSONB,
    due_at TIMESTAMPTZ NOT NULL,
    -- When a node may claim it: when it is due, when it is retried, or when its lease ends. NULL once it is dead.
    ready_at TIMESTAMPTZ,
    -- Names the claim that holds the lease. NULL while nobody does.
    claim UUID,
    -- Claims since it last got anything done.
    attempts BIGINT NOT NULL,
    -- Set when it is queued again while it runs: it becomes due then, once it is done.
    again_at TIMESTAMPTZ,
    last_error TEXT,
    dead_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL,
    UNIQUE (kind, key)
);
CREATE INDEX tasks_by_ready ON tasks (ready_at);
CREATE INDEX tasks_by_death ON tasks (dead_at);
