//! `--demo`: an organization to play with, whose user and keys everyone knows.
//!
//! Made through the same commands that people use, once; a later start finds it as people left it. Never made without
//! `--demo`, which [`ServeOptions::new`](crate::ServeOptions::new) refuses on listeners that others reach.

mod access;
mod error;
mod story;
mod usage;

use std::collections::HashMap;

use peekaboo_dashboard_api::auth::hash_password;
use peekaboo_storage::{
    Attribution, Command, Entity, Error, Key, KeyCredential, NewOrganization, NewProject,
    NewSdkKey, NewUser, Organization, OsEntropy, SdkKeyKind, Secret, Storage, User,
};
use serde::Serialize;
use time::{Duration, OffsetDateTime};

pub use self::error::DemoError;
use self::story::{Person, Story};

const ORGANIZATION: &str = "demo";
const PROJECT: &str = "storefront";
const EMAIL: &str = "demo@example.com";
const PASSWORD: &str = "peekaboo-demo";
const ENVIRONMENTS: [&str; 3] = ["development", "staging", "production"];

/// The environment of the storefront.
const SHOWN: &str = "production";

/// When the organization was founded, before anything of the story happened.
const FOUNDED: Duration = Duration::days(60);

/// What everyone may know of the demo.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Demo {
    /// Its key.
    pub organization: String,
    /// Its project's key.
    pub project: String,
    /// The environment of the keys below.
    pub environment: String,
    /// Who signs in.
    pub email: String,
    /// And with what.
    pub password: String,
    /// For servers.
    pub server_key: String,
    /// For browsers.
    pub client_key: String,
}

/// Makes what is missing of the demo, and tells what it is.
pub(crate) async fn seed(storage: &Storage, now: OffsetDateTime) -> Result<Demo, DemoError> {
    let project = Key::parse(PROJECT)?;
    let story = story::tell(&project)?;
    let (organization, owner) = found(storage, now).await?;
    let people = gather(storage, &organization, &owner, &story.people, now).await?;
    let opened = open(storage, &organization, &owner, &project, now).await?;
    let cut = if opened { now - FOUNDED } else { now };
    cut_keys(storage, &organization, &project, cut).await?;
    if opened {
        let by = Attribution::user(owner.id, owner.name.clone(), now - FOUNDED);
        access::organize(
            storage,
            &organization,
            &project,
            &people,
            &story.access,
            &by,
        )
        .await?;
        let invitations = story.access.invitations.clone();
        relive(storage, &organization, &people, story, now).await?;
        access::invite(storage, &organization, &people, &invitations, now).await?;
        let shown = Key::parse(SHOWN)?;
        let shown = storage.environment(organization.id, &project, &shown);
        if let Some(shown) = shown.await? {
            usage::imagine(storage, &shown, now).await?;
        }
    }
    Ok(Demo {
        organization: ORGANIZATION.to_owned(),
        project: PROJECT.to_owned(),
        environment: SHOWN.to_owned(),
        email: EMAIL.to_owned(),
        password: PASSWORD.to_owned(),
        server_key: key(SdkKeyKind::Server, SHOWN),
        client_key: key(SdkKeyKind::Client, SHOWN),
    })
}

/// The key of each kind that everyone knows.
fn key(kind: SdkKeyKind, environment: &str) -> String {
    match kind {
        SdkKeyKind::Server => format!("pbs_demo_{environment}"),
        SdkKeyKind::Client => format!("pbc_demo_{environment}"),
    }
}

async fn found(storage: &Storage, now: OffsetDateTime) -> Result<(Organization, User), DemoError> {
    let key = Key::parse(ORGANIZATION)?;
    if let Some(found) = find(storage, &key).await? {
        return Ok(found);
    }
    let organization = NewOrganization {
        key: key.clone(),
        name: "Demo".to_owned(),
    };
    let owner = NewUser {
        email: EMAIL.to_owned(),
        name: "Demo".to_owned(),
        password_hash: hash(PASSWORD)?,
    };
    let made = match storage.set_up(organization, owner, now - FOUNDED).await {
        // Another node was faster.
        Err(error @ Error::AlreadyExists { .. }) => find(storage, &key).await?.ok_or(error)?,
        made => made?,
    };
    let by = Attribution::system("demo", now - FOUNDED);
    storage.set_operator(EMAIL, true, &by).await?;
    Ok(made)
}

/// The demo's organization and owner, once somebody made them.
async fn find(storage: &Storage, key: &Key) -> Result<Option<(Organization, User)>, DemoError> {
    let organization = storage.organization(key).await?;
    let owner = storage.user_by_email(EMAIL).await?;
    Ok(organization.zip(owner))
}

/// Takes in who appears in the story. Nobody can sign in as one of them: nobody knows their password.
async fn gather(
    storage: &Storage,
    organization: &Organization,
    owner: &User,
    people: &[Person],
    now: OffsetDateTime,
) -> Result<HashMap<String, User>, DemoError> {
    let at = now - FOUNDED;
    let by = Attribution::user(owner.id, owner.name.clone(), at);
    let mut known = HashMap::new();
    for person in people {
        if let Some(user) = storage.user_by_email(&person.email).await? {
            known.insert(person.name.clone(), user);
            continue;
        }
        let user = NewUser {
            email: person.email.clone(),
            name: person.name.clone(),
            password_hash: hash(Secret::generate("", &OsEntropy).expose())?,
        };
        let user = match storage.create_user(user, at).await {
            // Another node that makes the demo also takes them in.
            Err(error @ Error::AlreadyExists { .. }) => {
                let found = storage.user_by_email(&person.email).await?;
                known.insert(person.name.clone(), found.ok_or(error)?);
                continue;
            }
            made => made?,
        };
        storage
            .add_member(organization.id, user.id, person.role, &by)
            .await?;
        known.insert(person.name.clone(), user);
    }
    Ok(known)
}

/// Opens the project; whether this node did, and not another before or at the same time.
async fn open(
    storage: &Storage,
    organization: &Organization,
    owner: &User,
    project: &Key,
    now: OffsetDateTime,
) -> Result<bool, DemoError> {
    if storage.project(organization.id, project).await?.is_some() {
        return Ok(false);
    }
    let project = NewProject {
        key: project.clone(),
        name: "Storefront".to_owned(),
        description: "An imaginary shop for lamps. Its past is made up, what applications used of its flags included; \
                      what happens from now on is real"
            .to_owned(),
    };
    let by = Attribution::user(owner.id, owner.name.clone(), now - FOUNDED);
    let create = Command::CreateProject { project };
    match storage.execute(organization.id, create, &by).await {
        // Another node tells the story.
        Err(Error::AlreadyExists { .. }) => Ok(false),
        opened => opened.map(|_| true).map_err(DemoError::from),
    }
}

/// Makes the keys that everyone knows, in each environment that there still is. One that someone revoked stays so.
async fn cut_keys(
    storage: &Storage,
    organization: &Organization,
    project: &Key,
    at: OffsetDateTime,
) -> Result<(), DemoError> {
    let by = Attribution::system("demo", at);
    for environment in ENVIRONMENTS {
        for kind in [SdkKeyKind::Server, SdkKeyKind::Client] {
            let secret = Secret::new(key(kind, environment));
            if storage.find_key(secret.hash()).await?.is_some() {
                continue;
            }
            let import = Command::ImportSdkKey {
                project: project.clone(),
                environment: Key::parse(environment)?,
                key: NewSdkKey::named(kind, "Demo"),
                credential: KeyCredential::of(kind, &secret),
            };
            match storage.execute(organization.id, import, &by).await {
                Ok(_)
                | Err(
                    Error::AlreadyExists { .. }
                    | Error::NotFound {
                        what: Entity::Environment,
                    },
                ) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
    Ok(())
}

async fn relive(
    storage: &Storage,
    organization: &Organization,
    people: &HashMap<String, User>,
    story: Story,
    now: OffsetDateTime,
) -> Result<(), DemoError> {
    for step in story.steps {
        let at = now - step.ago;
        let by = people.get(&step.by);
        let by = by.map_or_else(
            || Attribution::system("demo", at),
            |user| Attribution::user(user.id, user.name.clone(), at),
        );
        let by = Attribution {
            comment: step.comment,
            ..by
        };
        storage.execute(organization.id, step.command, &by).await?;
    }
    Ok(())
}

fn hash(password: &str) -> Result<String, DemoError> {
    hash_password(password).map_err(|error| DemoError::Data(error.to_string()))
}

#[cfg(test)]
mod tests;
