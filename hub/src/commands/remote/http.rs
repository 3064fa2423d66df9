//! The HTTP client that commands use: how it connects, and whom it trusts.

use std::{net::IpAddr, time::Duration};

use anyhow::{Context as _, anyhow, bail};
use http::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::{Client, Url, redirect::Policy};

use crate::tls;

/// For the connection and TLS together.
pub(super) const CONNECTED_WITHIN: Duration = Duration::from_secs(10);

/// For one request and its whole answer.
pub(super) const ANSWERED_WITHIN: Duration = Duration::from_mins(2);

/// Parses the URL of a hub.
pub(super) fn hub_url(text: &str) -> anyhow::Result<Url> {
    let url = Url::parse(text).ok();
    let url = url.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let url = url.ok_or_else(|| {
        anyhow!("--url \"{text}\" is not a URL; write for example https://flags.example.com")
    })?;
    if !url.username().is_empty() || url.password().is_some() {
        bail!("--url must not contain a user name or password; pass the token with --token");
    }
    if url.query().is_some() || url.fragment().is_some() {
        bail!("--url \"{text}\" must not contain a query or a fragment");
    }
    Ok(url)
}

/// A client for the hub at `url`, as the owner of `token`.
///
/// It honors `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`, but for a hub on this machine, which no proxy
/// could reach. It follows no redirect: the token is for the hub that was named.
pub(super) fn client(url: &Url, token: &str) -> anyhow::Result<Client> {
    let mut authorization = HeaderValue::try_from(format!("Bearer {token}"))
        .context("--token contains invalid characters; copy the token again")?;
    authorization.set_sensitive(true);
    let headers = HeaderMap::from_iter([
        (ACCEPT, HeaderValue::from_static("application/json")),
        (AUTHORIZATION, authorization),
    ]);
    let is_local = is_on_this_machine(url);
    let mut builder = Client::builder()
        .user_agent(concat!("peekaboo/", env!("CARGO_PKG_VERSION")))
        .default_headers(headers)
        .connect_timeout(CONNECTED_WITHIN)
        .timeout(ANSWERED_WITHIN)
        .redirect(Policy::none())
        .tls_backend_preconfigured(trusted(url, is_local)?);
    if is_local {
        builder = builder.no_proxy();
    }
    builder.build().context("cannot prepare the HTTP client")
}

/// Whom the client trusts. Without TLS that matters only on the way to a proxy.
fn trusted(url: &Url, is_local: bool) -> anyhow::Result<rustls::ClientConfig> {
    let trusted = match url.scheme() {
        "https" => tls::trusting_the_system(),
        _ if is_local => tls::without_trusted_authorities(),
        _ => tls::trusting_the_system().or_else(|_| tls::without_trusted_authorities()),
    };
    trusted.map_err(|reason| anyhow!(reason))
}

fn is_on_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || address
            .parse()
            .is_ok_and(|address: IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_hub_and_nothing_else() {
        for text in ["http://127.0.0.1:3000", "https://flags.example.com/behind/"] {
            assert!(hub_url(text).is_ok(), "{text}");
        }
        for (text, problem) in [
            ("flags.example.com", "is not a URL"),
            ("localhost:3000", "is not a URL"),
            ("ftp://flags.example.com", "is not a URL"),
            ("", "is not a URL"),
            (
                "https://ada:secret@flags.example.com",
                "must not contain a user name",
            ),
            ("https://flags.example.com?a=b", "must not contain a query"),
        ] {
            let refused = hub_url(text).expect_err(text).to_string();
            assert!(refused.contains(problem), "{text}: {refused}");
            assert!(!refused.contains("secret"), "{refused}");
        }
    }

    #[test]
    fn a_hub_on_this_machine_is_known_by_its_address() {
        for (text, is_local) in [
            ("http://127.0.0.1:3000", true),
            ("http://[::1]:3000", true),
            ("http://localhost:3000", true),
            ("http://10.0.0.7:3000", false),
            ("https://localhost.example.com", false),
        ] {
            let url = hub_url(text).expect(text);
            assert_eq!(is_on_this_machine(&url), is_local, "{text}");
        }
    }

    #[test]
    fn a_token_that_cannot_be_one_is_refused_without_showing_it() {
        let url = hub_url("http://127.0.0.1:3000").expect("an address");
        let refused = client(&url, "pbt_secret\n").expect_err("a refusal");
        assert_eq!(
            refused.to_string(),
            "--token contains invalid characters; copy the token again"
        );
        assert!(!format!("{refused:#}").contains("secret"));
    }
}
