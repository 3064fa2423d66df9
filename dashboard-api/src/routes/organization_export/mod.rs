//! Everything that people set in an organization, for its owners to keep or to take elsewhere.

mod lines;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::stream;

use super::path::OrganizationPath;
use crate::ApiState;
use crate::auth::may;
use crate::problem::Problem;

pub use lines::export_organization;

/// JSON documents, one a line.
const MEDIA_TYPE: &str = "application/jsonl";

/// Export the organization
///
/// Everything that people set in it, as JSON Lines: each line is `{"kind": …, "value": …}`, with the value in the shape in
/// which this API shows it. The kinds, in this order: `organization`, `role`, `team`, `member`, `invitation`,
/// `serviceAccount`, `project`, `environment` with its flags and segments, each followed by its `key`s, `auditEntry`
/// (newest first), and `end`. Without the last line, the export is not complete. It holds no secrets, and nothing of what
/// applications reported.
#[utoipa::path(
    get, path = "/organizations/{org}/export", tag = "organizations", operation_id = "downloadOrganization",
    extensions(("x-permission" = json!("organization.export"))), params(OrganizationPath),
    responses((status = 200, description = "The lines.", body = String, content_type = "application/jsonl")),
)]
pub(crate) async fn download_organization(
    State(state): State<ApiState>,
    may::OrganizationExport(member): may::OrganizationExport,
) -> Result<Response, Problem> {
    let by = member.attribution(&state, None);
    let storage = state.storage();
    let organization = storage.note_export(member.tenant(), &by).await?;
    let name = format!("attachment; filename=\"{}.jsonl\"", organization.key);
    let lines = export_organization(storage.clone(), organization, state.now());
    let body = stream::unfold(lines, async |mut lines| {
        let line = lines.recv().await?;
        if let Err(error) = &line {
            tracing::warn!(%error, "an export of an organization broke off");
        }
        Some((line, lines))
    });
    let headers = [
        (CONTENT_TYPE, MEDIA_TYPE.to_owned()),
        (CONTENT_DISPOSITION, name),
    ];
    Ok((headers, Body::from_stream(body)).into_response())
}

#[cfg(test)]
mod tests {
    use axum::http::{Method, StatusCode};
    use peekaboo_policy::BuiltIn;
    use serde_json::Value;

    use crate::harness::{Caller, TestApi};

    const EXPORT: &str = "/organizations/acme/export";

    async fn lines(api: &TestApi, caller: &Caller) -> Vec<Value> {
        let exported = api.get(caller, EXPORT).await;
        assert_eq!(exported.headers["content-type"], "application/jsonl");
        let text = exported.body.as_str().unwrap().to_owned();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    #[tokio::test]
    async fn an_owner_takes_everything_along_and_no_secret() {
        let (api, owner) = TestApi::with_shop().await;
        api.flag(&owner, "checkout").await;
        let acme = api.acme_id().await;
        api.member(acme, "bob@example.com", BuiltIn::Viewer).await;
        let other = api.organization("other", "eve@example.com").await;
        api.token(other, BuiltIn::Owner).await;
        let lines = lines(&api, &owner).await;
        let of = |kind: &str| {
            let found = lines.iter().filter(|line| line["kind"] == kind);
            found.map(|line| &line["value"]).collect::<Vec<_>>()
        };
        assert_eq!(of("organization")[0]["key"], "acme");
        let members: Vec<_> = of("member")
            .iter()
            .map(|one| &one["user"]["email"])
            .collect();
        assert_eq!(members, ["ada@example.com", "bob@example.com"]);
        assert_eq!(of("serviceAccount").len(), 1);
        assert_eq!(of("project")[0]["key"], "shop");
        let environments = of("environment");
        assert_eq!(environments.len(), 3);
        for environment in environments {
            assert_eq!(environment["project"], "shop");
            assert!(environment["ruleset"]["flags"]["checkout"].is_object());
        }
        assert_eq!(of("key").len(), 6, "one of each kind in each environment");
        let acts: Vec<_> = of("auditEntry").iter().map(|one| &one["action"]).collect();
        assert!(acts.iter().any(|act| **act == "flag.created"));
        assert_eq!(*acts[0], "organization.exported");
        assert_eq!(of("end")[0]["lines"], lines.len() - 1);
        let Caller::Token(token) = &owner else {
            panic!("the owner has a token");
        };
        let all = serde_json::to_string(&lines).unwrap();
        for hidden in [token, "argon2", "eve@example.com"] {
            assert!(!all.contains(hidden), "{hidden}");
        }
    }

    #[tokio::test]
    async fn nobody_but_an_owner_exports_an_organization() {
        let (api, _) = TestApi::with_shop().await;
        let admin = api.acme(BuiltIn::Admin).await;
        api.call(&admin, Method::GET, EXPORT)
            .refused(StatusCode::FORBIDDEN, "forbidden")
            .await;
        api.organization("hosting", "root@example.com").await;
        api.operator("root@example.com").await;
        let root = api.sign_in("root@example.com").await;
        api.call(&root, Method::GET, EXPORT)
            .refused(StatusCode::NOT_FOUND, "not_found")
            .await;
    }
}
