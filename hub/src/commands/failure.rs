//! Why a command ended without doing its work, and the exit code that says so.

use std::process::ExitCode;

use super::output::note;
use crate::config::ConfigError;

/// The command line or the configuration is invalid (`EX_USAGE` of sysexits).
const USAGE: u8 = 64;

/// Something this command needs is not available (`EX_UNAVAILABLE`): a port, a database, a hub.
const UNAVAILABLE: u8 = 69;

/// There are differences, which the output shows. Scripts can test for this code.
const DIFFERENT: u8 = 2;

/// Anything else.
const FAILED: u8 = 1;

/// An exit code, and the reason to print with it.
#[derive(Debug)]
pub(crate) struct Failure {
    code: u8,
    /// `None` if the command's output already says everything.
    error: Option<anyhow::Error>,
}

impl Failure {
    pub(crate) fn unavailable(error: impl Into<anyhow::Error>) -> Self {
        Self {
            code: UNAVAILABLE,
            error: Some(error.into()),
        }
    }

    pub(crate) fn usage(error: impl Into<anyhow::Error>) -> Self {
        Self {
            code: USAGE,
            error: Some(error.into()),
        }
    }

    /// The result of a command that checks for differences and found some.
    pub(crate) fn different() -> Self {
        Self {
            code: DIFFERENT,
            error: None,
        }
    }

    /// Prints the reason on standard error.
    pub(crate) fn report(self) -> ExitCode {
        let message = self.error.map(|error| format!("{error:#}"));
        for line in message.iter().flat_map(|message| message.lines()) {
            note(&format!("peekaboo: {line}\n"));
        }
        ExitCode::from(self.code)
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::usage(error)
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self {
            code: FAILED,
            error: Some(error),
        }
    }
}
