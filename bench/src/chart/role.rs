//! Whose a bar or a line is.

/// What a bar or a line stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Hub,
    Floor,
    Peer,
}

impl Role {
    pub(super) fn of(server: &str) -> Self {
        match server {
            "hub" => Self::Hub,
            "floor" => Self::Floor,
            _ => Self::Peer,
        }
    }

    /// Its class in the style.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Hub => "hub",
            Self::Floor => "floor",
            Self::Peer => "peer",
        }
    }
}
