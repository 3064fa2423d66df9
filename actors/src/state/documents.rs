//! The ruleset as one JSON document, in the codings that HTTP clients accept.
//!
//! Each form is created on the first request, once for any number of requests, and stored with its version: at most one
//! of each for an environment's newest state, and none if no one fetches it.

use std::collections::BTreeMap;
use std::io::{self, Write};

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use peekaboo_flags::SharedMap;
use peekaboo_protocol::Encoded;
use serde::{Serialize, Serializer, ser};
use tokio::sync::OnceCell;
use tokio::task::spawn_blocking;

use crate::error::{Error, Result};

/// How a document is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentCoding {
    /// As zstd (RFC 8878), the smallest.
    Zstd,
    /// As gzip (RFC 1952).
    Gzip,
    /// Not compressed.
    Identity,
}

/// The forms that were requested.
#[derive(Default)]
pub(super) struct Documents {
    forms: [OnceCell<Bytes>; 3],
}

impl Documents {
    /// The document in this form, created on a blocking thread if necessary.
    pub(super) async fn get_or_make(
        &self,
        coding: ContentCoding,
        definitions: impl Fn() -> Definitions,
    ) -> Result<Bytes> {
        let packing = || {
            let definitions = definitions();
            spawn_blocking(move || write(&definitions, coding))
        };
        let made = self.forms[coding as usize].get_or_try_init(|| async {
            match packing().await {
                Ok(Ok(document)) => Ok(document),
                Ok(Err(error)) => {
                    tracing::error!(%error, "cannot write a ruleset");
                    Err(Error::Interrupted)
                }
                Err(_) => Err(Error::ShuttingDown),
            }
        });
        made.await.cloned()
    }
}

/// A ruleset with encoded flags and segments; serializes like [`peekaboo_flags::Ruleset`].
#[derive(Serialize)]
pub(super) struct Definitions {
    pub(super) epoch: String,
    pub(super) version: u64,
    #[serde(serialize_with = "decoded")]
    pub(super) flags: SharedMap<Encoded>,
    #[serde(serialize_with = "decoded")]
    pub(super) segments: SharedMap<Encoded>,
}

/// Writes a map in the order of its keys, decoding one value at a time.
fn decoded<S: Serializer>(
    encodings: &SharedMap<Encoded>,
    serializer: S,
) -> std::result::Result<S::Ok, S::Error> {
    let entries: BTreeMap<_, _> = encodings
        .iter()
        .map(|(key, encoded)| (&**key, Definition(encoded)))
        .collect();
    entries.serialize(serializer)
}

struct Definition<'a>(&'a Encoded);

impl Serialize for Definition<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let value = self.0.to_json().map_err(ser::Error::custom)?;
        value.serialize(serializer)
    }
}

fn write(ruleset: &Definitions, coding: ContentCoding) -> io::Result<Bytes> {
    let mut document = Vec::new();
    match coding {
        ContentCoding::Identity => serde_json::to_writer(&mut document, ruleset)?,
        ContentCoding::Gzip => {
            let mut packed = GzEncoder::new(&mut document, Compression::default());
            write_buffered(&mut packed, ruleset)?;
            packed.finish()?;
        }
        ContentCoding::Zstd => {
            let mut packed = zstd::Encoder::new(&mut document, zstd::DEFAULT_COMPRESSION_LEVEL)?;
            write_buffered(&mut packed, ruleset)?;
            packed.finish()?;
        }
    }
    document.shrink_to_fit();
    Ok(document.into())
}

/// The serializer writes a few bytes at a time, which is slow for compressors.
fn write_buffered(packed: impl Write, ruleset: &Definitions) -> io::Result<()> {
    let mut buffered = io::BufWriter::new(packed);
    serde_json::to_writer(&mut buffered, ruleset)?;
    buffered.flush()
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use peekaboo_flags::Ruleset;
    use serde::Deserialize;
    use serde_json::{Value, json};

    use super::super::snapshot::EnvironmentSnapshot;
    use super::*;

    fn snapshot() -> EnvironmentSnapshot {
        let ruleset = json!({
            "epoch": "e", "version": 3,
            "flags": { "checkout": {
                "type": "boolean", "enabled": true, "variations": { "on": true, "off": false }, "offVariation": "off",
                "prerequisites": [], "targets": [], "rules": [], "fallthrough": { "variation": "on" },
                "salt": "s", "version": 1, "clientVisible": false, "track": false } },
            "segments": {},
        });
        let ruleset = Ruleset::deserialize(&ruleset).expect("a ruleset");
        EnvironmentSnapshot::new(&ruleset, 0)
    }

    #[tokio::test]
    async fn every_form_holds_the_same_ruleset() {
        let snapshot = snapshot();
        let plain = snapshot.document(ContentCoding::Identity).await.unwrap();
        let ruleset: Value = serde_json::from_slice(&plain).unwrap();
        assert_eq!(ruleset["version"], 3);
        assert_eq!(ruleset["flags"]["checkout"]["salt"], "s");

        let gzip = snapshot.document(ContentCoding::Gzip).await.unwrap();
        let mut unpacked = Vec::new();
        let mut reader = flate2::read::GzDecoder::new(&gzip[..]);
        reader.read_to_end(&mut unpacked).unwrap();
        assert_eq!(unpacked, plain);

        let packed = snapshot.document(ContentCoding::Zstd).await.unwrap();
        assert_eq!(zstd::decode_all(&packed[..]).unwrap(), plain);
    }

    #[tokio::test]
    async fn a_form_is_made_once_however_many_ask_and_kept_when_the_past_is_extended() {
        let snapshot = snapshot();
        let (one, other) = tokio::join!(
            snapshot.document(ContentCoding::Gzip),
            snapshot.document(ContentCoding::Gzip)
        );
        let (one, other) = (one.unwrap(), other.unwrap());
        assert_eq!(one.as_ptr(), other.as_ptr(), "the same bytes in memory");
        let older = snapshot.with_older(std::iter::empty());
        let again = older.document(ContentCoding::Gzip).await.unwrap();
        assert_eq!(one.as_ptr(), again.as_ptr());
    }
}
