//! Hears other nodes' notifications, reconnecting for as long as it runs.

use std::sync::Arc;
use std::time::Duration;

use sqlx::PgPool;
use sqlx::postgres::PgListener;

use super::hint::{CHANNEL, Hint};
use super::shared::Shared;
use crate::database::within;

/// How long to wait before connecting again.
const PAUSE: Duration = Duration::from_millis(500);

/// After this long without a notification the connection is tried, as a peer may be gone without a word.
const SILENCE: Duration = Duration::from_secs(30);

/// How long that trial may take.
const TRIAL: Duration = Duration::from_secs(3);

pub(super) async fn run(pool: PgPool, shared: Arc<Shared>) {
    let mut reported = false;
    loop {
        if let Err(error) = listen(&pool, &shared, &mut reported).await {
            if !reported {
                tracing::warn!(%error, "the database's notifications are lost; looking once a second goes on");
                reported = true;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// Listens until the connection is lost.
async fn listen(pool: &PgPool, shared: &Shared, reported: &mut bool) -> sqlx::Result<()> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.eager_reconnect(false);
    listener.listen(CHANNEL).await?;
    if std::mem::take(reported) {
        tracing::info!("the database's notifications are heard again");
    }
    // What was notified while nobody listened.
    shared.tell(Hint::Everything);
    loop {
        match tokio::time::timeout(SILENCE, listener.try_recv()).await {
            Ok(Ok(Some(notification))) => {
                for hint in notification.payload().lines().filter_map(Hint::from_line) {
                    shared.tell(hint);
                }
            }
            Ok(Ok(None)) => {
                return Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset).into());
            }
            Ok(Err(error)) => return Err(error),
            Err(_silence) => {
                within(TRIAL, sqlx::query("SELECT 1").execute(&mut listener)).await?;
            }
        }
    }
}
