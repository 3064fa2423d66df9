//! Everything that people do leaves an entry in the audit log, or stands in a list with the reason why not.

use axum::http::{Method, StatusCode};
use peekaboo_policy::BuiltIn;
use peekaboo_storage::OsEntropy;
use serde_json::{Value, json};
use time::Duration;

use crate::auth::ensure_setup_code;
use crate::harness::{Caller, PASSWORD, TestApi};
use crate::walks::operations;

const NEW_PASSWORD: &str = "incorrect horse staple";

/// The operations that leave no entry, and why that is right.
const UNRECORDED: &[(&str, &str)] = &[
    (
        "evaluate",
        "changes nothing: it is a POST because it has a body",
    ),
    (
        "lookAtInvitation",
        "changes nothing: it is a POST because a secret is no part of an address",
    ),
    (
        "updateAccount",
        "a person's name and time zone decide nothing; entries keep the name of their time",
    ),
    (
        "requestEmailChange",
        "changes nothing until it is confirmed, which is recorded; the present address gets a notice",
    ),
    (
        "beginSecondFactor",
        "changes nothing until it is confirmed, which is recorded",
    ),
    (
        "signOut",
        "ends only the session of the person who asks for it",
    ),
    (
        "requestPasswordReset",
        "answers alike whether or not there is such a person; the entry is written with the mail",
    ),
];

/// A request that succeeds, and what it is recorded as.
struct Act {
    caller: Caller,
    method: Method,
    path: String,
    body: Option<Value>,
    recorded: &'static str,
}

impl Act {
    fn new(
        caller: &Caller,
        method: Method,
        path: impl Into<String>,
        recorded: &'static str,
    ) -> Self {
        Self {
            caller: caller.clone(),
            method,
            path: path.into(),
            body: None,
            recorded,
        }
    }

    fn post(caller: &Caller, path: impl Into<String>, body: Value, recorded: &'static str) -> Self {
        Self::new(caller, Method::POST, path, recorded).with(body)
    }

    fn patch(
        caller: &Caller,
        path: impl Into<String>,
        body: Value,
        recorded: &'static str,
    ) -> Self {
        Self::new(caller, Method::PATCH, path, recorded).with(body)
    }

    fn delete(caller: &Caller, path: impl Into<String>, recorded: &'static str) -> Self {
        Self::new(caller, Method::DELETE, path, recorded)
    }

    fn with(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }
}

/// `acme` with its owner Ada, who runs the hub, the member Grace, and something of everything.
struct World {
    api: TestApi,
    ada: Caller,
    grace: Caller,
}

impl World {
    async fn new() -> Self {
        let (api, _) = TestApi::with_shop().await;
        api.operator("ada@example.com").await;
        let acme = api.acme_id().await;
        let grace = api.member(acme, "grace@example.com", BuiltIn::Admin).await;
        let ada = api.sign_in("ada@example.com").await;
        Self { api, ada, grace }
    }

    /// Creates something and returns the answer.
    async fn made(&self, path: &str, body: Value) -> Value {
        let call = self.api.call(&self.ada, Method::POST, path).json(body);
        call.expect(StatusCode::CREATED).await.body
    }

    async fn id(&self, path: &str, body: Value) -> String {
        text(&self.made(path, body).await["id"])
    }

    async fn user(&self, email: &str) -> String {
        let user = self.api.storage.user_by_email(email).await.unwrap();
        user.unwrap().id.to_string()
    }

    async fn team(&self) -> String {
        self.id("/organizations/acme/teams", json!({"name": "Checkout"}))
            .await
    }

    async fn role(&self) -> String {
        let body = json!({"name": "Toggler", "permissions": ["environment.read", "flag.toggle"]});
        self.id("/organizations/acme/roles", body).await
    }

    async fn account(&self) -> String {
        let path = "/organizations/acme/service-accounts";
        self.id(path, json!({"name": "Terraform"})).await
    }

    async fn invitation(&self) -> Value {
        let body = json!({"email": "mary@example.com", "role": "viewer", "delivery": "link"});
        self.made("/organizations/acme/invitations", body).await
    }

    /// Begins to set up somebody's second factor; returns its secret.
    async fn begin_factor(&self, caller: &Caller) -> String {
        let request = self
            .api
            .call(caller, Method::POST, "/account/second-factor");
        let begun = request.json(json!({"password": PASSWORD}));
        text(&begun.expect(StatusCode::CREATED).await.body["secret"])
    }

    /// Turns on the second factor of somebody; returns the next code.
    async fn protect(&self, caller: &Caller) -> String {
        let secret = self.begin_factor(caller).await;
        let path = "/account/second-factor/confirm";
        let confirm = self.api.call(caller, Method::POST, path);
        let confirm = confirm.json(json!({"code": self.api.code(&secret)}));
        confirm.expect(StatusCode::OK).await;
        self.api.clock.advance(Duration::seconds(30));
        self.api.code(&secret)
    }

    /// What an operation needs to succeed is made, and then it.
    #[expect(clippy::too_many_lines, reason = "a table: an arm an operation")]
    async fn act(&self, operation: &str) -> Act {
        let (api, ada, grace) = (&self.api, &self.ada, &self.grace);
        let acme = "/organizations/acme";
        let shop = "/organizations/acme/projects/shop";
        let production = "/organizations/acme/projects/shop/environments/production";
        let checkout = format!("{shop}/flags/checkout");
        let targeting = format!("{checkout}/environments/production");
        let beta = format!("{shop}/segments/beta");
        if matches!(operation, "updateFlag" | "deleteFlag") || operation.ends_with("Targeting") {
            api.flag(ada, "checkout").await;
        }
        if matches!(operation, "deleteSegment" | "replaceSegment")
            || operation.starts_with("updateSegment")
        {
            self.made(&format!("{shop}/segments"), json!({"key": "beta"}))
                .await;
        }
        match operation {
            "createOrganization" => Act::post(
                ada,
                "/organizations",
                json!({"key": "other", "name": "Other"}),
                "organization.created",
            ),
            "updateOrganization" => Act::patch(
                ada,
                acme,
                json!({"name": "Acme Ltd"}),
                "organization.updated",
            ),
            "deleteOrganization" => Act::delete(ada, acme, "organization.deleted"),
            "updateSecurity" => {
                self.protect(ada).await;
                let body = json!({"requiresSecondFactor": true});
                Act::patch(
                    ada,
                    format!("{acme}/security"),
                    body,
                    "organization.securityUpdated",
                )
            }
            "erasePerson" => {
                let body = json!({"targetingKey": "user-42"});
                Act::post(
                    ada,
                    format!("{acme}/erasures"),
                    body,
                    "organization.personErased",
                )
            }
            "downloadOrganization" => Act::new(
                ada,
                Method::GET,
                format!("{acme}/export"),
                "organization.exported",
            ),
            "exportAudit" => Act::new(
                ada,
                Method::GET,
                format!("{acme}/audit/export"),
                "audit.exported",
            ),
            "updateOperatedOrganization" | "deleteOperatedOrganization" => {
                let path = format!("/operator/organizations/{}", api.acme_id().await);
                if operation == "deleteOperatedOrganization" {
                    return Act::delete(ada, path, "organization.deleted");
                }
                Act::patch(
                    ada,
                    path,
                    json!({"suspended": true}),
                    "organization.suspended",
                )
            }
            "createPasswordReset" => {
                let body = json!({"email": "grace@example.com", "clearSecondFactor": false});
                Act::post(
                    ada,
                    "/operator/password-resets",
                    body,
                    "member.resetRequested",
                )
            }
            "resetPassword" => {
                let body = json!({"email": "grace@example.com", "clearSecondFactor": false});
                let link = self.made("/operator/password-resets", body).await;
                let body = json!({"secret": secret_of(&link), "password": NEW_PASSWORD});
                Act::post(
                    &Caller::Nobody,
                    "/password-resets/complete",
                    body,
                    "member.passwordReset",
                )
            }
            "signIn" => {
                let body = json!({"email": "grace@example.com", "password": PASSWORD});
                Act::post(&Caller::Nobody, "/session", body, "member.signedIn")
            }
            "changePassword" => {
                let body = json!({"password": PASSWORD, "newPassword": NEW_PASSWORD});
                Act::post(grace, "/account/password", body, "member.passwordChanged")
            }
            "confirmEmailChange" => {
                let body = json!({"email": "hopper@example.com", "password": PASSWORD});
                let call = api.call(grace, Method::POST, "/account/email").json(body);
                assert!(call.send().await.status.is_success());
                let secret = api.mailed_secret("hopper@example.com").await.unwrap();
                Act::post(
                    grace,
                    "/account/email/confirm",
                    json!({"secret": secret}),
                    "member.emailChanged",
                )
            }
            "confirmSecondFactor" => {
                let secret = self.begin_factor(grace).await;
                let body = json!({"code": api.code(&secret)});
                Act::post(
                    grace,
                    "/account/second-factor/confirm",
                    body,
                    "member.secondFactorEnabled",
                )
            }
            "removeSecondFactor" | "replaceRecoveryCodes" => {
                let code = self.protect(grace).await;
                let body = json!({"password": PASSWORD, "code": code});
                if operation == "removeSecondFactor" {
                    let path = "/account/second-factor/remove";
                    return Act::post(grace, path, body, "member.secondFactorDisabled");
                }
                let path = "/account/second-factor/recovery-codes";
                Act::post(grace, path, body, "member.recoveryCodesReplaced")
            }
            "endOtherSessions" => {
                api.sign_in("grace@example.com").await;
                Act::delete(grace, "/account/sessions", "member.sessionsEnded")
            }
            "endSession" => {
                api.sign_in("grace@example.com").await;
                let listed = api.get(grace, "/account/sessions").await.body;
                let other = listed["items"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .find(|session| session["current"] == false);
                let path = format!("/account/sessions/{}", text(&other.unwrap()["id"]));
                Act::delete(grace, path, "member.sessionsEnded")
            }
            "createInvitation" => {
                let body =
                    json!({"email": "mary@example.com", "role": "viewer", "delivery": "link"});
                Act::post(ada, format!("{acme}/invitations"), body, "member.invited")
            }
            "resendInvitation" | "revokeInvitation" => {
                let invitation = self.invitation().await;
                let path = format!("{acme}/invitations/{}", text(&invitation["id"]));
                if operation == "revokeInvitation" {
                    return Act::delete(ada, path, "member.invitationRevoked");
                }
                Act::post(
                    ada,
                    format!("{path}/resend"),
                    json!({"delivery": "link"}),
                    "member.invitedAgain",
                )
            }
            "acceptInvitation" => {
                let secret = secret_of(&self.invitation().await);
                let account = json!({"name": "Mary", "password": PASSWORD});
                let body = json!({"secret": secret, "account": account});
                Act::post(
                    &Caller::Nobody,
                    "/invitations/accept",
                    body,
                    "member.joined",
                )
            }
            "updateMember" | "removeMember" => {
                let path = format!("{acme}/members/{}", self.user("grace@example.com").await);
                if operation == "removeMember" {
                    return Act::delete(ada, path, "member.removed");
                }
                Act::patch(ada, path, json!({"role": "viewer"}), "member.updated")
            }
            "leaveOrganization" => {
                Act::delete(grace, format!("{acme}/membership"), "member.removed")
            }
            "transferOwnership" => {
                let to = self.user("grace@example.com").await;
                Act::post(
                    ada,
                    format!("{acme}/ownership"),
                    json!({"to": to}),
                    "member.updated",
                )
            }
            "createGrant" => {
                let holder = json!({"kind": "member", "id": self.user("grace@example.com").await});
                let body =
                    json!({"holder": holder, "role": "editor", "scope": {"project": "shop"}});
                Act::post(ada, format!("{acme}/grants"), body, "grant.created")
            }
            "deleteGrant" => {
                let holder = json!({"kind": "member", "id": self.user("grace@example.com").await});
                let body =
                    json!({"holder": holder, "role": "editor", "scope": {"project": "shop"}});
                let grant = self.id(&format!("{acme}/grants"), body).await;
                Act::delete(ada, format!("{acme}/grants/{grant}"), "grant.deleted")
            }
            "createTeam" => Act::post(
                ada,
                format!("{acme}/teams"),
                json!({"name": "Checkout"}),
                "team.created",
            ),
            "updateTeam" => {
                let path = format!("{acme}/teams/{}", self.team().await);
                Act::patch(ada, path, json!({"name": "Payment"}), "team.updated")
            }
            "deleteTeam" => Act::delete(
                ada,
                format!("{acme}/teams/{}", self.team().await),
                "team.deleted",
            ),
            "addTeamMember" | "removeTeamMember" => {
                let (team, member) = (self.team().await, self.user("grace@example.com").await);
                let path = format!("{acme}/teams/{team}/members/{member}");
                if operation == "addTeamMember" {
                    return Act::new(ada, Method::PUT, path, "team.memberAdded");
                }
                let added = api.call(ada, Method::PUT, &path).send().await;
                assert!(added.status.is_success(), "{}", added.body);
                Act::delete(ada, path, "team.memberRemoved")
            }
            "createRole" => {
                let body =
                    json!({"name": "Toggler", "permissions": ["environment.read", "flag.toggle"]});
                Act::post(ada, format!("{acme}/roles"), body, "role.created")
            }
            "updateRole" => {
                let path = format!("{acme}/roles/{}", self.role().await);
                Act::patch(ada, path, json!({"name": "Switcher"}), "role.updated")
            }
            "deleteRole" => Act::delete(
                ada,
                format!("{acme}/roles/{}", self.role().await),
                "role.deleted",
            ),
            "createServiceAccount" => {
                let body = json!({"name": "Terraform"});
                Act::post(
                    ada,
                    format!("{acme}/service-accounts"),
                    body,
                    "serviceAccount.created",
                )
            }
            "updateServiceAccount" => {
                let path = format!("{acme}/service-accounts/{}", self.account().await);
                Act::patch(
                    ada,
                    path,
                    json!({"name": "OpenTofu"}),
                    "serviceAccount.updated",
                )
            }
            "deleteServiceAccount" => {
                let path = format!("{acme}/service-accounts/{}", self.account().await);
                Act::delete(ada, path, "serviceAccount.deleted")
            }
            "createServiceAccountToken" => {
                let path = format!("{acme}/service-accounts/{}/tokens", self.account().await);
                Act::post(ada, path, json!({"name": "blue"}), "token.created")
            }
            "createToken" => {
                let body = json!({"name": "terraform", "role": "viewer"});
                Act::post(ada, format!("{acme}/tokens"), body, "token.created")
            }
            "revokeToken" => {
                let body = json!({"name": "terraform", "role": "viewer"});
                let token = self.id(&format!("{acme}/tokens"), body).await;
                Act::delete(ada, format!("{acme}/tokens/{token}"), "token.revoked")
            }
            "createPersonalToken" => {
                let body = json!({"name": "laptop"});
                Act::post(
                    ada,
                    format!("{acme}/personal-tokens"),
                    body,
                    "token.created",
                )
            }
            "revokePersonalToken" => {
                let path = format!("{acme}/personal-tokens");
                let token = self.id(&path, json!({"name": "laptop"})).await;
                Act::delete(ada, format!("{path}/{token}"), "token.revoked")
            }
            "createProject" => {
                let body = json!({"key": "app", "name": "App"});
                Act::post(ada, format!("{acme}/projects"), body, "project.created")
            }
            "updateProject" => Act::patch(
                ada,
                shop,
                json!({"description": "Pages"}),
                "project.updated",
            ),
            "deleteProject" => Act::delete(ada, shop, "project.deleted"),
            "createEnvironment" => {
                let body = json!({"key": "qa", "name": "QA"});
                Act::post(
                    ada,
                    format!("{shop}/environments"),
                    body,
                    "environment.created",
                )
            }
            "updateEnvironment" => Act::patch(
                ada,
                production,
                json!({"name": "Live"}),
                "environment.updated",
            ),
            "deleteEnvironment" => Act::delete(ada, production, "environment.deleted"),
            "createKey" => {
                let body = json!({"kind": "server", "name": "spare"});
                Act::post(ada, format!("{production}/keys"), body, "key.created")
            }
            "updateKey" | "rotateKey" | "revokeKey" => {
                let keys = format!("{production}/keys");
                let key = self
                    .id(&keys, json!({"kind": "server", "name": "spare"}))
                    .await;
                let path = format!("{keys}/{key}");
                match operation {
                    "updateKey" => Act::patch(ada, path, json!({"name": "main"}), "key.updated"),
                    "rotateKey" => Act::post(
                        ada,
                        format!("{path}/rotate"),
                        json!({"graceSeconds": 0}),
                        "key.rotated",
                    ),
                    _ => Act::delete(ada, path, "key.revoked"),
                }
            }
            "createFlag" => {
                let body = json!({"key": "search", "type": "boolean"});
                Act::post(ada, format!("{shop}/flags"), body, "flag.created")
            }
            "updateFlag" => Act::patch(ada, checkout, json!({"name": "Checkout"}), "flag.updated"),
            "deleteFlag" => {
                let archived = api
                    .call(ada, Method::PATCH, &checkout)
                    .json(json!({"archived": true}));
                archived.expect(StatusCode::OK).await;
                Act::delete(ada, checkout, "flag.deleted")
            }
            "updateTargeting" => Act::patch(
                ada,
                targeting,
                json!({"enabled": true}),
                "targeting.updated",
            ),
            "replaceTargeting" => {
                let body = json!({
                    "enabled": true, "offVariation": "off", "prerequisites": [], "targets": [], "rules": [],
                    "fallthrough": {"variation": "on"}
                });
                Act::new(ada, Method::PUT, targeting, "targeting.updated").with(body)
            }
            "restoreTargeting" => {
                api.toggle(ada, "checkout", "production", true).await;
                let path = format!("{acme}/audit?action=targeting.updated");
                let entry = api.get(ada, &path).await.each("id")[0].clone();
                let body = json!({"entry": entry, "state": "before"});
                Act::post(
                    ada,
                    format!("{targeting}/restore"),
                    body,
                    "targeting.restored",
                )
            }
            "createSegment" => Act::post(
                ada,
                format!("{shop}/segments"),
                json!({"key": "insiders"}),
                "segment.created",
            ),
            "updateSegment" => Act::patch(
                ada,
                beta,
                json!({"included": ["user-1"]}),
                "segment.updated",
            ),
            "replaceSegment" => {
                let body = json!({"name": "Beta", "included": ["user-1"], "excluded": []});
                Act::new(ada, Method::PUT, beta, "segment.updated").with(body)
            }
            "updateSegmentMembers" => {
                let body = json!({"included": {"add": ["user-1"]}});
                Act::patch(ada, format!("{beta}/members"), body, "segment.updated")
            }
            "deleteSegment" => Act::delete(ada, beta, "segment.deleted"),
            other => panic!(
                "{other} is new: say here what it is recorded as, or in UNRECORDED why it is not"
            ),
        }
    }

    /// The actions that an organization's log has, oldest first, of deleted organizations too.
    async fn recorded(&self) -> Vec<(String, bool)> {
        let mut found = Vec::new();
        for trail in self.api.storage.audit_trails().await.unwrap() {
            let entries = self.api.storage.audit_after(trail.organization, 0, 1_000);
            for entry in entries.await.unwrap() {
                let origin = entry.origin.unwrap_or_default();
                found.push((entry.action, origin.address.is_some()));
            }
        }
        found
    }
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is a text"))
        .to_owned()
}

/// The secret of a link that was answered.
fn secret_of(answer: &Value) -> String {
    text(&answer["link"]).split_once('#').unwrap().1.to_owned()
}

#[tokio::test]
async fn every_act_is_recorded_with_where_it_came_from_or_says_why_not() {
    let mut unrecorded: Vec<_> = UNRECORDED.iter().map(|(id, _)| *id).collect();
    let mut wrong = Vec::new();
    let mut walked = 0;
    for operation in operations(&TestApi::empty().await, "acme") {
        let id = operation.id.as_str();
        let exports = ["exportAudit", "downloadOrganization"].contains(&id);
        // There is nobody before the setup, which has a test of its own below.
        if (operation.method.is_safe() && !exports) || id == "completeSetup" {
            continue;
        }
        if let Some(index) = unrecorded.iter().position(|listed| *listed == id) {
            unrecorded.swap_remove(index);
            continue;
        }
        walked += 1;
        let world = World::new().await;
        let act = world.act(id).await;
        let before = world.recorded().await;
        let call = world.api.call(&act.caller, act.method.clone(), &act.path);
        let call = if act.method.is_safe() {
            call
        } else {
            call.header("if-match", "*")
        };
        let call = match act.body {
            Some(body) => call.json(body),
            None => call,
        };
        let answer = call.send().await;
        let recorded = world.recorded().await;
        let added = recorded.len() - before.len();
        let entry = (act.recorded.to_owned(), true);
        let count =
            |entries: &[(String, bool)]| entries.iter().filter(|found| **found == entry).count();
        if !answer.status.is_success() {
            wrong.push(format!("{id}: {} {}", answer.status, answer.body));
        } else if count(&recorded) == count(&before) {
            wrong.push(format!(
                "{id}: of {added} new entries none is {entry:?}: {recorded:?}"
            ));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(
        unrecorded,
        Vec::<&str>::new(),
        "these operations do not exist"
    );
    assert!(walked > 55, "{walked}");
}

#[tokio::test]
async fn the_setup_is_recorded_in_the_organization_that_it_creates() {
    let api = TestApi::empty().await;
    let code = ensure_setup_code(&api.storage, &OsEntropy, api.now()).await;
    let code = code.unwrap().unwrap();
    let body = json!({
        "code": code.expose(), "email": "ada@example.com", "name": "Ada", "password": PASSWORD,
        "organization": {"name": "Acme"}
    });
    let setup = api.call(&Caller::Nobody, Method::POST, "/setup").json(body);
    let owner = setup.expect(StatusCode::CREATED).await.session();
    let listed = api.get(&owner, "/organizations/acme/audit").await;
    let actions = listed.each("action");
    assert_eq!(actions, ["member.signedIn", "organization.created"]);
}
