//! The audit log as a file: JSON Lines, whose hashes can be verified without this hub, or CSV for spreadsheets.

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, stream};
use peekaboo_storage::{AuditEntry, AuditFilter, OrganizationId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::csv;
use super::filter::AuditQuery;
use crate::ApiState;
use crate::auth::may;
use crate::http::Query;
use crate::problem::Problem;
use crate::routes::path::OrganizationPath;

/// Entries that are read at once.
const PAGE: u32 = 500;

/// The form of an export.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ExportFormat {
    /// An entry as JSON on each line, with what its hash is made of.
    #[default]
    Jsonl,
    /// An entry on each row, under a row of names.
    Csv,
}

/// In which form.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FormatQuery {
    /// The form of the file.
    #[serde(default)]
    #[param(inline, default = "jsonl")]
    pub format: ExportFormat,
}

/// Export the audit log
///
/// The changes as a file, oldest first, each with its place in the chain of hashes; `peekaboo audit verify --file` checks
/// JSON Lines. The export is an entry of the audit log itself, and the last line of a file that nothing narrows. Changes of
/// access need `audit.readAccess`.
#[utoipa::path(
    get, path = "/organizations/{org}/audit/export", tag = "audit", operation_id = "exportAudit",
    extensions(("x-permission" = json!("audit.export"))), params(OrganizationPath, FormatQuery, AuditQuery),
    responses((status = 200, description = "The changes.", content(
        (String = "application/jsonl"), (String = "text/csv")
    ))),
)]
pub(crate) async fn export_audit(
    State(state): State<ApiState>,
    may::AuditExport(member): may::AuditExport,
    Query(FormatQuery { format }): Query<FormatQuery>,
    Query(query): Query<AuditQuery>,
) -> Result<Response, Problem> {
    let filter = query.clone().filter(&member)?;
    let by = member.principal.attribution(&state, None);
    let what = serde_json::json!({ "format": format, "filter": query });
    let last = state
        .storage()
        .record_audit_export(member.tenant(), what, &by)
        .await?;
    let (media, extension) = match format {
        ExportFormat::Jsonl => ("application/jsonl", "jsonl"),
        ExportFormat::Csv => ("text/csv; charset=utf-8; header=present", "csv"),
    };
    let name = format!(
        "attachment; filename=\"audit-{}.{extension}\"",
        member.organization.key
    );
    let export = Export {
        state,
        organization: member.tenant(),
        filter,
        format,
        last,
    };
    let headers = [
        (CONTENT_TYPE, media.to_owned()),
        (CONTENT_DISPOSITION, name),
    ];
    Ok((headers, Body::from_stream(export.stream())).into_response())
}

/// An export under way.
struct Export {
    state: ApiState,
    organization: OrganizationId,
    filter: AuditFilter,
    format: ExportFormat,
    /// The number of the last entry to export, so that it ends however much is written meanwhile.
    last: i64,
}

impl Export {
    /// Reads and writes page by page. A failure cuts the answer short, so that nobody takes it for whole.
    fn stream(self) -> impl Stream<Item = Result<Bytes, std::io::Error>> {
        let begin = match self.format {
            ExportFormat::Jsonl => Bytes::new(),
            ExportFormat::Csv => csv::header().into(),
        };
        stream::try_unfold(
            (self, Some(0), begin),
            |(export, after, begin)| async move {
                let Some(after) = after else {
                    return Ok(None);
                };
                let page = (after, export.last);
                let read = export.state.storage().audit_between(
                    export.organization,
                    &export.filter,
                    page,
                    PAGE,
                );
                let entries = read.await.map_err(std::io::Error::other)?;
                let next = entries
                    .last()
                    .filter(|_| entries.len() == PAGE as usize)
                    .and_then(|entry| entry.link)
                    .map(|link| link.sequence);
                let mut text = Vec::from(begin);
                for entry in &entries {
                    export.write(entry, &mut text);
                }
                Ok(Some((Bytes::from(text), (export, next, Bytes::new()))))
            },
        )
    }

    fn write(&self, entry: &AuditEntry, text: &mut Vec<u8>) {
        match self.format {
            ExportFormat::Jsonl => {
                text.extend(entry.document(self.organization).to_string().into_bytes());
                text.push(b'\n');
            }
            ExportFormat::Csv => text.extend(csv::row(entry)),
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use peekaboo_policy::BuiltIn;
    use peekaboo_storage::{ChainCheck, ChainHead};
    use serde_json::Value;

    use crate::harness::{Caller, TestApi};

    const EXPORT: &str = "/organizations/acme/audit/export";

    async fn exported(api: &TestApi, caller: &Caller, query: &str) -> String {
        let answer = api.get(caller, &format!("{EXPORT}?{query}")).await;
        answer.body.as_str().unwrap_or_default().to_owned()
    }

    fn lines(text: &str) -> Vec<Value> {
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    #[tokio::test]
    async fn an_export_is_the_whole_chain_and_says_itself_who_took_it() {
        let (api, owner) = TestApi::with_shop().await;
        for flag in 0..3 {
            api.flag(&owner, &format!("flag-{flag}")).await;
        }
        let entries = lines(&exported(&api, &owner, "").await);
        let mut check = ChainCheck::after(ChainHead::START);
        for entry in &entries {
            check.next(entry).unwrap();
        }
        let last = entries.last().unwrap();
        assert_eq!(last["action"], "audit.exported");
        assert_eq!(last["after"]["format"], "jsonl");
        assert_eq!(last["actor"]["kind"], "token");
        let listed = api.get(&owner, "/organizations/acme/audit").await;
        let listed = &listed.body["items"][0];
        for name in ["id", "sequence", "hash"] {
            assert_eq!(listed[name], last[name], "{name}");
        }
    }

    #[tokio::test]
    async fn an_export_can_be_narrowed_and_each_of_its_lines_still_verified() {
        let (api, owner) = TestApi::with_shop().await;
        api.flag(&owner, "checkout").await;
        api.flag(&owner, "search").await;
        api.toggle(&owner, "checkout", "staging", true).await;
        let entries = lines(&exported(&api, &owner, "flag=checkout").await);
        let actions: Vec<_> = entries.iter().map(|entry| &entry["action"]).collect();
        assert_eq!(actions, ["flag.created", "targeting.updated"]);
        for entry in &entries {
            ChainCheck::from_anywhere().next(entry).unwrap();
        }
    }

    #[tokio::test]
    async fn a_spreadsheet_gets_a_row_for_each_change() {
        let (api, owner) = TestApi::with_shop().await;
        api.flag(&owner, "checkout").await;
        let text = exported(&api, &owner, "format=csv&action=flag.created").await;
        let mut rows = text.split("\r\n");
        assert!(rows.next().unwrap().starts_with("sequence,id,at,"));
        let row = rows.next().unwrap();
        assert!(row.contains(",flag.created,shop,,flag,checkout,"), "{row}");
        assert_eq!(rows.next(), Some(""));
    }

    #[tokio::test]
    async fn who_may_not_export_does_not_and_changes_of_access_stay_with_who_may_see_them() {
        let (api, _) = TestApi::with_shop().await;
        for (role, may) in [
            (BuiltIn::Viewer, false),
            (BuiltIn::Editor, false),
            (BuiltIn::Admin, true),
            (BuiltIn::Owner, true),
        ] {
            let caller = api.acme(role).await;
            if may {
                assert!(
                    exported(&api, &caller, "").await.contains("token.created"),
                    "{role}"
                );
            } else {
                api.call(&caller, axum::http::Method::GET, EXPORT)
                    .refused(StatusCode::FORBIDDEN, "forbidden")
                    .await;
            }
        }
    }
}
