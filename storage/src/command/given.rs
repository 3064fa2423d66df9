//! Members of patches, where absent and null differ.

use serde::{Deserialize, Deserializer};
use time::OffsetDateTime;

/// Reads a member of a patch that is there, so that null is a value, for members that have it, and never means absent.
pub(super) fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// The same of a time that may be null.
pub(super) mod rfc3339_given {
    use serde::Serializer;

    use super::{Deserializer, OffsetDateTime};

    #[expect(
        clippy::option_option,
        clippy::ref_option,
        reason = "serde calls it with a reference to the member"
    )]
    pub(crate) fn serialize<S: Serializer>(
        time: &Option<Option<OffsetDateTime>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        time::serde::rfc3339::option::serialize(&time.flatten(), serializer)
    }

    #[expect(clippy::option_option, reason = "absent and null differ")]
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Option<OffsetDateTime>>, D::Error> {
        time::serde::rfc3339::option::deserialize(deserializer).map(Some)
    }
}
