//! The address of a mail server: where it is, whether TLS is used, and who signs in.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use url::Url;

/// An address such as `smtps://USER:PASSWORD@smtp.example.com`. Its password never shows.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpUrl {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) security: Security,
    pub(super) credentials: Option<(String, String)>,
}

/// How a connection is secured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Security {
    /// TLS from the first byte.
    Tls,
    /// TLS after STARTTLS; a server without it is refused.
    StartTls,
    /// None.
    Plain,
}

/// The text is not the address of a mail server. The error never repeats it, because it may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0}; write for example smtps://USER:PASSWORD@smtp.example.com or smtp://10.0.0.5:25?tls=none"
)]
pub struct InvalidSmtpUrl(&'static str);

impl FromStr for SmtpUrl {
    type Err = InvalidSmtpUrl;

    fn from_str(text: &str) -> Result<Self, InvalidSmtpUrl> {
        let url = Url::parse(text).map_err(|_| InvalidSmtpUrl("is not an SMTP URL"))?;
        let tls = match url.query() {
            None => None,
            Some("tls=required") => Some(true),
            Some("tls=none") => Some(false),
            Some(_) => {
                return Err(InvalidSmtpUrl(
                    "has an unknown parameter; only tls=required and tls=none are supported",
                ));
            }
        };
        let (security, port) = match (url.scheme(), tls) {
            ("smtps", None | Some(true)) => (Security::Tls, 465),
            ("smtps", Some(false)) => {
                return Err(InvalidSmtpUrl(
                    "turns off TLS for smtps://, which always uses it",
                ));
            }
            ("smtp", None | Some(true)) => (Security::StartTls, 587),
            ("smtp", Some(false)) => (Security::Plain, 25),
            _ => return Err(InvalidSmtpUrl("does not start with smtp:// or smtps://")),
        };
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(InvalidSmtpUrl("has a path"));
        }
        let host = url.host_str().filter(|host| !host.is_empty());
        let decode = |text: &str| {
            percent_encoding::percent_decode_str(text)
                .decode_utf8()
                .map(Cow::into_owned)
                .map_err(|_| InvalidSmtpUrl("has a user name or password that is not UTF-8"))
        };
        let credentials = match (url.username(), url.password()) {
            ("", None) => None,
            (user, Some(password)) if !user.is_empty() => Some((decode(user)?, decode(password)?)),
            _ => {
                return Err(InvalidSmtpUrl(
                    "needs both a user name and a password, or neither",
                ));
            }
        };
        Ok(Self {
            host: host
                .ok_or(InvalidSmtpUrl("has no host"))?
                .trim_start_matches('[')
                .trim_end_matches(']')
                .to_owned(),
            port: url.port().unwrap_or(port),
            security,
            credentials,
        })
    }
}

impl SmtpUrl {
    /// How to fix a failure of TLS that is described by `error`; empty where that is not known.
    pub(super) fn tls_hint(&self, error: &str) -> &'static str {
        match self.security {
            // What rustls says of bytes that are not TLS: the greeting of a server that waits for STARTTLS.
            Security::Tls if error.contains("InvalidContentType") => {
                "; the server does not start with TLS on this port: use smtp:// instead of smtps://"
            }
            _ if ["UnknownIssuer", "BadSignature"]
                .iter()
                .any(|unknown| error.contains(unknown)) =>
            {
                "; to trust your own certificate authority, set SSL_CERT_FILE to its file"
            }
            _ => "",
        }
    }
}

impl fmt::Display for SmtpUrl {
    /// The address without user and password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, query) = match self.security {
            Security::Tls => ("smtps", ""),
            Security::StartTls => ("smtp", ""),
            Security::Plain => ("smtp", "?tls=none"),
        };
        let (host, port) = (&self.host, self.port);
        if host.contains(':') {
            write!(f, "{scheme}://[{host}]:{port}{query}")
        } else {
            write!(f, "{scheme}://{host}:{port}{query}")
        }
    }
}

impl fmt::Debug for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_says_where_how_and_as_whom() {
        let url: SmtpUrl = "smtps://ada%40example.com:p%3Ass@mail.example.com"
            .parse()
            .expect("valid");
        assert_eq!((url.host.as_str(), url.port), ("mail.example.com", 465));
        assert_eq!(url.security, Security::Tls);
        let expected = ("ada@example.com".to_owned(), "p:ss".to_owned());
        assert_eq!(url.credentials, Some(expected));
    }

    #[test]
    fn without_tls_only_where_it_is_asked_for() {
        let parse = |text: &str| text.parse::<SmtpUrl>().expect("valid");
        let encrypted = parse("smtp://mail.example.com");
        assert_eq!(
            (encrypted.security, encrypted.port),
            (Security::StartTls, 587)
        );
        let plain = parse("smtp://[::1]:2525?tls=none");
        assert_eq!((plain.security, plain.port), (Security::Plain, 2525));
        assert_eq!(
            (plain.host.as_str(), plain.to_string().as_str()),
            ("::1", "smtp://[::1]:2525?tls=none")
        );
    }

    #[test]
    fn a_password_never_shows() {
        let url: SmtpUrl = "smtp://ada:hunter2@mail.example.com"
            .parse()
            .expect("valid");
        assert_eq!(
            format!("{url} {url:?}"),
            "smtp://mail.example.com:587 smtp://mail.example.com:587"
        );
        let invalid = "smtp://ada:hunter2@mail.example.com/inbox".parse::<SmtpUrl>();
        assert!(
            !invalid
                .expect_err("it has a path")
                .to_string()
                .contains("hunter2")
        );
    }

    #[test]
    fn invalid_mail_server_urls_are_refused_with_a_reason() {
        for (text, reason) in [
            ("mail.example.com", "is not an SMTP URL"),
            (
                "https://mail.example.com",
                "does not start with smtp:// or smtps://",
            ),
            ("smtp://", "has no host"),
            (
                "smtp://ada@mail.example.com",
                "needs both a user name and a password",
            ),
            (
                "smtps://mail.example.com?tls=none",
                "turns off TLS for smtps://, which always uses it",
            ),
            (
                "smtp://mail.example.com?tls=maybe",
                "has an unknown parameter",
            ),
        ] {
            let error = text.parse::<SmtpUrl>().expect_err(text).to_string();
            assert!(error.starts_with(reason), "{text}: {error}");
        }
    }
}
