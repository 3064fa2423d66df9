//! How commands reach a hub: over TLS, through a proxy, and by no redirect; and how they print.

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
    sync::oneshot,
    time::timeout,
};

use crate::{
    relay::Relay,
    support::{Hub, PATIENCE, peekaboo},
};

const PLACE: [&str; 4] = ["--project", "storefront", "--environment", "production"];

/// A demo hub, and a token of its organization.
struct World {
    hub: Hub,
    token: String,
    folder: TempDir,
}

impl World {
    async fn start() -> Self {
        let hub = Hub::start(&["--demo"]).await;
        let visitor = hub.demo_visitor().await;
        let token = json!({"name": "ci", "role": "editor"});
        let tokens = "/organizations/demo/tokens";
        let (status, made) = visitor.send(reqwest::Method::POST, tokens, token).await;
        assert_eq!(status, 201, "{made}");
        let token = made["token"].as_str().expect("a token").to_owned();
        let folder = TempDir::new().expect("a directory");
        World { hub, token, folder }
    }

    /// `peekaboo export` from a hub at `url`; exit code, output and errors.
    async fn export(&self, url: &str, variables: &[(&str, &str)]) -> (Option<i32>, String, String) {
        run(&["export"], url, &self.token, variables).await
    }

    fn file(&self, name: &str, content: &str) -> String {
        let path = self.folder.path().join(name);
        fs::write(&path, content).expect("a file");
        path.to_str().expect("text").to_owned()
    }
}

async fn run(
    args: &[&str],
    url: &str,
    token: &str,
    variables: &[(&str, &str)],
) -> (Option<i32>, String, String) {
    let mut command = peekaboo();
    command
        .args(args)
        .args(PLACE)
        .env("PEEKABOO_URL", url)
        .env("PEEKABOO_TOKEN", token)
        .envs(variables.iter().copied());
    let output = timeout(PATIENCE, command.output()).await;
    let output = output.expect("the command ends").expect("it starts");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

/// A server that answers one request with these bytes; its address, and the head of the request.
async fn server(answer: String) -> (String, oneshot::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let (send, received) = oneshot::channel();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.expect("a request"));
        }
        stream.write_all(answer.as_bytes()).await.expect("sent");
        let _ = send.send(String::from_utf8(head).expect("text"));
    });
    (address, received)
}

#[tokio::test]
async fn a_command_reaches_a_hub_over_tls_whose_certificate_it_trusts_and_no_other() {
    let world = World::start().await;
    let (relay, certificate) = Relay::over_tls().await;
    relay.lead_to_dashboard(&world.hub);
    let url = relay.url().replace("wss://", "https://");
    let file = world.file("certificate.pem", &certificate);

    let (code, output, errors) = world.export(&url, &[("SSL_CERT_FILE", &file)]).await;
    assert_eq!(code, Some(0), "{errors}");
    let exported: Value = serde_json::from_str(&output).expect("JSON");
    assert!(exported["flags"]["new-checkout"].is_object());

    let (_, other) = Relay::over_tls().await;
    let other = world.file("other.pem", &other);
    let (code, _, errors) = world.export(&url, &[("SSL_CERT_FILE", &other)]).await;
    assert_eq!(code, Some(69));
    assert!(errors.contains("invalid peer certificate"), "{errors}");
    assert!(errors.contains("set SSL_CERT_FILE to its file"), "{errors}");
}

#[tokio::test]
async fn the_wrong_scheme_is_answered_with_the_right_one() {
    let world = World::start().await;
    let plain = world.hub.url("dashboard", "");
    let wrong = plain.replace("http://", "https://");
    let (code, _, errors) = world.export(&wrong, &[]).await;
    assert_eq!(code, Some(69));
    let expected = format!(
        "peekaboo: cannot reach a hub at {wrong}: the server does not use TLS; try --url {plain}\n"
    );
    assert_eq!(errors, expected);

    let (relay, _) = Relay::over_tls().await;
    relay.lead_to_dashboard(&world.hub);
    let secure = relay.url().replace("wss://", "https://");
    let wrong = secure.replace("https://", "http://");
    let (code, _, errors) = world.export(&wrong, &[]).await;
    assert_eq!(code, Some(69));
    let expected = format!(
        "peekaboo: cannot reach a hub at {wrong}: the server does not speak HTTP; try --url {secure}\n"
    );
    assert_eq!(errors, expected);
}

#[tokio::test]
async fn a_redirect_is_named_and_the_token_does_not_follow_it() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let target = format!("http://{}/", elsewhere.local_addr().expect("an address"));
    let answer = format!("HTTP/1.1 308 Moved\r\nlocation: {target}\r\ncontent-length: 0\r\n\r\n");
    let (address, _) = server(answer).await;
    let (code, _, errors) = run(&["export"], &format!("http://{address}"), "pbt_x", &[]).await;
    assert_eq!(code, Some(69), "{errors}");
    assert!(
        errors.contains(&format!("redirects to {target}; set --url")),
        "{errors}"
    );
    let followed = timeout(std::time::Duration::ZERO, elsewhere.accept()).await;
    assert!(followed.is_err(), "nobody came");
}

#[tokio::test]
async fn a_hub_elsewhere_is_asked_through_the_proxy_that_the_environment_names() {
    let refused = r#"{"status": 403, "detail": "through the proxy"}"#;
    let length = refused.len();
    let answer = format!("HTTP/1.1 403 No\r\ncontent-length: {length}\r\n\r\n{refused}");
    let (proxy, asked) = server(answer).await;
    let proxy = format!("http://{proxy}");
    let variables = [("HTTP_PROXY", proxy.as_str()), ("NO_PROXY", "")];
    let url = "http://flags.invalid";
    let (code, _, errors) = run(&["export"], url, "pbt_x", &variables).await;
    assert_eq!(
        (code, errors.as_str()),
        (Some(1), "peekaboo: through the proxy\n")
    );
    let head = asked.await.expect("a request");
    assert!(
        head.starts_with("GET http://flags.invalid/api/v1/organizations HTTP/1.1\r\n"),
        "{head}"
    );
}

#[tokio::test]
async fn a_hub_on_this_machine_is_asked_without_a_proxy() {
    let world = World::start().await;
    let nobody = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let proxy = format!("http://{}", nobody.local_addr().expect("an address"));
    drop(nobody);
    let url = world.hub.url("dashboard", "");
    let variables = [("HTTP_PROXY", proxy.as_str()), ("NO_PROXY", "")];
    let (code, _, errors) = world.export(&url, &variables).await;
    assert_eq!(code, Some(0), "{errors}");
}

#[tokio::test]
async fn a_plan_has_colors_only_where_they_are_wanted() {
    let world = World::start().await;
    let url = world.hub.url("dashboard", "");
    let file = world.file(
        "flags.json",
        r#"{"flags": {"new": {"type": "boolean", "enabled": true, "variations": {"on": true},
            "fallthrough": {"variation": "on"}}}}"#,
    );
    let plan = ["plan", file.as_str()];
    let forced = ("CLICOLOR_FORCE", "1");
    for (variables, colored) in [
        (&[][..], false),
        (&[forced][..], true),
        (&[forced, ("NO_COLOR", "1")][..], false),
    ] {
        let (code, output, errors) = run(&plan, &url, &world.token, variables).await;
        assert_eq!(code, Some(0), "{errors}");
        assert!(output.contains("+ flag new"), "{output}");
        assert_eq!(output.contains("\u{1b}[32m+ flag new"), colored, "{output}");
        assert_eq!(output.contains('\u{1b}'), colored, "{output}");
    }
}
