//! Tells cargo that the embedded templates are part of the program: without this a template added to
//! the folder is not noticed, and a stale binary is the result.

fn main() {
    println!("cargo:rerun-if-changed=templates");
}
