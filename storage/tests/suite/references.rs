//! What flags and segments refer to exists, never in a circle, and stays while it is referred to.

use peekaboo_flags::model::{Condition, Prerequisite, Rule, Serve};
use peekaboo_storage::{
    Command, Dependent, DependentKind, Entity, Error, FlagPatch, NewSegment, Problem, SegmentPatch,
    TargetingPatch, Variation,
};
use serde_json::json;
use tokio::task::JoinSet;

use crate::harness::{Shop, by, create_flag, key, new_segment, on_both, target, toggle, variation};

fn requires(flag: &str, other: &str) -> Command {
    let patch = TargetingPatch {
        prerequisites: Some(vec![Prerequisite {
            flag: other.to_owned(),
            variations: vec!["on".to_owned()],
        }]),
        ..TargetingPatch::default()
    };
    target("production", flag, patch)
}

fn rule(when: Condition) -> TargetingPatch {
    let serve = Serve::Variation("on".to_owned());
    TargetingPatch {
        rules: Some(vec![Rule {
            id: String::new(),
            when,
            serve,
        }]),
        ..TargetingPatch::default()
    }
}

fn flag_is_on(flag: &str) -> Condition {
    Condition::Flag {
        flag: flag.to_owned(),
        variations: vec!["on".to_owned()],
    }
}

fn create_segment(segment: NewSegment) -> Command {
    Command::CreateSegment {
        project: key("shop"),
        segment,
    }
}

fn delete_flag(flag: &str) -> Command {
    Command::DeleteFlag {
        project: key("shop"),
        flag: key(flag),
        expected_version: None,
    }
}

fn update_flag(flag: &str, patch: FlagPatch) -> Command {
    Command::UpdateFlag {
        project: key("shop"),
        flag: key(flag),
        patch,
        expected_version: None,
    }
}

fn archive(flag: &str, archived: bool) -> Command {
    update_flag(
        flag,
        FlagPatch {
            archived: Some(archived),
            ..FlagPatch::default()
        },
    )
}

fn codes(problems: &[Problem]) -> Vec<&str> {
    problems
        .iter()
        .map(|problem| problem.code.as_str())
        .collect()
}

on_both! {
    async fn two_writers_cannot_close_a_circle_between_them(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let organization = shop.id();
        for round in 0..5 {
            let (a, b) = (format!("a-{round}"), format!("b-{round}"));
            for flag in [&a, &b] {
                storage.execute(organization, create_flag(flag), &by()).await.expect("created");
            }
            let mut writers = JoinSet::new();
            for command in [requires(&a, &b), requires(&b, &a)] {
                let node = database.open().await;
                writers.spawn(async move { node.execute(organization, command, &by()).await });
            }
            let outcomes = writers.join_all().await;
            let refused: Vec<_> = outcomes.into_iter().filter_map(Result::err).collect();
            let [Error::Invalid(problems)] = &refused[..] else { panic!("one is refused: {refused:?}") };
            assert!(codes(problems).contains(&"cycle"), "{problems:?}");
        }
    }

    async fn a_segment_and_a_flag_cannot_close_a_circle_between_them(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let organization = shop.id();
        for round in 0..5 {
            let (flag, segment) = (format!("flag-{round}"), format!("segment-{round}"));
            storage.execute(organization, create_flag(&flag), &by()).await.expect("created");
            storage.execute(organization, create_segment(new_segment(&segment)), &by()).await.expect("created");
            // One concerns production alone, the other every environment.
            let to_segment = target("production", &flag, rule(Condition::Segment(segment.clone())));
            let to_flag = Command::UpdateSegment {
                project: key("shop"),
                segment: key(&segment),
                patch: SegmentPatch { when: Some(flag_is_on(&flag)), ..SegmentPatch::default() },
                expected_version: None,
            };
            let mut writers = JoinSet::new();
            for command in [to_segment, to_flag] {
                let node = database.open().await;
                writers.spawn(async move { node.execute(organization, command, &by()).await });
            }
            let outcomes = writers.join_all().await;
            let refused: Vec<_> = outcomes.into_iter().filter_map(Result::err).collect();
            let [Error::Invalid(problems)] = &refused[..] else { panic!("one is refused: {refused:?}") };
            assert!(codes(problems).contains(&"cycle"), "{problems:?}");
        }
    }

    async fn a_variation_cannot_go_while_another_node_begins_to_need_it(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let organization = shop.id();
        for round in 0..5 {
            let (flag, other) = (format!("flag-{round}"), format!("other-{round}"));
            for flag in [&flag, &other] {
                storage.execute(organization, create_flag(flag), &by()).await.expect("created");
            }
            // Whether `maybe` is added first or not at all decides what the other finds.
            let three = vec![variation("on", json!(true)), variation("maybe", json!(true)), variation("off", json!(false))];
            let variations = |variations: Vec<Variation>| FlagPatch { variations: Some(variations), ..FlagPatch::default() };
            storage.execute(organization, update_flag(&flag, variations(three)), &by()).await.expect("added");
            let two = vec![variation("on", json!(true)), variation("off", json!(false))];
            let remove = update_flag(&flag, variations(two));
            let need = target("production", &other, TargetingPatch {
                prerequisites: Some(vec![Prerequisite { flag: flag.clone(), variations: vec!["maybe".to_owned()] }]),
                ..TargetingPatch::default()
            });
            let mut writers = JoinSet::new();
            for command in [remove, need] {
                let node = database.open().await;
                writers.spawn(async move { node.execute(organization, command, &by()).await });
            }
            let outcomes = writers.join_all().await;
            let refused: Vec<_> = outcomes.into_iter().filter_map(Result::err).collect();
            let [Error::Invalid(problems)] = &refused[..] else { panic!("one is refused: {refused:?}") };
            let codes = codes(problems);
            assert!(codes.contains(&"unknown_variation") || codes.contains(&"variation_in_use"), "{problems:?}");
        }
    }

    async fn what_others_refer_to_stays(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let run = async |command| storage.execute(shop.id(), command, &by()).await;
        for flag in ["payments", "checkout"] {
            run(create_flag(flag)).await.expect("created");
        }
        run(create_segment(NewSegment { when: flag_is_on("payments"), ..new_segment("beta") })).await.expect("created");
        run(requires("checkout", "payments")).await.expect("refers");
        run(target("staging", "checkout", rule(Condition::Segment("beta".to_owned())))).await.expect("refers");

        let of_payments = vec![
            Dependent {
                kind: DependentKind::Flag,
                key: key("checkout"),
                environment: Some(key("production")),
                pointer: "/prerequisites/0".to_owned(),
            },
            Dependent { kind: DependentKind::Segment, key: key("beta"), environment: None, pointer: "/when".to_owned() },
        ];
        let listed = storage.flag_dependents(shop.id(), &key("shop"), &key("payments")).await.expect("read");
        assert_eq!(listed.expect("there is the flag"), of_payments);
        for command in [delete_flag("payments"), archive("payments", true)] {
            let refused = run(command).await;
            let Err(Error::InUse(others)) = refused else { panic!("{refused:?}") };
            assert_eq!(others, of_payments);
        }
        let delete_segment =
            || Command::DeleteSegment { project: key("shop"), segment: key("beta"), expected_version: None };
        let refused = run(delete_segment()).await;
        let Err(Error::InUse(others)) = refused else { panic!("{refused:?}") };
        assert_eq!(others.len(), 1);
        assert_eq!((others[0].key.as_str(), others[0].pointer.as_str()), ("checkout", "/rules/0/when"));
        let listed = storage.segment_dependents(shop.id(), &key("shop"), &key("beta")).await.expect("read");
        assert_eq!(listed.expect("there is the segment"), others);

        // From the end of the chain each can go.
        run(delete_flag("checkout")).await.expect("nobody refers to it");
        run(delete_segment()).await.expect("nobody refers to it any more");
        run(delete_flag("payments")).await.expect("nobody refers to it any more");
        let gone = run(delete_flag("payments")).await;
        assert!(matches!(gone, Err(Error::NotFound { what: Entity::Flag })), "{gone:?}");
    }

    async fn an_archived_flag_is_in_no_ruleset_and_comes_back_only_whole(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let production = shop.environment("production").id;
        let run = async |command| storage.execute(shop.id(), command, &by()).await;
        run(create_flag("payments")).await.expect("created");
        run(create_flag("checkout")).await.expect("created");
        run(requires("checkout", "payments")).await.expect("refers");
        let archived = run(archive("checkout", true)).await.expect("archived");
        assert!(archived.changes.iter().all(|change| change.changes.deleted_flags == ["checkout"]));
        let ruleset = storage.ruleset(production).await.expect("read").expect("there");
        assert!(!ruleset.flags.contains_key("checkout"));
        let refused = run(toggle("production", "checkout", true)).await;
        let Err(Error::Invalid(problems)) = refused else { panic!("{refused:?}") };
        assert_eq!(codes(&problems), ["archived"]);

        // What only an archived flag refers to may go; then the flag cannot come back as it was.
        run(delete_flag("payments")).await.expect("no ruleset refers to it");
        let refused = run(archive("checkout", false)).await;
        let Err(Error::Invalid(problems)) = refused else { panic!("{refused:?}") };
        assert_eq!(problems[0].pointer, "/environments/production/prerequisites/0/flag");
        run(create_flag("payments")).await.expect("created anew");
        let restored = run(archive("checkout", false)).await.expect("restored");
        assert!(restored.changes.iter().all(|change| change.changes.put_flags.contains_key("checkout")));
    }
}
