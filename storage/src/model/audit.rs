//! An entry of the audit log, and the document that its hash is made of.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::restored::RestoredFrom;
use crate::attribution::{Actor, Origin};
use crate::audit_chain::{ChainLink, HASH, PREVIOUS, SEQUENCE};
use crate::difference::Elided;
use crate::id::{AuditId, OrganizationId};
use crate::key::Key;
use crate::stamp::text;

/// One change. Entries are never changed and are deleted only by age, where an operator limits it. They name what they are
/// about by key, so that they outlive it.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditEntry {
    /// Identifies it; later entries have greater ones.
    pub id: AuditId,
    /// When.
    pub at: OffsetDateTime,
    /// Who.
    pub actor: Actor,
    /// From where, as far as it is known.
    pub origin: Option<Origin>,
    /// What was done, such as `flag.created`.
    pub action: String,
    /// In which project.
    pub project: Option<Key>,
    /// In which environment, where it is about one.
    pub environment: Option<Key>,
    /// To what.
    pub subject: Subject,
    /// The state before; none of what was created. Without what `elided` says.
    pub before: Option<Value>,
    /// The state after; none of what was deleted. Without what `elided` says.
    pub after: Option<Value>,
    /// What was left out of the two states because they are large; empty where they are whole.
    pub elided: Vec<Elided>,
    /// Why.
    pub comment: Option<String>,
    /// The entry that a targeting was restored from, if it was.
    pub restored: Option<RestoredFrom>,
    /// Its place in the organization's chain; none of what a node of an older release wrote, until the next upgrade.
    pub link: Option<ChainLink>,
}

/// What a change was made to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Such as `flag` or `key`. A change of targeting is one of its flag.
    pub kind: String,
    /// Its key, or its name where it has none.
    pub key: String,
}

/// The form of the document, which changes where a member changes its meaning.
const FORMAT: u32 = 1;

impl AuditEntry {
    /// The entry as an export has it, one line each. Everything but `hash` is hashed.
    ///
    /// Members without a value are left out, so that a release that knows more of them makes the same document of an older
    /// entry.
    pub fn document(&self, organization: OrganizationId) -> Value {
        let mut document = self.content(organization);
        if let Some(link) = self.link {
            document[SEQUENCE] = link.sequence.into();
            document[PREVIOUS] = link.previous.to_string().into();
            document[HASH] = link.hash.to_string().into();
        }
        document
    }

    /// The document without its place in the chain.
    pub(crate) fn content(&self, organization: OrganizationId) -> Value {
        let uuid = |id: Uuid| Value::from(id.to_string());
        let members = [
            ("format", Some(FORMAT.into())),
            ("organization", Some(uuid(organization.as_uuid()))),
            ("id", Some(uuid(self.id.as_uuid()))),
            ("at", Some(text(self.at).into())),
            ("actor", Some(actor(&self.actor))),
            ("origin", self.origin.as_ref().map(|origin| json!(origin))),
            ("action", Some(self.action.as_str().into())),
            ("project", self.project.as_ref().map(|key| json!(key))),
            (
                "environment",
                self.environment.as_ref().map(|key| json!(key)),
            ),
            ("subject", Some(json!(self.subject))),
            ("before", self.before.clone()),
            ("after", self.after.clone()),
            (
                "elided",
                (!self.elided.is_empty()).then(|| json!(self.elided)),
            ),
            ("comment", self.comment.as_deref().map(Value::from)),
            (
                "restoredFrom",
                self.restored.as_ref().map(|restored| json!(restored)),
            ),
        ];
        let present = members
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)));
        let present = present.filter(|(_, value)| !value.is_null());
        Value::Object(present.collect::<Map<_, _>>())
    }
}

fn actor(actor: &Actor) -> Value {
    let mut document = json!({ "kind": actor.kind, "name": actor.name });
    if let Some(id) = actor.id {
        document["id"] = id.to_string().into();
    }
    document
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;
    use crate::attribution::ActorKind;
    use crate::audit_chain::{ChainCheck, ChainHead};

    /// The worked example of `docs/audit.md`.
    fn example() -> (AuditEntry, OrganizationId) {
        let id = |text: &str| text.parse().expect("an id");
        let entry = AuditEntry {
            id: AuditId::from_uuid(id("019b76da-a800-7000-8000-000000000001")),
            at: datetime!(2026-01-01 00:00:00.5 UTC),
            actor: Actor {
                kind: ActorKind::User,
                id: Some(id("019b76da-a800-7000-8000-0000000000aa")),
                name: "Ada".to_owned(),
            },
            origin: Some(Origin {
                address: Some("192.0.2.7".to_owned()),
                user_agent: Some("Firefox".to_owned()),
                session: Some(id("019b76da-a800-7000-8000-0000000000bb")),
                token: None,
            }),
            action: "targeting.updated".to_owned(),
            project: Some(Key::parse("shop").expect("a key")),
            environment: Some(Key::parse("production").expect("a key")),
            subject: Subject {
                kind: "flag".to_owned(),
                key: "newCheckout".to_owned(),
            },
            before: Some(json!({"enabled": false, "fallthrough": {"variation": "on"}})),
            after: Some(json!({"enabled": true, "fallthrough": {"variation": "on"}})),
            elided: Vec::new(),
            comment: Some("the sale begins".to_owned()),
            restored: None,
            link: None,
        };
        let organization = id("019b76da-a800-7000-8000-0000000000cc");
        (entry, OrganizationId::from_uuid(organization))
    }

    #[test]
    fn the_worked_example_of_the_documentation_is_what_is_hashed() {
        let (mut entry, organization) = example();
        let mut content = entry.content(organization);
        entry.link = Some(ChainHead::START.link(&mut content).expect("JSON"));
        let document = entry.document(organization);
        let guide = include_str!("../../../docs/audit.md");
        let line = guide
            .lines()
            .find(|line| line.starts_with("{\"action\":"))
            .expect("the example");
        let canonical = serde_json_canonicalizer::to_string(&document).expect("canonical");
        assert_eq!(line, canonical);
        let told: Value = serde_json::from_str(line).expect("JSON");
        let mut check = ChainCheck::after(ChainHead::START);
        check.next(&told).expect("the documented line is whole");
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let (entry, organization) = example();
        let entry = AuditEntry {
            origin: None,
            project: None,
            before: None,
            after: Some(Value::Null),
            comment: None,
            actor: Actor {
                id: None,
                ..entry.actor.clone()
            },
            ..entry
        };
        let document = entry.document(organization);
        for name in ["origin", "project", "before", "after", "comment", "elided"] {
            assert!(document.get(name).is_none(), "{name}: {document}");
        }
        assert!(document["actor"].get("id").is_none(), "{document}");
    }
}
