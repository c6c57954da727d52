//! Lines and trees: cells against membership point by point, and the words for stretches.

use super::earth::holds;
use super::line::{DomainName, Interval, Prefix, parse_prefix};
use super::*;
use num_bigint::BigInt;
use num_rational::BigRational;
use proptest::prelude::*;

fn inline(words: &str, shape: LeafShape) -> Leaf {
    Leaf { name: None, words: words.to_owned(), span: span(), shape }
}

fn named(name: &str, shape: LeafShape) -> Leaf {
    Leaf { name: Some(name.to_owned()), words: name.to_owned(), span: span(), shape }
}

fn number(n: i64) -> BigRational {
    BigRational::from_integer(BigInt::from(n))
}

fn interval(from: i64, to: i64) -> LeafShape {
    LeafShape::Intervals(vec![Interval::new(number(from), number(to))])
}

fn prefixes(texts: &[&str]) -> LeafShape {
    LeafShape::Prefixes(texts.iter().map(|t| parse_prefix(t).unwrap()).collect())
}

fn domains(texts: &[&str]) -> LeafShape {
    LeafShape::Domains(texts.iter().map(|t| DomainName::parse(t).unwrap()).collect())
}

fn build(space: SpaceKind, leaves: Vec<Leaf>) -> Atlas {
    let mut builder = Builder::new("Space", space, Settings::default(), span());
    for leaf in leaves {
        builder.leaf(leaf);
    }
    builder.build().unwrap()
}

fn minus(a: u32, b: u32) -> RegionExpr {
    RegionExpr::Difference(Box::new(RegionExpr::Leaf(a)), Box::new(RegionExpr::Leaf(b)))
}

#[test]
fn phrases_are_literals_unless_names_fit() {
    let bands = build(
        SpaceKind::Interval("MHz".to_owned()),
        vec![
            inline("4 MHz to 8 MHz", interval(4, 8)),
            inline("5 MHz to 6 MHz", interval(5, 6)),
            named("Top", interval(7, 9)),
        ],
    );
    let v4 = build(
        SpaceKind::Ipv4,
        vec![inline("10.40.0.0/15", prefixes(&["10.40.0.0/15"])), inline("10.41.0.0/16", prefixes(&["10.41.0.0/16"]))],
    );
    let zones = build(
        SpaceKind::Domain,
        vec![
            inline("ffrg", domains(&["ffrg"])),
            inline("x.ffrg", domains(&["x.ffrg"])),
            inline("y.x.ffrg", domains(&["y.x.ffrg"])),
        ],
    );
    let years = build(SpaceKind::Integer, vec![inline("1 to 9", interval(1, 10)), inline("4", interval(4, 5))]);
    let say = |atlas: &Atlas, expr: &RegionExpr| {
        let set = atlas.region(expr);
        let size = number::measure(&atlas.measure(&set)).unwrap_or_default();
        format!("{} | {size}", atlas.describe(&set))
    };
    let phrases = [
        say(&bands, &RegionExpr::Leaf(0)),
        say(&bands, &minus(0, 1)),
        say(&bands, &RegionExpr::Leaf(2)),
        say(&bands, &minus(0, 2)),
        say(&v4, &RegionExpr::Leaf(0)),
        say(&v4, &minus(0, 1)),
        say(&zones, &RegionExpr::Leaf(0)),
        say(&zones, &minus(0, 1)),
        say(&zones, &RegionExpr::Union(vec![minus(0, 1), RegionExpr::Leaf(2)])),
        say(&years, &minus(0, 1)),
        say(&years, &RegionExpr::Leaf(1)),
    ];
    insta::assert_snapshot!(phrases.join("\n"));
    assert_eq!(bands.names(&bands.leaf_cells(2)), ["Top"]);
    assert_eq!(v4.names(&v4.region(&minus(0, 1))), ["10.40.0.0/16"]);
    assert_eq!(v4.prefixes_of(&v4.region(&minus(0, 1))), [parse_prefix("10.40.0.0/16").unwrap()]);
}

#[test]
fn neighbours_touch() {
    let years = build(
        SpaceKind::Integer,
        vec![inline("a", interval(1, 4)), inline("b", interval(4, 5)), inline("c", interval(6, 8))],
    );
    let cells = |leaf| years.leaf_cells(leaf);
    assert!(years.adjacent(&cells(0), &cells(1)));
    assert!(!years.adjacent(&cells(1), &cells(2)));
    let v4 = build(
        SpaceKind::Ipv4,
        vec![
            inline("a", prefixes(&["10.0.0.0/9"])),
            inline("b", prefixes(&["10.128.0.0/16"])),
            inline("c", prefixes(&["255.255.255.255/32"])),
            inline("d", prefixes(&["0.0.0.0/32"])),
        ],
    );
    assert!(v4.adjacent(&v4.leaf_cells(0), &v4.leaf_cells(1)));
    assert!(!v4.adjacent(&v4.leaf_cells(2), &v4.leaf_cells(3)));
}

#[test]
fn a_leaf_of_another_space_covers_nothing() {
    for space in [SpaceKind::Integer, SpaceKind::Ipv6, SpaceKind::Domain] {
        let atlas = build(space, vec![Leaf::plain("A", span())]);
        assert!(atlas.cells.is_empty());
        assert_eq!(atlas.describe(&atlas.all()), "nothing");
    }
}

/// Intervals on 0..12, for all of whose points membership can be asked.
fn spaces() -> impl Strategy<Value = (Vec<Vec<(i64, i64)>>, RegionExpr)> {
    let stretch = (0i64..12, 1i64..6).prop_map(|(from, length)| (from, from + length));
    let leaf = prop::collection::vec(stretch, 1..3);
    prop::collection::vec(leaf, 1..6).prop_flat_map(|leaves| {
        let count = u32::try_from(leaves.len()).unwrap();
        super::earth::expr(count).prop_map(move |expr| (leaves.clone(), expr))
    })
}

/// Names of three letters over `a`, `b`, each place a level down the tree.
fn trees() -> impl Strategy<Value = (Vec<Vec<String>>, RegionExpr)> {
    let name = prop::collection::vec(prop_oneof![Just("a"), Just("b")], 1..4).prop_map(|labels| labels.join("."));
    prop::collection::vec(prop::collection::vec(name, 1..3), 1..6).prop_flat_map(|leaves| {
        let count = u32::try_from(leaves.len()).unwrap();
        super::earth::expr(count).prop_map(move |expr| (leaves.clone(), expr))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_algebra_of_intervals_is_that_of_points((leaves, expr) in spaces()) {
        let shape = |list: &Vec<(i64, i64)>| {
            LeafShape::Intervals(list.iter().map(|(a, b)| Interval::new(number(*a), number(*b))).collect())
        };
        let line = |leaves: &[Vec<(i64, i64)>]| {
            build(SpaceKind::Integer, leaves.iter().enumerate().map(|(i, l)| named(&format!("R{i}"), shape(l))).collect())
        };
        let atlas = line(&leaves);
        let set = atlas.region(&expr);
        let pieces = atlas.intervals_of(&set);
        let mut count = 0;
        for n in 0..20 {
            let inside = holds(&expr, &|leaf| leaves[leaf as usize].iter().any(|(a, b)| (*a..*b).contains(&n)));
            prop_assert_eq!(inside, pieces.iter().any(|p| p.contains(&number(n))));
            count += i64::from(inside);
        }
        prop_assert_eq!(atlas.measure(&set), Measure::Count(number(count), "integers".to_owned()));
        // the other way round: the same words
        let mut builder = Builder::new("Space", SpaceKind::Integer, Settings::default(), span());
        let last = u32::try_from(leaves.len() - 1).unwrap();
        for (i, l) in leaves.iter().enumerate().rev() {
            builder.leaf(named(&format!("R{i}"), shape(l)));
        }
        let turned = builder.build().unwrap();
        let same = turned.region(&expr.renamed(&|leaf| Some(last - leaf)));
        prop_assert_eq!(&set, &same);
        prop_assert_eq!(atlas.describe(&set), turned.describe(&same));
    }

    #[test]
    fn the_algebra_of_prefixes_is_that_of_addresses((leaves, expr) in spaces()) {
        let shape = |list: &Vec<(i64, i64)>| -> Vec<Prefix> {
            list.iter().map(|(from, length)| {
                parse_prefix(&format!("10.0.0.{}/{}", (from * 8) & !((1 << (length % 5)) - 1), 32 - length % 5)).unwrap()
            }).collect()
        };
        let atlas = build(
            SpaceKind::Ipv4,
            leaves.iter().enumerate().map(|(i, l)| named(&format!("R{i}"), LeafShape::Prefixes(shape(l)))).collect(),
        );
        let pieces = atlas.prefixes_of(&atlas.region(&expr));
        for n in 0..256 {
            let address = parse_prefix(&format!("10.0.0.{n}")).unwrap();
            let inside = holds(&expr, &|leaf| shape(&leaves[leaf as usize]).iter().any(|p| p.contains(address)));
            prop_assert_eq!(inside, pieces.iter().any(|p| p.contains(address)));
        }
    }

    #[test]
    fn the_algebra_of_domains_is_that_of_names((leaves, expr) in trees()) {
        let parse = |text: &str| DomainName::parse(text).unwrap();
        let shape = |list: &Vec<String>| LeafShape::Domains(list.iter().map(|t| parse(t)).collect());
        let atlas = build(SpaceKind::Domain, leaves.iter().enumerate().map(|(i, l)| named(&format!("R{i}"), shape(l))).collect());
        let pieces = atlas.subtrees_of(&atlas.region(&expr));
        let mut names = vec![String::new()];
        for level in 0..4 {
            let longer: Vec<String> = names
                .iter()
                .filter(|n| n.is_empty() || n.split('.').count() == level)
                .flat_map(|n| ["a", "b", "c"].map(|l| if n.is_empty() { l.to_owned() } else { format!("{l}.{n}") }))
                .collect();
            names.extend(longer);
        }
        for name in names.iter().filter(|n| !n.is_empty()).map(|n| parse(n)) {
            let inside = holds(&expr, &|leaf| leaves[leaf as usize].iter().any(|t| parse(t).contains(&name)));
            prop_assert_eq!(inside, pieces.iter().any(|p| p.contains(&name)), "{}", name);
        }
    }
}
