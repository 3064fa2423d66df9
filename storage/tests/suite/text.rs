//! Text and numbers come back as they went in, whatever they are.

use peekaboo_flags::FlagType;
use peekaboo_storage::{AuditFilter, Command, Error, FlagFilter, NewFlag, Page};
use serde_json::{Value, json};

use crate::harness::{Shop, by, create_flag, flag_of, key, new_flag, on_both, variation};

on_both! {
    async fn values_come_back_as_they_went_in(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let texts = ["", " spaced ", "é e\u{301}", "\u{1F47B}", "\u{FFFF}", "quote\" back\\slash", "line\nbreak\ttab\r", "'; DROP TABLE flags; --", "\u{1}"];
        let numbers = [json!(0), json!(-1), json!(9_007_199_254_740_993_i64), json!(0.1), json!(1e-7), json!(1.0), json!(f64::MAX)];
        let nested = json!({ "z": 1, "a": { "deep": [[], {}, null, true] }, "": "empty key", "é": "\u{1F47B}" });
        for (flag, type_, values) in [
            ("texts", FlagType::String, texts.map(Value::from).to_vec()),
            ("numbers", FlagType::Number, numbers.to_vec()),
            ("objects", FlagType::Object, vec![nested]),
        ] {
            let variations: Vec<_> = values
                .iter()
                .enumerate()
                .map(|(index, value)| variation(&format!("v{index}"), value.clone()))
                .collect();
            let new = NewFlag { type_, variations: variations.clone(), ..new_flag(flag) };
            let created = storage
                .execute(shop.id(), Command::CreateFlag { project: key("shop"), flag: new }, &by())
                .await
                .expect("created");
            assert_eq!(flag_of(&created).flag.variations, variations);
            let read = storage.flag(shop.id(), &key("shop"), &key(flag)).await.expect("read").expect("there");
            for (read, written) in read.flag.variations.iter().zip(&variations) {
                // A number may come back in another notation: it is the same double.
                let same = read.value == written.value || read.value.as_f64() == written.value.as_f64();
                assert!(same, "{read:?} {written:?}");
            }
        }
    }

    async fn what_no_database_can_hold_is_found_nowhere(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        storage.execute(shop.id(), create_flag("checkout"), &by()).await.expect("created");
        let (project, page) = (key("shop"), Page::first(10));
        let text = || Some("check\0out".to_owned());
        for filter in [
            FlagFilter { search: text(), ..FlagFilter::default() },
            FlagFilter { tag: text(), ..FlagFilter::default() },
        ] {
            let (flags, total) = storage.flags(shop.id(), &project, &filter, &page).await.expect("read");
            assert_eq!((flags.items.len(), total), (0, 0));
        }
        let segments = storage.segments(shop.id(), &project, Some("\0"), &page).await.expect("read");
        assert_eq!(segments.items, []);
        assert_eq!(storage.user_by_email("ada@example.com\0").await.expect("read"), None);
        let filter = AuditFilter { subject_key: text(), action: text(), ..AuditFilter::default() };
        assert_eq!(storage.audit(shop.id(), &filter, &page).await.expect("read").items, []);
        // `["\u0000"]`
        let page = Page { limit: 10, cursor: Some("WyJcdTAwMDAiXQ".to_owned()) };
        let refused = storage.members(shop.id(), None, &page).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    }
}
