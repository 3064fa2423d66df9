//! What went wrong in comparable products, tried here: access that crosses organizations or grows by itself.
//!
//! docs/access.md lists the incidents with the tests that replay them, here and beside what they are about.

use axum::http::{Method, StatusCode};
use peekaboo_policy::BuiltIn;
use serde_json::{Value, json};

use crate::ApiConfig;
use crate::harness::{Caller, PASSWORD, TestApi};
use crate::walks::{example, operations};

/// Two organizations, each with a token of an owner.
async fn world() -> (TestApi, Caller, Caller) {
    let (api, acme) = TestApi::with_shop().await;
    let other = api.organization("other", "eve@example.com").await;
    let other = api.token(other, BuiltIn::Owner).await;
    (api, acme, other)
}

fn id(value: &Value) -> String {
    value["id"].as_str().unwrap().to_owned()
}

async fn create(api: &TestApi, caller: &Caller, path: &str, body: Value) -> String {
    let made = api.call(caller, Method::POST, path).json(body);
    id(&made.expect(StatusCode::CREATED).await.body)
}

/// Everything with an id that `acme` has, as paths below an organization.
async fn ids(api: &TestApi, acme: &Caller) -> Vec<(Method, String)> {
    let create = async |what: &str, body| {
        create(api, acme, &format!("/organizations/acme/{what}"), body).await
    };
    let team = create("teams", json!({"name": "Team"})).await;
    let role = create(
        "roles",
        json!({"name": "Role", "permissions": ["flag.read"]}),
    )
    .await;
    let account = create("service-accounts", json!({"name": "Robot"})).await;
    let holder = json!({"kind": "team", "id": team});
    let grant = create("grants", json!({"holder": holder, "role": role})).await;
    let token = create("tokens", json!({"name": "t", "role": "viewer"})).await;
    let members = api.get(acme, "/organizations/acme/members").await;
    let member = id(&members.body["items"][0]["user"]);
    vec![
        (Method::DELETE, format!("teams/{team}/members/{member}")),
        (Method::PUT, format!("teams/{team}/members/{member}")),
        (Method::PATCH, format!("teams/{team}")),
        (Method::DELETE, format!("teams/{team}")),
        (Method::PATCH, format!("roles/{role}")),
        (Method::DELETE, format!("roles/{role}")),
        (Method::PATCH, format!("service-accounts/{account}")),
        (Method::DELETE, format!("service-accounts/{account}")),
        (Method::POST, format!("service-accounts/{account}/tokens")),
        (Method::DELETE, format!("grants/{grant}")),
        (Method::DELETE, format!("tokens/{token}")),
        (Method::PATCH, format!("members/{member}")),
        (Method::DELETE, format!("members/{member}")),
    ]
}

fn body(path: &str) -> Value {
    if path.starts_with("members/") {
        json!({"role": "viewer"})
    } else {
        json!({"name": "taken over"})
    }
}

/// Incident 4: the organization is taken from a body.
#[tokio::test]
async fn no_body_says_which_organization_is_meant() {
    let (api, acme) = TestApi::with_shop().await;
    api.flag(&acme, "checkout").await;
    api.operator("ada@example.com").await;
    let ada = api.sign_in("ada@example.com").await;
    let (mut walked, mut wrong) = (0, Vec::new());
    for operation in operations(&api, "acme") {
        let (method, path) = (&operation.method, &operation.path);
        let Some(body) = example(&api, method, path) else {
            continue;
        };
        // It names the first organization of the hub.
        if operation.id == "completeSetup" {
            continue;
        }
        for member in ["organization", "organizationId", "org", "tenant"] {
            walked += 1;
            let mut body = body.clone();
            body[member] = json!("other");
            let answer = operation.call(&api, &ada).json(body).send().await;
            let errors = answer.body["errors"].to_string();
            if !errors.contains("unknown_field") || !errors.contains(member) {
                wrong.push(format!("{} takes {member}: {}", operation.id, answer.body));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert!(walked > 150, "{walked}");
}

/// Incident 5: an empty or null secret is accepted, here while links of each kind wait.
#[tokio::test]
async fn no_empty_or_made_up_secret_opens_anything() {
    let (api, acme, _) = world().await;
    let invitation = json!({"email": "grace@example.com", "role": "viewer"});
    create(&api, &acme, "/organizations/acme/invitations", invitation).await;
    let ada = api.sign_in("ada@example.com").await;
    api.call(&Caller::Nobody, Method::POST, "/password-resets")
        .json(json!({"email": "ada@example.com"}))
        .expect(StatusCode::ACCEPTED)
        .await;
    api.mailed_secret("ada@example.com").await.unwrap();
    api.call(&ada, Method::POST, "/account/email")
        .json(json!({"email": "ada@example.org", "password": PASSWORD}))
        .expect(StatusCode::ACCEPTED)
        .await;
    let secrets = [
        json!(null),
        json!(""),
        json!(" "),
        json!("null"),
        json!("undefined"),
        json!("\u{0}"),
        json!(0),
        json!([]),
        json!({}),
        json!("0".repeat(43)),
    ];
    let account = json!({"name": "Eve", "password": PASSWORD});
    for (path, more) in [
        ("/invitations/look", json!({})),
        ("/invitations/accept", json!({"account": account})),
        (
            "/password-resets/complete",
            json!({"password": "eve's own password"}),
        ),
        ("/account/email/confirm", json!({})),
    ] {
        for (index, secret) in secrets.iter().enumerate() {
            let mut body = more.clone();
            body["secret"] = secret.clone();
            // Each from an address of its own: tries of one address are limited.
            let address = format!("198.51.100.{}", index + 1);
            let answer = api.call(&ada, Method::POST, path).from(&address).json(body);
            let answer = answer.send().await;
            let refused = [StatusCode::NOT_FOUND, StatusCode::UNPROCESSABLE_ENTITY];
            assert!(
                refused.contains(&answer.status),
                "{path} {secret}: {}",
                answer.body
            );
        }
        let answer = api.call(&ada, Method::POST, path).json(more).send().await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
    }
    api.sign_in("ada@example.com").await;
}

/// Incidents 13 and 14: the action is checked and its target is not; deleting what belongs to somebody else.
#[tokio::test]
async fn an_id_of_another_organization_is_not_found_in_ones_own() {
    let (api, acme, other) = world().await;
    let before = api.get(&acme, "/organizations/acme/grants").await.body;
    for (method, path) in ids(&api, &acme).await {
        let foreign = format!("/organizations/other/{path}");
        let answer = api
            .call(&other, method.clone(), &foreign)
            .json(body(&path))
            .expect(StatusCode::NOT_FOUND)
            .await;
        // As for an id that nobody has.
        let last = path.rsplit('/').find(|part| part.len() == 36).unwrap();
        let absent = foreign.replace(last, "0193f3a2-6c1e-7c3a-9d52-3f1f6a0e8b11");
        let absent = api.call(&other, method, &absent).json(body(&path));
        assert_eq!(absent.send().await.body, answer.body, "{path}");
    }
    let after = api.get(&acme, "/organizations/acme/grants").await.body;
    let first = |grants: &Value| grants["items"][0].clone();
    assert_eq!(first(&before), first(&after));
}

/// Incident 13 again: the ids in a body are targets too.
#[tokio::test]
async fn a_grant_reaches_nobody_and_nothing_of_another_organization() {
    let (api, acme, other) = world().await;
    let team = create(
        &api,
        &acme,
        "/organizations/acme/teams",
        json!({"name": "Team"}),
    )
    .await;
    let role = json!({"name": "Role", "permissions": ["flag.read"]});
    let role = create(&api, &acme, "/organizations/acme/roles", role).await;
    let eve = api.get(&other, "/organizations/other/members").await;
    let eve = id(&eve.body["items"][0]["user"]);
    let give = |body| {
        api.call(&other, Method::POST, "/organizations/other/grants")
            .json(body)
    };
    let (own, foreign) = (
        json!({"kind": "member", "id": eve}),
        json!({"kind": "team", "id": team}),
    );
    for refused in [
        json!({"holder": foreign, "role": "viewer"}),
        json!({"holder": own, "role": role}),
        json!({"holder": own, "role": "viewer", "scope": {"project": "shop"}}),
    ] {
        give(refused).expect(StatusCode::NOT_FOUND).await;
    }
}

/// Incident 15: organization 0 or nil.
#[tokio::test]
async fn no_organization_is_called_zero_or_nil() {
    let (api, acme, _) = world().await;
    let nil = "00000000-0000-0000-0000-000000000000";
    let absent = api
        .call(&acme, Method::GET, "/organizations/nowhere/members")
        .expect(StatusCode::NOT_FOUND)
        .await;
    for organization in ["0", "-1", nil, "null", "%00", "*"] {
        let path = format!("/organizations/{organization}/members");
        let answer = api.call(&acme, Method::GET, &path).send().await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{organization}");
        assert_eq!(answer.body, absent.body, "{organization}");
    }
    for (kind, id) in [("member", nil), ("team", nil), ("serviceAccount", nil)] {
        let body = json!({"holder": {"kind": kind, "id": id}, "role": "owner"});
        api.call(&acme, Method::POST, "/organizations/acme/grants")
            .json(body)
            .expect(StatusCode::NOT_FOUND)
            .await;
    }
}

/// Incident 16: an admin takes the organization from its owner.
#[tokio::test]
async fn an_admin_does_not_take_the_organization_from_its_owner() {
    let (api, acme, _) = world().await;
    let admin = api.acme(BuiltIn::Admin).await;
    let members = api.get(&acme, "/organizations/acme/members").await;
    let owner = id(&members.body["items"][0]["user"]);
    let grant = id(&members.body["items"][0]["grants"][0]);
    let attempts = [
        (Method::DELETE, format!("members/{owner}"), json!({})),
        (
            Method::PATCH,
            format!("members/{owner}"),
            json!({"role": "viewer"}),
        ),
        (Method::DELETE, format!("grants/{grant}"), json!({})),
        (
            Method::POST,
            "tokens".to_owned(),
            json!({"name": "t", "role": "owner"}),
        ),
    ];
    for (method, path, body) in attempts {
        let path = format!("/organizations/acme/{path}");
        api.call(&admin, method, &path)
            .json(body)
            .refused(StatusCode::FORBIDDEN, "forbidden")
            .await;
    }
    let after = api.get(&acme, "/organizations/acme/members").await;
    assert_eq!(after.each("role"), ["owner"]);
}

/// Incident 16 again: an organization removes its member, and nobody from the hub.
#[tokio::test]
async fn an_organization_takes_nothing_from_who_runs_the_hub_but_their_place_in_it() {
    let (api, _, other) = world().await;
    api.operator("ada@example.com").await;
    let ada = api.sign_in("ada@example.com").await;
    let user = api.get(&ada, "/session").await.body["user"]["id"].clone();
    let user = user.as_str().unwrap();
    let key = peekaboo_storage::Key::parse("other").unwrap();
    let theirs = api.storage.organization(&key).await.unwrap().unwrap().id;
    let by = peekaboo_storage::Attribution::system("test", api.now());
    let id = peekaboo_storage::UserId::from_uuid(user.parse().unwrap());
    let joined = api.storage.add_member(theirs, id, BuiltIn::Viewer, &by);
    joined.await.unwrap();
    let reset = json!({"email": "ada@example.com"});
    let call = |method, path: &str| api.call(&other, method, path);
    for (method, path) in [
        (Method::POST, "/operator/password-resets"),
        (Method::GET, "/operator/organizations"),
    ] {
        call(method, path)
            .json(reset.clone())
            .refused(StatusCode::FORBIDDEN, "forbidden")
            .await;
    }
    call(
        Method::DELETE,
        &format!("/organizations/other/members/{user}"),
    )
    .expect(StatusCode::NO_CONTENT)
    .await;
    api.get(&ada, "/operator/organizations").await;
    api.get(&ada, "/organizations/acme/members").await;
    api.call(&ada, Method::GET, "/organizations/other")
        .expect(StatusCode::NOT_FOUND)
        .await;
}

/// Incident 17: what is meant for reading lets others in.
#[tokio::test]
async fn a_token_for_reading_lets_nobody_in() {
    let (api, _, _) = world().await;
    let ada = api.sign_in("ada@example.com").await;
    let personal = "/organizations/acme/personal-tokens";
    let made = api
        .call(&ada, Method::POST, personal)
        .json(json!({"name": "reader", "atMost": "viewer"}))
        .expect(StatusCode::CREATED)
        .await;
    let reader = Caller::Token(made.body["token"].as_str().unwrap().to_owned());
    api.get(&reader, "/organizations/acme/projects").await;
    for (what, body) in [
        ("personal-tokens", json!({"name": "more"})),
        ("tokens", json!({"name": "more", "role": "viewer"})),
        ("service-accounts", json!({"name": "more"})),
        ("teams", json!({"name": "more"})),
        ("roles", json!({"name": "more", "permissions": []})),
        (
            "grants",
            json!({"holder": {"kind": "member", "id": made.body["id"]}, "role": "viewer"}),
        ),
    ] {
        let path = format!("/organizations/acme/{what}");
        api.call(&reader, Method::POST, &path)
            .json(body)
            .refused(StatusCode::FORBIDDEN, "forbidden")
            .await;
    }
    for method in [Method::GET, Method::DELETE] {
        let path = if method == Method::GET {
            personal.to_owned()
        } else {
            format!("{personal}/{}", id(&made.body))
        };
        api.call(&reader, method, &path)
            .refused(StatusCode::FORBIDDEN, "forbidden")
            .await;
    }
}

/// Incident 18: a token of one organization works in another, for its maker belongs to both.
#[tokio::test]
async fn a_personal_token_works_in_one_organization_and_no_longer_than_its_owner_belongs_to_it() {
    let (api, acme, _) = world().await;
    api.operator("ada@example.com").await;
    let ada = api.sign_in("ada@example.com").await;
    let made = api
        .call(&ada, Method::POST, "/organizations")
        .json(json!({"name": "Second"}))
        .expect(StatusCode::CREATED)
        .await;
    assert_eq!(made.body["role"], "owner");
    let made = api
        .call(&ada, Method::POST, "/organizations/second/personal-tokens")
        .json(json!({"name": "laptop"}))
        .expect(StatusCode::CREATED)
        .await;
    let laptop = Caller::Token(made.body["token"].as_str().unwrap().to_owned());
    api.get(&laptop, "/organizations/second").await;
    api.call(&laptop, Method::GET, "/organizations/acme")
        .expect(StatusCode::NOT_FOUND)
        .await;
    let listed = api.get(&laptop, "/organizations").await;
    assert_eq!(listed.each("key"), ["second"]);
    // Nor is it listed where it does not belong.
    let tokens = api.get(&acme, "/organizations/acme/tokens").await;
    assert!(!tokens.body.to_string().contains("laptop"));
    let own = api.get(&ada, "/organizations/acme/personal-tokens").await;
    assert_eq!(own.each("name").len(), 0);
}

/// Two organizations share a person: what one of them does shows in the other nowhere.
#[tokio::test]
async fn organizations_that_share_a_person_do_not_change_each_others_view_of_them() {
    let (api, acme, other) = world().await;
    let shared = api.acme_id().await;
    let bob = api.member(shared, "bob@example.com", BuiltIn::Viewer).await;
    let members = api.get(&acme, "/organizations/acme/members").await;
    let bobs = id(&members.body["items"][1]["user"]);
    let key = peekaboo_storage::Key::parse("other").unwrap();
    let theirs = api.storage.organization(&key).await.unwrap().unwrap().id;
    let by = peekaboo_storage::Attribution::system("test", api.now());
    let user = peekaboo_storage::UserId::from_uuid(bobs.parse().unwrap());
    api.storage
        .add_member(theirs, user, BuiltIn::Admin, &by)
        .await
        .unwrap();
    // An admin there is a viewer here. That they came by shows here, and what they do there does not.
    api.call(&bob, Method::GET, "/organizations/acme/members")
        .refused(StatusCode::FORBIDDEN, "forbidden")
        .await;
    let before = api.get(&acme, "/organizations/acme/members").await.body;
    api.get(&bob, "/organizations/other/members").await;
    let path = format!("/organizations/other/members/{bobs}");
    api.call(&other, Method::PATCH, &path)
        .json(json!({"role": null}))
        .expect(StatusCode::OK)
        .await;
    api.call(&other, Method::DELETE, &path)
        .expect(StatusCode::NO_CONTENT)
        .await;
    let after = api.get(&acme, "/organizations/acme/members").await.body;
    assert_eq!(before, after);
    api.get(&bob, "/organizations/acme/projects").await;
}

/// Incident 21: another spelling of a path goes past a check.
#[tokio::test]
async fn no_spelling_of_a_path_goes_past_a_check() {
    let (api, acme, other) = world().await;
    api.flag(&acme, "checkout").await;
    let viewer = api.acme(BuiltIn::Viewer).await;
    for organization in [
        "other/../acme",
        "other/%2e%2e/acme",
        "other%2f..%2facme",
        "other/..;/acme",
        "/acme",
        "./acme",
        "acme/.",
        "%61cme",
        "ACME",
        "acme%00",
        "acme%20",
        "acme%2f",
        "other\\..\\acme",
    ] {
        let path = format!("/organizations/{organization}/projects/shop/flags/checkout");
        for (method, body) in [
            (Method::GET, json!({})),
            (Method::PATCH, json!({"name": "taken over"})),
            (Method::DELETE, json!({})),
        ] {
            let reads = method == Method::GET;
            let by_stranger = api.call(&other, method.clone(), &path).json(body.clone());
            let status = by_stranger.raw().await.status();
            assert!(status.is_client_error(), "{method} {path}: {status}");
            let by_viewer = api.call(&viewer, method.clone(), &path).json(body);
            let status = by_viewer.raw().await.status();
            assert!(
                reads || status.is_client_error(),
                "{method} {path}: {status}"
            );
        }
    }
    let path = "/organizations/acme/projects/shop/flags/checkout";
    for suffix in ["/", "//", "/.", "?", "%2f", ";", "%00"] {
        let delete = api.call(&viewer, Method::DELETE, &format!("{path}{suffix}"));
        let status = delete.raw().await.status();
        assert!(status.is_client_error(), "{suffix}: {status}");
    }
    api.get(&acme, path).await;
}

/// Incident 22: a body of any size is read.
#[tokio::test]
async fn no_body_is_read_beyond_its_limit() {
    let api = TestApi::with(ApiConfig {
        max_body_bytes: 2_000,
        ..ApiConfig::default()
    })
    .await;
    api.organization("acme", "ada@example.com").await;
    api.operator("ada@example.com").await;
    let owner = api.acme(BuiltIn::Owner).await;
    let project = json!({"key": "shop", "name": "Shop"});
    let projects = "/organizations/acme/projects";
    let made = api.call(&owner, Method::POST, projects).json(project);
    made.expect(StatusCode::CREATED).await;
    let ada = api.sign_in("ada@example.com").await;
    let mut walked = 0;
    for operation in operations(&api, "acme") {
        let (method, path) = (&operation.method, &operation.path);
        if example(&api, method, path).is_none() {
            continue;
        }
        walked += 1;
        let large = json!({"name": "x".repeat(2_000)});
        let answer = operation.call(&api, &ada).json(large).send().await;
        assert_eq!(
            answer.status,
            StatusCode::PAYLOAD_TOO_LARGE,
            "{}: {}",
            operation.id,
            answer.body
        );
    }
    assert!(walked > 40, "{walked}");
}

/// Each incident names its tests in docs/access.md.
#[test]
fn the_tests_that_the_guide_names_exist() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let guide = std::fs::read_to_string(root.join("docs/access.md")).unwrap();
    let (_, table) = guide.split_once("## Incidents").unwrap();
    let named: Vec<_> = table
        .split('`')
        .filter(|word| word.contains("::"))
        .collect();
    assert!(named.len() > 20, "{named:?}");
    for name in named {
        let (file, test) = name.split_once("::").unwrap();
        let source = std::fs::read_to_string(root.join(file)).unwrap();
        assert!(
            source.contains(&format!("async fn {test}("))
                || source.contains(&format!("fn {test}(")),
            "{name}"
        );
    }
}
