//! The SDK's listener over real sockets: from the first byte of an upgrade to two nodes on one database.

mod admission;
#[path = "../../../actors/src/tests/client.rs"]
#[allow(dead_code, reason = "the actors' tests need more of it than these")]
mod client;
mod harness;
mod http;
#[path = "../binary/http_client.rs"]
#[allow(
    dead_code,
    reason = "the tests of the binary need more of it than these"
)]
mod http_client;
mod nodes;
mod ofrep;
mod upgrade;
