//! A database for a unit test.

use std::ops::Deref;

use peekaboo_storage::{DatabaseUrl, NewOrganization, NewUser, Options, Organization, Storage};
use tempfile::TempDir;
use time::OffsetDateTime;

/// An embedded database in a folder that is deleted with it.
pub(crate) struct TestStorage {
    storage: Storage,
    _folder: TempDir,
}

impl TestStorage {
    /// With nothing in it.
    pub(crate) async fn empty() -> Self {
        let folder = TempDir::new().expect("a folder");
        let database = DatabaseUrl::Sqlite(folder.path().join("peekaboo.db"));
        let storage = Storage::start(Options::new(database)).await;
        Self {
            storage: storage.expect("a database"),
            _folder: folder,
        }
    }

    /// With the organization `acme`.
    pub(crate) async fn with_organization() -> (Self, Organization) {
        let storage = Self::empty().await;
        let organization = NewOrganization {
            key: key("acme"),
            name: "Acme".to_owned(),
        };
        let owner = NewUser {
            email: "ada@example.com".to_owned(),
            name: "Ada".to_owned(),
            password_hash: String::new(),
        };
        let now = OffsetDateTime::now_utc();
        let (acme, _) = storage
            .set_up(organization, owner, now)
            .await
            .expect("an organization");
        (storage, acme)
    }
}

impl Deref for TestStorage {
    type Target = Storage;

    fn deref(&self) -> &Storage {
        &self.storage
    }
}

/// A key of the kind that is asked for.
pub(crate) fn key<K: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> K {
    text.parse().expect("a key")
}
