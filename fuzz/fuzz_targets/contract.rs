#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| onex_scaffold_fuzz::contract::holds(text));
