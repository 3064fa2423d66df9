//! Commands of each kind that reads what others refer to.

use peekaboo_flags::model::{Condition, Prerequisite};
use peekaboo_storage::{
    Command, FlagPatch, NewEnvironment, NewSdkKey, NewSegment, SdkKeyKind, SegmentPatch, Storage,
    TargetingPatch,
};

use crate::ask;
use crate::harness::{Shop, by, create_flag, key, new_segment, target, toggle, variation};
use crate::plans::Plans;

#[expect(clippy::too_many_lines, reason = "a sample of each kind of command")]
pub(crate) async fn execute(plans: &mut Plans, storage: &Storage, shop: &Shop) {
    let requires = |other: &str| TargetingPatch {
        prerequisites: Some(vec![Prerequisite {
            flag: other.to_owned(),
            variations: vec!["on".to_owned()],
        }]),
        ..TargetingPatch::default()
    };
    let update = |flag: &str, patch| Command::UpdateFlag {
        project: key("shop"),
        flag: key(flag),
        patch,
        expected_version: None,
    };
    let archived = |archived| FlagPatch {
        archived: Some(archived),
        ..FlagPatch::default()
    };
    let delete_flag = |flag: &str| Command::DeleteFlag {
        project: key("shop"),
        flag: key(flag),
        expected_version: None,
    };
    let when = Condition::All(vec![
        Condition::Segment("segment-5".to_owned()),
        Condition::Flag {
            flag: "flag-9".to_owned(),
            variations: vec!["on".to_owned()],
        },
    ]);
    let environment = |copy_from| Command::CreateEnvironment {
        project: key("shop"),
        environment: NewEnvironment {
            key: key(if copy_from { "copied" } else { "plain" }),
            name: "E".to_owned(),
            color: "#00ff00".to_owned(),
            production: false,
            position: None,
            copy_from: copy_from.then(|| key("production")),
        },
    };
    let delete_environment = Command::DeleteEnvironment {
        project: key("shop"),
        environment: key("copied"),
        expected_version: None,
    };
    let create_key = Command::CreateSdkKey {
        project: key("shop"),
        environment: key("staging"),
        key: NewSdkKey::named(SdkKeyKind::Server, "K"),
    };
    let delete_segment = Command::DeleteSegment {
        project: key("shop"),
        segment: key("added"),
        expected_version: None,
    };
    let update_segment = Command::UpdateSegment {
        project: key("shop"),
        segment: key("segment-3"),
        patch: SegmentPatch {
            when: Some(when.clone()),
            ..SegmentPatch::default()
        },
        expected_version: None,
    };
    let lose = FlagPatch {
        variations: Some(vec![variation("on", true.into())]),
        ..FlagPatch::default()
    };
    for command in [
        create_flag("added"),
        toggle("production", "added", true),
        target("production", "added", requires("flag-7")),
        target("production", "flag-8", requires("added")),
        update("flag-8", lose),
        Command::CreateSegment {
            project: key("shop"),
            segment: NewSegment {
                when,
                ..new_segment("added")
            },
        },
        update_segment,
        delete_segment,
        update("flag-8", archived(true)),
        update("flag-8", archived(false)),
        update("flag-8", archived(true)),
        update("flag-4", archived(true)),
        delete_flag("added"),
        environment(false),
        environment(true),
        delete_environment,
        create_key,
        Command::ResetEpoch {
            project: key("shop"),
            environment: key("plain"),
        },
        Command::DeleteProject {
            project: key("project-3"),
            expected_version: None,
        },
    ] {
        ask!(plans, storage.execute(shop.id(), command, &by()));
    }
}
