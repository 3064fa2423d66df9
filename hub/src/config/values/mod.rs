//! The types a setting may have.

mod database_url;
mod duration;
mod log;
mod mail;
mod origin;
mod plain;
mod server_keys;
mod size;
mod upstream;

pub use self::{
    database_url::DatabaseUrl,
    log::{LogFilter, LogFormat},
    origin::Origin,
    server_keys::ServerKeys,
    size::ByteSize,
    upstream::Upstream,
};
