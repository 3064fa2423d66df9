//! Who can create organizations.

use peekaboo_dashboard_api::WhoCreates;

use crate::config::value::Value;

impl Value for WhoCreates {
    const KIND: &'static str = "`anyone`, `operators` or `nobody`";

    fn read(text: &str) -> Result<Self, String> {
        match text.trim() {
            "anyone" => Ok(Self::Anyone),
            "operators" => Ok(Self::Operators),
            "nobody" => Ok(Self::Nobody),
            _ => Err("is not an allowed value; write anyone, operators or nobody".to_owned()),
        }
    }

    fn write(&self) -> String {
        match self {
            Self::Anyone => "anyone",
            Self::Operators => "operators",
            Self::Nobody => "nobody",
        }
        .to_owned()
    }
}
