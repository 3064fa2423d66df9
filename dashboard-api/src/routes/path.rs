//! The parameters in paths, and the headers that several endpoints take, for the document.

use peekaboo_storage::{Key, SubjectKey};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

/// `/organizations/{org}`
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct OrganizationPath {
    /// The organisation's key.
    #[expect(dead_code, reason = "read by what finds the member")]
    org: String,
}

/// `/operator/organizations/{organization}`
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct OperatedPath {
    /// The organization's id.
    pub organization: Uuid,
}

/// `/account/sessions/{session}`
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct SessionPath {
    /// The session's id.
    pub session: Uuid,
}

/// `…/invitations/{invitation}`
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct InvitationPath {
    /// The organization's key.
    #[expect(dead_code, reason = "read by what finds the member")]
    org: String,
    /// The invitation's id.
    pub invitation: Uuid,
}

/// `…/tokens/{token}`
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct TokenPath {
    /// The organisation's key.
    #[expect(dead_code, reason = "read by what finds the member")]
    org: String,
    /// The token's id.
    pub token: Uuid,
}

/// `…/members/{member}`
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct MemberPath {
    /// The organization's key.
    #[expect(dead_code, reason = "read by what finds the member")]
    org: String,
    /// The person's id.
    pub member: Uuid,
}

/// `…/teams/{team}`
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct TeamPath {
    /// The organization's key.
    #[expect(dead_code, reason = "read by what finds the member")]
    org: String,
    /// The team's id.
    pub team: Uuid,
}

/// `…/teams/{team}/members/{member}`
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct TeamMemberPath {
    /// The organization's key.
    #[expect(dead_code, reason = "read by what finds the member")]
    org: String,
    /// The team's id.
    pub team: Uuid,
    /// The person's id.
    pub member: Uuid,
}

/// `…/roles/{role}`
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct RolePath {
    /// The organization's key.
    #[expect(dead_code, reason = "read by what finds the member")]
    org: String,
    /// The id of a custom role.
    pub role: Uuid,
}

/// `…/service-accounts/{account}`
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct ServiceAccountPath {
    /// The organization's key.
    #[expect(dead_code, reason = "read by what finds the member")]
    org: String,
    /// The service account's id.
    pub account: Uuid,
}

/// `…/grants/{grant}`
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct GrantPath {
    /// The organization's key.
    #[expect(dead_code, reason = "read by what finds the member")]
    org: String,
    /// The grant's id.
    pub grant: Uuid,
}

/// `…/projects/{project}`
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct ProjectPath {
    /// The organisation's key.
    #[expect(dead_code, reason = "read by what finds the member")]
    org: String,
    /// The project's key.
    #[param(value_type = String)]
    pub project: Key,
}

/// `…/environments/{environment}`
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct EnvironmentPath {
    /// The organisation's key.
    #[expect(dead_code, reason = "read by what finds the member")]
    org: String,
    /// The project's key.
    #[param(value_type = String)]
    pub project: Key,
    /// The environment's key.
    #[param(value_type = String)]
    pub environment: Key,
}

/// `…/environments/{environment}/keys/{key}`
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct KeyPath {
    /// The organisation's key.
    #[expect(dead_code, reason = "read by what finds the member")]
    org: String,
    /// The project's key.
    #[param(value_type = String)]
    pub project: Key,
    /// The environment's key.
    #[param(value_type = String)]
    pub environment: Key,
    /// The SDK key's id.
    pub key: Uuid,
}

/// `…/flags/{flag}`
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct FlagPath {
    /// The organisation's key.
    #[expect(dead_code, reason = "read by what finds the member")]
    org: String,
    /// The project's key.
    #[param(value_type = String)]
    pub project: Key,
    /// The flag's key.
    #[param(value_type = String)]
    pub flag: SubjectKey,
}

/// `…/flags/{flag}/environments/{environment}`
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct TargetingPath {
    /// The organisation's key.
    #[expect(dead_code, reason = "read by what finds the member")]
    org: String,
    /// The project's key.
    #[param(value_type = String)]
    pub project: Key,
    /// The flag's key.
    #[param(value_type = String)]
    pub flag: SubjectKey,
    /// The environment's key.
    #[param(value_type = String)]
    pub environment: Key,
}

/// `…/environments/{environment}/usage/flags/{flag}`
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct UsagePath {
    /// The organisation's key.
    org: String,
    /// The project's key.
    #[param(value_type = String)]
    pub project: Key,
    /// The environment's key.
    #[param(value_type = String)]
    pub environment: Key,
    /// The flag's key.
    #[param(value_type = String)]
    pub flag: SubjectKey,
}

impl UsagePath {
    /// The environment's path, and the flag.
    pub(crate) fn apart(self) -> (EnvironmentPath, SubjectKey) {
        let environment = EnvironmentPath {
            org: self.org,
            project: self.project,
            environment: self.environment,
        };
        (environment, self.flag)
    }
}

/// `…/segments/{segment}`
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct SegmentPath {
    /// The organisation's key.
    #[expect(dead_code, reason = "read by what finds the member")]
    org: String,
    /// The project's key.
    #[param(value_type = String)]
    pub project: Key,
    /// The segment's key.
    #[param(value_type = String)]
    pub segment: SubjectKey,
}
