//! The outcome of an evaluation.

use std::borrow::Cow;
use std::fmt;

use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};

use crate::model::Value;

/// What a flag serves to a context, and why.
///
/// As JSON it is `{value, variation, reason, ruleId?, ruleIndex?, prerequisite?, errorCode?, errorDetails?,
/// flagVersion}`; a field that says nothing is left out, but for `value`, which is null where the caller's default
/// applies.
#[derive(Clone, Debug, PartialEq)]
pub struct Detail<'r> {
    /// None means the caller's default.
    pub value: Option<&'r Value>,
    /// The variation's name; none where `value` is.
    pub variation: Option<&'r str>,
    /// The variation's place among [the flag's](crate::CompiledFlag::variations), from 0; none where `value` is. Not in
    /// the JSON.
    pub variation_index: Option<usize>,
    /// Why it is this value.
    pub reason: Reason,
    /// The id of the rule that matched, unless it is empty.
    pub rule_id: Option<&'r str>,
    /// The place of the rule that matched, from 0.
    pub rule_index: Option<u32>,
    /// The first prerequisite that failed.
    pub prerequisite: Option<&'r str>,
    /// Set exactly where the reason is [`Reason::Error`].
    pub error_code: Option<ErrorCode>,
    /// What went wrong, for people; its wording may change.
    pub error_details: Option<Cow<'r, str>>,
    /// None where there is no flag, or a malformed one.
    pub flag_version: Option<u64>,
}

/// Why a flag served what it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Reason {
    /// The flag serves the same to everyone.
    Static,
    /// No target and no rule matched.
    Default,
    /// A target or a rule matched.
    TargetingMatch,
    /// A split decided, in a rule or in the fallthrough.
    Split,
    /// The flag is disabled.
    Disabled,
    /// A prerequisite is not met.
    PrerequisiteFailed,
    /// The caller's default applies, for the reason that the error code gives.
    Error,
}

/// Why a flag could not be evaluated; `OpenFeature`'s names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ErrorCode {
    /// There is no such flag.
    FlagNotFound,
    /// The attribute that a split needs is missing.
    TargetingKeyMissing,
    /// The flag is malformed, lacks a variation that it names, or depends on itself.
    General,
}

impl Reason {
    /// The name used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::Static => "STATIC",
            Reason::Default => "DEFAULT",
            Reason::TargetingMatch => "TARGETING_MATCH",
            Reason::Split => "SPLIT",
            Reason::Disabled => "DISABLED",
            Reason::PrerequisiteFailed => "PREREQUISITE_FAILED",
            Reason::Error => "ERROR",
        }
    }
}

impl ErrorCode {
    /// The name used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            ErrorCode::FlagNotFound => "FLAG_NOT_FOUND",
            ErrorCode::TargetingKeyMissing => "TARGETING_KEY_MISSING",
            ErrorCode::General => "GENERAL",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<'r> Detail<'r> {
    pub(crate) fn error(
        code: ErrorCode,
        details: impl Into<Cow<'r, str>>,
        flag_version: Option<u64>,
    ) -> Self {
        Detail {
            value: None,
            variation: None,
            variation_index: None,
            reason: Reason::Error,
            rule_id: None,
            rule_index: None,
            prerequisite: None,
            error_code: Some(code),
            error_details: Some(details.into()),
            flag_version,
        }
    }

    /// The detail as JSON.
    pub fn to_json(&self) -> Value {
        // Nothing in a detail can fail to be JSON.
        serde_json::to_value(self).unwrap_or(Value::Null)
    }
}

impl Serialize for Detail<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Counted, since MessagePack writes the length first.
        let optional = [
            self.variation.is_some(),
            self.rule_id.is_some(),
            self.rule_index.is_some(),
            self.prerequisite.is_some(),
            self.error_code.is_some(),
            self.error_details.is_some(),
            self.flag_version.is_some(),
        ];
        let length = 2 + optional.into_iter().filter(|present| *present).count();
        let mut map = serializer.serialize_map(Some(length))?;
        map.serialize_entry("value", &self.value)?;
        if let Some(variation) = self.variation {
            map.serialize_entry("variation", variation)?;
        }
        map.serialize_entry("reason", self.reason.as_str())?;
        if let Some(id) = self.rule_id {
            map.serialize_entry("ruleId", id)?;
        }
        if let Some(index) = self.rule_index {
            map.serialize_entry("ruleIndex", &index)?;
        }
        if let Some(key) = self.prerequisite {
            map.serialize_entry("prerequisite", key)?;
        }
        if let Some(code) = self.error_code {
            map.serialize_entry("errorCode", code.as_str())?;
        }
        if let Some(details) = &self.error_details {
            map.serialize_entry("errorDetails", details)?;
        }
        if let Some(version) = self.flag_version {
            map.serialize_entry("flagVersion", &version)?;
        }
        map.end()
    }
}
