//! What cannot work is refused before anything listens, and the refusal says what to change.

use std::net::TcpListener;

use crate::support::run;
use tempfile::TempDir;

/// `EX_USAGE`
const USAGE: Option<i32> = Some(64);

/// `EX_UNAVAILABLE`
const UNAVAILABLE: Option<i32> = Some(69);

#[tokio::test]
async fn a_bad_setting_ends_the_command_with_code_64_and_its_name() {
    let (code, printed, message) = run(&["serve", "--shutdown-window", "soon"]).await;
    assert_eq!((code, printed.as_str()), (USAGE, ""));
    assert!(
        message.starts_with("peekaboo: shutdown.window: \"soon\" is not a duration"),
        "{message}"
    );
}

#[tokio::test]
async fn a_demo_that_others_could_reach_is_refused() {
    let (code, _, message) = run(&["serve", "--demo", "--sdk-listen", "0.0.0.0:0"]).await;
    assert_eq!(code, USAGE);
    assert!(
        message.contains("only runs on loopback addresses, but sdk.listen is 0.0.0.0:0"),
        "{message}"
    );
}

#[tokio::test]
async fn a_port_that_is_taken_is_named_with_its_setting() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let directory = TempDir::new().expect("a directory");
    let data = directory.path().join("data");
    let (code, _, message) = run(&[
        "serve",
        "--dashboard-listen",
        "127.0.0.1:0",
        "--sdk-listen",
        &address,
        "--metrics-listen",
        "127.0.0.1:0",
        "--data-dir",
        data.to_str().expect("text"),
    ])
    .await;
    assert_eq!(code, UNAVAILABLE);
    assert_eq!(
        message,
        format!(
            "peekaboo: cannot listen on {address} (sdk.listen): another program is using this port; \
             stop it, or choose another port with --sdk-listen\n"
        )
    );
    assert!(
        !data.exists(),
        "nothing is written before the ports are bound"
    );
}

#[tokio::test]
async fn the_configuration_in_force_is_printed() {
    let (code, printed, _) = run(&["config", "--log-format", "json"]).await;
    assert_eq!(code, Some(0));
    assert!(
        printed.contains("format = \"json\"  # --log-format\n"),
        "{printed}"
    );
}

#[tokio::test]
async fn a_database_that_does_not_answer_is_named_without_its_password() {
    // A port that was just given back: nothing listens there.
    let free = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = free.local_addr().expect("an address");
    drop(free);
    let url = format!("postgres://ada:s3cret@{address}/flags");
    let (code, printed, message) = run(&[
        "migrate",
        "--database-url",
        &url,
        "--database-acquire-timeout",
        "200ms",
    ])
    .await;
    assert_eq!((code, printed.as_str()), (UNAVAILABLE, ""));
    let beginning = format!("peekaboo: cannot use the database postgres://ada:…@{address}/flags");
    assert!(message.starts_with(&beginning), "{message}");
    assert!(message.contains("Connection refused"), "{message}");
    assert!(message.contains("check that it is running"), "{message}");
    assert!(!message.contains("s3cret"), "{message}");
}

#[tokio::test]
async fn the_embedded_database_is_made_with_its_directory() {
    let directory = TempDir::new().expect("a directory");
    let data = directory.path().join("deep").join("data");
    let path = data.to_str().expect("text");
    for _ in 0..2 {
        let (code, printed, message) = run(&["migrate", "--data-dir", path]).await;
        assert_eq!(code, Some(0), "{message}");
        assert_eq!(
            printed,
            format!("the schema of sqlite:{path}/peekaboo.db is up to date\n")
        );
    }
    assert!(data.join("peekaboo.db").exists());
}
