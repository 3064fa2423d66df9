//! What belongs to another organization is answered as what nobody has, for every id and key in every path: with the same
//! status and body, and by the same statements, so that the time tells nothing either.

use std::collections::BTreeMap;
use std::process::Command;

use axum::http::{Method, StatusCode};
use peekaboo_policy::BuiltIn;
use serde_json::{Value, json};

use crate::harness::{Caller, Statements, TestApi};
use crate::walks::{example, required_query};

const ABSENT_ID: &str = "0193f3a2-6c1e-7c3a-9d52-3f1f6a0e8b11";
const ABSENT_KEY: &str = "nothing-of-that-name";

/// What tells of flags that may be deleted.
const OUTLIVES_ITS_FLAG: [&str; 2] = ["getFlagUsage", "getImpact"];

/// What each parameter of a path stands for, in one organization.
type Names = BTreeMap<&'static str, String>;

async fn create(api: &TestApi, caller: &Caller, path: &str, body: Value) -> String {
    let made = api.call(caller, Method::POST, path).json(body);
    let made = made.expect(StatusCode::CREATED).await;
    let name = made.body.get("id").or(made.body.get("key"));
    name.unwrap().as_str().unwrap().to_owned()
}

/// Makes one of everything in an organization. Keys are of this organization only.
async fn furnish(api: &TestApi, owner: &Caller, organization: &str) -> Names {
    let base = format!("/organizations/{organization}");
    let create = async |path: &str, body| create(api, owner, &format!("{base}/{path}"), body).await;
    let key = |what: &str| format!("{what}-of-{organization}");
    let project = key("project");
    create("projects", json!({"key": project, "name": "Project"})).await;
    let below = |path: &str| format!("projects/{project}/{path}");
    let environment = json!({"key": key("environment"), "name": "Environment"});
    create(&below("environments"), environment).await;
    let flag = json!({"key": key("flag"), "type": "boolean"});
    create(&below("flags"), flag).await;
    create(&below("segments"), json!({"key": key("segment")})).await;
    let keys = below(&format!("environments/{}/keys", key("environment")));
    let sdk_key = create(&keys, json!({"kind": "server", "name": "Key"})).await;
    let team = create("teams", json!({"name": "Team"})).await;
    let role = json!({"name": "Role", "permissions": ["flag.read"]});
    let role = create("roles", role).await;
    let account = create("service-accounts", json!({"name": "Robot"})).await;
    let holder = json!({"kind": "team", "id": team});
    let grant = create("grants", json!({"holder": holder, "role": role})).await;
    let token = create("tokens", json!({"name": "Token", "role": "viewer"})).await;
    let email = format!("guest@{organization}.example");
    let invitation = json!({"email": email, "role": "viewer", "delivery": "link"});
    let invitation = create("invitations", invitation).await;
    let members = api.get(owner, &format!("{base}/members")).await;
    let member = members.body["items"][0]["user"]["id"].as_str().unwrap();
    BTreeMap::from([
        ("account", account),
        ("environment", key("environment")),
        ("flag", key("flag")),
        ("grant", grant),
        ("invitation", invitation),
        ("key", sdk_key),
        ("member", member.to_owned()),
        ("project", project),
        ("role", role),
        ("segment", key("segment")),
        ("team", team),
        ("token", token),
    ])
}

/// The status, the body, and the statements that were run for it.
type Answered = (StatusCode, String, Vec<String>);

/// A path with its parameters filled in.
fn fill(template: &str, names: &Names) -> String {
    names
        .iter()
        .fold(template.to_owned(), |path, (name, value)| {
            path.replace(&format!("{{{name}}}"), value)
        })
}

/// Runs the walk in a process of its own, where no other test uses the database.
#[test]
fn what_belongs_to_another_organization_is_answered_as_what_nobody_has() {
    let test = std::env::current_exe().unwrap();
    let walked = Command::new(test)
        .args(["--exact", "walk_of_strangers::the_walk", "--ignored"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&walked.stdout);
    assert!(walked.status.success(), "{said}");
    assert!(said.contains("1 passed"), "{said}");
}

#[tokio::test]
#[ignore = "the other test runs it in a process of its own"]
async fn the_walk() {
    let statements = Statements::collect();
    let api = TestApi::silent().await;
    let acme = api.organization("acme", "ada@example.com").await;
    let other = api.organization("other", "eve@example.com").await;
    let owner = api.token(acme, BuiltIn::Owner).await;
    let theirs = furnish(&api, &owner, "acme").await;
    let owner = api.token(other, BuiltIn::Owner).await;
    let own = furnish(&api, &owner, "other").await;
    let eve = api.sign_in("eve@example.com").await;
    // Notes what it notes once in a while.
    api.get(&eve, "/organizations/other").await;

    let (mut walked, mut wrong) = (0, Vec::new());
    for (method, template, operation) in api.contract.operations() {
        let id = operation["operationId"].as_str().unwrap();
        let template = template.trim_start_matches(crate::PREFIX);
        let Some(template) = template.strip_prefix("/organizations/{org}/") else {
            continue;
        };
        for parameter in own.keys() {
            if !template.contains(&format!("{{{parameter}}}")) {
                continue;
            }
            walked += 1;
            let is_key = matches!(*parameter, "environment" | "flag" | "project" | "segment");
            let absent = if is_key { ABSENT_KEY } else { ABSENT_ID };
            let mut answers: Vec<Answered> = Vec::new();
            for name in [theirs[parameter].as_str(), absent] {
                let mut names = own.clone();
                names.insert(*parameter, name.to_owned());
                let path = fill(template, &names) + &required_query(operation);
                let path = format!("/organizations/other/{path}");
                let call = api.call(&eve, method.clone(), &path);
                let call = if method.is_safe() {
                    call
                } else {
                    let body = example(&api, &method, &path).unwrap_or_else(|| json!({}));
                    call.header("if-match", "*").json(body)
                };
                statements.take();
                let answer = call.send().await;
                // Usage of a flag outlives the flag, so there the answer to any key is that nothing was recorded.
                let body = answer.body.to_string().replace(name, "…");
                answers.push((answer.status, body, statements.take()));
            }
            let [foreign, absent] = &answers[..] else {
                unreachable!("two requests are sent");
            };
            let expected = if OUTLIVES_ITS_FLAG.contains(&id) && *parameter == "flag" {
                StatusCode::OK
            } else {
                StatusCode::NOT_FOUND
            };
            if foreign.0 != expected || foreign != absent {
                let only = |one: &Answered, other: &Answered| {
                    let statements = one.2.iter().filter(|sql| !other.2.contains(sql));
                    statements.cloned().collect::<Vec<_>>()
                };
                wrong.push(format!(
                    "{id} with {parameter}: {} {} and only {:#?}; what nobody has: {} {} and only {:#?}",
                    foreign.0,
                    foreign.1,
                    only(foreign, absent),
                    absent.0,
                    absent.1,
                    only(absent, foreign),
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(walked > 60, "{walked}");
}
