//! `docs/protocol.md` lists what the code has, and nothing else.

use std::{collections::BTreeSet, fs, path::Path};

use peekaboo_protocol::{
    CLOSE_CODES, Direction, ERROR_CODES, FRAMES, MAX_CLIENT_DEPTH, MAX_CLIENT_MESSAGE,
    MAX_SERVER_DEPTH, STREAM_PATH, SUBPROTOCOL,
};

fn document() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/protocol.md"))
        .unwrap()
}

/// The rows of the table whose header begins with `first`, cell by cell without backquotes.
fn table(document: &str, first: &str) -> Vec<Vec<String>> {
    let header = format!("| {first} |");
    document
        .lines()
        .skip_while(|line| !line.starts_with(&header))
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            line.trim_matches('|')
                .split('|')
                .map(|cell| cell.trim().replace('`', ""))
                .collect()
        })
        .collect()
}

#[test]
fn the_document_lists_every_message_with_its_elements() {
    let documented: Vec<_> = table(&document(), "type")
        .into_iter()
        .map(|row| row.join(" | "))
        .collect();
    let real: Vec<_> = FRAMES
        .iter()
        .map(|frame| {
            let to = match frame.direction {
                Direction::ToHub => "hub",
                Direction::ToClient => "client",
            };
            format!(
                "{} | {to} | {} | {}",
                frame.kind,
                frame.name,
                frame.fields.join(", ")
            )
        })
        .collect();
    assert_eq!(documented, real);
}

#[test]
fn the_document_lists_every_close_code() {
    let documented: Vec<_> = table(&document(), "close code")
        .into_iter()
        .map(|row| row[..3].join(" | "))
        .collect();
    let real: Vec<_> = CLOSE_CODES
        .iter()
        .map(|close| {
            format!(
                "{} | {} | {}",
                close.code(),
                close.name(),
                if close.refuses() { "later" } else { "soon" }
            )
        })
        .collect();
    assert_eq!(documented, real);
}

#[test]
fn the_document_lists_every_error_code() {
    let documented: BTreeSet<_> = table(&document(), "error code")
        .into_iter()
        .map(|row| row[0].clone())
        .collect();
    let real: BTreeSet<_> = ERROR_CODES
        .iter()
        .map(|code| code.name().to_owned())
        .collect();
    assert_eq!(documented, real);
}

#[test]
fn the_document_states_names_and_limits() {
    let document = document();
    assert!(document.contains(STREAM_PATH));
    assert!(document.contains(SUBPROTOCOL));
    assert_eq!(MAX_CLIENT_MESSAGE, 16_384);
    assert!(document.contains("16,384 bytes"));
    assert!(document.contains(&format!("{MAX_CLIENT_DEPTH} levels")));
    assert!(document.contains(&format!("{MAX_SERVER_DEPTH} levels")));
}

#[test]
fn the_session_in_the_document_decodes() {
    let document = document();
    let hex: Vec<Vec<u8>> = document
        .lines()
        .filter(|line| {
            !line.is_empty()
                && line
                    .bytes()
                    .all(|byte| byte == b' ' || byte.is_ascii_hexdigit())
        })
        .map(|line| {
            let digits: String = line.split(' ').collect();
            (0..digits.len())
                .step_by(2)
                .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap())
                .collect()
        })
        .collect();
    assert_eq!(hex.len(), 3);
    assert!(peekaboo_protocol::ClientFrame::decode(&hex[0]).is_ok());
    assert!(peekaboo_protocol::ServerFrame::decode(&hex[1]).is_ok());
    assert!(peekaboo_protocol::ServerFrame::decode(&hex[2]).is_ok());
}
