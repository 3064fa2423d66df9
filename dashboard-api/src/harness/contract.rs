//! Holds each answer against the document: a status, a header or a member that it does not know fails the test that
//! met it.

use axum::http::Method;
use serde_json::Value;

/// The document, as callers see it.
pub(crate) struct Contract {
    document: Value,
}

impl Contract {
    pub(crate) fn new() -> Self {
        let document = serde_json::to_value(crate::openapi()).expect("the document is JSON");
        Self { document }
    }

    /// Every operation: its method, its path's template, and what is said of it.
    pub(crate) fn operations(&self) -> impl Iterator<Item = (Method, &str, &Value)> {
        let paths = self.document["paths"].as_object().expect("paths");
        paths.iter().flat_map(|(path, item)| {
            let methods = ["get", "put", "post", "patch", "delete"];
            methods.into_iter().filter_map(move |method| {
                let operation = item.get(method)?;
                let method = method.to_uppercase().parse().expect("a method");
                Some((method, path.as_str(), operation))
            })
        })
    }

    /// The operation that answers at a path, if any does.
    pub(crate) fn operation(&self, method: &Method, path: &str) -> Option<&Value> {
        let path = path.split('?').next().unwrap_or_default();
        self.operations()
            .filter(|(own, template, _)| own == method && matches(template, path))
            .min_by_key(|(_, template, _)| template.matches('{').count())
            .map(|(_, _, operation)| operation)
    }

    /// Whether a type of problem is listed.
    pub(crate) fn tells_of(&self, code: &str) -> bool {
        let listed = self.document["info"]["description"].as_str();
        listed.is_some_and(|listed| listed.contains(&format!("`{code}`")))
    }

    /// A schema by its name.
    pub(crate) fn schema(&self, name: &str) -> &Value {
        &self.document["components"]["schemas"][name]
    }

    /// Whether the answer is one that the document tells of; what is wrong with it otherwise.
    pub(crate) fn check(
        &self,
        operation: &Value,
        status: u16,
        content_type: Option<&str>,
        body: Option<&Value>,
    ) -> Result<(), String> {
        let response = operation["responses"]
            .get(status.to_string())
            .ok_or_else(|| format!("{status} is not documented"))?;
        let response = self.resolved(response);
        let Some(content) = response.get("content").and_then(Value::as_object) else {
            return match content_type {
                None => Ok(()),
                Some(found) => Err(format!("{status} has no body, but here is {found}")),
            };
        };
        let media_type = content_type.unwrap_or_default();
        let media_type = media_type.split(';').next().unwrap_or_default();
        let content = content
            .get(media_type)
            .ok_or_else(|| format!("{media_type} is not documented for {status}"))?;
        match body {
            Some(body) => self.conforms(&content["schema"], body, "", true),
            None => Ok(()),
        }
    }

    /// Whether a value is of a schema. Where `closed`, members that the schema does not name are errors: the document
    /// would not be complete.
    fn conforms(
        &self,
        schema: &Value,
        value: &Value,
        at: &str,
        closed: bool,
    ) -> Result<(), String> {
        let schema = self.resolved(schema);
        let wrong = |reason: String| Err(format!("{at}: {reason}: {value}"));
        if let Some(types) = schema.get("type") {
            let allowed: Vec<_> = match types {
                Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
                one => one.as_str().into_iter().collect(),
            };
            if !allowed.iter().any(|allowed| is_of(allowed, value)) {
                return wrong(format!("not of type {allowed:?}"));
            }
        }
        if let Some(allowed) = schema.get("enum").and_then(Value::as_array)
            && !allowed.contains(value)
        {
            return wrong(format!("none of {allowed:?}"));
        }
        if let Some(minimum) = schema.get("minimum").and_then(Value::as_f64)
            && value.as_f64().is_some_and(|number| number < minimum)
        {
            return wrong(format!("below {minimum}"));
        }
        if let Some(alternatives) = schema.get("oneOf").and_then(Value::as_array) {
            let outcomes = alternatives
                .iter()
                .map(|alternative| self.conforms(alternative, value, at, closed));
            let (fits, misfits): (Vec<_>, Vec<_>) = outcomes.partition(Result::is_ok);
            if fits.len() != 1 {
                return wrong(format!(
                    "fits {} of the alternatives {misfits:?}",
                    fits.len()
                ));
            }
        }
        for part in schema
            .get("allOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            self.conforms(part, value, at, false)?;
        }
        match value {
            Value::Object(members) => {
                for name in schema["required"].as_array().into_iter().flatten() {
                    let name = name.as_str().unwrap_or_default();
                    if !members.contains_key(name) {
                        return wrong(format!("lacks {name}"));
                    }
                }
                let others = schema
                    .get("additionalProperties")
                    .filter(|others| others.is_object());
                for (name, member) in members {
                    let at = format!("{at}/{name}");
                    if let Some(property) = schema.get("properties").and_then(|own| own.get(name)) {
                        self.conforms(property, member, &at, true)?;
                    } else if let Some(others) = others {
                        self.conforms(others, member, &at, true)?;
                    } else if closed && self.is_object(schema) && !self.names(schema, name) {
                        return Err(format!("{at} is not documented"));
                    }
                }
            }
            Value::Array(items) => {
                let first = schema["prefixItems"]
                    .as_array()
                    .map_or(&[][..], Vec::as_slice);
                for (index, item) in items.iter().enumerate() {
                    let at = format!("{at}/{index}");
                    match (first.get(index), schema.get("items")) {
                        (Some(schema), _) => self.conforms(schema, item, &at, true)?,
                        (None, Some(schema)) if schema.is_object() => {
                            self.conforms(schema, item, &at, true)?;
                        }
                        (None, Some(Value::Bool(false))) => {
                            return Err(format!("{at} is too many"));
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn resolved<'a>(&'a self, schema: &'a Value) -> &'a Value {
        match schema.get("$ref").and_then(Value::as_str) {
            Some(reference) => {
                let pointer = reference.trim_start_matches('#');
                let found = self.document.pointer(pointer);
                found.unwrap_or_else(|| panic!("{reference} leads nowhere"))
            }
            None => schema,
        }
    }

    /// An object whose members are listed, rather than any JSON.
    fn is_object(&self, schema: &Value) -> bool {
        schema.get("properties").is_some()
            || Self::parts(schema).any(|part| self.is_object(self.resolved(part)))
    }

    fn names(&self, schema: &Value, member: &str) -> bool {
        schema
            .get("properties")
            .is_some_and(|own| own.get(member).is_some())
            || Self::parts(schema).any(|part| self.names(self.resolved(part), member))
    }

    fn parts(schema: &Value) -> impl Iterator<Item = &Value> {
        let lists = ["allOf", "oneOf"]
            .into_iter()
            .filter_map(|list| schema.get(list));
        lists.filter_map(Value::as_array).flatten()
    }
}

fn matches(template: &str, path: &str) -> bool {
    let (template, path) = (template.split('/'), path.split('/'));
    template.clone().count() == path.clone().count()
        && template
            .zip(path)
            .all(|(own, given)| own == given || (own.starts_with('{') && !given.is_empty()))
}

fn is_of(name: &str, value: &Value) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "array" => value.is_array(),
        _ => value.is_object(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(schema: &str, value: &Value) -> Result<(), String> {
        let schema = json!({"$ref": format!("#/components/schemas/{schema}")});
        Contract::new().conforms(&schema, value, "", true)
    }

    #[test]
    fn a_value_of_its_schema_conforms() {
        check("Serve", &json!({"variation": "on"})).unwrap();
        check("Condition", &json!({"all": [{"not": {"segment": "beta"}}]})).unwrap();
        check("Serve", &json!({"split": {"weights": [["on", 100_000]]}})).unwrap();
    }

    #[test]
    fn any_other_does_not() {
        for (schema, value) in [
            ("Serve", json!({"variation": 1})),
            ("Serve", json!({})),
            ("Serve", json!({"split": {"weights": [["on", 1, 2]]}})),
            ("Condition", json!({"all": [{"not": {"segment": 1}}]})),
            ("SessionOrganization", json!({"key": "a", "name": "A"})),
            (
                "SessionOrganization",
                json!({"key": "a", "name": "A", "role": "king"}),
            ),
            (
                "SessionOrganization",
                json!({"key": "a", "name": "A", "role": "owner", "more": 1}),
            ),
        ] {
            assert!(check(schema, &value).is_err(), "{schema} {value}");
        }
    }
}
