//! The forms in which Unleash gives its features away.

use std::collections::{BTreeMap, BTreeSet};

use peekaboo_flags::Value;
use serde::Deserialize;

use crate::document::FlagDocument;
use crate::import::outcome::ImportError;
use crate::import::read::{or_empty, parse};

/// What was read of all files.
pub(super) struct Export {
    pub(super) features: Vec<Feature>,
    pub(super) segments: Vec<Segment>,
    pub(super) projects: BTreeSet<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Feature {
    pub(super) name: String,
    #[serde(default)]
    pub(super) description: Option<String>,
    #[serde(default, rename = "type")]
    pub(super) kind: Option<String>,
    #[serde(default)]
    project: Option<String>,
    #[serde(default)]
    pub(super) enabled: bool,
    #[serde(default)]
    pub(super) archived: bool,
    #[serde(default)]
    pub(super) impression_data: bool,
    #[serde(default, deserialize_with = "or_empty")]
    pub(super) strategies: Vec<Strategy>,
    #[serde(default, deserialize_with = "or_empty")]
    pub(super) variants: Vec<Variant>,
    #[serde(default, deserialize_with = "or_empty")]
    pub(super) dependencies: Vec<Dependency>,
    #[serde(skip)]
    pub(super) tags: Vec<String>,
}

impl Feature {
    /// Gives a flag what only people see of this feature.
    pub(super) fn describe(&self, flag: &mut FlagDocument) {
        flag.name = Some(self.name.clone());
        flag.description.clone_from(&self.description);
        let kind = self.kind.iter().cloned();
        flag.tags = Some(kind.chain(self.tags.iter().cloned()).collect());
        flag.track = self.impression_data;
    }

    /// Whether `getVariant` answers anything.
    pub(super) fn has_variants(&self) -> bool {
        let mut strategies = self.strategies.iter().filter(|strategy| !strategy.disabled);
        !self.variants.is_empty() || strategies.any(|strategy| !strategy.variants.is_empty())
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Strategy {
    #[serde(default)]
    id: Option<String>,
    #[serde(alias = "strategyName")]
    pub(super) name: String,
    #[serde(default, deserialize_with = "or_empty")]
    pub(super) parameters: BTreeMap<String, Value>,
    #[serde(default, deserialize_with = "or_empty")]
    pub(super) constraints: Vec<Constraint>,
    #[serde(default, deserialize_with = "or_empty")]
    pub(super) segments: Vec<i64>,
    #[serde(default, deserialize_with = "or_empty")]
    pub(super) variants: Vec<Variant>,
    #[serde(default, deserialize_with = "or_empty")]
    pub(super) disabled: bool,
    #[serde(default)]
    feature_name: Option<String>,
    #[serde(default)]
    environment: Option<String>,
    #[serde(default)]
    sort_order: Option<f64>,
}

impl Strategy {
    /// Whether anything in the context decides.
    pub(super) fn reads_context(&self) -> bool {
        !self.constraints.is_empty() || !self.segments.is_empty() || !self.parameters.is_empty()
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Constraint {
    pub(super) context_name: String,
    pub(super) operator: String,
    #[serde(default, deserialize_with = "or_empty")]
    pub(super) values: Vec<String>,
    #[serde(default)]
    pub(super) value: Option<Value>,
    #[serde(default, deserialize_with = "or_empty")]
    pub(super) inverted: bool,
    #[serde(default, deserialize_with = "or_empty")]
    pub(super) case_insensitive: bool,
}

#[derive(Debug, Deserialize)]
pub(super) struct Variant {
    pub(super) name: String,
    #[serde(default)]
    pub(super) weight: f64,
    #[serde(default)]
    pub(super) stickiness: Option<String>,
    #[serde(default)]
    pub(super) payload: Option<Payload>,
    #[serde(default, deserialize_with = "or_empty")]
    pub(super) overrides: Vec<Override>,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Payload {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) value: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Override {
    pub(super) context_name: String,
    #[serde(default)]
    pub(super) values: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Dependency {
    pub(super) feature: String,
    #[serde(default = "yes")]
    pub(super) enabled: bool,
    #[serde(default, deserialize_with = "or_empty")]
    pub(super) variants: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Segment {
    pub(super) id: i64,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    pub(super) description: Option<String>,
    #[serde(default)]
    pub(super) constraints: Option<Vec<Constraint>>,
}

impl Segment {
    /// What people call it; the client API tells no name.
    pub(super) fn name(&self) -> String {
        let number = || format!("segment-{}", self.id);
        self.name.clone().unwrap_or_else(number)
    }
}

/// A file of either form: the client API's has strategies and variants in its features, the export beside them.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    features: Vec<Feature>,
    #[serde(default, deserialize_with = "or_empty")]
    segments: Vec<Segment>,
    feature_strategies: Option<Vec<Strategy>>,
    #[serde(default, deserialize_with = "or_empty")]
    feature_environments: Vec<FeatureEnvironment>,
    #[serde(default, deserialize_with = "or_empty")]
    feature_strategy_segments: Vec<StrategySegment>,
    #[serde(default, deserialize_with = "or_empty")]
    feature_tags: Vec<FeatureTag>,
    #[serde(default, deserialize_with = "or_empty")]
    dependencies: Vec<FeatureDependencies>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct FeatureEnvironment {
    #[serde(default)]
    feature_name: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    environment: Option<String>,
    enabled: bool,
    /// Older exports have them in the feature.
    #[serde(default)]
    variants: Option<Vec<Variant>>,
}

/// That a strategy uses a segment, as older exports say it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StrategySegment {
    feature_strategy_id: String,
    segment_id: i64,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct FeatureTag {
    feature_name: String,
    #[serde(default, alias = "type")]
    tag_type: String,
    #[serde(alias = "value")]
    tag_value: String,
}

#[derive(Debug, Deserialize)]
struct FeatureDependencies {
    feature: String,
    dependencies: Vec<Dependency>,
}

fn yes() -> bool {
    true
}

/// Reads every file.
pub(super) fn read(files: &[Value], environment: Option<&str>) -> Result<Export, ImportError> {
    let mut export = Export {
        features: Vec::new(),
        segments: Vec::new(),
        projects: BTreeSet::new(),
    };
    for file in files {
        let is_not = "this is no export of Unleash, nor what /api/client/features answers";
        let mut file: File = parse(file, is_not)?;
        if let Some(strategies) = file.feature_strategies.take() {
            gather(&mut file, strategies, environment)?;
        }
        let projects = file
            .features
            .iter()
            .filter_map(|feature| feature.project.clone());
        export.projects.extend(projects);
        export.features.extend(file.features);
        export.segments.extend(file.segments);
    }
    Ok(export)
}

/// Puts what an export has beside its features into them.
fn gather(
    file: &mut File,
    strategies: Vec<Strategy>,
    environment: Option<&str>,
) -> Result<(), ImportError> {
    let environments = file.feature_environments.iter();
    let environments: BTreeSet<_> = environments
        .filter_map(|one| one.environment.clone())
        .collect();
    let environment = match (environment, environments.len()) {
        (Some(name), _) if environments.contains(name) => Some(name.to_owned()),
        (None, 0 | 1) => environments.first().cloned(),
        _ => {
            return Err(ImportError::Environments(
                environments.into_iter().collect(),
            ));
        }
    };
    let elsewhere = |other: &Option<String>| other.is_some() && *other != environment;
    let mut by_feature: BTreeMap<String, Vec<Strategy>> = BTreeMap::new();
    for mut strategy in strategies {
        if elsewhere(&strategy.environment) {
            continue;
        }
        let used = file.feature_strategy_segments.iter();
        let used = used.filter(|used| strategy.id.as_ref() == Some(&used.feature_strategy_id));
        let used: Vec<i64> = used.map(|used| used.segment_id).collect();
        strategy.segments.extend(used);
        let feature = strategy.feature_name.clone().unwrap_or_default();
        by_feature.entry(feature).or_default().push(strategy);
    }
    for feature in &mut file.features {
        let mut strategies = by_feature.remove(&feature.name).unwrap_or_default();
        strategies.sort_by(|a, b| {
            let order = |strategy: &Strategy| strategy.sort_order.unwrap_or_default();
            order(a).total_cmp(&order(b))
        });
        feature.strategies = strategies;
        let tags = file
            .feature_tags
            .iter()
            .filter(|tag| tag.feature_name == feature.name);
        feature
            .tags
            .extend(tags.map(|tag| match tag.tag_type.as_str() {
                "" | "simple" => tag.tag_value.clone(),
                kind => format!("{kind}:{}", tag.tag_value),
            }));
    }
    for own in file.feature_environments.drain(..) {
        let Some(name) = own.feature_name.or(own.name) else {
            continue;
        };
        let mut features = file.features.iter_mut();
        if let Some(feature) = features.find(|feature| feature.name == name)
            && !elsewhere(&own.environment)
        {
            feature.enabled = own.enabled;
            feature.variants = own
                .variants
                .unwrap_or_else(|| std::mem::take(&mut feature.variants));
        }
    }
    for own in file.dependencies.drain(..) {
        let mut features = file.features.iter_mut();
        if let Some(feature) = features.find(|feature| feature.name == own.feature) {
            feature.dependencies = own.dependencies;
        }
    }
    Ok(())
}
