//! The JavaScript SDK as one module, on the listener that applications connect to: a page without a bundler imports it
//! from the hub itself, and no registry has to be reached. It knows of no flag and no key.

use axum::{Router, extract::Request, response::Response, routing::any};
use http::{HeaderValue, header};
use rust_embed::RustEmbed;

use crate::site::{Fallback, Site};

/// Where it is; beside the stream.
const PATH: &str = "/sdk/v1/peekaboo.js";

/// The built SDK; empty where it has not been built.
#[derive(RustEmbed)]
#[folder = "../sdk/js/dist"]
#[include = "peekaboo.min.js"]
struct SdkFiles;

pub(crate) fn router() -> Router {
    assemble::<SdkFiles>("peekaboo.min.js")
}

fn assemble<F>(file: &'static str) -> Router
where
    F: RustEmbed + Send + Sync + 'static,
{
    let site = Site::<F>::new(Fallback::NotFound);
    Router::new().route(
        PATH,
        any(move |request: Request| {
            let site = site.clone();
            async move { for_every_page(site.respond(request.method(), file, request.headers())) }
        }),
    )
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
    #[folder = "tests/site"]
    #[include = "assets/app-1a2b3c.js"]
    struct Built;

    /// A binary that was built before the SDK was.
    #[derive(RustEmbed)]
    #[folder = "tests/site"]
    #[exclude = "*"]
    struct NotBuilt;

    async fn get(router: Router, method: &str) -> Response {
        let request = Request::builder().method(method).uri(PATH);
        let request = request.body(Body::empty()).expect("a request");
        router.oneshot(request).await.expect("an answer")
    }

    #[tokio::test]
    async fn a_page_of_any_origin_may_import_the_module() {
        let answer = get(assemble::<Built>("assets/app-1a2b3c.js"), "GET").await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["access-control-allow-origin"], "*");
        let media = answer.headers()["content-type"].to_str().expect("text");
        assert!(media.starts_with("text/javascript"), "{media}");
    }

    #[tokio::test]
    async fn there_is_nothing_to_post_to_and_nothing_where_nothing_was_built() {
        let answer = get(assemble::<Built>("assets/app-1a2b3c.js"), "POST").await;
        assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED);
        let answer = get(assemble::<NotBuilt>("peekaboo.min.js"), "GET").await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    }
}
