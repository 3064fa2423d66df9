//! What the dashboard's page *Connect your application* shows for Rust: a test there compares the two.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it shows what it was served, and why that is a default"
)]

use std::{env, error::Error, time::Duration};

use peekaboo_sdk::{Client, Context};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let flags = Client::builder(env::var("PEEKABOO_KEY")?)
        .url("ws://127.0.0.1:6001/sdk/v1/stream")
        .build()?;
    let user = Context::new("user-1");

    if let Err(error) = flags.ready(Duration::from_secs(2)).await {
        eprintln!("serving defaults for now: {error}");
    }
    println!("new-checkout: {}", flags.bool("new-checkout", &user, false));

    let mut changes = flags.changes();
    while let Some(change) = changes.next().await {
        println!("changed: {:?}", change.keys);
    }
    Ok(())
}
