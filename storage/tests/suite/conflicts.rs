//! Nobody's change is lost: who expected another version is told what is there, and what changes nothing writes nothing.

use peekaboo_flags::model::Serve;
use peekaboo_storage::{
    Command, Current, Entity, Error, FlagPatch, Outcome, SegmentPatch, TargetingPatch,
};

use crate::harness::{
    Held, Shop, by, create_flag, flag_of, key, new_flag, new_segment, on_both, targeting_of, toggle,
};

on_both! {
    async fn who_expected_another_version_gets_the_current_state(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let created = storage.execute(shop.id(), create_flag("checkout"), &by()).await.expect("created");
        let first = flag_of(&created).flag.version;

        let rename = |name: &str| Command::UpdateFlag {
            project: key("shop"),
            flag: key("checkout"),
            patch: FlagPatch { name: Some(name.to_owned()), ..FlagPatch::default() },
            expected_version: Some(first),
        };
        storage.execute(shop.id(), rename("Ada's"), &by()).await.expect("the first");
        let held = Held::by(&storage, shop.id()).await;
        let refused = storage.execute(shop.id(), rename("Grace's"), &by()).await;
        let Err(Error::VersionConflict { current }) = refused else { panic!("{refused:?}") };
        let Current::Outcome(Outcome::Flag(overview)) = *current else { panic!("{current:?}") };
        assert_eq!((overview.flag.name.as_str(), overview.flag.version), ("Ada's", first + 1));

        let targeting = storage
            .targeting(shop.id(), &key("shop"), &key("production"), &key("checkout"))
            .await
            .expect("read")
            .expect("there");
        let set = |expected| Command::UpdateTargeting {
            project: key("shop"),
            environment: key("production"),
            flag: key("checkout"),
            patch: TargetingPatch::enabled(true),
            expected_version: Some(expected),
        };
        let refused = storage.execute(shop.id(), set(targeting.version - 1), &by()).await;
        let Err(Error::VersionConflict { current }) = refused else { panic!("{refused:?}") };
        let Current::Outcome(Outcome::Targeting(current)) = *current else { panic!("{current:?}") };
        assert_eq!(*current, targeting);
        assert_eq!(held.assert_whole(&storage, shop.id()).await, 0, "a refused command writes nothing");

        let set = storage.execute(shop.id(), set(targeting.version), &by()).await.expect("as expected");
        assert_eq!(targeting_of(&set).version, targeting.version + 1);
    }

    async fn a_segment_s_version_is_expected_too(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let create = Command::CreateSegment { project: key("shop"), segment: new_segment("beta") };
        storage.execute(shop.id(), create, &by()).await.expect("created");
        let update = |expected| Command::UpdateSegment {
            project: key("shop"),
            segment: key("beta"),
            patch: SegmentPatch { included: Some(vec!["ada".into()]), ..SegmentPatch::default() },
            expected_version: Some(expected),
        };
        let refused = storage.execute(shop.id(), update(7), &by()).await;
        let Err(Error::VersionConflict { current }) = refused else { panic!("{refused:?}") };
        let Current::Outcome(Outcome::Segment(segment)) = *current else { panic!("{current:?}") };
        assert_eq!(segment.version, 1);
        let updated = storage.execute(shop.id(), update(1), &by()).await.expect("as expected");
        assert_eq!(updated.changes.len(), 3, "a segment is the same in every environment");
        let refused = storage
            .execute(
                shop.id(),
                Command::DeleteSegment { project: key("shop"), segment: key("beta"), expected_version: Some(1) },
                &by(),
            )
            .await;
        assert!(matches!(refused, Err(Error::VersionConflict { .. })), "{refused:?}");
    }

    async fn what_changes_nothing_raises_nothing(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        storage.execute(shop.id(), create_flag("checkout"), &by()).await.expect("created");
        let create = Command::CreateSegment { project: key("shop"), segment: new_segment("beta") };
        storage.execute(shop.id(), create, &by()).await.expect("created");
        storage.execute(shop.id(), toggle("production", "checkout", true), &by()).await.expect("toggled");
        let held = Held::by(&storage, shop.id()).await;
        let audited = crate::audit::actions(&storage, shop.id()).await;

        let same = new_flag("checkout");
        let commands = [
            toggle("production", "checkout", true),
            toggle("staging", "checkout", false),
            Command::UpdateTargeting {
                project: key("shop"),
                environment: key("production"),
                flag: key("checkout"),
                patch: TargetingPatch {
                    fallthrough: Some(Serve::Variation("on".to_owned())),
                    rules: Some(Vec::new()),
                    ..TargetingPatch::default()
                },
                expected_version: None,
            },
            Command::UpdateFlag {
                project: key("shop"),
                flag: key("checkout"),
                patch: FlagPatch {
                    name: Some(same.name),
                    variations: Some(same.variations),
                    archived: Some(false),
                    ..FlagPatch::default()
                },
                expected_version: None,
            },
            Command::UpdateSegment {
                project: key("shop"),
                segment: key("beta"),
                patch: SegmentPatch { name: Some("beta".to_owned()), ..SegmentPatch::default() },
                expected_version: Some(1),
            },
        ];
        for command in commands {
            let committed = storage.execute(shop.id(), command, &by()).await.expect("accepted");
            assert!(!committed.is_changed(), "{committed:?}");
            assert_ne!(committed.outcome, Outcome::Deleted, "it answers the present state");
        }
        assert_eq!(held.assert_whole(&storage, shop.id()).await, 0);
        assert_eq!(crate::audit::actions(&storage, shop.id()).await, audited);
    }

    async fn a_key_is_given_once(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        storage.execute(shop.id(), create_flag("checkout"), &by()).await.expect("created");
        let again = storage.execute(shop.id(), create_flag("checkout"), &by()).await;
        assert!(
            matches!(&again, Err(Error::AlreadyExists { what: Entity::Flag, key }) if key == "checkout"),
            "{again:?}"
        );
        let missing = storage.execute(shop.id(), toggle("production", "nothing", true), &by()).await;
        assert!(matches!(missing, Err(Error::NotFound { what: Entity::Flag })), "{missing:?}");
        let missing = storage.execute(shop.id(), toggle("nowhere", "checkout", true), &by()).await;
        assert!(matches!(missing, Err(Error::NotFound { what: Entity::Environment })), "{missing:?}");
    }
}
