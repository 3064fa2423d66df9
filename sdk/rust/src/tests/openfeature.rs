//! The provider, asked by the official crate.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use open_feature::provider::{FeatureProvider as _, ProviderStatus};
use open_feature::{
    EvaluationContext, EvaluationContextFieldValue, EvaluationDetails, EvaluationError,
    EvaluationErrorCode, EvaluationReason, FlagMetadataValue, Hook, HookContext, HookHints,
    HookWrapper, OpenFeature, StructValue, Value, async_trait,
};
use serde_json::{Value as Json, json};
use time::macros::datetime;

use super::rig::{KEY, Rig, by_country, flag};
use crate::openfeature::Provider;
use crate::{Client, Source, Status};

fn provider(flags: &Json) -> Provider {
    let source = Source::ruleset(json!({"flags": flags}));
    Provider::new(Client::local(source).build().expect("a client"))
}

async fn client(provider: Provider) -> open_feature::Client {
    let mut api = OpenFeature::default();
    api.set_provider(provider).await;
    api.create_client()
}

fn swede() -> EvaluationContext {
    EvaluationContext::default()
        .with_targeting_key("user-1")
        .with_custom_field("country", "SE")
}

#[tokio::test]
async fn every_type_is_resolved() {
    let object = json!({"name": "a", "list": [1, 2.5, null], "nested": {"yes": true}});
    let client = client(provider(&json!({
        "bool": by_country(true, false), "int": flag(7.0), "float": flag(2), "string": flag("hello"),
        "object": flag(object),
    })))
    .await;
    let user = swede();
    assert_eq!(
        client.get_bool_value("bool", Some(&user), None).await,
        Ok(true)
    );
    assert_eq!(client.get_bool_value("bool", None, None).await, Ok(false));
    assert_eq!(client.get_int_value("int", None, None).await, Ok(7));
    assert_eq!(client.get_float_value("float", None, None).await, Ok(2.0));
    let text = client.get_string_value("string", None, None).await;
    assert_eq!(text.as_deref(), Ok("hello"));
    let structure = client
        .get_struct_value::<StructValue>("object", None, None)
        .await;
    let nested = StructValue::default().with_field("yes", true);
    let list = Value::Array(vec![Value::Int(1), Value::Float(2.5)]);
    let expected = StructValue::default()
        .with_field("name", "a")
        .with_field("list", list)
        .with_field("nested", Value::Struct(nested));
    assert_eq!(structure, Ok(expected));
}

#[tokio::test]
async fn details_say_why() {
    let client = client(provider(&json!({"a": by_country("w", "v")}))).await;
    let details = client.get_string_details("a", Some(&swede()), None).await;
    let EvaluationDetails {
        value,
        reason,
        variant,
        flag_metadata,
        ..
    } = details.expect("a value");
    assert_eq!((value.as_str(), variant.as_deref()), ("w", Some("w")));
    assert_eq!(reason, Some(EvaluationReason::TargetingMatch));
    assert_eq!(
        flag_metadata.values["flagVersion"],
        FlagMetadataValue::Int(1)
    );
}

#[tokio::test]
async fn what_cannot_be_resolved_is_an_error_so_that_the_callers_default_counts() {
    let mut off = flag(true);
    off["enabled"] = json!(false);
    let mut split = flag(true);
    split["fallthrough"] = json!({"split": {"by": "org", "weights": [["v", 100_000]]}});
    let client = client(provider(&json!({
        "text": flag("hello"), "off": off, "split": split, "broken": {"type": "color"},
    })))
    .await;
    let code = async |key| {
        let resolved = client.get_bool_value(key, None, None).await;
        resolved.map_err(|error| error.code)
    };
    assert_eq!(
        code("unknown").await,
        Err(EvaluationErrorCode::FlagNotFound)
    );
    assert_eq!(code("text").await, Err(EvaluationErrorCode::TypeMismatch));
    assert_eq!(
        code("split").await,
        Err(EvaluationErrorCode::TargetingKeyMissing)
    );
    assert!(matches!(
        code("broken").await,
        Err(EvaluationErrorCode::General(_))
    ));
    let off = client.get_bool_value("off", None, None).await;
    let message = off.expect_err("no value").message.expect("a message");
    assert!(message.contains("no variation"), "{message}");
}

#[tokio::test]
async fn attributes_of_every_kind_reach_the_rules() {
    let rule = |attribute: &str, op: &str, value: Json| {
        let mut rule = by_country(true, false);
        rule["rules"][0]["when"] = json!({"attribute": attribute, "op": op, "values": [value]});
        rule
    };
    let client = client(provider(&json!({
        "bool": rule("beta", "in", json!(true)), "int": rule("age", "gte", json!(18)),
        "float": rule("score", "lt", json!(0.5)), "time": rule("since", "before", json!("2026-01-02T00:00:00Z")),
        "struct": rule("/org/plan", "in", json!("pro")), "json": rule("/team/tags/0", "in", json!("a")),
    })))
    .await;
    let org = StructValue::default().with_field("plan", "pro");
    let user = swede()
        .with_custom_field("beta", true)
        .with_custom_field("age", 18)
        .with_custom_field("score", 0.25)
        .with_custom_field("since", datetime!(2026-01-01 12:00 UTC))
        .with_custom_field("org", EvaluationContextFieldValue::new_struct(org))
        .with_custom_field(
            "team",
            EvaluationContextFieldValue::new_struct(json!({"tags": ["a"]})),
        )
        .with_custom_field("strange", EvaluationContextFieldValue::new_struct(7_u8));
    for key in ["bool", "int", "float", "time", "struct", "json"] {
        assert_eq!(
            client.get_bool_value(key, Some(&user), None).await,
            Ok(true),
            "{key}"
        );
        assert_eq!(
            client.get_bool_value(key, None, None).await,
            Ok(false),
            "{key}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn the_status_follows_the_clients() {
    let mut rig = Rig::start(Client::builder(KEY));
    let mut provider = Provider::new(rig.client.clone()).initialize_within(Duration::from_secs(2));
    assert_eq!(provider.metadata().name, "peekaboo");
    provider.initialize(&EvaluationContext::default()).await;
    assert_eq!(provider.status(), ProviderStatus::NotReady);
    let resolved = provider
        .resolve_bool_value("a", &EvaluationContext::default())
        .await;
    assert_eq!(
        resolved.expect_err("no rules").code,
        EvaluationErrorCode::ProviderNotReady
    );

    let mut socket = rig.accept().await;
    socket.greet(json!({"a": flag(true)})).await;
    provider.initialize(&EvaluationContext::default()).await;
    assert_eq!(provider.status(), ProviderStatus::Ready);
    socket.close(1006).await;
    assert_eq!(provider.status(), ProviderStatus::STALE);
    let resolved = provider
        .resolve_bool_value("a", &EvaluationContext::default())
        .await;
    assert!(resolved.expect("the last rules").value);
    rig.accept().await.close(4502).await;
    assert_eq!(rig.client.status(), Status::Stopped);
    assert_eq!(provider.status(), ProviderStatus::STALE);
    let resolved = provider
        .resolve_bool_value("a", &EvaluationContext::default())
        .await;
    assert!(resolved.expect("the last rules").value);
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_was_refused_without_ever_having_rules_is_in_error() {
    let mut rig = Rig::start(Client::builder(KEY));
    let mut provider = Provider::new(rig.client.clone());
    rig.accept().await.close(4501).await;
    provider.initialize(&EvaluationContext::default()).await;
    assert_eq!(provider.status(), ProviderStatus::Error);
}

/// Writes down what it sees.
struct Journal(Arc<Mutex<Vec<String>>>);

impl Journal {
    fn note(&self, note: String) {
        self.0.lock().expect("a journal").push(note);
    }
}

#[async_trait]
impl Hook for Journal {
    async fn before<'a>(
        &self,
        context: &HookContext<'a>,
        _hints: Option<&'a HookHints>,
    ) -> Result<Option<EvaluationContext>, EvaluationError> {
        self.note(format!("before {}", context.flag_key));
        Ok(Some(swede()))
    }

    async fn after<'a>(
        &self,
        _context: &HookContext<'a>,
        details: &EvaluationDetails<Value>,
        _hints: Option<&'a HookHints>,
    ) -> Result<(), EvaluationError> {
        self.note(format!("after {:?}", details.value));
        Ok(())
    }

    async fn error<'a>(
        &self,
        _context: &HookContext<'a>,
        error: &EvaluationError,
        _hints: Option<&'a HookHints>,
    ) {
        self.note(format!("error {}", error.code));
    }

    async fn finally<'a>(
        &self,
        _context: &HookContext<'a>,
        _details: &EvaluationDetails<Value>,
        _hints: Option<&'a HookHints>,
    ) {
        self.note("finally".to_owned());
    }
}

#[tokio::test]
async fn hooks_of_the_provider_run_with_every_evaluation() {
    let notes = Arc::new(Mutex::new(Vec::new()));
    let hooks = vec![HookWrapper::new(Journal(Arc::clone(&notes)))];
    let provider = provider(&json!({"a": by_country(true, false)})).hooks(hooks);
    let client = client(provider).await;
    assert_eq!(
        client.get_bool_value("a", None, None).await,
        Ok(true),
        "the hook's context"
    );
    let _ = client.get_bool_value("b", None, None).await;
    let notes = notes.lock().expect("a journal").clone();
    assert_eq!(
        notes,
        [
            "before a",
            "after Bool(true)",
            "finally",
            "before b",
            "error FLAG_NOT_FOUND",
            "finally"
        ]
    );
}

#[tokio::test]
async fn metadata_has_what_people_noted_and_what_telemetry_asks_for() {
    let mut noted = flag("v");
    noted["metadata"] =
        json!({"owner": "checkout", "priority": 2, "share": 0.5, "temporary": true, "odd": [1]});
    let mut rig = Rig::start(Client::builder(KEY));
    let mut socket = rig.accept().await;
    socket.next().await;
    socket
        .say_json(&json!([16, "c", "epoch", 7, 2, 3600, "shop/production"]))
        .await;
    socket.say_json(&json!([17, 7, {"a": noted}, {}])).await;
    let client = client(Provider::new(rig.client.clone())).await;
    let details = client.get_string_details("a", Some(&swede()), None).await;
    let metadata = details.expect("a value").flag_metadata.values;
    let text = |text: &str| FlagMetadataValue::String(text.to_owned());
    for (name, value) in [
        ("owner", text("checkout")),
        ("priority", FlagMetadataValue::Int(2)),
        ("share", FlagMetadataValue::Float(0.5)),
        ("temporary", FlagMetadataValue::Bool(true)),
        ("flagVersion", FlagMetadataValue::Int(1)),
        ("version", text("7")),
        ("flagSetId", text("shop/production")),
        ("contextId", text("user-1")),
    ] {
        assert_eq!(metadata.get(name), Some(&value), "{name}");
    }
    assert_eq!(metadata.len(), 8);
}

#[tokio::test]
async fn nothing_is_served_after_shutdown() {
    let rules = Source::ruleset(json!({"flags": {"a": flag("v")}}));
    let own = Client::local(rules).build().expect("a client");
    let provider = Provider::new(own.clone());
    own.close().await;
    assert_eq!(provider.status(), ProviderStatus::NotReady);
    let client = client(provider).await;
    let refused = client.get_string_value("a", None, None).await;
    let error = refused.expect_err("nothing");
    assert_eq!(error.code, EvaluationErrorCode::ProviderNotReady);
}
