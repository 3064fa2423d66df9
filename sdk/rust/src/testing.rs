//! Flags for tests: a test sets and changes them, and asserts what was read, without a hub, a network or a file.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use peekaboo_flags::{CompiledRuleset, LoadError};
use peekaboo_protocol::{Count, Event};
use serde_json::{Map, Value, json};

use crate::{BuildError, Client};

/// The flags of a test. Each serves its value to everyone; flags that were not set are unknown, as in production.
///
/// ```
/// use peekaboo_sdk::{Context, testing::TestFlags};
/// use serde_json::json;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let flags = TestFlags::new(json!({ "new-checkout": true, "discount-percent": 10 }))?;
/// let client = flags.client(); // what your code is given
/// let user = Context::new("user-1");
/// assert!(client.bool("new-checkout", &user, false));
///
/// flags.set("new-checkout", false);
/// assert!(!client.bool("new-checkout", &user, true));
/// assert_eq!(flags.reads("new-checkout"), 2);
///
/// client.track("purchase", &user, 12.5);
/// assert_eq!(flags.tracked("purchase")[0].value, Some(12.5));
/// # Ok(()) }
/// ```
///
/// To test real rules, pass them to [`Client::local`]; `peekaboo export` writes them.
#[derive(Debug)]
pub struct TestFlags {
    client: Client,
    held: Mutex<Held>,
}

/// One call of [`Client::track`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Tracked {
    /// The value, if the call had one.
    pub value: Option<f64>,
    /// The context's targeting key, if it had one.
    pub targeting_key: Option<String>,
}

#[derive(Debug, Default)]
struct Held {
    version: u64,
    flags: Map<String, Value>,
    reads: HashMap<String, u64>,
    tracked: HashMap<String, Vec<Tracked>>,
}

impl TestFlags {
    /// Flags by key, as an object.
    ///
    /// # Errors
    /// If `values` is not an object, or there is no Tokio runtime.
    pub fn new(values: Value) -> Result<Self, BuildError> {
        let mut held = Held::default();
        match values {
            Value::Object(values) => values
                .into_iter()
                .for_each(|(key, value)| held.put(key, &value)),
            other => drop(CompiledRuleset::load(&json!({ "flags": other }))?),
        }
        Ok(Self {
            client: Client::counted(held.ruleset()?)?,
            held: Mutex::new(held),
        })
    }

    /// A client that reads these flags. All of them are one client.
    pub fn client(&self) -> Client {
        self.client.clone()
    }

    /// Serves another value from now on. Handles and streams of changes are updated before this returns.
    pub fn set(&self, key: impl Into<String>, value: impl Into<Value>) {
        self.change(|held| held.put(key.into(), &value.into()));
    }

    /// Makes a flag unknown.
    pub fn remove(&self, key: &str) {
        self.change(|held| {
            held.version += 1;
            held.flags.remove(key);
        });
    }

    /// How often a flag was read, also where the caller got its default.
    pub fn reads(&self, key: &str) -> u64 {
        self.counted().reads.get(key).copied().unwrap_or_default()
    }

    /// Every call of [`Client::track`] with this event, the oldest first.
    pub fn tracked(&self, event: &str) -> Vec<Tracked> {
        self.counted()
            .tracked
            .get(event)
            .cloned()
            .unwrap_or_default()
    }

    /// Clears reads and tracked events, and keeps the flags.
    pub fn forget(&self) {
        let mut held = self.counted();
        held.reads.clear();
        held.tracked.clear();
    }

    fn change(&self, change: impl FnOnce(&mut Held)) {
        // Reads of the flags before the change are counted first.
        let mut held = self.counted();
        change(&mut held);
        if let Ok(ruleset) = held.ruleset() {
            self.client.shared().hold(ruleset, None);
        }
    }

    /// Takes what the client would send to a hub.
    fn counted(&self) -> MutexGuard<'_, Held> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let usage = &self.client.shared().usage;
        while let Some(batch) = usage.next() {
            for Count(key, _, _, _, count) in batch.counts {
                *held.reads.entry(key).or_default() += count;
            }
            for event in batch.events {
                let Event {
                    event,
                    value,
                    targeting_key,
                    ..
                } = event;
                held.tracked.entry(event).or_default().push(Tracked {
                    value,
                    targeting_key,
                });
            }
            usage.acknowledge(&batch.id);
        }
        held
    }
}

impl Held {
    fn put(&mut self, key: String, value: &Value) {
        self.version += 1;
        let kind = match value {
            Value::Bool(_) => "boolean",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            _ => "object",
        };
        let flag = json!({
            "type": kind, "enabled": true, "clientVisible": true, "version": self.version,
            "variations": { "test": value }, "fallthrough": { "variation": "test" },
        });
        self.flags.insert(key, flag);
    }

    fn ruleset(&self) -> Result<CompiledRuleset, LoadError> {
        CompiledRuleset::load(&json!({ "version": self.version, "flags": self.flags }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Context, EvaluationError};

    #[tokio::test]
    async fn a_flag_serves_what_it_is_set_to_and_is_unknown_once_it_is_removed() {
        let flags = TestFlags::new(json!({"theme": "dawn", "layout": {"columns": 2}}));
        let flags = flags.expect("flags");
        let (client, nobody) = (flags.client(), Context::default());
        let theme = client.flag("theme", String::from("none"));
        assert_eq!(theme.get(&nobody), "dawn");
        flags.set("theme", "fjord");
        assert_eq!(theme.get(&nobody), "fjord");
        assert_eq!(client.object("layout", &nobody, Value::Null)["columns"], 2);
        flags.remove("theme");
        let detail = client.detail("theme", &nobody, "none".to_owned());
        assert_eq!(detail.error, Some(EvaluationError::FlagNotFound));
        assert_eq!(client.version(), 4);
    }

    #[tokio::test]
    async fn listeners_are_notified_before_set_returns() {
        let flags = TestFlags::new(json!({"a": 1})).expect("flags");
        let mut changes = flags.client().changes();
        flags.set("a", 2);
        let change = changes.next().await.expect("a change");
        assert!(change.keys.iter().eq(["a"]));
    }

    #[tokio::test]
    async fn reads_and_events_are_counted_until_they_are_forgotten() {
        let flags = TestFlags::new(json!({"a": true})).expect("flags");
        let (client, user) = (flags.client(), Context::new("user-1"));
        for _ in 0..3 {
            client.bool("a", &user, false);
        }
        flags.set("a", false);
        client.bool("a", &user, false);
        client.bool("b", &user, false);
        client.track("purchase", &user, 12.5);
        client.track("purchase", &Context::default(), None);
        assert_eq!((flags.reads("a"), flags.reads("b")), (4, 1));
        assert_eq!(flags.reads("c"), 0);
        let tracked = flags.tracked("purchase");
        assert_eq!(tracked[0].value, Some(12.5));
        assert_eq!(tracked[0].targeting_key.as_deref(), Some("user-1"));
        assert_eq!((tracked[1].value, tracked.len()), (None, 2));
        flags.forget();
        assert_eq!(flags.reads("a"), 0);
        assert!(flags.tracked("purchase").is_empty());
    }

    #[tokio::test]
    async fn only_an_object_of_flags_is_accepted() {
        assert!(matches!(
            TestFlags::new(json!(["a"])),
            Err(BuildError::Ruleset(_))
        ));
    }
}
