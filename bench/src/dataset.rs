//! The flags of a run: enough of them, and of a kind that applications have.

use serde_json::json;

use crate::admin::{Admin, Place, Toggle};

/// Flags of an environment.
pub(crate) const FLAGS: usize = 50;

fn key(nth: usize) -> String {
    format!("flag-{nth:02}")
}

/// Makes so many flags of an environment, each off, with a rule and a split in force once it is on.
pub(crate) async fn create(admin: &Admin, place: &Place, flags: usize) -> anyhow::Result<()> {
    let targeting = json!({
        "rules": [{
            "id": "nordic",
            "when": {"attribute": "country", "op": "in", "values": ["SE", "NO"]},
            "serve": {"variation": "on"}
        }],
        "fallthrough": {"split": {"by": "targetingKey", "weights": [["on", 30_000], ["off", 70_000]]}}
    });
    create_plain(admin, place, flags).await?;
    for nth in 0..flags {
        admin.target(place, &key(nth), &targeting).await?;
    }
    Ok(())
}

/// Makes so many flags that serve the same to everyone.
pub(crate) async fn create_plain(admin: &Admin, place: &Place, flags: usize) -> anyhow::Result<()> {
    for nth in 0..flags {
        let flag = json!({ "key": key(nth), "type": "boolean", "clientVisible": true });
        admin.flag(place, &flag).await?;
    }
    Ok(())
}

/// Makes so many flags that serve a text of `size` bytes once they are on.
pub(crate) async fn create_large(
    admin: &Admin,
    place: &Place,
    flags: usize,
    size: usize,
) -> anyhow::Result<()> {
    let variations =
        json!([{ "key": "on", "value": "x".repeat(size) }, { "key": "off", "value": "" }]);
    for nth in 0..flags {
        let flag = json!({ "key": key(nth), "type": "string", "variations": variations });
        admin.flag(place, &flag).await?;
    }
    Ok(())
}

/// The nth toggle of an environment's flags: each flag in turn, on and then off again, so that every toggle changes
/// something even while others are in progress.
pub(crate) fn toggle(place: &Place, nth: usize, flags: usize) -> Toggle {
    Toggle {
        place: place.clone(),
        flag: key(nth % flags),
        enabled: (nth / flags).is_multiple_of(2),
    }
}
