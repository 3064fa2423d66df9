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
        /// The address people reach the dashboard at, when a proxy stands before it; it may have a path, as `https://example.com/flags`. With `https`, session cookies are marked `Secure`.
        public_url: Option<PublicUrl> = "",
        /// Whether that proxy's `X-Forwarded-For` names the caller. Without a proxy anybody could write the header, and rate limits go by address.
        behind_proxy: bool = "false",
        /// How many connections are held at once; further ones wait.
        max_connections: usize = "1024",
        /// The largest request to the admin API.
        max_body: ByteSize = "8MiB",
        /// How long a session lasts without a request.
        session_idle: Duration = "7d",
        /// How long a session lasts, however much it is used.
        session_lifetime: Duration = "90d",
    }

    /// The tenants of this hub.
    organizations: Organizations {
        /// Who can create organizations. `nobody` leaves it at the one that setup makes.
        create: WhoCreates = "operators",
    }

    /// The key that encrypts what must be read again, such as the seeds of second factors. Without it nobody can set up a second factor, and no mail with a link is sent.
    secret: SecretSettings {
        /// One key, the same on every node, as `peekaboo secret generate` prints it. To replace it, put the new one before the old, separated by a comma, run `peekaboo secret rotate`, and leave the old one out.
        key: Keyring = "",
        /// A file that holds the same, and that other users cannot read. Without either, `secret.key` in the data directory; a hub on the embedded database makes that.
        key_file: Option<PathBuf> = "",
    }

    /// What applications connect to.
    sdk: Sdk {
        /// Where applications connect.
        listen: SocketAddr = "127.0.0.1:6001",
        /// The address applications reach, when a proxy stands before it; it may have a path. The dashboard's "connect" page shows it.
        public_url: Option<PublicUrl> = "",
        /// Connections that this node holds, whatever they do; further ones are turned away.
        max_connections: usize = "1000000",
        /// Connections of one address, or of one /64 network of IPv6. Behind a proxy all come from the proxy's, so the default is the node's own; lower it where applications connect directly.
        max_connections_per_address: usize = "1000000",
        /// Streams that may be opened in a second, over time; others are asked to come back.
        handshakes_per_second: u32 = "5000",
        /// Streams that may be opened at once.
        handshake_burst: u32 = "5000",
        /// After this long without a byte sent, a connection gets a ping.
        heartbeat: Duration = "25s",
        /// A connection that has not said who it is by then is closed.
        hello_timeout: Duration = "5s",
        /// A connection that has not read for this long is closed.
        slow_consumer_timeout: Duration = "30s",
        /// Connections that one organization may hold on this node.
        max_connections_per_organization: usize = "1000000",
        /// Connections that one key may hold on this node.
        max_connections_per_key: usize = "1000000",
        /// Requests by HTTP that one key may make in a second on this node, over time; others are asked to come back. The default is more than a processor's core answers.
        requests_per_second_per_key: u32 = "100000",
        /// Requests by HTTP that one key may make at once.
        request_burst_per_key: u32 = "100000",
        /// Changes an environment remembers in memory, so that who missed them gets those and not everything.
        history: usize = "1000",
        /// An organization that nobody has used for this long leaves memory.
        organization_idle: Duration = "10m",
    }

    /// Metrics and health, for operators alone.
    metrics: Metrics {
        /// Where `/metrics`, `/healthz` and `/readyz` listen.
        listen: SocketAddr = "127.0.0.1:9464",
    }

    /// What is kept on disk.
    data: Data {
        /// The directory of the embedded database; made when missing.
        dir: PathBuf = "data",
    }

    /// Where everything is stored.
    database: Database {
        /// `postgres://USER:PASSWORD@HOST/NAME` or `sqlite:PATH`; without one, `peekaboo.db` in the data directory. `DATABASE_URL` works too.
        url: Option<DatabaseUrl> = "",
        /// How many connections to PostgreSQL this node holds at most; one of them listens for changes.
        max_connections: u32 = "10",
        /// How long to wait for a connection before answering that the database is away.
        acquire_timeout: Duration = "2s",
        /// How long one statement may take, waiting for locks included.
        statement_timeout: Duration = "3s",
        /// Changes of an environment that the log keeps; who is further behind reads everything.
        log_retention: u32 = "1000",
    }

    /// What `peekaboo edge` follows in the place of a database; nothing else reads these.
    edge: Edge {
        /// The hub or edge to follow: `wss://HOST`, or `ws://HOST:PORT` within a network that is trusted. `--upstream` for short.
        upstream: Option<Upstream> = "",
        /// A server key of each environment to serve, separated by commas; a second one of the same environment takes over when the first is revoked. `--key` for short, which may be repeated.
        keys: ServerKeys = "",
        /// How much usage may wait on disk for the upstream; while there is no room, applications keep theirs. What waits for a day is given up.
        usage_spool: ByteSize = "64MiB",
    }

    /// What applications report of their flags.
    usage: Usage {
        /// Batches that may wait for the database; further ones are left to be sent again.
        queue: usize = "1024",
        /// How long counts by the hour are kept.
        counts_retention: Duration = "90d",
        /// How long exposures and custom events are kept.
        events_retention: Duration = "30d",
    }

    /// The audit log: who changed what.
    audit: Audit {
        /// How long its entries are kept; at least `1d`. Without this setting they are never deleted.
        retention: Option<Duration> = "",
        /// A file to which this hub appends every entry of all organizations as JSON Lines.
        file: Option<PathBuf> = "",
    }

    /// Mail that the hub sends. Without a server, mail waits in the queue.
    mail: Mail {
        /// The mail server: `smtps://USER:PASSWORD@HOST` for TLS from the start, or `smtp://…` for STARTTLS, which is then required. `smtp://HOST:25?tls=none` is for a server on this machine or a trusted network. Escape special characters in the password as `%40`.
        smtp_url: Option<SmtpUrl> = "",
        /// The sender of every mail, as `flags@example.com` or `Feature flags <flags@example.com>`. Required with `mail.smtp_url`.
        from: Option<Mailbox> = "",
        /// How long the mail server may take to take a mail, from connecting to its last answer.
        timeout: Duration = "30s",
    }

    /// Log lines, written to standard error.
    log: Log {
        /// Which lines are written: a level, or directives such as `info,peekaboo_actors=debug`.
        filter: LogFilter = "info",
        /// `text` for people, `json` for collectors.
        format: LogFormat = "text",
    }

    /// What happens on SIGTERM.
    shutdown: Shutdown {
        /// Over how long connected applications are asked to go elsewhere; 25s at most, so that the process ends within 30.
        window: Duration = "20s",
    }

    /// How many things there may be; every refusal names its limit.
    limits: Limits {
        /// Projects in an organization.
        projects: usize = "100",
        /// Environments in a project.
        environments: usize = "20",
        /// Keys of an environment that are not revoked.
        sdk_keys: usize = "50",
        /// Origins of a client key.
        origins: usize = "50",
        /// Tokens of an organization.
        api_tokens: usize = "100",
        /// Tags of a flag.
        tags: usize = "20",
        /// Invitations of an organization that nobody has accepted yet.
        invitations: usize = "200",
        /// Flags in a project.
        flags: usize = "10000",
        /// Segments in a project.
        segments: usize = "1000",
        /// Variations of a flag.
        variations: usize = "100",
        /// The largest value of a variation, as JSON.
        value_size: ByteSize = "16KiB",
        /// How deep a variation's value nests.
        value_depth: usize = "32",
        /// The longest name, attribute, seed or listed value.
        text_size: ByteSize = "1KiB",
        /// Prerequisites of a flag.
        prerequisites: usize = "20",
        /// Target lists of a flag.
        targets: usize = "100",
        /// Rules of a flag.
        rules: usize = "200",
        /// Conditions and clauses in one tree.
        conditions: usize = "200",
        /// How deep a condition nests.
        condition_depth: usize = "16",
        /// Values of an `in` clause, a target list or a segment's lists.
        listed_values: usize = "100000",
        /// Values of any other clause, which are compared one by one.
        compared_values: usize = "1000",
        /// What the regular expressions of a flag or segment unfold to together; sets beyond ASCII count for ten.
        pattern_size: usize = "10000",
    }
}
