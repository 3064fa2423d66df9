//! What `peekaboo serve` prints once it listens: where to go and what to sign in with.

use std::fmt::Write as _;

use crate::{edge::EdgeReady, serve::Ready};

pub(crate) fn banner(ready: &Ready) -> String {
    let mut rows = vec![("Dashboard", ready.dashboard.clone())];
    if let Some(code) = &ready.setup_code {
        rows.push(("Set up", format!("{}/setup", ready.dashboard)));
        rows.push(("Setup code", code.clone()));
    }
    if let Some(demo) = &ready.demo {
        rows.push(("Sign in", format!("{} / {}", demo.email, demo.password)));
        rows.push(("Storefront", format!("{}/storefront/", ready.dashboard)));
    }
    rows.push(("Stream", ready.stream.clone()));
    if let Some(demo) = &ready.demo {
        rows.push(("Server key", demo.server_key.clone()));
        rows.push(("Client key", demo.client_key.clone()));
    }
    rows.push(("Metrics", format!("{}/metrics", ready.metrics)));
    page("Peek-a-boo", &rows)
}

/// The same of `peekaboo edge`.
pub(crate) fn edge_banner(ready: &EdgeReady) -> String {
    let rows = [
        ("Upstream", ready.upstream.clone()),
        ("Stream", ready.stream.clone()),
        ("Metrics", format!("{}/metrics", ready.metrics)),
    ];
    page("A Peek-a-boo edge", &rows)
}

fn page(what: &str, rows: &[(&str, String)]) -> String {
    let mut out = format!("\n  {what} {} is up\n\n", env!("CARGO_PKG_VERSION"));
    for (name, value) in rows {
        let _ = writeln!(out, "  {name:<11} {value}");
    }
    out.push('\n');
    out
}
