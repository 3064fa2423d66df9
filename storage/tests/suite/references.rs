//! What flags and segments refer to exists, never in a circle, and stays while it is referred to.

use std::collections::{BTreeMap, BTreeSet};

use peekaboo_flags::model::{Condition, MAX_NESTING, Prerequisite, Rule, Serve};
use peekaboo_flags::{Kind, Subject, dependents, validate_references};
use peekaboo_storage::{
    Command, Dependent, DependentKind, Entity, Error, FlagPatch, NewEnvironment, NewSegment,
    Problem, SegmentPatch, Storage, TargetingPatch, Variation,
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

    async fn a_flag_is_not_archived_while_another_node_begins_to_need_it(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let organization = shop.id();
        for round in 0..10 {
            let (flag, other) = (format!("flag-{round}"), format!("other-{round}"));
            for flag in [&flag, &other] {
                storage.execute(organization, create_flag(flag), &by()).await.expect("created");
            }
            let remove = if round % 2 == 0 { archive(&flag, true) } else { delete_flag(&flag) };
            let mut writers = JoinSet::new();
            for command in [remove, requires(&other, &flag), toggle("staging", &other, true)] {
                let node = database.open().await;
                writers.spawn(async move { node.execute(organization, command, &by()).await });
            }
            let outcomes = writers.join_all().await;
            let refused: Vec<_> = outcomes.into_iter().filter_map(Result::err).collect();
            assert!(
                matches!(&refused[..], [Error::InUse(_) | Error::Invalid(_)]),
                "whoever comes second is refused, and nobody waits in vain: {refused:?}",
            );
            assert_sound(&storage, &shop).await;
        }
    }

    async fn whatever_is_changed_references_stay_sound_and_dependents_are_those_of_the_rulesets(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let mut dice = Dice(7);
        let mut done = 0;
        for step in 0..320 {
            let command = random_command(&mut dice);
            match storage.execute(shop.id(), command.clone(), &by()).await {
                Ok(committed) => done += usize::from(committed.is_changed()),
                Err(Error::Invalid(_) | Error::InUse(_) | Error::NotFound { .. } | Error::AlreadyExists { .. }) => {}
                Err(other) => panic!("step {step}, {command:?}: {other}"),
            }
            if step % 8 == 0 {
                assert_sound(&storage, &shop).await;
            }
        }
        assert!(done > 60, "enough of them take effect: {done}");
        assert_sound(&storage, &shop).await;
    }

    async fn references_that_an_older_node_wrote_count(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let run = async |command| storage.execute(shop.id(), command, &by()).await;
        for flag in ["payments", "checkout", "search"] {
            run(create_flag(flag)).await.expect("created");
        }
        run(requires("checkout", "payments")).await.expect("refers");
        run(create_segment(NewSegment { when: flag_is_on("search"), ..new_segment("beta") })).await.expect("created");
        // It writes rules and versions and does not know of the rest.
        let forgetful = "DELETE FROM flag_references; DELETE FROM segment_references; \
                         UPDATE flag_environments SET referenced_version = 0; UPDATE segments SET referenced_version = 0";
        database.raw(forgetful).await.close().await;
        for flag in ["payments", "search"] {
            let refused = run(archive(flag, true)).await;
            assert!(matches!(&refused, Err(Error::InUse(others)) if others.len() == 1), "{refused:?}");
        }
        let circle = run(requires("payments", "checkout")).await;
        let Err(Error::Invalid(problems)) = circle else { panic!("{circle:?}") };
        assert_eq!(codes(&problems), ["cycle"]);

        // It also deletes flags without their references.
        database.raw(forgetful).await.close().await;
        storage.migrate().await.expect("the next start records them");
        let listed = storage.flag_dependents(shop.id(), &key("shop"), &key("payments")).await.expect("read");
        assert_eq!(listed.expect("there").len(), 1);
        database.raw("DELETE FROM flags WHERE key = 'checkout'").await.close().await;
        run(archive("payments", true)).await.expect("nobody refers to it any more");
    }

    async fn a_chain_longer_than_can_be_evaluated_is_refused_at_either_end(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let run = async |command| storage.execute(shop.id(), command, &by()).await;
        for n in 0..=MAX_NESTING {
            run(create_flag(&format!("f-{n}"))).await.expect("created");
        }
        for n in 1..MAX_NESTING {
            run(requires(&format!("f-{n}"), &format!("f-{}", n - 1))).await.expect("not too long yet");
        }
        let above = run(requires(&format!("f-{MAX_NESTING}"), &format!("f-{}", MAX_NESTING - 1))).await;
        let Err(Error::Invalid(problems)) = above else { panic!("{above:?}") };
        assert_eq!(codes(&problems), ["chain_too_long"]);
        let below = run(requires("f-0", &format!("f-{MAX_NESTING}"))).await;
        let Err(Error::Invalid(problems)) = below else { panic!("{below:?}") };
        assert_eq!(codes(&problems), ["chain_too_long"]);
        run(requires("f-5", &format!("f-{MAX_NESTING}"))).await.expect("not the longest");
    }
}

/// Asserts that no ruleset refers to what it does not have, and that dependents are what the rulesets say.
async fn assert_sound(storage: &Storage, shop: &Shop) {
    let project = key("shop");
    let environments = storage
        .environments(shop.id(), &project)
        .await
        .expect("read");
    let mut expected: BTreeMap<(Kind, String), BTreeSet<Dependent>> = BTreeMap::new();
    for environment in environments {
        let ruleset = storage
            .ruleset(environment.id)
            .await
            .expect("read")
            .expect("there");
        assert_eq!(validate_references(&ruleset), [], "in {}", environment.key);
        let flags = ruleset.flags.keys().map(|key| (Kind::Flag, key));
        for (kind, name) in flags.chain(ruleset.segments.keys().map(|key| (Kind::Segment, key))) {
            let subject = match kind {
                Kind::Flag => Subject::Flag(name),
                Kind::Segment => Subject::Segment(name),
            };
            let of = expected.entry((kind, name.clone())).or_default();
            of.extend(
                dependents(&ruleset, subject)
                    .into_iter()
                    .map(|dependent| Dependent {
                        kind: match dependent.kind {
                            Kind::Flag => DependentKind::Flag,
                            Kind::Segment => DependentKind::Segment,
                        },
                        key: key(&dependent.key),
                        environment: (dependent.kind == Kind::Flag)
                            .then(|| environment.key.clone()),
                        pointer: dependent.pointer,
                    }),
            );
        }
    }
    for ((kind, name), expected) in expected {
        let name = key(&name);
        let listed = match kind {
            Kind::Flag => storage.flag_dependents(shop.id(), &project, &name).await,
            Kind::Segment => storage.segment_dependents(shop.id(), &project, &name).await,
        };
        let listed = listed.expect("read").expect("there");
        assert_eq!(
            listed,
            expected.into_iter().collect::<Vec<_>>(),
            "of {kind:?} {name}"
        );
    }
}

/// The same numbers in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        let index = self.below(of.len() as u64);
        of[usize::try_from(index).expect("small")]
    }
}

/// A command on a few flags, segments and environments, so that they meet often.
fn random_command(dice: &mut Dice) -> Command {
    const FLAGS: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
    const SEGMENTS: [&str; 4] = ["p", "q", "r", "s"];
    let (flag, segment) = (dice.one(&FLAGS), dice.one(&SEGMENTS));
    let environment = dice.one(&["production", "staging", "copy"]);
    let condition = match dice.below(4) {
        0 => Condition::Segment(dice.one(&SEGMENTS).to_owned()),
        1 => flag_is_on(dice.one(&FLAGS)),
        2 => Condition::Not(Box::new(Condition::All(vec![
            Condition::Segment(dice.one(&SEGMENTS).to_owned()),
            flag_is_on(dice.one(&FLAGS)),
        ]))),
        _ => Condition::never(),
    };
    match dice.below(16) {
        0..=2 => create_flag(flag),
        3 | 4 => create_segment(NewSegment {
            when: condition,
            ..new_segment(segment)
        }),
        5..=7 => target(environment, flag, rule(condition)),
        8 | 9 => {
            let patch = TargetingPatch {
                prerequisites: Some(vec![Prerequisite {
                    flag: dice.one(&FLAGS).to_owned(),
                    variations: vec![dice.one(&["on", "off"]).to_owned()],
                }]),
                ..TargetingPatch::default()
            };
            target(environment, flag, patch)
        }
        10 => Command::UpdateSegment {
            project: key("shop"),
            segment: key(segment),
            patch: SegmentPatch {
                when: Some(condition),
                ..SegmentPatch::default()
            },
            expected_version: None,
        },
        11 => archive(flag, dice.below(2) == 0),
        12 => delete_flag(flag),
        13 => Command::DeleteSegment {
            project: key("shop"),
            segment: key(segment),
            expected_version: None,
        },
        14 => {
            let variations = match dice.below(2) {
                0 => vec![variation("on", json!(true)), variation("off", json!(false))],
                _ => vec![variation("on", json!(true)), variation("no", json!(false))],
            };
            update_flag(
                flag,
                FlagPatch {
                    variations: Some(variations),
                    ..FlagPatch::default()
                },
            )
        }
        _ => match dice.below(2) {
            0 => Command::CreateEnvironment {
                project: key("shop"),
                environment: NewEnvironment {
                    key: key("copy"),
                    name: "Copy".to_owned(),
                    color: "#00ff00".to_owned(),
                    production: false,
                    position: None,
                    copy_from: Some(key(dice.one(&["production", "staging"]))),
                },
            },
            _ => Command::DeleteEnvironment {
                project: key("shop"),
                environment: key("copy"),
                expected_version: None,
            },
        },
    }
}
