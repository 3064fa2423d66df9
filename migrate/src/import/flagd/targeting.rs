//! A targeting as rules.

use peekaboo_flags::Value;
use peekaboo_flags::model::{Condition, Rule, Serve};

use super::logic::{Logic, bucket_by, decides, operation};
use crate::import::build::{Kept, Notes, Unsupported, serve};
use crate::import::condition::{all, exists};

/// One rule for each leaf of the tree, in order.
pub(super) fn rules(
    tree: &Value,
    variants: &[&str],
    default: &str,
    logic: &Logic<'_>,
    notes: &mut Notes,
) -> Kept<Vec<Rule>> {
    let mut walk = Walk {
        variants,
        default,
        logic,
        notes,
        rules: Vec::new(),
    };
    walk.leaf(tree, &mut Vec::new())?;
    let mut rules = walk.rules;
    // A last rule that serves everyone the default says nothing.
    let last = rules.last();
    if last.is_some_and(|rule| {
        rule.when == Condition::always() && rule.serve == Serve::Variation(default.to_owned())
    }) {
        rules.pop();
    }
    Ok(rules)
}

struct Walk<'a, 'l> {
    variants: &'a [&'a str],
    default: &'a str,
    logic: &'a Logic<'l>,
    notes: &'a mut Notes,
    rules: Vec<Rule>,
}

impl Walk<'_, '_> {
    /// Rules for a part of the tree, for contexts that match all of `path` and no earlier rule.
    fn leaf(&mut self, tree: &Value, path: &mut Vec<Condition>) -> Kept<()> {
        let name = match tree {
            Value::Null => self.default.to_owned(),
            Value::Bool(value) => value.to_string(),
            Value::String(name) => name.clone(),
            _ => return self.operation(tree, path),
        };
        if !self.variants.contains(&name.as_str()) {
            return Err(Unsupported(format!(
                "its targeting names the unknown variant {name}"
            )));
        }
        self.push(path, Serve::Variation(name));
        Ok(())
    }

    fn operation(&mut self, tree: &Value, path: &mut Vec<Condition>) -> Kept<()> {
        let (name, arguments) = operation(tree).ok_or_else(|| {
            Unsupported(format!(
                "its targeting returns {tree}, which is not a variant"
            ))
        })?;
        match name {
            "if" | "?:" => self.branches(arguments, path),
            "fractional" => self.fractional(arguments, path),
            "$ref" => {
                let evaluator = self.logic.evaluator(arguments)?;
                self.leaf(evaluator, path)
            }
            // A comparison yields true or false, which may be the names of variants.
            _ if self.variants.contains(&"true") && self.variants.contains(&"false") => {
                let decides = decides(tree).ok_or_else(|| {
                    Unsupported(format!(
                        "its targeting returns the result of `{name}`, which may be null or a value from the context"
                    ))
                })?;
                let condition = self.logic.condition(tree, self.notes)?;
                path.push(condition);
                self.push(path, Serve::Variation("true".to_owned()));
                path.pop();
                // Else it yields null, which means the default.
                path.push(decides);
                self.push(path, Serve::Variation("false".to_owned()));
                path.pop();
                self.push(path, Serve::Variation(self.default.to_owned()));
                Ok(())
            }
            _ => Err(Unsupported(format!(
                "its targeting returns the result of `{name}`, which is not a variant"
            ))),
        }
    }

    /// `[condition, then, condition, then, …, else]`
    fn branches(&mut self, arguments: &[Value], path: &mut Vec<Condition>) -> Kept<()> {
        let mut rest = arguments;
        while let [condition, then, others @ ..] = rest {
            let condition = self.logic.condition(condition, self.notes)?;
            path.push(condition);
            self.leaf(then, path)?;
            path.pop();
            rest = others;
        }
        self.leaf(rest.first().unwrap_or(&Value::Null), path)
    }

    /// `[key?, [variant, weight], …]`
    fn fractional(&mut self, arguments: &[Value], path: &mut Vec<Condition>) -> Kept<()> {
        let (key, shares) = match arguments {
            [first, rest @ ..] if !first.is_array() => (Some(first), rest),
            shares => (None, shares),
        };
        let (by, seed) = bucket_by(key)?;
        let mut weights = Vec::new();
        for share in shares {
            let parts = share.as_array().map(Vec::as_slice).unwrap_or_default();
            let (name, weight) = match parts {
                [Value::String(name)] => (name, 1.0),
                // A negative one counts as 0 there; with a fraction no one is drawn.
                [Value::String(name), Value::Number(weight)]
                    if weight.as_f64().is_some_and(|weight| weight.fract() == 0.0) =>
                {
                    (name, weight.as_f64().unwrap_or_default().max(0.0))
                }
                _ => {
                    return Err(Unsupported(format!(
                        "its fractional has the invalid share {share}"
                    )));
                }
            };
            if !self.variants.contains(&name.as_str()) {
                return Err(Unsupported(format!(
                    "its fractional names the unknown variant {name}"
                )));
            }
            weights.push((name.clone(), weight));
        }
        let serve = serve(&by, seed.as_deref(), &weights)?;
        if matches!(serve, Serve::Split(_)) {
            self.notes.redrawn("flagd");
            self.notes.add(format!(
                "give {by} as text: who comes with another type, or without it, gets the default variant here, a place in \
                 the split, or what all such people get together, by the form of its fractional, in flagd"
            ));
        }
        // Without the attribute flagd serves the default, whatever comes below.
        path.push(exists(by));
        self.push(path, serve);
        path.pop();
        self.push(path, Serve::Variation(self.default.to_owned()));
        Ok(())
    }

    fn push(&mut self, path: &[Condition], serve: Serve) {
        self.rules.push(Rule {
            id: format!("rule-{}", self.rules.len() + 1),
            when: all(path.to_vec()),
            serve,
        });
    }
}
