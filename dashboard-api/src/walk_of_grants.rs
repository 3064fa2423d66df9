//! Every operation, asked with every built-in role and with the needed permission alone, on every kind of scope: each
//! answer is what the table of permissions says.

use axum::http::StatusCode;
use peekaboo_policy::{
    BuiltIn, Grant, Permission, PermissionSet, Refusal, Scope, ScopeKind, require,
};
use peekaboo_storage::{
    Attribution, GrantFilter, GrantId, Grantee, NewApiToken, NewGrant, NewPrincipal, NewRole,
    NewTokenBearer, Page, RoleChoice, ServiceAccountId,
};

use crate::harness::{Caller, TestApi};
use crate::walks::{ANY_MEMBER, Operation, operations};

/// A machine whose one grant is exchanged between requests.
struct Machine<'a> {
    api: &'a TestApi,
    account: ServiceAccountId,
    caller: Caller,
    given: Option<GrantId>,
    by: Attribution,
}

impl<'a> Machine<'a> {
    async fn new(api: &'a TestApi) -> Self {
        let (acme, by) = (api.acme_id().await, Attribution::system("test", api.now()));
        let new = NewPrincipal {
            name: "machine".to_owned(),
            description: String::new(),
        };
        let account = api.storage.create_service_account(acme, new, &by).await;
        let account = account.unwrap().id;
        let token = NewApiToken {
            name: "token".to_owned(),
            bearer: NewTokenBearer::ServiceAccount(account),
            expires_at: None,
        };
        let made = api.storage.create_api_token(acme, token, &by).await;
        Self {
            api,
            account,
            caller: Caller::Token(made.unwrap().1.expose().to_owned()),
            given: None,
            by,
        }
    }

    /// Has this role on this scope, and nothing else.
    async fn has(&mut self, role: RoleChoice, scope: &Scope) {
        let (storage, acme) = (&self.api.storage, self.api.acme_id().await);
        if let Some(given) = self.given.take() {
            storage.delete_grant(acme, given, &self.by).await.unwrap();
        }
        let new = NewGrant {
            grantee: Grantee::ServiceAccount(self.account),
            role,
            scope: scope.clone(),
        };
        let given = storage.create_grant(acme, new, &self.by).await.unwrap();
        self.given = Some(given.id);
    }
}

/// The organization `acme` with the projects `shop` and `app`.
async fn world() -> TestApi {
    let (api, owner) = TestApi::with_shop().await;
    let path = "/organizations/acme/projects";
    api.call(&owner, axum::http::Method::POST, path)
        .json(serde_json::json!({"key": "app", "name": "App"}))
        .expect(StatusCode::CREATED)
        .await;
    api
}

fn scopes() -> [Scope; 5] {
    [
        Scope::Organization,
        Scope::project("shop"),
        Scope::project("app"),
        Scope::environment("shop", "production"),
        Scope::environment("shop", "development"),
    ]
}

/// Where an operation takes place: as its path says, as far as its permission is decided there.
fn place(operation: &Operation, needed: Permission) -> Scope {
    let in_project = operation.path.contains("/projects/shop");
    let in_environment = operation.path.contains("/environments/production");
    match needed.scope() {
        ScopeKind::Environment if in_environment => Scope::environment("shop", "production"),
        ScopeKind::Environment | ScopeKind::Project if in_project => Scope::project("shop"),
        _ => Scope::Organization,
    }
}

/// What the table says of an operation for somebody with one grant.
fn expected(operation: &Operation, needed: Permission, grant: &Grant) -> Result<(), Refusal> {
    let place = place(operation, needed);
    let anywhere = place == Scope::Organization && needed.scope() != ScopeKind::Organization;
    let held = grant.permissions.effective_on(grant.scope.kind());
    if anywhere && held.has(needed) {
        return Ok(());
    }
    require(std::slice::from_ref(grant), needed, &place)
}

/// Asks an operation, and compares its answer with the table's.
async fn ask(machine: &Machine<'_>, operation: &Operation, grant: &Grant) -> Option<String> {
    let needed = operation.permission?;
    let answer = operation.call(machine.api, &machine.caller).send().await;
    let detail = answer.body["detail"].as_str().unwrap_or_default();
    let right = match expected(operation, needed, grant) {
        // What comes next may refuse for another reason: the thing is missing, the body is empty, more is needed.
        Ok(()) => !detail.contains(needed.words()) && answer.status != StatusCode::UNAUTHORIZED,
        Err(refusal @ (Refusal::HiddenProject | Refusal::HiddenEnvironment)) => {
            answer.status == StatusCode::NOT_FOUND
                && detail == crate::problem::Problem::refused(&refusal).detail
        }
        Err(refusal) => answer.status == StatusCode::FORBIDDEN && detail == refusal.to_string(),
    };
    let Operation { id, .. } = operation;
    let status = answer.status;
    (!right).then(|| format!("{id} with {grant:?} answers {status} {detail}"))
}

/// The operations that ask for a permission, but for one that would end the walk.
fn asked(api: &TestApi) -> Vec<Operation> {
    let mut operations = operations(api, "acme");
    operations.retain(|operation| {
        operation.in_organization()
            && !["deleteProject", "deleteOrganization"].contains(&operation.id.as_str())
            // For people only.
            && operation.id != "transferOwnership"
            && !ANY_MEMBER.contains(&operation.id.as_str())
    });
    operations
}

#[tokio::test]
async fn a_built_in_role_on_a_scope_allows_what_the_table_says() {
    let api = world().await;
    let mut machine = Machine::new(&api).await;
    let (mut walked, mut wrong) = (0, Vec::new());
    for role in BuiltIn::ALL {
        for scope in scopes() {
            machine.has(RoleChoice::BuiltIn(*role), &scope).await;
            let grant = Grant::built_in(*role, scope);
            for operation in asked(&api) {
                // What is deleted here would be missing later.
                if ["deleteEnvironment"].contains(&operation.id.as_str()) {
                    continue;
                }
                walked += 1;
                wrong.extend(ask(&machine, &operation, &grant).await);
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert!(walked > 1_000, "{walked}");
}

#[tokio::test]
async fn the_needed_permission_alone_allows_an_operation_and_all_others_do_not() {
    let api = world().await;
    let acme = api.acme_id().await;
    let mut machine = Machine::new(&api).await;
    let custom: PermissionSet = Permission::ALL
        .iter()
        .copied()
        .filter(|permission| permission.in_custom_roles())
        .collect();
    let (mut walked, mut wrong) = (0, Vec::new());
    for operation in asked(&api) {
        let needed = operation.permission.expect("a permission");
        if !needed.in_custom_roles() || operation.id == "deleteEnvironment" {
            continue;
        }
        let alone = PermissionSet::EMPTY.with(needed);
        for (name, permissions) in [("alone", alone), ("others", custom.minus(alone))] {
            let role = NewRole {
                name: format!("{} {name}", operation.id),
                description: String::new(),
                permissions,
            };
            let role = api.storage.create_role(acme, role, &machine.by).await;
            let role = role.unwrap();
            for scope in scopes() {
                machine.has(RoleChoice::Custom(role.id), &scope).await;
                let grant = Grant { permissions, scope };
                walked += 1;
                wrong.extend(ask(&machine, &operation, &grant).await);
            }
            // The role may go once nobody has it.
            let viewer = RoleChoice::BuiltIn(BuiltIn::Viewer);
            machine.has(viewer, &Scope::Organization).await;
            api.storage
                .delete_role(acme, role.id, &machine.by)
                .await
                .unwrap();
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert!(walked > 400, "{walked}");
}

#[tokio::test]
async fn lists_show_only_what_was_granted() {
    let api = world().await;
    let acme = api.acme_id().await;
    let owner = api.acme(BuiltIn::Owner).await;
    api.flag(&owner, "checkout").await;
    api.toggle(&owner, "checkout", "production", true).await;
    let mut machine = Machine::new(&api).await;
    let development = Scope::environment("shop", "development");
    machine
        .has(RoleChoice::BuiltIn(BuiltIn::Editor), &development)
        .await;
    let get = async |path: &str| {
        let path = format!("/organizations/acme{path}");
        api.get(&machine.caller, &path).await
    };
    let projects = get("/projects").await;
    assert_eq!(projects.each("key"), ["shop"]);
    let environments = get("/projects/shop/environments").await;
    assert_eq!(environments.each("key"), ["development"]);
    for path in [
        "/projects",
        "/projects/shop",
        "/projects/shop/flags",
        "/projects/shop/flags/checkout",
        "/projects/shop/environments",
        "/audit",
    ] {
        let shown = get(path).await.body.to_string();
        for production in ["\"production\":{", ":\"production\""] {
            assert!(!shown.contains(production), "{path}: {shown}");
        }
        assert!(!shown.contains("\"app\""), "{path}: {shown}");
        assert!(!shown.contains("grant."), "{path}: {shown}");
    }
    let audit = get("/audit").await;
    assert!(audit.body.to_string().contains("flag.created"));
    // A page that ends at a hidden project would name it in its cursor.
    let page = get("/projects?limit=1").await;
    assert!(page.body["nextCursor"].is_null());
    let held = api
        .storage
        .grants(
            acme,
            GrantFilter {
                grantee: Some(Grantee::ServiceAccount(machine.account)),
            },
            &Page::first(10),
        )
        .await
        .unwrap();
    assert_eq!(held.items.len(), 1, "all of this with one grant");
}
