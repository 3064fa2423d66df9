//! Waits until a client closes.

use tokio::sync::watch;

/// Waits until the client is closed.
pub(crate) async fn closed(mut closing: watch::Receiver<bool>) {
    is_closing(&mut closing).await;
}

/// The same for a receiver that is awaited more than once.
pub(crate) async fn is_closing(closing: &mut watch::Receiver<bool>) {
    // An error means that the client was dropped, which is the same.
    let _ = closing.wait_for(|closing| *closing).await;
}
