//! Lists page by cursor: nothing is left out or repeated, whatever comes and goes meanwhile.

use peekaboo_flags::FlagType;
use peekaboo_policy::BuiltIn;
use peekaboo_storage::{
    AuditFilter, Command, Error, FlagFilter, FlagPatch, FlagSort, List, NewApiToken, NewFlag,
    NewProject, NewSdkKey, NewTokenBearer, NewUser, Page, Result, SdkKeyKind, TokensOf,
};
use serde_json::json;

use crate::harness::{NOW, Shop, by, create_flag, key, new_flag, new_segment, on_both, variation};

/// Reads a whole list in pages of `limit`.
async fn pages<T>(limit: u32, mut read: impl AsyncFnMut(Page) -> Result<List<T>>) -> Vec<T> {
    let (mut all, mut page) = (Vec::new(), Page::first(limit));
    loop {
        let list = read(page).await.expect("read");
        assert!(list.items.len() <= limit as usize);
        let next = Page::after(limit, &list);
        all.extend(list.items);
        match next {
            Some(next) => page = next,
            None => return all,
        }
    }
}

on_both! {
    async fn every_list_has_every_item_once_in_pages_of_any_size(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        for n in 0..7 {
            storage.execute(shop.id(), create_flag(&format!("flag-{n}")), &by()).await.expect("created");
            let segment = Command::CreateSegment { project: key("shop"), segment: new_segment(&format!("segment-{n}")) };
            storage.execute(shop.id(), segment, &by()).await.expect("created");
            let new = NewApiToken { name: format!("token {n}"), bearer: NewTokenBearer::everywhere(BuiltIn::Viewer), expires_at: None };
            storage.create_api_token(shop.id(), new, &by()).await.expect("created");
            let user = NewUser {
                email: format!("user-{n}@example.com"),
                name: format!("User {n}"),
                password_hash: String::new(),
            };
            let user = storage.create_user(user, NOW).await.expect("created");
            storage.add_member(shop.id(), user.id, BuiltIn::Viewer, &by()).await.expect("added");
            let project = NewProject { key: key(&format!("p-{n}")), name: "P".to_owned(), description: String::new() };
            storage.execute(shop.id(), Command::CreateProject { project }, &by()).await.expect("created");
            let new = NewSdkKey::named(SdkKeyKind::Server, format!("key {n}"));
            let create = Command::CreateSdkKey { project: key("shop"), environment: key("staging"), key: new };
            storage.execute(shop.id(), create, &by()).await.expect("created");
        }
        let (id, project, staging) = (shop.id(), key("shop"), key("staging"));
        let everything = AuditFilter::default();
        let audit = pages(1_000, async |page| storage.audit(id, &everything, &page).await).await;
        assert!(audit.is_sorted_by_key(|entry| std::cmp::Reverse(entry.id)));
        for limit in [1, 2, 3, 7, 8, 100] {
            let segments = pages(limit, async |page| storage.segments(id, &project, None, &page).await).await;
            assert!(segments.is_sorted_by_key(|segment| segment.key.clone()));
            assert_eq!(segments.len(), 7);
            let tokens = pages(limit, async |page| storage.api_tokens(id, TokensOf::ServiceAccounts, &page).await).await;
            assert_eq!(tokens.len(), 7);
            let members = pages(limit, async |page| storage.members(id, None, &page).await).await;
            assert_eq!(members.len(), 8);
            let projects = pages(limit, async |page| storage.projects(id, &page).await).await;
            assert_eq!(projects.len(), 8);
            assert!(projects.iter().all(|overview| overview.environments.len() == 3));
            let keys = pages(limit, async |page| storage.sdk_keys(id, &project, &staging, &page).await).await;
            assert_eq!(keys.len(), 9);
            let again = pages(limit, async |page| storage.audit(id, &everything, &page).await).await;
            assert_eq!(again, audit);
        }
    }

    async fn flags_sort_and_page_in_every_order(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let names = ["beta", "Alpha", "émile", "alpha", "Zulu", "beta", "10", "Émile"];
        for (n, name) in names.iter().enumerate() {
            let at = NOW + time::Duration::microseconds([5, 3, 500_000, 1_000_000, 3, 7, 2, 2][n]);
            let by = peekaboo_storage::Attribution { at, ..by() };
            let flag = NewFlag { name: (*name).to_owned(), ..new_flag(&format!("flag-{}", [3, 1, 4, 0, 5, 7, 2, 6][n])) };
            storage.execute(shop.id(), Command::CreateFlag { project: key("shop"), flag }, &by).await.expect("created");
        }
        for sort in FlagSort::ALL {
            let filter = FlagFilter { sort: *sort, ..FlagFilter::default() };
            let read = async |page| Ok(storage.flags(shop.id(), &key("shop"), &filter, &page).await?.0);
            let whole = pages(100, read).await;
            assert_eq!(whole.len(), names.len());
            let in_order = |a: &peekaboo_storage::Flag, b: &peekaboo_storage::Flag| match sort {
                FlagSort::Key => a.key < b.key,
                FlagSort::KeyDescending => a.key > b.key,
                FlagSort::Name => a.name.to_lowercase() <= b.name.to_lowercase(),
                FlagSort::NameDescending => a.name.to_lowercase() >= b.name.to_lowercase(),
                FlagSort::Created => a.created_at <= b.created_at,
                FlagSort::CreatedDescending => a.created_at >= b.created_at,
                FlagSort::Updated => a.updated_at <= b.updated_at,
                FlagSort::UpdatedDescending => a.updated_at >= b.updated_at,
            };
            assert!(whole.is_sorted_by(|a, b| in_order(&a.flag, &b.flag)), "{sort}");
            for limit in [1, 3] {
                let read = async |page| Ok(storage.flags(shop.id(), &key("shop"), &filter, &page).await?.0);
                assert_eq!(pages(limit, read).await, whole, "{sort} in pages of {limit}");
            }
        }
    }

    async fn what_comes_and_goes_meanwhile_moves_no_other_item(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        for flag in ["b", "d", "f", "h"] {
            storage.execute(shop.id(), create_flag(flag), &by()).await.expect("created");
        }
        let filter = FlagFilter::default();
        let read = async |page: &Page| storage.flags(shop.id(), &key("shop"), &filter, page).await.expect("read").0;
        let first = read(&Page::first(2)).await;
        let delete = Command::DeleteFlag { project: key("shop"), flag: key("d"), expected_version: None };
        storage.execute(shop.id(), delete, &by()).await.expect("the one that the cursor names");
        for flag in ["a", "e"] {
            storage.execute(shop.id(), create_flag(flag), &by()).await.expect("created");
        }
        let second = read(&Page::after(2, &first).expect("more")).await;
        let keys: Vec<_> = second.items.iter().map(|overview| overview.flag.key.as_str()).collect();
        assert_eq!(keys, ["e", "f"]);
    }

    async fn flags_are_found_by_what_people_remember(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let flags = [
            NewFlag {
                name: "New Checkout 100%".to_owned(),
                description: "Ändert die Kasse".to_owned(),
                tags: vec!["pay".to_owned()],
                ..new_flag("checkout-v2")
            },
            NewFlag { name: "Ärlig sökning".to_owned(), tags: vec!["payments".to_owned()], ..new_flag("search") },
            NewFlag {
                type_: FlagType::String,
                variations: vec![variation("a", json!("a"))],
                tags: vec!["Pay".to_owned(), "ui".to_owned()],
                ..new_flag("banner_text")
            },
        ];
        for flag in flags {
            storage.execute(shop.id(), Command::CreateFlag { project: key("shop"), flag }, &by()).await.expect("created");
        }
        let archive = Command::UpdateFlag {
            project: key("shop"),
            flag: key("search"),
            patch: FlagPatch { archived: Some(true), ..FlagPatch::default() },
            expected_version: None,
        };
        storage.execute(shop.id(), archive, &by()).await.expect("archived");
        let tags = storage.flag_tags(shop.id(), &key("shop")).await.expect("read");
        assert_eq!(tags, ["Pay", "pay", "payments", "ui"], "each once, archived or not");
        let find = async |filter: FlagFilter| {
            let (list, total) = storage.flags(shop.id(), &key("shop"), &filter, &Page::first(10)).await.expect("read");
            let keys: Vec<_> = list.items.iter().map(|overview| overview.flag.key.to_string()).collect();
            assert_eq!(i64::try_from(keys.len()).expect("few"), total);
            keys
        };
        let search = |text: &str| FlagFilter { search: Some(text.to_owned()), ..FlagFilter::default() };
        assert_eq!(find(search("CHECKOUT")).await, ["checkout-v2"]);
        assert_eq!(find(search("ärlig SÖK")).await, ["search"]);
        assert_eq!(find(search("ändert DIE")).await, ["checkout-v2"]);
        assert_eq!(find(search("0%")).await, ["checkout-v2"], "no wildcard");
        assert_eq!(find(search("r_t")).await, ["banner_text"], "no wildcard");
        assert_eq!(find(search("% _")).await, [""; 0]);
        assert_eq!(find(search(" ")).await.len(), 3);
        let tag = |tag: &str| FlagFilter { tag: Some(tag.to_owned()), ..FlagFilter::default() };
        assert_eq!(find(tag("pay")).await, ["checkout-v2"], "the whole tag, in its case");
        assert_eq!(find(tag("ui")).await, ["banner_text"]);
        assert_eq!(find(FlagFilter { type_: Some(FlagType::String), ..FlagFilter::default() }).await, ["banner_text"]);
        assert_eq!(find(FlagFilter { archived: Some(true), ..FlagFilter::default() }).await, ["search"]);
        assert_eq!(find(FlagFilter { archived: Some(false), ..FlagFilter::default() }).await, ["banner_text", "checkout-v2"]);
        let both = FlagFilter { archived: Some(false), type_: Some(FlagType::Boolean), ..search("c") };
        assert_eq!(find(both).await, ["checkout-v2"]);
    }

    async fn another_list_s_cursor_is_refused(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        for cursor in ["", "made-up", "WyJhIiwiYiJd", "WyJhIl0"] {
            let page = Page { limit: 10, cursor: Some(cursor.to_owned()) };
            let filter = FlagFilter { sort: FlagSort::Updated, ..FlagFilter::default() };
            let refused = storage.flags(shop.id(), &key("shop"), &filter, &page).await;
            assert!(matches!(refused, Err(Error::Invalid(_))), "{cursor}: {refused:?}");
        }
    }
}
