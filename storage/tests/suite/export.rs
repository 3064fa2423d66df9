//! An environment's export: what people set there, at one moment.

use peekaboo_storage::{Command, FlagPatch, NewFlag};

use crate::harness::{Shop, by, create_flag, key, new_flag, new_segment, on_both, toggle};

on_both! {
    async fn an_export_holds_every_flag_and_segment_as_they_are_in_the_environment(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let export = async |environment: &str| {
            storage.export(shop.id(), &key("shop"), &key(environment)).await.expect("read")
        };
        assert!(export("production").await.expect("there").flags.is_empty());
        assert_eq!(export("nowhere").await, None);

        let own = NewFlag { salt: Some("own".to_owned()), ..new_flag("search") };
        let archive = FlagPatch { archived: Some(true), ..FlagPatch::default() };
        for command in [
            create_flag("checkout"),
            Command::CreateFlag { project: key("shop"), flag: own },
            Command::CreateFlag { project: key("shop"), flag: new_flag("old") },
            Command::CreateSegment { project: key("shop"), segment: new_segment("beta") },
            toggle("production", "checkout", true),
            Command::UpdateFlag { project: key("shop"), flag: key("old"), patch: archive, expected_version: None },
        ] {
            storage.execute(shop.id(), command, &by()).await.expect("executed");
        }

        let production = export("production").await.expect("there");
        let staging = export("staging").await.expect("there");
        let flags: Vec<_> = production
            .flags
            .iter()
            .map(|exported| {
                let (flag, targeting) = (&exported.flag, &exported.targeting);
                (flag.key.as_str(), flag.archived_at.is_some(), targeting.targeting.enabled, targeting.version)
            })
            .collect();
        assert_eq!(flags, [("checkout", false, true, 2), ("old", true, false, 2), ("search", false, false, 1)]);
        assert!(staging.flags.iter().all(|exported| !exported.targeting.targeting.enabled));
        assert_eq!(production.flags[2].flag.salt, "own");
        assert_eq!(production.segments.len(), 1);

        let ruleset = storage.ruleset(production.environment.id).await.expect("read").expect("there");
        assert_eq!(ruleset.version, production.environment.version.unsigned_abs());
        assert_eq!(ruleset.flags["search"].salt, "own");
        assert_eq!(ruleset.flags["checkout"].salt, production.flags[0].flag.salt);
    }
}
