//! What a caller shows: a session's cookie or a bearer token.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use peekaboo_storage::Secret;

use crate::config::ApiConfig;

/// The name of the session's cookie.
pub(crate) const SESSION_COOKIE: &str = "peekaboo_session";

/// What a caller shows.
#[derive(Debug, Clone)]
pub(crate) enum Credential {
    /// A person's session.
    Session(Secret),
    /// A machine's token.
    Token(Secret),
}

impl Credential {
    /// What the request shows. A bearer token stands above a cookie: who sends one means it.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        if let Some(value) = headers.get(AUTHORIZATION) {
            let value = value.to_str().ok()?;
            let (scheme, token) = value.split_once(' ')?;
            return scheme
                .eq_ignore_ascii_case("bearer")
                .then(|| Self::Token(Secret::new(token.trim())));
        }
        session_of(headers).map(Self::Session)
    }

    pub(crate) fn secret(&self) -> &Secret {
        match self {
            Self::Session(secret) | Self::Token(secret) => secret,
        }
    }
}

/// The session in the request's cookie.
pub(crate) fn session_of(headers: &HeaderMap) -> Option<Secret> {
    let jar = CookieJar::from_headers(headers);
    let value = jar.get(SESSION_COOKIE)?.value();
    (!value.is_empty()).then(|| Secret::new(value))
}

/// A cookie that holds a session for as long as the browser keeps it; the hub decides when it ends.
pub(crate) fn session_cookie(secret: &Secret, config: &ApiConfig) -> Cookie<'static> {
    let lifetime = i64::try_from(config.session_idle.as_secs()).unwrap_or(i64::MAX);
    Cookie::build((SESSION_COOKIE, secret.expose().to_owned()))
        .path(config.cookie_path().to_owned())
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(config.secure_cookies())
        .max_age(time::Duration::seconds(lifetime))
        .build()
}

/// A cookie that takes the session away.
pub(crate) fn no_session_cookie(config: &ApiConfig) -> Cookie<'static> {
    Cookie::build((SESSION_COOKIE, ""))
        .path(config.cookie_path().to_owned())
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(config.secure_cookies())
        .max_age(time::Duration::ZERO)
        .build()
}

/// The name of the cookie that holds a device's mark.
const DEVICE_COOKIE: &str = "peekaboo_device";

/// The mark that the request's device shows.
pub(crate) fn device_of(headers: &HeaderMap) -> Option<String> {
    let jar = CookieJar::from_headers(headers);
    Some(jar.get(DEVICE_COOKIE)?.value().to_owned())
}

/// A cookie that holds a device's mark for a year.
pub(crate) fn device_cookie(mark: &str, config: &ApiConfig) -> Cookie<'static> {
    Cookie::build((DEVICE_COOKIE, mark.to_owned()))
        .path(config.cookie_path().to_owned())
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(config.secure_cookies())
        .max_age(time::Duration::days(365))
        .build()
}

/// Where the request came from, as far as that can be trusted.
pub(crate) fn address(parts: &Parts, config: &ApiConfig) -> IpAddr {
    if config.behind_proxy {
        // The last is what the proxy itself saw; those before it are the caller's word.
        let forwarded = parts.headers.get_all("x-forwarded-for").iter().next_back();
        let last = forwarded
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.rsplit(',').next())
            .and_then(|address| address.trim().parse().ok());
        if let Some(address) = last {
            return address;
        }
    }
    parts
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn a_token_stands_above_a_cookie() {
        let both = headers(&[
            ("authorization", "Bearer pbt_x"),
            ("cookie", "a=b; peekaboo_session=s"),
        ]);
        let Some(Credential::Token(token)) = Credential::of(&both) else {
            panic!("expected the token")
        };
        assert_eq!(token.expose(), "pbt_x");
        let cookie = headers(&[("cookie", "a=b; peekaboo_session=s")]);
        assert!(matches!(
            Credential::of(&cookie),
            Some(Credential::Session(_))
        ));
    }

    #[test]
    fn anything_else_is_nobody() {
        for pairs in [
            &[][..],
            &[
                ("authorization", "Basic YTpi"),
                ("cookie", "peekaboo_session=s"),
            ],
            &[("authorization", "Bearer")],
            &[("cookie", "peekaboo_session=")],
        ] {
            assert!(Credential::of(&headers(pairs)).is_none(), "{pairs:?}");
        }
    }

    #[test]
    fn the_cookie_is_out_of_reach_for_scripts_and_other_sites() {
        let config = ApiConfig {
            public_url: Some("https://flags.example.com".to_owned()),
            ..ApiConfig::default()
        };
        let cookie = session_cookie(&Secret::new("s"), &config).to_string();
        assert_eq!(
            cookie,
            "peekaboo_session=s; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=604800"
        );
        let config = ApiConfig {
            public_url: Some("https://example.com/tools/flags".to_owned()),
            ..ApiConfig::default()
        };
        let cookie = session_cookie(&Secret::new("s"), &config);
        assert_eq!(cookie.path(), Some("/tools/flags"));
    }

    #[test]
    fn only_a_proxy_is_believed_where_a_request_came_from() {
        let (parts, ()) = Request::builder()
            .header("x-forwarded-for", "198.51.100.9, 192.0.2.7")
            .extension(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 9))))
            .body(())
            .unwrap()
            .into_parts();
        let mut config = ApiConfig::default();
        assert_eq!(address(&parts, &config).to_string(), "127.0.0.1");
        config.behind_proxy = true;
        assert_eq!(address(&parts, &config).to_string(), "192.0.2.7");
    }
}
