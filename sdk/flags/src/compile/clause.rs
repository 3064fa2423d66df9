//! Clauses, with everything parsed that can be before a context is seen.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::bytes::{ends_with, starts_with};
use crate::context::{Attribute, AttributeRef};
use crate::model::{self, Operator, Value};
use crate::operand::network::{self, Network, Networks};
use crate::operand::pattern::Pattern;
use crate::operand::values::{Scalar, Values};
use crate::operand::version::{OwnedVersion, Version};
use crate::operand::{Kind, brief, instant, instant_of_text};

/// What a clause says of an attribute. All but `True` make the clause false.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    True,
    False,
    /// The attribute is absent or null.
    Missing,
    /// Nothing matched, and something in the attribute cannot be compared by this operator.
    Incomparable,
    /// The clause itself holds a value that its operator cannot compare with.
    Malformed,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Clause {
    pub(crate) attribute: Option<AttributeRef>,
    negate: bool,
    /// Compare the attribute's text in ASCII lower case.
    fold: bool,
    test: Test,
    /// For the trace.
    pub(crate) label: Label,
}

/// How a clause reads: `country`, `in ["SE","NO"]`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Label {
    pub(crate) attribute: Box<str>,
    pub(crate) comparison: Box<str>,
}

#[derive(Clone, Debug, PartialEq)]
enum Test {
    Malformed,
    Exists,
    In(Values),
    Prefix(Box<[Box<str>]>),
    Suffix(Box<[Box<str>]>),
    Part(Box<[Box<str>]>),
    Matches(Box<[Pattern]>),
    /// Any value may match, so the greatest or the least decides.
    Number(Bound),
    Instant(Bound),
    Version(Operator, Box<[OwnedVersion]>),
    Networks(Networks),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Bound {
    Below(f64),
    AtMost(f64),
    Above(f64),
    AtLeast(f64),
}

impl Bound {
    fn admits(self, number: f64) -> bool {
        match self {
            Bound::Below(bound) => number < bound,
            Bound::AtMost(bound) => number <= bound,
            Bound::Above(bound) => number > bound,
            Bound::AtLeast(bound) => number >= bound,
        }
    }

    /// With no values nothing is admitted.
    fn of(op: Operator, values: &[f64]) -> Self {
        let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        match op {
            Operator::Lt | Operator::Before => Bound::Below(most),
            Operator::Lte => Bound::AtMost(most),
            Operator::Gt | Operator::After => Bound::Above(least),
            _ => Bound::AtLeast(least),
        }
    }
}

impl Clause {
    pub(crate) fn compile(clause: &model::Clause) -> Self {
        let attribute = AttributeRef::parse(&clause.attribute);
        let fold = clause.ignore_case && Kind::of(clause.op).has_case();
        let test = match attribute {
            Some(_) => Test::compile(clause, fold).unwrap_or(Test::Malformed),
            None => Test::Malformed,
        };
        Clause {
            attribute,
            negate: clause.negate,
            fold,
            test,
            label: Label::of(clause),
        }
    }

    #[inline]
    pub(crate) fn verdict(&self, attribute: Attribute<'_>) -> Verdict {
        let matched = match (&self.test, attribute) {
            (Test::Malformed, _) => return Verdict::Malformed,
            (Test::Exists, attribute) => Some(attribute != Attribute::Missing),
            (_, Attribute::Missing) => return Verdict::Missing,
            (_, Attribute::Key(key)) => self.matches(Scalar::Text(key)),
            (_, Attribute::Value(Value::Array(elements))) => self.any(elements),
            (_, Attribute::Value(value)) => {
                Scalar::of(value).and_then(|scalar| self.matches(scalar))
            }
        };
        match matched {
            Some(matched) if matched != self.negate => Verdict::True,
            Some(_) => Verdict::False,
            None => Verdict::Incomparable,
        }
    }

    /// Any element may match; where none does, one that cannot be compared leaves it open.
    fn any(&self, elements: &[Value]) -> Option<bool> {
        let mut all_compared = true;
        for element in elements {
            match Scalar::of(element).and_then(|scalar| self.matches(scalar)) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => all_compared = false,
            }
        }
        all_compared.then_some(false)
    }

    /// None where the operator cannot compare it.
    #[inline]
    fn matches(&self, scalar: Scalar<'_>) -> Option<bool> {
        if let Scalar::Text(text) = scalar
            && self.fold
            && text.bytes().any(|byte| byte.is_ascii_uppercase())
        {
            return in_lower_case(text, |text| self.test.matches(Scalar::Text(text)));
        }
        self.test.matches(scalar)
    }
}

/// Puts text in ASCII lower case; on the stack, unless it is long.
fn in_lower_case<R>(text: &str, read: impl FnOnce(&str) -> R) -> R {
    let mut buffer = [0; 256];
    if let Some(buffer) = buffer.get_mut(..text.len()) {
        buffer.copy_from_slice(text.as_bytes());
        buffer.make_ascii_lowercase();
        if let Ok(lower) = std::str::from_utf8(buffer) {
            return read(lower);
        }
    }
    read(&text.to_ascii_lowercase())
}

impl Test {
    /// None where any value is malformed.
    fn compile(clause: &model::Clause, fold: bool) -> Option<Self> {
        let values = &clause.values[..];
        Some(match (Kind::of(clause.op), clause.op) {
            (Kind::Scalar, _) => Test::In(Values::parse(values, fold)?),
            (Kind::Text, Operator::StartsWith) => Test::Prefix(texts(values, fold)?),
            (Kind::Text, Operator::EndsWith) => Test::Suffix(texts(values, fold)?),
            (Kind::Text, _) => Test::Part(texts(values, fold)?),
            (Kind::Pattern, _) => Test::Matches(all(values, |value| {
                Pattern::compile(value.as_str()?, fold).ok()
            })?),
            (Kind::Number, op) => Test::Number(Bound::of(op, &all(values, Value::as_f64)?)),
            (Kind::Instant, op) => Test::Instant(Bound::of(op, &all(values, instant)?)),
            (Kind::Version, op) => Test::Version(
                op,
                all(values, |value| OwnedVersion::parse(value.as_str()?))?,
            ),
            (Kind::Network, _) => {
                let networks: Box<[Network]> =
                    all(values, |value| Network::parse(value.as_str()?))?;
                Test::Networks(networks.into_iter().collect())
            }
            (Kind::Nothing, _) => Test::Exists,
        })
    }

    #[inline]
    fn matches(&self, scalar: Scalar<'_>) -> Option<bool> {
        match (self, scalar) {
            (Test::In(values), scalar) => Some(values.contains(scalar)),
            (Test::Prefix(prefixes), Scalar::Text(text)) => {
                Some(prefixes.iter().any(|prefix| starts_with(text, prefix)))
            }
            (Test::Suffix(suffixes), Scalar::Text(text)) => {
                Some(suffixes.iter().any(|suffix| ends_with(text, suffix)))
            }
            (Test::Part(parts), Scalar::Text(text)) => {
                Some(parts.iter().any(|part| text.contains(&**part)))
            }
            (Test::Matches(patterns), Scalar::Text(text)) => {
                Some(patterns.iter().any(|pattern| pattern.is_match(text)))
            }
            (Test::Number(bound) | Test::Instant(bound), Scalar::Number(number)) => {
                Some(bound.admits(number))
            }
            (Test::Instant(bound), Scalar::Text(text)) => {
                instant_of_text(text).map(|instant| bound.admits(instant))
            }
            (Test::Version(op, versions), Scalar::Text(text)) => {
                let version = Version::parse(text)?;
                Some(
                    versions
                        .iter()
                        .any(|other| admits(*op, version.precedence(&other.view()))),
                )
            }
            (Test::Networks(networks), Scalar::Text(text)) => {
                network::parse_address(text).map(|address| networks.contains(address))
            }
            _ => None,
        }
    }
}

fn admits(op: Operator, order: Ordering) -> bool {
    match op {
        Operator::SemverLt => order.is_lt(),
        Operator::SemverLte => order.is_le(),
        Operator::SemverGt => order.is_gt(),
        Operator::SemverGte => order.is_ge(),
        _ => order.is_eq(),
    }
}

fn all<T>(values: &[Value], parse: impl Fn(&Value) -> Option<T>) -> Option<Box<[T]>> {
    values.iter().map(parse).collect()
}

fn texts(values: &[Value], fold: bool) -> Option<Box<[Box<str>]>> {
    all(values, |value| {
        let text = value.as_str()?;
        Some(if fold {
            text.to_ascii_lowercase().into()
        } else {
            text.into()
        })
    })
}

impl Label {
    /// Values listed before they are only counted.
    const VALUES: usize = 5;

    fn of(clause: &model::Clause) -> Self {
        let negate = if clause.negate { "not " } else { "" };
        let fold = if clause.ignore_case {
            ", whatever the case"
        } else {
            ""
        };
        let values = match clause.op {
            Operator::Exists => String::new(),
            _ => format!(" {}", list(&clause.values)),
        };
        let comparison = format!("{negate}{}{values}{fold}", clause.op);
        Label {
            attribute: clause.attribute.as_str().into(),
            comparison: comparison.into(),
        }
    }
}

/// Values as JSON; of many, the first few and how many more.
pub(crate) fn list(values: &[Value]) -> Cow<'static, str> {
    if values.is_empty() {
        return "[]".into();
    }
    let shown: Vec<_> = values.iter().take(Label::VALUES).map(brief).collect();
    let shown = shown.join(", ");
    match values.len().saturating_sub(Label::VALUES) {
        0 => format!("[{shown}]").into(),
        more => format!("[{shown} and {more} more]").into(),
    }
}
