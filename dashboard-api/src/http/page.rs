//! Lists in pages: opaque cursors, checked when they come back.

use std::borrow::Cow;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use peekaboo_storage::List;
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, SchemaType, Type};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{IntoParams, PartialSchema, ToSchema};

use super::Query;
use crate::ApiState;
use crate::problem::Problem;

const DEFAULT_LIMIT: u32 = 50;
const MAX_LIMIT: u32 = 200;

/// One page of a list.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Page<T> {
    /// The items, in the order asked for.
    pub items: Vec<T>,
    /// Give it as `cursor` to get the next page; null after the last.
    pub next_cursor: Option<String>,
    /// How many there are on all pages together, where that is counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<i64>,
}

impl<T> Page<T> {
    /// A list that is short by nature and fits one page.
    pub(crate) fn whole(items: Vec<T>) -> Self {
        Self {
            items,
            next_cursor: None,
            total: None,
        }
    }

    /// A page as it was read.
    pub(crate) fn of<U: Into<T>>(list: List<U>) -> Self {
        Self {
            items: list.items.into_iter().map(Into::into).collect(),
            next_cursor: list.next,
            total: None,
        }
    }

    /// With how many there are on all pages together.
    #[must_use]
    pub(crate) fn of_total(mut self, total: i64) -> Self {
        self.total = Some(total);
        self
    }
}

/// Which page of a list.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// How many items at most.
    #[param(minimum = 1, maximum = 200, default = 50, nullable = false)]
    pub limit: Option<u32>,
    /// The `nextCursor` of the page before.
    #[param(nullable = false)]
    pub cursor: Option<String>,
}

impl FromRequestParts<ApiState> for PageQuery {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let Query(page) = Query::<Self>::from_request_parts(parts, state).await?;
        if page
            .limit
            .is_some_and(|limit| !(1..=MAX_LIMIT).contains(&limit))
        {
            return Err(Problem::field(
                "?limit",
                "out_of_range",
                format!("limit must be between 1 and {MAX_LIMIT}"),
            ));
        }
        Ok(page)
    }
}

impl From<PageQuery> for peekaboo_storage::Page {
    fn from(query: PageQuery) -> Self {
        Self {
            limit: query.limit.unwrap_or(DEFAULT_LIMIT),
            cursor: query.cursor,
        }
    }
}

impl<T: ToSchema> PartialSchema for Page<T> {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .description(Some("One page of a list."))
            .property(
                "items",
                ArrayBuilder::new().items(Ref::from_schema_name(T::name())),
            )
            .required("items")
            .property(
                "nextCursor",
                ObjectBuilder::new()
                    .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
                    .description(Some(
                        "Give it as `cursor` to get the next page; null after the last.",
                    )),
            )
            .required("nextCursor")
            .property(
                "total",
                ObjectBuilder::new()
                    .schema_type(Type::Integer)
                    .description(Some(
                        "How many there are on all pages together, where that is counted.",
                    )),
            )
            .into()
    }
}

impl<T: ToSchema> ToSchema for Page<T> {
    fn name() -> Cow<'static, str> {
        Cow::Owned(format!("{}Page", T::name()))
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(schemas);
    }
}
