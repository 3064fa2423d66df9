//! A version of an environment as text: for the ruleset's entity tag, an event's id, and a URL's query.

use peekaboo_actors::EnvironmentSnapshot;
use peekaboo_protocol::Resume;

/// `<epoch>-<version>`.
pub(crate) fn text(version: &Resume) -> String {
    format!("{}-{}", version.epoch, version.version)
}

/// The text for a snapshot.
pub(crate) fn text_of(snapshot: &EnvironmentSnapshot) -> String {
    format!("{}-{}", snapshot.epoch, snapshot.version)
}

/// Parses the result of [`text`].
pub(crate) fn parse(text: &str) -> Option<Resume> {
    let (epoch, version) = text.rsplit_once('-')?;
    Some(Resume {
        epoch: epoch.to_owned(),
        version: version.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_position_is_read_back() {
        let version = Resume {
            epoch: "0192-ab".to_owned(),
            version: 7,
        };
        assert_eq!(parse(&text(&version)), Some(version));
        for nonsense in ["", "7", "e-", "e-x", "e--"] {
            assert_eq!(parse(nonsense), None, "{nonsense}");
        }
    }
}
