//! Deleting a flag.

use axum::extract::State;
use axum::http::StatusCode;
use peekaboo_storage::Command;

use crate::ApiState;
use crate::auth::may;
use crate::commands;
use crate::http::{IfMatch, Path, WriteComment};
use crate::problem::Problem;
use crate::routes::path::FlagPath;

/// Delete a flag
///
/// In every environment, for good; archiving keeps it. The audit log remembers what it was.
#[utoipa::path(
    delete, path = "/organizations/{org}/projects/{project}/flags/{flag}", tag = "flags", operation_id = "deleteFlag",
    extensions(("x-permission" = json!("flag.delete"))), params(FlagPath, IfMatch, WriteComment),
    responses(
        (status = 204, description = "It is gone."),
        (status = 409, description = "Others depend on it."),
    ),
)]
pub(crate) async fn delete_flag(
    State(state): State<ApiState>,
    may::FlagDelete(member): may::FlagDelete,
    Path(path): Path<FlagPath>,
    if_match: IfMatch,
    comment: WriteComment,
) -> Result<StatusCode, Problem> {
    let command = Command::DeleteFlag {
        project: path.project,
        flag: path.flag,
        expected_version: if_match.version,
    };
    commands::execute(&state, &member, comment, command).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::TestApi;
    use axum::http::Method;
    use serde_json::json;

    const FLAGS: &str = "/organizations/acme/projects/shop/flags";

    #[tokio::test]
    async fn a_deleted_flag_is_gone() {
        let (api, owner) = TestApi::with_shop().await;
        let made = api.flag(&owner, "checkout").await;
        let path = format!("{FLAGS}/checkout");
        let delete = |tag: &str| {
            api.call(&owner, Method::DELETE, &path)
                .header("if-match", tag)
        };
        let refused = delete("\"9\"")
            .refused(StatusCode::PRECONDITION_FAILED, "version_conflict")
            .await;
        assert_eq!(refused.body["current"], made.body);
        delete(made.etag()).expect(StatusCode::NO_CONTENT).await;
        api.call(&owner, Method::GET, &path)
            .expect(StatusCode::NOT_FOUND)
            .await;
        api.call(&owner, Method::DELETE, &path)
            .expect(StatusCode::NOT_FOUND)
            .await;
    }

    #[tokio::test]
    async fn a_flag_that_others_depend_on_stays_and_says_who_does() {
        let (api, owner) = TestApi::with_shop().await;
        api.flag(&owner, "payments").await;
        api.flag(&owner, "checkout").await;
        api.call(
            &owner,
            Method::PATCH,
            &format!("{FLAGS}/checkout/environments/production"),
        )
        .json(json!({"prerequisites": [{"flag": "payments", "variations": ["on"]}]}))
        .expect(StatusCode::OK)
        .await;
        let refused = api
            .call(&owner, Method::DELETE, &format!("{FLAGS}/payments"))
            .refused(StatusCode::CONFLICT, "in_use")
            .await;
        let dependent = &refused.body["dependents"][0];
        assert_eq!(dependent["kind"], "flag");
        assert_eq!(dependent["key"], "checkout");
        assert_eq!(dependent["environment"], "production");
        assert!(
            dependent["where"]
                .as_str()
                .unwrap()
                .starts_with("/prerequisites/0")
        );
        let listed = api
            .get(&owner, &format!("{FLAGS}/payments/dependents"))
            .await;
        assert_eq!(listed.body["items"], refused.body["dependents"]);
        let path = format!("{FLAGS}/nope/dependents");
        api.call(&owner, Method::GET, &path)
            .expect(StatusCode::NOT_FOUND)
            .await;
    }
}
