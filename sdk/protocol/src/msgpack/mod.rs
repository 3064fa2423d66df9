//! MessagePack as this protocol uses it: JSON's data model.

mod encoded;
mod reader;
#[cfg(test)]
mod tests;
mod writer;

pub use encoded::Encoded;
pub(crate) use reader::Reader;
pub(crate) use writer::Writer;
