//! SDK keys: with what applications connect.

mod create;
mod key;
mod list;
mod revoke;
mod rotate;
mod update;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::ApiState;

use key::{CreatedKey, KeyPage};
pub(super) use key::{Key, KeyKind};

pub(super) fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_keys, create::create_key))
        .routes(routes!(update::update_key, revoke::revoke_key))
        .routes(routes!(rotate::rotate_key))
}
