//! The configuration: one struct of sub-configs, read and checked before anything binds.
//!
//! Flags win over `PEEKABOO_*` variables, those over the TOML file, and that over the defaults.
//! Nothing here opens a socket or a database.

mod check;
mod derived;
mod error;
mod file;
mod hint;
mod loaded;
mod problem;
mod reference;
mod resolver;
mod setting;
mod settings;
mod source;
mod value;
mod values;

pub use self::{
    error::ConfigError,
    loaded::Loaded,
    problem::Problem,
    settings::{
        Config, Dashboard, Data, Database, Edge, Limits, Log, Mail, Metrics, Sdk, Shutdown,
    },
    source::{Given, Source},
    values::{ByteSize, DatabaseUrl, LogFilter, LogFormat, PublicUrl, ServerKeys, Upstream},
};
pub(crate) use self::{
    reference::reference,
    settings::{SECTIONS, SETTINGS},
};

#[cfg(test)]
mod tests;
