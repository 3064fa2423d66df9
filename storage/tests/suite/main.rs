//! The storage on both databases: `scripts/postgres cargo test -p peekaboo-storage`.

mod access;
mod audit;
mod commands;
mod conflicts;
mod crashed_requests;
mod crashes;
mod export;
mod feed;
mod grants;
mod harness;
mod idempotency;
mod lists;
mod log;
mod outages;
mod people;
mod references;
mod rollups;
mod schema;
mod structure;
mod targeting;
mod tasks;
mod text;
mod upgrade;
mod usage;
mod versions;
