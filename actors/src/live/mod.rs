//! State that several actors share while a tenant is in memory.
//!
//! All of it survives a restart of the tenant's actor: connections hold their key, the key its environment, the
//! environment the handle of its tenant. Only the actor changes the state published here.

mod connection_counts;
mod environment;
mod events;
mod handle;
mod hints;
mod key;
mod keyring;
mod mailbox;
mod meeting;
mod origin;
mod presence;
mod tenant;
mod turns;
mod watchers;

pub use self::connection_counts::Connections;
pub(crate) use self::environment::Environment;
pub use self::events::TenantEvent;
pub(crate) use self::hints::{Newest, ToRead};
pub(crate) use self::key::LiveKey;
pub(crate) use self::keyring::Keyring;
pub(crate) use self::mailbox::{
    Execute, Message as TenantMessage, Read, Refreshed, Reply, Unsaved, Wanted,
};
pub(crate) use self::presence::CountedConnection;
pub(crate) use self::tenant::Tenant;
pub(crate) use self::turns::ReadPermits;
