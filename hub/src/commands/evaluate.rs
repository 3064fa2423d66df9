//! `peekaboo evaluate`: what a ruleset in a file serves, without a hub, a database or a network.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, BufRead, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, anyhow, bail};
use clap::Args;
use peekaboo_flags::{CompiledRuleset, Context, Detail, Trace, describe_json_error, from_json};
use peekaboo_migrate::without_mark;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{failure::Failure, file::parse_json, output::note};

/// Arguments of `peekaboo evaluate`.
#[derive(Debug, Args)]
#[command(after_help = "\
Prints {value, variation, reason, …} as JSON, of one flag with --flag, otherwise of every flag by its key.
With --batch, each line of FILE is {\"flag\":…,\"context\":…} and gets one line of output, in order. \
An invalid line gets {\"line\":…,\"error\":…}, and the exit code is then 1.")]
pub(crate) struct EvaluateArgs {
    /// Ruleset as JSON, from `peekaboo export` or as a server key receives it
    #[arg(long, value_name = "FILE")]
    ruleset: PathBuf,

    /// Context as JSON, or @FILE, for example '{"targetingKey":"user-1","country":"SE"}'
    #[arg(long, value_name = "JSON|@FILE", required_unless_present = "batch")]
    context: Option<String>,

    /// Evaluate only this flag
    #[arg(long, value_name = "KEY")]
    flag: Option<String>,

    /// Evaluate every line of FILE; - for standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["context", "flag"])]
    batch: Option<PathBuf>,

    /// Include each step of the evaluation, with the compared values and the reason it did not match
    #[arg(long)]
    trace: bool,
}

pub(crate) fn run(args: &EvaluateArgs) -> Result<(), Failure> {
    let ruleset = load(&args.ruleset).map_err(Failure::usage)?;
    warn_of_malformed(&ruleset);
    let mut output = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    if let Some(path) = &args.batch {
        let input = open(path).map_err(Failure::usage)?;
        let bad_lines = batch(&ruleset, input, &mut output, args.trace)?;
        return bad_lines.map_or(Ok(()), |bad_lines| Err(Failure::from(bad_lines)));
    }
    let context = read_context(args.context.as_deref().unwrap_or("{}")).map_err(Failure::usage)?;
    single(
        &ruleset,
        &context,
        args.flag.as_deref(),
        args.trace,
        &mut output,
    )?;
    Ok(())
}

/// A detail, with its trace if requested.
#[derive(Serialize)]
struct Answer<'r> {
    #[serde(flatten)]
    detail: Detail<'r>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace: Option<Trace>,
}

impl<'r> Answer<'r> {
    fn of(ruleset: &'r CompiledRuleset, key: &str, context: &Context, trace: bool) -> Self {
        if trace {
            let (detail, trace) = ruleset.evaluate_traced(key, context);
            Answer {
                detail,
                trace: Some(trace),
            }
        } else {
            Answer {
                detail: ruleset.evaluate(key, context),
                trace: None,
            }
        }
    }
}

fn single(
    ruleset: &CompiledRuleset,
    context: &Context,
    flag: Option<&str>,
    trace: bool,
    output: &mut impl Write,
) -> anyhow::Result<()> {
    if let Some(key) = flag {
        serde_json::to_writer_pretty(&mut *output, &Answer::of(ruleset, key, context, trace))?;
    } else {
        let answers: BTreeMap<_, _> = ruleset
            .flags()
            .map(|(key, _)| (key, Answer::of(ruleset, key, context, trace)))
            .collect();
        serde_json::to_writer_pretty(&mut *output, &answers)?;
    }
    finish(output, b"\n").context("standard output")
}

/// One line of a batch.
#[derive(Deserialize)]
struct Question {
    flag: String,
    #[serde(default)]
    context: Context,
}

#[derive(Serialize)]
struct BadLine<'e> {
    line: usize,
    error: &'e str,
}

/// Answers every line; returns an error if any line was invalid.
fn batch(
    ruleset: &CompiledRuleset,
    mut input: impl BufRead,
    output: &mut impl Write,
    trace: bool,
) -> anyhow::Result<Option<anyhow::Error>> {
    let mut line = Vec::new();
    let mut lines = 0;
    let mut bad_lines = 0;
    let mut first_bad = String::new();
    while input
        .read_until(b'\n', &mut line)
        .context("cannot read the batch")?
        > 0
    {
        lines += 1;
        let text = line.trim_ascii_end();
        let text = if lines == 1 { without_mark(text) } else { text };
        match from_json::<Question>(text) {
            Ok(question) if trace => {
                let answer = Answer::of(ruleset, &question.flag, &question.context, true);
                serde_json::to_writer(&mut *output, &answer)?;
            }
            Ok(question) => {
                serde_json::to_writer(
                    &mut *output,
                    &ruleset.evaluate(&question.flag, &question.context),
                )?;
            }
            Err(error) => {
                bad_lines += 1;
                let error = without_line(&error);
                serde_json::to_writer(
                    &mut *output,
                    &BadLine {
                        line: lines,
                        error: &error,
                    },
                )?;
                if bad_lines == 1 {
                    first_bad = format!("line {lines}: {error}");
                }
            }
        }
        output.write_all(b"\n").context("standard output")?;
        line.clear();
    }
    finish(output, b"").context("standard output")?;
    let bad =
        (bad_lines > 0).then(|| anyhow!("{bad_lines} of {lines} lines are invalid; {first_bad}"));
    Ok(bad)
}

fn finish(output: &mut impl Write, end: &[u8]) -> io::Result<()> {
    output.write_all(end)?;
    output.flush()
}

/// The message for a single line of text, with only the column as its position.
fn without_line(error: &serde_json::Error) -> String {
    let message = describe_json_error(error);
    let place = format!(" at line {} column {}", error.line(), error.column());
    match message.strip_suffix(&place) {
        Some(message) => format!("{message} at column {}", error.column()),
        None => message,
    }
}

fn load(path: &Path) -> anyhow::Result<CompiledRuleset> {
    let name = path.display();
    let text = fs::read(path).with_context(|| format!("--ruleset {name}"))?;
    let json: Value =
        parse_json(&text).map_err(|reason| anyhow!("--ruleset {name} is not JSON: {reason}"))?;
    CompiledRuleset::load(&json).with_context(|| format!("--ruleset {name}"))
}

fn open(path: &Path) -> anyhow::Result<Box<dyn BufRead>> {
    if path == Path::new("-") {
        return Ok(Box::new(BufReader::with_capacity(1 << 16, io::stdin())));
    }
    let file = File::open(path).with_context(|| format!("--batch {}", path.display()))?;
    Ok(Box::new(BufReader::with_capacity(1 << 16, file)))
}

fn read_context(argument: &str) -> anyhow::Result<Context> {
    let (name, text) = match argument.strip_prefix('@') {
        Some(path) => {
            let name = format!("--context {path}");
            let text = fs::read(path).with_context(|| name.clone())?;
            (name, text)
        }
        None => ("--context".to_owned(), argument.as_bytes().to_owned()),
    };
    match from_json(without_mark(&text)) {
        Ok(context) => Ok(context),
        Err(error) if error.is_data() => bail!("{name}: {}", describe_json_error(&error)),
        Err(error) => bail!("{name} is not JSON: {}", describe_json_error(&error)),
    }
}

/// Malformed flags evaluate to `GENERAL`. Prints the reasons on standard error, apart from the output.
fn warn_of_malformed(ruleset: &CompiledRuleset) {
    let flags = ruleset
        .flags()
        .filter_map(|(key, flag)| Some((("flag", key), flag.fault()?)));
    let segments = ruleset
        .segments()
        .filter_map(|(key, segment)| Some((("segment", key), segment.fault()?)));
    let faults: BTreeMap<_, _> = flags.chain(segments).collect();
    for ((kind, key), fault) in faults {
        note(&format!("peekaboo: {kind} {key} is malformed: {fault}\n"));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn ruleset() -> CompiledRuleset {
        CompiledRuleset::load(&json!({"flags": {
            "checkout": {
                "type": "boolean", "enabled": true, "variations": {"on": true, "off": false}, "version": 7,
                "rules": [{
                    "id": "r1", "serve": {"variation": "on"},
                    "when": {"attribute": "country", "op": "in", "values": ["SE"]}
                }],
                "fallthrough": {"variation": "off"}
            },
            "broken": 7
        }}))
        .expect("a ruleset")
    }

    fn answers(lines: &str, trace: bool) -> (Vec<Value>, Option<String>) {
        let mut output = Vec::new();
        let bad = batch(&ruleset(), lines.as_bytes(), &mut output, trace).expect("a batch");
        let output = String::from_utf8(output).expect("text");
        let answers = output
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect();
        (answers, bad.map(|error| error.to_string()))
    }

    #[test]
    fn every_line_of_a_batch_is_answered_in_order() {
        let (answers, bad) = answers(
            "{\"flag\":\"checkout\",\"context\":{\"country\":\"SE\"}}\n\
             {\"flag\":\"none\"}\r\n\
             {\"flag\":\"checkout\",\"context\":{}}",
            false,
        );
        assert_eq!(
            answers,
            [
                json!({"value": true, "variation": "on", "reason": "TARGETING_MATCH", "ruleId": "r1", "ruleIndex": 0,
                    "flagVersion": 7}),
                json!({"value": null, "reason": "ERROR", "errorCode": "FLAG_NOT_FOUND",
                    "errorDetails": "there is no flag none"}),
                json!({"value": false, "variation": "off", "reason": "DEFAULT", "flagVersion": 7}),
            ]
        );
        assert_eq!(bad, None);
    }

    #[test]
    fn a_bad_line_is_answered_in_its_place_and_the_others_still_are() {
        let (answers, bad) = answers(
            "{\"flag\":\"checkout\"}\n\
             nonsense\n\
             {\"context\":{}}\n\
             \n\
             {\"flag\":\"checkout\",\"context\":{\"targetingKey\":7}}\n\
             \u{fffd}\n\
             {\"flag\":\"checkout\"}\n",
            false,
        );
        assert_eq!(answers.len(), 7);
        assert_eq!(answers[0], answers[6]);
        assert_eq!(
            answers[1],
            json!({"line": 2, "error": "unknown word; put text in double quotes at column 2"})
        );
        assert_eq!(
            answers[2],
            json!({"line": 3, "error": "the field `flag` is missing at column 14"})
        );
        assert_eq!(answers[3]["line"], 4);
        assert_eq!(
            answers[4],
            json!({"line": 5, "error": "targetingKey must be a string at column 47"})
        );
        assert_eq!(answers[5]["line"], 6);
        let bad = bad.expect("bad lines");
        assert_eq!(
            bad,
            "5 of 7 lines are invalid; line 2: unknown word; put text in double quotes at column 2"
        );
    }

    #[test]
    fn a_trace_comes_with_the_detail() {
        let (answers, _) = answers(
            "{\"flag\":\"checkout\",\"context\":{\"country\":\"DK\"}}",
            true,
        );
        assert_eq!(answers[0]["value"], false);
        assert_eq!(answers[0]["trace"]["steps"][0]["pointer"], "/rules/0");
    }

    #[test]
    fn without_a_flag_all_are_evaluated_by_key() {
        let mut output = Vec::new();
        single(&ruleset(), &Context::default(), None, false, &mut output).expect("output");
        let answers: Value = serde_json::from_slice(&output).expect("JSON");
        assert_eq!(answers["checkout"]["reason"], "DEFAULT");
        assert_eq!(answers["broken"]["errorCode"], "GENERAL");
    }

    #[test]
    fn a_context_may_be_in_a_file() {
        let directory = tempfile::TempDir::new().expect("a directory");
        let path = directory.path().join("context.json");
        fs::write(&path, r#"{"targetingKey":"user-1"}"#).expect("a file");
        let context = read_context(&format!("@{}", path.display())).expect("a context");
        assert_eq!(context, Context::new("user-1"));
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let refusal =
            |argument: &str| format!("{:#}", read_context(argument).expect_err("a refusal"));
        assert!(
            refusal("{").starts_with("--context is not JSON: the text ends too early"),
            "{}",
            refusal("{")
        );
        assert!(refusal("[]").ends_with("found a list at line 1 column 0"));
        assert!(refusal("@/nowhere.json").starts_with("--context /nowhere.json: No such file"));
        let missing = format!(
            "{:#}",
            load(Path::new("/nowhere.json")).expect_err("a refusal")
        );
        assert!(
            missing.starts_with("--ruleset /nowhere.json: No such file"),
            "{missing}"
        );
    }
}
