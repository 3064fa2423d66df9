//! What opens a hub: keys of applications and tokens of machines.

use peekaboo_policy::BuiltIn;
use peekaboo_storage::{
    Command, CreatedKey, Error, KeyCredential, NewApiToken, NewSdkKey, NewTokenBearer, Page,
    SdkKeyKind, SdkKeyPatch, Secret, TokensOf,
};
use time::Duration;

use crate::harness::{NOW, Shop, by, key, on_both, on_postgres_only, soon};

/// Replaces a key, which keeps working for an hour.
fn rotate(created: &CreatedKey) -> Command {
    Command::RotateSdkKey {
        project: key("shop"),
        environment: created.environment.clone(),
        key: created.key.id,
        grace_seconds: 3_600,
    }
}

on_both! {
    async fn a_new_project_has_a_key_of_each_kind_in_each_environment(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        assert_eq!(shop.created.keys.len(), 6);
        let tenant = storage.tenant(shop.id()).await.expect("read").expect("there");
        assert_eq!(tenant.keys.len(), 6);
        for created in &shop.created.keys {
            let secret = created.secret.expose();
            assert!(secret.starts_with(created.key.kind.prefix()));
            assert!(secret.starts_with(&created.key.prefix));
            let (organization, record) = storage.find_key(created.secret.hash()).await.expect("read").expect("found");
            assert_eq!((organization, record.environment), (shop.id(), created.key.environment));
            assert_eq!(record.kind, created.key.kind);
            assert!(tenant.keys.contains(&record));
            match created.key.kind {
                SdkKeyKind::Client => assert_eq!(created.key.token.as_deref(), Some(secret)),
                SdkKeyKind::Server => assert_eq!(created.key.token, None),
            }
        }
        assert_eq!(storage.find_key(Secret::new("pbs_guess").hash()).await.expect("read"), None);
        assert!(!storage.is_revoked_key(Secret::new("pbs_guess").hash()).await.expect("read"));
    }

    async fn a_server_key_is_nowhere_in_the_database(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let server = shop.created.keys.iter().find(|created| created.key.kind == SdkKeyKind::Server).expect("made");
        let entries = storage
            .audit(shop.id(), &peekaboo_storage::AuditFilter::default(), &Page::first(100))
            .await
            .expect("read");
        let shown = format!("{entries:?} {:?} {server:?}", storage.tenant(shop.id()).await.expect("read"));
        assert!(!shown.contains(&server.secret.expose()[20..]));
    }

    async fn a_revoked_key_is_no_longer_found_but_known_to_be_revoked(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let created = &shop.created.keys[0];
        let revoke = async |environment: &str, expected_version| {
            let revoke = Command::RevokeSdkKey {
                project: key("shop"),
                environment: key(environment),
                key: created.key.id,
                expected_version,
            };
            storage.execute(shop.id(), revoke, &by()).await
        };
        let own = created.environment.as_str();
        let before = storage.tenant(shop.id()).await.expect("read").expect("there");
        assert!(!storage.is_revoked_key(created.secret.hash()).await.expect("read"));
        let conflict = revoke(own, Some(99)).await;
        assert!(matches!(conflict, Err(Error::VersionConflict { .. })), "{conflict:?}");
        let revoked = revoke(own, None).await.expect("revoked").outcome.sdk_key().expect("a key");
        assert_eq!(revoked.revoked_at, Some(NOW));
        assert_eq!(storage.find_key(created.secret.hash()).await.expect("read"), None);
        assert!(storage.is_revoked_key(created.secret.hash()).await.expect("read"));
        let after = storage.tenant(shop.id()).await.expect("read").expect("there");
        assert_eq!(after.revision, before.revision + 1, "hubs are told by the revision");
        assert_eq!(after.keys.len(), before.keys.len() - 1);
        let again = revoke(own, None).await.expect("once is enough");
        assert!(!again.is_changed());
        assert_eq!(again.outcome.sdk_key().expect("a key"), revoked);
        assert_eq!(storage.tenant(shop.id()).await.expect("read").expect("there").revision, after.revision);
        let rotated = storage.execute(shop.id(), rotate(created), &by()).await;
        assert!(matches!(rotated, Err(Error::Invalid(_))), "{rotated:?}");
        let missing = revoke("staging", None).await;
        assert!(matches!(missing, Err(Error::NotFound { .. })), "{missing:?}");
    }

    async fn a_rotated_key_opens_for_its_grace(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let created = &shop.created.keys[1];
        let update = async |patch| {
            let update = Command::UpdateSdkKey {
                project: key("shop"),
                environment: created.environment.clone(),
                key: created.key.id,
                patch,
                expected_version: Some(1),
            };
            storage.execute(shop.id(), update, &by()).await
        };
        let patch = SdkKeyPatch { origins: Some(vec!["https://shop.example".to_owned()]), ..SdkKeyPatch::default() };
        let updated = update(patch).await.expect("updated").outcome.sdk_key().expect("a key");
        assert_eq!((updated.version, updated.origins.len()), (2, 1));
        let stale = SdkKeyPatch { name: Some("Other".to_owned()), ..SdkKeyPatch::default() };
        let conflict = update(stale).await;
        assert!(matches!(conflict, Err(Error::VersionConflict { .. })), "{conflict:?}");
        let rotated = storage.execute(shop.id(), rotate(created), &by()).await.expect("rotated");
        let successor = rotated.outcome.created_sdk_key().expect("a key");
        assert_eq!((&successor.key.origins, successor.key.kind), (&updated.origins, updated.kind));
        assert_ne!(successor.secret, created.secret);
        let (_, old) = storage.find_key(created.secret.hash()).await.expect("read").expect("it still opens");
        assert_eq!(old.expires_at, Some(NOW + Duration::HOUR));
        let (_, new) = storage.find_key(successor.secret.hash()).await.expect("read").expect("found");
        assert_eq!(new.expires_at, None);
        let listed = storage.sdk_keys(shop.id(), &key("shop"), &created.environment, &Page::first(10)).await.expect("read");
        assert_eq!(listed.items.len(), 3, "the successor among them");
        storage.touch_sdk_keys(&[(new.id, NOW), (new.id, NOW - Duration::HOUR)]).await.expect("noted");
        let listed = storage.sdk_keys(shop.id(), &key("shop"), &created.environment, &Page::first(10)).await.expect("read");
        let touched = listed.items.iter().find(|key| key.id == new.id).expect("listed");
        assert_eq!(touched.last_used_at, Some(NOW));
    }

    async fn an_imported_key_opens_and_its_secret_was_never_here(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let secret = Secret::new("pbs_demo_production");
        let import = |environment: &str, credential: &KeyCredential| Command::ImportSdkKey {
            project: key("shop"),
            environment: key(environment),
            key: NewSdkKey::named(SdkKeyKind::Server, "Demo"),
            credential: credential.clone(),
        };
        let credential = KeyCredential::of(SdkKeyKind::Server, &secret);
        let imported = storage.execute(shop.id(), import("production", &credential), &by()).await.expect("imported");
        let imported = imported.outcome.sdk_key().expect("a key, without a secret");
        let (_, record) = storage.find_key(secret.hash()).await.expect("read").expect("it opens");
        assert_eq!(record.id, imported.id);
        let again = storage.execute(shop.id(), import("staging", &credential), &by()).await;
        assert!(matches!(again, Err(Error::AlreadyExists { .. })), "{again:?}");
        let mismatched = KeyCredential::of(SdkKeyKind::Client, &Secret::new("pbc_demo"));
        let refused = storage.execute(shop.id(), import("staging", &mismatched), &by()).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    }

    async fn origins_are_checked(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let server = NewSdkKey {
            origins: vec!["https://a.example".to_owned()],
            ..NewSdkKey::named(SdkKeyKind::Server, "Backend")
        };
        let malformed = NewSdkKey {
            origins: vec!["a.example/".to_owned()],
            ..NewSdkKey::named(SdkKeyKind::Client, "Page")
        };
        for bad in [server, malformed] {
            let create = Command::CreateSdkKey { project: key("shop"), environment: key("production"), key: bad };
            let refused = storage.execute(shop.id(), create, &by()).await;
            assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
        }
    }

    async fn a_token_opens_until_it_expires_or_is_revoked(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let new = NewApiToken { name: "CI".to_owned(), bearer: NewTokenBearer::everywhere(BuiltIn::Editor), expires_at: Some(NOW + Duration::DAY) };
        let (token, secret) = storage.create_api_token(shop.id(), new.clone(), &by()).await.expect("created");
        assert!(secret.expose().starts_with("pbt_"));
        let find = async |at| storage.find_api_token(secret.hash(), at).await.expect("read");
        assert_eq!(find(NOW).await.expect("found").token, token);
        let used = find(NOW + Duration::seconds(30)).await.expect("found");
        assert_eq!(used.token.last_used_at, Some(NOW), "the use before was noted");
        let used = find(NOW + Duration::seconds(31)).await.expect("found");
        assert_eq!(used.token.last_used_at, Some(NOW), "but no more than once a minute");
        assert_eq!(find(NOW + Duration::DAY).await, None, "expired");
        storage.revoke_api_token(shop.id(), token.id, &by()).await.expect("revoked");
        assert_eq!(find(NOW).await, None);
        let again = storage.revoke_api_token(shop.id(), token.id, &by()).await;
        assert!(matches!(again, Err(Error::NotFound { .. })), "{again:?}");
        assert_eq!(storage.api_tokens(shop.id(), TokensOf::ServiceAccounts, &Page::first(10)).await.expect("read").items, []);
    }
}

on_postgres_only! {
    async fn uses_are_noted_in_one_order_so_that_nodes_never_wait_for_each_other(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let mut ids: Vec<_> = shop.created.keys.iter().map(|created| created.key.id).collect();
        ids.sort_unstable();
        let (first, last) = (ids[0], ids[ids.len() - 1]);
        // Another node has noted the first, and is about to note the last.
        let note = |id| format!("UPDATE sdk_keys SET last_used_at = now() WHERE id = '{id}'");
        let mut other = database.raw(&format!("BEGIN; {}", note(first))).await;
        let noting = tokio::spawn({
            let storage = storage.clone();
            async move { storage.touch_sdk_keys(&[(last, NOW), (first, NOW)]).await }
        });
        let mut watcher = database.raw("SELECT 1").await;
        let waits = "SELECT 1 / count(*) FROM pg_stat_activity \
                     WHERE datname = current_database() AND wait_event_type = 'Lock'";
        soon(async { while !watcher.run(waits).await {} }).await;
        let locked = format!("SELECT 1 FROM sdk_keys WHERE id = '{last}' FOR UPDATE NOWAIT");
        assert!(other.run(&locked).await, "nobody holds the last who waits for the first");
        assert!(other.run("COMMIT").await);
        noting.await.expect("no panic").expect("noted");
    }
}
