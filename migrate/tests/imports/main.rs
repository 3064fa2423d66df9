//! Files in other systems' public formats, turned into flags; what they serve is compared with what those systems
//! document.

mod files;
mod flagd;
mod growthbook;
mod launchdarkly;
mod support;
mod unleash;
