//! The trace: each step of an evaluation, with what was compared and why it came out as it did.

use serde::{Deserialize, Serialize};

/// The most steps that a trace holds; what comes after is left out.
pub const MAX_STEPS: usize = 2_000;

/// What an evaluation went through, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    /// The steps of the flag asked for; each holds those that it consists of.
    pub steps: Vec<Step>,
    /// Whether steps are left out, of which there were more than [`MAX_STEPS`].
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub truncated: bool,
}

/// One thing looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What was looked at.
    pub kind: StepKind,
    /// JSON Pointer to it, within the flag or segment that it is part of.
    pub pointer: String,
    /// The flag or segment that was entered; the pointers of the steps inside are within that one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Whether it holds, matches or serves.
    pub matched: bool,
    /// What was compared, and why it came out so.
    pub because: String,
    /// What it consists of, as far as it was needed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
}

/// What a step looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StepKind {
    /// The off variation is served.
    Off,
    /// The variations that the flag has, where it names one that it lacks.
    Variations,
    /// Another flag that must serve something first.
    Prerequisite,
    /// A list of individual values.
    Target,
    /// A rule.
    Rule,
    /// What everyone else gets.
    Fallthrough,
    /// Conditions that must all hold.
    All,
    /// Conditions of which one must hold.
    Any,
    /// A condition that must not hold.
    Not,
    /// Membership of a segment.
    Segment,
    /// What another flag serves.
    Flag,
    /// A range of buckets.
    Bucket,
    /// A comparison of an attribute.
    Clause,
}

/// Where a step is, seen from the step around it.
#[derive(Clone, Copy)]
pub(crate) enum At {
    Field(&'static str),
    Item(&'static str, usize),
}

/// Hears of every step; what is only said for its sake is said in closures.
pub(crate) trait Recorder {
    /// A step begins; with a key, it enters that flag or segment.
    fn open(&mut self, kind: StepKind, at: At, key: Option<&str>);

    /// The step begun last ends.
    fn close(&mut self, matched: bool, because: impl FnOnce() -> String);
}

/// Records nothing and costs nothing.
pub(crate) struct NoTrace;

impl Recorder for NoTrace {
    #[inline(always)]
    fn open(&mut self, _: StepKind, _: At, _: Option<&str>) {}

    #[inline(always)]
    fn close(&mut self, _: bool, _: impl FnOnce() -> String) {}
}

/// Records a [`Trace`].
#[derive(Default)]
pub(crate) struct Tracer {
    done: Vec<Step>,
    open: Vec<Step>,
    count: usize,
    /// Steps open that are left out.
    omitted: usize,
    truncated: bool,
}

impl Recorder for Tracer {
    fn open(&mut self, kind: StepKind, at: At, key: Option<&str>) {
        if self.omitted > 0 || self.count == MAX_STEPS {
            self.omitted += 1;
            self.truncated = true;
            return;
        }
        self.count += 1;
        let mut pointer = match self.open.last() {
            // The pointers inside of what was entered begin again.
            Some(Step {
                key: None, pointer, ..
            }) => pointer.clone(),
            _ => String::new(),
        };
        match at {
            At::Field(field) => pointer.push_str(field),
            At::Item(field, index) => pointer.extend([field, "/", &index.to_string()]),
        }
        let because = String::from("evaluation ended here");
        self.open.push(Step {
            kind,
            pointer,
            key: key.map(str::to_owned),
            matched: false,
            because,
            steps: Vec::new(),
        });
    }

    fn close(&mut self, matched: bool, because: impl FnOnce() -> String) {
        if self.omitted > 0 {
            self.omitted -= 1;
            return;
        }
        let Some(mut step) = self.open.pop() else {
            return;
        };
        step.matched = matched;
        step.because = because();
        self.keep(step);
    }
}

impl Tracer {
    fn keep(&mut self, step: Step) {
        let steps = self
            .open
            .last_mut()
            .map_or(&mut self.done, |outer| &mut outer.steps);
        steps.push(step);
    }

    /// The trace; steps left open are where the evaluation ended in an error.
    pub(crate) fn into_trace(mut self) -> Trace {
        while let Some(step) = self.open.pop() {
            self.keep(step);
        }
        Trace {
            steps: self.done,
            truncated: self.truncated,
        }
    }
}
