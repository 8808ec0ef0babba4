//! The seeds of the fuzz target, and what it found.

#[path = "../../fuzz/script.rs"]
mod script;

use std::fs;
use std::path::Path;

#[test]
fn every_seed_of_the_fuzz_target_is_played() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
    let mut played = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let seed = fs::read(entry.unwrap().path()).unwrap();
        script::play(&seed);
        // Cut short, and with its middle missing: strings and sequences that are broken off.
        (1..8).for_each(|part| script::play(&seed[..seed.len() * part / 8]));
        (1..8).for_each(|part| script::play(&[&seed[..part], &seed[seed.len() * part / 8..]].concat()));
        played += 1;
    }
    assert!(played >= 11, "{played} seeds");
}
