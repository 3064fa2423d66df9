//! A process that is killed while it answers requests leaves each of them done once, with its answer, or not done.

use std::collections::HashMap;

use peekaboo_policy::BuiltIn;
use peekaboo_storage::{
    Answer, Answered, ApiToken, FlagFilter, IdempotencyKey, IdempotentRequest, Limits, NewApiToken,
    NewTokenBearer, Options, OrganizationId, Outcome, Page, Secret, Storage, TokensOf,
};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::crashes::{VICTIM, start_victim};
use crate::harness::{Shop, by, create_flag, key, on_both, soon};

/// Requests that the victim sends side by side.
const SENDERS: usize = 3;

/// How often it is killed.
const LIVES: usize = 7;

/// Room for everything that it creates.
fn options(address: &str) -> Options {
    let mut limits = Limits {
        api_tokens: 100_000,
        ..Limits::default()
    };
    limits.flags.flags = 100_000;
    Options {
        limits,
        ..Options::new(address.parse().expect("an address"))
    }
}

/// Sends a request: every other one creates a token, the others a flag. Returns what was answered.
async fn send(storage: &Storage, organization: OrganizationId, number: usize) -> String {
    let request_key = IdempotencyKey {
        scope: Uuid::from_u128(1),
        key: format!("request-{number}"),
        fingerprint: [1; 32],
    };
    let by = by();
    let answer = if number.is_multiple_of(2) {
        let new = NewApiToken {
            name: format!("token {number}"),
            bearer: NewTokenBearer::everywhere(BuiltIn::Viewer),
            expires_at: None,
        };
        let request = IdempotentRequest::new(request_key, |(_, secret): &(ApiToken, Secret)| {
            let body = secret.expose().as_bytes().to_vec();
            Ok(Answer { status: 201, body })
        });
        let created = storage.create_api_token_once(organization, new, &by, request);
        let (Answered::First(_, answer) | Answered::Again(answer)) =
            created.await.expect("a token is never refused");
        answer
    } else {
        let request = IdempotentRequest::new(request_key, |outcome: &Outcome| {
            let flag = outcome.clone().flag().ok_or("a flag")?.flag;
            let body = flag.id.to_string().into_bytes();
            Ok(Answer { status: 201, body })
        });
        let create = create_flag(&format!("flag-{number}"));
        let created = storage.execute_once(organization, create, &by, request);
        let (Answered::First(_, answer) | Answered::Again(answer)) =
            created.await.expect("a flag is never refused");
        answer
    };
    String::from_utf8(answer.body).expect("text")
}

on_both! {
    async fn every_request_that_a_crash_cut_short_is_done_once_when_it_is_sent_again(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let (mut sent, mut answered) = (0, HashMap::new());
        for life in 0..LIVES {
            let mut child = start_victim("crashed_requests::victim", &database);
            let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
            let mut note = |answered: &mut HashMap<usize, String>, line: String| match *line.split(' ').collect::<Vec<_>>() {
                ["sent", number] => sent = sent.max(number.parse::<usize>().expect("a number") + 1),
                ["answered", number, answer] => {
                    let before = answered.insert(number.parse::<usize>().expect("a number"), answer.to_owned());
                    assert!(before.is_none_or(|before| before == answer), "request {number} has two answers");
                }
                _ => {}
            };
            // At least one answer of each life is to a request that was not answered in a life before.
            let mut read = 0;
            while read < 6 + life || answered.len() <= life {
                note(&mut answered, soon(lines.next_line()).await.expect("read").expect("it goes on until it is killed"));
                read += 1;
            }
            // Another moment of a request each time: the last line may be of one that has just been sent.
            for _ in 0..life * 200 {
                tokio::task::yield_now().await;
            }
            child.kill().await.expect("killed");
            while let Some(line) = lines.next_line().await.expect("read") {
                note(&mut answered, line);
            }
        }
        storage.close().await;
        let storage = Storage::start(options(&database.address)).await.expect("opened");
        let answers = async || {
            let mut answers = Vec::new();
            for number in 0..sent {
                answers.push(send(&storage, shop.id(), number).await);
            }
            answers
        };
        let again = answers().await;
        for (number, answer) in &answered {
            assert_eq!(again[*number], *answer, "request {number} gets the answer that it got");
        }
        assert_eq!(answers().await, again, "and gets it every time");

        let tokens = storage.api_tokens(shop.id(), TokensOf::ServiceAccounts, &Page::first(1_000)).await.expect("read").items.len();
        assert_eq!(tokens, sent.div_ceil(2), "each token once");
        let flags = storage
            .flags(shop.id(), &key("shop"), &FlagFilter::default(), &Page::first(1))
            .await
            .expect("read");
        assert_eq!(usize::try_from(flags.1).expect("a count"), sent / 2, "each flag once");
    }
}

/// Sends requests for as long as it lives, and says which were sent and which answered.
#[expect(clippy::print_stdout, reason = "the other test reads it")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "the process that the other test starts and kills"]
async fn victim() {
    let address = std::env::var(VICTIM).expect("started by the other test");
    let storage = Storage::open(options(&address)).expect("opened");
    let organization = storage.organization(&key("acme")).await;
    let organization = organization.expect("read").expect("there").id;
    // Some of these were sent in a life before: then they are answered again.
    let page = Page::first(1_000);
    let tokens = storage.api_tokens(organization, TokensOf::ServiceAccounts, &page);
    let first = 2 * tokens.await.expect("read").items.len();
    let mut senders = JoinSet::new();
    for sender in 0..SENDERS {
        let storage = storage.clone();
        senders.spawn(async move {
            for number in (first + sender..).step_by(SENDERS) {
                println!("sent {number}");
                let answer = send(&storage, organization, number).await;
                println!("answered {number} {answer}");
            }
        });
    }
    senders.join_all().await;
}
