//! Settings of types that the standard library has.

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    str::FromStr,
};

use crate::config::value::Value;

fn parse<T: FromStr>(text: &str, expected: &str) -> Result<T, String> {
    text.trim()
        .parse()
        .map_err(|_| format!("is not {expected}"))
}

macro_rules! plain_values {
    ($($type:ty: $kind:literal, $bare:literal, $expected:literal;)*) => {$(
        impl Value for $type {
            const KIND: &'static str = $kind;
            const BARE: bool = $bare;

            fn read(text: &str) -> Result<Self, String> {
                parse(text, $expected)
            }

            fn write(&self) -> String {
                self.to_string()
            }
        }
    )*};
}

plain_values! {
    bool: "`true` or `false`", true, "true or false";
    u16: "whole number", true, "a whole number from 0 to 65535";
    u32: "whole number", true, "a whole number, 0 or more";
    u64: "whole number", true, "a whole number, 0 or more";
    usize: "whole number", true, "a whole number, 0 or more";
    SocketAddr: "address:port", false, "an address with a port; write for example 127.0.0.1:3000, or 0.0.0.0:3000 for every interface";
    IpAddr: "address", false, "an IP address";
}

impl Value for PathBuf {
    const KIND: &'static str = "path";

    fn read(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Err("is empty; name a path".to_owned());
        }
        Ok(Self::from(text))
    }

    fn write(&self) -> String {
        self.display().to_string()
    }
}
