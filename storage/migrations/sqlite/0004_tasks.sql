-- Keep in step with ../postgres/0004_tasks.sql: the same tables and columns, in each database's types.

-- Work that is due now or later. Whichever node claims a row first does it.
CREATE TABLE tasks (
    id BLOB PRIMARY KEY,
    kind TEXT NOT NULL,
    -- Work of one kind with one key is queued once.
    key TEXT NOT NULL,
    -- The version of the payload's format: a node claims only what it can read.
    format INTEGER NOT NULL,
    payload TEXT NOT NULL,
    -- How far work that commits in chunks has come.
    progress TEXT,
    due_at TEXT NOT NULL,
    -- When a node may claim it: when it is due, when it is retried, or when its lease ends. NULL once it is dead.
    ready_at TEXT,
    -- Names the claim that holds the lease. NULL while nobody does.
    claim BLOB,
    -- Claims since it last got anything done.
    attempts INTEGER NOT NULL,
    -- Set when it is queued again while it runs: it becomes due then, once it is done.
    again_at TEXT,
    last_error TEXT,
    dead_at TEXT,
    created_at TEXT NOT NULL,
    UNIQUE (kind, key)
) STRICT;
CREATE INDEX tasks_by_ready ON tasks (ready_at);
CREATE INDEX tasks_by_death ON tasks (dead_at);
