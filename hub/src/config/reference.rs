//! `docs/configuration.md`, written from the table of settings so that it cannot fall behind it.

use std::fmt::Write as _;

use super::settings::{SECTIONS, SETTINGS};

/// The whole page.
pub(crate) fn reference() -> String {
    let mut page = include_str!("reference.md").to_owned();
    for (section, about) in SECTIONS {
        let _ = writeln!(page, "## `[{section}]`\n\n{}\n", about.trim());
        page.push_str("| Setting | Default | What it does |\n| --- | --- | --- |\n");
        for setting in SETTINGS.iter().filter(|s| s.section == *section) {
            let default = match setting.default {
                "" => "none".to_owned(),
                default => format!("`{default}`"),
            };
            let _ = writeln!(
                page,
                "| `{}`<br>`--{}`<br>`{}` | {default} | {} ({}) |",
                setting.name(),
                setting.flag(),
                setting.variable(),
                setting.summary(),
                setting.kind,
            );
        }
        page.push('\n');
    }
    page.truncate(page.trim_end().len());
    page.push('\n');
    page
}
