//! The `peekaboo` command from outside: the real binary, its ports, its files and its signals.

mod analyze;
mod certificate;
mod chaos;
mod compression;
mod edge;
mod evaluate;
mod files;
mod first_run;
mod http_client;
mod lifecycle;
mod mail;
mod mail_tls;
mod observability;
mod plain_words;
mod postgres;
#[cfg(unix)]
mod private_files;
mod refusals;
mod relay;
mod remote;
mod rust_sdk;
#[expect(dead_code, reason = "the tests of `tasks` use the rest")]
#[path = "../../../tasks/tests/suite/smtp.rs"]
mod smtp;
mod stream;
mod support;
mod wire;
