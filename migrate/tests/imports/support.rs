//! An import, and what its flags serve.

use peekaboo_flags::{CompiledRuleset, Context};
use peekaboo_migrate::{Import, ImportError, Source};
use serde_json::Value;

/// An import that is asked.
pub(crate) struct Imported {
    pub(crate) import: Import,
    ruleset: CompiledRuleset,
}

/// Reads a file next to the tests.
pub(crate) fn file(name: &str) -> Value {
    let path = format!("{}/tests/files/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).expect("the file");
    serde_json::from_str(&text).expect("JSON")
}

/// Imports files that can be.
pub(crate) fn import(source: Source, names: &[&str], environment: Option<&str>) -> Imported {
    let files: Vec<_> = names.iter().map(|name| file(name)).collect();
    import_json(source, &files, environment)
}

/// Imports exports that can be.
pub(crate) fn import_json(source: Source, files: &[Value], environment: Option<&str>) -> Imported {
    let import = source.import(files, environment, None).expect("an import");
    import.document.validate().expect("flags that a hub takes");
    Imported {
        ruleset: CompiledRuleset::from_ruleset(&import.document.ruleset()),
        import,
    }
}

/// Imports what cannot be; why not.
pub(crate) fn refusal(source: Source, json: Value, environment: Option<&str>) -> String {
    let refused: Result<Import, ImportError> = source.import(&[json], environment, None);
    refused.expect_err("it is refused").to_string()
}

impl Imported {
    /// What a flag serves; null where it leaves the value to the caller.
    pub(crate) fn value(&self, flag: &str, context: &Value) -> Value {
        let context: Context = serde_json::from_value(context.clone()).expect("a context");
        let detail = self.ruleset.evaluate(flag, &context);
        assert_eq!(detail.error_code, None, "{flag}: {detail:?}");
        serde_json::to_value(&detail).expect("JSON")["value"].clone()
    }

    /// How a flag is evaluated.
    pub(crate) fn detail(&self, flag: &str, context: &Value) -> Value {
        let context: Context = serde_json::from_value(context.clone()).expect("a context");
        serde_json::to_value(self.ruleset.evaluate(flag, &context)).expect("JSON")
    }

    /// Of how many of a thousand users a flag serves this.
    pub(crate) fn share(&self, flag: &str, value: &Value, with: &Value) -> usize {
        let users = (0..1000).filter(|user| {
            let mut context = with.clone();
            for name in ["targetingKey", "deviceId", "email"] {
                context[name] = format!("user-{user}").into();
            }
            self.value(flag, &context) == *value
        });
        users.count()
    }

    /// The notes of a flag.
    pub(crate) fn notes(&self, flag: &str) -> Vec<&str> {
        let notes = self.import.report.notes.iter();
        let own = notes.filter(|note| note.subject.key == flag);
        own.map(|note| note.message.as_str()).collect()
    }

    /// What was left out, each with the reason.
    pub(crate) fn omissions(&self) -> Vec<(&str, &str)> {
        let omissions = self.import.report.omissions.iter();
        omissions
            .map(|omission| (omission.subject.key.as_str(), omission.reason.as_str()))
            .collect()
    }

    /// That the report says this of no flag of its own.
    pub(crate) fn assert_remarked(&self, remark: &str) {
        let remarks = &self.import.report.remarks;
        let found = remarks.iter().any(|own| own.starts_with(remark));
        assert!(found, "{remark}\n{remarks:#?}");
    }

    /// That this was left out, for a reason that says this.
    pub(crate) fn assert_omitted(&self, key: &str, reason: &str) {
        let omissions = self.omissions();
        let found = omissions
            .iter()
            .any(|(own, why)| *own == key && why.contains(reason));
        assert!(found, "{key}: {reason}\n{omissions:#?}");
    }
}
