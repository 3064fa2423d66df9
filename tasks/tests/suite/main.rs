//! Background work on both databases: `scripts/postgres cargo test -p peekaboo-tasks`.

mod crashes;
mod deletion;
mod harness;
mod jobs;
mod mail;
mod metrics_document;
mod retention;
mod running;
mod smtp;
