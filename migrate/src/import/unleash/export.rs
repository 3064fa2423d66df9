//! The forms in which Unleash gives its features away.

use std::collections::{BTreeMap, BTreeSet};

use peekaboo_flags::{Kind, Value};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::document::FlagDocument;
use crate::import::outcome::ImportError;
use crate::import::read::{Items, or_empty, parse, parse_file};
use crate::subject::Subject;

/// What was read of all files.
pub(super) struct Export {
    pub(super) features: Vec<Feature>,
    pub(super) segments: Vec<Segment>,
    pub(super) projects: BTreeSet<String>,
    /// What is not as Unleash writes it, and why.
    pub(super) unreadable: Vec<(Subject, String)>,
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

/// A file of either form: the client API's has strategies and variants in its features, the export next to them.
///
/// Each item is read by itself, so that one that is not as Unleash writes it takes only its feature with it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    features: Vec<Value>,
    #[serde(default, deserialize_with = "or_empty")]
    segments: Vec<Value>,
    feature_strategies: Option<Vec<Value>>,
    #[serde(default, deserialize_with = "or_empty")]
    feature_environments: Vec<Value>,
    #[serde(default, deserialize_with = "or_empty")]
    feature_strategy_segments: Vec<StrategySegment>,
    #[serde(default, deserialize_with = "or_empty")]
    feature_tags: Vec<FeatureTag>,
    #[serde(default, deserialize_with = "or_empty")]
    dependencies: Vec<Value>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct FeatureEnvironment {
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

/// What a file should be.
const IS_NOT: &str = "not an Unleash export or a response of /api/client/features";

/// Reads every file.
pub(super) fn read(files: &[Value], environment: Option<&str>) -> Result<Export, ImportError> {
    let mut export = Export {
        features: Vec::new(),
        segments: Vec::new(),
        projects: BTreeSet::new(),
        unreadable: Vec::new(),
    };
    for file in files {
        let file: File = parse_file(file, IS_NOT)?;
        let mut items = Items::of(IS_NOT);
        let mut features = Features::read(&file.features, &mut items);
        if let Some(strategies) = &file.feature_strategies {
            features.gather(&file, strategies, environment, &mut items)?;
        }
        for json in &file.segments {
            let name = text(json, "name").unwrap_or_else(|| match json.get("id") {
                Some(id) => format!("segment-{id}"),
                None => "segment".to_owned(),
            });
            export
                .segments
                .extend(items.read::<Segment>(Kind::Segment, &name, json));
        }
        let features = features.0;
        let projects = features
            .iter()
            .filter_map(|feature| feature.project.clone());
        export.projects.extend(projects);
        export.features.extend(features);
        export.unreadable.extend(items.unreadable()?);
    }
    Ok(export)
}

fn text(json: &Value, name: &str) -> Option<String> {
    json.get(name).and_then(Value::as_str).map(str::to_owned)
}

/// The features of one file that can be read.
struct Features(Vec<Feature>);

impl Features {
    fn read(list: &[Value], items: &mut Items) -> Self {
        let features = list.iter().enumerate().filter_map(|(index, json)| {
            let name = text(json, "name").unwrap_or_else(|| format!("#{}", index + 1));
            items.read::<Feature>(Kind::Flag, &name, json)
        });
        Features(features.collect())
    }

    fn find(&mut self, name: &str) -> Option<&mut Feature> {
        self.0.iter_mut().find(|feature| feature.name == name)
    }

    /// Reads what belongs to a feature; where that fails, the feature is left out.
    fn part<T: DeserializeOwned>(
        &mut self,
        feature: Option<String>,
        json: &Value,
        items: &mut Items,
    ) -> Result<Option<T>, ImportError> {
        match parse(json) {
            Ok(part) => Ok(Some(part)),
            Err(reason) => {
                let feature = feature.ok_or_else(|| {
                    ImportError::Form(format!(
                        "{IS_NOT}: an entry does not name its feature: {reason}"
                    ))
                })?;
                let count = self.0.len();
                self.0.retain(|own| own.name != feature);
                if self.0.len() < count {
                    items.leave_out(Kind::Flag, &feature, format!("it is malformed: {reason}"));
                }
                Ok(None)
            }
        }
    }

    /// Puts what an export has next to its features into them.
    fn gather(
        &mut self,
        file: &File,
        strategies: &[Value],
        environment: Option<&str>,
        items: &mut Items,
    ) -> Result<(), ImportError> {
        let named = file.feature_environments.iter();
        let named: BTreeSet<String> = named.filter_map(|one| text(one, "environment")).collect();
        let environment = match (environment, named.len()) {
            (Some(name), _) if named.contains(name) => Some(name.to_owned()),
            (None, 0 | 1) => named.first().cloned(),
            _ => return Err(ImportError::Environments(named.into_iter().collect())),
        };
        let elsewhere = |json: &Value| {
            let own = text(json, "environment");
            own.is_some() && own != environment
        };
        self.take_strategies(file, strategies, &elsewhere, items)?;
        self.take_tags(&file.feature_tags);
        for json in &file.feature_environments {
            let name = text(json, "featureName").or_else(|| text(json, "name"));
            if elsewhere(json) || name.is_none() {
                continue;
            }
            let own: Option<FeatureEnvironment> = self.part(name.clone(), json, items)?;
            if let (Some(own), Some(feature)) = (own, self.find(&name.unwrap_or_default())) {
                feature.enabled = own.enabled;
                if let Some(variants) = own.variants {
                    feature.variants = variants;
                }
            }
        }
        for json in &file.dependencies {
            let own: Option<FeatureDependencies> = self.part(text(json, "feature"), json, items)?;
            if let Some(own) = own
                && let Some(feature) = self.find(&own.feature)
            {
                feature.dependencies = own.dependencies;
            }
        }
        Ok(())
    }

    fn take_strategies(
        &mut self,
        file: &File,
        strategies: &[Value],
        elsewhere: &impl Fn(&Value) -> bool,
        items: &mut Items,
    ) -> Result<(), ImportError> {
        let mut by_feature: BTreeMap<String, Vec<Strategy>> = BTreeMap::new();
        for json in strategies.iter().filter(|json| !elsewhere(json)) {
            let name = text(json, "featureName");
            let Some(mut strategy) = self.part::<Strategy>(name.clone(), json, items)? else {
                continue;
            };
            let used = file.feature_strategy_segments.iter();
            let used = used.filter(|used| strategy.id.as_ref() == Some(&used.feature_strategy_id));
            let used: Vec<i64> = used.map(|used| used.segment_id).collect();
            strategy.segments.extend(used);
            by_feature
                .entry(name.unwrap_or_default())
                .or_default()
                .push(strategy);
        }
        for feature in &mut self.0 {
            let mut strategies = by_feature.remove(&feature.name).unwrap_or_default();
            strategies.sort_by(|a, b| {
                let order = |strategy: &Strategy| strategy.sort_order.unwrap_or_default();
                order(a).total_cmp(&order(b))
            });
            feature.strategies = strategies;
        }
        Ok(())
    }

    fn take_tags(&mut self, tags: &[FeatureTag]) {
        for feature in &mut self.0 {
            let own = tags.iter().filter(|tag| tag.feature_name == feature.name);
            feature
                .tags
                .extend(own.map(|tag| match tag.tag_type.as_str() {
                    "" | "simple" => tag.tag_value.clone(),
                    kind => format!("{kind}:{}", tag.tag_value),
                }));
        }
    }
}
