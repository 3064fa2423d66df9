//! Targeting of a flag in one environment.

use peekaboo_flags::FlagType;
use peekaboo_flags::model::{Clause, Condition, Operator, Rule, Serve, Split, Target};
use peekaboo_storage::{
    AuditFilter, AuditState, Command, Error, FlagPatch, NewFlag, Page, RestoredFrom, Targeting,
    TargetingPatch,
};
use serde_json::json;

use crate::harness::{
    Shop, by, create_flag, flag_of, key, new_flag, on_both, target, targeting_of, toggle, variation,
};

/// Uses everything that targeting can hold.
fn rich() -> Targeting {
    let in_sweden = Clause {
        attribute: "/address/country".to_owned(),
        op: Operator::In,
        values: vec![json!("SE"), json!(46), json!("snö \u{1F47B}")],
        negate: false,
        ignore_case: true,
    };
    let split = Split {
        by: "targetingKey".to_owned(),
        seed: Some("a seed".to_owned()),
        weights: vec![("on".to_owned(), 12_345), ("off".to_owned(), 87_655)],
    };
    Targeting {
        enabled: true,
        off_variation: None,
        prerequisites: Vec::new(),
        targets: vec![Target {
            variation: "on".to_owned(),
            attribute: "targetingKey".to_owned(),
            values: vec![json!("ada"), json!("grace")],
        }],
        rules: vec![Rule {
            id: "sweden".to_owned(),
            when: Condition::All(vec![
                Condition::Clause(in_sweden),
                Condition::Not(Box::new(Condition::Any(Vec::new()))),
            ]),
            serve: Serve::Variation("on".to_owned()),
        }],
        fallthrough: Serve::Split(split),
    }
}

on_both! {
    async fn what_is_written_is_what_is_read_and_served(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        storage.execute(shop.id(), create_flag("checkout"), &by()).await.expect("created");
        let committed = storage
            .execute(shop.id(), target("production", "checkout", rich().into()), &by())
            .await
            .expect("written");
        let answered = targeting_of(&committed);
        assert_eq!(answered.targeting, rich());
        let read = storage.targeting(shop.id(), &key("shop"), &key("production"), &key("checkout")).await.expect("read");
        assert_eq!(read.as_ref(), Some(answered));
        let ruleset = storage.ruleset(shop.environment("production").id).await.expect("read").expect("there");
        let served = &ruleset.flags["checkout"];
        assert_eq!(committed.changes[0].changes.put_flags["checkout"], *served);
        assert_eq!(served.rules, rich().rules);
        assert_eq!(served.version, answered.version.unsigned_abs());
        assert_eq!(served.variations["on"], json!(true));
        let elsewhere = storage.targeting(shop.id(), &key("shop"), &key("staging"), &key("checkout")).await.expect("read");
        assert!(!elsewhere.expect("there").targeting.enabled, "other environments stay as they were");
        let overview = storage.flag(shop.id(), &key("shop"), &key("checkout")).await.expect("read").expect("there");
        let counts: Vec<_> = overview
            .environments
            .iter()
            .map(|summary| (summary.environment.as_str(), summary.enabled, summary.rule_count, summary.target_count))
            .collect();
        assert_eq!(counts, [("development", false, 0, 0), ("staging", false, 0, 0), ("production", true, 1, 2)]);
    }

    async fn people_who_edit_different_parts_do_not_overwrite_each_other(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        storage.execute(shop.id(), create_flag("checkout"), &by()).await.expect("created");
        let rules = TargetingPatch { rules: Some(rich().rules), ..TargetingPatch::default() };
        storage.execute(shop.id(), target("production", "checkout", rules), &by()).await.expect("written");
        let committed = storage.execute(shop.id(), toggle("production", "checkout", true), &by()).await.expect("toggled");
        let targeting = &targeting_of(&committed).targeting;
        assert!(targeting.enabled);
        assert_eq!(targeting.rules, rich().rules);
        assert_eq!(targeting.off_variation.as_deref(), Some("off"));
    }

    async fn a_rule_without_an_identifier_is_given_one_and_keeps_it(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        storage.execute(shop.id(), create_flag("checkout"), &by()).await.expect("created");
        let mut rules = rich().rules;
        rules[0].id = String::new();
        let patch = TargetingPatch { rules: Some(rules), ..TargetingPatch::default() };
        let command = target("production", "checkout", patch);
        let first = storage.execute(shop.id(), command.clone(), &by()).await.expect("written");
        let id = targeting_of(&first).targeting.rules[0].id.clone();
        assert!(!id.is_empty());
        let again = storage.execute(shop.id(), command, &by()).await.expect("written");
        assert!(!again.is_changed(), "the same rule is the same rule");
        assert_eq!(targeting_of(&again).targeting.rules[0].id, id);
    }

    async fn the_audit_log_can_be_gone_back_to(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        storage.execute(shop.id(), create_flag("checkout"), &by()).await.expect("created");
        storage.execute(shop.id(), create_flag("search"), &by()).await.expect("created");
        storage.execute(shop.id(), target("production", "checkout", rich().into()), &by()).await.expect("written");
        storage.execute(shop.id(), toggle("production", "checkout", false), &by()).await.expect("toggled");
        let filter = AuditFilter { action: Some("targeting.updated".to_owned()), ..AuditFilter::default() };
        let entries = storage.audit(shop.id(), &filter, &Page::first(10)).await.expect("read").items;
        let (project, production) = (key("shop"), key("production"));
        let restore = async |flag: &str, entry: usize, state| {
            let (flag, from) = (key(flag), RestoredFrom { entry: entries[entry].id, state });
            let targeting = storage.recorded_targeting(shop.id(), &project, &production, &flag, from).await?;
            let restore = Command::RestoreTargeting {
                project: project.clone(),
                environment: production.clone(),
                flag,
                targeting,
                from,
                expected_version: None,
            };
            storage.execute(shop.id(), restore, &by()).await
        };
        let restored = restore("checkout", 0, AuditState::Before).await.expect("restored");
        assert_eq!(targeting_of(&restored).targeting, rich());
        let restored = restore("checkout", 1, AuditState::Before).await.expect("restored");
        assert_eq!(targeting_of(&restored).targeting.rules, []);
        let other = restore("search", 0, AuditState::Before).await;
        assert!(matches!(other, Err(Error::NotFound { .. })), "an entry of another flag: {other:?}");
        let everything = AuditFilter::default();
        let newest = &storage.audit(shop.id(), &everything, &Page::first(1)).await.expect("read").items[0];
        let from = RestoredFrom { entry: entries[1].id, state: AuditState::Before };
        assert_eq!((newest.action.as_str(), newest.restored), ("targeting.restored", Some(from)));
    }

    async fn every_problem_is_told_with_its_place(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let problems = async |command| match storage.execute(shop.id(), command, &by()).await {
            Err(Error::Invalid(problems)) => {
                problems.into_iter().map(|problem| (problem.pointer, problem.code)).collect::<Vec<_>>()
            }
            other => panic!("expected problems: {other:?}"),
        };
        let bad = NewFlag {
            name: " ".to_owned(),
            tags: vec!["a \"quoted\" tag".to_owned()],
            variations: vec![
                variation("on", json!("yes")),
                variation("on", json!(true)),
                variation("nul", json!("\0")),
            ],
            ..new_flag("checkout")
        };
        let told = problems(Command::CreateFlag { project: key("shop"), flag: bad }).await;
        for pointer in ["/name", "/tags/0", "/variations/1/key", "/variations/2/value", "/variations/2"] {
            assert!(told.iter().any(|(told, _)| told == pointer), "{pointer} in {told:?}");
        }
        storage.execute(shop.id(), create_flag("checkout"), &by()).await.expect("created");
        let mut bad = rich();
        bad.off_variation = Some("nothing".to_owned());
        bad.rules[0].when = Condition::Segment("nobody".to_owned());
        bad.rules[0].serve = Serve::Split(Split {
            by: "targetingKey".to_owned(),
            seed: None,
            weights: vec![("on".to_owned(), 7)],
        });
        let told = problems(target("production", "checkout", bad.into())).await;
        for place in ["/offVariation", "/rules/0/serve/split/weights", "/rules/0/when/segment"] {
            assert!(told.iter().any(|(pointer, _)| pointer == place), "{place} in {told:?}");
        }
        // Taking a variation away names the environment that still serves it.
        storage.execute(shop.id(), target("staging", "checkout", rich().into()), &by()).await.expect("written");
        let patch = FlagPatch {
            variations: Some(vec![variation("on", json!(true)), variation("no", json!(false))]),
            ..FlagPatch::default()
        };
        let told = problems(Command::UpdateFlag {
            project: key("shop"),
            flag: key("checkout"),
            patch,
            expected_version: None,
        })
        .await;
        let split = "/environments/staging/fallthrough/split/weights/1/0";
        assert!(told.iter().any(|(pointer, _)| pointer.starts_with("/environments/production/offVariation")), "{told:?}");
        assert!(told.iter().any(|(pointer, _)| pointer.starts_with(split)), "{told:?}");
    }

    async fn a_definition_is_the_same_everywhere(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let new = NewFlag {
            type_: FlagType::Object,
            variations: vec![
                variation("big", json!({ "size": 1.5, "list": [1, null, "x"], "big": 1e21 })),
                variation("small", json!({})),
            ],
            tags: vec![" b".to_owned(), "a".to_owned(), "b".to_owned()],
            ..new_flag("theme")
        };
        let created = storage
            .execute(shop.id(), Command::CreateFlag { project: key("shop"), flag: new.clone() }, &by())
            .await
            .expect("created");
        let flag = &flag_of(&created).flag;
        assert_eq!(flag.variations, new.variations);
        assert_eq!(flag.tags, ["a", "b"]);
        let read = storage.flag(shop.id(), &key("shop"), &key("theme")).await.expect("read").expect("there");
        assert_eq!(read, *flag_of(&created));
        let patch = FlagPatch {
            client_visible: Some(true),
            variations: Some(vec![
                variation("small", json!({})),
                variation("big", json!({ "size": 2 })),
                variation("huge", json!({ "size": 3 })),
            ]),
            ..FlagPatch::default()
        };
        let updated = storage
            .execute(
                shop.id(),
                Command::UpdateFlag { project: key("shop"), flag: key("theme"), patch, expected_version: Some(1) },
                &by(),
            )
            .await
            .expect("updated");
        let order: Vec<_> = flag_of(&updated).flag.variations.iter().map(|variation| variation.key.as_str()).collect();
        assert_eq!(order, ["small", "big", "huge"], "people's order is kept");
        assert_eq!(updated.changes.len(), 3);
        for environment in &shop.created.overview.environments {
            let ruleset = storage.ruleset(environment.id).await.expect("read").expect("there");
            let served = &ruleset.flags["theme"];
            assert!(served.client_visible);
            assert_eq!(served.salt, flag.salt, "splits stay where they were");
            assert_eq!((served.version, served.variations.len()), (2, 3));
        }
    }
}
