//! The list of a project's flags.

use axum::Json;
use axum::extract::State;
use peekaboo_storage::FlagFilter;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::{Flag, FlagPage, FlagType};
use crate::ApiState;
use crate::auth::may;
use crate::http::{Page, PageQuery, Path, Query};
use crate::problem::Problem;
use crate::routes::path::ProjectPath;

/// Which flags, in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FlagQuery {
    /// Only flags whose key, name or description contains this, without regard to case.
    #[param(example = "checkout")]
    pub search: Option<String>,
    /// Only flags with this tag.
    pub tag: Option<String>,
    /// Only flags of this type.
    #[serde(rename = "type")]
    #[param(inline)]
    pub type_: Option<FlagType>,
    /// Only archived flags (true) or only those that are not (false, the default).
    #[serde(default)]
    #[param(default = false)]
    pub archived: bool,
    /// In which order; a leading `-` turns it around.
    #[serde(default)]
    #[param(inline)]
    pub sort: FlagSort,
}

/// In which order flags are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
pub(crate) enum FlagSort {
    /// By key.
    #[default]
    #[serde(rename = "key")]
    Key,
    /// By key, backwards.
    #[serde(rename = "-key")]
    KeyDescending,
    /// By name.
    #[serde(rename = "name")]
    Name,
    /// By name, backwards.
    #[serde(rename = "-name")]
    NameDescending,
    /// Oldest first.
    #[serde(rename = "createdAt")]
    CreatedAt,
    /// Newest first.
    #[serde(rename = "-createdAt")]
    CreatedAtDescending,
    /// Changed longest ago first.
    #[serde(rename = "updatedAt")]
    UpdatedAt,
    /// Changed last first.
    #[serde(rename = "-updatedAt")]
    UpdatedAtDescending,
}

/// List flags
#[utoipa::path(
    get, path = "/organizations/{org}/projects/{project}/flags", tag = "flags", operation_id = "listFlags",
    extensions(("x-permission" = json!("flag.read"))), params(ProjectPath, FlagQuery, PageQuery),
    responses((status = 200, description = "The flags.", body = FlagPage)),
)]
pub(crate) async fn list_flags(
    State(state): State<ApiState>,
    may::FlagRead(member): may::FlagRead,
    Path(path): Path<ProjectPath>,
    Query(query): Query<FlagQuery>,
    page: PageQuery,
) -> Result<Json<FlagPage>, Problem> {
    let filter = FlagFilter {
        search: query.search,
        tag: query.tag,
        type_: query.type_.map(Into::into),
        archived: Some(query.archived),
        sort: query.sort.into(),
    };
    let (flags, total) = state
        .storage()
        .flags(member.tenant(), &path.project, &filter, &page.into())
        .await?;
    let flags = flags.map(|flag| Flag::seen_by(&member, &path.project, flag));
    Ok(Json(Page::of(flags).of_total(total)))
}

impl From<FlagSort> for peekaboo_storage::FlagSort {
    fn from(sort: FlagSort) -> Self {
        match sort {
            FlagSort::Key => Self::Key,
            FlagSort::KeyDescending => Self::KeyDescending,
            FlagSort::Name => Self::Name,
            FlagSort::NameDescending => Self::NameDescending,
            FlagSort::CreatedAt => Self::Created,
            FlagSort::CreatedAtDescending => Self::CreatedDescending,
            FlagSort::UpdatedAt => Self::Updated,
            FlagSort::UpdatedAtDescending => Self::UpdatedDescending,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::harness::TestApi;
    use axum::http::{Method, StatusCode};
    use serde_json::json;

    const FLAGS: &str = "/organizations/acme/projects/shop/flags";

    #[tokio::test]
    async fn the_list_is_narrowed_sorted_and_cut_into_pages() {
        let (api, owner) = TestApi::with_shop().await;
        for (key, name, tag) in [
            ("b-cart", "Cart", "cart"),
            ("a-pay", "Pay", "cart"),
            ("c-home", "Home", "ui"),
        ] {
            api.clock.advance(time::Duration::seconds(1));
            api.call(&owner, Method::POST, FLAGS)
                .json(json!({
                    "key": key, "name": name, "type": "boolean", "tags": [tag],
                    "description": format!("Ärende {key}"),
                }))
                .expect(StatusCode::CREATED)
                .await;
        }
        let keys = async |query: &str| {
            let listed = api.get(&owner, &format!("{FLAGS}?{query}")).await;
            let keys = listed.each("key").into_iter();
            let keys: Vec<_> = keys.map(|key| key.as_str().unwrap().to_owned()).collect();
            keys
        };
        assert_eq!(keys("").await, ["a-pay", "b-cart", "c-home"]);
        assert_eq!(keys("sort=-key").await, ["c-home", "b-cart", "a-pay"]);
        assert_eq!(keys("sort=name").await, ["b-cart", "c-home", "a-pay"]);
        assert_eq!(keys("sort=-createdAt").await, ["c-home", "a-pay", "b-cart"]);
        assert_eq!(keys("sort=updatedAt").await, ["b-cart", "a-pay", "c-home"]);
        assert_eq!(keys("search=CART").await, ["b-cart"]);
        assert_eq!(keys("search=%C3%A4rende%20A-").await, ["a-pay"]);
        assert_eq!(keys("tag=cart").await, ["a-pay", "b-cart"]);
        assert!(keys("type=string").await.is_empty());

        let first = api.get(&owner, &format!("{FLAGS}?limit=2&sort=-key")).await;
        assert_eq!(first.each("key"), ["c-home", "b-cart"]);
        assert_eq!(first.body["total"], 3);
        let cursor = first.body["nextCursor"].as_str().unwrap();
        assert_eq!(
            keys(&format!("limit=2&sort=-key&cursor={cursor}")).await,
            ["a-pay"]
        );
    }

    #[tokio::test]
    async fn archived_flags_are_listed_apart() {
        let (api, owner) = TestApi::with_shop().await;
        api.flag(&owner, "old").await;
        api.flag(&owner, "new").await;
        api.call(&owner, Method::PATCH, &format!("{FLAGS}/old"))
            .json(json!({"archived": true}))
            .expect(StatusCode::OK)
            .await;
        assert_eq!(api.get(&owner, FLAGS).await.each("key"), ["new"]);
        let archived = api.get(&owner, &format!("{FLAGS}?archived=true")).await;
        assert_eq!(archived.each("key"), ["old"]);
    }

    #[tokio::test]
    async fn a_parameter_that_cannot_be_read_is_named() {
        let (api, owner) = TestApi::with_shop().await;
        for (query, pointer) in [
            ("sort=size", "?sort"),
            ("archived=maybe", "?archived"),
            ("type=x", "?type"),
        ] {
            api.call(&owner, Method::GET, &format!("{FLAGS}?{query}"))
                .invalid(pointer, "malformed_value")
                .await;
        }
        api.call(
            &owner,
            Method::GET,
            "/organizations/acme/projects/nope/flags",
        )
        .expect(StatusCode::NOT_FOUND)
        .await;
    }
}
