//! A flag, compiled.

use super::clause::list;
use super::condition::{By, Condition};
use super::fault::Fault;
use super::references::References;
use crate::context::AttributeRef;
use crate::model::{self, BUCKETS, Flag, Metadata, Value};
use crate::operand::values::Values;

/// One flag of a [`crate::CompiledRuleset`].
///
/// It holds what evaluation needs, and not the definition that it was compiled from.
#[derive(Clone, Debug, PartialEq)]
pub struct CompiledFlag {
    program: Result<Program, Fault>,
    references: References,
    client_visible: bool,
    tracked: bool,
    /// None where nothing was noted, as for most flags.
    metadata: Option<Box<Metadata>>,
}

impl CompiledFlag {
    pub(super) fn new(flag: &Flag) -> Self {
        CompiledFlag {
            program: Program::compile(flag),
            references: References::of_flag(flag),
            client_visible: flag.client_visible,
            tracked: flag.track,
            metadata: Some(&flag.metadata)
                .filter(|metadata| !metadata.is_empty())
                .map(|metadata| Box::new(metadata.clone())),
        }
    }

    /// A flag that could not be read at all.
    pub(super) fn malformed(fault: Fault) -> Self {
        CompiledFlag {
            program: Err(fault),
            references: References::default(),
            client_visible: false,
            tracked: false,
            metadata: None,
        }
    }

    /// Why every evaluation of the flag is an error, if it is malformed.
    pub fn fault(&self) -> Option<&str> {
        self.program.as_ref().err().map(|fault| &*fault.0)
    }

    /// The flag's version; none where it is malformed.
    pub fn version(&self) -> Option<u64> {
        self.program.as_ref().ok().map(|program| program.version)
    }

    /// The variations by name, in the order of [`Detail::variation_index`](crate::Detail::variation_index); none of a
    /// malformed flag.
    pub fn variations(&self) -> impl ExactSizeIterator<Item = (&str, &Value)> {
        let variations = match &self.program {
            Ok(program) => &program.variations[..],
            Err(_) => &[],
        };
        variations
            .iter()
            .map(|variation| (&*variation.name, &variation.value))
    }

    /// The id of a rule by its place; empty where it has none.
    pub fn rule_id(&self, index: u32) -> Option<&str> {
        let program = self.program.as_ref().ok()?;
        let rule = program.rules.get(usize::try_from(index).ok()?)?;
        Some(&rule.id)
    }

    /// Whether it is to be told who is served what.
    pub fn is_tracked(&self) -> bool {
        self.tracked
    }

    /// What people noted about it, if anything.
    pub fn metadata(&self) -> Option<&Metadata> {
        self.metadata.as_deref()
    }

    /// Whether client keys may see its evaluated value.
    pub fn is_client_visible(&self) -> bool {
        self.client_visible
    }

    pub(crate) fn program(&self) -> Result<&Program, &Fault> {
        self.program.as_ref()
    }

    pub(super) fn references(&self) -> &References {
        &self.references
    }
}

/// What evaluation runs: names resolved to variations, lists to sets, weights to thresholds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Program {
    pub(crate) enabled: bool,
    pub(crate) version: u64,
    pub(crate) variations: Box<[Variation]>,
    pub(crate) off: Off,
    /// The first variation named that the flag does not have.
    pub(crate) lacking: Option<Box<str>>,
    pub(crate) prerequisites: Box<[Prerequisite]>,
    pub(crate) targets: Box<[Target]>,
    pub(crate) rules: Box<[Rule]>,
    pub(crate) fallthrough: Serve,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Variation {
    pub(crate) name: Box<str>,
    pub(crate) value: Value,
}

/// An index into the variations; beyond them where a flag lacks the variation, and then never served.
pub(crate) type VariationIndex = u32;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Off {
    CallersDefault,
    Variation(VariationIndex),
    Lacking,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Prerequisite {
    pub(crate) flag: Box<str>,
    pub(crate) variations: Box<[Box<str>]>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Target {
    /// None where the name or a value is malformed: matches no one.
    pub(crate) members: Option<Members>,
    pub(crate) variation: VariationIndex,
    /// For the trace.
    pub(crate) attribute: Box<str>,
    pub(crate) listed: Box<str>,
}

/// The attribute's value is one of a list.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Members {
    pub(crate) attribute: AttributeRef,
    pub(crate) values: Values,
}

impl Members {
    pub(super) fn compile(attribute: &str, values: &[Value]) -> Option<Self> {
        Some(Members {
            attribute: AttributeRef::parse(attribute)?,
            values: Values::parse(values, false)?,
        })
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rule {
    pub(crate) id: Box<str>,
    pub(crate) when: Condition,
    pub(crate) serve: Serve,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Serve {
    Variation(VariationIndex),
    Split(Box<Split>),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Split {
    pub(crate) by: By,
    /// One past the last bucket of each arm, ascending.
    arms: Box<[(u32, VariationIndex)]>,
}

impl Split {
    #[inline]
    pub(crate) fn arm(&self, bucket: u32) -> VariationIndex {
        // The last arm reaches past the last bucket.
        let arm = self.arms.iter().find(|(below, _)| bucket < *below);
        arm.map_or(VariationIndex::MAX, |(_, variation)| *variation)
    }
}

impl Serve {
    pub(crate) fn by(&self) -> Option<&By> {
        match self {
            Serve::Variation(_) => None,
            Serve::Split(split) => Some(&split.by),
        }
    }
}

/// Looks variations up by name, and remembers the first that is not there.
struct Names<'f> {
    flag: &'f Flag,
    lacking: Option<&'f str>,
}

impl<'f> Names<'f> {
    fn index(&mut self, name: &'f str) -> Option<VariationIndex> {
        let index = self.flag.variations.keys().position(|known| known == name);
        if index.is_none() {
            self.lacking.get_or_insert(name);
        }
        index.and_then(|index| u32::try_from(index).ok())
    }

    fn served(&mut self, name: &'f str) -> VariationIndex {
        self.index(name).unwrap_or(VariationIndex::MAX)
    }

    fn serve(&mut self, serve: &'f model::Serve, salt: &str) -> Result<Serve, Fault> {
        let split = match serve {
            model::Serve::Variation(name) => return Ok(Serve::Variation(self.served(name))),
            model::Serve::Split(split) => split,
        };
        let sum: u64 = split
            .weights
            .iter()
            .map(|(_, weight)| u64::from(*weight))
            .sum();
        if sum != u64::from(BUCKETS) {
            return Err(Fault::new(format!(
                "the weights of a split sum to {sum}, not {BUCKETS}"
            )));
        }
        let mut below = 0;
        let arms = split.weights.iter().map(|(name, weight)| {
            below += weight;
            (below, self.served(name))
        });
        let arms = arms.collect();
        let by = By::new(&split.by, split.seed.as_deref().unwrap_or(salt));
        Ok(Serve::Split(Box::new(Split { by, arms })))
    }
}

impl Program {
    fn compile(flag: &Flag) -> Result<Self, Fault> {
        let misfit = flag
            .variations
            .iter()
            .find(|(_, value)| !flag.type_.admits(value));
        if let Some((name, _)) = misfit {
            return Err(Fault::new(format!(
                "the value of variation {name:?} is not of the flag's type, {}",
                flag.type_
            )));
        }
        let mut names = Names {
            flag,
            lacking: None,
        };
        let off = match &flag.off_variation {
            None => Off::CallersDefault,
            Some(name) => names.index(name).map_or(Off::Lacking, Off::Variation),
        };
        let targets = flag.targets.iter().map(|target| Target {
            members: Members::compile(&target.attribute, &target.values),
            variation: names.served(&target.variation),
            attribute: target.attribute.as_str().into(),
            listed: list(&target.values).into(),
        });
        let targets = targets.collect();
        let rules: Result<_, Fault> = flag
            .rules
            .iter()
            .map(|rule| {
                Ok(Rule {
                    id: rule.id.as_str().into(),
                    when: Condition::compile(&rule.when, Some(&flag.salt))?,
                    serve: names.serve(&rule.serve, &flag.salt)?,
                })
            })
            .collect();
        let rules = rules?;
        let fallthrough = names.serve(&flag.fallthrough, &flag.salt)?;
        let variations = flag.variations.iter();
        let prerequisites = flag.prerequisites.iter().map(|prerequisite| Prerequisite {
            flag: prerequisite.flag.as_str().into(),
            variations: prerequisite
                .variations
                .iter()
                .map(|name| name.as_str().into())
                .collect(),
        });
        Ok(Program {
            enabled: flag.enabled,
            version: flag.version,
            off,
            lacking: names.lacking.map(Into::into),
            variations: variations
                .map(|(name, value)| Variation {
                    name: name.as_str().into(),
                    value: value.clone(),
                })
                .collect(),
            prerequisites: prerequisites.collect(),
            targets,
            rules,
            fallthrough,
        })
    }

    /// Whether everyone is served the same while enabled.
    pub(crate) fn is_static(&self) -> bool {
        self.prerequisites.is_empty() && self.targets.is_empty() && self.rules.is_empty()
    }
}
