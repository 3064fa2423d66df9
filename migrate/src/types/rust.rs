//! Handles for Rust.

use std::fmt::Write as _;

use peekaboo_flags::model::Serve;
use peekaboo_flags::{FlagType, Value};

use super::flags::{Flags, description, words};
use super::names::{Names, apart};
use super::shape::{self, Member, Shape};
use crate::document::FlagDocument;

pub(super) fn declare(flags: &Flags<'_>, command: &str) -> String {
    let mut types = Types::default();
    // The names that the module itself needs.
    for taken in [
        "Client", "Flag", "Flags", "String", "Vec", "Option", "Some", "None",
    ] {
        types.names.pascal(taken);
    }
    let mut fields = Names::default();
    let (mut members, mut handles) = (String::new(), String::new());
    let apart = apart(flags.keys().copied());
    for (key, flag) in flags {
        let called = apart.get(key).map_or(*key, String::as_str);
        let field = fields.snake(called);
        let (name, default) = types.of_flag(called, key, flag);
        doc(&mut members, "    ", &description(key, flag));
        let _ = writeln!(members, "    pub {field}: Flag<{name}>,");
        let key = literal(key);
        let _ = writeln!(
            handles,
            "            {field}: client.flag({key}, {default}),"
        );
    }
    let client = if flags.is_empty() {
        "_client"
    } else {
        "client"
    };
    let flag = if flags.is_empty() { "" } else { "Flag" };
    let uses = if flags.is_empty() {
        "Client".to_owned()
    } else {
        format!("{{Client, {flag}}}")
    };
    format!(
        "//! The flags, each as a handle of the type of its values.\n\
         //!\n\
         //! Written by `{command}`. Change the flags, not this file, and write it anew.\n\
         \n\
         #![cfg_attr(rustfmt, rustfmt_skip)]\n\
         #![allow(dead_code, unreachable_pub, reason = \"not every application reads every flag\")]\n\
         \n\
         use peekaboo_sdk::{uses};\n\
         \n\
         /// A handle to each flag: make them once, where the application starts, and clone them.\n\
         #[derive(Clone)]\n\
         pub struct Flags {{\n\
         {members}}}\n\
         \n\
         impl Flags {{\n\
         \x20   /// Handles of a client. A flag that cannot be read serves what it serves while off.\n\
         \x20   pub fn new({client}: &Client) -> Self {{\n\
         \x20       Self {{\n\
         {handles}\
         \x20       }}\n\
         \x20   }}\n\
         }}\n\
         {}",
        types.declared
    )
}

/// The types that flags need of their own.
#[derive(Default)]
struct Types {
    names: Names,
    declared: String,
}

impl Types {
    /// The type of a flag's values, named after what the flag is called, and the default as an expression.
    fn of_flag(&mut self, called: &str, key: &str, flag: &FlagDocument) -> (String, String) {
        let default = default(flag);
        match flag.type_ {
            FlagType::Boolean => ("bool".to_owned(), default.to_string()),
            FlagType::Number => ("f64".to_owned(), number(default)),
            FlagType::String => match words(flag) {
                Some(words) => self.enumeration(called, key, flag, &words, default),
                None => ("String".to_owned(), text(default)),
            },
            FlagType::Object => {
                let values = flag.variations.iter().map(|variation| &variation.value);
                let shape = shape::of(values).unwrap_or(Shape::Any);
                let of_flag = format!("What `{key}` serves.");
                let named = self.named(called, &of_flag, &shape);
                let default = named.expression(Some(default));
                (named.name(), default)
            }
        }
    }

    fn enumeration(
        &mut self,
        called: &str,
        key: &str,
        flag: &FlagDocument,
        words: &[&str],
        default: &Value,
    ) -> (String, String) {
        let name = self.names.pascal(called);
        let mut names = Names::default();
        let mut variants = String::new();
        let mut chosen = String::new();
        for word in words {
            let variant = names.pascal(word);
            let known = flag
                .variations
                .iter()
                .find(|variation| variation.value == *word);
            let about = known.and_then(|variation| variation.name.as_deref());
            doc(&mut variants, "    ", &[about.unwrap_or(word).to_owned()]);
            let _ = writeln!(
                variants,
                "    #[serde(rename = {})]\n    {variant},",
                literal(word)
            );
            if default == word {
                chosen = format!("{name}::{variant}");
            }
        }
        let _ = write!(
            self.declared,
            "\n/// What `{key}` serves.\n\
             #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Deserialize)]\n\
             pub enum {name} {{\n{variants}}}\n"
        );
        (name, chosen)
    }

    /// A shape with a name for each object in it.
    fn named(&mut self, path: &str, about: &str, shape: &Shape) -> Named {
        match shape {
            Shape::Boolean => Named::Boolean,
            Shape::Number => Named::Number,
            Shape::String => Named::String,
            Shape::Any => Named::Any,
            Shape::List(None) => Named::List(Box::new(Named::Any)),
            Shape::List(Some(element)) => Named::List(Box::new(self.named(
                &format!("{path}-item"),
                about,
                element,
            ))),
            Shape::Object(members) => {
                let name = self.names.pascal(path);
                let mut fields = Names::default();
                let mut named = Vec::new();
                for (key, Member { shape, optional }) in members {
                    let about = format!("The `{key}` of [`{name}`].");
                    named.push(Field {
                        key: key.clone(),
                        name: fields.snake(key),
                        optional: *optional,
                        named: self.named(&format!("{path}-{key}"), &about, shape),
                    });
                }
                self.structure(&name, about, &named);
                Named::Object(name, named)
            }
        }
    }

    fn structure(&mut self, name: &str, about: &str, fields: &[Field]) {
        let mut members = String::new();
        for field in fields {
            doc(&mut members, "    ", &[format!("`{}`", field.key)]);
            let plain = field.name.trim_start_matches("r#");
            if plain != field.key {
                let _ = writeln!(members, "    #[serde(rename = {})]", literal(&field.key));
            }
            let _ = writeln!(members, "    pub {}: {},", field.name, field.type_name());
        }
        let _ = write!(
            self.declared,
            "\n/// {about}\n#[derive(Clone, Debug, PartialEq, serde::Deserialize)]\npub struct {name} {{\n{members}}}\n"
        );
    }
}

/// A shape in Rust.
enum Named {
    Boolean,
    Number,
    String,
    Any,
    List(Box<Named>),
    Object(String, Vec<Field>),
}

struct Field {
    key: String,
    name: String,
    optional: bool,
    named: Named,
}

impl Field {
    fn type_name(&self) -> String {
        let name = self.named.name();
        if self.optional {
            format!("Option<{name}>")
        } else {
            name
        }
    }
}

impl Named {
    fn name(&self) -> String {
        match self {
            Named::Boolean => "bool".to_owned(),
            Named::Number => "f64".to_owned(),
            Named::String => "String".to_owned(),
            Named::Any => "serde_json::Value".to_owned(),
            Named::List(element) => format!("Vec<{}>", element.name()),
            Named::Object(name, _) => name.clone(),
        }
    }

    /// A value as an expression of this type.
    fn expression(&self, value: Option<&Value>) -> String {
        let value = value.unwrap_or(&Value::Null);
        match self {
            Named::Boolean => (*value == Value::Bool(true)).to_string(),
            Named::Number => number(value),
            Named::String => text(value),
            Named::Any => format!("serde_json::json!({value})"),
            Named::List(element) => {
                let elements = value.as_array().map(Vec::as_slice).unwrap_or_default();
                let elements = elements.iter().map(|value| element.expression(Some(value)));
                format!("vec![{}]", elements.collect::<Vec<_>>().join(", "))
            }
            Named::Object(name, fields) => {
                let fields = fields.iter().map(|field| {
                    let value = value.get(&field.key);
                    let expression = match (field.optional, value) {
                        (true, None) => "None".to_owned(),
                        (true, value) => format!("Some({})", field.named.expression(value)),
                        (false, value) => field.named.expression(value),
                    };
                    format!("{}: {expression}", field.name)
                });
                let fields: Vec<_> = fields.collect();
                if fields.is_empty() {
                    return format!("{name} {{}}");
                }
                format!("{name} {{ {} }}", fields.join(", "))
            }
        }
    }
}

/// What the flag serves while off; else what it serves to all, else its first variation.
fn default(flag: &FlagDocument) -> &Value {
    let to_all = match &flag.targeting.fallthrough {
        Serve::Variation(name) => Some(name),
        Serve::Split(_) => None,
    };
    let served = flag.targeting.off_variation.as_ref().or(to_all);
    let known = |name: &String| {
        flag.variations
            .iter()
            .find(|variation| variation.key == *name)
    };
    let variation = served.and_then(known).or(flag.variations.first());
    variation.map_or(&Value::Null, |variation| &variation.value)
}

fn number(value: &Value) -> String {
    format!("{:?}", value.as_f64().unwrap_or_default())
}

fn text(value: &Value) -> String {
    match value.as_str().unwrap_or_default() {
        "" => "String::new()".to_owned(),
        text => format!("{}.to_owned()", literal(text)),
    }
}

fn literal(text: &str) -> String {
    format!("{text:?}")
}

fn doc(text: &mut String, indent: &str, lines: &[String]) {
    for line in lines {
        let _ = writeln!(text, "{}", format!("{indent}/// {line}").trim_end());
    }
}
