//! Runs `sdk/conformance/frames`.

use std::{fs, path::Path};

use peekaboo_protocol::{ClientFrame, DecodeError, ServerFrame};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "description")]
    _description: String,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    direction: Direction,
    hex: String,
    frame: Option<Value>,
    error: Option<String>,
    #[serde(default = "yes")]
    canonical: bool,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Direction {
    Hub,
    Client,
}

fn yes() -> bool {
    true
}

fn cases() -> Vec<Case> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance/frames");
    let mut paths: Vec<_> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "json")
    });
    paths.sort();
    paths
        .iter()
        .flat_map(|path| {
            serde_json::from_slice::<File>(&fs::read(path).unwrap())
                .unwrap()
                .cases
        })
        .collect()
}

fn bytes(hex: &str) -> Vec<u8> {
    assert!(hex.len().is_multiple_of(2));
    (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
        .collect()
}

/// The message decoded and encoded again, by the types of its direction.
fn round_trip(direction: Direction, bytes: &[u8]) -> Result<Vec<u8>, DecodeError> {
    match direction {
        Direction::Hub => ClientFrame::decode(bytes).map(|frame| frame.encode()),
        Direction::Client => ServerFrame::decode(bytes).map(|frame| frame.encode()),
    }
}

#[test]
fn every_case_decodes_to_its_frame_or_is_refused_for_its_reason() {
    let cases = cases();
    assert!(cases.len() >= 70, "the cases were found");
    for Case {
        name,
        direction,
        hex,
        frame,
        error,
        canonical,
    } in cases
    {
        let input = bytes(&hex);
        let result = round_trip(direction, &input);
        match (frame, error) {
            (Some(frame), None) => {
                let written = result.unwrap_or_else(|error| panic!("{name}: {error}"));
                // The canonical bytes of the case's JSON array are what decoding and encoding must arrive at.
                let expected = peekaboo_protocol::Encoded::of_json(&frame);
                assert_eq!(written, expected.as_bytes(), "{name}");
                assert_eq!(written == input, canonical, "{name}");
            }
            (None, Some(error)) => {
                assert_eq!(
                    result.map_err(DecodeError::name),
                    Err(error.as_str()),
                    "{name}"
                );
            }
            _ => panic!("{name}: a case has either a frame or an error"),
        }
    }
}
