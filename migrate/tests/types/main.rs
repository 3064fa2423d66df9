//! What is declared of flags, and that compilers take it: this crate compiles the Rust, `npm run check` of
//! `examples/browser` the TypeScript.

mod flags;

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use peekaboo_flags::Value;
use peekaboo_migrate::{Document, Language, Visible, declare};
use serde::de::DeserializeOwned;

// What the declared module takes from the SDK, with the same signature.
extern crate self as peekaboo_sdk;

/// Stands in for the SDK's client, and counts the handles.
#[derive(Default)]
pub struct Client(AtomicUsize);

/// Stands in for the SDK's handle.
#[derive(Clone)]
pub struct Flag<T> {
    key: Arc<str>,
    default: T,
}

impl Client {
    fn flag<T: DeserializeOwned + Send + Sync + 'static>(
        &self,
        key: impl Into<Arc<str>>,
        default: T,
    ) -> Flag<T> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Flag {
            key: key.into(),
            default,
        }
    }
}

fn storefront() -> Document {
    let text = include_bytes!("../files/storefront.json");
    Document::read(text).expect("a document")
}

/// Compares with a file that is kept; `PEEKABOO_WRITE=1` writes it anew.
fn assert_kept(path: &str, declared: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("PEEKABOO_WRITE").is_some() {
        fs::write(&path, declared).expect("the file");
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        kept,
        declared,
        "{}: PEEKABOO_WRITE=1 writes it anew",
        path.display()
    );
}

#[test]
fn typescript_has_an_interface() {
    let command =
        "peekaboo types flags.json --language typescript --client-visible --out src/flags.ts";
    let declared = declare(
        &storefront(),
        Language::TypeScript,
        Visible::ToClients,
        command,
    );
    assert_kept("../examples/browser/src/flags.ts", &declared);
}

#[test]
fn rust_has_handles() {
    let command = "peekaboo types flags.json --language rust --out src/flags.rs";
    let declared = declare(&storefront(), Language::Rust, Visible::Everywhere, command);
    assert_kept("tests/types/flags.rs", &declared);
}

#[test]
fn without_flags_there_is_nothing_to_declare() {
    let none = Document::default();
    let typescript = declare(&none, Language::TypeScript, Visible::Everywhere, "x");
    assert!(
        typescript.ends_with("export interface Flags {}\n"),
        "{typescript}"
    );
    let rust = declare(&none, Language::Rust, Visible::Everywhere, "x");
    assert!(
        rust.contains("pub fn new(_client: &Client) -> Self"),
        "{rust}"
    );
}

#[test]
fn defaults_are_what_a_flag_serves_while_off() {
    let client = Client::default();
    let flags = flags::Flags::new(&client).clone();
    assert_eq!(client.0.into_inner(), storefront().flags.len());
    assert_eq!(&*flags.hero_theme.key, "hero-theme");
    assert_eq!(flags.hero_theme.default, flags::HeroTheme::Dawn);
    assert_eq!(flags.banner_text.default, "");
    assert!(!flags.new_checkout.default);
    let document = storefront();
    let off = |key: &str| -> Value {
        let flag = &document.flags[key];
        let off = flag
            .targeting
            .off_variation
            .as_ref()
            .expect("an off variation");
        let mut variations = flag.variations.iter();
        let variation = variations.find(|variation| variation.key == *off);
        variation.expect("the variation").value.clone()
    };
    let limits: flags::ApiLimits = serde_json::from_value(off("api-limits")).expect("it reads");
    assert_eq!(flags.api_limits.default, limits);
    let layout: flags::Layout = serde_json::from_value(off("layout")).expect("it reads");
    assert_eq!(flags.layout.default, layout);
}

#[test]
fn every_variation_reads_as_the_declared_type() {
    let document = storefront();
    for (key, reads) in [
        (
            "api-limits",
            reads::<flags::ApiLimits> as fn(&Value) -> bool,
        ),
        ("hero-theme", reads::<flags::HeroTheme>),
        ("layout", reads::<flags::Layout>),
    ] {
        for variation in &document.flags[key].variations {
            assert!(reads(&variation.value), "{key}: {}", variation.key);
        }
    }
}

fn reads<T: DeserializeOwned>(value: &Value) -> bool {
    T::deserialize(value).is_ok()
}
