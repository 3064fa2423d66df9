//! Every command explains its failures in plain words: what is wrong, with which value, and nothing about Rust's types.

use std::{collections::BTreeSet, fs, path::Path};

use peekaboo_flags::RUST_PHRASES;
use tempfile::TempDir;

use crate::support::run;

/// Commands that take no input and so have no failure of their own.
const INFALLIBLE: [&str; 2] = ["openapi", "secret generate"];

/// A command line that fails, the contents of the file that `FILE` stands for, and what the message names.
struct Case(&'static str, &'static str, &'static str);

const CASES: &[Case] = &[
    Case("serve --sdk-heartbeat soon", "", "sdk.heartbeat: \"soon\""),
    Case("serve --config FILE", "log = 7", "log: must be a table"),
    Case("serve --config FILE", "[log]\nfilter = ['a']", "log.filter"),
    Case("serve --config FILE", "[log", "is not TOML: line 1"),
    Case("serve --config FILE.missing", "", "FILE.missing"),
    Case("serve --database-url nope", "", "database.url: \"…\""),
    Case(
        "edge --sdk-listen 127.0.0.1:0 --metrics-listen 127.0.0.1:0",
        "",
        "edge.upstream",
    ),
    Case("edge --upstream nope", "", "edge.upstream: \"nope\""),
    Case(
        "edge --upstream ws://127.0.0.1:9 --key pbc_1",
        "",
        "edge.keys",
    ),
    Case(
        "migrate --database-max-connections x",
        "",
        "database.max_connections: \"x\"",
    ),
    Case("reset-epochs --log-format xml", "", "log.format: \"xml\""),
    Case(
        "config --config FILE",
        "[sdk]\nlisten = 1",
        "sdk.listen: \"1\"",
    ),
    Case("analyze FILE", "7", "FILE"),
    Case("analyze FILE", "{", "FILE is not JSON"),
    Case("analyze FILE", "{}", "FILE"),
    Case("analyze FILE", "{\"metric\": 7}", "metric"),
    Case(
        "analyze FILE",
        "{\"metric\": \"x\", \"arms\": {}}",
        "metric",
    ),
    Case("analyze FILE", "[{\"test\": []}]", "test"),
    Case("evaluate --ruleset FILE --context {}", "[]", "FILE"),
    Case(
        "evaluate --ruleset FILE --context {}",
        "{} {}",
        "FILE is not JSON",
    ),
    Case(
        "evaluate --ruleset FILE --context {}",
        "{\"flags\": 7}",
        "flags",
    ),
    Case("evaluate --ruleset FILE --context []", "{}", "--context"),
    Case(
        "evaluate --ruleset FILE --context {\"targetingKey\":7}",
        "{}",
        "targetingKey",
    ),
    Case(
        "evaluate --ruleset FILE --batch FILE",
        "{\"flag\": 7}",
        "line 1",
    ),
    Case(
        "export --url nope --token x --project a --environment b",
        "",
        "\"nope\"",
    ),
    Case(
        "export --project a --environment b",
        "",
        "--token is missing",
    ),
    Case("plan FILE --token x", "[]", "FILE"),
    Case("plan FILE --token x", "{\"flags\": []}", "flags"),
    Case("plan FILE --token x", "{\"flags\": {\"x\": 7}}", "/flags/x"),
    Case(
        "plan FILE --token x",
        "{\"flags\": {\"x\": {\"type\": 7}}}",
        "/flags/x",
    ),
    Case(
        "plan FILE --token x",
        "{\"flags\": {\"x\": {\"type\": \"date\"}}}",
        "/flags/x",
    ),
    Case(
        "plan FILE --token x",
        "{\"flags\": {\"x\": {\"typ\": \"string\"}}}",
        "/flags/x",
    ),
    Case(
        "plan FILE --token x",
        "{\"segments\": {\"x\": {\"included\": 7}}}",
        "/segments/x",
    ),
    Case(
        "apply FILE --token x",
        "{\"flags\": {\"x\": null}}",
        "/flags/x",
    ),
    Case("apply FILE.missing --token x", "", "FILE.missing"),
    Case("import unleash FILE --dry-run", "[]", "FILE"),
    Case("import unleash FILE --dry-run", "{\"features\": 7}", "FILE"),
    Case(
        "import launchdarkly FILE --dry-run",
        "{\"flags\": 7}",
        "FILE",
    ),
    Case(
        "import launchdarkly FILE --dry-run",
        "{\"items\": {}}",
        "FILE",
    ),
    Case("import flagd FILE --dry-run", "{\"flags\": []}", "FILE"),
    Case(
        "import growthbook FILE --dry-run",
        "{\"features\": \"x\"}",
        "FILE",
    ),
    Case(
        "import ruleset FILE --dry-run",
        "{\"flags\": {\"x\": []}}",
        "/flags/x",
    ),
    Case("import excel FILE --dry-run", "{}", "'excel'"),
    Case(
        "types FILE --language rust",
        "{\"flags\": {\"x\": []}}",
        "/flags/x",
    ),
    Case("types FILE --language cobol", "{}", "'cobol'"),
    Case("types FILE --language rust --check --out -", "{}", "--out"),
    Case(
        "token create --organization a --name b --role emperor",
        "",
        "'emperor'",
    ),
    Case(
        "token create --organization a --name b --role viewer --expires-at soon",
        "",
        "'soon'",
    ),
    Case(
        "token create --organization acme --name b --role viewer",
        "",
        "organization acme not found",
    ),
    Case(
        "key create --kind client --organization acme --project a --environment b --name c",
        "",
        "organization acme not found",
    ),
    Case("audit verify --file FILE", "{}", "line 1"),
    Case("audit verify --file FILE", "[]", "line 1"),
    Case("audit verify --file FILE.missing", "", "FILE.missing"),
    Case(
        "audit verify --organization acme",
        "",
        "organization acme not found",
    ),
    Case("tasks list --log-format xml", "", "log.format"),
    Case("tasks retry 7", "", "'7'"),
    Case(
        "tasks drop 00000000-0000-0000-0000-000000000001",
        "",
        "task not found",
    ),
    Case("mail test nonsense", "", "'nonsense'"),
    Case("mail test ada@example.com", "", "mail.smtp_url"),
    Case(
        "person reset ada@example.com",
        "",
        "ada@example.com: user not found",
    ),
    Case(
        "operator add ada@example.com",
        "",
        "ada@example.com: user not found",
    ),
    Case(
        "operator remove ada@example.com",
        "",
        "ada@example.com: user not found",
    ),
    Case("operator list --log-format xml", "", "log.format"),
    Case(
        "organization export acme",
        "",
        "organization acme not found",
    ),
    Case("secret rotate --secret-key nope", "", "secret.key: \"…\""),
];

#[tokio::test]
async fn every_failure_names_what_is_wrong_and_no_type_of_rust() {
    let directory = TempDir::new().expect("a directory");
    let data = directory.path().join("data");
    for Case(line, text, named) in CASES {
        let file = directory.path().join("FILE");
        fs::write(&file, text).expect("a file");
        let message = failure(line, &file, &data).await;
        assert!(message.contains(named), "`{line}` names {named}: {message}");
        for phrase in RUST_PHRASES {
            assert!(
                !message.contains(phrase),
                "`{line}` says {phrase:?}: {message}"
            );
        }
    }
}

#[tokio::test]
async fn every_command_refuses_an_unknown_flag_and_has_a_failure_in_this_test() {
    let covered: BTreeSet<_> = CASES.iter().filter_map(|case| command_of(case.0)).collect();
    for command in commands("").await {
        let args: Vec<_> = command.split(' ').chain(["--nonsense"]).collect();
        let (code, _, message) = run(&args).await;
        assert_eq!(code, Some(2), "`{command}`");
        assert!(message.contains("'--nonsense'"), "`{command}`: {message}");
        assert!(
            covered.contains(&command) || INFALLIBLE.contains(&command.as_str()),
            "`{command}` has no failure in this test"
        );
    }
}

/// What a failing command prints on standard error. Commands that open a database get an empty one.
async fn failure(line: &str, file: &Path, data: &Path) -> String {
    let (file, data) = (file.to_str().expect("text"), data.to_str().expect("text"));
    let mut args: Vec<String> = line
        .split(' ')
        .map(|word| word.replace("FILE", file))
        .collect();
    let opens_a_database = [
        "audit",
        "token",
        "key",
        "tasks",
        "mail",
        "person",
        "operator",
        "organization",
    ];
    if opens_a_database.contains(&args[0].as_str()) {
        args.extend(["--data-dir".to_owned(), data.to_owned()]);
    }
    let args: Vec<_> = args.iter().map(String::as_str).collect();
    let (code, _, message) = run(&args).await;
    assert!(
        code.is_some_and(|code| code > 0),
        "`{line}` succeeded: {message}"
    );
    message
}

/// The full names of all commands below one, read from `--help`.
async fn commands(above: &str) -> Vec<String> {
    let args: Vec<_> = above
        .split(' ')
        .filter(|word| !word.is_empty())
        .chain(["--help"])
        .collect();
    let (_, help, _) = run(&args).await;
    let Some((_, listed)) = help.split_once("Commands:\n") else {
        return vec![above.to_owned()];
    };
    let names = listed
        .lines()
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help");
    let mut found = Vec::new();
    for name in names {
        let path = format!("{above} {name}");
        found.extend(Box::pin(commands(path.trim())).await);
    }
    found
}

/// The command of a command line: the words before its first argument.
fn command_of(line: &str) -> Option<String> {
    let words: Vec<_> = line.split(' ').collect();
    let groups = [
        "audit",
        "token",
        "key",
        "tasks",
        "mail",
        "person",
        "operator",
        "organization",
        "secret",
    ];
    let length = if groups.contains(words.first()?) {
        2
    } else {
        1
    };
    Some(words.get(..length)?.join(" "))
}
