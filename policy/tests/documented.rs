//! The table in `docs/access.md` is the table of the code.

use std::fmt::Write as _;

use peekaboo_policy::{BuiltIn, Permission};

fn table() -> String {
    let mut text = String::from(
        "| permission | allows to | decided on | viewer | editor | admin | owner |\n| --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for permission in Permission::ALL {
        let (words, scope) = (permission.words(), permission.scope());
        let custom = if permission.in_custom_roles() {
            ""
        } else {
            " ¹"
        };
        write!(text, "| `{permission}`{custom} | {words} | {scope} |").unwrap();
        for role in BuiltIn::ALL {
            let has = role.permissions().has(*permission);
            text.push_str(if has { " ✓ |" } else { "  |" });
        }
        text.push('\n');
    }
    text
}

#[test]
fn the_table_in_the_documentation_is_complete_and_true() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/access.md");
    let documented = std::fs::read_to_string(path).unwrap();
    let table = table();
    assert!(
        documented.contains(&table),
        "docs/access.md must contain this table:\n\n{table}"
    );
}
