//! Reading a document, with nothing in it passed over.

use peekaboo_flags::{Value, describe_json_error};
use serde::Deserialize as _;
use thiserror::Error;

use super::Document;
use crate::text::without_mark;

/// Why a file is not a document.
#[derive(Debug, Error)]
pub enum ReadError {
    /// The text is not JSON.
    #[error("not JSON: {}", describe_json_error(.0))]
    Json(serde_json::Error),
    /// It has another shape.
    #[error("{pointer}: {message}")]
    Shape {
        /// JSON Pointer to where it does.
        pointer: String,
        /// What is wrong there.
        message: String,
    },
    /// It has a member that means nothing, and so would not do what its writer meant.
    #[error("unknown field {pointer}; correct its name, or remove it")]
    Unknown {
        /// JSON Pointer to the member.
        pointer: String,
    },
    /// It has nothing that a document has: it is a file of something else.
    #[error(
        "not a file of `peekaboo export` and not a ruleset: both `flags` and `segments` are missing"
    )]
    Nothing,
    /// It is both archived and not.
    #[error("the flag {0} is in both flags and archived; remove it from one of them")]
    Twice(String),
}

/// What a document has, of which one at least must be there.
const LISTS: [&str; 3] = ["flags", "archived", "segments"];

/// What a ruleset has beside, which says when it was taken and nothing of what it should be.
const STAMPS: [&str; 3] = ["epoch", "version", "definitionVersion"];

impl Document {
    /// Reads a file, strictly: a member that no one knows is an error, because it would not do what its writer meant.
    pub fn read(text: &[u8]) -> Result<Self, ReadError> {
        let text = without_mark(text);
        let mut json = serde_json::Deserializer::from_slice(text);
        let read: Result<Self, _> = serde_path_to_error::deserialize(&mut json);
        let document = read.map_err(|error| {
            let pointer = pointer(error.path());
            match error.into_inner() {
                error if error.is_data() => ReadError::Shape {
                    pointer,
                    message: without_position(&describe_json_error(&error)).to_owned(),
                },
                error => ReadError::Json(error),
            }
        })?;
        json.end().map_err(ReadError::Json)?;
        let mut json = serde_json::Deserializer::from_slice(text);
        let given = Value::deserialize(&mut json).map_err(ReadError::Json)?;
        if !LISTS.iter().any(|name| given.get(name).is_some()) {
            return Err(ReadError::Nothing);
        }
        let understood = serde_json::to_value(&document).map_err(ReadError::Json)?;
        if let Some(pointer) = passed_over(&given, &understood, &mut Vec::new()) {
            return Err(ReadError::Unknown { pointer });
        }
        let mut archived = document.archived.keys();
        if let Some(key) = archived.find(|key| document.flags.contains_key(*key)) {
            return Err(ReadError::Twice(key.clone()));
        }
        Ok(document)
    }
}

/// The first member that was given and not understood: what was understood is written with all of its members.
fn passed_over(given: &Value, understood: &Value, at: &mut Vec<String>) -> Option<String> {
    match (given, understood) {
        (Value::Object(given), Value::Object(understood)) => {
            given.iter().find_map(|(name, given)| {
                at.push(escape(name));
                let found = match understood.get(name) {
                    Some(understood) => passed_over(given, understood, at),
                    None if given.is_null() || is_stamp(at) || is_empty_default(name, given) => {
                        None
                    }
                    None => Some(to_pointer(at)),
                };
                at.pop();
                found
            })
        }
        (Value::Array(given), Value::Array(understood)) => {
            let pairs = given.iter().zip(understood).enumerate();
            let mut deep = pairs.filter(|(_, (given, _))| given.is_object() || given.is_array());
            deep.find_map(|(index, (given, understood))| {
                at.push(index.to_string());
                let found = passed_over(given, understood, at);
                at.pop();
                found
            })
        }
        _ => None,
    }
}

/// `/version`, `/flags/KEY/version` and the like.
fn is_stamp(at: &[String]) -> bool {
    matches!(at.len(), 1 | 3)
        && at
            .last()
            .is_some_and(|name| STAMPS.contains(&name.as_str()))
}

/// What is left out where it is empty.
fn is_empty_default(name: &str, given: &Value) -> bool {
    matches!(name, "archived" | "variationDetails")
        && given.as_object().is_some_and(serde_json::Map::is_empty)
}

fn to_pointer(tokens: &[String]) -> String {
    tokens
        .iter()
        .fold(String::new(), |pointer, token| pointer + "/" + token)
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let tokens = path.iter().map(|segment| match segment {
        Segment::Seq { index } => index.to_string(),
        Segment::Map { key } => escape(key),
        Segment::Enum { variant } => escape(variant),
        Segment::Unknown => "?".to_owned(),
    });
    tokens.fold(String::new(), |pointer, token| pointer + "/" + &token)
}

/// Without the ` at line 1 column 20` at the end: the pointer says where.
fn without_position(message: &str) -> &str {
    message
        .rfind(" at line ")
        .map_or(message, |at| &message[..at])
}

/// A token of a JSON Pointer.
pub(crate) fn escape(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

/// The text of such a token.
pub(crate) fn unescape(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}
