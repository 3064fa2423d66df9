//! Targeting: who gets which variation of a flag, in one environment.

use peekaboo_flags::model::{Prerequisite, Rule, Serve, Target};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use time::OffsetDateTime;

use super::flag::{Flag, Variation};
use crate::key::{Key, SubjectKey};

/// Who gets which variation, in one environment. As JSON it has the ruleset's shape.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, FromRow)]
#[serde(rename_all = "camelCase")]
pub struct Targeting {
    /// A disabled flag serves its off variation to everyone.
    pub enabled: bool,
    /// Served while disabled and when a prerequisite fails; none leaves it to the caller's default.
    pub off_variation: Option<String>,
    /// Flags that must be enabled and serve one of the given variations first.
    #[sqlx(json)]
    pub prerequisites: Vec<Prerequisite>,
    /// Individual values, before all rules.
    #[sqlx(json)]
    pub targets: Vec<Target>,
    /// The first rule that matches serves.
    #[sqlx(json)]
    pub rules: Vec<Rule>,
    /// Served to whom no target and no rule matched.
    #[sqlx(json)]
    pub fallthrough: Serve,
}

impl Targeting {
    /// What a new flag has: disabled, with the first variation for everyone once enabled and the last until then.
    pub fn disabled(variations: &[Variation]) -> Self {
        let key = |variation: Option<&Variation>| variation.map(|variation| variation.key.clone());
        Targeting {
            enabled: false,
            off_variation: key(variations.last()),
            prerequisites: Vec::new(),
            targets: Vec::new(),
            rules: Vec::new(),
            fallthrough: Serve::Variation(key(variations.first()).unwrap_or_default()),
        }
    }

    /// The flag as an environment's ruleset has it.
    pub(crate) fn ruleset_flag(&self, flag: &Flag, version: i64) -> peekaboo_flags::Flag {
        let targeting = self.clone();
        peekaboo_flags::Flag {
            type_: flag.type_,
            enabled: targeting.enabled,
            variations: flag.variation_map(),
            off_variation: targeting.off_variation,
            prerequisites: targeting.prerequisites,
            targets: targeting.targets,
            rules: targeting.rules,
            fallthrough: targeting.fallthrough,
            salt: flag.salt.clone(),
            version: version.unsigned_abs(),
            client_visible: flag.client_visible,
            track: flag.track,
            metadata: flag.metadata.clone(),
        }
    }
}

/// A flag's targeting in one environment, with where and since when.
#[derive(Clone, Debug, PartialEq)]
pub struct FlagTargeting {
    /// The flag's key.
    pub flag: SubjectKey,
    /// The environment's key.
    pub environment: Key,
    /// Who gets what.
    pub targeting: Targeting,
    /// The version of the flag in the environment's ruleset, and the targeting's entity tag: rises by one with every
    /// change of the targeting and of the definition.
    pub version: i64,
    /// When the targeting last changed.
    pub updated_at: OffsetDateTime,
}
