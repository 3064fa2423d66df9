//! Who runs the hub looks after organizations and reads nothing in them; who does not run it does neither.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::harness::{Caller, PASSWORD, TestApi};
use peekaboo_policy::BuiltIn;

/// The shop of `acme`, and somebody else who runs the hub.
async fn operated() -> (TestApi, Caller, Caller) {
    let (api, owner) = TestApi::with_shop().await;
    api.organization("hosting", "root@example.com").await;
    api.operator("root@example.com").await;
    let root = api.sign_in("root@example.com").await;
    (api, owner, root)
}

async fn path_of_acme(api: &TestApi) -> String {
    format!("/operator/organizations/{}", api.acme_id().await.as_uuid())
}

#[tokio::test]
async fn an_operator_sees_how_much_there_is_and_nothing_of_what_it_is() {
    let (api, owner, root) = operated().await;
    api.flag(&owner, "checkout").await;
    let listed = api.get(&root, "/operator/organizations?search=ACM").await;
    let acme = &listed.body["items"][0];
    assert_eq!(listed.each("key"), ["acme"]);
    let numbers = [
        "members",
        "projects",
        "environments",
        "flags",
        "evaluations",
    ];
    assert_eq!(
        numbers.map(|name| acme[name].clone()),
        [1, 1, 3, 1, 0].map(|n| json!(n))
    );
    assert!(!listed.body.to_string().contains("checkout"));
    for path in [
        "/organizations/acme",
        "/organizations/acme/projects/shop/flags",
        "/organizations/acme/members",
        "/organizations/acme/audit",
        "/organizations/acme/events",
    ] {
        api.call(&root, Method::GET, path)
            .refused(StatusCode::NOT_FOUND, "not_found")
            .await;
    }
}

#[tokio::test]
async fn nobody_else_runs_the_hub() {
    let (api, owner, _) = operated().await;
    let acme = api.acme_id().await;
    let bob = api.member(acme, "bob@example.com", BuiltIn::Owner).await;
    let path = path_of_acme(&api).await;
    for caller in [&owner, &bob] {
        let call = |method, path: &str| api.call(caller, method, path);
        call(Method::GET, "/operator/organizations")
            .refused(StatusCode::FORBIDDEN, "forbidden")
            .await;
        call(Method::PATCH, &path)
            .json(json!({"suspended": true}))
            .refused(StatusCode::FORBIDDEN, "forbidden")
            .await;
        call(Method::DELETE, &path)
            .refused(StatusCode::FORBIDDEN, "forbidden")
            .await;
        // Incident 16: an organization's admin takes over an account of the hub (Grafana CVE-2026-22640).
        call(Method::POST, "/operator/password-resets")
            .json(json!({"email": "root@example.com"}))
            .refused(StatusCode::FORBIDDEN, "forbidden")
            .await;
    }
}

#[tokio::test]
async fn a_suspended_organization_lets_nobody_in_until_it_goes_on() {
    let (api, owner, root) = operated().await;
    let path = path_of_acme(&api).await;
    let suspend = |suspended: bool| {
        api.call(&root, Method::PATCH, &path)
            .json(json!({"suspended": suspended}))
            .expect(StatusCode::NO_CONTENT)
    };
    suspend(true).await;
    api.call(&owner, Method::GET, "/organizations/acme")
        .refused(StatusCode::FORBIDDEN, "suspended")
        .await;
    let ada = api.sign_in("ada@example.com").await;
    let session = api.get(&ada, "/session").await;
    assert_eq!(session.body["organizations"][0]["suspended"], true);
    let listed = api.get(&root, "/operator/organizations?search=acme").await;
    assert!(listed.each("suspendedAt")[0].is_string());
    suspend(false).await;
    api.get(&owner, "/organizations/acme").await;
}

#[tokio::test]
async fn a_deleted_organization_is_gone_and_its_people_are_not() {
    let (api, owner, root) = operated().await;
    let path = path_of_acme(&api).await;
    api.call(&root, Method::DELETE, &path)
        .expect(StatusCode::NO_CONTENT)
        .await;
    api.call(&root, Method::DELETE, &path)
        .expect(StatusCode::NOT_FOUND)
        .await;
    api.call(&owner, Method::GET, "/organizations/acme")
        .expect(StatusCode::UNAUTHORIZED)
        .await;
    let ada = api.sign_in("ada@example.com").await;
    assert!(api.get(&ada, "/organizations").await.each("key").is_empty());
    // Its key can be given anew.
    api.organization("acme", "new@example.com").await;
}

#[tokio::test]
async fn an_owner_ends_the_organization_and_an_admin_does_not() {
    let (api, owner) = TestApi::with_shop().await;
    let admin = api.acme(BuiltIn::Admin).await;
    api.call(&admin, Method::DELETE, "/organizations/acme")
        .expect(StatusCode::FORBIDDEN)
        .await;
    api.call(&owner, Method::DELETE, "/organizations/acme")
        .expect(StatusCode::NO_CONTENT)
        .await;
    api.call(&owner, Method::GET, "/organizations")
        .expect(StatusCode::UNAUTHORIZED)
        .await;
}

#[tokio::test]
async fn an_operator_lets_people_in_again_who_lost_everything() {
    let (api, _, root) = operated().await;
    let reset = |email: &str| {
        api.call(&root, Method::POST, "/operator/password-resets")
            .json(json!({"email": email, "clearSecondFactor": true}))
    };
    let made = reset("Ada@example.com").expect(StatusCode::CREATED).await;
    let link = made.body["link"].as_str().unwrap();
    let secret = link.strip_prefix("http://127.0.0.1:3000/reset#").unwrap();
    api.call(&Caller::Nobody, Method::POST, "/password-resets/complete")
        .json(json!({"secret": secret, "password": "incorrect horse staple"}))
        .expect(StatusCode::NO_CONTENT)
        .await;
    api.call(&Caller::Nobody, Method::POST, "/session")
        .json(json!({"email": "ada@example.com", "password": PASSWORD}))
        .expect(StatusCode::UNAUTHORIZED)
        .await;
    reset("nobody@example.com")
        .expect(StatusCode::NOT_FOUND)
        .await;
}

#[tokio::test]
async fn an_organization_that_requires_a_second_factor_keeps_out_who_has_none() {
    let (api, owner) = TestApi::with_shop().await;
    let ada = api.sign_in("ada@example.com").await;
    let require = |caller: &Caller, required: bool| {
        api.call(caller, Method::PATCH, "/organizations/acme/security")
            .json(json!({"requiresSecondFactor": required}))
    };
    require(&ada, true)
        .invalid("/requiresSecondFactor", "not_applicable")
        .await;
    require(&owner, true).expect(StatusCode::OK).await;
    api.call(&ada, Method::GET, "/organizations/acme")
        .refused(StatusCode::FORBIDDEN, "second_factor_missing")
        .await;
    // A token has none and needs none; the account stays open, to set one up.
    api.get(&owner, "/organizations/acme").await;
    api.get(&ada, "/account/second-factor").await;
    require(&owner, false).expect(StatusCode::OK).await;
    api.get(&ada, "/organizations/acme").await;
}

#[tokio::test]
async fn what_is_recorded_of_a_person_is_erased() {
    let (api, owner) = TestApi::with_shop().await;
    let erased = api
        .call(&owner, Method::POST, "/organizations/acme/erasures")
        .json(json!({"targetingKey": "user-42"}))
        .expect(StatusCode::OK)
        .await;
    assert_eq!(erased.body["erased"], 0);
}
