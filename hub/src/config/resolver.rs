//! Reads settings from where they are given, and keeps every mistake.

use super::{
    problem::Problem,
    setting::Setting,
    source::{Given, Source},
    value::Value,
};

/// A setting as it is in force, its secrets redacted.
#[derive(Debug, Clone)]
pub(crate) struct Effective {
    /// Which.
    pub(crate) setting: &'static Setting,
    /// Its value as text that may be shown; empty: unset.
    pub(crate) shown: String,
    /// The same as it was written, for messages: `60s` where `shown` is `1m`.
    written: String,
    /// Who gave it.
    pub(crate) source: Source,
}

/// Reads settings one by one and keeps what is wrong, so that one run names every mistake.
pub(super) struct Resolver<'a> {
    given: &'a Given,
    pub(super) problems: Vec<Problem>,
    pub(super) effective: Vec<Effective>,
}

impl<'a> Resolver<'a> {
    pub(super) fn new(given: &'a Given) -> Self {
        Self {
            given,
            problems: Vec::new(),
            effective: Vec::new(),
        }
    }

    /// The value in force. A bad one is noted and its default stands in for it, so that the others
    /// are still checked.
    pub(super) fn resolve<T: Value>(&mut self, setting: &'static Setting) -> T {
        let (text, source) = self.given.find(setting);
        let value = T::read(&text).unwrap_or_else(|detail| {
            self.problems.push(Problem {
                field: setting.name(),
                source: source.clone(),
                detail: format!("{:?} {detail}", T::redact(&text)),
            });
            T::read(setting.default).expect("every default can be read")
        });
        self.effective.push(Effective {
            setting,
            shown: value.write(),
            written: T::redact(&text),
            source,
        });
        value
    }

    /// Whether something is wrong with a setting, so that its default stands in for its value.
    pub(super) fn is_refused(&self, setting: &str) -> bool {
        self.problems.iter().any(|problem| problem.field == setting)
    }

    /// Notes what is wrong with the value of a setting that was resolved before. One problem of a setting is enough: the
    /// next one would be about the default that stands in for it.
    pub(super) fn refuse(&mut self, setting: &str, detail: &str) {
        if self.is_refused(setting) {
            return;
        }
        let resolved = self.effective.iter();
        for effective in resolved.filter(|effective| effective.setting.name() == setting) {
            self.problems.push(Problem {
                field: setting.to_owned(),
                source: effective.source.clone(),
                detail: format!("{:?} {detail}", effective.written),
            });
        }
    }
}
