//! The data of a socket's upgrade request, as passed on by the HTTP listener.

use std::net::SocketAddr;

/// The credentials and addresses in a socket's upgrade request.
#[derive(Debug)]
pub struct Handshake {
    /// The key, if the request contained it as `Authorization: Bearer`.
    pub bearer: Option<String>,
    /// The page's origin, if a browser sent one.
    pub origin: Option<String>,
    /// The client's address.
    pub peer: SocketAddr,
    /// Dropped when the connection ends: how admission knows that there is room again.
    pub permit: Option<Permit>,
}

/// Something that an admitted connection holds for as long as it lasts.
pub type Permit = Box<dyn std::any::Any + Send + Sync>;
