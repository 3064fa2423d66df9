use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write as _,
    path::PathBuf,
};

use super::{setting::Setting, *};

fn layers(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect()
}

fn file(text: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(text.as_bytes()).expect("a written file");
    file
}

fn refusal(result: Result<Loaded, ConfigError>) -> String {
    result.expect_err("a refusal").to_string()
}

#[test]
fn a_flag_wins_over_a_variable_over_the_file_over_the_default() {
    let file = file("[dashboard]\nlisten = '127.0.0.1:1'\n[log]\nfilter = 'warn'");
    let path = Some(file.path().to_owned());
    let flag = layers(&[("dashboard-listen", "127.0.0.1:3")]);
    let variable = layers(&[("PEEKABOO_DASHBOARD_LISTEN", "127.0.0.1:2")]);
    let port = |file: Option<&PathBuf>, flags: &BTreeMap<_, _>, variables: &BTreeMap<_, _>| {
        let loaded = Config::load(file.cloned(), flags.clone(), variables.clone());
        loaded
            .expect("a configuration")
            .config
            .dashboard
            .listen
            .port()
    };
    let none = BTreeMap::new();
    assert_eq!(port(path.as_ref(), &flag, &variable), 3);
    assert_eq!(port(path.as_ref(), &none, &variable), 2);
    assert_eq!(port(path.as_ref(), &none, &none), 1);
    assert_eq!(port(None, &none, &none), 3000);
}

#[test]
fn every_mistake_is_named_with_its_value_its_source_and_the_remedy() {
    let file = file("[sdk]\nlisten = 6001\n[log]\nformt = 'json'\n[colors]\nred = 1");
    let message = refusal(Config::load(
        Some(file.path().to_owned()),
        layers(&[("shutdown-window", "soon")]),
        layers(&[("PEEKABOO_DASHBOARD_LISTEN", "3000")]),
    ));
    let path = file.path().display();
    for line in [
        format!("colors: unknown section (from {path})"),
        format!("log.formt: unknown setting; did you mean log.format? (from {path})"),
        "dashboard.listen: \"3000\" is not an address with a port; write for example \
         127.0.0.1:3000, or 0.0.0.0:3000 for every interface (from PEEKABOO_DASHBOARD_LISTEN)"
            .to_owned(),
        format!(
            "sdk.listen: \"6001\" is not an address with a port; write for example \
             127.0.0.1:3000, or 0.0.0.0:3000 for every interface (from {path})"
        ),
        "shutdown.window: \"soon\" is not a duration; write for example 250ms, 30s, 10m, 12h \
         or 30d (from --shutdown-window)"
            .to_owned(),
    ] {
        assert!(
            message.lines().any(|l| l == line),
            "{line}\nis not in\n{message}"
        );
    }
}

#[test]
fn two_listeners_on_one_address_are_refused_but_for_ports_of_the_systems_choice() {
    let both = |address: &str| {
        let flags = layers(&[("dashboard-listen", address), ("sdk-listen", address)]);
        Config::load(None, flags, BTreeMap::new())
    };
    assert_eq!(
        refusal(both("127.0.0.1:80")),
        "sdk.listen: \"127.0.0.1:80\" is also the address of dashboard.listen; \
         use a different port (from --sdk-listen)"
    );
    assert!(both("127.0.0.1:0").is_ok());
}

#[test]
fn a_window_that_outlasts_the_grace_of_process_managers_is_refused() {
    let flags = layers(&[("shutdown-window", "26s")]);
    let message = refusal(Config::load(None, flags, BTreeMap::new()));
    assert!(
        message.starts_with("shutdown.window: \"26s\" is too long; use at most 25s"),
        "{message}"
    );
}

#[test]
fn a_value_with_which_nothing_works_is_refused() {
    let flags = layers(&[
        ("sdk-heartbeat", "0s"),
        ("limits-condition-depth", "10000"),
        ("limits-value-depth", "10000"),
    ]);
    let message = refusal(Config::load(None, flags, BTreeMap::new()));
    assert!(
        message.contains("sdk.heartbeat: \"0s\" is too small; use at least 1s"),
        "{message}"
    );
    assert!(
        message.contains("limits.condition_depth: \"10000\" is too large; use at most"),
        "{message}"
    );
    assert!(
        message.contains("limits.value_depth: \"10000\" is too large; use at most"),
        "{message}"
    );
}

#[test]
fn a_value_is_quoted_as_it_was_written_and_its_setting_named_once() {
    let flags = layers(&[
        ("shutdown-window", "60s"),
        ("sdk-hello-timeout", "0ms"),
        ("dashboard-max-body", "0"),
        ("dashboard-listen", "3000"),
        ("sdk-listen", "127.0.0.1:3000"),
        ("mail-smtp-url", "smtp://mail.example.com"),
        ("mail-from", "nobody"),
    ]);
    let message = refusal(Config::load(None, flags, BTreeMap::new()));
    let beginnings = [
        "dashboard.listen: \"3000\" is not an address",
        "mail.from: \"nobody\" is not an email address",
        "dashboard.max_body: \"0\" is too small",
        "sdk.hello_timeout: \"0ms\" is too small",
        "shutdown.window: \"60s\" is too long",
    ];
    let lines: Vec<&str> = message.lines().collect();
    assert_eq!(lines.len(), beginnings.len(), "{message}");
    for (line, beginning) in lines.iter().zip(beginnings) {
        assert!(line.starts_with(beginning), "{beginning} in\n{message}");
    }
}

#[test]
fn a_missing_sender_is_named_beside_a_bad_mail_server() {
    let flags = layers(&[("mail-smtp-url", "mail.example.com")]);
    let message = refusal(Config::load(None, flags, BTreeMap::new()));
    assert!(message.contains("mail.smtp_url: "), "{message}");
    assert!(message.contains("mail.from: \"\" is empty"), "{message}");
}

#[test]
fn a_file_that_is_missing_or_not_toml_is_refused_without_showing_its_text() {
    let missing = Config::load(
        Some("/nonexistent".into()),
        BTreeMap::new(),
        BTreeMap::new(),
    );
    assert!(refusal(missing).starts_with("cannot read the configuration file /nonexistent"));
    let file = file("[database]\nurl = postgres://ada:s3cret@db/flags");
    let malformed = Config::load(
        Some(file.path().to_owned()),
        BTreeMap::new(),
        BTreeMap::new(),
    );
    let message = refusal(malformed);
    assert!(message.contains("is not TOML: line 2: "), "{message}");
    assert!(!message.contains("s3cret"), "{message}");
}

#[test]
fn a_bad_database_url_is_refused_without_showing_it() {
    let flags = layers(&[("database-url", "mysql://ada:s3cret@db/flags")]);
    let message = refusal(Config::load(None, flags, BTreeMap::new()));
    assert!(message.starts_with("database.url: "), "{message}");
    assert!(!message.contains("s3cret"), "{message}");
}

#[test]
fn an_upstream_is_a_stream_with_or_without_its_path() {
    let upstream = |text: &str| {
        let flags = layers(&[("edge-upstream", text)]);
        let loaded = Config::load(None, flags, BTreeMap::new());
        loaded.map(|loaded| loaded.config.edge.upstream.expect("set").to_string())
    };
    for (text, stream) in [
        (
            "wss://flags.example.com",
            "wss://flags.example.com/sdk/v1/stream",
        ),
        ("ws://10.0.0.7:6001/", "ws://10.0.0.7:6001/sdk/v1/stream"),
        ("wss://h/sdk/v1/stream", "wss://h/sdk/v1/stream"),
        (
            "wss://h/behind/sdk/v1/stream",
            "wss://h/behind/sdk/v1/stream",
        ),
    ] {
        assert_eq!(upstream(text).expect("a stream"), stream);
    }
    for text in [
        "https://h",
        "wss://",
        "wss://user@h",
        "wss://h/?a=b",
        "flags.example.com",
    ] {
        assert!(upstream(text).is_err(), "{text}");
    }
}

#[test]
fn keys_of_an_edge_never_show() {
    let flags = layers(&[("edge-keys", "pbs_one, pbs_two,")]);
    let loaded = Config::load(None, flags, BTreeMap::new()).expect("a configuration");
    let keys: Vec<_> = loaded
        .config
        .edge
        .keys
        .iter()
        .map(peekaboo_storage::Secret::expose)
        .collect();
    assert_eq!(keys, ["pbs_one", "pbs_two"]);
    assert!(!loaded.describe().contains("pbs_"), "{}", loaded.describe());
    assert!(!format!("{:?}", loaded.config).contains("pbs_"));
    for wrong in ["pbs_one,pbc_two", "secret"] {
        let flags = layers(&[("edge-keys", wrong)]);
        let message = refusal(Config::load(None, flags, BTreeMap::new()));
        assert!(message.starts_with("edge.keys: "), "{message}");
        assert!(
            !message.contains("two") && !message.contains("secret"),
            "{message}"
        );
    }
}

#[test]
fn the_platforms_database_url_counts_and_ours_wins() {
    let url = |variables: &[(&str, &str)]| {
        let loaded = Config::load(None, BTreeMap::new(), layers(variables));
        loaded
            .expect("a configuration")
            .config
            .database_url()
            .to_string()
    };
    let platform = ("DATABASE_URL", "postgres://platform/flags");
    let ours = ("PEEKABOO_DATABASE_URL", "postgres://ours/flags");
    assert_eq!(url(&[platform]), "postgres://platform/flags");
    assert_eq!(url(&[platform, ours]), "postgres://ours/flags");
    assert_eq!(url(&[("DATABASE_URL", "")]), "sqlite:data/peekaboo.db");
}

#[test]
fn a_variable_that_is_nearly_a_setting_earns_a_warning() {
    let variables = layers(&[
        ("PEEKABOO_DASHBORD_LISTEN", "127.0.0.1:1"),
        ("PEEKABOO_SERVICE_PORT", "3000"),
    ]);
    let loaded = Config::load(None, BTreeMap::new(), variables).expect("a configuration");
    assert_eq!(
        loaded.warnings,
        ["unknown variable PEEKABOO_DASHBORD_LISTEN; did you mean PEEKABOO_DASHBOARD_LISTEN?"]
    );
}

#[test]
fn the_printed_configuration_is_toml_with_the_same_values_and_no_secrets() {
    let flags = layers(&[
        ("database-url", "postgres://ada:s3cret@db/flags"),
        ("mail-smtp-url", "smtps://ada:s3cret@mail.example.com"),
        ("mail-from", "Flags <flags@example.com>"),
        ("log-format", "json"),
    ]);
    let described = Config::load(None, flags, BTreeMap::new())
        .expect("a configuration")
        .describe();
    assert!(!described.contains("s3cret"), "{described}");
    assert!(
        described.contains("format = \"json\"  # --log-format\n"),
        "{described}"
    );
    let file = file(&described);
    let again = Config::load(
        Some(file.path().to_owned()),
        BTreeMap::new(),
        BTreeMap::new(),
    )
    .expect("the printed configuration can be read");
    assert_eq!(
        uncommented(&again.describe()),
        uncommented(&described),
        "the same values, whatever their source"
    );
}

fn uncommented(described: &str) -> Vec<&str> {
    described
        .lines()
        .map(|line| line.split("  # ").next().unwrap_or_default().trim_end())
        .collect()
}

#[test]
fn every_setting_has_its_own_flag_and_a_sentence() {
    let flags: BTreeSet<String> = SETTINGS.iter().map(Setting::flag).collect();
    assert_eq!(flags.len(), SETTINGS.len());
    for setting in SETTINGS {
        assert!(setting.summary().ends_with('.'), "{}", setting.name());
    }
}

#[test]
fn the_documented_table_is_the_code() {
    let documented = include_str!("../../../docs/configuration.md");
    assert!(
        documented == reference(),
        "docs/configuration.md differs from the settings; run `make gen`"
    );
}

#[test]
fn the_readmes_table_names_real_settings_with_their_defaults() {
    let readme = include_str!("../../../README.md");
    let rows: Vec<Vec<&str>> = readme
        .lines()
        .filter(|line| line.starts_with("| `--"))
        .map(|line| line.split('|').map(str::trim).collect())
        .collect();
    assert!(rows.len() >= 5, "the table is missing");
    for row in rows {
        let setting = SETTINGS
            .iter()
            .find(|setting| row[1] == format!("`--{}`", setting.flag()))
            .unwrap_or_else(|| panic!("unknown setting {}", row[1]));
        assert_eq!(row[2], format!("`{}`", setting.variable()));
        let default = match setting.default {
            "" => "none".to_owned(),
            default => format!("`{default}`"),
        };
        assert_eq!(row[3], default, "{}", setting.name());
    }
}
