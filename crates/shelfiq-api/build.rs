//! Compiles the crate anew when the web app was built anew: its files are embedded.

fn main() {
    println!("cargo::rerun-if-changed=../../web/dist");
}
