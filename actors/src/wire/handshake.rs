//! What a socket's upgrade request said, as the HTTP listener hands it over.

use std::net::SocketAddr;

/// What is known of a socket from its upgrade request.
#[derive(Debug)]
pub struct Handshake {
    /// The key, where the request carried it as `Authorization: Bearer`.
    pub bearer: Option<String>,
    /// The page's origin, where a browser sent one.
    pub origin: Option<String>,
    /// The client's address.
    pub peer: SocketAddr,
    /// Dropped when the connection ends: how admission knows that there is room again.
    pub permit: Option<Permit>,
}

/// Something that an admitted connection holds for as long as it lasts.
pub type Permit = Box<dyn std::any::Any + Send + Sync>;
