use peekaboo_storage::{KeyRecord, SdkKeyKind, TenantEnvironment};
use serde_json::json;
use tempfile::TempDir;
use uuid::Uuid;

use super::structure_file::NAME;
use super::*;

const SECRET: &str = "pbs_secret";

fn organization() -> OrganizationId {
    OrganizationId::from_uuid(Uuid::from_u128(1))
}

fn environment(number: u128) -> EnvironmentId {
    EnvironmentId::from_uuid(Uuid::from_u128(number))
}

/// A structure with these environments, of which the first has a key.
fn record(environments: &[u128]) -> TenantRecord {
    let listed = environments.iter().map(|number| TenantEnvironment {
        id: environment(*number),
        project: "shop".parse().unwrap(),
        key: format!("environment-{number}").parse().unwrap(),
        production: false,
        epoch: String::new(),
        version: 0,
    });
    let key = environments.first().map(|number| KeyRecord {
        id: Uuid::from_u128(9).to_string().parse().unwrap(),
        environment: environment(*number),
        kind: SdkKeyKind::Server,
        hash: SecretHash::of(SECRET),
        origins: Vec::new(),
        expires_at: None,
    });
    TenantRecord {
        organization: organization(),
        revision: 1,
        environments: listed.collect(),
        keys: key.into_iter().collect(),
    }
}

fn ruleset(version: u64) -> Ruleset {
    serde_json::from_value(json!({
        "epoch": "e", "version": version,
        "flags": {"a": {"type": "boolean", "variations": {"on": true}, "fallthrough": {"variation": "on"}}},
        "segments": {"beta": {"included": ["ada"]}},
    }))
    .unwrap()
}

fn snapshot(version: u64) -> Arc<EnvironmentSnapshot> {
    Arc::new(EnvironmentSnapshot::new(&ruleset(version), 0))
}

/// A folder with two environments of version 1.
async fn written() -> (TempDir, SnapshotFolder) {
    let folder = tempfile::tempdir().unwrap();
    let snapshots = SnapshotFolder::new(folder.path().join("snapshots"));
    snapshots.write_structure(record(&[1, 2])).await.unwrap();
    for number in [1, 2] {
        snapshots
            .write_environment(organization(), environment(number), snapshot(1))
            .await
            .unwrap();
    }
    (folder, snapshots)
}

impl SnapshotFolder {
    fn file(&self, number: u128) -> PathBuf {
        environment_file::path(&folder_of(&self.path, organization()), environment(number))
    }

    fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(folder_of(&self.path, organization())).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

fn modified(path: &Path) -> std::time::SystemTime {
    fs::metadata(path).unwrap().modified().unwrap()
}

#[tokio::test]
async fn what_was_written_is_read_and_the_newest_counts() {
    let (_folder, snapshots) = written().await;
    snapshots
        .write_environment(organization(), environment(1), snapshot(2))
        .await
        .unwrap();
    let structure = snapshots.structure(organization()).await.unwrap();
    assert_eq!(structure, record(&[1, 2]));
    for (number, version) in [(1, 2), (2, 1)] {
        let read = snapshots.ruleset(organization(), environment(number)).await;
        assert_eq!(read.unwrap(), ruleset(version));
    }
    let whose = snapshots.whose(SecretHash::of(SECRET)).await;
    assert_eq!(whose, Some((organization(), environment(1))));
    assert_eq!(snapshots.whose(SecretHash::of("pbs_other")).await, None);
}

#[tokio::test]
async fn a_change_of_one_environment_writes_no_other_file_and_what_is_there_is_not_written_again() {
    let (_folder, snapshots) = written().await;
    let structure = folder_of(&snapshots.path, organization()).join(NAME);
    let before = [modified(&snapshots.file(1)), modified(&structure)];
    snapshots
        .write_environment(organization(), environment(2), snapshot(2))
        .await
        .unwrap();
    snapshots
        .write_environment(organization(), environment(1), snapshot(1))
        .await
        .unwrap();
    snapshots.write_structure(record(&[1, 2])).await.unwrap();
    let after = [modified(&snapshots.file(1)), modified(&structure)];
    assert_eq!(before, after);
}

#[tokio::test]
async fn files_of_removed_environments_and_of_crashes_are_removed_with_the_next_structure() {
    let (_folder, snapshots) = written().await;
    fs::write(snapshots.file(1).with_extension("new"), "half").unwrap();
    snapshots.write_structure(record(&[2])).await.unwrap();
    let kept = snapshots.file(2).file_name().unwrap().to_owned();
    assert_eq!(snapshots.files(), [kept.to_str().unwrap(), NAME]);
    snapshots.remove(organization()).await.unwrap();
    assert_eq!(snapshots.structure(organization()).await, None);
    snapshots.remove(organization()).await.unwrap();
    let late = snapshots.write_environment(organization(), environment(2), snapshot(3));
    assert!(late.await.is_err(), "nothing brings a removed tenant back");
}

#[tokio::test]
async fn a_damaged_file_costs_its_environment_only() {
    let (_folder, snapshots) = written().await;
    let whole = fs::read(snapshots.file(1)).unwrap();
    let mut flipped = whole.clone();
    *flipped.last_mut().unwrap() ^= 1;
    for content in [&whole[..whole.len() - 1], &flipped, b"{}\n", b""] {
        fs::write(snapshots.file(1), content).unwrap();
        let read = snapshots.ruleset(organization(), environment(1)).await;
        assert_eq!(read, None);
        let neighbor = snapshots.ruleset(organization(), environment(2)).await;
        assert_eq!(neighbor, Some(ruleset(1)));
    }
    snapshots
        .write_environment(organization(), environment(1), snapshot(1))
        .await
        .unwrap();
    let again = snapshots.ruleset(organization(), environment(1)).await;
    assert_eq!(again, Some(ruleset(1)), "a damaged file is replaced");
    let structure = folder_of(&snapshots.path, organization()).join(NAME);
    for content in ["{\"format\":2", "{\"format\":3,\"record\":{}}"] {
        fs::write(&structure, content).unwrap();
        assert_eq!(snapshots.structure(organization()).await, None);
    }
}

/// A folder with one file of the earlier format.
fn former() -> (TempDir, SnapshotFolder, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let snapshots = SnapshotFolder::new(folder.path().to_owned());
    let file = former::path(folder.path(), organization());
    let rulesets =
        json!({environment(1).to_string(): ruleset(1), environment(2).to_string(): ruleset(4)});
    let content = json!({"format": 1, "record": record(&[1, 2]), "rulesets": rulesets});
    fs::write(&file, content.to_string()).unwrap();
    (folder, snapshots, file)
}

#[tokio::test]
async fn a_file_of_the_earlier_format_is_divided() {
    let (_folder, snapshots, file) = former();
    let whose = snapshots.whose(SecretHash::of(SECRET)).await;
    assert_eq!(whose, Some((organization(), environment(1))));
    let structure = snapshots.structure(organization()).await;
    assert_eq!(structure, Some(record(&[1, 2])));
    for (number, version) in [(1, 1), (2, 4)] {
        let read = snapshots.ruleset(organization(), environment(number)).await;
        assert_eq!(read, Some(ruleset(version)));
    }
    assert!(!file.exists());
}

#[tokio::test]
async fn a_file_of_the_earlier_format_replaces_nothing_newer() {
    let (_folder, snapshots, file) = former();
    let content = fs::read(&file).unwrap();
    snapshots.write_structure(record(&[1])).await.unwrap();
    snapshots
        .write_environment(organization(), environment(1), snapshot(9))
        .await
        .unwrap();
    fs::write(&file, content).unwrap();
    snapshots.write_structure(record(&[1])).await.unwrap();
    let read = snapshots.ruleset(organization(), environment(1)).await;
    assert_eq!(read, Some(ruleset(9)));
    let gone = snapshots.ruleset(organization(), environment(2)).await;
    assert_eq!(gone, None, "it is not in the structure any more");
    assert!(!file.exists());
}

#[tokio::test]
async fn a_damaged_file_of_the_earlier_format_stops_nothing() {
    let (_folder, snapshots, file) = former();
    fs::write(&file, "{\"format\":1").unwrap();
    assert_eq!(snapshots.structure(organization()).await, None);
    assert!(!file.exists());
}
