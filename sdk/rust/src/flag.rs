//! A handle to one flag: the flag is looked up and its values are converted once per ruleset, so that reads do neither.

use std::fmt;
use std::sync::Arc;

use arc_swap::ArcSwap;
use peekaboo_flags::{Context, Reason};
use serde::de::DeserializeOwned;

use crate::change::{Changes, Listener};
use crate::client::Client;
use crate::detail::Detail;
use crate::entry::Entry;
use crate::rules::Rules;
use crate::shared::Resolve;
use crate::usage::Usage;
use crate::value;

/// One flag as the caller's type, for flags that are read often: reads take no lock and no lookup, and the values are
/// converted to `T` once per ruleset.
///
/// Create it once with [`Client::flag`] when the application starts, and clone it; clones share everything. It keeps
/// its client alive.
///
/// ```
/// # use peekaboo_sdk::{Client, Context, Source};
/// # use serde_json::json;
/// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// #[derive(Clone, serde::Deserialize)]
/// struct Limits {
///     per_minute: u32,
/// }
///
/// # let client = Client::local(Source::ruleset(json!({"flags": {"limits": {
/// #     "type": "object", "enabled": true, "variations": {"high": {"per_minute": 600}},
/// #     "fallthrough": {"variation": "high"}
/// # }}}))).build()?;
/// let limits = client.flag("limits", Limits { per_minute: 60 });
/// let user = Context::new("user-1");
/// assert_eq!(limits.with(&user, |limits| limits.per_minute), 600);
/// # Ok(()) }
/// ```
pub struct Flag<T> {
    client: Client,
    handle: Arc<Handle<T>>,
}

struct Handle<T> {
    key: Arc<str>,
    default: T,
    resolved: ArcSwap<Resolved<T>>,
}

/// A flag in the current rules.
struct Resolved<T> {
    rules: Option<Arc<Rules>>,
    entry: Arc<Entry>,
    /// The variations' values, if they can be converted to `T`.
    values: Arc<[Option<T>]>,
}

impl Client {
    /// A handle to one flag, for flags that are read often. Its type is that of `default`: any type that can be
    /// deserialized from JSON, such as `bool`, `String`, `f64`, a whole number, an enum of a string flag's values or a
    /// struct.
    ///
    /// ```
    /// # use peekaboo_sdk::{Client, Context, Source};
    /// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = Client::local(Source::defaults()).build()?;
    /// let new_checkout = client.flag("new-checkout", false);
    /// if new_checkout.get(&Context::new("user-1")) {
    ///     // …
    /// }
    /// # Ok(()) }
    /// ```
    pub fn flag<T>(&self, key: impl Into<Arc<str>>, default: T) -> Flag<T>
    where
        T: DeserializeOwned + Send + Sync + 'static,
    {
        Flag::new(self.clone(), key.into(), default)
    }
}

impl<T: DeserializeOwned + Send + Sync + 'static> Flag<T> {
    fn new(client: Client, key: Arc<str>, default: T) -> Self {
        let shared = client.shared();
        let unresolved = Resolved {
            rules: None,
            entry: shared.usage.entry(Arc::clone(&key), None),
            values: Arc::default(),
        };
        let handle = Arc::new(Handle {
            key,
            default,
            resolved: ArcSwap::from_pointee(unresolved),
        });
        shared.join(&handle);
        Self { client, handle }
    }

    /// The flag's key.
    pub fn key(&self) -> &str {
        &self.handle.key
    }

    /// The value for a context, or the handle's default.
    #[inline]
    pub fn get(&self, context: &Context) -> T
    where
        T: Clone,
    {
        self.with(context, T::clone)
    }

    /// Passes the value for a context to `read`, for values that are costly to clone.
    #[inline]
    pub fn with<R>(&self, context: &Context, read: impl FnOnce(&T) -> R) -> R {
        let resolved = self.handle.resolved.load();
        let value = resolved.serve(context, &self.client.shared().usage);
        read(value.unwrap_or(&self.handle.default))
    }

    /// The value for a context, with its reason.
    pub fn detail(&self, context: &Context) -> Detail<T>
    where
        T: Clone,
    {
        self.client
            .detail(&self.handle.key, context, self.handle.default.clone())
    }

    /// A stream of later changes that affect this flag: of its rules, or of something that they depend on. What the
    /// flag then serves depends on the context.
    pub fn watch(&self) -> Changes {
        let listener = Listener::new(Some(Arc::clone(&self.handle.key)));
        self.client.shared().listen(&listener);
        listener.stream()
    }
}

impl<T> Clone for Flag<T> {
    fn clone(&self) -> Self {
        Self {
            client: self.client.clone(),
            handle: Arc::clone(&self.handle),
        }
    }
}

impl<T> fmt::Debug for Flag<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.handle.fmt(f)
    }
}

impl<T> fmt::Debug for Handle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Flag").field(&self.key).finish()
    }
}

impl<T: DeserializeOwned + Send + Sync> Resolve for Handle<T> {
    fn resolve(&self, rules: Option<&Arc<Rules>>, usage: &Usage) {
        let former = self.resolved.load();
        let found = rules.and_then(|rules| rules.entry(&self.key));
        let entry = match found {
            Some(entry) => Arc::clone(entry),
            None if former.entry.flag.is_none() => Arc::clone(&former.entry),
            None => usage.entry(Arc::clone(&self.key), None),
        };
        let values = if Arc::ptr_eq(&entry, &former.entry) {
            Arc::clone(&former.values)
        } else {
            self.read_values(&entry)
        };
        self.resolved.store(Arc::new(Resolved {
            rules: rules.cloned(),
            entry,
            values,
        }));
    }
}

impl<T: DeserializeOwned> Handle<T> {
    fn read_values(&self, entry: &Entry) -> Arc<[Option<T>]> {
        let Some(flag) = &entry.flag else {
            return Arc::default();
        };
        let read = flag.variations().map(|(variation, value)| {
            let read = value::read(value);
            if let Err(mismatch) = &read {
                let flag = &*self.key;
                tracing::warn!(
                    flag,
                    variation,
                    mismatch,
                    "a flag's value does not have the requested type"
                );
            }
            read.ok()
        });
        read.collect()
    }
}

impl<T> Resolved<T> {
    #[inline]
    fn serve(&self, context: &Context, usage: &Usage) -> Option<&T> {
        let (Some(rules), Some(flag)) = (&self.rules, &self.entry.flag) else {
            usage.evaluated(&self.entry, None, (Reason::Error, None), context);
            return None;
        };
        let detail = rules.ruleset.evaluate_flag(flag, context);
        let Some(variation) = detail.variation_index else {
            usage.evaluated(&self.entry, None, (detail.reason, None), context);
            return None;
        };
        let value = self.values.get(variation)?.as_ref();
        let (variation, reason) = match value {
            Some(_) => (Some(variation), detail.reason),
            None => (None, Reason::Error),
        };
        usage.evaluated(&self.entry, variation, (reason, detail.rule_index), context);
        value
    }
}
