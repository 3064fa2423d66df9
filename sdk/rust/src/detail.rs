//! The result of a read: the value with its reason.

use peekaboo_flags::model::Metadata;
use peekaboo_flags::{ErrorCode, Reason};
use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

use crate::value::Mismatch;

/// A flag's value with the reason for it.
///
/// As JSON, it is the same as in all of Peek-a-boo's SDKs: `{value, variation, reason, ruleId?, ruleIndex?,
/// prerequisite?, errorCode?, errorDetails?, flagVersion?, flagMetadata?}`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Detail<T> {
    /// The flag's value, or the caller's default if the flag serves none.
    pub value: T,
    /// The variation's name; `None` if `value` is the caller's default.
    pub variation: Option<String>,
    /// Why the flag has this value.
    pub reason: Reason,
    /// The id of the rule that matched.
    pub rule_id: Option<String>,
    /// The index of the rule that matched, from 0.
    pub rule_index: Option<u32>,
    /// The first prerequisite that failed.
    pub prerequisite: Option<String>,
    /// The error that caused the default; set exactly if the reason is [`Reason::Error`].
    pub error: Option<EvaluationError>,
    /// `None` if the flag is unknown or malformed.
    pub flag_version: Option<u64>,
    /// The flag's metadata; `None` if it is empty.
    pub flag_metadata: Option<Metadata>,
}

/// The error that caused a default. Reads never fail: they always return a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EvaluationError {
    /// No rules have arrived yet.
    #[error("no rules have arrived yet")]
    ProviderNotReady,
    /// The flag does not exist.
    #[error("flag not found")]
    FlagNotFound,
    /// The flag's value does not have the requested type.
    #[error("{0}")]
    TypeMismatch(String),
    /// The attribute that a split needs is missing from the context.
    #[error("{0}")]
    TargetingKeyMissing(String),
    /// The flag is malformed, lacks a variation that it names, or depends on itself.
    #[error("{0}")]
    General(String),
}

impl EvaluationError {
    /// `OpenFeature`'s name of it, the same in every SDK.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::ProviderNotReady => "PROVIDER_NOT_READY",
            Self::FlagNotFound => "FLAG_NOT_FOUND",
            Self::TypeMismatch(_) => "TYPE_MISMATCH",
            Self::TargetingKeyMissing(_) => "TARGETING_KEY_MISSING",
            Self::General(_) => "GENERAL",
        }
    }
}

/// What an evaluation came to, before it is anyone's.
pub(crate) enum Outcome<'r, T> {
    /// What the flag serves, if it serves anything.
    Served(Option<T>, peekaboo_flags::Detail<'r>, Option<&'r Metadata>),
    /// It serves something of another type.
    Mismatch(Mismatch, Option<u64>),
    NotReady,
    NotFound,
}

impl<T> Outcome<'_, T> {
    /// What the flag serves.
    pub(crate) fn value(self) -> Option<T> {
        match self {
            Self::Served(value, ..) => value,
            _ => None,
        }
    }

    pub(crate) fn into_detail(self, default: T) -> Detail<T> {
        match self {
            Self::Served(value, detail, metadata) => Detail {
                error: error(&detail),
                value: value.unwrap_or(default),
                variation: detail.variation.map(str::to_owned),
                reason: detail.reason,
                rule_id: detail.rule_id.map(str::to_owned),
                rule_index: detail.rule_index,
                prerequisite: detail.prerequisite.map(str::to_owned),
                flag_version: detail.flag_version,
                flag_metadata: metadata.cloned(),
            },
            Self::Mismatch(what, flag_version) => Detail {
                flag_version,
                ..failed(default, EvaluationError::TypeMismatch(what))
            },
            Self::NotReady => failed(default, EvaluationError::ProviderNotReady),
            Self::NotFound => failed(default, EvaluationError::FlagNotFound),
        }
    }
}

fn failed<T>(default: T, error: EvaluationError) -> Detail<T> {
    Detail {
        value: default,
        variation: None,
        reason: Reason::Error,
        rule_id: None,
        rule_index: None,
        prerequisite: None,
        error: Some(error),
        flag_version: None,
        flag_metadata: None,
    }
}

fn error(detail: &peekaboo_flags::Detail<'_>) -> Option<EvaluationError> {
    let code = detail.error_code?;
    let details = detail.error_details.as_deref().unwrap_or_default();
    Some(match code {
        ErrorCode::FlagNotFound => EvaluationError::FlagNotFound,
        ErrorCode::TargetingKeyMissing => EvaluationError::TargetingKeyMissing(details.to_owned()),
        ErrorCode::General => EvaluationError::General(details.to_owned()),
    })
}

impl<T: Serialize> Serialize for Detail<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("value", &self.value)?;
        map.serialize_entry("variation", &self.variation)?;
        map.serialize_entry("reason", self.reason.as_str())?;
        if let Some(id) = &self.rule_id {
            map.serialize_entry("ruleId", id)?;
        }
        if let Some(index) = &self.rule_index {
            map.serialize_entry("ruleIndex", index)?;
        }
        if let Some(key) = &self.prerequisite {
            map.serialize_entry("prerequisite", key)?;
        }
        if let Some(error) = &self.error {
            map.serialize_entry("errorCode", error.code())?;
            map.serialize_entry("errorDetails", &error.to_string())?;
        }
        if let Some(version) = &self.flag_version {
            map.serialize_entry("flagVersion", version)?;
        }
        if let Some(metadata) = &self.flag_metadata {
            map.serialize_entry("flagMetadata", metadata)?;
        }
        map.end()
    }
}
