//! Tasks, and what they delete in chunks.

use peekaboo_storage::{AuditId, Mail, MailTemplate, Storage, TaskKinds, UsageTable};
use time::Duration;
use uuid::Uuid;

use crate::ask;
use crate::harness::NOW;
use crate::plans::Plans;

pub(crate) async fn work(plans: &mut Plans, storage: &Storage) {
    let mut kinds = TaskKinds::default();
    kinds.add("mail.send", 1);
    kinds.add("deletion", 1);
    ask!(plans, storage.next_task(&kinds));
    ask!(
        plans,
        storage.claim_tasks(&kinds, 1, NOW, NOW + Duration::MINUTE)
    );
    let mail = Mail {
        to: "ada@example.com".to_owned(),
        template: MailTemplate::Test { dashboard: None },
    };
    ask!(plans, storage.queue_task(&mail, NOW, NOW));
    ask!(plans, storage.newest_audit_entry());
    ask!(
        plans,
        storage.has_audit_entry(AuditId::from_uuid(Uuid::nil()))
    );
    let claimed = storage
        .claim_tasks(&kinds, 1, NOW, NOW + Duration::MINUTE)
        .await
        .expect("claimed");
    let mut step = storage.begin_task(&claimed[0]).await.expect("begun");
    let (before, limit) = (NOW, 2_000);
    for table in UsageTable::ALL {
        ask!(
            plans,
            storage.forget_usage(step.transaction(), *table, before, limit)
        );
    }
    ask!(
        plans,
        storage.forget_audit(step.transaction(), before, limit)
    );
    ask!(
        plans,
        storage.forget_dead_tasks(step.transaction(), before, limit)
    );
    ask!(
        plans,
        storage.forget_requests(step.transaction(), before, limit)
    );
    ask!(
        plans,
        storage.forget_sessions(step.transaction(), before, limit)
    );
    ask!(
        plans,
        storage.forget_account_links(step.transaction(), before, limit)
    );
    ask!(
        plans,
        storage.forget_invitations(step.transaction(), before, limit)
    );
    for _ in 0..4 {
        ask!(plans, storage.delete_remains(step.transaction(), limit));
    }
}
