//! Reads, handles and changes.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::FutureExt as _;
use serde::Deserialize;
use serde_json::json;

use super::rig::{KEY, PATIENCE, Rig, by_country, flag, settle, swede};
use crate::{BuildError, Client, Context, EvaluationError, NotReady, Reason, Source, Status};

#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Limits {
    per_minute: u32,
}

const DEFAULT: Limits = Limits { per_minute: 60 };

fn local(flags: &serde_json::Value) -> Client {
    let source = Source::ruleset(json!({"epoch": "e", "version": 3, "flags": flags}));
    Client::local(source).build().expect("a client")
}

#[tokio::test]
async fn a_read_gives_the_value_or_the_default() {
    let client = local(&json!({
        "bool": by_country(true, false), "number": flag(2.5), "string": flag("hello"),
        "limits": flag(json!({"per_minute": 600})),
    }));
    let nobody = Context::default();
    assert!(client.bool("bool", &swede(), false));
    assert!(!client.bool("bool", &nobody, true));
    assert!((client.number("number", &nobody, 1.0) - 2.5).abs() < f64::EPSILON);
    assert_eq!(client.string("string", &nobody, "default"), "hello");
    let limits = client.object("limits", &nobody, DEFAULT);
    assert_eq!(limits.per_minute, 600);
    for key in ["number", "string", "limits", "unknown"] {
        assert!(client.bool(key, &nobody, true), "{key}");
    }
    assert_eq!(client.string("bool", &nobody, "default"), "default");
    assert_eq!(client.object("string", &nobody, DEFAULT), DEFAULT);
    assert!(client.object("bool", &nobody, true), "no object");
    assert_eq!(client.version(), 3);
    assert_eq!(client.status(), Status::Offline);
}

#[tokio::test]
async fn a_detail_says_why() {
    let mut off = flag(true);
    off["enabled"] = json!(false);
    let mut split = flag(true);
    split["fallthrough"] = json!({"split": {"by": "org", "weights": [["v", 100_000]]}});
    let client = local(&json!({
        "rule": by_country("w", "v"), "off": off, "split": split, "broken": {"type": "color"},
    }));

    let matched = client.detail("rule", &swede(), String::new());
    assert_eq!(matched.value, "w");
    assert_eq!(matched.variation.as_deref(), Some("w"));
    assert_eq!(matched.reason, Reason::TargetingMatch);
    assert_eq!(
        (matched.rule_id.as_deref(), matched.rule_index),
        (Some("swedes"), Some(0))
    );
    assert_eq!((matched.flag_version, matched.error), (Some(1), None));

    let off = client.detail("off", &swede(), true);
    assert_eq!(
        (off.value, off.variation, off.reason),
        (true, None, Reason::Disabled)
    );
    assert_eq!(off.error, None);

    let mismatch = client.detail("rule", &swede(), 7_u8);
    assert_eq!((mismatch.value, mismatch.variation), (7, None));
    assert_eq!(
        (mismatch.reason, mismatch.flag_version),
        (Reason::Error, Some(1))
    );
    assert!(matches!(
        mismatch.error,
        Some(EvaluationError::TypeMismatch(_))
    ));

    for (key, code) in [
        ("split", "TARGETING_KEY_MISSING"),
        ("broken", "GENERAL"),
        ("unknown", "FLAG_NOT_FOUND"),
    ] {
        let detail = client.detail(key, &swede(), false);
        assert_eq!(detail.error.expect("an error").code(), code, "{key}");
    }
    let written = serde_json::to_value(client.detail("rule", &swede(), json!(null)));
    assert_eq!(
        written.expect("JSON"),
        json!({
            "value": "w", "variation": "w", "reason": "TARGETING_MATCH", "ruleId": "swedes", "ruleIndex": 0,
            "flagVersion": 1,
        })
    );
}

#[tokio::test]
async fn all_flags_are_those_that_serve_something() {
    let mut visible = flag("yes");
    visible["clientVisible"] = json!(true);
    let mut off = flag(true);
    off["enabled"] = json!(false);
    let client = local(&json!({"visible": visible, "hidden": by_country(2, 1), "off": off}));
    let all = json!({"visible": "yes", "hidden": 2});
    assert_eq!(json!(client.all_flags(&swede())), all);
    assert_eq!(
        json!(client.client_visible_flags(&swede())),
        json!({"visible": "yes"})
    );
}

#[tokio::test(start_paused = true)]
async fn before_there_are_rules_defaults_are_served() {
    let rig = Rig::start(Client::builder(KEY));
    let client = &rig.client;
    assert!(client.bool("a", &swede(), true));
    let detail = client.detail("a", &swede(), true);
    assert_eq!(detail.error, Some(EvaluationError::ProviderNotReady));
    assert!(client.all_flags(&swede()).is_empty());
    assert_eq!(client.version(), 0);
    let two_seconds = Duration::from_secs(2);
    assert_eq!(
        client.ready(two_seconds).await,
        Err(NotReady::TimedOut {
            waited: two_seconds,
            cause: None
        })
    );
}

#[tokio::test(start_paused = true)]
async fn a_bootstrap_is_served_until_the_hubs_rules_are_there() {
    let bootstrap = json!({"flags": {"a": flag("old"), "gone": flag("old")}});
    let mut rig = Rig::start(Client::builder(KEY).bootstrap(bootstrap));
    assert_eq!(rig.client.ready(Duration::ZERO).await, Ok(()));
    assert_eq!(rig.client.string("a", &swede(), ""), "old");
    let mut changes = rig.client.changes();
    let mut socket = rig.accept().await;
    socket.greet(json!({"a": flag("new")})).await;
    let change = changes.next().await.expect("a change");
    assert_eq!(
        change.keys,
        BTreeSet::from(["a".to_owned(), "gone".to_owned()])
    );
    assert_eq!(rig.client.string("a", &swede(), ""), "new");
    assert_eq!(rig.client.string("gone", &swede(), "default"), "default");
}

#[tokio::test(start_paused = true)]
async fn a_refused_client_is_not_ready_and_says_why_until_it_is_welcomed() {
    let mut rig = Rig::start(Client::builder(KEY));
    let waiting = tokio::spawn({
        let client = rig.client.clone();
        async move { client.ready(PATIENCE).await }
    });
    rig.accept().await.close(4501).await;
    let refused = waiting.await.expect("an answer").expect_err("refused");
    assert!(
        matches!(&refused, NotReady::Stopped(refusal) if refusal.code == 4501),
        "{refused}"
    );
    assert_eq!(rig.client.status(), Status::Stopped);
    assert_eq!(rig.client.refusal().map(|refusal| refusal.code), Some(4501));
    let knock = rig.knocks.recv().await.expect("a client");
    let mut socket = knock.accept().await;
    socket.greet(json!({"a": flag(1)})).await;
    rig.client.ready(PATIENCE).await.expect("rules");
    assert_eq!(rig.client.status(), Status::Live);
    assert_eq!(rig.client.refusal(), None);
    rig.client.close().await;
    assert_eq!(rig.client.status(), Status::Closed);
}

#[tokio::test(start_paused = true)]
async fn a_full_hub_is_not_contacted_before_its_retry_time() {
    let mut rig = Rig::start(Client::builder(KEY));
    let knock = rig.knocks.recv().await.expect("a client");
    knock.refuse(Some(Duration::from_secs(20)));
    let began = tokio::time::Instant::now();
    rig.accept().await;
    let waited = began.elapsed().as_secs_f64();
    assert!((20.0..=24.01).contains(&waited), "{waited}");
}

#[tokio::test(start_paused = true)]
async fn a_handle_follows_its_flag() {
    let (rig, mut socket) = Rig::live(Client::builder(KEY), json!({"a": flag(1)})).await;
    let a = rig.client.flag("a", 0_u32);
    let b = rig.client.flag("b", DEFAULT);
    assert_eq!(a.get(&swede()), 1);
    assert_eq!(b.get(&swede()), DEFAULT);
    socket
        .put(
            2,
            json!({"a": by_country(2.0, 3), "b": flag(json!({"per_minute": 600}))}),
        )
        .await;
    assert_eq!(a.get(&swede()), 2);
    assert_eq!(a.clone().get(&Context::default()), 3);
    assert_eq!(b.with(&swede(), |limits| limits.per_minute), 600);
    assert_eq!(a.detail(&swede()).rule_id.as_deref(), Some("swedes"));
    socket.put(3, json!({"a": flag("a string")})).await;
    assert_eq!(a.get(&swede()), 0, "of another type");
    socket
        .say_json(&json!([18, 3, 4, 1, {}, ["a", "b"], {}, []]))
        .await;
    assert_eq!((a.get(&swede()), b.get(&swede())), (0, DEFAULT));
}

#[tokio::test(start_paused = true)]
async fn a_handle_keeps_its_client_alive_and_nothing_else_does() {
    let (rig, mut socket) = Rig::live(Client::builder(KEY), json!({"a": flag(1)})).await;
    let a = rig.client.flag("a", 0);
    let mut status = rig.client.status_changes();
    let mut changes = rig.client.changes();
    drop(rig.client);
    socket.put(2, json!({"a": flag(2)})).await;
    assert_eq!(a.get(&swede()), 2);
    assert!(changes.next().await.is_some());
    drop(a);
    assert_eq!(status.next().await, Some(Status::Closed));
    assert_eq!(status.next().await, None);
    assert_eq!(changes.next().await, None);
    socket.listen().await;
    assert!(socket.is_gone);
}

#[tokio::test(start_paused = true)]
async fn handles_and_streams_that_are_gone_leave_nothing_behind() {
    let (rig, _socket) = Rig::live(Client::builder(KEY), json!({"a": flag(1)})).await;
    for _ in 0..1_000 {
        let a = rig.client.flag("a", 0);
        assert_eq!(a.get(&swede()), 1);
        drop(a.watch());
        assert_eq!(rig.client.flag("unknown", 7).get(&swede()), 7);
    }
    assert!(rig.client.shared().places() < 10);
    // What was counted at handles of unknown flags is told yet.
    assert!(rig.client.shared().usage.places() <= 2_002);
}

#[tokio::test(start_paused = true)]
async fn changes_name_what_depends_on_what_changed() {
    let mut child = flag(true);
    child["prerequisites"] = json!([{"flag": "parent", "variations": ["v"]}]);
    let flags = json!({"parent": flag(true), "child": child, "other": flag(true)});
    let (rig, mut socket) = Rig::live(Client::builder(KEY), flags).await;
    let (mut all, mut of_child) = (
        rig.client.changes(),
        rig.client.flag("child", false).watch(),
    );
    let mut of_other = rig.client.flag("other", false).watch();
    socket.put(2, json!({"parent": flag(false)})).await;
    let change = all.next().await.expect("a change");
    assert_eq!(
        change.keys,
        BTreeSet::from(["child".to_owned(), "parent".to_owned()])
    );
    assert_eq!(change.version, 2);
    let committed_at = change.committed_at.expect("a time");
    let since_1970 = committed_at.duration_since(std::time::UNIX_EPOCH);
    assert_eq!(since_1970.expect("a time"), Duration::from_secs(1));
    assert_eq!(of_child.next().await, Some(change));
    assert!(of_other.next().now_or_never().is_none());
}

#[tokio::test(start_paused = true)]
async fn who_listens_late_gets_one_change_that_holds_all() {
    let (rig, mut socket) = Rig::live(Client::builder(KEY), json!({})).await;
    let mut changes = rig.client.changes();
    for version in 2..=5 {
        let mut flags = json!({});
        flags[format!("flag-{version}")] = flag(version);
        socket.put(version, flags).await;
    }
    let change = changes.next().await.expect("a change");
    assert_eq!(change.keys.len(), 4);
    assert_eq!(change.version, 5);
    assert!(changes.next().now_or_never().is_none());
    rig.client.close().await;
    assert_eq!(changes.next().await, None);
    assert_eq!(rig.client.changes().next().await, None, "after the end");
}

#[tokio::test(start_paused = true)]
async fn an_identical_snapshot_is_not_a_change() {
    let (rig, mut socket) =
        Rig::live(Client::builder(KEY), json!({"a": flag(1), "b": flag(1)})).await;
    let mut changes = rig.client.changes();
    socket
        .say_json(&json!([17, 9, {"a": flag(1), "b": flag(2)}, {}]))
        .await;
    let change = changes.next().await.expect("a change");
    assert_eq!(change.keys, BTreeSet::from(["b".to_owned()]));
    socket
        .say_json(&json!([17, 10, {"a": flag(1), "b": flag(2)}, {}]))
        .await;
    settle().await;
    assert!(changes.next().now_or_never().is_none());
    assert_eq!(rig.client.version(), 10);
}

#[tokio::test]
async fn options_that_can_never_work_are_refused() {
    let built = |options: crate::ClientBuilder| options.build().expect_err("refused");
    let url = "ws://127.0.0.1:1";
    assert!(matches!(
        built(Client::builder("pbc_public").url(url)),
        BuildError::Key
    ));
    assert!(matches!(built(Client::builder(KEY)), BuildError::Url(_)));
    let list = Client::builder(KEY).url(url).bootstrap(json!([]));
    assert!(matches!(built(list), BuildError::Ruleset(_)));
    let list = Client::local(Source::ruleset(json!([])));
    assert!(matches!(built(list), BuildError::Ruleset(_)));
    let shown = format!("{:?}", Client::builder("pbs_secret").url(url));
    assert!(shown.contains(url) && !shown.contains("secret"), "{shown}");
}

#[test]
fn without_a_runtime_one_must_be_given() {
    let refused = Client::local(Source::defaults()).build();
    assert!(matches!(refused, Err(BuildError::NoRuntime)));

    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let client = Client::local(Source::defaults()).runtime(runtime.handle().clone());
    let client = client.build().expect("a client");
    assert_eq!(client.ready_blocking(PATIENCE), Ok(()));
    assert!(client.bool("unknown", &Context::default(), true));

    let hub = Client::builder(KEY)
        .url("ws://127.0.0.1:1")
        .runtime(runtime.handle().clone());
    let hub = hub.build().expect("a client");
    let ended = hub.ready_blocking(Duration::from_millis(20));
    assert!(matches!(ended, Err(NotReady::TimedOut { .. })), "{ended:?}");
    drop(runtime);
    assert_eq!(hub.ready_blocking(PATIENCE), Err(NotReady::Closed));
}

#[test]
fn a_client_may_be_sent_and_shared() {
    fn is_shareable<T: Clone + Send + Sync + 'static>() {}
    is_shareable::<Client>();
    is_shareable::<crate::Flag<String>>();
}
