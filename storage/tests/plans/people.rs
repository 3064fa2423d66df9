//! People and their access: members, teams, roles, grants and tokens.

use peekaboo_policy::{BuiltIn, Permission, PermissionSet, Scope};
use peekaboo_storage::{
    GrantFilter, Grantee, NewApiToken, NewGrant, NewPrincipal, NewRole, NewTokenBearer, Page,
    PrincipalPatch, RoleChoice, RolePatch, SecretHash, Storage, TokensOf, UserId,
};
use time::Duration;

use crate::ask;
use crate::harness::{NOW, Shop, by};
use crate::plans::Plans;

/// Somebody of whom the filled tables have rows.
async fn somebody(storage: &Storage, email: &str) -> UserId {
    let found = storage.user_by_email(email).await.expect("read");
    found.expect("there").id
}

/// Accounts and sessions.
pub(crate) async fn accounts(plans: &mut Plans, storage: &Storage, shop: &Shop) {
    let (owner, week, hash) = (shop.owner.id, Duration::days(7), SecretHash::of("secret"));
    let user = somebody(storage, "user-1@example.com").await;
    ask!(plans, storage.setup_required());
    ask!(plans, storage.user(owner));
    ask!(plans, storage.user_by_email("user-1@example.com"));
    ask!(plans, storage.rename_user(user, "U", NOW));
    ask!(plans, storage.set_password_hash(user, "h", NOW));
    ask!(plans, storage.create_session(user, NOW, week));
    ask!(plans, storage.session(hash, NOW, week));
    ask!(plans, storage.delete_session(hash));
    ask!(plans, storage.delete_sessions(user, None));
    ask!(plans, storage.memberships(user));
}

/// Members, and what they may do.
pub(crate) async fn members(plans: &mut Plans, storage: &Storage, shop: &Shop) {
    let (id, owner, page, by) = (shop.id(), shop.owner.id, Page::first(50), by());
    let user = somebody(storage, "user-1@example.com").await;
    let scope = Scope::Organization;
    ask!(plans, storage.members(id, &page));
    ask!(plans, storage.member(id, owner));
    ask!(plans, storage.role(id, owner));
    ask!(plans, storage.access_of_member(id, owner));
    ask!(
        plans,
        storage.who_can_give(id, Permission::ALL[0], &scope, 5)
    );
    ask!(plans, storage.add_member(id, user, BuiltIn::Viewer, &by));
    ask!(plans, storage.set_role(id, user, BuiltIn::Editor, &by));
    ask!(plans, storage.transfer_ownership(id, user, &by));
    ask!(plans, storage.remove_member(id, owner, &by));
    ask!(plans, storage.rename_organization(id, "A", None, &by));
}

/// Teams, roles, service accounts, grants and tokens.
pub(crate) async fn access(plans: &mut Plans, storage: &Storage, shop: &Shop) {
    let (id, page, by) = (shop.id(), Page::first(50), by());
    let user = somebody(storage, "user-2@example.com").await;
    let new = || NewPrincipal {
        name: "Added".to_owned(),
        description: String::new(),
    };
    let patch = || PrincipalPatch {
        name: Some("Renamed".to_owned()),
        ..PrincipalPatch::default()
    };

    ask!(plans, storage.create_team(id, new(), &by));
    let team = storage.teams(id, &page).await.expect("read").items[0].0.id;
    ask!(plans, storage.teams(id, &page));
    ask!(plans, storage.team(id, team));
    ask!(plans, storage.update_team(id, team, patch(), None, &by));
    ask!(plans, storage.add_team_member(id, team, user, &by));
    ask!(plans, storage.team_members(id, team, &page));
    ask!(plans, storage.remove_team_member(id, team, user, &by));

    ask!(plans, storage.create_service_account(id, new(), &by));
    let accounts = storage.service_accounts(id, &page).await.expect("read");
    let account = accounts.items[0].0.id;
    ask!(plans, storage.service_accounts(id, &page));
    ask!(plans, storage.service_account(id, account));
    ask!(
        plans,
        storage.update_service_account(id, account, patch(), None, &by)
    );

    let role = NewRole {
        name: "Added".to_owned(),
        description: String::new(),
        permissions: PermissionSet::EMPTY,
    };
    ask!(plans, storage.create_role(id, role, &by));
    let role = storage.roles(id, &page).await.expect("read").items[0].id;
    ask!(plans, storage.roles(id, &page));
    ask!(plans, storage.custom_role(id, role));
    ask!(
        plans,
        storage.update_role(id, role, RolePatch::default(), None, &by)
    );

    let grant = NewGrant {
        grantee: Grantee::Team(team),
        role: RoleChoice::Custom(role),
        scope: Scope::Organization,
    };
    ask!(plans, storage.create_grant(id, grant, &by));
    let of_team = || GrantFilter {
        grantee: Some(Grantee::Team(team)),
    };
    let grants = storage.grants(id, of_team(), &page).await.expect("read");
    ask!(plans, storage.grants(id, GrantFilter::default(), &page));
    ask!(plans, storage.grants(id, of_team(), &page));
    ask!(plans, storage.delete_grant(id, grants.items[0].id, &by));

    let token = NewApiToken {
        name: "T".to_owned(),
        bearer: NewTokenBearer::ServiceAccount(account),
        expires_at: None,
    };
    ask!(plans, storage.create_api_token(id, token, &by));
    for of in [
        TokensOf::ServiceAccounts,
        TokensOf::ServiceAccount(account),
        TokensOf::Member(user),
    ] {
        ask!(plans, storage.api_tokens(id, of, &page));
    }
    let tokens = storage
        .api_tokens(id, TokensOf::ServiceAccounts, &page)
        .await;
    let token = tokens.expect("read").items[0].id;
    ask!(plans, storage.find_api_token(SecretHash::of("secret"), NOW));
    ask!(plans, storage.revoke_api_token(id, token, &by));

    ask!(plans, storage.delete_team(id, team, &by));
    ask!(plans, storage.delete_service_account(id, account, &by));
    ask!(plans, storage.delete_role(id, role, &by));
}
