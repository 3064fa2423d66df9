//! Query parameters: refused by name, as members of a body are.

use std::error::Error as _;

use axum::extract::FromRequestParts;
use axum::http::Uri;
use axum::http::request::Parts;
use peekaboo_flags::describe_json_error;
use serde::de::DeserializeOwned;

use crate::ApiState;
use crate::problem::Problem;

/// How much of a parameter's value is shown, in characters.
const SHOWN: usize = 60;

/// The parameters in the query.
///
/// Several may read one query, each its own parameters; those that none knows are left alone, as everywhere on the web.
#[derive(Debug)]
pub(crate) struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<ApiState> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &ApiState) -> Result<Self, Problem> {
        axum::extract::Query::try_from_uri(&parts.uri)
            .map(|axum::extract::Query(parameters)| Self(parameters))
            .map_err(|rejection| {
                let reason = rejection
                    .source()
                    .map_or_else(|| rejection.to_string(), ToString::to_string);
                refusal(&parts.uri, &reason)
            })
    }
}

/// Names the parameter, what is wrong with it, and its value.
fn refusal(uri: &Uri, reason: &str) -> Problem {
    let missing = reason.strip_prefix("missing field `");
    let (name, detail) = match (missing, reason.split_once(": ")) {
        (Some(rest), _) => (rest.trim_end_matches('`'), "missing".to_owned()),
        (None, Some((name, reason))) => (name, in_plain_words(reason)),
        (None, None) => ("", in_plain_words(reason)),
    };
    let found = value_of(uri, name).map_or_else(String::new, |value| format!(", found {value:?}"));
    let detail = format!("{name}: {detail}{found}");
    Problem::field(format!("?{name}"), "malformed_value", detail)
}

/// Rust's messages for text that is not a number or a boolean say neither what is expected nor what was found.
fn in_plain_words(reason: &str) -> String {
    match reason {
        "invalid digit found in string" | "cannot parse integer from empty string" => {
            "expected a whole number of 0 or more".to_owned()
        }
        "number too large to fit in target type" => "the number is too large".to_owned(),
        "provided string was not `true` or `false`" => "expected true or false".to_owned(),
        other => describe_json_error(&other),
    }
}

/// The beginning of a parameter's value.
fn value_of(uri: &Uri, name: &str) -> Option<String> {
    let axum::extract::Query(pairs) =
        axum::extract::Query::<Vec<(String, String)>>::try_from_uri(uri).ok()?;
    let (_, value) = pairs.into_iter().find(|(given, _)| given == name)?;
    Some(value.chars().take(SHOWN).collect())
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Size {
        Small,
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only how it is read matters")]
    struct Parameters {
        limit: Option<u32>,
        all: Option<bool>,
        size: Option<Size>,
        event: String,
    }

    #[test]
    fn a_refusal_names_the_parameter_its_value_and_what_is_expected() {
        for (query, detail) in [
            (
                "event=a&limit=-1",
                "limit: expected a whole number of 0 or more, found \"-1\"",
            ),
            (
                "event=a&all=yes",
                "all: expected true or false, found \"yes\"",
            ),
            (
                "event=a&size=huge",
                "size: unknown value `huge`, expected `small`, found \"huge\"",
            ),
            ("limit=1", "event: missing"),
        ] {
            let uri: Uri = format!("/list?{query}").parse().unwrap();
            let rejection =
                axum::extract::Query::<Parameters>::try_from_uri(&uri).expect_err("it is refused");
            let problem = refusal(&uri, &rejection.source().unwrap().to_string());
            assert_eq!(problem.detail, detail, "{query}");
            let name = detail.split(':').next().unwrap();
            assert_eq!(problem.errors[0].pointer, format!("?{name}"), "{query}");
        }
    }
}
