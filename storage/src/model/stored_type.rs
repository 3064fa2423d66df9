//! A flag's type as its column holds it.

use peekaboo_flags::{FlagType, Value};
use sqlx::error::BoxDynError;
use sqlx::{Database, Decode, Type};

/// A flag's type as its column holds it.
pub(crate) struct StoredType(FlagType);

impl From<StoredType> for FlagType {
    fn from(stored: StoredType) -> FlagType {
        stored.0
    }
}

impl<DB: Database> Type<DB> for StoredType
where
    str: Type<DB>,
{
    fn type_info() -> DB::TypeInfo {
        <str as Type<DB>>::type_info()
    }

    fn compatible(ty: &DB::TypeInfo) -> bool {
        <str as Type<DB>>::compatible(ty)
    }
}

impl<'r, DB: Database> Decode<'r, DB> for StoredType
where
    &'r str: Decode<'r, DB>,
{
    fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
        let text = <&'r str as Decode<'r, DB>>::decode(value)?;
        let type_ = Value::from(text);
        Ok(StoredType(serde_json::from_value(type_)?))
    }
}
