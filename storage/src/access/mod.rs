//! Who has access to an organization besides its members: roles, teams, service accounts and their tokens, and the
//! grants of all of them.
//!
//! Every change here asks in its own transaction whether its actor may make it. Nobody gives, and nobody takes away, what
//! they lack themselves.

mod givers;
mod grants;
mod names;
mod roles;
mod service_accounts;
mod teams;
mod tokens;

pub use givers::Giver;
pub use grants::GrantFilter;
pub use tokens::{ApiToken, NewApiToken, NewTokenBearer, TokenAccess, TokenBearer, TokensOf};
