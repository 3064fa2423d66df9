//! What happened in the demo's project, as data: who made which flag, and what became of it since.
//!
//! The storefront's own flags come from the example; `storefront.json` adds flags that only servers see, segments, and
//! the weeks in which people changed them.

use peekaboo_flags::{
    FlagType, Value,
    model::{Condition, Metadata, Prerequisite, Rule, Serve, Target},
};
use peekaboo_policy::{BuiltIn, Permission};
use peekaboo_storage::{
    Command, FlagPatch, InvalidKey, InvalidSubjectKey, Key, NewFlag, NewSegment, SubjectKey,
    TargetingPatch, Variation,
};
use serde::Deserialize;
use time::Duration;

/// Where every flag of the story exists.
const EVERYWHERE: [&str; 3] = ["development", "staging", "production"];

/// When the storefront's own flags were made, and by whom.
const OPENING: (f64, &str) = (45.0, "Priya Raman");

/// Who has more than a role in the whole organization.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Access {
    pub(super) roles: Vec<Role>,
    pub(super) teams: Vec<Team>,
    pub(super) grants: Vec<Grant>,
    pub(super) invitations: Vec<Invitation>,
}

/// A custom role.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Role {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) permissions: Vec<Permission>,
}

/// A team, by the names of its members.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Team {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) members: Vec<String>,
}

/// A role in the project or one of its environments, for a person or a team by name.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Grant {
    pub(super) to: String,
    pub(super) role: String,
    pub(super) environment: Option<String>,
}

/// An invitation that no one has accepted yet.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Invitation {
    pub(super) email: String,
    pub(super) role: BuiltIn,
    /// The name of who sent it.
    pub(super) by: String,
    pub(super) hours_ago: i64,
}

/// Someone who works on the storefront.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) email: String,
    /// In the whole organization.
    pub(super) role: Option<BuiltIn>,
}

/// One command of the past.
#[derive(Debug)]
pub(super) struct Step {
    /// How long ago.
    pub(super) ago: Duration,
    /// The name of who did it.
    pub(super) by: String,
    /// Why.
    pub(super) comment: Option<String>,
    /// What.
    pub(super) command: Command,
}

/// The people, and what they did, the oldest first.
#[derive(Debug)]
pub(super) struct Story {
    pub(super) people: Vec<Person>,
    pub(super) access: Access,
    pub(super) steps: Vec<Step>,
}

/// The data is not what this code expects: a mistake of ours that a test finds.
#[derive(Debug, thiserror::Error)]
pub(super) enum InvalidStory {
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    #[error(transparent)]
    Key(#[from] InvalidKey),
    #[error(transparent)]
    SubjectKey(#[from] InvalidSubjectKey),
}

/// Reads the story of a project.
pub(super) fn tell(project: &Key) -> Result<Story, InvalidStory> {
    let shown: Vec<Shown> =
        serde_json::from_str(include_str!("../../../examples/storefront/flags.json"))?;
    let rest: Rest = serde_json::from_str(include_str!("storefront.json"))?;
    let mut steps = Vec::new();
    for shown in shown {
        let (ago, by) = OPENING;
        steps.push(step(ago, by, None, create_flag(project, &shown.flag)?));
        for environment in EVERYWHERE {
            let command = retarget(project, environment, &shown.flag.key, &shown.targeting)?;
            steps.push(step(ago, by, None, command));
        }
    }
    for segment in rest.segments {
        let command = create_segment(project, &segment)?;
        steps.push(step(segment.days_ago, &segment.by, None, command));
    }
    for made in rest.flags {
        let command = create_flag(project, &made.flag)?;
        steps.push(step(made.days_ago, &made.by, None, command));
        if made.archived {
            let command = archive(project, &made.flag.key)?;
            steps.push(step(made.days_ago - 30.0, &made.by, None, command));
        }
    }
    for change in rest.history {
        for environment in &change.environments {
            let command = retarget(project, environment, &change.flag, &change.targeting)?;
            let comment = change.comment.clone();
            steps.push(step(change.days_ago, &change.by, comment, command));
        }
    }
    // Stable: a flag is made before its targeting is written at the same moment.
    steps.sort_by_key(|step| -step.ago);
    Ok(Story {
        people: rest.people,
        access: rest.access,
        steps,
    })
}

fn step(days_ago: f64, by: &str, comment: Option<String>, command: Command) -> Step {
    Step {
        ago: Duration::seconds_f64(days_ago * 86_400.0),
        by: by.to_owned(),
        comment,
        command,
    }
}

/// A flag of the example, as `examples/storefront/README.md` describes the file.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    #[serde(flatten)]
    flag: Definition,
    targeting: Changed,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Rest {
    people: Vec<Person>,
    access: Access,
    segments: Vec<Segment>,
    flags: Vec<Made>,
    history: Vec<Change>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Definition {
    key: String,
    name: String,
    description: String,
    #[serde(rename = "type")]
    type_: FlagType,
    tags: Vec<String>,
    #[serde(default)]
    client_visible: bool,
    #[serde(default)]
    track: bool,
    #[serde(default)]
    metadata: Metadata,
    variations: Vec<Variation>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Made {
    days_ago: f64,
    by: String,
    #[serde(default)]
    archived: bool,
    #[serde(flatten)]
    flag: Definition,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Segment {
    days_ago: f64,
    by: String,
    key: String,
    name: String,
    description: String,
    #[serde(default)]
    included: Vec<Value>,
    #[serde(default)]
    excluded: Vec<Value>,
    when: Condition,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Change {
    days_ago: f64,
    by: String,
    flag: String,
    environments: Vec<String>,
    targeting: Changed,
    #[serde(default)]
    comment: Option<String>,
}

/// The parts of a targeting that change.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Changed {
    enabled: Option<bool>,
    off_variation: Option<String>,
    prerequisites: Option<Vec<Prerequisite>>,
    targets: Option<Vec<Target>>,
    rules: Option<Vec<Rule>>,
    fallthrough: Option<Serve>,
}

fn create_flag(project: &Key, flag: &Definition) -> Result<Command, InvalidSubjectKey> {
    Ok(Command::CreateFlag {
        project: project.clone(),
        flag: NewFlag {
            key: SubjectKey::parse(flag.key.as_str())?,
            name: flag.name.clone(),
            description: flag.description.clone(),
            type_: flag.type_,
            variations: flag.variations.clone(),
            tags: flag.tags.clone(),
            client_visible: flag.client_visible,
            track: flag.track,
            metadata: flag.metadata.clone(),
            salt: None,
        },
    })
}

fn archive(project: &Key, flag: &str) -> Result<Command, InvalidSubjectKey> {
    Ok(Command::UpdateFlag {
        project: project.clone(),
        flag: SubjectKey::parse(flag)?,
        patch: FlagPatch {
            archived: Some(true),
            ..FlagPatch::default()
        },
        expected_version: None,
    })
}

fn create_segment(project: &Key, segment: &Segment) -> Result<Command, InvalidSubjectKey> {
    Ok(Command::CreateSegment {
        project: project.clone(),
        segment: NewSegment {
            key: SubjectKey::parse(segment.key.as_str())?,
            name: segment.name.clone(),
            description: segment.description.clone(),
            attribute: "targetingKey".to_owned(),
            included: segment.included.clone(),
            excluded: segment.excluded.clone(),
            when: segment.when.clone(),
        },
    })
}

fn retarget(
    project: &Key,
    environment: &str,
    flag: &str,
    changed: &Changed,
) -> Result<Command, InvalidStory> {
    let changed = changed.clone();
    Ok(Command::UpdateTargeting {
        project: project.clone(),
        environment: Key::parse(environment)?,
        flag: SubjectKey::parse(flag)?,
        patch: TargetingPatch {
            enabled: changed.enabled,
            off_variation: changed.off_variation.map(Some),
            prerequisites: changed.prerequisites,
            targets: changed.targets,
            rules: changed.rules,
            fallthrough: changed.fallthrough,
        },
        expected_version: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demos_history_is_in_order_and_by_its_own_people() {
        let story = tell(&Key::parse("storefront").expect("a key")).expect("a story");
        assert!(story.steps.is_sorted_by_key(|step| -step.ago));
        for step in &story.steps {
            let known = story.people.iter().any(|person| person.name == step.by);
            assert!(known, "{} did {:?}", step.by, step.command);
        }
    }
}
