//! A web service that decides by flags. `PEEKABOO_KEY` is a server key, `PEEKABOO_URL` the hub's address for applications;
//! or give `PEEKABOO_FILE`, a ruleset in a file, and need no hub at all.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example prints for the person who runs it"
)]

use std::env;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use peekaboo_sdk::{Client, Context, Detail, Flag, Source};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

// #region types
/// The values of the string flag `hero-theme`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Theme {
    Dawn,
    Fjord,
    Midnight,
}

/// The fields of the object flag `layout`.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Layout {
    columns: u32,
    ratings: bool,
}

/// What handlers share: handles are made once, and cheap to clone.
#[derive(Clone)]
struct App {
    flags: Client,
    theme: Flag<Theme>,
    layout: Flag<Layout>,
}
// #endregion

const DEFAULT_LAYOUT: Layout = Layout {
    columns: 3,
    ratings: false,
};

#[derive(Deserialize)]
struct Visitor {
    user: Option<String>,
    country: Option<String>,
}

impl From<Visitor> for Context {
    // #region context
    fn from(visitor: Visitor) -> Self {
        let user = visitor.user.unwrap_or_else(|| "nobody".to_owned());
        let country = visitor.country.unwrap_or_default();
        Context::new(user).with("country", country)
    }
    // #endregion
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .init();

    // #region connect
    let url = env::var("PEEKABOO_URL").unwrap_or_else(|_| "http://127.0.0.1:6001".to_owned());
    let builder = match env::var("PEEKABOO_FILE") {
        Ok(path) => Client::local(Source::file(path)),
        Err(_) => Client::builder(env::var("PEEKABOO_KEY")?).url(url),
    };
    let flags = builder.build()?;
    if let Err(error) = flags.ready(Duration::from_secs(2)).await {
        eprintln!("serving defaults for now: {error}");
    }
    // #endregion

    // #region handles
    let app = App {
        theme: flags.flag("hero-theme", Theme::Dawn),
        layout: flags.flag("layout", DEFAULT_LAYOUT),
        flags: flags.clone(),
    };
    // #endregion

    // #region changes
    let theme = app.theme.clone();
    let mut changes = theme.watch();
    tokio::spawn(async move {
        while let Some(change) = changes.next().await {
            let now = theme.get(&Context::default());
            println!("theme: {now:?} since version {}", change.version);
        }
    });
    // #endregion

    // #region serve
    let router = Router::new()
        .route("/checkout", get(checkout))
        .route("/shop", get(shop))
        .route("/purchase", post(purchase))
        .with_state(app);
    // #endregion
    let port = env::var("PORT").unwrap_or_else(|_| "8080".to_owned());
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    println!("listening on http://{}", listener.local_addr()?);
    #[expect(
        clippy::disallowed_methods,
        reason = "an example for a trusted network"
    )]
    let serving = axum::serve(listener, router).with_graceful_shutdown(terminated());
    serving.await?;

    // #region close
    flags.close().await; // tells the hub what it has not been told
    // #endregion
    Ok(())
}

async fn terminated() {
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => drop(terminate.recv().await),
        Err(error) => eprintln!("SIGTERM will end this at once: {error}"),
    }
}

// #region read
async fn checkout(State(app): State<App>, Query(visitor): Query<Visitor>) -> Json<Detail<bool>> {
    let user = Context::from(visitor);
    Json(app.flags.detail("new-checkout", &user, false))
}
// #endregion

#[derive(Serialize)]
struct Shop {
    theme: Theme,
    columns: u32,
}

// #region flag
async fn shop(State(app): State<App>, Query(visitor): Query<Visitor>) -> Json<Shop> {
    let user = Context::from(visitor);
    Json(Shop {
        theme: app.theme.get(&user),
        columns: app.layout.with(&user, |layout| layout.columns),
    })
}
// #endregion

// #region track
async fn purchase(State(app): State<App>, Query(visitor): Query<Visitor>) -> StatusCode {
    app.flags.track("purchase", &visitor.into(), 12.5);
    StatusCode::NO_CONTENT
}
// #endregion
