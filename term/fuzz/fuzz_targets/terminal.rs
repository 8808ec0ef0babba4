//! Feeds a terminal what libFuzzer thinks of. `.github/CONTRIBUTING.md` says how to run it.

#![no_main]

#[path = "../script.rs"]
mod script;

libfuzzer_sys::fuzz_target!(|data: &[u8]| script::play(data));
