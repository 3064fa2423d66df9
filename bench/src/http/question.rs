//! The requests of the HTTP scenarios, and the check that the hub responds correctly.

use std::net::SocketAddr;

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};

use super::client::{Answer, Connection};
use super::load::Exchange;
use crate::admin::{Admin, Place};

const FLAG: &str = "bench-http";

/// Contexts that take turns, so that answers differ.
const CONTEXTS: usize = 256;

/// Something that applications ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    OfrepServerKey,
    OfrepClientKey,
    Ruleset,
    RulesetHeld,
}

/// The names of a question's figures in JSON.
pub(super) struct Ids {
    pub(super) per_core: &'static str,
    pub(super) cpu: &'static str,
    pub(super) p50: &'static str,
    pub(super) p99: &'static str,
    pub(super) max: &'static str,
}

/// Requests with the hub's answers, and one of them whole, for the floor to answer.
pub(super) struct Asked {
    pub(super) exchanges: Vec<Exchange>,
    pub(super) answer: Answer,
}

/// A flag that splits by key for those whom its last rule matches, which is everyone who asks.
pub(super) async fn prepare(admin: &Admin, place: &Place) -> anyhow::Result<()> {
    let flag = json!({ "key": FLAG, "type": "boolean", "clientVisible": true });
    admin.flag(place, &flag).await?;
    let clause = |attribute: &str, values: Value| json!({ "attribute": attribute, "op": "in", "values": values });
    let targeting = json!({
        "enabled": true,
        "rules": [
            { "id": "staff", "when": clause("plan", json!(["staff"])), "serve": { "variation": "on" } },
            { "id": "abroad", "when": clause("country", json!(["US", "CA"])), "serve": { "variation": "off" } },
            {
                "id": "nordics",
                "when": clause("country", json!(["SE", "NO", "DK"])),
                "serve": { "split": { "by": "targetingKey", "weights": [["on", 50_000], ["off", 50_000]] } }
            }
        ]
    });
    admin.target(place, FLAG, &targeting).await
}

impl Question {
    pub(super) const ALL: [Self; 4] = [
        Self::OfrepServerKey,
        Self::OfrepClientKey,
        Self::Ruleset,
        Self::RulesetHeld,
    ];

    /// For people.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::OfrepServerKey => "one flag, server key",
            Self::OfrepClientKey => "one flag, client key",
            Self::Ruleset => "ruleset",
            Self::RulesetHeld => "ruleset that is held",
        }
    }

    /// The names of its figures in JSON.
    pub(super) fn ids(self) -> Ids {
        let ids = |[per_core, cpu, p50, p99, max]: [&'static str; 5]| Ids {
            per_core,
            cpu,
            p50,
            p99,
            max,
        };
        match self {
            Self::OfrepServerKey => ids([
                "ofrepServerKeyPerCore",
                "ofrepServerKeyCpu",
                "ofrepServerKeyP50",
                "ofrepServerKeyP99",
                "ofrepServerKeyMax",
            ]),
            Self::OfrepClientKey => ids([
                "ofrepClientKeyPerCore",
                "ofrepClientKeyCpu",
                "ofrepClientKeyP50",
                "ofrepClientKeyP99",
                "ofrepClientKeyMax",
            ]),
            Self::Ruleset => ids([
                "rulesetPerCore",
                "rulesetCpu",
                "rulesetP50",
                "rulesetP99",
                "rulesetMax",
            ]),
            Self::RulesetHeld => ids([
                "rulesetHeldPerCore",
                "rulesetHeldCpu",
                "rulesetHeldP50",
                "rulesetHeldP99",
                "rulesetHeldMax",
            ]),
        }
    }

    /// Whether it is an evaluation.
    pub(super) fn is_evaluation(self) -> bool {
        matches!(self, Self::OfrepServerKey | Self::OfrepClientKey)
    }

    /// Asks everything once.
    pub(super) async fn ask(self, hub: SocketAddr, place: &Place) -> anyhow::Result<Asked> {
        let mut connection = Connection::open(hub).await?;
        let requests = self.requests(hub, place, &mut connection).await?;
        let mut exchanges = Vec::with_capacity(requests.len());
        let mut last = None;
        for request in requests {
            let answer = connection.ask(&request).await?;
            exchanges.push(Exchange {
                request,
                status: self.status(),
                body: answer.body.clone(),
            });
            ensure!(
                answer.status == self.status(),
                "expected status {}, got {}: {}",
                self.status(),
                answer.status,
                String::from_utf8_lossy(&answer.body)
            );
            last = Some(answer);
        }
        if self.is_evaluation() {
            check_split(&exchanges)?;
        }
        Ok(Asked {
            exchanges,
            answer: last.context("nothing was asked")?,
        })
    }

    fn status(self) -> u16 {
        match self {
            Self::RulesetHeld => 304,
            _ => 200,
        }
    }

    async fn requests(
        self,
        host: SocketAddr,
        place: &Place,
        connection: &mut Connection,
    ) -> anyhow::Result<Vec<Vec<u8>>> {
        let ruleset = |tag: &str| {
            let key = &place.server_key;
            format!(
                "GET /sdk/v1/ruleset HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\n{tag}\r\n"
            )
            .into_bytes()
        };
        let key = match self {
            Self::OfrepServerKey => &place.server_key,
            Self::OfrepClientKey => &place.client_key,
            Self::Ruleset => return Ok(vec![ruleset("")]),
            Self::RulesetHeld => {
                let answer = connection.ask(&ruleset("")).await?;
                let tag = answer.header("etag").context("a ruleset without a tag")?;
                return Ok(vec![ruleset(&format!("If-None-Match: {tag}\r\n"))]);
            }
        };
        Ok((0..CONTEXTS)
            .map(|number| evaluation(host, key, number))
            .collect())
    }
}

fn evaluation(host: SocketAddr, key: &str, number: usize) -> Vec<u8> {
    let context = json!({
        "context": { "targetingKey": format!("user-{number}"), "country": "SE", "plan": "pro" }
    })
    .to_string();
    format!(
        "POST /ofrep/v1/evaluate/flags/{FLAG} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{context}",
        context.len()
    )
    .into_bytes()
}

/// Every context is served by the split, and the split serves both of its variations.
fn check_split(exchanges: &[Exchange]) -> anyhow::Result<()> {
    let mut served = std::collections::BTreeSet::new();
    for exchange in exchanges {
        let answer: Value = serde_json::from_slice(&exchange.body)?;
        ensure!(
            answer["key"] == FLAG && answer["reason"] == "SPLIT",
            "the split did not decide: {answer}"
        );
        served.insert(
            answer["value"]
                .as_bool()
                .context("a value that is not a boolean")?,
        );
    }
    ensure!(served.len() == 2, "all contexts were served {served:?}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exchange(value: bool, reason: &str) -> Exchange {
        let body = json!({ "key": FLAG, "value": value, "reason": reason });
        Exchange {
            request: Vec::new(),
            status: 200,
            body: body.to_string().into_bytes(),
        }
    }

    #[test]
    fn a_request_is_as_long_as_it_says() {
        let request =
            String::from_utf8(evaluation(([127, 0, 0, 1], 80).into(), "pbs_key", 7)).unwrap();
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        assert!(head.contains("Authorization: Bearer pbs_key\r\n"), "{head}");
        assert!(
            head.ends_with(&format!("Content-Length: {}", body.len())),
            "{head}"
        );
        assert!(body.contains("\"user-7\""), "{body}");
    }

    #[test]
    fn contexts_that_are_all_served_alike_fail_the_run() {
        assert!(check_split(&[exchange(true, "SPLIT"), exchange(false, "SPLIT")]).is_ok());
        assert!(check_split(&[exchange(true, "SPLIT"), exchange(true, "SPLIT")]).is_err());
        assert!(check_split(&[exchange(true, "SPLIT"), exchange(false, "DEFAULT")]).is_err());
    }
}
