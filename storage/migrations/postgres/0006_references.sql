-- Keep in step with ../sqlite/0006_references.sql: the same tables and columns, in each database's types.

-- What the flags of each environment's ruleset refer to. By key on both ends; an archived flag is in no ruleset and has
-- no rows.
CREATE TABLE flag_references (
    environment UUID NOT NULL REFERENCES environments ON DELETE CASCADE,
    flag TEXT COLLATE "C" NOT NULL,
    -- A JSON Pointer into the targeting.
    place TEXT COLLATE "C" NOT NULL,
    -- Of the target: flag or segment.
    kind TEXT COLLATE "C" NOT NULL,
    target TEXT COLLATE "C" NOT NULL,
    -- The target's variations that the flag counts on.
    variations JSONB NOT NULL,
    PRIMARY KEY (environment, flag, place)
);
CREATE INDEX flag_references_by_target ON flag_references (environment, kind, target, flag);

-- The same of segments, which are alike in every environment.
CREATE TABLE segment_references (
    project UUID NOT NULL REFERENCES projects ON DELETE CASCADE,
    segment TEXT COLLATE "C" NOT NULL,
    place TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    target TEXT COLLATE "C" NOT NULL,
    variations JSONB NOT NULL,
    PRIMARY KEY (project, segment, place)
);
CREATE INDEX segment_references_by_target ON segment_references (project, kind, target, segment);

-- The version of the row whose references are recorded. A node of the previous release raises the version and records
-- none, so that a difference shows which rows have to be recorded again.
ALTER TABLE flag_environments ADD COLUMN referenced_version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE segments ADD COLUMN referenced_version BIGINT NOT NULL DEFAULT 0;
-- What surely refers to nothing need not be looked at.
UPDATE flag_environments SET referenced_version = version
    WHERE CAST(prerequisites AS TEXT) = '[]'
    AND CAST(rules AS TEXT) NOT LIKE '%"segment"%' AND CAST(rules AS TEXT) NOT LIKE '%"flag"%';
CREATE INDEX flag_environments_to_record ON flag_environments (environment) WHERE referenced_version <> version;
CREATE INDEX segments_to_record ON segments (project) WHERE referenced_version <> version;

-- Set when a project or environment is deleted: nothing shows it from then on, and a task deletes its rows in chunks, this
-- one last. Its key is then its id, so that the key can be given anew.
ALTER TABLE projects ADD COLUMN deleted_at TIMESTAMPTZ;
ALTER TABLE environments ADD COLUMN deleted_at TIMESTAMPTZ;
CREATE INDEX projects_by_deletion ON projects (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX environments_by_deletion ON environments (deleted_at) WHERE deleted_at IS NOT NULL;

-- Rows of one environment in an order, so that chunks of them are found at once.
DROP INDEX flag_environments_by_environment;
CREATE INDEX flag_environments_by_environment ON flag_environments (environment, flag);

-- An index for each order of the list of flags, and one to count them.
CREATE INDEX flags_active ON flags (project) WHERE archived_at IS NULL;
CREATE INDEX flags_by_name ON flags (project, folded_name, id);
CREATE INDEX flags_by_creation ON flags (project, created_at, id);
CREATE INDEX flags_by_update ON flags (project, updated_at, id);

-- Finds what is older than the audit log's retention.
CREATE INDEX audit_log_by_age ON audit_log (at);
