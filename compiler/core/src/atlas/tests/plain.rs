//! Plain names: disjoint cells, and the words for sets of them.

use super::*;

fn straits(order: &[&str]) -> Atlas {
    let mut builder = Builder::new("Straits", SpaceKind::Plain, Settings::default(), span());
    for name in order {
        builder.leaf(Leaf::plain(*name, span()));
    }
    let isles = ["North", "Middle", "Lesser"].iter().filter_map(|n| builder.named(n)).map(RegionExpr::Leaf).collect();
    builder.name("The Isles", RegionExpr::Union(isles));
    builder.build().unwrap()
}

fn set(atlas: &Atlas, names: &[&str]) -> CellSet {
    atlas.region(&RegionExpr::Union(names.iter().map(|n| RegionExpr::Leaf(atlas.leaf_named(n).unwrap())).collect()))
}

#[test]
fn names_are_cells_of_their_own() {
    let atlas = straits(&["North", "Middle", "Lesser", "Rocks", "North"]);
    assert_eq!(atlas.cells.len(), 4);
    let (north, rocks) = (set(&atlas, &["North"]), set(&atlas, &["Rocks"]));
    assert!(north.intersection(&rocks).is_empty());
    assert_eq!(atlas.measure(&north), Measure::None);
    assert!(atlas.pieces(&north).is_empty());
}

#[test]
fn phrases_name_what_makes_up_a_set() {
    let atlas = straits(&["North", "Middle", "Lesser", "Rocks"]);
    let say = |names: &[&str]| atlas.describe(&set(&atlas, names));
    assert_eq!(say(&["North"]), "Straits.North");
    assert_eq!(say(&["North", "Middle"]), "Straits.Middle and Straits.North");
    assert_eq!(say(&["North", "Middle", "Lesser"]), "Straits.\"The Isles\"");
    assert_eq!(say(&["Rocks", "North", "Middle", "Lesser"]), "Straits.Rocks and Straits.\"The Isles\"");
    assert_eq!(say(&[]), "nothing");
}

#[test]
fn the_order_of_leaves_shows_nowhere() {
    let a = straits(&["North", "Middle", "Lesser", "Rocks"]);
    let b = straits(&["Rocks", "Lesser", "North", "Middle"]);
    for names in [&["North"][..], &["Rocks", "North"], &["Lesser", "Middle", "North"]] {
        assert_eq!(set(&a, names), set(&b, names));
        assert_eq!(a.describe(&set(&a, names)), b.describe(&set(&b, names)));
    }
}

#[test]
fn an_unknown_leaf_is_empty() {
    let atlas = straits(&["North"]);
    assert!(atlas.region(&RegionExpr::Leaf(7)).is_empty());
    assert_eq!(atlas.region(&RegionExpr::Intersection(Vec::new())), atlas.all());
}

#[test]
fn a_long_difference_does_not_exhaust_the_stack() {
    let atlas = straits(&["North", "Rocks"]);
    let mut expr = RegionExpr::Union(vec![RegionExpr::Leaf(0), RegionExpr::Leaf(1)]);
    for _ in 0..20_000 {
        expr = RegionExpr::Difference(Box::new(expr), Box::new(RegionExpr::Leaf(1)));
    }
    assert_eq!(atlas.describe(&atlas.region(&expr)), "Straits.North");
}

#[test]
fn names_are_written_as_a_charter_reads_them() {
    let written: Vec<String> =
        ["North", "The Isles", "claims", "Zürich", "a\"b\\c\nd", "7", ""].into_iter().map(quoted).collect();
    assert_eq!(written, ["North", "\"The Isles\"", "\"claims\"", "\"Zürich\"", r#""a\"b\\c\nd""#, "\"7\"", "\"\""]);
}
