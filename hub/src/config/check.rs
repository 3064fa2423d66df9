//! What must hold between settings, and the bounds of single ones.

use std::time::Duration;

use peekaboo_flags::{MAX_VALUE_DEPTH, model::MAX_CONDITION_DEPTH};

use super::{resolver::Resolver, settings::Config};

/// The longest drain that still ends within the 30 seconds that process managers grant.
const LONGEST_WINDOW: Duration = Duration::from_secs(25);

/// Notes every mistake that no single value shows.
pub(super) fn check(config: &Config, resolver: &mut Resolver<'_>) {
    check_listeners(config, resolver);
    check_least(config, resolver);
    check_most(config, resolver);
}

fn check_listeners(config: &Config, resolver: &mut Resolver<'_>) {
    let listeners = config.listeners();
    let is_sound = |name: &str| !resolver.is_refused(name);
    let listeners: Vec<_> = listeners
        .into_iter()
        .filter(|(name, _)| is_sound(name))
        .collect();
    for (index, (name, address)) in listeners.iter().enumerate() {
        let taken = listeners[..index]
            .iter()
            .find(|(_, other)| other == address && address.port() != 0);
        if let Some((other, _)) = taken {
            resolver.refuse(
                name,
                &format!("is also the address of {other}; use a different port"),
            );
        }
    }
}

/// Values with which the process could not do its work at all.
fn check_least(config: &Config, resolver: &mut Resolver<'_>) {
    let Config {
        dashboard,
        sdk,
        database,
        audit,
        mail,
        ..
    } = config;
    let sends_mail = mail.smtp_url.is_some() || resolver.is_refused("mail.smtp_url");
    if sends_mail && mail.from.is_none() {
        resolver.refuse(
            "mail.from",
            "is empty, but mail.smtp_url is set; set the sender's address",
        );
    }
    if database.max_connections < 2 {
        resolver.refuse(
            "database.max_connections",
            "is too small; use at least 2, because one connection listens for changes",
        );
    }
    let second = Duration::from_secs(1);
    for (setting, is_too_small, least) in [
        (
            "dashboard.max_connections",
            dashboard.max_connections == 0,
            "1",
        ),
        (
            "dashboard.max_connections_per_address",
            dashboard.max_connections_per_address == 0,
            "1",
        ),
        ("dashboard.max_body", dashboard.max_body.0 == 0, "1B"),
        (
            "dashboard.session_idle",
            dashboard.session_idle < second,
            "1s",
        ),
        (
            "dashboard.session_lifetime",
            dashboard.session_lifetime < dashboard.session_idle,
            "the value of dashboard.session_idle",
        ),
        ("sdk.max_connections", sdk.max_connections == 0, "1"),
        (
            "sdk.handshakes_per_second",
            sdk.handshakes_per_second == 0,
            "1",
        ),
        ("sdk.handshake_burst", sdk.handshake_burst == 0, "1"),
        ("sdk.heartbeat", sdk.heartbeat < second, "1s"),
        ("sdk.hello_timeout", sdk.hello_timeout.is_zero(), "1ms"),
        (
            "sdk.slow_consumer_timeout",
            sdk.slow_consumer_timeout < second,
            "1s",
        ),
        (
            "sdk.organization_idle",
            sdk.organization_idle < second,
            "1s",
        ),
        ("sdk.history", sdk.history == 0, "1"),
        (
            "database.acquire_timeout",
            database.acquire_timeout.is_zero(),
            "1ms",
        ),
        (
            "database.statement_timeout",
            database.statement_timeout.is_zero(),
            "1ms",
        ),
        ("database.log_retention", database.log_retention == 0, "1"),
        (
            "audit.retention",
            audit
                .retention
                .is_some_and(|kept| kept < Duration::from_hours(24)),
            "1d",
        ),
        ("mail.timeout", mail.timeout < second, "1s"),
    ] {
        if is_too_small {
            resolver.refuse(setting, &format!("is too small; use at least {least}"));
        }
    }
}

fn check_most(config: &Config, resolver: &mut Resolver<'_>) {
    if config.shutdown.window > LONGEST_WINDOW {
        resolver.refuse(
            "shutdown.window",
            "is too long; use at most 25s, because the process must end within 30s",
        );
    }
    for (setting, depth, most) in [
        (
            "limits.condition_depth",
            config.limits.condition_depth,
            MAX_CONDITION_DEPTH,
        ),
        (
            "limits.value_depth",
            config.limits.value_depth,
            MAX_VALUE_DEPTH,
        ),
    ] {
        if depth > most {
            resolver.refuse(
                setting,
                &format!("is too large; use at most {most}, the deepest supported nesting"),
            );
        }
    }
}
