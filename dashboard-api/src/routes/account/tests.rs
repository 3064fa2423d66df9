//! People keep control of their accounts, and nobody else gets it.

use std::num::NonZeroU32;
use std::time::Duration;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::harness::{Answer, Call, Caller, PASSWORD, TestApi};
use crate::{ApiConfig, Rate};
use peekaboo_policy::BuiltIn;

const NEW: &str = "incorrect horse staple";

async fn with_ada() -> (TestApi, Caller) {
    let api = TestApi::empty().await;
    api.organization("acme", "ada@example.com").await;
    let ada = api.sign_in("ada@example.com").await;
    (api, ada)
}

fn post<'a>(api: &'a TestApi, caller: &Caller, path: &str, body: Value) -> Call<'a> {
    api.call(caller, Method::POST, path).json(body)
}

fn enter(api: &TestApi, body: Value) -> Call<'_> {
    post(api, &Caller::Nobody, "/session", body)
}

/// Turns a second factor on; with its secret and recovery codes.
async fn protect(api: &TestApi, caller: &Caller) -> (String, Vec<String>) {
    let path = "/account/second-factor";
    let begun = post(api, caller, path, json!({"password": PASSWORD}))
        .expect(StatusCode::CREATED)
        .await;
    let secret = begun.body["secret"].as_str().unwrap().to_owned();
    let path = "/account/second-factor/confirm";
    let confirmed = post(api, caller, path, json!({"code": api.code(&secret)}))
        .expect(StatusCode::OK)
        .await;
    let codes = confirmed.body["codes"].as_array().unwrap();
    let codes = codes.iter().map(|code| code.as_str().unwrap().to_owned());
    let codes = codes.collect();
    api.clock.advance(time::Duration::seconds(30));
    (secret, codes)
}

#[tokio::test]
async fn a_person_says_what_they_are_called_and_where_they_live() {
    let (api, ada) = with_ada().await;
    let change = |body| api.call(&ada, Method::PATCH, "/account").json(body);
    let changed = change(json!({"name": "Ada Lovelace", "timeZone": "Europe/London"}))
        .expect(StatusCode::OK)
        .await;
    assert_eq!(changed.body["user"]["name"], "Ada Lovelace");
    let read = api.get(&ada, "/session").await;
    assert_eq!(read.body["timeZone"], "Europe/London");
    change(json!({"timeZone": null}))
        .expect(StatusCode::OK)
        .await;
    assert!(api.get(&ada, "/session").await.body["timeZone"].is_null());
    change(json!({"name": " "}))
        .invalid("/name", "required")
        .await;
    change(json!({"timeZone": "a b"}))
        .invalid("/timeZone", "malformed")
        .await;
}

// Incident 10: a `verified` mark that its owner can set (CVE-2026-27946). Incident 2 begins the same way.
#[tokio::test]
async fn nobody_says_of_themselves_what_others_rely_on() {
    let (api, ada) = with_ada().await;
    for (member, value) in [
        ("emailVerified", json!(true)),
        ("email", json!("eve@example.com")),
        ("operator", json!(true)),
        ("secondFactor", json!(true)),
    ] {
        api.call(&ada, Method::PATCH, "/account")
            .json(json!({member: value}))
            .invalid(&format!("/{member}"), "unknown_field")
            .await;
    }
    let read = api.get(&ada, "/session").await;
    assert_eq!(read.body["emailVerified"], false);
    assert_eq!(read.body["operator"], false);
}

#[tokio::test]
async fn another_password_ends_every_other_session() {
    let (api, ada) = with_ada().await;
    let elsewhere = api.sign_in("ada@example.com").await;
    let change = |password: &str, new: &str| {
        let body = json!({"password": password, "newPassword": new});
        post(&api, &ada, "/account/password", body)
    };
    change("not it", NEW).invalid("/password", "wrong").await;
    change(PASSWORD, "short")
        .invalid("/newPassword", "too_short")
        .await;
    change(PASSWORD, NEW).expect(StatusCode::NO_CONTENT).await;
    api.get(&ada, "/session").await;
    api.call(&elsewhere, Method::GET, "/session")
        .expect(StatusCode::UNAUTHORIZED)
        .await;
    enter(
        &api,
        json!({"email": "ada@example.com", "password": PASSWORD}),
    )
    .expect(StatusCode::UNAUTHORIZED)
    .await;
    enter(&api, json!({"email": "ada@example.com", "password": NEW}))
        .expect(StatusCode::OK)
        .await;
}

#[tokio::test]
async fn people_see_where_they_are_signed_in_and_end_it() {
    let (api, ada) = with_ada().await;
    let phone = enter(
        &api,
        json!({"email": "ada@example.com", "password": PASSWORD}),
    )
    .header("user-agent", "Phone/1.0")
    .from("192.0.2.9")
    .expect(StatusCode::OK)
    .await
    .session();
    let listed = api.get(&ada, "/account/sessions").await;
    let sessions = listed.body["items"].as_array().unwrap();
    assert_eq!(sessions.len(), 2);
    let other = sessions.iter().find(|session| session["current"] == false);
    let other = other.unwrap();
    assert_eq!(other["address"], "192.0.2.9");
    assert_eq!(other["userAgent"], "Phone/1.0");
    let path = format!("/account/sessions/{}", other["id"].as_str().unwrap());
    api.call(&ada, Method::DELETE, &path)
        .expect(StatusCode::NO_CONTENT)
        .await;
    api.call(&phone, Method::GET, "/session")
        .expect(StatusCode::UNAUTHORIZED)
        .await;
    api.call(&ada, Method::DELETE, &path)
        .expect(StatusCode::NOT_FOUND)
        .await;
    api.get(&ada, "/session").await;
}

// Incident 14: deleting by a key that belongs to somebody else (Grafana CVE-2024-1313).
#[tokio::test]
async fn nobody_ends_a_session_of_somebody_else() {
    let (api, ada) = with_ada().await;
    api.organization("other", "eve@example.com").await;
    let eve = api.sign_in("eve@example.com").await;
    let listed = api.get(&ada, "/account/sessions").await;
    let path = format!(
        "/account/sessions/{}",
        listed.each("id")[0].as_str().unwrap()
    );
    api.call(&eve, Method::DELETE, &path)
        .expect(StatusCode::NOT_FOUND)
        .await;
    api.call(&eve, Method::DELETE, "/account/sessions")
        .expect(StatusCode::NO_CONTENT)
        .await;
    api.get(&ada, "/session").await;
}

#[tokio::test]
async fn a_session_ends_however_much_it_is_used() {
    let (api, ada) = with_ada().await;
    for _ in 0..15 {
        api.clock.advance(time::Duration::days(6));
        let answer = api.call(&ada, Method::GET, "/session").send().await;
        if answer.status == StatusCode::UNAUTHORIZED {
            return;
        }
    }
    panic!("90 days are over");
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_a_mailed_link() {
    let (api, ada) = with_ada().await;
    let ask = |email: &str| {
        let body = json!({"email": email});
        post(&api, &Caller::Nobody, "/password-resets", body).expect(StatusCode::ACCEPTED)
    };
    let known = ask("Ada@example.com").await;
    let unknown = ask("nobody@example.com").await;
    assert_eq!(known.body, unknown.body);
    let secret = api.mailed_secret("ada@example.com").await.unwrap();
    assert_eq!(api.mailed_secret("nobody@example.com").await, None);
    let reset = |secret: &str, password: &str| {
        let body = json!({"secret": secret, "password": password});
        post(&api, &Caller::Nobody, "/password-resets/complete", body)
    };
    reset(&secret, "short")
        .invalid("/password", "too_short")
        .await;
    reset(&secret, NEW).expect(StatusCode::NO_CONTENT).await;
    reset(&secret, NEW).expect(StatusCode::NOT_FOUND).await;
    api.call(&ada, Method::GET, "/session")
        .expect(StatusCode::UNAUTHORIZED)
        .await;
    let entered = enter(&api, json!({"email": "ada@example.com", "password": NEW}))
        .expect(StatusCode::OK)
        .await;
    assert_eq!(entered.body["emailVerified"], true);
}

#[tokio::test]
async fn a_link_to_a_new_password_works_for_an_hour() {
    let (api, _) = with_ada().await;
    let body = json!({"email": "ada@example.com"});
    post(&api, &Caller::Nobody, "/password-resets", body)
        .expect(StatusCode::ACCEPTED)
        .await;
    let secret = api.mailed_secret("ada@example.com").await.unwrap();
    api.clock.advance(time::Duration::minutes(61));
    for secret in [secret.as_str(), "", "null"] {
        let body = json!({"secret": secret, "password": NEW});
        post(&api, &Caller::Nobody, "/password-resets/complete", body)
            .refused(StatusCode::NOT_FOUND, "not_found")
            .await;
    }
}

#[tokio::test]
async fn mail_is_not_asked_for_at_will() {
    let (api, _) = with_ada().await;
    let ask = || {
        let body = json!({"email": "ada@example.com"});
        post(&api, &Caller::Nobody, "/password-resets", body)
    };
    for _ in 0..3 {
        ask().expect(StatusCode::ACCEPTED).await;
    }
    ask()
        .refused(StatusCode::TOO_MANY_REQUESTS, "too_many_requests")
        .await;
    // Who knows the password still gets in.
    api.sign_in("ada@example.com").await;
}

#[tokio::test]
async fn without_mail_nothing_is_promised() {
    let api = TestApi::with(ApiConfig::default()).await;
    api.organization("acme", "ada@example.com").await;
    let ada = api.sign_in("ada@example.com").await;
    let body = json!({"email": "ada@example.com"});
    post(&api, &Caller::Nobody, "/password-resets", body)
        .refused(StatusCode::CONFLICT, "no_mail")
        .await;
    let body = json!({"email": "ada@example.org", "password": PASSWORD});
    post(&api, &ada, "/account/email", body)
        .refused(StatusCode::CONFLICT, "no_mail")
        .await;
    assert_eq!(api.get(&ada, "/session").await.body["sendsMail"], false);
}

#[tokio::test]
async fn another_address_signs_in_once_its_link_is_used() {
    let (api, ada) = with_ada().await;
    let ask = |email: &str, password: &str| {
        let body = json!({"email": email, "password": password});
        post(&api, &ada, "/account/email", body)
    };
    ask("ada@example.org", "not it")
        .invalid("/password", "wrong")
        .await;
    ask("nobody", PASSWORD).invalid("/email", "malformed").await;
    ask("ada@example.org", PASSWORD)
        .expect(StatusCode::ACCEPTED)
        .await;
    api.sign_in("ada@example.com").await;
    let secret = api.mailed_secret("ada@example.org").await.unwrap();
    let confirm = |caller: &Caller| {
        let body = json!({"secret": secret});
        post(&api, caller, "/account/email/confirm", body)
    };
    api.organization("other", "eve@example.com").await;
    let eve = api.sign_in("eve@example.com").await;
    confirm(&eve).expect(StatusCode::NOT_FOUND).await;
    confirm(&ada).expect(StatusCode::NO_CONTENT).await;
    api.sign_in("ada@example.org").await;
    enter(
        &api,
        json!({"email": "ada@example.com", "password": PASSWORD}),
    )
    .expect(StatusCode::UNAUTHORIZED)
    .await;
}

#[tokio::test]
async fn with_a_second_factor_the_password_alone_signs_nobody_in() {
    let often = Rate::new(NonZeroU32::new(100).unwrap(), Duration::from_secs(1));
    let api = TestApi::with(ApiConfig {
        sign_in_by_account: often,
        sign_in_by_account_and_address: often,
        sign_in_by_address: often,
        ..ApiConfig::default()
    })
    .await;
    api.organization("acme", "ada@example.com").await;
    let ada = api.sign_in("ada@example.com").await;
    let (secret, recovery) = protect(&api, &ada).await;
    let enter_with = |code: Option<&str>| {
        let mut body = json!({"email": "ada@example.com", "password": PASSWORD});
        if let Some(code) = code {
            body["code"] = json!(code);
        }
        enter(&api, body)
    };
    let refused = async |code| {
        let call = enter_with(code);
        call.refused(StatusCode::UNAUTHORIZED, "second_factor_required")
            .await
    };
    refused(None).await;
    refused(Some("")).await;
    refused(Some("000000")).await;
    let shown = api.code(&secret);
    let entered = enter_with(Some(&shown)).expect(StatusCode::OK).await;
    assert_eq!(entered.body["secondFactor"], true);
    refused(Some(&shown)).await;
    enter_with(Some(&recovery[0])).expect(StatusCode::OK).await;
    refused(Some(&recovery[0])).await;
    let read = api.get(&ada, "/account/second-factor").await;
    assert_eq!(read.body["recoveryCodes"], 9);
    // A right code does not help who lacks the password, and neither does asking for one.
    api.clock.advance(time::Duration::minutes(2));
    let shown = api.code(&secret);
    enter(
        &api,
        json!({"email": "ada@example.com", "password": "wrong", "code": shown}),
    )
    .refused(StatusCode::UNAUTHORIZED, "unauthenticated")
    .await;
}

#[tokio::test]
async fn a_second_factor_counts_once_a_code_shows_that_the_app_has_it() {
    let (api, ada) = with_ada().await;
    let set_up = |password: &str| {
        let body = json!({"password": password});
        post(&api, &ada, "/account/second-factor", body)
    };
    set_up("not it").invalid("/password", "wrong").await;
    let begun = set_up(PASSWORD).expect(StatusCode::CREATED).await;
    let uri = begun.body["uri"].as_str().unwrap();
    assert!(uri.starts_with("otpauth://totp/"), "{uri}");
    let confirm = |code: &str| {
        let body = json!({"code": code});
        post(&api, &ada, "/account/second-factor/confirm", body)
    };
    confirm("000000").invalid("/code", "wrong").await;
    api.sign_in("ada@example.com").await;
    let secret = begun.body["secret"].as_str().unwrap();
    confirm(&api.code(secret)).expect(StatusCode::OK).await;
    confirm(&api.code(secret))
        .expect(StatusCode::NOT_FOUND)
        .await;
    set_up(PASSWORD)
        .refused(StatusCode::CONFLICT, "already_exists")
        .await;
}

#[tokio::test]
async fn a_second_factor_goes_only_with_the_password_and_a_code() {
    let (api, ada) = with_ada().await;
    let (secret, recovery) = protect(&api, &ada).await;
    let remove = |password: &str, code: &str| {
        let body = json!({"password": password, "code": code});
        post(&api, &ada, "/account/second-factor/remove", body)
    };
    remove("not it", &api.code(&secret))
        .invalid("/password", "wrong")
        .await;
    remove(PASSWORD, "000000").invalid("/code", "wrong").await;
    let body = json!({"password": PASSWORD, "code": api.code(&secret)});
    let path = "/account/second-factor/recovery-codes";
    let replaced: Answer = post(&api, &ada, path, body).expect(StatusCode::OK).await;
    assert_ne!(replaced.body["codes"][0], recovery[0].as_str());
    remove(PASSWORD, &recovery[0])
        .invalid("/code", "wrong")
        .await;
    let fresh = replaced.body["codes"][0].as_str().unwrap();
    remove(PASSWORD, fresh).expect(StatusCode::NO_CONTENT).await;
    api.sign_in("ada@example.com").await;
}

#[tokio::test]
async fn a_token_has_no_account() {
    let (api, token) = TestApi::with_shop().await;
    for (method, path) in [
        (Method::GET, "/account/sessions"),
        (Method::DELETE, "/account/sessions"),
        (Method::GET, "/account/second-factor"),
    ] {
        api.call(&token, method, path)
            .refused(StatusCode::FORBIDDEN, "forbidden")
            .await;
    }
}

#[tokio::test]
async fn failures_to_sign_in_are_told_to_who_may_see_access_with_where_they_came_from() {
    let (api, _) = with_ada().await;
    enter(
        &api,
        json!({"email": "ada@example.com", "password": "wrong"}),
    )
    .from("198.51.100.7")
    .expect(StatusCode::UNAUTHORIZED)
    .await;
    let admin = api.acme(BuiltIn::Admin).await;
    let path = "/organizations/acme/audit?action=member.signInFailed";
    let entry = &api.get(&admin, path).await.body["items"][0];
    assert_eq!(entry["subject"]["key"], "ada@example.com");
    assert_eq!(entry["origin"]["address"], "198.51.100.7");
    let viewer = api.acme(BuiltIn::Viewer).await;
    assert!(api.get(&viewer, path).await.each("id").is_empty());
}
