//! Evaluation: one evaluator, with a recorder that either writes a trace or vanishes.
//!
//! Nothing here allocates unless there is an error to describe or a trace to write. Flags and segments under evaluation
//! are linked through the stack, which finds cycles; depth and total work are bounded, so that no ruleset whatsoever
//! makes an evaluation run away.

use crate::compile::clause::{Clause, Verdict};
use crate::compile::condition::Condition;
use crate::compile::flag::{Members, Off, Program, Rule, Serve, Target, VariationIndex};
use crate::compile::{CompiledFlag, CompiledRuleset, CompiledSegment};
use crate::context::{Attribute, Context};
use crate::detail::{Detail, ErrorCode, Reason};
use crate::explain::{self, Membership, Service};
use crate::failure::{Failure, MAX_VISITS, Stop};
use crate::model::{MAX_NESTING, Value};
use crate::operand::values::Scalar;
use crate::trace::{At, NoTrace, Recorder, StepKind, Trace, Tracer};

impl CompiledRuleset {
    /// Evaluates a flag for a context. Never fails: errors are in the detail.
    #[inline]
    pub fn evaluate(&self, key: &str, context: &Context) -> Detail<'_> {
        Evaluation::untraced(self, context).detail(key)
    }

    /// Evaluates a flag that was looked up before: one of this ruleset's own, shared or not. What it depends on is
    /// looked up here.
    #[inline]
    pub fn evaluate_flag<'r>(&'r self, flag: &'r CompiledFlag, context: &Context) -> Detail<'r> {
        Evaluation::untraced(self, context).detail_of(flag)
    }

    /// Evaluates a flag and records each step with what was compared and why it failed.
    pub fn evaluate_traced(&self, key: &str, context: &Context) -> (Detail<'_>, Trace) {
        let mut evaluation = Evaluation {
            ruleset: self,
            context,
            visits: 0,
            recorder: Tracer::default(),
        };
        let detail = evaluation.detail(key);
        (detail, evaluation.recorder.into_trace())
    }
}

struct Evaluation<'r, 'c, R> {
    ruleset: &'r CompiledRuleset,
    context: &'c Context,
    visits: u32,
    recorder: R,
}

/// What a flag serves, before it is put into words.
#[derive(Clone, Copy)]
struct Decision<'r> {
    /// None for the caller's default.
    variation: Option<VariationIndex>,
    reason: Reason,
    rule: Option<usize>,
    prerequisite: Option<&'r str>,
}

/// A flag or segment under evaluation, linked to the one that called for it.
struct Frame<'f> {
    subject: Subject<'f>,
    outer: Option<&'f Frame<'f>>,
    depth: usize,
}

#[derive(Clone, Copy)]
enum Subject<'f> {
    Flag(&'f CompiledFlag),
    Segment(&'f CompiledSegment),
}

impl Subject<'_> {
    fn is(self, other: Subject<'_>) -> bool {
        match (self, other) {
            (Subject::Flag(own), Subject::Flag(other)) => std::ptr::eq(own, other),
            (Subject::Segment(own), Subject::Segment(other)) => std::ptr::eq(own, other),
            _ => false,
        }
    }
}

impl Frame<'_> {
    fn is_within(&self, subject: Subject<'_>) -> bool {
        let mut frame = Some(self);
        while let Some(Frame {
            subject: own,
            outer,
            ..
        }) = frame
        {
            if own.is(subject) {
                return true;
            }
            frame = *outer;
        }
        false
    }
}

impl<'r, 'c> Evaluation<'r, 'c, NoTrace> {
    #[inline]
    fn untraced(ruleset: &'r CompiledRuleset, context: &'c Context) -> Self {
        Evaluation {
            ruleset,
            context,
            visits: 0,
            recorder: NoTrace,
        }
    }
}

impl<'r, R: Recorder> Evaluation<'r, '_, R> {
    #[inline]
    fn detail(&mut self, key: &str) -> Detail<'r> {
        let Some(flag) = self.ruleset.flag(key) else {
            return Detail::error(
                ErrorCode::FlagNotFound,
                format!("there is no flag {key}"),
                None,
            );
        };
        self.detail_of(flag)
    }

    #[inline]
    fn detail_of(&mut self, flag: &'r CompiledFlag) -> Detail<'r> {
        let program = match flag.program() {
            Ok(program) => program,
            Err(fault) => {
                let details = format!("the flag is malformed: {}", fault.0);
                return Detail::error(ErrorCode::General, details, None);
            }
        };
        let frame = Frame {
            subject: Subject::Flag(flag),
            outer: None,
            depth: 1,
        };
        match self.decide(program, &frame) {
            Ok(decision) => decision.describe(program),
            Err(failure) => Detail::error(
                failure.code(),
                explain::failure(failure),
                Some(program.version),
            ),
        }
    }

    #[inline]
    fn decide(
        &mut self,
        program: &'r Program,
        frame: &Frame<'_>,
    ) -> Result<Decision<'r>, Failure<'r>> {
        if !program.enabled {
            self.recorder
                .open(StepKind::Off, At::Field("/enabled"), None);
            let decision = self.served(Decision::off(program, Reason::Disabled, None))?;
            self.recorder.close(true, || {
                explain::off("the flag is disabled", decision.name(program))
            });
            return Ok(decision);
        }
        if let Some(name) = &program.lacking {
            self.recorder
                .open(StepKind::Variations, At::Field("/variations"), None);
            return self.served(Err(Failure::Lacks(name)));
        }
        for (index, prerequisite) in program.prerequisites.iter().enumerate() {
            self.recorder.open(
                StepKind::Prerequisite,
                At::Item("/prerequisites", index),
                Some(&prerequisite.flag),
            );
            let service = self.service(&prerequisite.flag, &prerequisite.variations, frame)?;
            self.recorder.close(service.is_met(), || {
                explain::service(&service, &prerequisite.variations)
            });
            if !service.is_met() {
                self.recorder
                    .open(StepKind::Off, At::Field("/offVariation"), None);
                let flag = Some(&*prerequisite.flag);
                let decision =
                    self.served(Decision::off(program, Reason::PrerequisiteFailed, flag))?;
                self.recorder.close(true, || {
                    explain::off("a prerequisite is not met", decision.name(program))
                });
                return Ok(decision);
            }
        }
        for (index, target) in program.targets.iter().enumerate() {
            if self.is_target(target, index) {
                return Ok(Decision::serve(target.variation, Reason::TargetingMatch));
            }
        }
        for (index, rule) in program.rules.iter().enumerate() {
            if let Some(decision) = self.rule(program, rule, index, frame)? {
                return Ok(decision);
            }
        }
        self.fallthrough(program)
    }

    /// Ends the open step where nothing can be served.
    #[inline]
    fn served<T>(&mut self, result: Result<T, Failure<'r>>) -> Result<T, Failure<'r>> {
        result.inspect_err(|failure| {
            self.recorder
                .close(false, || explain::failure(*failure).into_owned());
        })
    }

    fn is_target(&mut self, target: &Target, index: usize) -> bool {
        let matched = target
            .members
            .as_ref()
            .is_some_and(|members| self.is_member(members));
        self.recorder
            .open(StepKind::Target, At::Item("/targets", index), None);
        self.recorder.close(matched, || {
            let attribute = target
                .members
                .as_ref()
                .map(|members| members.attribute.resolve(self.context));
            explain::target(target, attribute, matched)
        });
        matched
    }

    fn rule(
        &mut self,
        program: &Program,
        rule: &'r Rule,
        index: usize,
        frame: &Frame<'_>,
    ) -> Result<Option<Decision<'r>>, Stop> {
        self.recorder
            .open(StepKind::Rule, At::Item("/rules", index), None);
        if !self.condition(&rule.when, At::Field("/when"), frame)? {
            self.recorder.close(false, || {
                explain::rule(&rule.id, "its condition does not hold")
            });
            return Ok(None);
        }
        let Some(decision) = self.serve(&rule.serve) else {
            self.recorder.close(false, || {
                explain::rule(&rule.id, "it splits by an attribute that is missing")
            });
            return Ok(None);
        };
        let decision = Decision {
            rule: Some(index),
            ..decision
        };
        let context = self.context;
        self.recorder.close(true, || {
            let serves = explain::serves(&rule.serve, decision.name(program), context);
            explain::rule(&rule.id, &serves)
        });
        Ok(Some(decision))
    }

    #[inline]
    fn fallthrough(&mut self, program: &'r Program) -> Result<Decision<'r>, Failure<'r>> {
        self.recorder
            .open(StepKind::Fallthrough, At::Field("/fallthrough"), None);
        let Some(decision) = self.serve(&program.fallthrough) else {
            let by = program.fallthrough.by().map_or("", |by| &by.name);
            return self.served(Err(Failure::KeyMissing(by)));
        };
        let context = self.context;
        self.recorder.close(true, || {
            explain::serves(&program.fallthrough, decision.name(program), context)
        });
        let reason = match decision.reason {
            Reason::Split => Reason::Split,
            _ if program.is_static() => Reason::Static,
            _ => Reason::Default,
        };
        Ok(Decision { reason, ..decision })
    }

    /// None where it splits by an attribute that is missing.
    #[inline]
    fn serve(&self, serve: &Serve) -> Option<Decision<'r>> {
        match serve {
            Serve::Variation(variation) => {
                Some(Decision::serve(*variation, Reason::TargetingMatch))
            }
            Serve::Split(split) => Some(Decision::serve(
                split.arm(split.by.bucket(self.context)?),
                Reason::Split,
            )),
        }
    }

    #[inline]
    fn condition(
        &mut self,
        condition: &'r Condition,
        at: At,
        frame: &Frame<'_>,
    ) -> Result<bool, Stop> {
        match condition {
            Condition::Clause(clause) => Ok(self.clause(clause, at)),
            Condition::All(conditions) => self.all_or_any(conditions, StepKind::All, at, frame),
            Condition::Any(conditions) => self.all_or_any(conditions, StepKind::Any, at, frame),
            Condition::Not(condition) => {
                self.recorder.open(StepKind::Not, at, None);
                let holds = !self.condition(condition, At::Field("/not"), frame)?;
                self.recorder.close(holds, || explain::not(holds));
                Ok(holds)
            }
            Condition::Segment(key) => {
                self.recorder.open(StepKind::Segment, at, Some(key));
                let membership = self.membership(key, frame)?;
                self.recorder
                    .close(membership.is_member(), || explain::membership(&membership));
                Ok(membership.is_member())
            }
            Condition::Flag { flag, variations } => {
                self.recorder.open(StepKind::Flag, at, Some(flag));
                let service = self.service(flag, variations, frame)?;
                self.recorder
                    .close(service.is_met(), || explain::service(&service, variations));
                Ok(service.is_met())
            }
            Condition::Bucket(range) => {
                let bucket = range.by.bucket(self.context);
                let holds =
                    bucket.is_some_and(|bucket| (range.from..range.below).contains(&bucket));
                self.recorder.open(StepKind::Bucket, at, None);
                self.recorder
                    .close(holds, || explain::bucket(range, bucket));
                Ok(holds)
            }
        }
    }

    #[inline]
    fn all_or_any(
        &mut self,
        conditions: &'r [Condition],
        kind: StepKind,
        at: At,
        frame: &Frame<'_>,
    ) -> Result<bool, Stop> {
        let (field, decisive) = if kind == StepKind::Any {
            ("/any", true)
        } else {
            ("/all", false)
        };
        self.recorder.open(kind, at, None);
        for (index, condition) in conditions.iter().enumerate() {
            if self.condition(condition, At::Item(field, index), frame)? == decisive {
                self.recorder
                    .close(decisive, || explain::all_or_any(decisive, true));
                return Ok(decisive);
            }
        }
        self.recorder
            .close(!decisive, || explain::all_or_any(decisive, false));
        Ok(!decisive)
    }

    #[inline]
    fn clause(&mut self, clause: &Clause, at: At) -> bool {
        let attribute = clause
            .attribute
            .as_ref()
            .map_or(Attribute::Missing, |name| name.resolve(self.context));
        let verdict = clause.verdict(attribute);
        let holds = verdict == Verdict::True;
        self.recorder.open(StepKind::Clause, at, None);
        self.recorder
            .close(holds, || explain::clause(clause, attribute, verdict));
        holds
    }

    /// Whether a flag is enabled and serves one of the variations.
    fn service(
        &mut self,
        key: &str,
        variations: &[Box<str>],
        frame: &Frame<'_>,
    ) -> Result<Service<'r>, Stop> {
        let Some(flag) = self.ruleset.flag(key) else {
            return Ok(Service::Unknown);
        };
        let Ok(program) = flag.program() else {
            return Ok(Service::Malformed);
        };
        let subject = Subject::Flag(flag);
        if frame.is_within(subject) {
            return Err(Stop::Cycle);
        }
        let frame = self.enter(subject, frame)?;
        match self.decide(program, &frame) {
            Ok(Decision {
                reason: Reason::Disabled,
                ..
            }) => Ok(Service::Disabled),
            Ok(decision) => Ok(match decision.name(program) {
                Some(name) if variations.iter().any(|wanted| **wanted == *name) => {
                    Service::Met(name)
                }
                other => Service::Other(other),
            }),
            Err(Failure::Stop(stop)) => Err(stop),
            Err(failure) => Ok(Service::Failed(failure)),
        }
    }

    fn membership(&mut self, key: &str, frame: &Frame<'_>) -> Result<Membership<'r>, Stop> {
        let Some(segment) = self.ruleset.segment(key) else {
            return Ok(Membership::Unknown);
        };
        let Ok(program) = segment.program() else {
            return Ok(Membership::Malformed);
        };
        let subject = Subject::Segment(segment);
        if frame.is_within(subject) {
            return Ok(Membership::Cycle);
        }
        let frame = self.enter(subject, frame)?;
        if self.is_member(&program.included) {
            return Ok(Membership::Included(program));
        }
        if self.is_member(&program.excluded) {
            return Ok(Membership::Excluded(program));
        }
        Ok(Membership::Condition(self.condition(
            &program.when,
            At::Field("/when"),
            &frame,
        )?))
    }

    /// Enters a flag or segment, if that is still allowed.
    fn enter<'f>(&mut self, subject: Subject<'f>, outer: &'f Frame<'f>) -> Result<Frame<'f>, Stop> {
        self.visits += 1;
        if self.visits > MAX_VISITS {
            return Err(Stop::TooMuch);
        }
        if outer.depth == MAX_NESTING {
            return Err(Stop::TooDeep);
        }
        Ok(Frame {
            subject,
            outer: Some(outer),
            depth: outer.depth + 1,
        })
    }

    #[inline]
    fn is_member(&self, members: &Members) -> bool {
        match members.attribute.resolve(self.context) {
            Attribute::Missing => false,
            Attribute::Key(key) => members.values.contains(Scalar::Text(key)),
            Attribute::Value(Value::Array(elements)) => elements
                .iter()
                .filter_map(Scalar::of)
                .any(|scalar| members.values.contains(scalar)),
            Attribute::Value(value) => {
                Scalar::of(value).is_some_and(|scalar| members.values.contains(scalar))
            }
        }
    }
}

impl<'r> Decision<'r> {
    fn serve(variation: VariationIndex, reason: Reason) -> Self {
        Decision {
            variation: Some(variation),
            reason,
            rule: None,
            prerequisite: None,
        }
    }

    fn off(
        program: &'r Program,
        reason: Reason,
        prerequisite: Option<&'r str>,
    ) -> Result<Self, Failure<'r>> {
        let variation = match program.off {
            Off::CallersDefault => None,
            Off::Variation(variation) => Some(variation),
            Off::Lacking => {
                return Err(Failure::Lacks(
                    program.lacking.as_deref().unwrap_or_default(),
                ));
            }
        };
        Ok(Decision {
            variation,
            reason,
            rule: None,
            prerequisite,
        })
    }

    fn name<'p>(&self, program: &'p Program) -> Option<&'p str> {
        let variation = program.variations.get(self.variation? as usize)?;
        Some(&variation.name)
    }

    #[inline]
    fn describe(self, program: &'r Program) -> Detail<'r> {
        let served = self.variation.and_then(|index| {
            let index = index as usize;
            Some((index, program.variations.get(index)?))
        });
        let variation = served.map(|(_, variation)| variation);
        let rule = self.rule.and_then(|index| program.rules.get(index));
        Detail {
            value: variation.map(|variation| &variation.value),
            variation: variation.map(|variation| &*variation.name),
            variation_index: served.map(|(index, _)| index),
            reason: self.reason,
            rule_id: rule.map(|rule| &*rule.id).filter(|id| !id.is_empty()),
            rule_index: self.rule.and_then(|index| u32::try_from(index).ok()),
            prerequisite: self.prerequisite,
            error_code: None,
            error_details: None,
            flag_version: Some(program.version),
        }
    }
}
