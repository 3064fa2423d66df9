//! The chain of hashes that the audit log is: where it ends, and whether it is whole.

use axum::Json;
use axum::extract::State;
use peekaboo_storage::{AuditTrail, ChainHead};
use serde::Serialize;
use utoipa::ToSchema;

use crate::ApiState;
use crate::auth::may;
use crate::problem::Problem;
use crate::routes::path::OrganizationPath;

const SECONDS_PER_DAY: u64 = 24 * 60 * 60;

/// An entry of the chain: its place and its hash.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "sequence": 48213, "hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
}))]
pub(crate) struct AuditHead {
    /// Its number, from 1 without a gap; 0 where there is none.
    pub sequence: i64,
    /// Its SHA-256 in hexadecimal, which covers every entry before it. Keep it elsewhere: someone who can write to the
    /// database can replace the whole chain, but not with one that has this hash.
    pub hash: String,
}

/// The chain of the audit log.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuditChain {
    /// The entry that was written last.
    pub head: AuditHead,
    /// The number of the last entry that was deleted by age; 0 where none was.
    pub deleted: i64,
    /// After how many days entries are deleted; null where they are kept forever.
    #[schema(required)]
    pub retention_days: Option<u64>,
}

/// What a verification found.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuditVerification {
    /// Whether no entry was changed, removed or added since it was written.
    pub is_intact: bool,
    /// How many entries are kept and intact; absent where the chain is broken.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub entries: Option<u64>,
    /// The last of them; absent where the chain is broken.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub head: Option<AuditHead>,
    /// Where the chain is broken, and how; absent where it is intact.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub problem: Option<String>,
}

/// Get the chain of the audit log
///
/// Its last entry, and how long entries are kept.
#[utoipa::path(
    get, path = "/organizations/{org}/audit/chain", tag = "audit", operation_id = "getAuditChain",
    extensions(("x-permission" = json!("audit.readAccess"))), params(OrganizationPath),
    responses((status = 200, description = "The chain.", body = AuditChain)),
)]
pub(crate) async fn get_audit_chain(
    State(state): State<ApiState>,
    may::AuditReadAccess(member): may::AuditReadAccess,
) -> Result<Json<AuditChain>, Problem> {
    let trail = state.storage().audit_trail(member.tenant()).await?;
    let (head, deleted) = trail.map_or((ChainHead::START, 0), |trail: AuditTrail| {
        (trail.head, trail.forgotten.sequence)
    });
    let retention = state.config().audit_retention;
    Ok(Json(AuditChain {
        head: head.into(),
        deleted,
        retention_days: retention.map(|kept| kept.as_secs() / SECONDS_PER_DAY),
    }))
}

/// Verify the audit log
///
/// Reads every entry and computes its hash again, as `peekaboo audit verify` does. To detect that the whole chain was
/// replaced, compare the head with one that was noted elsewhere.
#[utoipa::path(
    get, path = "/organizations/{org}/audit/verification", tag = "audit", operation_id = "verifyAudit",
    extensions(("x-permission" = json!("audit.readAccess"))), params(OrganizationPath),
    responses((status = 200, description = "What was found.", body = AuditVerification)),
)]
pub(crate) async fn verify_audit(
    State(state): State<ApiState>,
    may::AuditReadAccess(member): may::AuditReadAccess,
) -> Result<Json<AuditVerification>, Problem> {
    let verified = state.storage().verify_audit(member.tenant(), None).await?;
    Ok(Json(match verified {
        Ok(verified) => AuditVerification {
            is_intact: true,
            entries: Some(verified.entries),
            head: Some(verified.head.into()),
            problem: None,
        },
        Err(broken) => {
            tracing::error!(organization = %member.tenant(), problem = %broken, "the audit log is not what was written");
            AuditVerification {
                is_intact: false,
                entries: None,
                head: None,
                problem: Some(broken.to_string()),
            }
        }
    }))
}

impl From<ChainHead> for AuditHead {
    fn from(head: ChainHead) -> Self {
        Self {
            sequence: head.sequence,
            hash: head.hash.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::ApiConfig;
    use crate::harness::TestApi;
    use peekaboo_policy::BuiltIn;

    const CHAIN: &str = "/organizations/acme/audit/chain";
    const VERIFICATION: &str = "/organizations/acme/audit/verification";

    #[tokio::test]
    async fn the_chain_ends_with_the_newest_entry_and_is_intact() {
        let (api, owner) = TestApi::with_shop().await;
        api.flag(&owner, "checkout").await;
        let newest = api.get(&owner, "/organizations/acme/audit?limit=1").await;
        let newest = &newest.body["items"][0];
        let chain = api.get(&owner, CHAIN).await.body;
        assert_eq!(chain["head"]["sequence"], newest["sequence"]);
        assert_eq!(chain["head"]["hash"], newest["hash"]);
        assert_eq!(chain["deleted"], 0);
        assert!(chain["retentionDays"].is_null());
        let verified = api.get(&owner, VERIFICATION).await.body;
        assert_eq!(verified["isIntact"], true, "{verified}");
        assert_eq!(verified["head"], chain["head"]);
        assert_eq!(verified["entries"], chain["head"]["sequence"]);
    }

    #[tokio::test]
    async fn the_chain_says_how_long_entries_are_kept() {
        let api = TestApi::with(ApiConfig {
            audit_retention: Some(Duration::from_hours(24 * 365)),
            ..ApiConfig::default()
        })
        .await;
        let acme = api.organization("acme", "ada@example.com").await;
        let owner = api.token(acme, BuiltIn::Owner).await;
        assert_eq!(api.get(&owner, CHAIN).await.body["retentionDays"], 365);
    }
}
