//! Everyone who was invited gets in, and nobody else.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::ApiConfig;
use crate::harness::{Answer, Caller, PASSWORD, TestApi};
use peekaboo_policy::BuiltIn;

const INVITATIONS: &str = "/organizations/acme/invitations";

/// Invites somebody by a link that the inviter passes on; with its secret.
async fn invited(api: &TestApi, by: &Caller, email: &str, role: &str) -> (Answer, String) {
    let sent = api
        .call(by, Method::POST, INVITATIONS)
        .json(json!({"email": email, "role": role, "delivery": "link"}))
        .expect(StatusCode::CREATED)
        .await;
    let link = sent.body["link"].as_str().unwrap();
    let secret = link.strip_prefix("http://127.0.0.1:3000/invite#").unwrap();
    let secret = secret.to_owned();
    (sent, secret)
}

fn accepting(secret: &str) -> Value {
    json!({"secret": secret, "account": {"name": "Grace Hopper", "password": PASSWORD}})
}

fn accept<'a>(api: &'a TestApi, caller: &Caller, body: Value) -> crate::harness::Call<'a> {
    api.call(caller, Method::POST, "/invitations/accept")
        .json(body)
}

#[tokio::test]
async fn who_is_invited_makes_an_account_and_is_in() {
    let (api, owner) = TestApi::with_shop().await;
    let (sent, secret) = invited(&api, &owner, "Grace@example.com", "editor").await;
    assert_eq!(sent.body["email"], "grace@example.com");
    assert_eq!(sent.body["invitedBy"], "owner");
    let listed = api.get(&owner, INVITATIONS).await;
    assert_eq!(listed.each("id"), [&sent.body["id"]]);
    assert!(!listed.body.to_string().contains(&secret), "shown once");

    let offer = api
        .call(&Caller::Nobody, Method::POST, "/invitations/look")
        .json(json!({"secret": secret}))
        .expect(StatusCode::OK)
        .await;
    assert_eq!(offer.body["organization"], "ACME");
    assert_eq!(offer.body["email"], "grace@example.com");
    assert_eq!(offer.body["role"], "editor");

    let joined = accept(&api, &Caller::Nobody, accepting(&secret))
        .expect(StatusCode::OK)
        .await;
    assert_eq!(joined.body["user"]["email"], "grace@example.com");
    assert_eq!(joined.body["emailVerified"], false);
    assert_eq!(joined.body["organizations"][0]["role"], "editor");
    let grace = joined.session();
    api.get(&grace, "/organizations/acme/projects/shop").await;
    api.sign_in("grace@example.com").await;
    assert!(api.get(&owner, INVITATIONS).await.each("id").is_empty());
    accept(&api, &Caller::Nobody, accepting(&secret))
        .refused(StatusCode::NOT_FOUND, "not_found")
        .await;
}

#[tokio::test]
async fn who_has_an_account_comes_in_without_another() {
    let (api, owner) = TestApi::with_shop().await;
    api.organization("other", "grace@example.com").await;
    let (_, secret) = invited(&api, &owner, "grace@example.com", "viewer").await;
    accept(&api, &Caller::Nobody, accepting(&secret))
        .refused(StatusCode::CONFLICT, "account_exists")
        .await;
    accept(&api, &Caller::Nobody, json!({"secret": secret}))
        .refused(StatusCode::UNAUTHORIZED, "unauthenticated")
        .await;
    let grace = api.sign_in("grace@example.com").await;
    assert_eq!(
        api.get(&grace, "/organizations").await.each("key"),
        ["other"]
    );
    let joined = accept(&api, &grace, json!({"secret": secret}))
        .expect(StatusCode::OK)
        .await;
    assert_eq!(joined.body["organizations"].as_array().unwrap().len(), 2);
    assert_eq!(
        api.get(&joined.session(), "/organizations")
            .await
            .each("key"),
        ["acme", "other"]
    );
}

#[tokio::test]
async fn a_mailed_link_is_not_shown_to_who_sends_it() {
    let (api, owner) = TestApi::with_shop().await;
    let sent = api
        .call(&owner, Method::POST, INVITATIONS)
        .json(json!({"email": "grace@example.com", "role": "viewer"}))
        .expect(StatusCode::CREATED)
        .await;
    assert_eq!(sent.body["delivery"], "mail");
    assert!(sent.body["link"].is_null());
    let secret = api.mailed_secret("grace@example.com").await.unwrap();
    let joined = accept(&api, &Caller::Nobody, accepting(&secret))
        .expect(StatusCode::OK)
        .await;
    assert_eq!(joined.body["emailVerified"], true);
}

#[tokio::test]
async fn a_hub_without_mail_gives_links() {
    let api = TestApi::with(ApiConfig::default()).await;
    let acme = api.organization("acme", "ada@example.com").await;
    let owner = api.token(acme, BuiltIn::Owner).await;
    let invite = |body| api.call(&owner, Method::POST, INVITATIONS).json(body);
    let sent = invite(json!({"email": "grace@example.com", "role": "viewer"}))
        .expect(StatusCode::CREATED)
        .await;
    assert!(sent.body["link"].is_string());
    invite(json!({"email": "eve@example.com", "role": "viewer", "delivery": "mail"}))
        .refused(StatusCode::CONFLICT, "no_mail")
        .await;
}

#[tokio::test]
async fn an_invitation_is_sent_again_and_taken_back() {
    let (api, owner) = TestApi::with_shop().await;
    let (sent, first) = invited(&api, &owner, "grace@example.com", "viewer").await;
    let path = format!("{INVITATIONS}/{}", sent.body["id"].as_str().unwrap());
    api.clock.advance(time::Duration::hours(73));
    accept(&api, &Caller::Nobody, accepting(&first))
        .expect(StatusCode::NOT_FOUND)
        .await;
    let resent = api
        .call(&owner, Method::POST, &format!("{path}/resend"))
        .json(json!({"delivery": "link"}))
        .expect(StatusCode::OK)
        .await;
    assert_eq!(resent.body["id"], sent.body["id"]);
    let link = resent.body["link"].as_str().unwrap();
    let (_, second) = link.split_once('#').unwrap();
    accept(&api, &Caller::Nobody, accepting(&first))
        .expect(StatusCode::NOT_FOUND)
        .await;
    api.call(&owner, Method::DELETE, &path)
        .expect(StatusCode::NO_CONTENT)
        .await;
    accept(&api, &Caller::Nobody, accepting(second))
        .expect(StatusCode::NOT_FOUND)
        .await;
    api.call(&owner, Method::DELETE, &path)
        .expect(StatusCode::NOT_FOUND)
        .await;
}

#[tokio::test]
async fn nobody_invites_into_a_role_that_holds_more_than_theirs() {
    let (api, owner) = TestApi::with_shop().await;
    let admin = api.acme(BuiltIn::Admin).await;
    let refused = api
        .call(&admin, Method::POST, INVITATIONS)
        .json(json!({"email": "grace@example.com", "role": "owner"}))
        .refused(StatusCode::FORBIDDEN, "forbidden")
        .await;
    let detail = refused.body["detail"].as_str().unwrap();
    assert!(detail.contains("delete the organization"), "{detail}");
    let (sent, _) = invited(&api, &owner, "grace@example.com", "owner").await;
    // Sending an owner's invitation again would make the admin its inviter.
    let path = format!("{INVITATIONS}/{}/resend", sent.body["id"].as_str().unwrap());
    api.call(&admin, Method::POST, &path)
        .json(json!({}))
        .refused(StatusCode::FORBIDDEN, "forbidden")
        .await;
}

#[tokio::test]
async fn an_invitation_ends_with_the_right_to_give_its_role() {
    let (api, _) = TestApi::with_shop().await;
    let acme = api.acme_id().await;
    let bob = api.member(acme, "bob@example.com", BuiltIn::Admin).await;
    let (_, secret) = invited(&api, &bob, "grace@example.com", "admin").await;
    let user = api.storage.user_by_email("bob@example.com").await;
    let by = peekaboo_storage::Attribution::system("test", api.now());
    let id = user.unwrap().unwrap().id;
    api.storage.remove_member(acme, id, &by).await.unwrap();
    accept(&api, &Caller::Nobody, accepting(&secret))
        .refused(StatusCode::FORBIDDEN, "forbidden")
        .await;
}

// Incident 6: an invitation whose e-mail, organization or role can be edited by its bearer (Keycloak CVE-2026-1529).
#[tokio::test]
async fn who_holds_an_invitation_can_change_nothing_of_it() {
    let (api, owner) = TestApi::with_shop().await;
    let (_, secret) = invited(&api, &owner, "grace@example.com", "viewer").await;
    for (member, value) in [
        ("email", json!("eve@example.com")),
        ("role", json!("owner")),
        ("organization", json!("other")),
    ] {
        let mut body = accepting(&secret);
        body[member] = value.clone();
        accept(&api, &Caller::Nobody, body)
            .invalid(&format!("/{member}"), "unknown_field")
            .await;
        let mut body = accepting(&secret);
        body["account"][member] = value;
        accept(&api, &Caller::Nobody, body)
            .invalid(&format!("/account/{member}"), "unknown_field")
            .await;
    }
    let joined = accept(&api, &Caller::Nobody, accepting(&secret))
        .expect(StatusCode::OK)
        .await;
    assert_eq!(joined.body["organizations"][0]["role"], "viewer");
}

// Incident 5: a null or empty invite token accepted (GHSA-f6hc-c5jr-878p).
#[tokio::test]
async fn nothing_is_no_invitation() {
    let (api, owner) = TestApi::with_shop().await;
    invited(&api, &owner, "grace@example.com", "viewer").await;
    for secret in ["", " ", "null", "undefined", "\u{0}"] {
        accept(&api, &Caller::Nobody, accepting(secret))
            .refused(StatusCode::NOT_FOUND, "not_found")
            .await;
    }
    for body in [
        json!({"secret": null}),
        json!({"secret": 0}),
        json!({"secret": []}),
    ] {
        accept(&api, &Caller::Nobody, body)
            .invalid("/secret", "wrong_type")
            .await;
    }
    accept(&api, &Caller::Nobody, json!({}))
        .invalid("/secret", "required")
        .await;
}

// Incident 4: the organization taken from a body (Flowise CVE-2026-30823).
#[tokio::test]
async fn an_inviter_reaches_their_own_organization_only_whatever_the_body_says() {
    let (api, _) = TestApi::with_shop().await;
    let other = api.organization("other", "eve@example.com").await;
    let eve = api.token(other, BuiltIn::Owner).await;
    let body = json!({"email": "grace@example.com", "role": "owner", "organization": "acme"});
    let call = |path| api.call(&eve, Method::POST, path).json(body.clone());
    call("/organizations/other/invitations")
        .invalid("/organization", "unknown_field")
        .await;
    call(INVITATIONS).expect(StatusCode::NOT_FOUND).await;
}

// Pre-hijack: the inviter accepts in the place of the person whom they name, who later comes for their account.
#[tokio::test]
async fn who_accepts_for_somebody_else_loses_the_account_to_its_address() {
    let (api, owner) = TestApi::with_shop().await;
    let (_, secret) = invited(&api, &owner, "grace@example.com", "viewer").await;
    let hijacker = accept(&api, &Caller::Nobody, accepting(&secret))
        .expect(StatusCode::OK)
        .await
        .session();
    api.get(&hijacker, "/organizations/acme").await;

    api.call(&Caller::Nobody, Method::POST, "/password-resets")
        .json(json!({"email": "grace@example.com"}))
        .expect(StatusCode::ACCEPTED)
        .await;
    let secret = api.mailed_secret("grace@example.com").await.unwrap();
    api.call(&Caller::Nobody, Method::POST, "/password-resets/complete")
        .json(json!({"secret": secret, "password": "grace's own password"}))
        .expect(StatusCode::NO_CONTENT)
        .await;
    api.call(&hijacker, Method::GET, "/session")
        .expect(StatusCode::UNAUTHORIZED)
        .await;
    api.call(&Caller::Nobody, Method::POST, "/session")
        .json(json!({"email": "grace@example.com", "password": PASSWORD}))
        .expect(StatusCode::UNAUTHORIZED)
        .await;
}

// Incident 17: a link meant for reading invites members (NocoDB CVE-2026-46552).
#[tokio::test]
async fn who_may_only_look_invites_nobody() {
    let (api, owner) = TestApi::with_shop().await;
    let (sent, _) = invited(&api, &owner, "grace@example.com", "viewer").await;
    let path = format!("{INVITATIONS}/{}", sent.body["id"].as_str().unwrap());
    for role in [BuiltIn::Viewer, BuiltIn::Editor] {
        let caller = api.acme(role).await;
        let body = json!({"email": "eve@example.com", "role": "viewer"});
        let call = |method, path: &str| api.call(&caller, method, path);
        call(Method::POST, INVITATIONS)
            .json(body)
            .expect(StatusCode::FORBIDDEN)
            .await;
        call(Method::POST, &format!("{path}/resend"))
            .json(json!({}))
            .expect(StatusCode::FORBIDDEN)
            .await;
        call(Method::DELETE, &path)
            .expect(StatusCode::FORBIDDEN)
            .await;
        call(Method::GET, INVITATIONS)
            .expect(StatusCode::FORBIDDEN)
            .await;
    }
}
