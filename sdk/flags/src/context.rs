//! Who a flag is evaluated for, and how attributes are named.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Error, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Map;

use crate::bytes::equal;
use crate::model::{TARGETING_KEY, Value};

/// `OpenFeature`'s evaluation context; its JSON is flat: `{"targetingKey":"user-1","country":"SE"}`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Context {
    /// Whom or what a percentage is taken of: a user, a device, an organization.
    pub targeting_key: Option<String>,
    /// Anything else; an entry named `targetingKey` is never read.
    pub attributes: Map<String, Value>,
}

impl Context {
    /// A context of a targeting key alone.
    pub fn new(targeting_key: impl Into<String>) -> Self {
        Context {
            targeting_key: Some(targeting_key.into()),
            attributes: Map::new(),
        }
    }

    /// Adds an attribute.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.attributes.insert(name.into(), value.into());
        self
    }
}

impl Serialize for Context {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(key) = &self.targeting_key {
            map.serialize_entry(TARGETING_KEY, key)?;
        }
        for (name, value) in self
            .attributes
            .iter()
            .filter(|(name, _)| *name != TARGETING_KEY)
        {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Context {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ContextVisitor)
    }
}

struct ContextVisitor;

impl<'de> Visitor<'de> for ContextVisitor {
    type Value = Context;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a context: an object of attributes, with targetingKey a string")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Context, A::Error> {
        let mut context = Context::default();
        while let Some(name) = map.next_key::<String>()? {
            let value = map.next_value::<Value>()?;
            if name != TARGETING_KEY {
                context.attributes.insert(name, value);
                continue;
            }
            context.targeting_key = match value {
                Value::String(key) => Some(key),
                Value::Null => None,
                _ => return Err(A::Error::custom("targetingKey must be a string")),
            };
        }
        Ok(context)
    }
}

/// An attribute's name, parsed once: a plain name, or a JSON Pointer (RFC 6901) when it begins with `/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeRef(Path);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Path {
    TargetingKey,
    Name(Box<str>),
    Pointer(Box<[Box<str>]>),
}

/// What an attribute holds: absent and null are one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Attribute<'c> {
    Missing,
    Key(&'c str),
    Value(&'c Value),
}

impl AttributeRef {
    /// Parses a name; none when it is a JSON Pointer with a bad escape (`~` not followed by `0` or `1`).
    pub fn parse(name: &str) -> Option<Self> {
        let Some(pointer) = name.strip_prefix('/') else {
            return Some(AttributeRef(match name {
                TARGETING_KEY => Path::TargetingKey,
                _ => Path::Name(name.into()),
            }));
        };
        let tokens: Vec<_> = pointer.split('/').map(unescape).collect::<Option<_>>()?;
        Some(AttributeRef(match &tokens[..] {
            [token] if *token == TARGETING_KEY => Path::TargetingKey,
            [token] => Path::Name((&**token).into()),
            _ => Path::Pointer(tokens.into_iter().map(Into::into).collect()),
        }))
    }

    #[inline]
    pub(crate) fn resolve<'c>(&self, context: &'c Context) -> Attribute<'c> {
        let value = match &self.0 {
            Path::TargetingKey => {
                return match &context.targeting_key {
                    Some(key) => Attribute::Key(key),
                    None => Attribute::Missing,
                };
            }
            Path::Name(name) => get(&context.attributes, name),
            Path::Pointer(tokens) => follow(tokens, context),
        };
        match value {
            None | Some(Value::Null) => Attribute::Missing,
            Some(value) => Attribute::Value(value),
        }
    }
}

fn unescape(token: &str) -> Option<Cow<'_, str>> {
    if !token.contains('~') {
        return Some(Cow::Borrowed(token));
    }
    let mut plain = String::with_capacity(token.len());
    let mut chars = token.chars();
    while let Some(char) = chars.next() {
        plain.push(match char {
            '~' => match chars.next()? {
                '0' => '~',
                '1' => '/',
                _ => return None,
            },
            _ => char,
        });
    }
    Some(Cow::Owned(plain))
}

/// Contexts are small, and names mostly differ in length: a scan beats the map's own search, which compares bytes.
#[inline]
fn get<'c>(attributes: &'c Map<String, Value>, name: &str) -> Option<&'c Value> {
    const SMALL: usize = 11;
    if attributes.len() > SMALL {
        return attributes.get(name);
    }
    attributes
        .iter()
        .find(|(key, _)| equal(key.as_bytes(), name.as_bytes()))
        .map(|(_, value)| value)
}

fn follow<'c>(tokens: &[Box<str>], context: &'c Context) -> Option<&'c Value> {
    let (first, rest) = tokens.split_first()?;
    // The targeting key is a string: it has nothing inside it, and an attribute of its name is never read.
    if **first == *TARGETING_KEY {
        return None;
    }
    rest.iter().try_fold(
        context.attributes.get(&**first)?,
        |value, token| match value {
            Value::Object(fields) => fields.get(&**token),
            Value::Array(elements) => elements.get(array_index(token)?),
            _ => None,
        },
    )
}

/// An array index as RFC 6901 has it: decimal, no sign, no leading zero.
fn array_index(token: &str) -> Option<usize> {
    let canonical = token == "0" || !token.starts_with('0');
    if !canonical || !token.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    token.parse().ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(name: &str, context: Value) -> Option<Value> {
        let context: Context = serde_json::from_value(context).unwrap();
        match AttributeRef::parse(name)?.resolve(&context) {
            Attribute::Missing => None,
            Attribute::Key(key) => Some(key.into()),
            Attribute::Value(value) => Some(value.clone()),
        }
    }

    #[test]
    fn a_context_is_flat_json() {
        let json = json!({"targetingKey": "user-1", "country": "SE", "org": {"plan": "pro"}});
        let context: Context = serde_json::from_value(json.clone()).unwrap();
        assert_eq!(context.targeting_key.as_deref(), Some("user-1"));
        assert!(!context.attributes.contains_key(TARGETING_KEY));
        assert_eq!(serde_json::to_value(&context).unwrap(), json);
    }

    #[test]
    fn a_targeting_key_that_is_not_a_string_is_refused() {
        let refused = serde_json::from_value::<Context>(json!({"targetingKey": 7})).unwrap_err();
        assert_eq!(refused.to_string(), "targetingKey must be a string");
    }

    #[test]
    fn names_and_pointers_resolve() {
        let context = json!({
            "targetingKey": "user-1", "a/b": 1, "": 2, "org": {"plan": "pro", "a~b": [{"c/d": true}]}, "gone": null
        });
        let cases = [
            ("targetingKey", Some(json!("user-1"))),
            ("/targetingKey", Some(json!("user-1"))),
            ("/targetingKey/0", None),
            ("a/b", Some(json!(1))),
            ("/a~1b", Some(json!(1))),
            ("/", Some(json!(2))),
            ("/org/plan", Some(json!("pro"))),
            ("/org/a~0b/0/c~1d", Some(json!(true))),
            ("/org/a~0b/00/c~1d", None),
            ("/org/a~0b/1", None),
            ("/org/a~0b/-", None),
            ("/org/plan/0", None),
            ("org.plan", None),
            ("gone", None),
            ("/org/~2", None),
            ("/org/~", None),
        ];
        for (name, expected) in cases {
            assert_eq!(read(name, context.clone()), expected, "{name}");
        }
    }
}
