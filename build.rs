//! Tells cargo what the program is made of besides its code, and how it is linked.

use std::env::var;

fn main() {
    // The embedded templates: without this a template added to the folder is not noticed, and a stale binary is the
    // result.
    println!("cargo:rerun-if-changed=templates");
    // Linked for one address, the program is loaded as it lies on the disk. Otherwise a hundred of its pages are written
    // to before its first line runs: a sixth of the time of `onex --version`. SECURITY.md says what that gives up.
    let target = |of: &str| var(format!("CARGO_CFG_TARGET_{of}")).unwrap_or_default();
    let is_static = target("FEATURE").split(',').any(|feature| feature == "crt-static");
    if ["ARCH", "OS", "ENV"].map(target) == ["x86_64", "linux", "gnu"] && !is_static {
        println!("cargo:rustc-link-arg-bins=-no-pie");
    }
}
