//! An interface for TypeScript.

use std::fmt::Write as _;

use peekaboo_flags::FlagType;

use super::flags::{Flags, description, words};
use super::shape::{self, Member, Shape};
use crate::document::FlagDocument;

/// Wider lines are broken, as formatters do.
const WIDTH: usize = 120;

pub(super) fn declare(flags: &Flags<'_>, command: &str) -> String {
    let mut text = format!(
        "// Written by `{command}`. Change the flags, not this file, and write it anew.\n\n"
    );
    text.push_str("/** The flags by key, each with the type of its values: for `createClient<Flags>(…)`. */\n");
    if flags.is_empty() {
        text.push_str("// biome-ignore lint/suspicious/noEmptyInterface: there are no flags yet\n");
        text.push_str("export interface Flags {}\n");
        return text;
    }
    text.push_str("export interface Flags {\n");
    for (key, flag) in flags {
        let lines = description(key, flag);
        comment(&mut text, &lines);
        let name = property(key);
        let line = format!("  {name}: {};\n", of_flag(flag, " | "));
        if line.chars().count() <= WIDTH + 1 {
            text.push_str(&line);
        } else {
            let _ = writeln!(text, "  {name}:\n    | {};", of_flag(flag, "\n    | "));
        }
    }
    text.push_str("}\n");
    text
}

fn comment(text: &mut String, lines: &[String]) {
    let safe = |line: &String| line.replace("*/", "*\\/");
    if let [line] = lines {
        let _ = writeln!(text, "  /** {} */", safe(line));
        return;
    }
    text.push_str("  /**\n");
    for line in lines {
        let line = format!("   * {}", safe(line));
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text.push_str("   */\n");
}

fn of_flag(flag: &FlagDocument, or: &str) -> String {
    match flag.type_ {
        FlagType::Boolean => "boolean".to_owned(),
        FlagType::Number => "number".to_owned(),
        FlagType::String => words(flag).map_or("string".to_owned(), |words| {
            words
                .iter()
                .map(|word| quoted(word))
                .collect::<Vec<_>>()
                .join(or)
        }),
        FlagType::Object => {
            let shape = shape::of(flag.variations.iter().map(|variation| &variation.value));
            shape.as_ref().map_or("object".to_owned(), of_shape)
        }
    }
}

fn of_shape(shape: &Shape) -> String {
    match shape {
        Shape::Boolean => "boolean".to_owned(),
        Shape::Number => "number".to_owned(),
        Shape::String => "string".to_owned(),
        Shape::Any => "unknown".to_owned(),
        Shape::List(None) => "readonly unknown[]".to_owned(),
        Shape::List(Some(shape)) => match &**shape {
            element @ Shape::List(_) => format!("readonly ({})[]", of_shape(element)),
            element => format!("readonly {}[]", of_shape(element)),
        },
        Shape::Object(members) if members.is_empty() => "Record<string, never>".to_owned(),
        Shape::Object(members) => {
            let members = members.iter().map(|(name, Member { shape, optional })| {
                let mark = if *optional { "?" } else { "" };
                format!("readonly {}{mark}: {}", property(name), of_shape(shape))
            });
            format!("{{ {} }}", members.collect::<Vec<_>>().join("; "))
        }
    }
}

/// A property's name, in quotes where it needs them.
fn property(name: &str) -> String {
    let begins = name
        .bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_alphabetic() || b"_$".contains(&byte));
    let plain = begins
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_$".contains(&byte));
    if plain { name.to_owned() } else { quoted(name) }
}

/// Text as a literal: JSON's are TypeScript's.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
