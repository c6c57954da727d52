//! The standard library of the charter language, embedded.
//!
//! In: the path of a module (`std.states`). Out: its text, written in the language itself. [`later_ring`] knows the modules
//! that later rings of the language bring. Parses nothing.

/// The modules that there are, sorted, each with its text.
pub const MODULES: &[(&str, &str)] =
    &[("std.networks", include_str!("../std/networks.charter")), ("std.states", include_str!("../std/states.charter"))];

/// The modules to come, sorted, each with the ring of the language that brings it.
pub const LATER: &[(&str, u8)] = &[("std.commons", 2), ("std.conduct", 2), ("std.depositary", 2), ("std.measures", 2)];

/// The text of a module: `std.states`.
#[must_use]
pub fn module(path: &str) -> Option<&'static str> {
    MODULES.iter().find(|(name, _)| *name == path).map(|(_, text)| *text)
}

/// The ring of the language that brings a module which this version does not have.
#[must_use]
pub fn later_ring(path: &str) -> Option<u8> {
    LATER.iter().find(|(name, _)| *name == path).map(|(_, ring)| *ring)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_found_by_their_path() {
        assert!(module("std.states").is_some_and(|t| t.contains("kind State")));
        assert_eq!(module("std.conduct"), None);
        assert_eq!(later_ring("std.conduct"), Some(2));
        assert_eq!(later_ring("std.states"), None);
    }

    #[test]
    fn tables_are_sorted_and_apart() {
        assert!(MODULES.is_sorted() && LATER.is_sorted());
        assert!(LATER.iter().all(|(name, _)| module(name).is_none()));
    }
}
