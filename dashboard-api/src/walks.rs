//! What must hold of every endpoint, asked of each one in the document: nobody has to remember it for the next.

use axum::http::{Method, StatusCode};
use peekaboo_policy::{BuiltIn, Permission};
use serde_json::{Value, json};

use crate::harness::{Answer, Call, Caller, TestApi};

/// Of a token, a key, a member and the like that need not exist.
pub(crate) const SOME_ID: &str = "0193f3a2-6c1e-7c3a-9d52-3f1f6a0e8b11";

/// An operation with its path filled in, relative to the prefix.
pub(crate) struct Operation {
    pub id: String,
    pub method: Method,
    pub path: String,
    pub permission: Option<Permission>,
    secured: bool,
}

/// Every operation, for an organisation. What else its path names need not exist: nobody who may not see it learns.
pub(crate) fn operations(api: &TestApi, organization: &str) -> Vec<Operation> {
    let operations = api.contract.operations();
    let found = operations.map(|(method, template, operation)| {
        let path = template
            .trim_start_matches(crate::PREFIX)
            .replace("{org}", organization)
            .replace("{project}", "shop")
            .replace("{environment}", "production")
            .replace("{flag}", "checkout")
            .replace("{segment}", "beta")
            .replace("{token}", SOME_ID)
            .replace("{member}", SOME_ID)
            .replace("{team}", SOME_ID)
            .replace("{role}", SOME_ID)
            .replace("{account}", SOME_ID)
            .replace("{grant}", SOME_ID)
            .replace("{invitation}", SOME_ID)
            .replace("{session}", SOME_ID)
            .replace("{organization}", SOME_ID)
            .replace("{key}", SOME_ID);
        let path = path + &required_query(operation);
        let permission = operation.get("x-permission").cloned();
        let security = operation["security"].as_array().unwrap();
        Operation {
            id: operation["operationId"].as_str().unwrap().to_owned(),
            method,
            path,
            permission: permission.map(|key| serde_json::from_value(key).unwrap()),
            secured: !security.contains(&json!({})),
        }
    });
    found.collect()
}

/// The query parameters that an operation cannot do without, by the document's examples.
pub(crate) fn required_query(operation: &Value) -> String {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let required = parameters
        .filter(|parameter| parameter["in"] == "query" && parameter["required"] == true)
        .map(|parameter| {
            let (name, example) = (&parameter["name"], &parameter["example"]);
            format!("{}={}", name.as_str().unwrap(), example.as_str().unwrap())
        });
    let query = required.collect::<Vec<_>>().join("&");
    if query.is_empty() {
        query
    } else {
        format!("?{query}")
    }
}

impl Operation {
    /// A request that gets as far as it may: what is checked first must refuse it.
    pub(crate) fn call<'a>(&self, api: &'a TestApi, caller: &Caller) -> Call<'a> {
        let call = api.call(caller, self.method.clone(), &self.path);
        if self.method.is_safe() {
            return call;
        }
        call.header("if-match", "*").json(json!({}))
    }

    pub(crate) fn in_organization(&self) -> bool {
        self.path.starts_with("/organizations/")
    }
}

#[tokio::test]
async fn another_organisation_is_not_found_whether_it_exists_or_not() {
    let (api, _) = TestApi::with_shop().await;
    let other = api.organization("other", "eve@example.com").await;
    let token = api.token(other, BuiltIn::Owner).await;
    let session = api.sign_in("eve@example.com").await;
    let mut walked = 0;
    for caller in [token, session] {
        let foreign = operations(&api, "acme");
        let absent = operations(&api, "nowhere");
        for (foreign, absent) in foreign.iter().zip(&absent) {
            if !foreign.in_organization() {
                continue;
            }
            walked += 1;
            let theirs: Answer = foreign.call(&api, &caller).send().await;
            assert_eq!(
                theirs.status,
                StatusCode::NOT_FOUND,
                "{}: {}",
                foreign.id,
                theirs.body
            );
            let nobodys = absent.call(&api, &caller).send().await;
            assert_eq!(theirs.body, nobodys.body, "{}", foreign.id);
        }
    }
    assert!(walked > 80, "{walked}");
}

#[tokio::test]
async fn who_is_not_signed_in_sees_nothing() {
    let (api, _) = TestApi::with_shop().await;
    let bad = Caller::Token("pbt_0000000000000000000000000000000000000000000".to_owned());
    for operation in operations(&api, "acme") {
        if !operation.secured {
            continue;
        }
        for caller in [&Caller::Nobody, &bad] {
            let answer = operation.call(&api, caller).send().await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}", operation.id);
            assert!(answer.headers.contains_key("www-authenticate"));
        }
    }
}

#[tokio::test]
async fn every_request_that_changes_something_is_refused_to_other_sites() {
    let (api, _) = TestApi::with_shop().await;
    let ada = api.sign_in("ada@example.com").await;
    let mut walked = 0;
    for operation in operations(&api, "acme") {
        if operation.method.is_safe() {
            continue;
        }
        walked += 1;
        for site in ["cross-site", "same-site", "nonsense"] {
            let call = operation.call(&api, &ada).header("sec-fetch-site", site);
            call.refused(StatusCode::FORBIDDEN, "forbidden").await;
        }
    }
    assert!(walked > 20, "{walked}");
    api.get(&ada, "/session").await;
}

/// Operations in an organization that every member may use: what is about themselves.
pub(crate) const ANY_MEMBER: [&str; 7] = [
    "getOrganization",
    "explainOwnPermission",
    "getAccess",
    "leaveOrganization",
    "listPersonalTokens",
    "createPersonalToken",
    "revokePersonalToken",
];

#[tokio::test]
async fn a_role_may_do_what_the_table_of_permissions_says_and_no_more() {
    let (api, _) = TestApi::with_shop().await;
    let acme = api.acme_id().await;
    let mut callers = Vec::new();
    for role in BuiltIn::ALL {
        let email = format!("{role}@example.com");
        callers.push((role, api.member(acme, &email, *role).await));
    }
    for operation in operations(&api, "acme") {
        if !operation.in_organization() || ANY_MEMBER.contains(&operation.id.as_str()) {
            continue;
        }
        let needed = operation
            .permission
            .unwrap_or_else(|| panic!("{} names no permission", operation.id));
        for (role, caller) in &callers {
            let allowed = role.permissions().has(needed);
            // Deleting what the others are asked about would end the walk.
            if allowed && ["deleteProject", "deleteOrganization"].contains(&operation.id.as_str()) {
                continue;
            }
            let answer = operation.call(&api, caller).send().await;
            let refused = answer.status == StatusCode::FORBIDDEN;
            assert_eq!(refused, !allowed, "{} as {role}", operation.id);
            if refused {
                let detail = answer.body["detail"].as_str().unwrap();
                assert!(detail.contains(needed.words()), "{detail}");
            }
        }
    }
}

#[tokio::test]
async fn a_viewer_changes_nothing() {
    let (api, _) = TestApi::with_shop().await;
    let viewer = api.acme(BuiltIn::Viewer).await;
    for operation in operations(&api, "acme") {
        // Evaluating changes nothing.
        if operation.method.is_safe() || !operation.in_organization() || operation.id == "evaluate"
        {
            continue;
        }
        operation
            .call(&api, &viewer)
            .refused(StatusCode::FORBIDDEN, "forbidden")
            .await;
    }
}

/// Operations that need nothing of the database but to know who asks.
const IN_MEMORY: [&str; 8] = [
    // The owner lacks nothing, so nobody is looked up who could give it.
    "explainOwnPermission",
    "getAccess",
    "listPermissions",
    "getOpenApi",
    "listOrganizations",
    "getOrganization",
    "followEvents",
    "getSession",
];

#[tokio::test]
async fn with_the_database_away_every_answer_says_when_to_ask_again() {
    let (api, _) = TestApi::with_shop().await;
    api.operator("ada@example.com").await;
    let ada = api.sign_in("ada@example.com").await;
    // As it is where somebody has the dashboard open.
    api.get(&ada, "/organizations/acme/events").await;
    api.lose_database().await;
    let mut written = 0;
    let mut wrong = Vec::new();
    for operation in operations(&api, "acme") {
        // What can be carried out, so that nothing but the database stands in its way.
        let call = operation.call(&api, &ada);
        let body = example(&api, &operation.method, &operation.path).unwrap_or_else(|| json!({}));
        let call = if operation.method.is_safe() {
            call
        } else {
            written += 1;
            call.json(body)
        };
        let answer = call.send().await;
        let expected = if IN_MEMORY.contains(&operation.id.as_str()) {
            StatusCode::OK
        } else {
            StatusCode::SERVICE_UNAVAILABLE
        };
        let what = format!(
            "{}: {} {}",
            operation.id, answer.status, answer.body["detail"]
        );
        if answer.status != expected {
            wrong.push(what);
        } else if expected != StatusCode::OK && !answer.headers.contains_key("retry-after") {
            wrong.push(format!("{what}, without saying when"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert!(written > 20, "{written}");
}

#[tokio::test]
async fn what_is_no_endpoint_is_refused_as_everything_is() {
    let (api, owner) = TestApi::with_shop().await;
    api.call(&owner, Method::GET, "/nope")
        .refused(StatusCode::NOT_FOUND, "no_such_endpoint")
        .await;
    let refused = api
        .call(&owner, Method::PUT, "/organizations")
        .refused(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed")
        .await;
    assert!(refused.headers["allow"].to_str().unwrap().contains("GET"));
}

#[tokio::test]
async fn the_document_is_served() {
    let api = TestApi::empty().await;
    let served = api.get(&Caller::Nobody, "/openapi.json").await;
    let generated: Value = serde_json::to_value(crate::openapi()).unwrap();
    assert_eq!(served.body, generated);
}

/// The example in the document of an operation's body.
pub(crate) fn example(api: &TestApi, method: &Method, path: &str) -> Option<Value> {
    let path = format!("{}{path}", crate::PREFIX);
    let found = api.contract.operation(method, &path)?;
    let schema = &found["requestBody"]["content"]["application/json"]["schema"];
    let name = schema["$ref"].as_str()?.rsplit('/').next()?;
    Some(api.contract.schema(name)["example"].clone())
}

#[tokio::test]
async fn every_example_in_the_document_can_be_sent() {
    let (api, owner) = TestApi::with_shop().await;
    let mut walked = 0;
    for operation in operations(&api, "acme") {
        let Some(body) = example(&api, &operation.method, &operation.path) else {
            continue;
        };
        assert!(body.is_object(), "{} has no example", operation.id);
        walked += 1;
        let answer = operation.call(&api, &owner).json(body).send().await;
        assert_ne!(answer.status, StatusCode::BAD_REQUEST, "{}", operation.id);
        for error in answer.body["errors"].as_array().into_iter().flatten() {
            let shape = [
                "required",
                "unknown_field",
                "wrong_type",
                "unknown_value",
                "malformed_key",
            ];
            let code = error["code"].as_str().unwrap();
            assert!(!shape.contains(&code), "{}: {error}", operation.id);
        }
    }
    assert!(walked > 20, "{walked}");
}

#[tokio::test]
async fn no_body_however_odd_is_more_than_a_request_can_be_refused_for() {
    let (api, owner) = TestApi::with_shop().await;
    api.flag(&owner, "checkout").await;
    let odd = [
        json!(null),
        json!(true),
        json!(-1),
        json!(1e300),
        json!(""),
        json!("\u{0}"),
        json!("x".repeat(5_000)),
        json!([]),
        json!([null]),
        json!({}),
        json!({"\u{0}": []}),
    ];
    for operation in operations(&api, "acme") {
        let Some(body) = example(&api, &operation.method, &operation.path) else {
            continue;
        };
        for pointer in pointers(&body) {
            for value in &odd {
                let mut body = body.clone();
                *body.pointer_mut(&pointer).unwrap() = value.clone();
                let answer = operation.call(&api, &owner).json(body.clone()).send().await;
                let status = answer.status;
                assert!(
                    status.as_u16() < 500,
                    "{} {body}: {}",
                    operation.id,
                    answer.body
                );
            }
        }
    }
}

/// Every place in a body, but for the whole.
fn pointers(body: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![(String::new(), body)];
    while let Some((at, value)) = open.pop() {
        let inner: Vec<(String, &Value)> = match value {
            Value::Object(members) => members
                .iter()
                .map(|(name, member)| (format!("{at}/{name}"), member))
                .collect(),
            Value::Array(items) => items
                .iter()
                .enumerate()
                .map(|(index, item)| (format!("{at}/{index}"), item))
                .collect(),
            _ => Vec::new(),
        };
        found.extend(inner.iter().map(|(at, _)| at.clone()));
        open.extend(inner);
    }
    found
}

#[tokio::test]
async fn no_parameter_however_odd_is_more_than_a_request_can_be_refused_for() {
    let (api, owner) = TestApi::with_shop().await;
    let long = "x".repeat(5_000);
    for operation in operations(&api, "acme") {
        let path = format!("{}{}", crate::PREFIX, operation.path);
        let found = api.contract.operation(&operation.method, &path).unwrap();
        let parameters = found["parameters"].as_array().into_iter().flatten();
        let queries = parameters.filter(|parameter| parameter["in"] == "query");
        for query in queries {
            let name = query["name"].as_str().unwrap();
            for value in ["", "%00", "%FF", "-1", "1e9", "'%25_\\\\", &long] {
                let (path, _) = operation
                    .path
                    .split_once('?')
                    .unwrap_or((&operation.path, ""));
                let path = format!("{path}?{name}={value}");
                let answer = api
                    .call(&owner, operation.method.clone(), &path)
                    .send()
                    .await;
                let status = answer.status;
                assert!(
                    status.as_u16() < 500,
                    "{} {name}={value}: {}",
                    operation.id,
                    answer.body
                );
            }
        }
    }
    for comment in ["%00", "%F0%9F%A6%94", "a%0Ab"] {
        let answer = api
            .call(&owner, Method::PATCH, "/organizations/acme")
            .header("peekaboo-comment", comment)
            .json(json!({"name": comment}))
            .send()
            .await;
        assert!(answer.status.as_u16() < 500, "{comment}: {}", answer.body);
    }
}

const CONFERS: &str = "gives or takes away access: it is decided when it is asked for, is never stored to be executed \
                       later, and changes nothing that applications see";

const BY_AN_OPERATOR: &str = "is done by who runs the hub, from outside of the organization";
const OF_A_PERSON: &str = "an account belongs to a person, not to an organization";

/// The operations that change something, or look as if they did, without a command, and why that is right.
const WITHOUT_COMMAND: &[(&str, &str)] = &[
    (
        "completeSetup",
        "creates the first organization and person, so there is no tenant that could execute it",
    ),
    (
        "createOrganization",
        "creates a tenant, so there is none yet that could execute it",
    ),
    (
        "updateOrganization",
        "changes a display name that no application sees and no rule protects",
    ),
    (
        "createToken",
        "confers access: it is decided when it is asked for, and is never stored to be executed later",
    ),
    (
        "revokeToken",
        "takes access away: it works at once and waits for nobody",
    ),
    ("createServiceAccountToken", CONFERS),
    ("createPersonalToken", CONFERS),
    ("revokePersonalToken", CONFERS),
    ("createGrant", CONFERS),
    ("deleteGrant", CONFERS),
    ("createRole", CONFERS),
    ("updateRole", CONFERS),
    ("deleteRole", CONFERS),
    ("createTeam", CONFERS),
    ("updateTeam", CONFERS),
    ("deleteTeam", CONFERS),
    ("addTeamMember", CONFERS),
    ("removeTeamMember", CONFERS),
    ("createServiceAccount", CONFERS),
    ("updateServiceAccount", CONFERS),
    ("deleteServiceAccount", CONFERS),
    ("updateMember", CONFERS),
    ("removeMember", CONFERS),
    ("leaveOrganization", CONFERS),
    ("transferOwnership", CONFERS),
    (
        "signIn",
        "a session belongs to a person, not to an organization",
    ),
    (
        "signOut",
        "a session belongs to a person, not to an organization",
    ),
    ("createInvitation", CONFERS),
    ("resendInvitation", CONFERS),
    (
        "revokeInvitation",
        "takes access away: it works at once and waits for nobody",
    ),
    (
        "lookAtInvitation",
        "changes nothing: it is a POST because a secret is no part of an address",
    ),
    (
        "acceptInvitation",
        "is done by somebody who does not belong to the organization yet",
    ),
    (
        "updateSecurity",
        "says who can enter: it is decided when it is asked for, and waits for nobody",
    ),
    (
        "deleteOrganization",
        "ends the tenant that would execute it",
    ),
    (
        "erasePerson",
        "changes what is recorded, and nothing that applications are served",
    ),
    ("updateOperatedOrganization", BY_AN_OPERATOR),
    ("deleteOperatedOrganization", BY_AN_OPERATOR),
    ("createPasswordReset", BY_AN_OPERATOR),
    ("requestPasswordReset", OF_A_PERSON),
    ("resetPassword", OF_A_PERSON),
    ("updateAccount", OF_A_PERSON),
    ("changePassword", OF_A_PERSON),
    ("requestEmailChange", OF_A_PERSON),
    ("confirmEmailChange", OF_A_PERSON),
    ("endSession", OF_A_PERSON),
    ("endOtherSessions", OF_A_PERSON),
    ("beginSecondFactor", OF_A_PERSON),
    ("confirmSecondFactor", OF_A_PERSON),
    ("removeSecondFactor", OF_A_PERSON),
    ("replaceRecoveryCodes", OF_A_PERSON),
    (
        "evaluate",
        "changes nothing: it is a POST because it has a body",
    ),
];

/// A body that the operation accepts in the world of [`every_change_is_a_command_or_says_why_not`].
async fn acceptable(api: &TestApi, owner: &Caller, operation: &Operation) -> Value {
    match operation.id.as_str() {
        "restoreTargeting" => {
            let path = "/organizations/acme/audit?action=targeting.updated";
            let entry = api.get(owner, path).await.each("id")[0].clone();
            json!({"entry": entry, "state": "before"})
        }
        "createSegment" => json!({"key": "insiders"}),
        "updateFlag" => json!({"name": "Checkout"}),
        "replaceTargeting" => json!({
            "enabled": true, "offVariation": "off", "prerequisites": [], "targets": [], "rules": [],
            "fallthrough": {"variation": "on"}
        }),
        "updateTargeting" => json!({"enabled": false}),
        _ => example(api, &operation.method, &operation.path).unwrap_or_else(|| json!({})),
    }
}

#[tokio::test]
async fn every_change_is_a_command_or_says_why_not() {
    let listed = operations(&TestApi::empty().await, "acme");
    let mut exempt: Vec<_> = WITHOUT_COMMAND.iter().map(|(id, _)| *id).collect();
    let mut wrong = Vec::new();
    let mut commands = 0;
    for operation in listed {
        if operation.method.is_safe() {
            continue;
        }
        let (api, owner) = TestApi::with_shop().await;
        api.flag(&owner, "checkout").await;
        api.toggle(&owner, "checkout", "production", true).await;
        let segments = "/organizations/acme/projects/shop/segments";
        let create = api.call(&owner, Method::POST, segments);
        create
            .json(json!({"key": "beta"}))
            .expect(StatusCode::CREATED)
            .await;
        let keys = "/organizations/acme/projects/shop/environments/production/keys";
        let key = api.get(&owner, keys).await.each("id")[0].clone();
        let body = acceptable(&api, &owner, &operation).await;
        let operation = Operation {
            path: operation.path.replace(SOME_ID, key.as_str().unwrap()),
            ..operation
        };
        drop(api.state.take_commands());

        let answer = operation.call(&api, &owner).json(body).send().await;
        let issued = api.state.take_commands();
        let id = operation.id.as_str();
        if let Some(index) = exempt.iter().position(|listed| *listed == id) {
            exempt.swap_remove(index);
            if !issued.is_empty() {
                wrong.push(format!("{id} issues {issued:?}: take it off the list"));
            }
            continue;
        }
        commands += 1;
        if !answer.status.is_success() || issued.len() != 1 {
            let (status, body) = (answer.status, answer.body);
            wrong.push(format!(
                "{id} answers {status} {body} and issues {issued:?}"
            ));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(exempt, Vec::<&str>::new(), "these operations do not exist");
    assert!(commands > 15, "{commands}");
}
