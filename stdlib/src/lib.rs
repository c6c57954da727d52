//! The standard library of the charter language, embedded.
//!
//! In: the path of a module (`std.states`). Out: its text, written in the language itself. Parses nothing.

/// The modules that there are, sorted, each with its text.
pub const MODULES: &[(&str, &str)] = &[
    ("std.commons", include_str!("../std/commons.charter")),
    ("std.conduct", include_str!("../std/conduct.charter")),
    ("std.depositary", include_str!("../std/depositary.charter")),
    ("std.measures", include_str!("../std/measures.charter")),
    ("std.networks", include_str!("../std/networks.charter")),
    ("std.states", include_str!("../std/states.charter")),
];

/// The text of a module: `std.states`.
#[must_use]
pub fn module(path: &str) -> Option<&'static str> {
    MODULES.iter().find(|(name, _)| *name == path).map(|(_, text)| *text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_found_by_their_path() {
        assert!(module("std.states").is_some_and(|t| t.contains("kind State")));
        assert!(module("std.conduct").is_some_and(|t| t.contains("model clause NonAggression")));
        assert_eq!(module("std.nothing"), None);
    }

    #[test]
    fn the_table_is_sorted() {
        assert!(MODULES.is_sorted());
    }
}
