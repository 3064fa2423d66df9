//! Fuzz targets: one module for each kind of input that comes from strangers.
//!
//! A module's `check` takes any bytes and panics where the code under test breaks a promise. The same function runs
//! briefly in this crate's tests, on the files of `corpus` and on variations of them, and for as long as one likes under
//! libFuzzer (`scripts/fuzz`).

pub mod evaluate;
pub mod frames;
pub mod import;
pub mod messages;
pub mod ofrep;
pub mod pattern;
