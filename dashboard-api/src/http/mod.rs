//! What every endpoint shares: bodies, pages, preconditions, comments, and what surrounds each request.

mod address;
mod body;
mod compress;
mod headers;
mod observe;
mod once;
mod page;
mod path;
mod protect;
mod query;
mod reply;
mod sealed;
mod tagged;

pub(crate) use address::Address;
pub(crate) use body::{Body, SmallBody, pointer_token};
pub(crate) use compress::{compress_reads, compression};
pub(crate) use headers::{IdempotencyKey, IfMatch, RequiredIfMatch, WriteComment};
pub(crate) use observe::observe;
pub(crate) use once::Once;
pub(crate) use page::Page;
pub(crate) use page::PageQuery;
pub(crate) use path::Path;
pub(crate) use protect::protect;
pub(crate) use query::Query;
pub(crate) use reply::Reply;
pub(crate) use tagged::Tagged;
