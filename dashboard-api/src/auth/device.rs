//! What a person signs in with, as they recognize it later in the list of their sessions.

use std::convert::Infallible;
use std::net::IpAddr;

use axum::extract::FromRequestParts;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use peekaboo_storage::{NewSession, UserId};

use super::credential;
use crate::ApiState;

/// Where a request came from, and what its sender calls itself. Neither proves anything.
#[derive(Debug, Clone)]
pub(crate) struct Device {
    /// The address, as far as it can be trusted.
    pub ip: IpAddr,
    /// The same as text.
    pub address: String,
    /// As it was sent.
    pub user_agent: Option<String>,
}

impl Device {
    /// A session on it, begun with a password.
    pub(crate) fn session(self, user: UserId) -> NewSession {
        NewSession {
            address: Some(self.address),
            user_agent: self.user_agent,
            ..NewSession::of(user)
        }
    }
}

impl FromRequestParts<ApiState> for Device {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Infallible> {
        let ip = credential::address(parts, state.config());
        let user_agent = parts.headers.get(USER_AGENT);
        Ok(Self {
            ip,
            address: ip.to_string(),
            user_agent: user_agent
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned),
        })
    }
}
