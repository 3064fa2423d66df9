//! How often each variation was served.

use serde::Serialize;
use utoipa::ToSchema;

/// How often a variation was served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct VariationUsage {
    /// The variation; null where applications used their own default.
    #[schema(required)]
    pub variation: Option<String>,
    /// How often.
    pub evaluations: i64,
}

impl From<peekaboo_storage::VariationUsage> for VariationUsage {
    fn from(usage: peekaboo_storage::VariationUsage) -> Self {
        Self {
            variation: usage.variation,
            evaluations: usage.count,
        }
    }
}
