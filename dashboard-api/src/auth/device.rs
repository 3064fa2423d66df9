//! What a person signs in with, as they recognize it later in the list of their sessions.

use std::convert::Infallible;
use std::net::IpAddr;

use axum::extract::FromRequestParts;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use peekaboo_storage::{NewSession, Origin, UserId};

use super::credential;
use crate::{ApiConfig, ApiState};

/// Where a request came from, and what its sender calls itself. Neither proves anything.
#[derive(Debug, Clone)]
pub(crate) struct Device {
    /// The address, as far as it can be trusted.
    pub ip: IpAddr,
    /// The same for the audit log, with what the client calls itself.
    pub origin: Origin,
}

impl Device {
    pub(crate) fn of(parts: &Parts, config: &ApiConfig) -> Self {
        let ip = credential::address(parts, config);
        let user_agent = parts.headers.get(USER_AGENT);
        let user_agent = user_agent.and_then(|value| value.to_str().ok());
        Self {
            ip,
            origin: Origin::of(ip.to_string(), user_agent),
        }
    }

    /// A session on it, begun with a password.
    pub(crate) fn session(self, user: UserId) -> NewSession {
        NewSession {
            origin: self.origin,
            ..NewSession::of(user)
        }
    }
}

impl FromRequestParts<ApiState> for Device {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Infallible> {
        Ok(Self::of(parts, state.config()))
    }
}
