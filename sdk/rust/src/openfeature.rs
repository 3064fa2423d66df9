//! An [`OpenFeature`](https://openfeature.dev) provider: the `open-feature` crate with a [`Client`], which evaluates
//! each call's context with its rules.
//!
//! ```
//! use open_feature::{EvaluationContext, OpenFeature};
//! use peekaboo_sdk::openfeature::Provider;
//! use peekaboo_sdk::{Client, Source};
//! # use serde_json::json;
//!
//! # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let source = Source::ruleset(json!({"flags": {"new-checkout": {
//! #     "type": "boolean", "enabled": true, "variations": {"on": true}, "fallthrough": {"variation": "on"}
//! # }}}));
//! let client = Client::local(source).build()?; // or Client::builder(key).url(url)
//! let mut api = OpenFeature::singleton_mut().await;
//! api.set_provider(Provider::new(client.clone())).await;
//!
//! let flags = api.create_client();
//! let user = EvaluationContext::default().with_targeting_key("user-1");
//! let express = flags.get_bool_value("new-checkout", Some(&user), None).await;
//! assert_eq!(express.unwrap_or(false), true);
//! # Ok(()) }
//! ```
//!
//! The crate has no events, no tracking and no shutdown yet: use [`Client::changes`], [`Client::track`] and
//! [`Client::close`]. A flag that serves no variation, for example one that is off, is an error for the crate, so that
//! the caller's default is used; the error's message says so.

use std::collections::HashMap;
use std::time::Duration;

use open_feature::provider::{
    FeatureProvider, ProviderMetadata, ProviderStatus, ResolutionDetails,
};
use open_feature::{
    EvaluationContext, EvaluationContextFieldValue, EvaluationError as Error, EvaluationErrorCode,
    EvaluationReason, EvaluationResult, FlagMetadata, FlagMetadataValue, HookWrapper, StructValue,
    Value, async_trait,
};
use peekaboo_flags::{Context, Reason};
use serde_json::{Map, Value as Json};
use time::format_description::well_known::Rfc3339;

use crate::value::{self, Mismatch};
use crate::{Client, Detail, EvaluationError, Status};

/// The default time that initialization waits for the rules.
const INITIALIZE_WITHIN: Duration = Duration::from_secs(10);

/// Provides a client's flags to `OpenFeature`.
pub struct Provider {
    client: Client,
    metadata: ProviderMetadata,
    initialize_within: Duration,
    hooks: Vec<HookWrapper>,
}

impl Provider {
    /// A provider of this client's flags.
    pub fn new(client: Client) -> Self {
        Self {
            client,
            metadata: ProviderMetadata::new("peekaboo"),
            initialize_within: INITIALIZE_WITHIN,
            hooks: Vec::new(),
        }
    }

    /// How long initialization waits for the rules; the default is 10 seconds. Rules that arrive later still make the
    /// provider ready.
    #[must_use]
    pub fn initialize_within(mut self, time: Duration) -> Self {
        self.initialize_within = time;
        self
    }

    /// Hooks of the provider, run with every evaluation.
    #[must_use]
    pub fn hooks(mut self, hooks: Vec<HookWrapper>) -> Self {
        self.hooks = hooks;
        self
    }

    fn resolve<T>(
        &self,
        key: &str,
        context: &EvaluationContext,
        read: impl FnOnce(&Json) -> Result<T, Mismatch>,
    ) -> EvaluationResult<ResolutionDetails<T>> {
        let shared = self.client.shared();
        // After shutdown, which closes the client, nothing is served.
        if self.client.status() == Status::Closed {
            return Err(error(EvaluationError::ProviderNotReady));
        }
        let read = |value: &Json| read(value).map(Some);
        let evaluated = shared.evaluate(key, &context_of(context), read, |outcome| {
            outcome.into_detail(None)
        });
        let mut resolved = resolution(evaluated)?;
        if let Some(metadata) = &mut resolved.flag_metadata {
            self.describe(context, metadata);
        }
        Ok(resolved)
    }

    /// Adds telemetry metadata, named as in the specification's Appendix D.
    fn describe(&self, context: &EvaluationContext, metadata: &mut FlagMetadata) {
        let shared = self.client.shared();
        let version = shared.version();
        if version > 0 {
            metadata.add_value("version", version.to_string());
        }
        if let Some(flag_set) = shared.flag_set() {
            metadata.add_value("flagSetId", flag_set.to_string());
        }
        if let Some(subject) = &context.targeting_key {
            metadata.add_value("contextId", subject.clone());
        }
    }
}

fn metadata_value(value: &Json) -> Option<FlagMetadataValue> {
    Some(match value {
        Json::Bool(value) => FlagMetadataValue::Bool(*value),
        Json::String(value) => FlagMetadataValue::String(value.clone()),
        Json::Number(number) => match number.as_i64() {
            Some(whole) => FlagMetadataValue::Int(whole),
            None => FlagMetadataValue::Float(number.as_f64()?),
        },
        Json::Null | Json::Array(_) | Json::Object(_) => return None,
    })
}

#[async_trait]
impl FeatureProvider for Provider {
    async fn initialize(&mut self, _context: &EvaluationContext) {
        if let Err(error) = self.client.ready(self.initialize_within).await {
            tracing::warn!(%error, "the OpenFeature provider is not ready");
        }
    }

    fn status(&self) -> ProviderStatus {
        let has_rules = *self.client.shared().has_rules.borrow();
        match self.client.status() {
            Status::Stopped if !has_rules => ProviderStatus::Error,
            _ if !has_rules => ProviderStatus::NotReady,
            Status::Closed => ProviderStatus::NotReady,
            // The last rules are still served.
            Status::Stopped | Status::Reconnecting => ProviderStatus::STALE,
            _ => ProviderStatus::Ready,
        }
    }

    fn metadata(&self) -> &ProviderMetadata {
        &self.metadata
    }

    fn hooks(&self) -> &[HookWrapper] {
        &self.hooks
    }

    async fn resolve_bool_value(
        &self,
        flag_key: &str,
        evaluation_context: &EvaluationContext,
    ) -> EvaluationResult<ResolutionDetails<bool>> {
        self.resolve(flag_key, evaluation_context, value::boolean)
    }

    async fn resolve_int_value(
        &self,
        flag_key: &str,
        evaluation_context: &EvaluationContext,
    ) -> EvaluationResult<ResolutionDetails<i64>> {
        self.resolve(flag_key, evaluation_context, value::read)
    }

    async fn resolve_float_value(
        &self,
        flag_key: &str,
        evaluation_context: &EvaluationContext,
    ) -> EvaluationResult<ResolutionDetails<f64>> {
        self.resolve(flag_key, evaluation_context, value::number)
    }

    async fn resolve_string_value(
        &self,
        flag_key: &str,
        evaluation_context: &EvaluationContext,
    ) -> EvaluationResult<ResolutionDetails<String>> {
        self.resolve(flag_key, evaluation_context, value::string)
    }

    async fn resolve_struct_value(
        &self,
        flag_key: &str,
        evaluation_context: &EvaluationContext,
    ) -> EvaluationResult<ResolutionDetails<StructValue>> {
        self.resolve(flag_key, evaluation_context, |value| {
            let fields = value::object::<Map<String, Json>>(value)?;
            Ok(struct_of(fields))
        })
    }
}

/// Converts a detail to `OpenFeature`'s.
fn resolution<T>(detail: Detail<Option<T>>) -> EvaluationResult<ResolutionDetails<T>> {
    let Some(value) = detail.value else {
        return Err(detail.error.map_or_else(no_variation, error));
    };
    let mut metadata = FlagMetadata::default();
    for (name, value) in detail.flag_metadata.iter().flatten() {
        if let Some(value) = metadata_value(value) {
            metadata.add_value(name, value);
        }
    }
    if let Some(version) = detail
        .flag_version
        .and_then(|version| i64::try_from(version).ok())
    {
        metadata.add_value("flagVersion", version);
    }
    Ok(ResolutionDetails {
        value,
        variant: detail.variation,
        reason: Some(reason(detail.reason)),
        flag_metadata: Some(metadata),
    })
}

fn no_variation() -> Error {
    let message = "the flag serves no variation; the caller's default is used";
    Error {
        code: EvaluationErrorCode::General(message.to_owned()),
        message: Some(message.to_owned()),
    }
}

fn error(error: EvaluationError) -> Error {
    let message = error.to_string();
    let code = match error {
        EvaluationError::ProviderNotReady => EvaluationErrorCode::ProviderNotReady,
        EvaluationError::FlagNotFound => EvaluationErrorCode::FlagNotFound,
        EvaluationError::TypeMismatch(_) => EvaluationErrorCode::TypeMismatch,
        EvaluationError::TargetingKeyMissing(_) => EvaluationErrorCode::TargetingKeyMissing,
        EvaluationError::General(details) => EvaluationErrorCode::General(details),
    };
    Error {
        code,
        message: Some(message),
    }
}

fn reason(reason: Reason) -> EvaluationReason {
    match reason {
        Reason::Static => EvaluationReason::Static,
        Reason::Default => EvaluationReason::Default,
        Reason::TargetingMatch => EvaluationReason::TargetingMatch,
        Reason::Split => EvaluationReason::Split,
        Reason::Disabled => EvaluationReason::Disabled,
        Reason::Error => EvaluationReason::Error,
        Reason::PrerequisiteFailed => EvaluationReason::Other(reason.to_string()),
    }
}

fn context_of(context: &EvaluationContext) -> Context {
    let fields = context.custom_fields.iter();
    Context {
        targeting_key: context.targeting_key.clone(),
        attributes: fields
            .filter_map(|(name, value)| Some((name.clone(), attribute(value)?)))
            .collect(),
    }
}

/// Converts an attribute for rules. Only structures that can be read count: the crate's own, and JSON.
fn attribute(value: &EvaluationContextFieldValue) -> Option<Json> {
    match value {
        EvaluationContextFieldValue::Bool(value) => Some(Json::from(*value)),
        EvaluationContextFieldValue::Int(value) => Some(Json::from(*value)),
        EvaluationContextFieldValue::Float(value) => Some(Json::from(*value)),
        EvaluationContextFieldValue::String(value) => Some(Json::from(value.as_str())),
        EvaluationContextFieldValue::DateTime(time) => time.format(&Rfc3339).ok().map(Json::from),
        EvaluationContextFieldValue::Struct(structure) => {
            if let Some(json) = structure.downcast_ref::<Json>() {
                return Some(json.clone());
            }
            let fields = structure.downcast_ref::<StructValue>()?;
            Some(json_of_struct(fields))
        }
    }
}

fn json_of_struct(structure: &StructValue) -> Json {
    let fields = structure.fields.iter();
    fields
        .map(|(name, value)| (name.clone(), json_of(value)))
        .collect()
}

fn json_of(value: &Value) -> Json {
    match value {
        Value::Bool(value) => Json::from(*value),
        Value::Int(value) => Json::from(*value),
        Value::Float(value) => Json::from(*value),
        Value::String(value) => Json::from(value.as_str()),
        Value::Array(values) => values.iter().map(json_of).collect(),
        Value::Struct(structure) => json_of_struct(structure),
    }
}

fn struct_of(fields: Map<String, Json>) -> StructValue {
    let fields = fields.into_iter();
    let fields: HashMap<_, _> = fields
        .filter_map(|(name, value)| Some((name, value_of(value)?)))
        .collect();
    StructValue { fields }
}

/// `None` for null, which `OpenFeature` does not have.
fn value_of(json: Json) -> Option<Value> {
    Some(match json {
        Json::Null => return None,
        Json::Bool(value) => Value::Bool(value),
        Json::Number(number) => match number.as_i64() {
            Some(whole) => Value::Int(whole),
            None => Value::Float(number.as_f64()?),
        },
        Json::String(value) => Value::String(value),
        Json::Array(values) => Value::Array(values.into_iter().filter_map(value_of).collect()),
        Json::Object(fields) => Value::Struct(struct_of(fields)),
    })
}
