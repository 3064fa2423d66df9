//! Being asked to end: a client's task waits for the client to close.

use tokio::sync::watch;

/// Waits until the client is to close.
pub(crate) async fn closed(mut closing: watch::Receiver<bool>) {
    is_closing(&mut closing).await;
}

/// The same for a receiver that is waited on more than once.
pub(crate) async fn is_closing(closing: &mut watch::Receiver<bool>) {
    // An error says that the client is gone, which means the same.
    let _ = closing.wait_for(|closing| *closing).await;
}
