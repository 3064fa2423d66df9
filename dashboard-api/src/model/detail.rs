//! The outcome of an evaluation, and the steps that led to it.

use peekaboo_flags as flags;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// What a flag evaluates to, and why.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "value": true, "variation": "on", "reason": "TARGETING_MATCH", "ruleId": "nordics", "ruleIndex": 0, "flagVersion": 7
}))]
pub(crate) struct Detail {
    /// The value; null where the caller's default applies.
    pub value: Value,
    /// The variation's key; absent where the caller's default applies.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub variation: Option<String>,
    /// Why.
    pub reason: Reason,
    /// The rule that matched.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub rule_id: Option<String>,
    /// Its place among the rules, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub rule_index: Option<u32>,
    /// The prerequisite that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub prerequisite: Option<String>,
    /// What went wrong, where the reason is ERROR.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub error_code: Option<ErrorCode>,
    /// The same for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub error_details: Option<String>,
    /// The version of the flag's targeting that was evaluated; absent for a flag that is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub flag_version: Option<u64>,
    /// How it came to this; only where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub trace: Option<Trace>,
}

/// What an evaluation went through, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Trace {
    /// The steps of the flag asked for; each holds those that it consists of.
    pub steps: Vec<TraceStep>,
    /// Whether there were more steps than are told.
    pub truncated: bool,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({
    "kind": "clause", "pointer": "/rules/0/when", "matched": false, "because": "country \"DE\" is not in SE, NO", "steps": []
}))]
pub(crate) struct TraceStep {
    /// What was looked at.
    pub kind: TraceStepKind,
    /// JSON Pointer to it, within the flag or segment that it is part of.
    pub pointer: String,
    /// The flag or segment that was entered; the pointers of the steps inside are within that one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub key: Option<String>,
    /// Whether it holds, matches or serves.
    pub matched: bool,
    /// What was compared, and why it came out so; for people.
    pub because: String,
    /// What it consists of, as far as it was needed.
    #[schema(no_recursion)]
    pub steps: Vec<TraceStep>,
}

/// What a step looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum TraceStepKind {
    /// The off variation is served.
    Off,
    /// The variations that the flag has, where it names one that it lacks.
    Variations,
    /// Another flag that must serve something first.
    Prerequisite,
    /// A list of individual values.
    Target,
    /// A rule.
    Rule,
    /// What everybody else gets.
    Fallthrough,
    /// Conditions that must all hold.
    All,
    /// Conditions of which one must hold.
    Any,
    /// A condition that must not hold.
    Not,
    /// Membership of a segment.
    Segment,
    /// What another flag serves.
    Flag,
    /// A range of buckets.
    Bucket,
    /// A comparison of an attribute.
    Clause,
}

/// Why a value was served; `OpenFeature`'s words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Reason {
    /// The flag has no targets, rules or prerequisites.
    Static,
    /// Nothing matched: the fallthrough.
    Default,
    /// A target or rule matched.
    TargetingMatch,
    /// A split decided.
    Split,
    /// The flag is off.
    Disabled,
    /// A prerequisite is off or serves another variation.
    PrerequisiteFailed,
    /// See the error code.
    Error,
}

/// What went wrong; `OpenFeature`'s words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum ErrorCode {
    /// There is no such flag.
    FlagNotFound,
    /// The context lacks the attribute that a split needs.
    TargetingKeyMissing,
    /// The flag is malformed.
    General,
}

impl Detail {
    pub(crate) fn new(detail: flags::Detail<'_>, trace: Option<flags::Trace>) -> Self {
        Self {
            value: detail.value.cloned().unwrap_or_default(),
            variation: detail.variation.map(str::to_owned),
            reason: detail.reason.into(),
            rule_id: detail.rule_id.map(str::to_owned),
            rule_index: detail.rule_index,
            prerequisite: detail.prerequisite.map(str::to_owned),
            error_code: detail.error_code.map(Into::into),
            error_details: detail.error_details.map(Into::into),
            flag_version: detail.flag_version,
            trace: trace.map(Into::into),
        }
    }
}

impl From<flags::Trace> for Trace {
    fn from(trace: flags::Trace) -> Self {
        Self {
            steps: trace.steps.into_iter().map(Into::into).collect(),
            truncated: trace.truncated,
        }
    }
}

impl From<flags::Step> for TraceStep {
    fn from(step: flags::Step) -> Self {
        Self {
            kind: step.kind.into(),
            pointer: step.pointer,
            key: step.key,
            matched: step.matched,
            because: step.because,
            steps: step.steps.into_iter().map(Into::into).collect(),
        }
    }
}

/// Each enumeration lists the same variants as the one below it; the compiler sees to it.
macro_rules! same {
    ($theirs:ty => $ours:ident { $($variant:ident),* $(,)? }) => {
        impl From<$theirs> for $ours {
            fn from(theirs: $theirs) -> Self {
                match theirs { $(<$theirs>::$variant => Self::$variant,)* }
            }
        }
    };
}

same!(flags::Reason => Reason {
    Static, Default, TargetingMatch, Split, Disabled, PrerequisiteFailed, Error,
});
same!(flags::ErrorCode => ErrorCode { FlagNotFound, TargetingKeyMissing, General });
same!(flags::StepKind => TraceStepKind {
    Off, Variations, Prerequisite, Target, Rule, Fallthrough, All, Any, Not, Segment, Flag, Bucket, Clause,
});
