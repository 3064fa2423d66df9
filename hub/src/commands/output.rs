//! What a command prints.

use std::io::{self, Write};

use anyhow::Context as _;

/// Prints data on standard output, byte for byte.
pub(super) fn print(text: &str) -> anyhow::Result<()> {
    write(io::stdout().lock(), text)
}

/// Prints text that holds ANSI styles on standard output.
///
/// The styles are removed when the output is not a terminal, when `NO_COLOR` is set, and when the terminal has no
/// colors; `CLICOLOR_FORCE` keeps them.
pub(super) fn print_styled(text: &str) -> anyhow::Result<()> {
    write(anstream::stdout().lock(), text)
}

fn write(mut output: impl Write, text: &str) -> anyhow::Result<()> {
    let written = output
        .write_all(text.as_bytes())
        .and_then(|()| output.flush());
    match written {
        // A reader such as `head` has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.context("cannot write to standard output"),
    }
}

/// Prints on standard error what is not part of the output: progress, warnings, and why a command failed.
pub(super) fn note(text: &str) {
    // Without standard error there is no one to tell.
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Closed(io::ErrorKind);

    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_closed_pipe_is_not_a_failure_and_a_full_disk_is() {
        assert!(write(Closed(io::ErrorKind::BrokenPipe), "text").is_ok());
        let full = write(Closed(io::ErrorKind::StorageFull), "text");
        let message = format!("{:#}", full.expect_err("a failure"));
        assert!(
            message.starts_with("cannot write to standard output: "),
            "{message}"
        );
    }
}
