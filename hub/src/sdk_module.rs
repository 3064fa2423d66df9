//! Serves the JavaScript SDK on the applications' listener: as modules that a page imports without a bundler, and as a
//! package for `npm install`, without a package registry. The files contain no flags and no keys.

use axum::{
    Router,
    extract::{Path, Request},
    response::Response,
    routing::any,
};
use http::{HeaderValue, header};
use rust_embed::RustEmbed;

use crate::site::{Fallback, Site};

/// The path of the files. Their names come from the build, because they import each other by relative paths.
const PATH: &str = "/sdk/v1/js/{file}";

/// The package, and the built modules with their source maps, and compressed forms of those; empty where the SDK has not
/// been built.
#[derive(RustEmbed)]
#[folder = "../sdk/js/dist"]
#[include = "peekaboo*.min.js"]
#[include = "peekaboo*.min.js.br"]
#[include = "peekaboo*.min.js.gz"]
#[include = "peekaboo*.min.js.map"]
#[include = "peekaboo*.min.js.map.br"]
#[include = "peekaboo*.min.js.map.gz"]
#[include = "peekaboo-sdk-*.tgz"]
struct SdkFiles;

pub(crate) fn router() -> Router {
    assemble::<SdkFiles>()
}

fn assemble<F>() -> Router
where
    F: RustEmbed + Send + Sync + 'static,
{
    let site = Site::<F>::new(Fallback::NotFound);
    let answer = async move |Path(file): Path<String>, request: Request| {
        for_every_page(site.respond(request.method(), &file, request.headers()))
    };
    Router::new().route(PATH, any(answer))
}

/// Pages of other origins import it: browsers fetch modules with CORS.
fn for_every_page(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use http::StatusCode;
    use tower::ServiceExt as _;

    /// A module as the SDK's build would leave it.
    #[derive(RustEmbed)]
    #[folder = "tests/site/assets"]
    struct Built;

    /// A binary that was built before the SDK was.
    #[derive(RustEmbed)]
    #[folder = "tests/site/assets"]
    #[exclude = "*"]
    struct NotBuilt;

    async fn ask(router: Router, method: &str, file: &str) -> Response {
        let request = Request::builder().method(method);
        let request = request
            .uri(PATH.replace("{file}", file))
            .body(Body::empty());
        router
            .oneshot(request.expect("a request"))
            .await
            .expect("an answer")
    }

    #[tokio::test]
    async fn a_page_of_any_origin_may_import_a_module() {
        let answer = ask(assemble::<Built>(), "GET", "app-1a2b3c.js").await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["access-control-allow-origin"], "*");
        assert_eq!(answer.headers()["cache-control"], "no-cache");
        let media = answer.headers()["content-type"].to_str().expect("text");
        assert!(media.starts_with("text/javascript"), "{media}");
    }

    #[tokio::test]
    async fn unknown_modules_are_not_found() {
        for file in ["other.js", "..%2Findex.html", "%2e%2e"] {
            let answer = ask(assemble::<Built>(), "GET", file).await;
            assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{file}");
        }
        let answer = ask(assemble::<NotBuilt>(), "GET", "app-1a2b3c.js").await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
        let answer = ask(assemble::<Built>(), "POST", "app-1a2b3c.js").await;
        assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED);
    }
}
