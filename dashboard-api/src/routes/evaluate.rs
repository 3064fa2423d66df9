//! What flags would serve to a context, and why: the dashboard's playground.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use peekaboo_actors::EnvironmentSnapshot;
use peekaboo_flags::{Changes, CompiledRuleset, Context, Flag, Limits, validate_flag};
use peekaboo_storage as storage;
use serde::{Deserialize, Serialize};

use utoipa::ToSchema;

use super::path::EnvironmentPath;
use crate::ApiState;
use crate::auth::may;
use crate::http::{Body, Path, pointer_token};
use crate::model::{Detail, ReplaceTargeting};
use crate::problem::{FieldProblem, Problem};

/// Flags of one request; as many as a project has by default.
const MAX_FLAGS: usize = 10_000;

/// Flags that are told step by step; a trace may have thousands.
const MAX_TRACED: usize = 100;

/// For whom, and which flags.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"context": {"targetingKey": "user-1", "country": "SE"}, "flags": ["new-checkout"], "trace": true}))]
pub(crate) struct Evaluate {
    /// `targetingKey` and attributes of any JSON type.
    #[schema(value_type = BTreeMap<String, Value>)]
    pub context: Context,
    /// The flags' keys, at most 10,000, or 100 with a trace; all of the environment where it is left out.
    #[schema(nullable = false, max_items = 5000)]
    pub flags: Option<Vec<String>>,
    /// Whether to tell each step.
    #[serde(default)]
    pub trace: bool,
    /// Targetings to evaluate in place of the saved ones, by the flags' keys. Nothing is saved.
    #[serde(default)]
    #[schema(required = false)]
    pub drafts: BTreeMap<String, ReplaceTargeting>,
}

/// What the flags serve.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Evaluation {
    /// The version of the environment's ruleset.
    pub version: u64,
    /// By the flags' keys.
    pub results: BTreeMap<String, Detail>,
}

/// Evaluate flags
///
/// From memory, as an SDK would; nothing is recorded.
#[utoipa::path(
    post, path = "/organizations/{org}/projects/{project}/environments/{environment}/evaluate",
    tag = "environments", operation_id = "evaluate", extensions(("x-permission" = json!("environment.read"))),
    params(EnvironmentPath), request_body = Evaluate,
    responses((status = 200, description = "What each flag serves, and why.", body = Evaluation)),
)]
pub(crate) async fn evaluate(
    State(state): State<ApiState>,
    may::EnvironmentRead(member): may::EnvironmentRead,
    Path(path): Path<EnvironmentPath>,
    Body { value: ask, .. }: Body<Evaluate>,
) -> Result<Json<Evaluation>, Problem> {
    let environment = state
        .environment(member.tenant(), &path.project, &path.environment)
        .await?;
    let snapshot = state
        .hub()
        .environment(member.tenant(), environment)
        .await?;
    let ruleset = with_drafts(&snapshot, ask.drafts, &state.storage().limits().flags)?;
    let keys = match ask.flags {
        Some(keys) => keys,
        None => ruleset.flags().map(|(key, _)| key.to_owned()).collect(),
    };
    let max = if ask.trace { MAX_TRACED } else { MAX_FLAGS };
    if keys.len() > max {
        return Err(Problem::field(
            "/flags",
            "too_many",
            format!(
                "select at most {max} flags{}",
                if ask.trace { " to trace" } else { "" }
            ),
        ));
    }
    let results = keys.into_iter().map(|key| {
        let detail = evaluate_one(&ruleset, &key, &ask.context, ask.trace);
        (key, detail)
    });
    Ok(Json(Evaluation {
        version: snapshot.version,
        results: results.collect(),
    }))
}

/// The ruleset with the drafts in place of what is saved. Each is checked as a save checks it, except for the flags and
/// segments that it refers to: the evaluation tells which of them are missing.
fn with_drafts(
    snapshot: &EnvironmentSnapshot,
    drafts: BTreeMap<String, ReplaceTargeting>,
    limits: &Limits,
) -> Result<CompiledRuleset, Problem> {
    let mut changes = Changes::default();
    let mut problems = Vec::new();
    for (key, draft) in drafts {
        let at = format!("/drafts/{}", pointer_token(&key));
        let Some(saved) = snapshot.flag(&key) else {
            let detail = format!("flag {key:?} does not exist in this environment, or is archived");
            problems.push(FieldProblem::new(at, "unknown_flag", detail));
            continue;
        };
        let flag = drafted(saved, draft.into());
        for problem in validate_flag(&flag, limits).err().into_iter().flatten() {
            let pointer = format!("{at}{}", problem.pointer);
            problems.push(FieldProblem::new(pointer, problem.code, problem.message));
        }
        changes.put_flags.insert(key, flag);
    }
    if problems.is_empty() {
        Ok(snapshot.ruleset.with(&changes))
    } else {
        Err(Problem::invalid(problems))
    }
}

fn drafted(saved: Flag, draft: storage::Targeting) -> Flag {
    Flag {
        enabled: draft.enabled,
        off_variation: draft.off_variation,
        prerequisites: draft.prerequisites,
        targets: draft.targets,
        rules: draft.rules,
        fallthrough: draft.fallthrough,
        ..saved
    }
}

fn evaluate_one(ruleset: &CompiledRuleset, key: &str, context: &Context, trace: bool) -> Detail {
    if trace {
        let (detail, trace) = ruleset.evaluate_traced(key, context);
        return Detail::new(detail, Some(trace));
    }
    Detail::new(ruleset.evaluate(key, context), None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::TestApi;
    use axum::http::{Method, StatusCode};
    use serde_json::json;

    const EVALUATE: &str = "/organizations/acme/projects/shop/environments/production/evaluate";
    const CHECKOUT: &str =
        "/organizations/acme/projects/shop/flags/checkout/environments/production";

    #[tokio::test]
    async fn a_flag_says_what_it_serves_and_why() {
        let (api, owner) = TestApi::with_shop().await;
        api.flag(&owner, "checkout").await;
        api.call(&owner, Method::PATCH, CHECKOUT)
            .json(json!({
                "enabled": true,
                "rules": [{
                    "id": "nordics",
                    "when": {"attribute": "country", "op": "in", "values": ["SE"]},
                    "serve": {"variation": "on"}
                }],
                "fallthrough": {"variation": "off"}
            }))
            .expect(StatusCode::OK)
            .await;
        let ask = |body| {
            api.call(&owner, Method::POST, EVALUATE)
                .json(body)
                .expect(StatusCode::OK)
        };
        let told = ask(json!({"context": {"targetingKey": "u", "country": "SE"}})).await;
        let detail = &told.body["results"]["checkout"];
        assert_eq!(detail["value"], true);
        assert_eq!(detail["reason"], "TARGETING_MATCH");
        assert_eq!(detail["ruleId"], "nordics");
        assert_eq!(detail.get("trace"), None);

        let traced = ask(json!({
            "context": {"country": "DE"}, "flags": ["checkout", "nope"], "trace": true
        }))
        .await;
        let detail = &traced.body["results"]["checkout"];
        assert_eq!(detail["reason"], "DEFAULT");
        assert_eq!(detail["trace"]["steps"][0]["pointer"], "/rules/0");
        assert_eq!(detail["trace"]["steps"][0]["matched"], false);
        let unknown = &traced.body["results"]["nope"];
        assert_eq!(unknown["errorCode"], "FLAG_NOT_FOUND");
        assert!(unknown["value"].is_null());
    }

    #[tokio::test]
    async fn a_context_that_is_none_is_refused() {
        let (api, owner) = TestApi::with_shop().await;
        let ask = |body| api.call(&owner, Method::POST, EVALUATE).json(body);
        ask(json!({"flags": []}))
            .invalid("/context", "required")
            .await;
        ask(json!({"context": "user-1"}))
            .invalid("/context", "wrong_type")
            .await;
        ask(json!({"context": {}, "flag": "x"}))
            .invalid("/flag", "unknown_field")
            .await;
        let many: Vec<_> = (0..=MAX_TRACED).map(|n| format!("flag-{n}")).collect();
        ask(json!({"context": {}, "flags": many, "trace": true}))
            .invalid("/flags", "too_many")
            .await;
    }

    #[tokio::test]
    async fn a_draft_is_evaluated_in_place_of_what_is_saved_and_saves_nothing() {
        let (api, owner) = TestApi::with_shop().await;
        api.flag(&owner, "checkout").await;
        let draft = json!({
            "enabled": true,
            "offVariation": null,
            "rules": [{
                "id": "nordics",
                "when": {"attribute": "country", "op": "in", "values": ["SE"]},
                "serve": {"variation": "off"}
            }],
            "fallthrough": {"variation": "on"}
        });
        let ask = |drafts| {
            api.call(&owner, Method::POST, EVALUATE).json(json!({
                "context": {"country": "SE"}, "flags": ["checkout"], "trace": true, "drafts": drafts
            }))
        };
        let drafted = ask(json!({"checkout": draft})).expect(StatusCode::OK).await;
        let detail = &drafted.body["results"]["checkout"];
        assert_eq!(detail["ruleId"], "nordics");
        assert_eq!(detail["variation"], "off");
        let saved = ask(json!({})).expect(StatusCode::OK).await;
        assert_eq!(saved.body["results"]["checkout"]["reason"], "DISABLED");
        assert_eq!(saved.body["version"], drafted.body["version"]);
    }

    #[tokio::test]
    async fn a_draft_that_could_not_be_saved_is_refused_where_it_is_wrong() {
        let (api, owner) = TestApi::with_shop().await;
        api.flag(&owner, "checkout").await;
        let ask = |drafts| {
            api.call(&owner, Method::POST, EVALUATE)
                .json(json!({"context": {}, "drafts": drafts}))
        };
        let draft = |variation| json!({"enabled": true, "offVariation": null, "fallthrough": {"variation": variation}});
        ask(json!({"checkout": draft("maybe")}))
            .invalid(
                "/drafts/checkout/fallthrough/variation",
                "unknown_variation",
            )
            .await;
        ask(json!({"nope": draft("on")}))
            .invalid("/drafts/nope", "unknown_flag")
            .await;
    }

    #[tokio::test]
    async fn evaluation_goes_on_while_the_database_is_away() {
        let (api, owner) = TestApi::with_shop().await;
        api.flag(&owner, "checkout").await;
        api.toggle(&owner, "checkout", "production", true).await;
        let ask = || {
            api.call(&owner, Method::POST, EVALUATE)
                .json(json!({"context": {}}))
        };
        let before = ask().expect(StatusCode::OK).await;
        api.lose_database().await;
        let after = ask().expect(StatusCode::OK).await;
        assert_eq!(after.body, before.body);

        let away = api
            .call(&owner, Method::PATCH, CHECKOUT)
            .json(json!({"enabled": false}))
            .refused(StatusCode::SERVICE_UNAVAILABLE, "database_unavailable")
            .await;
        assert!(away.headers.contains_key("retry-after"));
        api.clock.advance(time::Duration::minutes(16));
        ask().expect(StatusCode::SERVICE_UNAVAILABLE).await;
    }
}
