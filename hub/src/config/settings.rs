//! Every setting, written once: its name, type, default and what it does.
//!
//! From this one table come the [`Config`] struct, the command's flags, the `PEEKABOO_*`
//! variables, the names a TOML file may use, and `docs/configuration.md`.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use peekaboo_dashboard_api::WhoCreates;
use peekaboo_storage::Keyring;
use peekaboo_tasks::mail::{Mailbox, SmtpUrl};

use super::{
    resolver::Resolver,
    setting::Setting,
    value::Value,
    values::{ByteSize, DatabaseUrl, LogFilter, LogFormat, PublicUrl, ServerKeys, Upstream},
};

/// Finds a setting by `section` and `field`.
pub(super) fn find(section: &str, field: &str) -> Option<&'static Setting> {
    SETTINGS
        .iter()
        .find(|setting| setting.section == section && setting.field == field)
}

macro_rules! settings {
    ($(
        $(#[doc = $section_doc:literal])*
        $section:ident: $Section:ident {
            $(
                $(#[doc = $doc:literal])*
                $field:ident: $type:ty = $default:literal,
            )*
        }
    )*) => {
        /// The whole configuration, read and checked before anything binds.
        #[derive(Debug, Clone)]
        pub struct Config {
            $( $(#[doc = $section_doc])* pub $section: $Section, )*
        }

        $(
            $(#[doc = $section_doc])*
            #[derive(Debug, Clone)]
            pub struct $Section {
                $( $(#[doc = $doc])* pub $field: $type, )*
            }
        )*

        /// Every setting, in the order of the reference.
        pub(crate) static SETTINGS: &[Setting] = &[
            $($(
                Setting {
                    section: stringify!($section),
                    field: stringify!($field),
                    default: $default,
                    kind: <$type as Value>::KIND,
                    bare: <$type as Value>::BARE,
                    doc: concat!($($doc),*),
                },
            )*)*
        ];

        /// Every section with what it is about.
        pub(crate) static SECTIONS: &[(&str, &str)] = &[
            $( (stringify!($section), concat!($($section_doc),*)), )*
        ];

        impl Config {
            /// Reads each setting from where it is given; what is wrong is kept by the resolver.
            pub(super) fn resolve(resolver: &mut Resolver<'_>) -> Self {
                Self {
                    $($section: $Section {
                        $($field: resolver.resolve(
                            find(stringify!($section), stringify!($field))
                                .expect("the table holds every field"),
                        ),)*
                    },)*
                }
            }
        }
    };
}

settings! {
    /// The dashboard and the admin API.
    dashboard: Dashboard {
        /// Where the dashboard and the admin API listen.
        listen: SocketAddr = "127.0.0.1:3000",
        /// The dashboard's URL behind a proxy, optionally with a path, such as `https://example.com/flags`. With `https`, session cookies are `Secure`.
        public_url: Option<PublicUrl> = "",
        /// Whether to take the client's address from `X-Forwarded-For`. Only turn this on behind a proxy that sets the header; otherwise clients could forge their address and avoid rate limits.
        behind_proxy: bool = "false",
        /// Maximum number of open connections, not counting event streams. If the limit is reached, the connection whose client has been silent for longest is closed for a new one; if all of them are waiting for a response, the new one waits.
        max_connections: usize = "1024",
        /// Maximum number of these per address, or per /64 network of IPv6; further connections are refused. Ignored with `behind_proxy`.
        max_connections_per_address: usize = "256",
        /// Maximum size of a request to the admin API.
        max_body: ByteSize = "8MiB",
        /// A session ends after this time without a request.
        session_idle: Duration = "7d",
        /// A session ends after this time, even if it is in use.
        session_lifetime: Duration = "90d",
    }

    /// The tenants of this hub.
    organizations: Organizations {
        /// Who can create organizations. With `nobody`, only setup creates one.
        create: WhoCreates = "operators",
    }

    /// The key that encrypts secrets the hub must read again, such as the seeds of second factors. Without it, second factors cannot be set up and no email with a link is sent.
    secret: SecretSettings {
        /// A key from `peekaboo secret generate`, the same on every node. To replace it, put the new key before the old one, separated by a comma, run `peekaboo secret rotate`, and remove the old key.
        key: Keyring = "",
        /// A file with the key, not readable by other users. If neither is set, the hub uses `secret.key` in the data directory; a hub on the embedded database creates that file.
        key_file: Option<PathBuf> = "",
    }

    /// The listener that applications connect to.
    sdk: Sdk {
        /// Where applications connect.
        listen: SocketAddr = "127.0.0.1:6001",
        /// The URL that applications use behind a proxy, optionally with a path. The dashboard's *Connect* page shows it.
        public_url: Option<PublicUrl> = "",
        /// Maximum number of connections on this node; further connections are refused.
        max_connections: usize = "1000000",
        /// Maximum number of connections from one IPv4 address or one IPv6 /64 network. Behind a proxy, all connections have the proxy's address, so the default equals the node's limit; lower it if applications connect directly.
        max_connections_per_address: usize = "1000000",
        /// Maximum rate of new streams per second; further clients are told to retry.
        handshakes_per_second: u32 = "5000",
        /// Maximum number of new streams in a burst.
        handshake_burst: u32 = "5000",
        /// The hub sends a ping after this time without sending anything else.
        heartbeat: Duration = "25s",
        /// A connection is closed if it has not sent its HELLO after this time.
        hello_timeout: Duration = "5s",
        /// A connection is closed if it has not read anything for this time.
        slow_consumer_timeout: Duration = "30s",
        /// Maximum number of connections of an organization on this node.
        max_connections_per_organization: usize = "1000000",
        /// Maximum number of connections with the same key on this node.
        max_connections_per_key: usize = "1000000",
        /// Maximum rate of HTTP requests per second with the same key on this node; further requests are told to retry. The default is more than one CPU core can serve.
        requests_per_second_per_key: u32 = "100000",
        /// Maximum number of HTTP requests with the same key in a burst.
        request_burst_per_key: u32 = "100000",
        /// Number of changes to keep in memory for each environment. Clients that missed at most this many receive only the changes instead of a snapshot.
        history: usize = "1000",
        /// An organization is removed from memory after this time without use.
        organization_idle: Duration = "10m",
    }

    /// Metrics and health checks, for operators only.
    metrics: Metrics {
        /// Where `/metrics`, `/healthz` and `/readyz` listen.
        listen: SocketAddr = "127.0.0.1:9464",
    }

    /// Files on disk.
    data: Data {
        /// The directory of the embedded database; created if it does not exist.
        dir: PathBuf = "data",
    }

    /// The database.
    database: Database {
        /// `postgres://USER:PASSWORD@HOST/NAME` or `sqlite:PATH`; if not set, SQLite in `peekaboo.db` in the data directory. `DATABASE_URL` works too.
        url: Option<DatabaseUrl> = "",
        /// Maximum number of connections to PostgreSQL from this node; one of them listens for changes.
        max_connections: u32 = "10",
        /// Maximum time to wait for a connection before reporting that the database is unavailable.
        acquire_timeout: Duration = "2s",
        /// Maximum time of a statement, including waiting for locks.
        statement_timeout: Duration = "3s",
        /// Number of changes to keep in the log for each environment; nodes and clients that are further behind read a snapshot.
        log_retention: u32 = "1000",
    }

    /// Settings of `peekaboo edge`, which follows a hub instead of a database. Other commands ignore them.
    edge: Edge {
        /// The hub or edge to follow: `wss://HOST`, or `ws://HOST:PORT` in a trusted network. Short flag: `--upstream`.
        upstream: Option<Upstream> = "",
        /// Server keys of the environments to serve, separated by commas. A second key of the same environment takes over if the first is revoked. Short flag: `--key`, which can be repeated.
        keys: ServerKeys = "",
        /// Maximum size of the usage that waits on disk for the upstream. When it is full, applications keep their usage. Usage that has waited for a day is discarded.
        usage_spool: ByteSize = "64MiB",
    }

    /// The usage that applications report.
    usage: Usage {
        /// Maximum number of batches that wait for the database; applications send further batches again later.
        queue: usize = "1024",
        /// How long to keep hourly counts.
        counts_retention: Duration = "90d",
        /// How long to keep exposures and custom events.
        events_retention: Duration = "30d",
    }

    /// The audit log: who changed what.
    audit: Audit {
        /// How long to keep entries; at least `1d`. If not set, entries are never deleted.
        retention: Option<Duration> = "",
        /// A file to which this hub appends every entry of all organizations as JSON Lines.
        file: Option<PathBuf> = "",
    }

    /// Email that the hub sends. Without a server, email waits in the queue.
    mail: Mail {
        /// The mail server: `smtps://USER:PASSWORD@HOST` for TLS from the start, or `smtp://…` for required STARTTLS. Use `smtp://HOST:25?tls=none` for a server on this machine or in a trusted network. Escape special characters in the password, such as `@` as `%40`.
        smtp_url: Option<SmtpUrl> = "",
        /// The sender of every email, such as `flags@example.com` or `Feature flags <flags@example.com>`. Required with `mail.smtp_url`.
        from: Option<Mailbox> = "",
        /// Maximum time to deliver an email to the mail server, including connecting.
        timeout: Duration = "30s",
    }

    /// Log lines, written to standard error.
    log: Log {
        /// Which lines to write: a level, or directives such as `info,peekaboo_actors=debug`.
        filter: LogFilter = "info",
        /// `text` for people, `json` for collectors.
        format: LogFormat = "text",
    }

    /// How the hub stops on SIGTERM.
    shutdown: Shutdown {
        /// Connected applications are asked to reconnect elsewhere over this time; at most `25s`, so that the process ends within 30 seconds.
        window: Duration = "20s",
    }

    /// Limits on the number and size of things. Every error names the limit that was reached.
    limits: Limits {
        /// Projects in an organization.
        projects: usize = "100",
        /// Environments in a project.
        environments: usize = "20",
        /// Active keys in an environment.
        sdk_keys: usize = "50",
        /// Origins of a client key.
        origins: usize = "50",
        /// Tokens of an organization.
        api_tokens: usize = "100",
        /// Tags of a flag.
        tags: usize = "20",
        /// Pending invitations of an organization.
        invitations: usize = "200",
        /// Flags in a project.
        flags: usize = "10000",
        /// Segments in a project.
        segments: usize = "1000",
        /// Variations of a flag.
        variations: usize = "100",
        /// Maximum size of a variation's value as JSON.
        value_size: ByteSize = "16KiB",
        /// Maximum nesting depth of a variation's value.
        value_depth: usize = "32",
        /// Maximum size of a name, attribute, seed or listed value.
        text_size: ByteSize = "1KiB",
        /// Prerequisites of a flag.
        prerequisites: usize = "20",
        /// Target lists of a flag.
        targets: usize = "100",
        /// Rules of a flag.
        rules: usize = "200",
        /// Conditions and clauses in one tree.
        conditions: usize = "200",
        /// Maximum nesting depth of a condition.
        condition_depth: usize = "16",
        /// Values in an `in` clause, a target list or a segment's list.
        listed_values: usize = "100000",
        /// Values in any other clause, which are compared one by one.
        compared_values: usize = "1000",
        /// Total size of the compiled regular expressions of a flag or segment; a character set beyond ASCII counts as ten.
        pattern_size: usize = "10000",
    }
}
