//! The flags of a run: enough of them, and of a kind that applications have.

use serde_json::json;

use crate::admin::{Admin, Place, Toggle};

/// Flags of an environment.
pub(crate) const FLAGS: usize = 50;

fn key(nth: usize) -> String {
    format!("flag-{nth:02}")
}

/// Makes the flags of an environment, each off, with a rule and a split in force once it is on.
pub(crate) async fn create(admin: &Admin, place: &Place) -> anyhow::Result<()> {
    create_some(admin, place, FLAGS).await
}

/// Makes so many flags.
pub(crate) async fn create_some(admin: &Admin, place: &Place, flags: usize) -> anyhow::Result<()> {
    let targeting = json!({
        "rules": [{
            "id": "nordic",
            "when": {"attribute": "country", "op": "in", "values": ["SE", "NO"]},
            "serve": {"variation": "on"}
        }],
        "fallthrough": {"split": {"by": "targetingKey", "weights": [["on", 30_000], ["off", 70_000]]}}
    });
    for nth in 0..flags {
        let flag = json!({ "key": key(nth), "type": "boolean", "clientVisible": true });
        admin.flag(place, &flag).await?;
        admin.target(place, &key(nth), &targeting).await?;
    }
    Ok(())
}

/// The nth toggle of an environment's flags: each flag in turn, on and then off again, so that every toggle changes
/// something even while others are under way.
pub(crate) fn toggle(place: &Place, nth: usize, flags: usize) -> Toggle {
    Toggle {
        place: place.clone(),
        flag: key(nth % flags),
        enabled: (nth / flags).is_multiple_of(2),
    }
}
