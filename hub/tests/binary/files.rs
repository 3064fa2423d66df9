//! `peekaboo export`, `plan`, `apply` and `import`: flags as files, against a running hub.

use std::{fs, path::Path};

use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::timeout,
};

use crate::support::{Hub, PATIENCE, TARGETING, Visitor, peekaboo};

const PROJECT: &str = "/organizations/demo/projects/storefront";

/// A demo hub, someone who is signed in there, and a command line's token.
struct World {
    hub: Hub,
    visitor: Visitor,
    token: String,
    folder: TempDir,
}

/// How a command ended.
struct Ended {
    code: Option<i32>,
    output: String,
    errors: String,
}

impl World {
    async fn start() -> Self {
        let hub = Hub::start(&["--demo"]).await;
        let visitor = hub.demo_visitor().await;
        let token = json!({"name": "ci", "role": "editor"});
        let (status, made) = visitor
            .send(Method::POST, "/organizations/demo/tokens", token)
            .await;
        assert_eq!(status, 201, "{made}");
        let token = made["token"].as_str().expect("a token").to_owned();
        World {
            hub,
            visitor,
            token,
            folder: TempDir::new().expect("a directory"),
        }
    }

    /// Runs a command on the storefront's production.
    async fn run(&self, args: &[&str]) -> Ended {
        self.run_in("storefront", "production", args).await
    }

    async fn run_in(&self, project: &str, environment: &str, args: &[&str]) -> Ended {
        let url = self.hub.url("dashboard", "");
        self.run_at(&url, project, environment, args).await
    }

    async fn run_at(&self, url: &str, project: &str, environment: &str, args: &[&str]) -> Ended {
        let mut command = peekaboo();
        command
            .args(args)
            .args(["--project", project, "--environment", environment])
            .env("PEEKABOO_URL", url)
            .env("PEEKABOO_TOKEN", &self.token);
        let output = timeout(PATIENCE, command.output()).await;
        let output = output.expect("the command ends").expect("it starts");
        Ended {
            code: output.status.code(),
            output: String::from_utf8(output.stdout).expect("text"),
            errors: String::from_utf8(output.stderr).expect("text"),
        }
    }

    /// What is exported of an environment.
    async fn export(&self, project: &str, environment: &str) -> Value {
        let ended = self
            .run_in(project, environment, &["export"])
            .await
            .succeeded();
        serde_json::from_str(&ended).expect("JSON")
    }

    fn file(&self, name: &str, content: &Value) -> String {
        let path = self.folder.path().join(name);
        fs::write(&path, content.to_string()).expect("a file");
        text(&path)
    }
}

impl Ended {
    fn succeeded(self) -> String {
        assert_eq!(self.code, Some(0), "{}{}", self.output, self.errors);
        self.output
    }
}

fn text(path: &Path) -> String {
    path.to_str().expect("text").to_owned()
}

#[tokio::test]
async fn an_export_needs_no_change_and_is_a_ruleset() {
    let world = World::start().await;
    let file = text(&world.folder.path().join("flags.json"));
    world.run(&["export", "--out", &file]).await.succeeded();
    let plan = world
        .run(&["plan", &file, "--prune", "--detailed-exitcode"])
        .await;
    let plan = plan.succeeded();
    assert!(
        plan.starts_with("No changes: demo/storefront/production on http://"),
        "{plan}"
    );
    let again = world.run(&["export"]).await.succeeded();
    assert_eq!(again, fs::read_to_string(&file).expect("the file"));

    let swede = r#"{"targetingKey": "user-1", "country": "SE"}"#;
    let evaluate = [
        "evaluate",
        "--ruleset",
        &file,
        "--context",
        swede,
        "--flag",
        "hero-theme",
    ];
    let (code, detail, errors) = crate::support::run(&evaluate).await;
    assert_eq!((code, errors.as_str()), (Some(0), ""));
    let detail: Value = serde_json::from_str(&detail).expect("JSON");
    let path = format!("{PROJECT}/environments/production/evaluate");
    let ask = json!({"context": {"targetingKey": "user-1", "country": "SE"}});
    let (_, told) = world.visitor.send(Method::POST, &path, ask).await;
    assert_eq!(detail["value"], told["results"]["hero-theme"]["value"]);
}

#[tokio::test]
async fn a_change_of_the_file_is_planned_and_then_made() {
    let world = World::start().await;
    let mut wanted = world.export("storefront", "production").await;
    wanted["flags"]["new-checkout"]["enabled"] = json!(true);
    wanted["flags"]["hero-theme"]["name"] = json!("Theme of the hero");
    wanted["flags"]["from-git"] = json!({
        "type": "string", "variations": {"short": "Hi", "long": "Good day"}, "enabled": true,
        "rules": [{"id": "testers", "when": {"segment": "from-git"}, "serve": {"variation": "long"}}],
        "fallthrough": {"variation": "short"}
    });
    wanted["segments"]["from-git"] = json!({"included": ["user-1"]});
    let archived = wanted["archived"].as_object_mut().expect("flags");
    let mut restored = archived.remove("winter-sale").expect("the flag");
    restored["enabled"] = json!(true);
    wanted["flags"]["winter-sale"] = restored;
    let file = world.file("flags.json", &wanted);

    let plan = world.run(&["plan", &file, "--detailed-exitcode"]).await;
    assert_eq!(
        (plan.code, plan.errors.as_str()),
        (Some(2), ""),
        "{}",
        plan.output
    );
    for line in [
        "  + flag from-git\n",
        "  ~ flag hero-theme\n      name: \"Hero theme\" → \"Theme of the hero\"\n",
        "  ~ flag new-checkout\n      enabled: false → true\n",
        "  + segment from-git\n",
        "  ~ flag winter-sale (no longer archived)\n      enabled: false → true\n",
        "Plan: 2 to create, 2 to change, 1 to restore.\n",
    ] {
        assert!(plan.output.contains(line), "{line}\n{}", plan.output);
    }
    let json = world.run(&["plan", &file, "--json"]).await.succeeded();
    let json: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["changes"].as_array().map(Vec::len), Some(5));

    let unasked = world.run(&["apply", &file]).await;
    assert_eq!(unasked.code, Some(1));
    assert!(
        unasked
            .errors
            .contains("pass --yes to apply without asking"),
        "{}",
        unasked.errors
    );
    assert_eq!(world.visitor.get(TARGETING).await.1["enabled"], false);

    let apply = ["apply", &file, "--yes", "--comment", "launch day"];
    let applied = world.run(&apply).await;
    assert!(
        applied
            .errors
            .contains("/7 flag from-git: set the targeting"),
        "{}",
        applied.errors
    );
    let output = applied.succeeded();
    assert!(output.ends_with(" matches the file.\n"), "{output}");
    assert_eq!(world.visitor.get(TARGETING).await.1["enabled"], true);
    let (_, audit) = world
        .visitor
        .get("/organizations/demo/audit?action=targeting.updated&flag=new-checkout&limit=1")
        .await;
    assert_eq!(audit["items"][0]["comment"], "launch day", "{audit}");
    world
        .run(&["plan", &file, "--detailed-exitcode"])
        .await
        .succeeded();
}

#[tokio::test]
async fn an_environment_moves_to_another_project_and_everyone_keeps_their_variation() {
    let world = World::start().await;
    let split =
        json!({"split": {"by": "targetingKey", "weights": [["on", 50_000], ["off", 50_000]]}});
    let (status, answer) = world
        .visitor
        .send(
            Method::PATCH,
            TARGETING,
            json!({"enabled": true, "fallthrough": split}),
        )
        .await;
    assert_eq!(status, 200, "{answer}");
    let project = json!({"key": "copy", "name": "Copy"});
    let (status, answer) = world
        .visitor
        .send(Method::POST, "/organizations/demo/projects", project)
        .await;
    assert_eq!(status, 201, "{answer}");

    let exported = world.export("storefront", "production").await;
    assert!(
        exported["archived"]
            .as_object()
            .is_some_and(|archived| !archived.is_empty())
    );
    let file = world.file("flags.json", &exported);
    let import = ["import", "ruleset", &file, "--yes"];
    world.run_in("copy", "staging", &import).await.succeeded();
    assert_eq!(world.export("copy", "staging").await, exported);
    let again = world.run_in("copy", "staging", &import).await.succeeded();
    assert!(
        again.starts_with("No changes: demo/copy/staging"),
        "{again}"
    );
}

#[tokio::test]
async fn only_prune_deletes_what_a_file_does_not_name() {
    let world = World::start().await;
    let mut wanted = world.export("storefront", "production").await;
    let flags = wanted["flags"].as_object_mut().expect("flags");
    flags.remove("new-checkout").expect("the flag");
    let file = world.file("flags.json", &wanted);
    let kept = world.run(&["apply", &file, "--yes"]).await.succeeded();
    assert!(
        kept.contains("kept: flag new-checkout. Use --prune to delete them."),
        "{kept}"
    );
    assert_eq!(world.visitor.get(TARGETING).await.0, 200);
    let pruned = world
        .run(&["apply", &file, "--yes", "--prune"])
        .await
        .succeeded();
    assert!(
        pruned.contains("- flag new-checkout (in every environment)"),
        "{pruned}"
    );
    assert_eq!(world.visitor.get(TARGETING).await.0, 404);
}

#[tokio::test]
async fn a_concurrent_change_is_not_overwritten() {
    let world = World::start().await;
    let mut wanted = world.export("storefront", "production").await;
    wanted["flags"]["new-checkout"]["targets"] =
        json!([{"variation": "on", "attribute": "targetingKey", "values": ["user-1"]}]);
    let file = world.file("flags.json", &wanted);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let between = format!("http://{}", listener.local_addr().expect("an address"));
    let upstream = world.hub.url("dashboard", "").replace("http://", "");

    let meddle = async {
        let (mut client, _) = listener.accept().await.expect("the command connects");
        let mut hub = TcpStream::connect(&upstream).await.expect("the hub");
        let (mut from_hub, mut to_hub) = hub.split();
        let (mut from_client, mut to_client) = client.split();
        let there = async {
            let mut buffer = vec![0; 1 << 16];
            loop {
                let read = from_client.read(&mut buffer).await.expect("the command");
                if read == 0 {
                    break;
                }
                if buffer.starts_with(b"PUT ") {
                    let toggled =
                        world
                            .visitor
                            .send(Method::PATCH, TARGETING, json!({"enabled": true}));
                    assert_eq!(toggled.await.0, 200);
                }
                to_hub.write_all(&buffer[..read]).await.expect("the hub");
            }
        };
        let back = tokio::io::copy(&mut from_hub, &mut to_client);
        tokio::select! {
            () = there => {}
            _ = back => {}
        }
    };
    let apply = ["apply", &file, "--yes"];
    let apply = world.run_at(&between, "storefront", "production", &apply);
    let (refused, ()) = tokio::join!(apply, meddle);
    assert_eq!(refused.code, Some(1), "{}", refused.output);
    assert!(
        refused.errors.contains(
            "flag new-checkout (set the targeting): it was changed on the hub after the plan was made"
        ) && refused
            .errors
            .contains("no changes were made; run this command again"),
        "{}",
        refused.errors
    );
    let (_, targeting) = world.visitor.get(TARGETING).await;
    assert_eq!(
        (&targeting["enabled"], &targeting["targets"]),
        (&json!(true), &json!([]))
    );
}

#[tokio::test]
async fn each_mistake_says_what_to_do() {
    let world = World::start().await;
    let file = world.file("flags.json", &json!({"flags": {"x": {"type": "boolean"}}}));
    let wrong = world.run(&["plan", &file]).await;
    assert_eq!(wrong.code, Some(64));
    assert!(
        wrong
            .errors
            .contains("flags.json: /flags/x: the field `variations` is missing"),
        "{}",
        wrong.errors
    );

    let empty = world.file("empty.json", &json!({"flags": {}}));
    let nowhere = world
        .run_in("storefront", "nowhere", &["plan", &empty])
        .await;
    assert_eq!(nowhere.code, Some(64));
    assert!(
        nowhere.errors.contains("environment not found"),
        "{}",
        nowhere.errors
    );

    let url = world.hub.url("dashboard", "");
    let stranger = ["plan", &empty, "--url", &url, "--token", "pbt_nope"];
    let place = ["--project", "storefront", "--environment", "production"];
    let (code, _, errors) = crate::support::run(&[&stranger[..], &place].concat()).await;
    assert_eq!(code, Some(64));
    assert!(
        errors.contains("create one with `peekaboo token create`"),
        "{errors}"
    );

    let (code, _, errors) = crate::support::run(&["plan", &empty]).await;
    assert_eq!(code, Some(64));
    assert!(
        errors.contains(
            "--token is missing; this command talks to a hub: pass --token, or set PEEKABOO_TOKEN"
        ),
        "{errors}"
    );

    let sdk = world.hub.url("sdk", "");
    let elsewhere = world
        .run_at(&sdk, "storefront", "production", &["plan", &empty])
        .await;
    assert_eq!(elsewhere.code, Some(69));
    assert!(
        elsewhere
            .errors
            .contains("responded with 404 Not Found, but is not a Peek-a-boo hub"),
        "{}",
        elsewhere.errors
    );

    let nobody = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let gone = format!("http://{}", nobody.local_addr().expect("an address"));
    drop(nobody);
    let unreachable = world
        .run_at(&gone, "storefront", "production", &["plan", &empty])
        .await;
    assert_eq!(unreachable.code, Some(69));
    assert!(
        unreachable
            .errors
            .contains("check that it is running and that --url is correct"),
        "{}",
        unreachable.errors
    );
}

const UNLEASH: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../migrate/tests/files/unleash-client.json"
);

#[tokio::test]
async fn flags_of_another_system_are_imported_and_what_cannot_be_is_named() {
    let world = World::start().await;
    let (code, told, errors) =
        crate::support::run(&["import", "unleash", UNLEASH, "--dry-run"]).await;
    assert_eq!((code, errors.as_str()), (Some(0), ""));
    assert!(
        told.starts_with("Read 11 flags and 1 segments.\n"),
        "{told}"
    );
    let left_out = "  flag at-random\n    a percentage with random stickiness";
    assert!(told.contains(left_out), "{told}");
    let json = ["import", "unleash", UNLEASH, "--dry-run", "--json"];
    let (_, json, _) = crate::support::run(&json).await;
    let json: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["omissions"][0]["key"], "at-random");

    let dry = world
        .run(&["import", "unleash", UNLEASH, "--dry-run"])
        .await
        .succeeded();
    assert!(
        dry.contains("Plan: 11 to create, 1 to change.") && dry.contains("Only on the hub, kept:"),
        "{dry}"
    );
    let imported = world.run(&["import", "unleash", UNLEASH, "--yes"]).await;
    assert!(imported.errors.contains("Skipped:"), "{}", imported.errors);
    imported.succeeded();
    let path = format!("{PROJECT}/environments/production/evaluate");
    let ask = json!({"context": {"targetingKey": "user-2"}, "flags": ["child"]});
    let (_, told) = world.visitor.send(Method::POST, &path, ask).await;
    assert_eq!(told["results"]["child"]["value"], true, "{told}");

    // The hub has `newCheckout` as `new-checkout`, as an earlier release would have imported it.
    let again = world
        .run(&["import", "unleash", UNLEASH, "--dry-run"])
        .await
        .succeeded();
    let found = "flag newCheckout         → new-checkout (from an earlier import)";
    assert!(
        again.contains(found) && again.contains("No changes:"),
        "{again}"
    );

    let out = text(&world.folder.path().join("imported.json"));
    world
        .run(&["import", "unleash", UNLEASH, "--out", &out])
        .await
        .succeeded();
    let flags = fs::read_to_string(&out).expect("the file");
    assert!(flags.contains("\"newCheckout\": {"), "{flags}");
}

#[tokio::test]
async fn a_key_with_capitals_and_separators_goes_through_every_command() {
    let world = World::start().await;
    let key = "Team:new|Checkout~2";
    let wanted = json!({
        "flags": {key: {
            "type": "boolean", "variations": {"on": true, "off": false}, "enabled": true,
            "rules": [{"id": "r", "when": {"segment": "Beta~1"}, "serve": {"variation": "on"}}],
            "fallthrough": {"variation": "off"}
        }},
        "segments": {"Beta~1": {"included": ["user-1"]}}
    });
    let file = world.file("flags.json", &wanted);
    world.run(&["apply", &file, "--yes"]).await.succeeded();
    let mut exported = world.export("storefront", "production").await;
    assert_eq!(exported["flags"][key]["enabled"], true);
    exported["flags"][key]["enabled"] = json!(false);
    exported["segments"]["Beta~1"]["included"] = json!([]);
    let file = world.file("flags.json", &exported);
    world.run(&["apply", &file, "--yes"]).await.succeeded();
    assert_eq!(world.export("storefront", "production").await, exported);
    let objects = exported.as_object_mut().expect("an object");
    for list in ["flags", "segments"] {
        let all = objects[list].as_object_mut().expect("an object");
        all.retain(|name, _| name != key && name != "Beta~1");
    }
    let file = world.file("flags.json", &exported);
    world
        .run(&["apply", &file, "--yes", "--prune"])
        .await
        .succeeded();
    assert_eq!(world.export("storefront", "production").await, exported);
}

#[tokio::test]
async fn a_byte_order_mark_is_accepted_wherever_a_file_is_read() {
    let world = World::start().await;
    let write = |name: &str, content: String| {
        let path = world.folder.path().join(name);
        fs::write(&path, format!("\u{feff}{content}")).expect("a file");
        text(&path)
    };
    let exported = world.export("storefront", "production").await;
    let ruleset = write("flags.json", exported.to_string());
    let context = write("context.json", "{}".to_owned());
    let context = format!("@{context}");
    let batch = write("batch", "{\"flag\":\"hero-theme\"}\n".to_owned());
    let export = write(
        "unleash.json",
        fs::read_to_string(UNLEASH).expect("the export"),
    );
    for command in [
        vec!["plan", &ruleset],
        vec!["import", "unleash", &export, "--dry-run"],
        vec!["types", &ruleset, "--language", "rust"],
        vec!["evaluate", "--ruleset", &ruleset, "--context", &context],
        vec!["evaluate", "--ruleset", &ruleset, "--batch", &batch],
    ] {
        let ended = if command[0] == "evaluate" {
            let (code, output, errors) = crate::support::run(&command).await;
            Ended {
                code,
                output,
                errors,
            }
        } else {
            world.run(&command).await
        };
        ended.succeeded();
    }
}

#[tokio::test]
async fn types_are_written_and_checked() {
    let world = World::start().await;
    let out = text(&world.folder.path().join("flags.ts"));
    let types = [
        "types",
        "--language",
        "typescript",
        "--client-visible",
        "--out",
        &out,
    ];
    world.run(&types).await.succeeded();
    let declared = fs::read_to_string(&out).expect("the file");
    assert!(
        declared.contains("  \"hero-theme\": \"dawn\" | \"midnight\" | \"fjord\";\n"),
        "{declared}"
    );
    assert!(
        !declared.contains("api-rate-limit") && !declared.contains(&world.token),
        "{declared}"
    );
    let check = [&types[..], &["--check"]].concat();
    world.run(&check).await.succeeded();

    fs::write(&out, declared.replace("fjord", "fjords")).expect("the file");
    let stale = world.run(&check).await;
    assert_eq!(stale.code, Some(1));
    let command = format!(
        "peekaboo: {out} is out of date; run: peekaboo types --project storefront --environment production \
         --language typescript --client-visible --out {out}\n"
    );
    assert_eq!(stale.errors, command);

    let file = text(&world.folder.path().join("flags.json"));
    world.run(&["export", "--out", &file]).await.succeeded();
    let (code, rust, _) = crate::support::run(&["types", &file, "--language", "rust"]).await;
    assert_eq!(code, Some(0));
    assert!(rust.contains("pub new_checkout: Flag<bool>"), "{rust}");
}
