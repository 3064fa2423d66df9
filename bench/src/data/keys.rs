//! Keys of environments and tokens of organizations, with secrets that follow from a number.

use std::ops::Range;

use peekaboo_storage::Secret;

use super::store::{Kind, Store};

/// Rows of one statement.
const ROWS: u64 = 500;

/// The secret with a number.
pub(super) fn secret(prefix: &str, number: u64) -> String {
    format!("{prefix}{number:043}")
}

/// Gives environments a server key and a client key each.
pub(super) async fn insert_keys(
    store: &mut Store,
    environments: Range<u64>,
    at: &str,
) -> anyhow::Result<()> {
    let mut first = environments.start;
    while first < environments.end {
        let last = environments.end.min(first + ROWS);
        let rows: Vec<String> = (first..last)
            .flat_map(|environment| {
                [("server", "pbs_", 0), ("client", "pbc_", 1)]
                    .map(|kind| row(store, environment, kind, at))
            })
            .collect();
        let sql = format!(
            "INSERT INTO sdk_keys (id, environment, kind, name, hash, prefix, token, origins, version, created_at) VALUES {}",
            rows.join(", ")
        );
        store.run(&sql).await?;
        first = last;
    }
    Ok(())
}

fn row(
    store: &Store,
    environment: u64,
    (kind, prefix, nth): (&str, &str, u64),
    at: &str,
) -> String {
    let secret = Secret::new(secret(prefix, environment));
    let token = if kind == "client" {
        format!("'{}'", secret.expose())
    } else {
        "NULL".to_owned()
    };
    format!(
        "({id}, {environment}, '{kind}', 'Default', {hash}, '{shown}', {token}, '[]', 1, '{at}')",
        id = store.id(Kind::SdkKey, &(environment * 2 + nth).to_string()),
        environment = store.id(Kind::Environment, &environment.to_string()),
        hash = store.bytes(secret.hash().as_bytes()),
        shown = secret.display_prefix(),
    )
}

/// Gives an organization a token that may do everything; returns it.
pub(super) async fn insert_token(
    store: &mut Store,
    organization: u64,
    at: &str,
) -> anyhow::Result<String> {
    let secret = Secret::new(secret("pbt_", organization));
    let sql = format!(
        "INSERT INTO api_tokens (id, organization, name, role, hash, prefix, created_at) \
         VALUES ({id}, {organization}, 'bench', 'owner', {hash}, '{shown}', '{at}')",
        id = store.id(Kind::ApiToken, &organization.to_string()),
        organization = store.id(Kind::Organization, &organization.to_string()),
        hash = store.bytes(secret.hash().as_bytes()),
        shown = secret.display_prefix(),
    );
    store.run(&sql).await?;
    Ok(secret.expose().to_owned())
}
