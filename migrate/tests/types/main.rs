//! What is declared of flags, and that compilers take it: this crate compiles the Rust, `npm run check` of
//! `examples/browser` the TypeScript.

mod flags;

use std::fs;
use std::path::Path;

use peekaboo_flags::Value;
use peekaboo_migrate::{Document, Language, Visible, declare};
use peekaboo_sdk::{Client, Context, Source};
use serde::de::DeserializeOwned;

fn storefront() -> Document {
    let text = include_bytes!("../files/storefront.json");
    Document::read(text).expect("a document")
}

/// Compares with a file that is kept; `PEEKABOO_WRITE=1` writes it again.
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

#[tokio::test]
async fn without_rules_a_handle_serves_what_its_flag_serves_while_off() {
    let client = Client::local(Source::defaults()).build().expect("a client");
    let flags = flags::Flags::new(&client).clone();
    let nobody = Context::default();
    assert_eq!(flags.hero_theme.key(), "hero-theme");
    assert_eq!(flags.hero_theme.get(&nobody), flags::HeroTheme::Dawn);
    assert_eq!(flags.banner_text.get(&nobody), "");
    assert!(!flags.new_checkout.get(&nobody));
    let document = storefront();
    let off = |key: &str| -> Value {
        let flag = &document.flags[key];
        let off = flag.targeting.off_variation.as_ref();
        let off = off.expect("an off variation");
        let mut variations = flag.variations.iter();
        let variation = variations.find(|variation| variation.key == *off);
        variation.expect("the variation").value.clone()
    };
    let limits: flags::ApiLimits = serde_json::from_value(off("api-limits")).expect("it reads");
    assert_eq!(flags.api_limits.get(&nobody), limits);
    let layout: flags::Layout = serde_json::from_value(off("layout")).expect("it reads");
    assert_eq!(flags.layout.get(&nobody), layout);
}

#[tokio::test]
async fn an_exported_file_is_read_through_the_declared_handles() {
    let rules = serde_json::from_str(&storefront().to_text()).expect("JSON");
    let client = Client::local(Source::ruleset(rules))
        .build()
        .expect("a client");
    let flags = flags::Flags::new(&client);
    let norwegian = Context::new("user-1")
        .with("country", "NO")
        .with("plan", "pro");
    assert_eq!(flags.hero_theme.get(&norwegian), flags::HeroTheme::Fjord);
    assert!((flags.discount_percent.get(&norwegian) - 10.0).abs() < f64::EPSILON);
    let limits = flags.api_limits.get(&norwegian);
    assert!((limits.per_minute - 600.0).abs() < f64::EPSILON);
    assert_eq!(limits.owner.mail.as_deref(), Some("core@example.com"));
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
