//! Static files out of the binary: the dashboard, and the storefront of the demo.
//!
//! Files with a hash in their name never change and are cached indefinitely; everything else is
//! revalidated by its `ETag`. A compressed sibling (`app.js.br`, `app.js.gz`), made when the files
//! were built, is sent to who accepts it; nothing is compressed while serving.

mod headers;

use std::{borrow::Cow, marker::PhantomData, path::Path, sync::Arc};

use axum::body::Body;
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};
use rust_embed::{EmbeddedFile, RustEmbed};

pub(crate) use self::headers::{ContentSecurityPolicy, protect};
use crate::{encoding, etag::is_held};

/// The codings in which files are kept beside themselves, the smallest first, and what such a file ends in.
const PACKED: [(&str, &str); 2] = [("br", "br"), ("gzip", "gz")];

/// The dashboard as `npm run build` leaves it; empty where it has not been built.
#[derive(RustEmbed)]
#[folder = "../ui/dist"]
pub(crate) struct DashboardFiles;

/// The example shop; empty where it has not been built.
#[derive(RustEmbed)]
#[folder = "../examples/storefront/dist"]
pub(crate) struct StorefrontFiles;

/// One tree of files under one path.
pub(crate) struct Site<F> {
    /// What a path without a file gets.
    fallback: Fallback,
    /// The path before every address in a page, as `/flags`; empty if there is none.
    base: Arc<str>,
    files: PhantomData<F>,
}

impl<F> Clone for Site<F> {
    fn clone(&self) -> Self {
        Self {
            fallback: self.fallback,
            base: Arc::clone(&self.base),
            files: PhantomData,
        }
    }
}

/// What a path without a file gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fallback {
    /// The page, which routes by itself.
    Index,
    /// An answer that there is nothing.
    NotFound,
}

impl<F: RustEmbed> Site<F> {
    pub(crate) fn new(fallback: Fallback) -> Self {
        Self {
            fallback,
            base: "".into(),
            files: PhantomData,
        }
    }

    /// The same behind a proxy that serves it under a path.
    pub(crate) fn under(self, base: &str) -> Self {
        Self {
            base: base.into(),
            ..self
        }
    }

    /// Whether there is a page at all.
    pub(crate) fn is_built() -> bool {
        F::get("index.html").is_some()
    }

    /// Answers a request for `path`, which has no leading slash.
    pub(crate) fn respond(
        &self,
        method: &Method,
        path: &str,
        request: &HeaderMap,
    ) -> Response<Body> {
        if method != Method::GET && method != Method::HEAD {
            let mut response = status(StatusCode::METHOD_NOT_ALLOWED);
            let allowed = HeaderValue::from_static("GET, HEAD");
            response.headers_mut().insert(header::ALLOW, allowed);
            return response;
        }
        let path = if path.is_empty() { "index.html" } else { path };
        let found = match F::get(path) {
            Some(file) => Some((path, file)),
            None if self.fallback == Fallback::Index && !is_hashed(path) => {
                F::get("index.html").map(|file| ("index.html", file))
            }
            None => None,
        };
        match found {
            Some((path, file)) => self.send(method, path, &file, request),
            None => status(StatusCode::NOT_FOUND),
        }
    }

    fn send(
        &self,
        method: &Method,
        path: &str,
        file: &EmbeddedFile,
        request: &HeaderMap,
    ) -> Response<Body> {
        // A page's addresses begin with the base, which its compressed forms do not know.
        let page = self.page(path, file);
        let etag = etag(file, page.as_ref().map_or("", |_| &*self.base));
        let mut response = Response::new(Body::empty());
        let headers = response.headers_mut();
        let tag = HeaderValue::from_str(&etag).expect("hexadecimal is valid in a header");
        headers.insert(header::ETAG, tag);
        headers.insert(header::CACHE_CONTROL, caching(path));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if is_held(request, &etag) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
        headers.insert(header::CONTENT_TYPE, content_type(file));
        // The smallest that is taken at all: preferences among them are of no use to anyone.
        let mut taken = PACKED
            .into_iter()
            .filter(|(coding, _)| encoding::weight(request, coding) > 0);
        let compressed = taken.find_map(|(coding, extension)| {
            let sibling = F::get(&format!("{path}.{extension}")).filter(|_| page.is_none())?;
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
            Some(sibling.data)
        });
        let body = page.or(compressed).unwrap_or_else(|| file.data.clone());
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
        if method == Method::GET {
            *response.body_mut() = match body {
                Cow::Borrowed(bytes) => Body::from(bytes),
                Cow::Owned(bytes) => Body::from(bytes),
            };
        }
        response
    }
}

impl<F> Site<F> {
    /// A page whose addresses, all of which begin at the root, begin with the base; `None` for what needs no change.
    fn page(&self, path: &str, file: &EmbeddedFile) -> Option<Cow<'static, [u8]>> {
        let is_page = Path::new(path)
            .extension()
            .is_some_and(|kind| kind == "html");
        if self.base.is_empty() || !is_page {
            return None;
        }
        let text = std::str::from_utf8(&file.data).ok()?;
        let based = text.replace("=\"/", &format!("=\"{}/", self.base));
        Some(Cow::Owned(based.into_bytes()))
    }
}

fn status(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// Whether the build put a hash into the file's name, as it does with all that it bundles.
fn is_hashed(path: &str) -> bool {
    path.starts_with("assets/")
}

fn caching(path: &str) -> HeaderValue {
    HeaderValue::from_static(if is_hashed(path) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    })
}

fn content_type(file: &EmbeddedFile) -> HeaderValue {
    let mime = file.metadata.mimetype();
    let is_text = mime.starts_with("text/") && !mime.contains("charset");
    let charset = if is_text { "; charset=utf-8" } else { "" };
    HeaderValue::from_str(&format!("{mime}{charset}"))
        .unwrap_or(HeaderValue::from_static("application/octet-stream"))
}

/// Weak, because the compressed forms of a file share it.
fn etag(file: &EmbeddedFile, base: &str) -> String {
    use std::fmt::Write as _;
    let mut text = String::from("W/\"");
    for byte in &file.metadata.sha256_hash()[..12] {
        let _ = write!(text, "{byte:02x}");
    }
    text.push_str(base);
    text.push('"');
    text
}
