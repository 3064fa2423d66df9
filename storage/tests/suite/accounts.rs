//! Accounts: passwords, addresses, second factors, and the links that change them.

use peekaboo_policy::BuiltIn;
use peekaboo_storage::{
    Attribution, AuditFilter, CONFIRMATION_LIFETIME, Entity, Error, Keyring, Mail,
    MailPasswordReset, MailTemplate, NewSession, NewUser, Origin, OsEntropy, Page, RESET_LIFETIME,
    SealedLink, Secret, SessionLifetime, Storage, TaskKinds, User,
};
use time::Duration;

use crate::harness::{KEY, NOW, Shop, by, on_both};

const WEEK: SessionLifetime = SessionLifetime {
    idle: Duration::days(7),
    absolute: Duration::days(30),
};

const DASHBOARD: &str = "https://flags.example.com";

fn as_ada(shop: &Shop) -> Attribution {
    Attribution::user(shop.owner.id, "Ada", NOW)
}

async fn sign_in(storage: &Storage, user: &User) -> Secret {
    let session = storage.create_session(NewSession::of(user.id), NOW, WEEK);
    session.await.expect("signed in")
}

async fn is_in(storage: &Storage, secret: &Secret) -> bool {
    let session = storage.session(secret.hash(), NOW, WEEK).await;
    session.expect("read").is_some()
}

async fn ada(storage: &Storage, shop: &Shop) -> User {
    storage
        .user(shop.owner.id)
        .await
        .expect("read")
        .expect("there")
}

/// Takes the mail that is queued, whatever it is; with the secret of its link.
async fn next_mail(storage: &Storage) -> (String, MailTemplate, Option<Secret>) {
    let mut kinds = TaskKinds::default();
    kinds.add("mail.send", 1);
    let claimed = storage
        .claim_tasks(&kinds, 1, NOW, NOW + Duration::HOUR)
        .await;
    let claimed = claimed.expect("claimed").remove(0);
    let mail: Mail = serde_json::from_value(claimed.payload.clone()).expect("a mail");
    let step = storage.begin_task(&claimed).await.expect("begun");
    assert!(step.finish().await.expect("finished"));
    let secret = link_of(&mail.template).map(|link| {
        let keyring: Keyring = KEY.parse().expect("a key");
        let link = link.open(&keyring).expect("sealed with the hub's key");
        let (before, secret) = link.split_once('#').expect("a secret");
        assert!(before.starts_with(DASHBOARD), "{before}");
        Secret::new(secret)
    });
    (mail.to, mail.template, secret)
}

fn link_of(template: &MailTemplate) -> Option<&SealedLink> {
    match template {
        MailTemplate::Invitation { link, .. }
        | MailTemplate::PasswordReset { link }
        | MailTemplate::ConfirmEmail { link } => Some(link),
        _ => None,
    }
}

/// Does what the task does that somebody's request queues.
async fn mail_reset(storage: &Storage, email: &str) {
    let task = crate::tasks::any_task(storage).await;
    let mut step = storage.begin_task(&task).await.expect("begun");
    let work = MailPasswordReset::to(email);
    let mailed = storage.mail_password_reset(step.transaction(), &work, DASHBOARD, NOW);
    mailed.await.expect("mailed");
    assert!(step.finish().await.expect("finished"));
}

fn is_missing<T: std::fmt::Debug>(outcome: &Result<T, Error>) -> bool {
    matches!(
        outcome,
        Err(Error::NotFound {
            what: Entity::AccountLink
        })
    )
}

on_both! {
    async fn another_password_ends_all_other_sessions_and_links(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let (here, there) = (sign_in(&storage, &shop.owner).await, sign_in(&storage, &shop.owner).await);
        let link = storage.create_password_reset("ada@example.com", false, &by()).await.expect("a link");
        let before = storage.tenant(shop.id()).await.expect("read").expect("there").revision;
        let changed = storage.change_password(shop.owner.id, "other", Some(here.hash()), &as_ada(&shop)).await;
        assert_eq!(changed.expect("changed").password(), Some("other"));
        assert!(is_in(&storage, &here).await && !is_in(&storage, &there).await);
        let stale = storage.reset_password(link.hash(), "planted", Origin::default(), NOW).await;
        assert!(is_missing(&stale), "{stale:?}");
        let after = storage.tenant(shop.id()).await.expect("read").expect("there").revision;
        assert!(after > before, "open streams are decided anew");
        let filter = AuditFilter { action: Some("member.passwordChanged".to_owned()), ..AuditFilter::default() };
        assert_eq!(storage.audit(shop.id(), &filter, &Page::first(10)).await.expect("read").items.len(), 1);
    }

    async fn a_reset_link_works_once_within_its_hour_and_ends_every_session(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let session = sign_in(&storage, &shop.owner).await;
        mail_reset(&storage, "ADA@example.com").await;
        let (to, _, secret) = next_mail(&storage).await;
        let secret = secret.expect("a link").hash();
        assert_eq!(to, "ada@example.com");
        let late = storage.reset_password(secret, "new", Origin::default(), NOW + RESET_LIFETIME).await;
        assert!(is_missing(&late), "{late:?}");
        assert!(storage.is_password_reset(secret, NOW).await.expect("read"));
        storage.reset_password(secret, "new", Origin::default(), NOW).await.expect("reset");
        assert!(!is_in(&storage, &session).await);
        let ada = ada(&storage, &shop).await;
        assert_eq!((ada.password(), ada.email_verified_at), (Some("new"), Some(NOW)));
        let again = storage.reset_password(secret, "again", Origin::default(), NOW).await;
        assert!(is_missing(&again), "{again:?}");
        assert!(!storage.is_password_reset(secret, NOW).await.expect("read"));
    }

    async fn a_link_that_an_operator_hands_over_verifies_no_address(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let link = storage.create_password_reset("ada@example.com", false, &by()).await.expect("a link");
        storage.reset_password(link.hash(), "new", Origin::default(), NOW).await.expect("reset");
        assert_eq!(ada(&storage, &shop).await.email_verified_at, None);
        let nobody = storage.create_password_reset("eve@example.com", false, &by()).await;
        assert!(matches!(nobody, Err(Error::NotFound { what: Entity::User })), "{nobody:?}");
    }

    async fn asking_for_a_stranger_s_password_mails_nothing(database: Database) {
        let storage = database.open().await;
        Shop::set_up(&storage).await;
        mail_reset(&storage, "nobody@example.com").await;
        mail_reset(&storage, "").await;
        assert_eq!(storage.tasks(false, &Page::first(10)).await.expect("read").items, []);
    }

    // Incident 5: a null or empty reset token accepted (GHSA-f6hc-c5jr-878p).
    async fn nothing_and_anything_made_up_is_no_link(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        storage.create_password_reset("ada@example.com", false, &by()).await.expect("a link");
        for secret in ["", "null", "undefined", "0", "\0"] {
            let secret = Secret::new(secret).hash();
            let refused = storage.reset_password(secret, "new", Origin::default(), NOW).await;
            assert!(is_missing(&refused), "{refused:?}");
            let refused = storage.confirm_email(shop.owner.id, secret, &by()).await;
            assert!(is_missing(&refused), "{refused:?}");
        }
    }

    async fn another_address_is_taken_once_its_mail_is_read(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let new = NewUser { email: "eve@example.com".to_owned(), name: "Eve".to_owned(), password_hash: String::new() };
        let eve = storage.create_user(new, NOW).await.expect("created");
        storage.request_email_change(shop.owner.id, "Ada@Example.org", DASHBOARD, &as_ada(&shop)).await.expect("asked");
        assert_eq!(ada(&storage, &shop).await.email, "ada@example.com", "nothing changes yet");
        let mut mails = [next_mail(&storage).await, next_mail(&storage).await];
        mails.sort_by(|a, b| a.0.cmp(&b.0));
        let [(old, notice, _), (new, _, secret)] = mails;
        assert_eq!((old.as_str(), new.as_str()), ("ada@example.com", "ada@example.org"));
        assert_eq!(notice, MailTemplate::EmailChange { email: "ada@example.org".to_owned() });
        let secret = secret.expect("a link").hash();
        let foreign = storage.confirm_email(eve.id, secret, &by()).await;
        assert!(is_missing(&foreign), "{foreign:?}");
        let late = Attribution { at: NOW + CONFIRMATION_LIFETIME, ..as_ada(&shop) };
        let late = storage.confirm_email(shop.owner.id, secret, &late).await;
        assert!(is_missing(&late), "{late:?}");
        let changed = storage.confirm_email(shop.owner.id, secret, &as_ada(&shop)).await.expect("confirmed");
        assert_eq!((changed.email.as_str(), changed.email_verified_at), ("ada@example.org", Some(NOW)));
        assert_eq!(storage.user_by_email("ada@example.com").await.expect("read"), None);
    }

    async fn an_address_that_somebody_has_shows_only_to_who_reads_its_mail(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let new = NewUser { email: "eve@example.com".to_owned(), name: "Eve".to_owned(), password_hash: String::new() };
        storage.create_user(new, NOW).await.expect("created");
        storage.request_email_change(shop.owner.id, "eve@example.com", DASHBOARD, &as_ada(&shop)).await.expect("asked");
        let mails = [next_mail(&storage).await, next_mail(&storage).await];
        let secret = mails.into_iter().find_map(|(_, _, secret)| secret).expect("a link");
        let taken = storage.confirm_email(shop.owner.id, secret.hash(), &as_ada(&shop)).await;
        assert!(matches!(taken, Err(Error::AlreadyExists { what: Entity::User, .. })), "{taken:?}");
    }

    async fn who_takes_an_account_back_leaves_no_way_open(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        // Somebody who is in the account has another address on its way.
        storage.request_email_change(shop.owner.id, "eve@example.com", DASHBOARD, &as_ada(&shop)).await.expect("asked");
        let mails = [next_mail(&storage).await, next_mail(&storage).await];
        let planted = mails.into_iter().find_map(|(_, _, secret)| secret).expect("a link");
        mail_reset(&storage, "ada@example.com").await;
        let (_, _, secret) = next_mail(&storage).await;
        storage.reset_password(secret.expect("a link").hash(), "new", Origin::default(), NOW).await.expect("reset");
        let refused = storage.confirm_email(shop.owner.id, planted.hash(), &as_ada(&shop)).await;
        assert!(is_missing(&refused), "{refused:?}");
    }

    async fn a_second_factor_counts_once_it_is_confirmed(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let (user, ada) = (shop.owner.id, as_ada(&shop));
        let session = sign_in(&storage, &shop.owner).await;
        assert!(storage.second_factor(user).await.expect("read").is_none());
        storage.begin_second_factor(user, b"first", NOW).await.expect("begun");
        storage.begin_second_factor(user, b"second", NOW).await.expect("begun anew");
        let factor = storage.second_factor(user).await.expect("read").expect("there");
        assert_eq!((factor.seed.as_slice(), factor.confirmed_at), (&b"second"[..], None));
        let entered = async || storage.session(session.hash(), NOW, WEEK).await.expect("read").expect("signed in");
        assert!(!entered().await.second_factor);

        let codes = [Secret::new("one").hash(), Secret::new("two").hash()];
        storage.confirm_second_factor(user, 7, &codes, &ada).await.expect("confirmed");
        let factor = storage.second_factor(user).await.expect("read").expect("there");
        assert_eq!((factor.confirmed_at, factor.last_step, factor.recovery_codes), (Some(NOW), 7, 2));
        assert!(entered().await.second_factor);
        let members = storage.members(shop.id(), None, &Page::first(10)).await.expect("read").items;
        assert!(members[0].second_factor);
        let replaced = storage.begin_second_factor(user, b"planted", NOW).await;
        assert!(matches!(replaced, Err(Error::AlreadyExists { what: Entity::SecondFactor, .. })), "{replaced:?}");
        let again = storage.confirm_second_factor(user, 9, &[], &ada).await;
        assert!(matches!(again, Err(Error::NotFound { what: Entity::SecondFactor })), "{again:?}");

        storage.remove_second_factor(user, &ada).await.expect("removed");
        assert!(storage.second_factor(user).await.expect("read").is_none());
        assert!(!storage.spend_recovery_code(&shop.owner, codes[0], &ada).await.expect("read"), "they go with it");
    }

    async fn every_code_works_once(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let (user, ada) = (shop.owner.id, as_ada(&shop));
        storage.begin_second_factor(user, b"seed", NOW).await.expect("begun");
        let codes = [Secret::new("one").hash()];
        storage.confirm_second_factor(user, 7, &codes, &ada).await.expect("confirmed");
        for (step, first) in [(7, false), (6, false), (8, true), (8, false), (7, false)] {
            assert_eq!(storage.spend_code(user, step).await.expect("written"), first, "{step}");
        }
        assert!(storage.spend_recovery_code(&shop.owner, codes[0], &ada).await.expect("written"));
        assert!(!storage.spend_recovery_code(&shop.owner, codes[0], &ada).await.expect("written"));
    }

    async fn a_reset_leaves_the_second_factor_unless_an_operator_clears_it(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let user = shop.owner.id;
        storage.begin_second_factor(user, b"seed", NOW).await.expect("begun");
        storage.confirm_second_factor(user, 7, &[], &as_ada(&shop)).await.expect("confirmed");
        mail_reset(&storage, "ada@example.com").await;
        let (_, _, secret) = next_mail(&storage).await;
        storage.reset_password(secret.expect("a link").hash(), "new", Origin::default(), NOW).await.expect("reset");
        assert!(storage.second_factor(user).await.expect("read").is_some());
        let link = storage.create_password_reset("ada@example.com", true, &by()).await.expect("a link");
        assert!(storage.second_factor(user).await.expect("read").is_some(), "not before it is used");
        storage.reset_password(link.hash(), "new", Origin::default(), NOW).await.expect("reset");
        assert!(storage.second_factor(user).await.expect("read").is_none());
    }

    async fn seeds_are_encrypted_and_survive_another_key(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        storage.begin_second_factor(shop.owner.id, b"seed", NOW).await.expect("begun");
        let new = Keyring::generate(&OsEntropy);
        let with = async |keys: &str| {
            let mut options = database.options();
            options.keyring = keys.parse().expect("keys");
            Storage::start(options).await.expect("opened")
        };
        let both = with(&format!("{new},{KEY}")).await;
        assert_eq!(both.reseal_second_factors().await.expect("sealed"), 1);
        assert_eq!(both.reseal_second_factors().await.expect("nothing is left"), 0);
        let replaced = with(&new).await;
        let factor = replaced.second_factor(shop.owner.id).await.expect("read").expect("there");
        assert_eq!(factor.seed, b"seed");
        let lost = storage.second_factor(shop.owner.id).await.map(drop);
        assert!(matches!(lost, Err(Error::Keyring(_))), "{lost:?}");
        let none = with("").await;
        let refused = none.begin_second_factor(shop.owner.id, b"seed", NOW).await;
        assert!(matches!(refused, Err(Error::Keyring(_))), "{refused:?}");
    }

    async fn a_person_is_known_by_issuer_and_subject_and_never_by_an_address(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let (issuer, subject) = ("https://id.example.com", "248289761001");
        storage.add_identity(shop.owner.id, issuer, subject, &by()).await.expect("linked");
        let found = storage.user_by_identity(issuer, subject).await.expect("read");
        assert_eq!(found.expect("there").id, shop.owner.id);
        for (issuer, subject) in [("https://id.example.org", subject), (issuer, "ada@example.com"), ("", "")] {
            assert_eq!(storage.user_by_identity(issuer, subject).await.expect("read"), None);
        }
        let again = storage.add_identity(shop.owner.id, issuer, subject, &by()).await;
        assert!(matches!(again, Err(Error::AlreadyExists { what: Entity::Identity, .. })), "{again:?}");
    }

    async fn who_runs_the_hub_is_listed_and_recorded(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        assert_eq!(storage.operators().await.expect("read"), []);
        storage.set_operator("ADA@example.com", true, &by()).await.expect("added");
        let operators = storage.operators().await.expect("read");
        assert_eq!(operators.iter().map(|user| user.id).collect::<Vec<_>>(), [shop.owner.id]);
        storage.set_operator("ada@example.com", false, &by()).await.expect("removed");
        assert_eq!(storage.operators().await.expect("read"), []);
        let filter = AuditFilter { action: Some("member.operatorAdded".to_owned()), ..AuditFilter::default() };
        assert_eq!(storage.audit(shop.id(), &filter, &Page::first(10)).await.expect("read").items.len(), 1);
    }

    async fn what_a_member_does_with_their_account_is_recorded_where_they_belong_and_nowhere_else(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let new = peekaboo_storage::NewOrganization { key: crate::harness::key("other"), name: "Other".to_owned() };
        let owner = NewUser { email: "grace@example.com".to_owned(), name: "Grace".to_owned(), password_hash: String::new() };
        let (other, grace) = storage.set_up(new, owner, NOW).await.expect("made");
        sign_in(&storage, &grace).await;
        storage.add_member(shop.id(), grace.id, BuiltIn::Viewer, &by()).await.expect("added");
        sign_in(&storage, &grace).await;
        storage.record_failed_sign_in(&grace, "password", Origin::default(), NOW).await.expect("recorded");
        let recorded = async |organization, action: &str| {
            let filter = AuditFilter { action: Some(action.to_owned()), ..AuditFilter::default() };
            storage.audit(organization, &filter, &Page::first(10)).await.expect("read").items.len()
        };
        assert_eq!(recorded(other.id, "member.signedIn").await, 2);
        assert_eq!(recorded(shop.id(), "member.signedIn").await, 1);
        assert_eq!(recorded(shop.id(), "member.signInFailed").await, 1);
    }
}
