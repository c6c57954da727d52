//! The command `comity` (being written).
fn main() {}
