//! What each subcommand does, and what they share.

pub(crate) mod analyze;
pub(crate) mod apply;
pub(crate) mod audit;
#[cfg(test)]
mod changes;
pub(crate) mod config;
mod database;
pub(crate) mod edge;
pub(crate) mod evaluate;
mod expiry;
pub(crate) mod export;
mod failure;
mod file;
pub(crate) mod import;
pub(crate) mod key;
pub(crate) mod mail;
pub(crate) mod migrate;
pub(crate) mod openapi;
pub(crate) mod operator;
pub(crate) mod organization;
mod output;
pub(crate) mod person;
pub(crate) mod plan;
mod ready;
mod remote;
pub(crate) mod reset_epochs;
mod runtime;
pub(crate) mod secret;
pub(crate) mod serve;
pub(crate) mod settings;
mod signals;
pub(crate) mod tasks;
pub(crate) mod token;
pub(crate) mod types;
