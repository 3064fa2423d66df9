//! Reading other systems' JSON: what is not known there is passed over, and a mistake says where it is.

use peekaboo_flags::{Kind, Value, describe_json_error};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use super::outcome::ImportError;
use crate::subject::Subject;

/// Null is as good as nothing.
pub(super) fn or_empty<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Default + DeserializeOwned,
    D: Deserializer<'de>,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

/// Reads JSON, or says where it is not what it should be, and how.
pub(super) fn parse<T: DeserializeOwned>(json: &Value) -> Result<T, String> {
    // Serde would take a list for a struct, member by member.
    if !json.is_object() {
        return Err("expected an object".to_owned());
    }
    serde_path_to_error::deserialize(json).map_err(|error| {
        let path = error.path().to_string();
        let reason = describe_json_error(error.inner());
        if path == "." {
            reason
        } else {
            format!("{path}: {reason}")
        }
    })
}

/// Reads a whole file; `is_not` says what it should be.
pub(super) fn parse_file<T: DeserializeOwned>(
    json: &Value,
    is_not: &str,
) -> Result<T, ImportError> {
    parse(json).map_err(|reason| ImportError::Form(format!("{is_not}: {reason}")))
}

/// What a file has of one kind, item by item: one that cannot be read is left out, and the others stay.
#[derive(Debug)]
pub(super) struct Items {
    is_not: &'static str,
    read: usize,
    unreadable: Vec<(Subject, String)>,
}

impl Items {
    /// Of a file that should be something; `is_not` says so of one that is something else.
    pub(super) fn of(is_not: &'static str) -> Self {
        Items {
            is_not,
            read: 0,
            unreadable: Vec::new(),
        }
    }

    /// Reads one; none where it cannot be read.
    pub(super) fn read<T: DeserializeOwned>(
        &mut self,
        kind: Kind,
        key: &str,
        json: &Value,
    ) -> Option<T> {
        match parse(json) {
            Ok(item) => {
                self.read += 1;
                Some(item)
            }
            Err(reason) => {
                self.leave_out(kind, key, format!("it is malformed: {reason}"));
                None
            }
        }
    }

    /// Leaves out one that cannot be read as a whole.
    pub(super) fn leave_out(&mut self, kind: Kind, key: &str, reason: impl Into<String>) {
        let key = key.to_owned();
        self.unreadable.push((Subject { kind, key }, reason.into()));
    }

    /// What could not be read, and why. Where that is everything, the file is of something else.
    pub(super) fn unreadable(self) -> Result<Vec<(Subject, String)>, ImportError> {
        match self.unreadable.first() {
            Some((subject, reason)) if self.read == 0 => {
                let is_not = self.is_not;
                Err(ImportError::Form(format!("{is_not}: {subject}: {reason}")))
            }
            _ => Ok(self.unreadable),
        }
    }
}
