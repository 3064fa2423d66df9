//! Which applications are connected to an environment.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::path::EnvironmentPath;
use crate::ApiState;
use crate::auth::may;
use crate::http::Path;
use crate::problem::Problem;

/// What is connected to this node, and where to connect to.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "server": 3, "client": 1204, "sdks": [{"name": "js/0.1.0", "count": 1207}],
    "streamUrl": "ws://127.0.0.1:6001/sdk/v1/stream"
}))]
pub(crate) struct Connections {
    /// With a server key.
    pub server: u64,
    /// With a client key.
    pub client: u64,
    /// By SDK, the most used first.
    pub sdks: Vec<SdkConnections>,
    /// What an application gives its SDK as the hub's address.
    pub stream_url: String,
}

/// How many connections one SDK holds.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SdkConnections {
    /// Its name and version, as it gave them.
    pub name: String,
    /// How many.
    pub count: u64,
}

/// Get what is connected
#[utoipa::path(
    get, path = "/organizations/{org}/projects/{project}/environments/{environment}/connections",
    tag = "environments", operation_id = "getConnections", extensions(("x-permission" = json!("environment.read"))),
    params(EnvironmentPath),
    responses((status = 200, description = "What is connected to this node.", body = Connections)),
)]
pub(crate) async fn get_connections(
    State(state): State<ApiState>,
    may::EnvironmentRead(member): may::EnvironmentRead,
    Path(path): Path<EnvironmentPath>,
) -> Result<Json<Connections>, Problem> {
    let environment = state
        .environment(member.tenant(), &path.project, &path.environment)
        .await?;
    let connections = state.hub().connections(environment);
    let sdks = connections.sdks.into_iter();
    Ok(Json(Connections {
        server: connections.server,
        client: connections.client,
        sdks: sdks
            .map(|(name, count)| SdkConnections { name, count })
            .collect(),
        stream_url: state.config().stream_url.clone(),
    }))
}

#[cfg(test)]
mod tests {
    use crate::harness::TestApi;
    use axum::http::{Method, StatusCode};

    #[tokio::test]
    async fn an_environment_that_nothing_is_connected_to_says_where_to_connect() {
        let (api, owner) = TestApi::with_shop().await;
        let path = "/organizations/acme/projects/shop/environments/production/connections";
        let told = api.get(&owner, path).await;
        assert_eq!(told.body["server"], 0);
        assert_eq!(told.body["streamUrl"], "ws://127.0.0.1:6001/sdk/v1/stream");
        api.call(&owner, Method::GET, &path.replace("production", "nope"))
            .expect(StatusCode::NOT_FOUND)
            .await;
    }
}
