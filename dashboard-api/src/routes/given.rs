//! Places and roles as requests name them.

use peekaboo_policy::Scope;
use peekaboo_storage::{RoleChoice, RoleId};

use crate::model::GrantScope;
use crate::problem::Problem;

/// The place that is meant. `before` is what precedes a member's name in a pointer: `/scope/`, or `?`.
pub(super) fn scope(before: &str, given: GrantScope) -> Result<Scope, Problem> {
    match (given.project, given.environment) {
        (None, None) => Ok(Scope::Organization),
        (Some(project), None) => Ok(Scope::project(project)),
        (Some(project), Some(environment)) => Ok(Scope::environment(project, environment)),
        (None, Some(_)) => Err(Problem::field(
            format!("{before}project"),
            "required",
            "an environment needs its project",
        )),
    }
}

/// The role that a request means.
pub(super) fn role_choice(pointer: &str, role: &str) -> Result<RoleChoice, Problem> {
    if let Ok(role) = role.parse() {
        return Ok(RoleChoice::BuiltIn(role));
    }
    role.parse::<RoleId>().map(RoleChoice::Custom).map_err(|_| {
        Problem::field(
            pointer,
            "unknown_value",
            "expected viewer, editor, admin, owner, or the id of a custom role",
        )
    })
}
