//! What a client key's client sees: values, of visible flags, for its context, and nothing else.

use peekaboo_flags::model::{Clause, Condition, Operator, Rule};
use peekaboo_protocol::{Mode, Resume, ServerFrame};
use peekaboo_storage::{Command, FlagPatch, TargetingPatch};
use serde_json::{Value, json};

use super::client::Replica;
use super::world::{World, create_flag, key, serve, target, toggle};
use crate::HubConfig;

/// Serves `on` to a country and to no one else.
fn for_country(country: &str) -> TargetingPatch {
    let clause = Clause {
        attribute: "country".to_owned(),
        op: Operator::In,
        values: vec![json!(country)],
        negate: false,
        ignore_case: false,
    };
    let rule = Rule {
        id: "canary-rule".to_owned(),
        when: Condition::Clause(clause),
        serve: serve("on"),
    };
    TargetingPatch {
        enabled: Some(true),
        rules: Some(vec![rule]),
        fallthrough: Some(serve("off")),
        ..TargetingPatch::default()
    }
}

fn show(flag: &str, client_visible: bool) -> Command {
    Command::UpdateFlag {
        project: key("shop"),
        flag: key(flag),
        patch: FlagPatch {
            client_visible: Some(client_visible),
            ..FlagPatch::default()
        },
        expected_version: None,
    }
}

fn value(replica: &Replica, flag: &str) -> Value {
    replica.flags[flag][0].clone()
}

/// Every byte that a browser gets which comes back from an older version.
async fn missed(world: &World, resume: &Resume, expected: Mode) -> Vec<u8> {
    let mut client = world.connect().await;
    let context = json!({"targetingKey": "u1"});
    client
        .hello_with(world.client_key(), Some(resume.clone()), Some(context))
        .await;
    assert_eq!(Replica::default().welcomed(&mut client).await, expected);
    client.seen
}

#[tokio::test]
async fn no_rule_and_no_hidden_flag_reaches_a_browser() {
    let world = World::new().await;
    world.create_flag("visible").await;
    world.execute(create_flag("canary-hidden", false)).await;
    world
        .execute(create_flag("canary-once-hidden", false))
        .await;
    world
        .execute(target("visible", for_country("canary-country")))
        .await;
    let (mut browser, mut replica) = world
        .browser(json!({"targetingKey": "u1", "country": "SE"}))
        .await;
    assert_eq!(replica.flags.keys().collect::<Vec<_>>(), ["visible"]);

    world
        .execute(target("canary-hidden", for_country("canary-other")))
        .await;
    world
        .execute(target("visible", for_country("canary-third")))
        .await;
    world
        .execute(Command::DeleteFlag {
            project: key("shop"),
            flag: key("canary-once-hidden"),
            expected_version: None,
        })
        .await;
    browser
        .context(json!({"targetingKey": "u1", "country": "canary-third"}))
        .await;
    let version = world
        .execute(target("visible", for_country("SE")))
        .await
        .changes[0]
        .version;
    replica
        .reach(&mut browser, u64::try_from(version).unwrap())
        .await;

    // A client that missed all of it, once from memory and once from the log, which does not tell whether what it
    // deleted was ever visible.
    let resume = Resume {
        version: replica.version - 3,
        ..replica.resume()
    };
    browser
        .seen
        .extend(missed(&world, &resume, Mode::Delta).await);
    let world = world.restarted(HubConfig::default()).await;
    browser
        .seen
        .extend(missed(&world, &resume, Mode::Snapshot).await);
    let snapshot = world.environment().snapshot();
    assert!(snapshot.reaches(resume.version), "the log was read");

    let seen = String::from_utf8_lossy(&browser.seen);
    assert!(
        seen.contains("visible"),
        "the bytes looked at are the right ones"
    );
    assert!(!seen.contains("canary"), "{seen}");
    assert!(!seen.contains("SE"), "not even its own attributes");
}

#[tokio::test]
async fn a_changed_context_is_answered_once_with_what_it_changed() {
    let world = World::new().await;
    world.create_flag("swedish").await;
    world.create_flag("steady").await;
    world.execute(target("swedish", for_country("SE"))).await;
    let (mut browser, mut replica) = world
        .browser(json!({"targetingKey": "u1", "country": "NO"}))
        .await;
    assert_eq!(value(&replica, "swedish"), false);

    browser
        .context(json!({"targetingKey": "u1", "country": "SE"}))
        .await;
    let answer = browser.frame().await;
    let ServerFrame::Delta {
        from,
        to,
        committed_at_micros,
        put_flags,
        deleted_flags,
        put_segments,
        ..
    } = &answer
    else {
        panic!("{answer:?}");
    };
    assert_eq!(
        (*from, *to, *committed_at_micros),
        (None, replica.version, 0)
    );
    assert_eq!(put_flags.keys().collect::<Vec<_>>(), ["swedish"]);
    assert_eq!((deleted_flags.len(), put_segments), (0, &None));
    replica.apply(answer);
    assert_eq!(
        replica.flags["swedish"],
        json!([true, "on", "TARGETING_MATCH", 2])
    );

    browser
        .context(json!({"targetingKey": "u2", "country": "SE"}))
        .await;
    let ServerFrame::Delta { put_flags, .. } = browser.frame().await else {
        panic!("an answer, though empty")
    };
    assert!(put_flags.is_empty());
}

#[tokio::test]
async fn only_those_who_see_a_difference_hear_of_a_change() {
    let world = World::new().await;
    world.create_flag("gate").await;
    world.create_flag("behind").await;
    world.execute(create_flag("hidden", false)).await;
    world.execute(create_flag("other", true)).await;
    let behind_gate = TargetingPatch {
        prerequisites: Some(vec![peekaboo_flags::model::Prerequisite {
            flag: "gate".to_owned(),
            variations: vec!["on".to_owned()],
        }]),
        ..TargetingPatch::enabled(true)
    };
    world.execute(target("behind", behind_gate)).await;
    let (mut browser, mut replica) = world.browser(json!({"targetingKey": "u1"})).await;
    assert_eq!(replica.flags["behind"][2], "PREREQUISITE_FAILED");

    world.execute(toggle("hidden", true)).await;
    world.toggle("gate", true).await;
    let delta = browser.frame().await;
    let ServerFrame::Delta { put_flags, .. } = &delta else {
        panic!("{delta:?}")
    };
    assert_eq!(
        put_flags.keys().collect::<Vec<_>>(),
        ["behind", "gate"],
        "what depends on a change comes with it"
    );
    replica.apply(delta);
    assert_eq!(value(&replica, "behind"), true);
}

#[tokio::test]
async fn a_flag_that_is_hidden_or_deleted_goes_away() {
    let world = World::new().await;
    world.create_flag("a").await;
    world.create_flag("b").await;
    let (mut browser, mut replica) = world.browser(json!({})).await;
    let resume = replica.resume();
    world.execute(show("a", false)).await;
    world
        .execute(Command::DeleteFlag {
            project: key("shop"),
            flag: key("b"),
            expected_version: None,
        })
        .await;
    let version = world.version().await;
    replica.reach(&mut browser, version).await;
    assert!(replica.flags.is_empty());

    let mut again = world.connect().await;
    again
        .hello_with(world.client_key(), Some(resume), Some(json!({})))
        .await;
    assert!(matches!(
        again.frame().await,
        ServerFrame::Welcome {
            mode: Mode::Delta,
            ..
        }
    ));
    let ServerFrame::Delta { deleted_flags, .. } = again.frame().await else {
        panic!("a delta was expected")
    };
    assert_eq!(deleted_flags, ["a", "b"]);

    world.execute(show("a", true)).await;
    replica.apply(browser.frame().await);
    assert_eq!(replica.flags.keys().collect::<Vec<_>>(), ["a"]);
}

#[tokio::test]
async fn a_browser_that_missed_nothing_it_sees_is_current() {
    let world = World::new().await;
    world.create_flag("visible").await;
    world.execute(create_flag("hidden", false)).await;
    let (_, mut replica) = world.browser(json!({})).await;
    let version = world.toggle("hidden", true).await;
    let mut again = world.connect().await;
    again
        .hello_with(world.client_key(), Some(replica.resume()), Some(json!({})))
        .await;
    assert_eq!(replica.welcomed(&mut again).await, Mode::Current);
    assert_eq!(replica.version, version);
}

#[tokio::test]
async fn an_invalid_context_keeps_the_previous_one() {
    let world = World::new().await;
    world.create_flag("swedish").await;
    world.execute(target("swedish", for_country("SE"))).await;
    let (mut browser, replica) = world.browser(json!({"country": "SE"})).await;
    assert_eq!(value(&replica, "swedish"), true);
    browser.context(json!({"targetingKey": 7})).await;
    let ServerFrame::Error {
        code, temporary, ..
    } = browser.frame().await
    else {
        panic!("an error was expected")
    };
    assert_eq!((code.as_str(), temporary), ("context_invalid", false));
    let version = world.toggle("swedish", false).await;
    let ServerFrame::Delta { to, .. } = browser.frame().await else {
        panic!("the stream goes on")
    };
    assert_eq!(to, version);
}
