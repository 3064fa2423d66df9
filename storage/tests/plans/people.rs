//! People and their access: members, teams, roles, grants and tokens.

use peekaboo_policy::{BuiltIn, Permission, PermissionSet, Scope};
use peekaboo_storage::{
    Delivery, GrantFilter, Grantee, Invitee, MailPasswordReset, NewApiToken, NewGrant,
    NewInvitation, NewPrincipal, NewRole, NewSession, NewTokenBearer, Origin, Page, PrincipalPatch,
    RoleChoice, RolePatch, SecretHash, SessionId, SessionLifetime, Storage, TokensOf, UserId,
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
    let (owner, hash, by) = (shop.owner.id, SecretHash::of("secret"), by());
    let week = SessionLifetime {
        idle: Duration::days(7),
        absolute: Duration::days(90),
    };
    let user = somebody(storage, "user-1@example.com").await;
    ask!(plans, storage.setup_required());
    ask!(plans, storage.user(owner));
    ask!(plans, storage.user_by_email("user-1@example.com"));
    ask!(plans, storage.update_profile(user, "U", None, NOW));
    ask!(plans, storage.change_password(user, "h", None, &by));
    ask!(
        plans,
        storage.create_session(NewSession::of(user), NOW, week)
    );
    ask!(plans, storage.session(hash, NOW, week));
    ask!(plans, storage.sessions(user, NOW));
    let session = storage.create_session(NewSession::of(user), NOW, week);
    let session = session.await.expect("signed in").hash();
    ask!(plans, storage.end_other_sessions(user, session, &by));
    ask!(
        plans,
        storage.end_session(user, SessionId::of(session), &by)
    );
    let session = storage.create_session(NewSession::of(user), NOW, week);
    let session = session.await.expect("signed in").hash();
    ask!(plans, storage.delete_session(session));
    ask!(
        plans,
        storage.record_failed_sign_in(&shop.owner, "password", Origin::default(), NOW)
    );
    ask!(plans, storage.memberships(user));
    ask!(plans, storage.add_identity(user, "issuer", "subject", &by));
    ask!(plans, storage.user_by_identity("issuer", "subject"));
    links(plans, storage, user).await;
    second_factor(plans, storage, shop).await;
}

/// Links to new passwords and addresses.
async fn links(plans: &mut Plans, storage: &Storage, user: UserId) {
    let (by, dashboard) = (by(), "https://flags.example.com");
    let (person, other) = ("user-1@example.com", "other@example.com");
    ask!(plans, storage.create_password_reset(person, false, &by));
    let made = storage.create_password_reset(person, true, &by).await;
    let reset = made.expect("made").hash();
    ask!(plans, storage.is_password_reset(reset, NOW));
    ask!(
        plans,
        storage.reset_password(reset, "h", Origin::default(), NOW)
    );
    ask!(
        plans,
        storage.request_email_change(user, other, dashboard, &by)
    );
    ask!(plans, storage.confirm_email(user, reset, &by));
    let work = MailPasswordReset::to(person);
    storage.queue_task(&work, NOW, NOW).await.expect("queued");
    let mut kinds = peekaboo_storage::TaskKinds::default();
    kinds.add("account.reset", 1);
    let claimed = storage.claim_tasks(&kinds, 1, NOW, NOW + Duration::MINUTE);
    let claimed = claimed.await.expect("claimed");
    let mut step = storage.begin_task(&claimed[0]).await.expect("begun");
    ask!(
        plans,
        storage.mail_password_reset(step.transaction(), &work, dashboard, NOW)
    );
    step.finish().await.expect("finished");
}

async fn second_factor(plans: &mut Plans, storage: &Storage, shop: &Shop) {
    let (owner, code, by) = (shop.owner.id, SecretHash::of("code"), by());
    ask!(plans, storage.begin_second_factor(owner, b"seed", NOW));
    ask!(plans, storage.confirm_second_factor(owner, 1, &[code], &by));
    ask!(plans, storage.second_factor(owner));
    ask!(plans, storage.spend_code(owner, 2));
    ask!(plans, storage.replace_recovery_codes(owner, &[code], &by));
    ask!(plans, storage.spend_recovery_code(&shop.owner, code, &by));
    ask!(plans, storage.remove_second_factor(owner, &by));
}

/// Invitations, and what is done to the organization as a whole.
pub(crate) async fn organization(plans: &mut Plans, storage: &Storage, shop: &Shop) {
    let (id, page, by) = (shop.id(), Page::first(50), by());
    let to = |email: &str| NewInvitation {
        email: email.to_owned(),
        role: BuiltIn::Viewer,
    };
    let link = Delivery::Link;
    ask!(
        plans,
        storage.invite(id, to("grace@example.com"), link, &by)
    );
    let invited = storage.invite(id, to("eve@example.com"), link, &by).await;
    let (invitation, _) = invited.expect("invited");
    ask!(plans, storage.invitations(id, &page));
    ask!(
        plans,
        storage.resend_invitation(id, invitation.id, link, &by)
    );
    let sent = storage
        .resend_invitation(id, invitation.id, link, &by)
        .await;
    let secret = sent.expect("sent").1.hash();
    ask!(plans, storage.open_invitation(secret, NOW));
    let stranger = Invitee::New {
        name: "Eve".to_owned(),
        password_hash: "h".to_owned(),
    };
    ask!(
        plans,
        storage.accept_invitation(secret, stranger, Origin::default(), NOW)
    );
    ask!(plans, storage.revoke_invitation(id, invitation.id, &by));
    ask!(plans, storage.require_second_factor(id, true, &by));
    ask!(plans, storage.suspend_organization(id, true, &by));
    ask!(plans, storage.note_export(id, &by));
    ask!(plans, storage.erase_person(id, "user-1", &by));
    ask!(plans, storage.delete_organization(id, &by));
}

/// Members, and what they may do.
pub(crate) async fn members(plans: &mut Plans, storage: &Storage, shop: &Shop) {
    let (id, owner, page, by) = (shop.id(), shop.owner.id, Page::first(50), by());
    let user = somebody(storage, "user-1@example.com").await;
    let scope = Scope::Organization;
    ask!(plans, storage.members(id, None, &page));
    ask!(plans, storage.members(id, Some("user"), &page));
    ask!(plans, storage.touch_membership(id, owner, NOW));
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
