//! Every operation that creates something, sent twice under one `Idempotency-Key`: it is created once.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::harness::{Caller, TestApi};
use crate::walks::{SOME_ID, example, operations};

/// The operations that answer 201 without an `Idempotency-Key`, and why that is right.
const WITHOUT_KEY: &[(&str, &str)] = &[
    (
        "completeSetup",
        "the code works once, and the first request is answered with a session",
    ),
    (
        "beginSecondFactor",
        "a second one replaces the first, which nothing depends on until it is confirmed",
    ),
    (
        "createPasswordReset",
        "each link works once, and a second one replaces the first",
    ),
];

/// The first item's id in a list.
async fn first(api: &TestApi, caller: &Caller, list: &str) -> String {
    let listed = api.get(caller, list).await;
    let item = &listed.body["items"][0];
    let id = item.get("id").unwrap_or(&item["user"]["id"]);
    id.as_str().unwrap().to_owned()
}

async fn create(api: &TestApi, caller: &Caller, path: &str, body: Value) -> String {
    let made = api.call(caller, Method::POST, path).json(body);
    let made = made.expect(StatusCode::CREATED).await;
    made.body["id"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn whatever_is_created_is_created_once_for_each_key() {
    let (api, _) = TestApi::with_shop().await;
    api.operator("ada@example.com").await;
    let ada = api.sign_in("ada@example.com").await;
    let account = "/organizations/acme/service-accounts";
    let account = create(&api, &ada, account, json!({"name": "Robot"})).await;
    let environment = "/organizations/acme/projects/shop/environments/production";
    let key = first(&api, &ada, &format!("{environment}/keys")).await;
    let member = first(&api, &ada, "/organizations/acme/members").await;
    let mut without = Vec::new();
    let mut walked = 0;
    for mut operation in operations(&api, "acme") {
        let path = format!("{}{}", crate::PREFIX, operation.path);
        let documented = api.contract.operation(&operation.method, &path).unwrap();
        if documented["responses"].get("201").is_none() {
            continue;
        }
        if !documented["parameters"]
            .to_string()
            .contains("Idempotency-Key")
        {
            without.push(operation.id);
            continue;
        }
        walked += 1;
        let id = if operation.path.contains("/keys/") {
            &key
        } else {
            &account
        };
        let body = match operation.id.as_str() {
            "createGrant" => json!({
                "holder": {"kind": "member", "id": member}, "role": "viewer", "scope": {"project": "shop"}
            }),
            "createOrganization" => json!({"name": "Big"}),
            _ => example(&api, &operation.method, &operation.path).unwrap_or_else(|| json!({})),
        };
        operation.path = operation.path.replace(SOME_ID, id);
        let send = || {
            let call = operation.call(&api, &ada).json(body.clone());
            call.header("idempotency-key", &operation.id)
        };
        let made = send().expect(StatusCode::CREATED).await;
        let again = send().expect(StatusCode::CREATED).await;
        assert_eq!(made.body, again.body, "{}", operation.id);
        assert_eq!(again.headers["idempotency-replayed"], "true");
        let tag = |answer: &crate::harness::Answer| answer.headers.get("etag").cloned();
        assert_eq!(tag(&made), tag(&again), "{}", operation.id);
    }
    let mut listed: Vec<_> = WITHOUT_KEY.iter().map(|(id, _)| *id).collect();
    listed.sort_unstable();
    without.sort_unstable();
    assert_eq!(without, listed);
    assert!(walked > 12, "{walked}");
}
