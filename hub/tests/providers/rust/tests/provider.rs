//! OpenFeature's own OFREP provider for Rust, as it is published, against a running hub.

use open_feature::{
    EvaluationContext, EvaluationErrorCode, EvaluationReason, OpenFeature, Value,
    provider::FeatureProvider,
};
use reqwest::Method;
use serde_json::json;
use support::{
    SERVER_KEY, ann,
    binary::{Hub, TARGETING, Visitor},
    provider,
};

mod support;

const CLIENT_KEY: &str = "pbc_demo_production";

fn bo() -> EvaluationContext {
    EvaluationContext::default()
        .with_targeting_key("bo")
        .with_custom_field("country", "SE")
        .with_custom_field("plan", "pro")
}

async fn toggle(visitor: &Visitor, enabled: bool) {
    let body = json!({ "enabled": enabled });
    let (status, answer) = visitor.send(Method::PATCH, TARGETING, body).await;
    assert_eq!(status, 200, "{answer}");
}

#[tokio::test]
async fn flags_of_every_type_are_evaluated_under_both_kinds_of_key() {
    let hub = Hub::start(&["--demo"]).await;
    for key in [SERVER_KEY, CLIENT_KEY] {
        let provider = provider(&hub, key).await;
        let theme = provider.resolve_string_value("hero-theme", &bo()).await;
        let theme = theme.expect("a theme");
        assert_eq!(
            (&*theme.value, theme.variant.as_deref()),
            ("fjord", Some("fjord"))
        );
        // Whatever the hub's reason was: the provider has this one for all.
        assert_eq!(theme.reason, Some(EvaluationReason::Static));
        let theme = provider.resolve_string_value("hero-theme", &ann()).await;
        assert_eq!(theme.expect("a theme").value, "dawn");
        let discount = provider.resolve_int_value("discount-percent", &bo()).await;
        assert_eq!(discount.expect("a discount").value, 10);
        let discount = provider
            .resolve_float_value("discount-percent", &bo())
            .await;
        assert!((discount.expect("a discount").value - 10.0).abs() < f64::EPSILON);
        let layout = provider.resolve_struct_value("layout", &ann()).await;
        let layout = layout.expect("a layout").value;
        assert_eq!(layout.fields.get("columns"), Some(&Value::Int(3)));
        let checkout = provider.resolve_bool_value("new-checkout", &ann()).await;
        assert!(!checkout.expect("off at first").value);
    }
}

#[tokio::test]
async fn a_change_is_seen_with_the_next_evaluation_by_openfeatures_client() {
    let hub = Hub::start(&["--demo"]).await;
    let visitor = hub.demo_visitor().await;
    let mut api = OpenFeature::default();
    api.set_provider(provider(&hub, SERVER_KEY).await).await;
    let client = api.create_client();
    for enabled in [true, false, true] {
        toggle(&visitor, enabled).await;
        let context = ann();
        let value = client.get_bool_value("new-checkout", Some(&context), None);
        assert_eq!(value.await, Ok(enabled));
    }
}

#[tokio::test]
async fn what_goes_wrong_has_a_code() {
    let hub = Hub::start(&["--demo"]).await;
    let server = provider(&hub, SERVER_KEY).await;
    let unknown = server.resolve_bool_value("nothing", &ann()).await;
    let code = unknown.expect_err("no such flag").code;
    assert_eq!(code, EvaluationErrorCode::FlagNotFound);
    let mismatch = server.resolve_bool_value("hero-theme", &ann()).await;
    let code = mismatch.expect_err("a string").code;
    assert_eq!(code, EvaluationErrorCode::ParseError);
    let nobody = provider(&hub, "pbs_nobody").await;
    let refused = nobody.resolve_bool_value("new-checkout", &ann()).await;
    let refused = refused.expect_err("no such key").message;
    let message = "authentication/authorization error";
    assert_eq!(refused.as_deref(), Some(message));
}
