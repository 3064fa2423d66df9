//! The hub: listeners, sockets, metrics and the dashboard's files.
//!
//! [`serve()`] is the one function behind the `peekaboo` command and the tests alike: it takes its
//! listeners and its signal to stop from its caller.

pub mod cli;
pub mod config;

mod audit_file;
mod background;
mod banner;
mod commands;
mod dashboard;
mod database;
mod demo;
mod edge;
mod encoding;
mod etag;
mod health;
mod history;
mod http;
mod listeners;
mod metrics;
mod network;
mod ofrep;
mod parts;
mod private_files;
mod process;
mod public_path;
#[cfg(test)]
mod recorded_commands;
mod running;
mod sdk_http;
mod sdk_module;
mod sdk_router;
mod secret_key;
mod serve;
mod site;
mod stream;
mod telemetry;
#[cfg(test)]
mod test_storage;
mod tls;

pub use cli::run;
pub use database::DatabaseError;
pub use demo::{Demo, DemoError};
pub use edge::{EdgeError, EdgeReady, serve_edge};
pub use listeners::{BindError, EdgeListeners, Listeners};
pub use sdk_router::sdk_router;
pub use serve::{Ready, ServeError, ServeOptions, serve};
pub use stream::{StreamConfig, serve_sdk};
