//! `peekaboo openapi`

use anyhow::Context as _;

use super::{Failure, print};

pub(super) fn run() -> Result<(), Failure> {
    let document = peekaboo_dashboard_api::openapi();
    let document = serde_json::to_string_pretty(&document).context("cannot write the document")?;
    print(&document);
    print("\n");
    Ok(())
}
