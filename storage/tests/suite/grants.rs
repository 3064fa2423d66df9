//! Grants: who may do what, asked where a change is made, and that nobody gives what they lack.

use peekaboo_policy::{BuiltIn, Permission, PermissionSet, Refusal, Scope};
use peekaboo_storage::{
    Actor, ActorKind, ApiToken, Attribution, Command, Entity, Error, GrantFilter, GrantRecord,
    Grantee, NewApiToken, NewGrant, NewPrincipal, NewRole, NewTokenBearer, NewUser, Page, Result,
    RoleChoice, RolePatch, Storage, TokensOf, User,
};

use crate::harness::{NOW, Shop, by, create_flag, key, on_both, toggle};

/// Somebody in the shop's organization, without any grant.
async fn newcomer(storage: &Storage, shop: &Shop, name: &str) -> User {
    let new = NewUser {
        email: format!("{name}@example.com"),
        name: name.to_owned(),
        password_hash: String::new(),
    };
    let user = storage.create_user(new, NOW).await.expect("created");
    storage
        .add_member(shop.id(), user.id, None, &by())
        .await
        .expect("added");
    user
}

fn as_user(user: &User) -> Attribution {
    Attribution::user(user.id, &user.name, NOW)
}

fn as_token(token: &ApiToken) -> Attribution {
    let actor = Actor {
        kind: ActorKind::Token,
        id: Some(token.id.as_uuid()),
        name: token.name.clone(),
    };
    Attribution { actor, ..by() }
}

async fn grant(
    storage: &Storage,
    shop: &Shop,
    grantee: Grantee,
    role: BuiltIn,
    scope: Scope,
    by: &Attribution,
) -> Result<GrantRecord> {
    let new = NewGrant {
        grantee,
        role: RoleChoice::BuiltIn(role),
        scope,
    };
    storage.create_grant(shop.id(), new, by).await
}

fn named(name: &str) -> NewPrincipal {
    NewPrincipal {
        name: name.to_owned(),
        description: String::new(),
    }
}

/// Refused, and not because something is hidden.
fn lacks<T: std::fmt::Debug>(outcome: &Result<T>) -> bool {
    let refused =
        |refusal: &Refusal| matches!(refusal, Refusal::Lacking { .. } | Refusal::Excess { .. });
    matches!(outcome, Err(Error::Refused(refusal)) if refused(refusal))
}

on_both! {
    async fn a_command_asks_for_grants_in_its_own_transaction(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        storage.execute(shop.id(), create_flag("checkout"), &by()).await.expect("created");
        let grace = newcomer(&storage, &shop, "grace").await;
        let me = Grantee::Member(grace.id);
        let attempt = async |environment| {
            storage.execute(shop.id(), toggle(environment, "checkout", true), &as_user(&grace)).await
        };
        let hidden = attempt("development").await;
        assert!(matches!(hidden, Err(Error::Refused(Refusal::HiddenProject))), "{hidden:?}");
        let development = Scope::environment("shop", "development");
        let given = grant(&storage, &shop, me, BuiltIn::Editor, development, &by()).await.expect("granted");
        attempt("development").await.expect("an editor there");
        let hidden = attempt("production").await;
        assert!(matches!(hidden, Err(Error::Refused(Refusal::HiddenEnvironment))), "{hidden:?}");
        grant(&storage, &shop, me, BuiltIn::Viewer, Scope::project("shop"), &by()).await.expect("granted");
        let refused = attempt("production").await;
        assert!(lacks(&refused), "{refused:?}");
        storage.delete_grant(shop.id(), given.id, &by()).await.expect("taken away");
        let refused = attempt("development").await;
        assert!(lacks(&refused), "{refused:?}");
    }

    async fn a_grant_ends_with_its_environment_and_does_not_pass_to_the_next_of_that_key(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let grace = newcomer(&storage, &shop, "grace").await;
        let staging = Scope::environment("shop", "staging");
        let me = Grantee::Member(grace.id);
        grant(&storage, &shop, me, BuiltIn::Editor, staging.clone(), &by()).await.expect("granted");
        let delete = Command::DeleteEnvironment { project: key("shop"), environment: key("staging"), expected_version: None };
        storage.execute(shop.id(), delete, &by()).await.expect("deleted");
        let environment = peekaboo_storage::NewEnvironment {
            key: key("staging"),
            name: "Staging".to_owned(),
            color: "#112233".to_owned(),
            production: false,
            position: None,
            copy_from: None,
        };
        let create = Command::CreateEnvironment { project: key("shop"), environment };
        storage.execute(shop.id(), create, &by()).await.expect("created again");
        let left = storage.access_of_member(shop.id(), grace.id).await.expect("read").expect("a member");
        assert_eq!(left, []);
        grant(&storage, &shop, me, BuiltIn::Viewer, staging, &by()).await.expect("granted");
        let delete = Command::DeleteProject { project: key("shop"), expected_version: None };
        storage.execute(shop.id(), delete, &by()).await.expect("deleted");
        let left = storage.access_of_member(shop.id(), grace.id).await.expect("read").expect("a member");
        assert_eq!(left, []);
    }

    async fn a_team_gives_its_members_what_it_has_while_they_are_in_it(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let grace = newcomer(&storage, &shop, "grace").await;
        let team = storage.create_team(shop.id(), named("Checkout"), &by()).await.expect("created");
        let taken = storage.create_team(shop.id(), named("CHECKOUT"), &by()).await;
        assert!(matches!(taken, Err(Error::AlreadyExists { what: Entity::Team, .. })), "{taken:?}");
        let shop_scope = Scope::project("shop");
        grant(&storage, &shop, Grantee::Team(team.id), BuiltIn::Editor, shop_scope, &by()).await.expect("granted");
        let create = async |flag| storage.execute(shop.id(), create_flag(flag), &as_user(&grace)).await;
        assert!(create("before").await.is_err());
        for _ in 0..2 {
            storage.add_team_member(shop.id(), team.id, grace.id, &by()).await.expect("once is enough");
        }
        create("while").await.expect("through the team");
        let member = storage.member(shop.id(), grace.id).await.expect("read").expect("there");
        assert_eq!(member.teams.iter().map(|team| team.name.as_str()).collect::<Vec<_>>(), ["Checkout"]);
        assert_eq!((member.role, member.grants), (None, Vec::new()), "nothing of her own");
        storage.remove_team_member(shop.id(), team.id, grace.id, &by()).await.expect("removed");
        assert!(create("after").await.is_err());
        storage.add_team_member(shop.id(), team.id, grace.id, &by()).await.expect("added");
        storage.delete_team(shop.id(), team.id, &by()).await.expect("deleted");
        assert!(create("later").await.is_err());
        assert_eq!(storage.teams(shop.id(), &Page::first(10)).await.expect("read").items, []);
    }

    async fn nobody_gives_or_takes_away_what_they_lack(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let (admin, other) = (newcomer(&storage, &shop, "admin").await, newcomer(&storage, &shop, "other").await);
        storage.set_role(shop.id(), admin.id, BuiltIn::Admin, &by()).await.expect("an admin");
        let me = &as_user(&admin);
        let (id, them) = (shop.id(), Grantee::Member(other.id));
        let owners = storage.create_team(id, named("Owners"), &by()).await.expect("created");
        grant(&storage, &shop, Grantee::Team(owners.id), BuiltIn::Owner, Scope::Organization, &by()).await.expect("granted");
        let machine = storage.create_service_account(id, named("robot"), &by()).await.expect("created");
        let machines = Grantee::ServiceAccount(machine.id);
        let given = grant(&storage, &shop, machines, BuiltIn::Owner, Scope::Organization, &by()).await.expect("granted");
        let token = |bearer| NewApiToken { name: "t".to_owned(), bearer, expires_at: None };

        assert!(lacks(&grant(&storage, &shop, them, BuiltIn::Owner, Scope::Organization, me).await));
        assert!(lacks(&storage.set_role(id, other.id, BuiltIn::Owner, me).await));
        assert!(lacks(&storage.set_role(id, shop.owner.id, BuiltIn::Viewer, me).await), "nor demotes an owner");
        assert!(lacks(&storage.remove_member(id, shop.owner.id, me).await), "nor removes one");
        assert!(lacks(&storage.add_team_member(id, owners.id, admin.id, me).await));
        assert!(lacks(&storage.delete_team(id, owners.id, me).await));
        assert!(lacks(&storage.delete_grant(id, given.id, me).await));
        assert!(lacks(&storage.delete_service_account(id, machine.id, me).await));
        assert!(lacks(&storage.create_api_token(id, token(NewTokenBearer::ServiceAccount(machine.id)), me).await));
        assert!(lacks(&storage.create_api_token(id, token(NewTokenBearer::everywhere(BuiltIn::Owner)), me).await));
        assert!(lacks(&storage.transfer_ownership(id, admin.id, me).await));
        assert!(storage.access_of_member(id, other.id).await.expect("read").expect("there").is_empty());

        storage.set_role(id, other.id, BuiltIn::Admin, me).await.expect("an admin makes admins");
        storage.create_api_token(id, token(NewTokenBearer::everywhere(BuiltIn::Admin)), me).await.expect("and tokens of admins");
        // A project's admin gives access to that project, and to nothing else.
        storage.set_role(id, other.id, None, me).await.expect("without a role");
        grant(&storage, &shop, them, BuiltIn::Admin, Scope::project("shop"), me).await.expect("granted");
        let (me, third) = (&as_user(&other), Grantee::Member(admin.id));
        grant(&storage, &shop, third, BuiltIn::Editor, Scope::project("shop"), me).await.expect("granted");
        assert!(lacks(&grant(&storage, &shop, third, BuiltIn::Viewer, Scope::Organization, me).await));
        let production = Scope::environment("shop", "production");
        grant(&storage, &shop, third, BuiltIn::Editor, production.clone(), me).await.expect("granted");
        let twice = grant(&storage, &shop, third, BuiltIn::Editor, production, me).await;
        assert!(matches!(twice, Err(Error::AlreadyExists { what: Entity::Grant, .. })), "{twice:?}");
    }

    async fn a_role_that_grows_grows_only_by_what_its_editor_has_wherever_it_is_granted(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let id = shop.id();
        let set = |permissions: &[Permission]| permissions.iter().copied().collect::<PermissionSet>();
        let release = NewRole {
            name: "Release manager".to_owned(),
            description: String::new(),
            permissions: set(&[Permission::FlagToggle, Permission::EnvironmentRead]),
        };
        let role = storage.create_role(id, release.clone(), &by()).await.expect("created");
        let powerful = NewRole { permissions: set(&[Permission::MemberManage]), name: "Power".to_owned(), ..release };
        let refused = storage.create_role(id, powerful, &by()).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
        let grace = newcomer(&storage, &shop, "grace").await;
        let granted = NewGrant {
            grantee: Grantee::Member(grace.id),
            role: RoleChoice::Custom(role.id),
            scope: Scope::environment("shop", "production"),
        };
        storage.create_grant(id, granted, &by()).await.expect("granted");
        storage.execute(id, create_flag("checkout"), &by()).await.expect("created");
        storage.execute(id, toggle("production", "checkout", true), &as_user(&grace)).await.expect("allowed");

        let patch = RolePatch {
            permissions: Some(set(&[Permission::FlagToggle, Permission::EnvironmentRead, Permission::KeyManage])),
            ..RolePatch::default()
        };
        let stale = storage.update_role(id, role.id, patch.clone(), Some(9), &by()).await;
        assert!(matches!(stale, Err(Error::VersionConflict { .. })), "{stale:?}");
        let refused = storage.update_role(id, role.id, patch.clone(), None, &as_user(&grace)).await;
        assert!(lacks(&refused), "{refused:?}");
        let updated = storage.update_role(id, role.id, patch, Some(1), &by()).await.expect("updated");
        assert_eq!(updated.version, 2);
        let access = storage.access_of_member(id, grace.id).await.expect("read").expect("a member");
        assert!(access[0].permissions.has(Permission::KeyManage), "everybody with the role has more now");
        let used = storage.delete_role(id, role.id, &by()).await;
        assert!(matches!(used, Err(Error::RoleInUse(1))), "{used:?}");
        storage.delete_grant(id, access[0].id, &by()).await.expect("taken away");
        storage.delete_role(id, role.id, &by()).await.expect("deleted");
        assert_eq!(storage.roles(id, &Page::first(10)).await.expect("read").items, []);
    }

    async fn a_personal_token_has_at_most_what_its_owner_has_now(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let id = shop.id();
        storage.execute(id, create_flag("checkout"), &by()).await.expect("created");
        let grace = newcomer(&storage, &shop, "grace").await;
        storage.set_role(id, grace.id, BuiltIn::Admin, &by()).await.expect("an admin");
        let personal = |at_most| NewApiToken {
            name: "laptop".to_owned(),
            bearer: NewTokenBearer::Member { user: grace.id, at_most },
            expires_at: None,
        };
        let foreign = storage.create_api_token(id, personal(None), &by()).await;
        assert!(matches!(foreign, Err(Error::NotFound { .. })), "nobody makes another's: {foreign:?}");
        let (limited, _) = storage.create_api_token(id, personal(Some(BuiltIn::Viewer)), &as_user(&grace)).await.expect("made");
        let (full, secret) = storage.create_api_token(id, personal(None), &as_user(&grace)).await.expect("made");
        assert_eq!(storage.api_tokens(id, TokensOf::Member(grace.id), &Page::first(10)).await.expect("read").items.len(), 2);
        assert_eq!(storage.api_tokens(id, TokensOf::ServiceAccounts, &Page::first(10)).await.expect("read").items, []);
        let attempt = async |token: &ApiToken, on| {
            storage.execute(id, toggle("production", "checkout", on), &as_token(token)).await
        };
        attempt(&full, true).await.expect("as its owner");
        assert!(lacks(&attempt(&limited, false).await), "it was limited to what viewers may");
        storage.set_role(id, grace.id, BuiltIn::Viewer, &by()).await.expect("demoted");
        assert!(lacks(&attempt(&full, false).await), "its owner may no longer");
        storage.remove_member(id, grace.id, &as_user(&grace)).await.expect("everybody may leave");
        assert!(attempt(&full, false).await.is_err());
        assert_eq!(storage.find_api_token(secret.hash(), NOW).await.expect("read"), None);
    }

    async fn an_account_that_was_made_with_its_token_goes_with_it(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let id = shop.id();
        let new = NewApiToken { name: "ci".to_owned(), bearer: NewTokenBearer::everywhere(BuiltIn::Editor), expires_at: None };
        let (token, _) = storage.create_api_token(id, new.clone(), &by()).await.expect("made");
        let accounts = async || storage.service_accounts(id, &Page::first(10)).await.expect("read").items;
        let (account, _) = accounts().await.remove(0);
        let second = NewApiToken { bearer: NewTokenBearer::ServiceAccount(account.id), ..new };
        let (second, _) = storage.create_api_token(id, second, &by()).await.expect("made");
        storage.revoke_api_token(id, token.id, &by()).await.expect("revoked");
        assert_eq!(accounts().await.len(), 1, "another token needs it");
        storage.execute(id, create_flag("checkout"), &as_token(&second)).await.expect("it works");
        storage.delete_service_account(id, account.id, &by()).await.expect("deleted");
        assert!(storage.execute(id, create_flag("search"), &as_token(&second)).await.is_err());

        let new = NewApiToken { name: "ci".to_owned(), bearer: NewTokenBearer::everywhere(BuiltIn::Editor), expires_at: None };
        let (token, _) = storage.create_api_token(id, new, &by()).await.expect("made");
        storage.revoke_api_token(id, token.id, &by()).await.expect("revoked");
        assert_eq!(accounts().await, []);
    }

    async fn an_owner_hands_the_organization_over_and_stays_as_an_admin(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let grace = newcomer(&storage, &shop, "grace").await;
        let owner = as_user(&shop.owner);
        let heir = storage.transfer_ownership(shop.id(), grace.id, &owner).await.expect("handed over");
        assert_eq!(heir.role, Some(BuiltIn::Owner));
        assert_eq!(storage.role(shop.id(), shop.owner.id).await.expect("read"), Some(BuiltIn::Admin));
        let again = storage.transfer_ownership(shop.id(), shop.owner.id, &owner).await;
        assert!(lacks(&again), "{again:?}");
        let grants = storage.grants(shop.id(), GrantFilter::default(), &Page::first(10)).await.expect("read").items;
        let own = grants.iter().find(|grant| grant.grantee == Grantee::Member(grace.id)).expect("hers");
        let last = storage.delete_grant(shop.id(), own.id, &as_user(&grace)).await;
        assert!(matches!(last, Err(Error::LastOwner)), "{last:?}");
    }

    async fn grants_of_another_organization_do_not_count_and_cannot_be_touched(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let eve = NewUser { email: "eve@example.com".to_owned(), name: "Eve".to_owned(), password_hash: String::new() };
        let new = peekaboo_storage::NewOrganization { key: key("other"), name: "Other".to_owned() };
        let (other, eve) = storage.set_up(new, eve, NOW).await.expect("made");
        let me = &as_user(&eve);
        let hidden = storage.execute(shop.id(), create_flag("checkout"), me).await;
        assert!(matches!(hidden, Err(Error::Refused(Refusal::HiddenProject))), "{hidden:?}");
        let team = storage.create_team(shop.id(), named("Team"), &by()).await.expect("created");
        let role = NewRole { name: "R".to_owned(), description: String::new(), permissions: PermissionSet::EMPTY };
        let role = storage.create_role(shop.id(), role, &by()).await.expect("created");
        let grants = storage.grants(shop.id(), GrantFilter::default(), &Page::first(10)).await.expect("read").items;
        // The ids are another organization's; the organization is her own.
        let absent = |outcome: Result<()>| matches!(outcome, Err(Error::NotFound { .. }));
        assert!(absent(storage.delete_grant(other.id, grants[0].id, me).await));
        assert!(absent(storage.delete_team(other.id, team.id, me).await));
        assert!(absent(storage.add_team_member(other.id, team.id, eve.id, me).await));
        assert!(absent(storage.delete_role(other.id, role.id, me).await));
        for (grantee, role) in [
            (Grantee::Team(team.id), RoleChoice::BuiltIn(BuiltIn::Viewer)),
            (Grantee::Member(shop.owner.id), RoleChoice::BuiltIn(BuiltIn::Viewer)),
            (Grantee::Member(eve.id), RoleChoice::Custom(role.id)),
        ] {
            let new = NewGrant { grantee, role, scope: Scope::Organization };
            assert!(absent(storage.create_grant(other.id, new, me).await.map(drop)));
        }
        // Nor does a team of her own take in who is not in her organization.
        let own = storage.create_team(other.id, named("Own"), me).await.expect("created");
        assert!(absent(storage.add_team_member(other.id, own.id, shop.owner.id, me).await));
    }
}
