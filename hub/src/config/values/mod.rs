//! The types a setting may have.

mod database_url;
mod duration;
mod keyring;
mod log;
mod mail;
mod plain;
mod public_url;
mod server_keys;
mod size;
mod upstream;
mod who_creates;

pub use self::{
    database_url::DatabaseUrl,
    log::{LogFilter, LogFormat},
    public_url::PublicUrl,
    server_keys::ServerKeys,
    size::ByteSize,
    upstream::Upstream,
};
