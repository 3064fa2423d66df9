//! Flags, segments, keys, environments and the audit log.

use peekaboo_flags::FlagType;
use peekaboo_storage::{
    Attribution, AuditFilter, AuditState, FlagFilter, FlagSort, Page, RestoredFrom, SecretHash,
    Storage,
};
use serde_json::Value;

use crate::ask;
use crate::harness::{NOW, Shop, key};
use crate::plans::Plans;

pub(crate) async fn read(plans: &mut Plans, storage: &Storage, shop: &Shop) {
    let (id, project, flag) = (shop.id(), key("shop"), key("flag-7"));
    let (production, page) = (key("production"), Page::first(50));
    let environment = shop.environment("production");
    let hash = SecretHash::of("secret");
    ask!(plans, storage.organization(&key("acme")));
    ask!(plans, storage.organization_by_id(id));
    ask!(plans, storage.projects(id, &page));
    let keys = ["shop".to_owned(), "project-1".to_owned()];
    ask!(plans, storage.projects_among(id, &keys, &page));
    ask!(plans, storage.flag_counts(id));
    ask!(plans, storage.project(id, &project));
    ask!(plans, storage.environments(id, &project));
    ask!(plans, storage.environment(id, &project, &production));
    let searched = FlagFilter {
        search: Some("5".to_owned()),
        tag: Some("t".to_owned()),
        type_: Some(FlagType::Boolean),
        archived: Some(false),
        sort: FlagSort::Key,
    };
    ask!(plans, storage.flags(id, &project, &searched, &page));
    for sort in FlagSort::ALL {
        for archived in [None, Some(false)] {
            let filter = FlagFilter {
                archived,
                sort: *sort,
                ..FlagFilter::default()
            };
            let first = storage
                .flags(id, &project, &filter, &page)
                .await
                .expect("read")
                .0;
            let second = Page::after(50, &first).expect("more");
            ask!(plans, storage.flags(id, &project, &filter, &page));
            ask!(plans, storage.flags(id, &project, &filter, &second));
        }
    }
    ask!(plans, storage.flag(id, &project, &flag));
    ask!(plans, storage.flag_tags(id, &project));
    ask!(plans, storage.targeting(id, &project, &production, &flag));
    ask!(plans, storage.flag_dependents(id, &project, &key("flag-4")));
    ask!(
        plans,
        storage.segment_dependents(id, &project, &key("segment-4"))
    );
    ask!(plans, storage.segments(id, &project, Some("5"), &page));
    ask!(plans, storage.segment(id, &project, &key("segment-4")));
    ask!(plans, storage.sdk_keys(id, &project, &production, &page));
    ask!(plans, storage.find_key(hash));
    ask!(plans, storage.is_revoked_key(hash));
    ask!(plans, storage.keys_of(environment.id));
    ask!(plans, storage.has_more_flags(environment.id, 20));
    let uses = [(shop.created.keys[0].key.id, NOW)];
    ask!(plans, storage.touch_sdk_keys(&uses));
    ask!(plans, storage.tenant(id));
    ask!(plans, storage.ruleset(environment.id));
    ask!(
        plans,
        storage.changes_since(environment.id, &environment.epoch, 0, 10)
    );
    ask!(plans, storage.export(id, &project, &production));
    let everything = AuditFilter::default();
    let first = storage.audit(id, &everything, &page).await.expect("read");
    ask!(plans, storage.audit(id, &everything, &page));
    ask!(
        plans,
        storage.audit(id, &everything, &Page::after(50, &first).expect("more"))
    );
    let of_flag = AuditFilter {
        project: Some("shop".to_owned()),
        subject_kind: Some("flag".to_owned()),
        subject_key: Some("flag-7".to_owned()),
        ..AuditFilter::default()
    };
    ask!(plans, storage.audit(id, &of_flag, &page));
    let of_person = AuditFilter {
        actor: Some(shop.owner.id.as_uuid()),
        since: Some(NOW),
        until: Some(NOW),
        ..AuditFilter::default()
    };
    ask!(plans, storage.audit(id, &of_person, &page));
    ask!(plans, storage.audit_between(id, &of_flag, (0, 100), 50));
    ask!(plans, storage.audit_trail(id));
    ask!(plans, storage.audit_after(id, 0, 50));
    let by = Attribution::system("test", NOW);
    ask!(plans, storage.record_audit_export(id, Value::Null, &by));
    let entry = first.items[0].id;
    ask!(plans, storage.audit_entry(id, entry));
    let from = RestoredFrom {
        entry,
        state: AuditState::After,
    };
    ask!(
        plans,
        storage.recorded_targeting(id, &project, &production, &flag, from)
    );
}
