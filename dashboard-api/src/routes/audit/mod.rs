//! Who changed what, when, from where and why.

mod chain;
mod csv;
mod export;
mod filter;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use serde_json::Value;
use time::OffsetDateTime;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use self::filter::AuditQuery;
use super::path::OrganizationPath;
use super::targeting::RestoredState;
use crate::ApiState;
use crate::auth::may;
use crate::http::{Page, PageQuery, Query};
use crate::problem::Problem;

/// The endpoints.
pub(super) fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list_audit_entries))
        .routes(routes!(export::export_audit))
        .routes(routes!(chain::get_audit_chain))
        .routes(routes!(chain::verify_audit))
}

/// One change.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0193f3a2-6c1e-7c3a-9d52-3f1f6a0e8b11", "at": "2026-11-23T17:44:34.000001Z",
    "actor": {"kind": "user", "id": "0193f3a2-0000-7c3a-9d52-3f1f6a0e8b11", "name": "Ada Lovelace"},
    "action": "targeting.updated", "project": "storefront", "environment": "production",
    "subject": {"kind": "flag", "key": "new-checkout"},
    "before": {"enabled": false}, "after": {"enabled": true}, "comment": "launch day"
}))]
pub(crate) struct AuditEntry {
    /// Its id; later entries have greater ones.
    pub id: Uuid,
    /// When it was committed.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// Who did it.
    pub actor: AuditActor,
    /// From where; absent where nobody sent a request.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub origin: Option<AuditOrigin>,
    /// What was done, as `flag.created`, `targeting.updated`, `key.revoked`.
    pub action: String,
    /// The project's key, where it was in one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub project: Option<String>,
    /// The environment's key, where it was in one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub environment: Option<String>,
    /// What it was done to.
    pub subject: AuditSubject,
    /// What it was before, in the shape in which this API shows it; absent for what was created.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = std::collections::BTreeMap<String, Value>, nullable = false)]
    pub before: Option<Value>,
    /// What it was afterwards; absent for what was deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = std::collections::BTreeMap<String, Value>, nullable = false)]
    pub after: Option<Value>,
    /// What was left out of `before` and `after` because they are large, list by list; absent where they are whole.
    /// Comparing the two says the same as comparing the whole states.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(nullable = false)]
    pub elided: Vec<Elided>,
    /// Why, in the words of who did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub comment: Option<String>,
    /// Where a restored targeting comes from; absent for any other change.
    #[serde(rename = "restoredFrom", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub restored_from: Option<RestoredFrom>,
    /// Its number in the organization's chain, from 1 without a gap.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub sequence: Option<i64>,
    /// Its hash, which covers that of the entry before; an export has everything that is hashed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub hash: Option<String>,
}

/// Where a change came from.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuditOrigin {
    /// The address, as far as it can be trusted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub address: Option<String>,
    /// What the client calls itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub user_agent: Option<String>,
    /// The session that was used.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub session: Option<Uuid>,
    /// The id of the token that was used.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub token: Option<Uuid>,
}

/// Values that were left out of a long list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Elided {
    /// Where the list is, as a JSON Pointer into `after`, or into `before` where only that has it.
    pub pointer: String,
    /// How many values both states have.
    pub unchanged: u64,
    /// How many more values than `before` lists were removed.
    pub removed: u64,
    /// How many more values than `after` lists were added.
    pub added: u64,
}

/// The change that a targeting was restored from.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RestoredFrom {
    /// The audit entry's id.
    pub entry: Uuid,
    /// Which side of it.
    pub state: RestoredState,
}

/// A page of changes.
pub(crate) type AuditEntryPage = Page<AuditEntry>;

/// Who made a change.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct AuditActor {
    /// What they are.
    pub kind: ActorKind,
    /// The id of the user or token; null for the system.
    #[schema(required)]
    pub id: Option<Uuid>,
    /// Their name then.
    pub name: String,
}

/// What made a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ActorKind {
    /// A person.
    User,
    /// An API token.
    Token,
    /// The hub, or its operator on the command line.
    System,
}

/// What a change was made to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct AuditSubject {
    /// What it is: organization, project, environment, flag, segment, key, member, team, role, grant, serviceAccount or
    /// token.
    pub kind: String,
    /// Its key; an id for what has none.
    pub key: String,
}

/// List changes
///
/// Only changes of what the caller can view. Changes of access need `audit.readAccess` on the organization.
#[utoipa::path(
    get, path = "/organizations/{org}/audit", tag = "audit", operation_id = "listAuditEntries",
    extensions(("x-permission" = json!("audit.read"))), params(OrganizationPath, AuditQuery, PageQuery),
    responses((status = 200, description = "The changes, newest first.", body = AuditEntryPage)),
)]
pub(crate) async fn list_audit_entries(
    State(state): State<ApiState>,
    may::AuditRead(member): may::AuditRead,
    Query(query): Query<AuditQuery>,
    page: PageQuery,
) -> Result<Json<AuditEntryPage>, Problem> {
    let filter = query.filter(&member)?;
    let entries = state
        .storage()
        .audit(member.tenant(), &filter, &page.into())
        .await?;
    Ok(Json(Page::of(entries)))
}

impl From<peekaboo_storage::Elided> for Elided {
    fn from(elided: peekaboo_storage::Elided) -> Self {
        let count = |count| u64::try_from(count).unwrap_or(u64::MAX);
        Self {
            pointer: elided.pointer,
            unchanged: count(elided.unchanged),
            removed: count(elided.removed),
            added: count(elided.added),
        }
    }
}

impl From<peekaboo_storage::Origin> for AuditOrigin {
    fn from(origin: peekaboo_storage::Origin) -> Self {
        Self {
            address: origin.address,
            user_agent: origin.user_agent,
            session: origin.session,
            token: origin.token,
        }
    }
}

impl From<peekaboo_storage::AuditEntry> for AuditEntry {
    fn from(entry: peekaboo_storage::AuditEntry) -> Self {
        Self {
            id: entry.id.as_uuid(),
            at: entry.at,
            actor: AuditActor {
                kind: match entry.actor.kind {
                    peekaboo_storage::ActorKind::User => ActorKind::User,
                    peekaboo_storage::ActorKind::Token => ActorKind::Token,
                    peekaboo_storage::ActorKind::System => ActorKind::System,
                },
                id: entry.actor.id,
                name: entry.actor.name,
            },
            action: entry.action,
            project: entry.project.map(Into::into),
            environment: entry.environment.map(Into::into),
            subject: AuditSubject {
                kind: entry.subject.kind,
                key: entry.subject.key,
            },
            before: entry.before,
            after: entry.after,
            elided: entry.elided.into_iter().map(Into::into).collect(),
            comment: entry.comment,
            origin: entry.origin.map(Into::into),
            sequence: entry.link.map(|link| link.sequence),
            hash: entry.link.map(|link| link.hash.to_string()),
            restored_from: entry.restored.map(|restored| RestoredFrom {
                entry: restored.entry.as_uuid(),
                state: restored.state.into(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::harness::TestApi;
    use axum::http::{Method, StatusCode};
    use peekaboo_policy::BuiltIn;

    const AUDIT: &str = "/organizations/acme/audit";

    #[tokio::test]
    async fn each_change_says_who_made_it_to_what_and_why() {
        let (api, owner) = TestApi::with_shop().await;
        let acme = api.acme_id().await;
        let bob = api.member(acme, "bob@example.com", BuiltIn::Editor).await;
        api.flag(&owner, "checkout").await;
        let path = "/organizations/acme/projects/shop/flags/checkout/environments/production";
        api.call(&bob, Method::PATCH, path)
            .header("peekaboo-comment", "launch%20day%20%E2%9C%93")
            .json(serde_json::json!({"enabled": true}))
            .expect(StatusCode::OK)
            .await;
        let listed = api.get(&owner, AUDIT).await;
        let entry = &listed.body["items"][0];
        assert_eq!(entry["action"], "targeting.updated");
        assert_eq!(entry["actor"]["kind"], "user");
        assert_eq!(entry["actor"]["name"], "bob@example.com");
        assert_eq!(
            entry["subject"],
            serde_json::json!({"kind": "flag", "key": "checkout"})
        );
        assert_eq!(entry["project"], "shop");
        assert_eq!(entry["environment"], "production");
        assert_eq!(entry["before"]["enabled"], false);
        assert_eq!(entry["after"]["enabled"], true);
        assert_eq!(entry["comment"], "launch day ✓");
        assert!(entry["origin"]["address"].is_string(), "{entry}");
        assert!(entry["origin"]["session"].is_string(), "{entry}");
    }

    #[tokio::test]
    async fn the_list_is_narrowed_by_what_is_asked_for() {
        let (api, owner) = TestApi::with_shop().await;
        api.flag(&owner, "checkout").await;
        api.flag(&owner, "search").await;
        api.toggle(&owner, "checkout", "staging", true).await;
        let listed = async |query: &str| {
            let path = format!("{AUDIT}?{query}");
            let listed = api.get(&owner, &path).await;
            let actions = listed.each("action").into_iter();
            let actions: Vec<_> = actions
                .map(|action| action.as_str().unwrap().to_owned())
                .collect();
            actions
        };
        assert_eq!(
            listed("flag=checkout").await,
            ["targeting.updated", "flag.created"]
        );
        assert_eq!(listed("flag=search").await, ["flag.created"]);
        assert_eq!(
            listed("action=targeting.updated").await,
            ["targeting.updated"]
        );
        assert!(listed("project=other").await.is_empty());
        let machine = api.acme(BuiltIn::Editor).await;
        api.toggle(&machine, "search", "staging", true).await;
        let entry = api.get(&owner, &format!("{AUDIT}?limit=1")).await.body["items"][0].clone();
        let actor = entry["actor"]["id"].as_str().unwrap();
        assert_eq!(entry["origin"]["token"], actor, "{entry}");
        assert_eq!(
            listed(&format!("actor={actor}")).await,
            ["targeting.updated"]
        );
        assert!(
            listed("subjectKind=token")
                .await
                .contains(&"token.created".to_owned())
        );
        assert_eq!(listed("subjectKind=flag&subject=search").await.len(), 2);
        let now = entry["at"].as_str().unwrap();
        assert_eq!(
            listed(&format!("until={now}&flag=search")).await,
            ["flag.created"]
        );
        assert_eq!(
            listed(&format!("since={now}&flag=search")).await,
            ["targeting.updated"]
        );
        for (query, pointer, code) in [
            ("flag=a&segment=b", "?segment", "not_applicable"),
            ("flag=a&subject=b", "?subject", "not_applicable"),
            ("segment=a&subjectKind=b", "?subjectKind", "not_applicable"),
            (
                "since=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z",
                "?until",
                "out_of_range",
            ),
        ] {
            api.call(&owner, Method::GET, &format!("{AUDIT}?{query}"))
                .invalid(pointer, code)
                .await;
        }
    }

    #[tokio::test]
    async fn who_may_not_see_members_and_tokens_does_not_see_their_changes() {
        let (api, owner) = TestApi::with_shop().await;
        let acme = api.acme_id().await;
        api.member(acme, "bob@example.com", BuiltIn::Editor).await;
        let made = api
            .call(&owner, Method::POST, "/organizations/acme/tokens")
            .json(serde_json::json!({"name": "terraform", "role": "admin"}))
            .expect(StatusCode::CREATED)
            .await;
        let prefix = made.body["prefix"].as_str().unwrap();
        for (role, sees) in [
            (BuiltIn::Viewer, false),
            (BuiltIn::Editor, false),
            (BuiltIn::Admin, true),
            (BuiltIn::Owner, true),
        ] {
            let caller = api.acme(role).await;
            let listed = api.get(&caller, AUDIT).await;
            let entries = listed.body["items"].as_array().unwrap().iter();
            let kinds: Vec<_> = entries.map(|entry| &entry["subject"]["kind"]).collect();
            assert!(kinds.contains(&&serde_json::json!("project")), "{role}");
            let shown = listed.body.to_string();
            for secret in ["bob@example.com", "terraform", prefix] {
                assert_eq!(shown.contains(secret), sees, "{role}: {secret}");
            }
            let path = format!("{AUDIT}?action=token.created");
            let narrowed = api.get(&caller, &path).await;
            assert_eq!(narrowed.each("id").is_empty(), !sees, "{role}");
        }
    }

    #[tokio::test]
    async fn a_comment_that_cannot_be_read_is_refused_before_anything_is_changed() {
        let (api, owner) = TestApi::with_shop().await;
        let call = |comment: &str| {
            api.call(&owner, Method::DELETE, "/organizations/acme/projects/shop")
                .header("peekaboo-comment", comment)
        };
        call("100%")
            .invalid("Peekaboo-Comment", "malformed_value")
            .await;
        call(&"x".repeat(2_001))
            .invalid("Peekaboo-Comment", "malformed_value")
            .await;
        api.get(&owner, "/organizations/acme/projects/shop").await;
    }
}
