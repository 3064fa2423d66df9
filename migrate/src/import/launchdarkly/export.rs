//! The forms in which LaunchDarkly gives its flags away.

use std::collections::{BTreeMap, BTreeSet};

use peekaboo_flags::{Kind, Value};
use serde::Deserialize;

use crate::import::outcome::ImportError;
use crate::import::read::{Items, or_empty};
use crate::subject::Subject;

/// What was read of all files, by key.
#[derive(Default)]
pub(super) struct Export {
    pub(super) flags: BTreeMap<String, Flag>,
    pub(super) segments: BTreeMap<String, Segment>,
    /// What is not as LaunchDarkly writes it, and why.
    pub(super) unreadable: Vec<(Subject, String)>,
}

/// What a file should be.
const IS_NOT: &str = "not a list of flags or segments from LaunchDarkly's REST API, and not data that its SDKs receive";

/// A flag with its targeting in one environment.
#[derive(Debug)]
pub(super) struct Flag {
    pub(super) name: Option<String>,
    pub(super) description: Option<String>,
    pub(super) tags: Option<Vec<String>>,
    pub(super) variations: Vec<Variation>,
    pub(super) archived: bool,
    pub(super) migration: bool,
    /// Whether browsers or apps see it.
    pub(super) client_side: bool,
    pub(super) targeting: Targeting,
}

impl Flag {
    /// A flag that serves one value to everyone, as files of the SDKs may list it.
    fn of_value(value: &Value) -> Self {
        let variation = Variation {
            value: value.clone(),
            name: None,
            description: None,
        };
        Self {
            name: None,
            description: None,
            tags: None,
            variations: vec![variation],
            archived: false,
            migration: false,
            client_side: false,
            targeting: Targeting {
                on: true,
                fallthrough: Some(Served {
                    variation: Some(0),
                    rollout: None,
                }),
                ..Targeting::default()
            },
        }
    }
}

#[derive(Debug)]
pub(super) struct Variation {
    pub(super) value: Value,
    pub(super) name: Option<String>,
    pub(super) description: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Prerequisite {
    pub(super) key: String,
    pub(super) variation: usize,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Target {
    #[serde(default, deserialize_with = "or_empty")]
    pub(super) values: Vec<String>,
    pub(super) variation: usize,
    #[serde(default)]
    pub(super) context_kind: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Rule {
    #[serde(default, alias = "_id")]
    pub(super) id: String,
    #[serde(default)]
    pub(super) description: Option<String>,
    #[serde(default, deserialize_with = "or_empty")]
    pub(super) clauses: Vec<Clause>,
    #[serde(flatten)]
    pub(super) served: Served,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Clause {
    #[serde(default)]
    pub(super) context_kind: Option<String>,
    #[serde(default)]
    pub(super) attribute: String,
    pub(super) op: String,
    #[serde(default, deserialize_with = "or_empty")]
    pub(super) values: Vec<Value>,
    #[serde(default)]
    pub(super) negate: bool,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Served {
    #[serde(default)]
    pub(super) variation: Option<usize>,
    #[serde(default)]
    pub(super) rollout: Option<Rollout>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Rollout {
    #[serde(default)]
    pub(super) kind: Option<String>,
    #[serde(default)]
    pub(super) context_kind: Option<String>,
    #[serde(default)]
    pub(super) bucket_by: Option<String>,
    #[serde(default)]
    pub(super) seed: Option<i64>,
    pub(super) variations: Vec<Share>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Share {
    pub(super) variation: usize,
    pub(super) weight: u32,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Segment {
    #[serde(default)]
    pub(super) name: Option<String>,
    #[serde(default)]
    pub(super) description: Option<String>,
    #[serde(default, deserialize_with = "or_empty")]
    pub(super) included: Vec<String>,
    #[serde(default, deserialize_with = "or_empty")]
    pub(super) excluded: Vec<String>,
    #[serde(default, deserialize_with = "or_empty")]
    pub(super) included_contexts: Vec<SegmentTarget>,
    #[serde(default, deserialize_with = "or_empty")]
    pub(super) excluded_contexts: Vec<SegmentTarget>,
    #[serde(default, deserialize_with = "or_empty")]
    pub(super) rules: Vec<SegmentRule>,
    #[serde(default)]
    pub(super) unbounded: bool,
    #[serde(default)]
    deleted: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SegmentTarget {
    #[serde(default, deserialize_with = "or_empty")]
    pub(super) values: Vec<String>,
    #[serde(default)]
    pub(super) context_kind: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SegmentRule {
    #[serde(default, deserialize_with = "or_empty")]
    pub(super) clauses: Vec<Clause>,
    #[serde(default)]
    pub(super) weight: Option<u32>,
    #[serde(default)]
    pub(super) bucket_by: Option<String>,
    #[serde(default)]
    pub(super) rollout_context_kind: Option<String>,
}

/// A flag's targeting, which is the same in both forms.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Targeting {
    #[serde(default)]
    pub(super) on: bool,
    #[serde(default)]
    archived: bool,
    #[serde(default)]
    pub(super) off_variation: Option<usize>,
    #[serde(default)]
    pub(super) track_events: bool,
    #[serde(default, deserialize_with = "or_empty")]
    pub(super) prerequisites: Vec<Prerequisite>,
    #[serde(default, deserialize_with = "or_empty")]
    pub(super) targets: Vec<Target>,
    #[serde(default, deserialize_with = "or_empty")]
    pub(super) context_targets: Vec<Target>,
    #[serde(default, deserialize_with = "or_empty")]
    pub(super) rules: Vec<Rule>,
    #[serde(default)]
    pub(super) fallthrough: Option<Served>,
}

/// A flag as the SDKs receive it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SdkFlag {
    variations: Vec<Value>,
    #[serde(default)]
    client_side: bool,
    #[serde(default)]
    client_side_availability: Availability,
    #[serde(default)]
    deleted: bool,
    #[serde(default)]
    migration: Option<Value>,
    #[serde(flatten)]
    targeting: Targeting,
}

/// A flag as the REST API has it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RestFlag {
    key: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    tags: Option<Vec<String>>,
    variations: Vec<RestVariation>,
    #[serde(default)]
    archived: bool,
    #[serde(default)]
    migration_settings: Option<Value>,
    #[serde(default)]
    client_side_availability: Availability,
    #[serde(default)]
    environments: BTreeMap<String, Value>,
}

#[derive(Debug, Deserialize)]
struct RestVariation {
    value: Value,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    description: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Availability {
    #[serde(default, alias = "usingEnvironmentID")]
    using_environment_id: bool,
    #[serde(default)]
    using_mobile_key: bool,
}

impl Availability {
    fn any(&self) -> bool {
        self.using_environment_id || self.using_mobile_key
    }
}

/// Reads every file: lists of the REST API's, one flag or segment of it, or what SDKs receive.
pub(super) fn read(files: &[Value], environment: Option<&str>) -> Result<Export, ImportError> {
    let mut export = Export::default();
    let mut listed = Vec::new();
    for file in files {
        if let Some(items) = file.get("items").and_then(Value::as_array) {
            listed.extend(items);
        } else if ["flags", "flagValues"]
            .iter()
            .any(|name| file.get(name).is_some_and(Value::is_object))
        {
            sdk(file, &mut export)?;
        } else if file.get("key").is_some() {
            listed.push(file);
        } else {
            return Err(ImportError::Form(IS_NOT.to_owned()));
        }
    }
    let (flags, segments): (Vec<_>, Vec<_>) = listed
        .into_iter()
        .partition(|item| item.get("variations").is_some());
    let mut items = Items::of(IS_NOT);
    for segment in segments {
        let key = segment
            .get("key")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if let Some(own) = read_segment(&mut items, key, segment) {
            export.segments.insert(key.to_owned(), own);
        }
    }
    rest(&flags, environment, &mut export, &mut items)?;
    export.unreadable.extend(items.unreadable()?);
    Ok(export)
}

/// Reads a segment, which has nothing that it must have: what has nothing of it is something else.
fn read_segment(items: &mut Items, key: &str, json: &Value) -> Option<Segment> {
    const LISTS: [&str; 6] = [
        "included",
        "excluded",
        "includedContexts",
        "excludedContexts",
        "rules",
        "unbounded",
    ];
    let has = |name: &str| json.get(name).is_some();
    if has("when") || !LISTS.into_iter().any(has) {
        let reason = "it is neither a flag nor a segment as LaunchDarkly writes it";
        items.leave_out(Kind::Segment, key, reason);
        return None;
    }
    items.read(Kind::Segment, key, json)
}

fn sdk(file: &Value, export: &mut Export) -> Result<(), ImportError> {
    let mut items = Items::of(IS_NOT);
    let members = |name: &str| {
        let members = file.get(name).and_then(Value::as_object);
        members.into_iter().flatten()
    };
    for (key, json) in members("flags") {
        let Some(flag) = items.read::<SdkFlag>(Kind::Flag, key, json) else {
            continue;
        };
        if flag.deleted {
            continue;
        }
        let variations = flag.variations.into_iter().map(|value| Variation {
            value,
            name: None,
            description: None,
        });
        let own = Flag {
            name: None,
            description: None,
            tags: None,
            variations: variations.collect(),
            archived: false,
            migration: flag.migration.is_some(),
            client_side: flag.client_side || flag.client_side_availability.any(),
            targeting: flag.targeting,
        };
        export.flags.insert(key.clone(), own);
    }
    for (key, json) in members("segments") {
        if let Some(segment) = read_segment(&mut items, key, json)
            && !segment.deleted
        {
            export.segments.insert(key.clone(), segment);
        }
    }
    for (key, value) in members("flagValues") {
        export.flags.insert(key.clone(), Flag::of_value(value));
    }
    export.unreadable.extend(items.unreadable()?);
    Ok(())
}

fn rest(
    flags: &[&Value],
    environment: Option<&str>,
    export: &mut Export,
    items: &mut Items,
) -> Result<(), ImportError> {
    let mut read: Vec<RestFlag> = Vec::new();
    for json in flags {
        let key = json.get("key").and_then(Value::as_str).unwrap_or_default();
        read.extend(items.read::<RestFlag>(Kind::Flag, key, json));
    }
    let environments: BTreeSet<_> = read
        .iter()
        .flat_map(|flag| flag.environments.keys().cloned())
        .collect();
    let environment = match environment {
        Some(name) if environments.contains(name) || environments.is_empty() => {
            Some(name.to_owned())
        }
        None if environments.len() < 2 => environments.first().cloned(),
        _ => {
            return Err(ImportError::Environments(
                environments.into_iter().collect(),
            ));
        }
    };
    for mut flag in read {
        let name = environment.as_deref().unwrap_or_default();
        let targeting = flag.environments.remove(name).ok_or_else(|| {
            ImportError::Form(format!(
                "the flag {} has no targeting for {name:?}: request that environment from the REST API, with summary=0",
                flag.key
            ))
        })?;
        if targeting.get("_summary").is_some() && targeting.get("fallthrough").is_none() {
            return Err(ImportError::Form(format!(
                "the flag {} comes with a summary of its targeting in {name:?}: ask the REST API with summary=0 and \
                 env={name}, which lists rules too",
                flag.key
            )));
        }
        let subject = flag.key.clone();
        let Some(targeting) = items.read::<Targeting>(Kind::Flag, &subject, &targeting) else {
            continue;
        };
        let variations = flag.variations.into_iter().map(|variation| Variation {
            value: variation.value,
            name: variation.name,
            description: variation.description,
        });
        let archived = flag.archived || targeting.archived;
        let own = Flag {
            name: flag.name,
            description: flag.description,
            tags: flag.tags,
            variations: variations.collect(),
            archived,
            migration: flag.migration_settings.is_some(),
            client_side: flag.client_side_availability.any(),
            targeting,
        };
        export.flags.insert(flag.key, own);
    }
    Ok(())
}
