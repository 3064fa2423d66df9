#![no_main]
#![allow(missing_docs, reason = "libFuzzer's program, which has no interface")]

libfuzzer_sys::fuzz_target!(|data: &[u8]| peekaboo_fuzz::pattern::check(data));
