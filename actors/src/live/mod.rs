//! What several actors share while a tenant is in memory.

mod connection_counts;
mod environment;
mod events;
mod key;
mod origin;
mod presence;

pub use self::connection_counts::Connections;
pub(crate) use self::environment::Environment;
pub use self::events::TenantEvent;
pub(crate) use self::key::LiveKey;
pub(crate) use self::presence::Presence;
