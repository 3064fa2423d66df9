//! What follows from the shape of an operation, added to each by the same rule.

use std::collections::BTreeSet;

use peekaboo_policy::Permission;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::path::{Operation, Parameter, ParameterIn};
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{OpenApi, Ref, RefOr, Required};

use super::refusals::{REFUSALS, header, request_id_header};

/// Adds to each operation what follows from its shape.
pub(crate) fn complete(mut document: OpenApi) -> OpenApi {
    for (path, item) in &mut document.paths.paths {
        let operations = [
            (&mut item.get, false),
            (&mut item.put, true),
            (&mut item.post, true),
            (&mut item.patch, true),
            (&mut item.delete, true),
        ];
        for (operation, writes) in operations {
            if let Some(operation) = operation {
                let permission = permission(operation);
                secure(operation, permission);
                let refusals = refusals(path, operation, writes, permission);
                add_refusals(operation, &refusals);
                add_headers(operation);
            }
        }
    }
    document
}

/// The permission that an operation is asked for first.
///
/// # Panics
/// If it names none that exists: the document is made from constants.
fn permission(operation: &Operation) -> Option<Permission> {
    let extensions: &Extensions = operation.extensions.as_ref()?;
    let key = extensions.get("x-permission")?.as_str()?;
    Some(key.parse().expect("x-permission names a permission"))
}

/// An operation needs a credential unless it says otherwise; its permission is described in words.
fn secure(operation: &mut Operation, permission: Option<Permission>) {
    if operation.security.is_none() {
        operation.security = Some(vec![
            SecurityRequirement::new("session", [] as [&str; 0]),
            SecurityRequirement::new("token", [] as [&str; 0]),
        ]);
    }
    if let Some(permission) = permission {
        let needs = format!(
            "Needs the permission `{permission}`, which comes with the role {} and higher ones.",
            permission.least_role()
        );
        operation.description = Some(match operation.description.take() {
            Some(description) => format!("{description}\n\n{needs}"),
            None => needs,
        });
    }
}

/// The names of the refusals that an operation can answer by its shape.
fn refusals(
    path: &str,
    operation: &Operation,
    writes: bool,
    permission: Option<Permission>,
) -> BTreeSet<&'static str> {
    let mut refusals = BTreeSet::from(["InternalError", "Unavailable"]);
    if operation.request_body.is_some() {
        refusals.extend(["Malformed", "TooLarge", "UnsupportedMediaType", "Invalid"]);
    }
    let security = operation.security.iter().flatten();
    if !security
        .into_iter()
        .any(|requirement| *requirement == SecurityRequirement::default())
    {
        refusals.insert("Unauthenticated");
    }
    // A member may be kept out of an organization as a whole.
    if writes || permission.is_some() || path.contains("{org}") {
        refusals.insert("Forbidden");
    }
    if path.contains('{') {
        refusals.insert("NotFound");
    }
    for parameter in parameters(operation) {
        match (&parameter.parameter_in, parameter.name.as_str()) {
            (ParameterIn::Query, _) | (ParameterIn::Header, "Peekaboo-Comment") => {
                refusals.insert("Invalid");
            }
            (ParameterIn::Header, "If-Match") => {
                refusals.extend(["Invalid", "VersionConflict"]);
                if matches!(parameter.required, Required::True) {
                    refusals.insert("PreconditionRequired");
                }
            }
            (ParameterIn::Header, "Idempotency-Key") => {
                refusals.extend(["Invalid", "Conflict"]);
            }
            _ => {}
        }
    }
    refusals
}

fn parameters(operation: &Operation) -> impl Iterator<Item = &Parameter> {
    let parameters = operation.parameters.iter().flatten();
    parameters.filter_map(|parameter| match parameter {
        RefOr::T(parameter) => Some(parameter),
        RefOr::Ref(_) => None,
    })
}

fn add_refusals(operation: &mut Operation, names: &BTreeSet<&str>) {
    let responses = &mut operation.responses.responses;
    for refusal in REFUSALS {
        match responses.get_mut(refusal.status) {
            // A handler that names a refusal says when it happens; its body and headers are those of all.
            Some(RefOr::T(own)) => {
                let description = std::mem::take(&mut own.description);
                *own = refusal.response();
                own.description = description;
            }
            None if names.contains(refusal.name) => {
                let shared = RefOr::Ref(Ref::from_response_name(refusal.name));
                responses.insert(refusal.status.to_owned(), shared);
            }
            Some(RefOr::Ref(_)) | None => {}
        }
    }
}

fn add_headers(operation: &mut Operation) {
    let idempotent = parameters(operation).any(|parameter| parameter.name == "Idempotency-Key");
    for response in operation.responses.responses.values_mut() {
        let RefOr::T(response) = response else {
            continue;
        };
        let id = RefOr::T(request_id_header());
        response.headers.insert("X-Request-Id".to_owned(), id);
        if idempotent && response.content.contains_key("application/json") {
            let replayed = header("`true` where this is the answer of an earlier request.");
            response
                .headers
                .insert("Idempotency-Replayed".to_owned(), RefOr::T(replayed));
        }
    }
}
