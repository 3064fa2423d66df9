//! The OpenAPI document: what the handlers say of themselves, and what holds for all of them.
//!
//! A handler documents what is its own: its success and the conflicts it knows. What follows from the shape of an
//! operation (it takes a body, it needs a permission, it honours If-Match) is added here, once, by the same rule for all.

mod complete;
mod refusals;

use serde_json::json;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{
    ComponentsBuilder, ContentBuilder, Info, License, ObjectBuilder, OpenApi, OpenApiBuilder,
    RefOr, ResponseBuilder, Tag,
};
use utoipa::{PartialSchema as _, ToSchema as _};

pub(crate) use complete::complete;

use crate::problem::Document;
use refusals::{REFUSALS, request_id_header};

/// The prefix of every endpoint.
pub const PREFIX: &str = "/api/v1";

/// The document before any endpoint is in it.
pub(crate) fn skeleton() -> OpenApi {
    let mut info = Info::new("Peek-a-boo admin API", env!("CARGO_PKG_VERSION"));
    info.description = Some(include_str!("introduction.md").to_owned());
    info.license = Some(License::new("MIT"));
    let tags = [
        ("setup", "The first run."),
        ("session", "Signing in and out, and coming in by a link."),
        ("account", "A person's own account."),
        ("organizations", "The tenants."),
        ("operator", "Running the hub."),
        ("members", "Who belongs to an organization."),
        ("access", "Roles, teams, service accounts and grants."),
        ("tokens", "Credentials for machines."),
        ("audit", "Who changed what, when and why."),
        ("events", "What happens, as it happens."),
        ("projects", "The flags of one product."),
        ("environments", "Where flags have their own targeting."),
        ("keys", "With what applications connect."),
        ("flags", "What flags are, in every environment."),
        ("targeting", "What a flag does in one environment."),
        ("segments", "Named groups of contexts."),
        ("usage", "What applications do with flags."),
    ];
    let mut schemas = vec![(Document::name().into_owned(), Document::schema())];
    Document::schemas(&mut schemas);
    let mut components = ComponentsBuilder::new()
        .schemas_from_iter(schemas)
        .security_scheme(
            "session",
            SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
                "peekaboo_session",
                "A person's session, from signIn or completeSetup. Requests that change something must come from the dashboard's own origin.",
            ))),
        )
        .security_scheme(
            "token",
            SecurityScheme::Http(
                HttpBuilder::new()
                    .scheme(HttpAuthScheme::Bearer)
                    .bearer_format("pbt_…")
                    .description(Some("An API token, from createToken."))
                    .build(),
            ),
        );
    for refusal in REFUSALS {
        components = components.response(refusal.name, refusal.response());
    }
    OpenApiBuilder::new()
        .info(info)
        .tags(Some(tags.map(|(name, description)| {
            let mut tag = Tag::new(name);
            tag.description = Some(description.to_owned());
            tag
        })))
        .components(Some(components.build()))
        .build()
}

/// The document is itself an endpoint; it does not describe itself any further than that.
pub(crate) fn describes_itself(document: &mut OpenApi) {
    let mut operation = Operation::new();
    operation.operation_id = Some("getOpenApi".to_owned());
    operation.summary = Some("Get this document".to_owned());
    operation.tags = Some(vec!["document".to_owned()]);
    operation.security = Some(vec![SecurityRequirement::default()]);
    let content = ContentBuilder::new()
        .schema(Some(ObjectBuilder::new()))
        .example(Some(json!({"openapi": "3.1.0"})))
        .build();
    operation.responses.responses.insert(
        "200".to_owned(),
        RefOr::T(
            ResponseBuilder::new()
                .description("The document.")
                .header("X-Request-Id", request_id_header())
                .content("application/json", content)
                .build(),
        ),
    );
    document.paths.add_path_operation(
        format!("{PREFIX}/openapi.json"),
        vec![utoipa::openapi::HttpMethod::Get],
        operation,
    );
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use std::collections::BTreeSet;

    fn document() -> Value {
        serde_json::to_value(crate::openapi()).unwrap()
    }

    #[test]
    fn the_committed_document_is_the_generated_one() {
        let committed: Value = serde_json::from_str(include_str!("../../openapi.json")).unwrap();
        if let Some(difference) = difference("", &committed, &document()) {
            panic!("{difference}; run `make gen` and look over what it changes");
        }
    }

    /// The first place at which two documents differ.
    fn difference(at: &str, committed: &Value, generated: &Value) -> Option<String> {
        match (committed, generated) {
            (Value::Object(a), Value::Object(b)) => {
                let names: BTreeSet<_> = a.keys().chain(b.keys()).collect();
                names.into_iter().find_map(|name| {
                    let at = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
                    match (a.get(name), b.get(name)) {
                        (Some(a), Some(b)) => difference(&at, a, b),
                        (None, _) => Some(format!("{at} is new")),
                        (_, None) => Some(format!("{at} is gone")),
                    }
                })
            }
            (a, b) if a == b => None,
            (a, b) => Some(format!("{at} is {b}, was {a}")),
        }
    }

    #[test]
    fn every_operation_has_a_name_of_its_own_a_summary_and_a_tag() {
        let document = document();
        let mut names = BTreeSet::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for operation in item.as_object().unwrap().values() {
                let name = operation["operationId"].as_str().unwrap();
                assert!(names.insert(name.to_owned()), "{name} twice");
                assert!(operation["summary"].is_string(), "{path} {name}");
                assert!(operation["tags"][0].is_string(), "{path} {name}");
            }
        }
        assert!(names.len() > 45);
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let document = document();
        let mut open = vec![&document];
        while let Some(value) = open.pop() {
            if let Some(reference) = value.get("$ref").and_then(Value::as_str) {
                let found = document.pointer(reference.trim_start_matches('#'));
                assert!(found.is_some(), "{reference}");
            }
            match value {
                Value::Object(members) => open.extend(members.values()),
                Value::Array(items) => open.extend(items),
                _ => {}
            }
        }
    }

    #[test]
    fn every_answer_names_its_request() {
        let document = document();
        for item in document["paths"].as_object().unwrap().values() {
            for operation in item.as_object().unwrap().values() {
                for response in operation["responses"].as_object().unwrap().values() {
                    let response = match response["$ref"].as_str() {
                        Some(reference) => {
                            document.pointer(reference.trim_start_matches('#')).unwrap()
                        }
                        None => response,
                    };
                    assert!(
                        response["headers"]["X-Request-Id"].is_object(),
                        "{response}"
                    );
                }
            }
        }
    }
}
