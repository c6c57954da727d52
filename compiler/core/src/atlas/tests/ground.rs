//! Pieces, tolerances, buffers and boundaries on the Earth.

use super::*;
use crate::syntax::tree::Line;
use num_bigint::BigInt;
use num_rational::BigRational;

fn ratio(numerator: i64, denominator: i64) -> BigRational {
    BigRational::new(BigInt::from(numerator), BigInt::from(denominator))
}

/// Degrees times a thousand.
fn at(lon: i64, lat: i64) -> [BigRational; 2] {
    [ratio(lon, 1000), ratio(lat, 1000)]
}

/// A rectangle in thousandths of a degree.
fn ground(name: &str, west: i64, south: i64, east: i64, north: i64) -> Leaf {
    let ring = vec![at(west, south), at(east, south), at(east, north), at(west, north)];
    let (leaf, notes) = Leaf::polygon(&[ring], name, span()).unwrap();
    assert!(notes.is_empty());
    Leaf { name: Some(name.to_owned()), ..leaf }
}

fn earth() -> Builder {
    Builder::new("World", SpaceKind::Earth, Settings::default(), span())
}

fn km2(atlas: &Atlas, set: &CellSet) -> f64 {
    match atlas.measure(set) {
        Measure::Area(km2) => km2,
        other => panic!("expected an area, found {other:?}"),
    }
}

#[test]
fn pieces_are_connected_and_as_wide_as_their_largest_circle() {
    let mut builder = earth();
    builder.leaf(ground("A", 0, 0, 1000, 1000));
    // Overlaps A by a thousandth of a degree (111 m), and again far off by a tenth.
    builder.leaf(ground("B", 999, 0, 2000, 500));
    builder.leaf(ground("B", 900, 600, 2000, 700));
    let atlas = builder.build().unwrap();
    let overlap = atlas.leaf_cells(0).intersection(&atlas.leaf_cells(1));
    let pieces = atlas.pieces(&overlap);
    assert_eq!(pieces.len(), 2);
    assert!((pieces[0].width_m / 11_057.0 - 1.0).abs() < 0.02, "{}", pieces[0].width_m);
    assert!((pieces[1].width_m / 111.3 - 1.0).abs() < 0.02, "{}", pieces[1].width_m);
    assert!((pieces.iter().map(|p| p.area_km2).sum::<f64>() - km2(&atlas, &overlap)).abs() < 1e-9);
    assert!(!atlas.below_tolerance(&overlap, &ratio(120, 1)), "one piece is wider");
    assert!(atlas.below_tolerance(&overlap, &ratio(12_000, 1)));
    assert!(!atlas.below_tolerance(&overlap, &ratio(100, 1)));
    assert!(!atlas.below_tolerance(&CellSet::default(), &ratio(100, 1)), "nothing is no noise");
}

#[test]
fn a_point_is_inside_or_on_an_outline() {
    let mut builder = earth();
    let a = builder.leaf(ground("A", 0, 0, 2000, 1000));
    let b = builder.leaf(ground("B", 1000, 0, 3000, 1000));
    let c = builder.leaf(ground("C", 3000, 0, 4000, 1000));
    let atlas = builder.build().unwrap();
    let at = |lon, lat| atlas.at(lon, lat).map(|at| (at.inside, at.on_boundary));
    assert_eq!(at(0.5, 0.5), Some((vec![a], vec![])));
    assert_eq!(at(1.5, 0.5), Some((vec![a, b], vec![])));
    assert_eq!(at(1.0, 0.5), Some((vec![a], vec![b])));
    assert_eq!(at(3.0, 0.5), Some((vec![], vec![b, c])));
    assert_eq!(at(0.5, 1.0), Some((vec![], vec![a])));
    assert_eq!(at(9.0, 0.5), Some((vec![], vec![])));
    assert_eq!(at(181.0, 0.5), None);
}

#[test]
fn half_planes_and_bands_are_ground() {
    let mut builder = earth();
    builder.leaf(Leaf::south_of(&ratio(-60, 1), "south of 60°S", span()).unwrap());
    builder.leaf(Leaf::between_longitudes(&ratio(10, 1), &ratio(35, 1), "between 10°E and 35°E", span()).unwrap());
    builder.leaf(Leaf::between_longitudes(&ratio(170, 1), &ratio(-170, 1), "between 170°E and 170°W", span()).unwrap());
    let sector = RegionExpr::Intersection(vec![RegionExpr::Leaf(0), RegionExpr::Leaf(1)]);
    builder.name("Sector", sector.clone());
    let atlas = builder.build().unwrap();
    let set = atlas.region(&sector);
    assert_eq!(atlas.describe(&set), "World.Sector");
    assert!((km2(&atlas, &set) / (km2(&atlas, &atlas.leaf_cells(0)) * 25.0 / 360.0) - 1.0).abs() < 1e-9);
    assert_eq!(atlas.pieces(&atlas.leaf_cells(2)).len(), 1, "±180° is one meridian");
    let refused = Leaf::south_of(&ratio(-91, 1), "south of 91°S", span()).unwrap_err();
    assert_eq!(refused.headline, "expected a latitude between -90° and 90°, found -91°");
    assert!(Leaf::between_latitudes(&ratio(10, 1), &ratio(5, 1), "between 10°N and 5°N", span()).is_err());
}

#[test]
fn polygons_off_the_globe_are_refused_by_every_point() {
    let errors = Leaf::polygon(&[vec![at(0, 0), at(181_000, 0), at(0, 91_000)]], "polygon […]", span()).unwrap_err();
    assert_eq!(errors.len(), 2);
}

#[test]
fn buffers_reach_as_far_as_they_say_and_nest() {
    let mut builder = earth();
    let coast = builder.leaf(ground("Coast", 0, 0, 100, 100));
    let rock = builder.leaf(ground("Rock", 2000, 0, 2001, 1));
    let twelve = ratio(22_224, 1);
    let near = builder.buffer(&RegionExpr::Leaf(coast), &twelve, "within 12 nmi of World.Coast", span()).unwrap();
    let again = builder.buffer(&RegionExpr::Leaf(coast), &twelve, "within 22224 m of World.Coast", span()).unwrap();
    assert_eq!(near, again, "the same ground is made once");
    let both = RegionExpr::Union(vec![RegionExpr::Leaf(coast), RegionExpr::Leaf(rock)]);
    let wide = builder.buffer(&both, &twelve, "within 12 nmi of both", span()).unwrap();
    let twice = builder
        .buffer(&RegionExpr::Leaf(near), &twelve, "within 12 nmi of within 12 nmi of World.Coast", span())
        .unwrap();
    let direct = builder.buffer(&RegionExpr::Leaf(coast), &ratio(44_448, 1), "within 24 nmi", span()).unwrap();
    let empty = RegionExpr::Difference(Box::new(RegionExpr::Leaf(coast)), Box::new(RegionExpr::Leaf(coast)));
    let refused = builder.buffer(&empty, &twelve, "within 12 nmi of nothing", span()).unwrap_err();
    assert_eq!(refused.headline, "there is no ground to measure from in `within 12 nmi of nothing`");
    assert!(builder.buffer(&both, &ratio(-1, 1), "within -1 m", span()).is_err());
    let atlas = builder.build().unwrap();
    let set = |leaf| atlas.leaf_cells(leaf);
    assert!(set(coast).is_subset(&set(near)) && set(near).is_subset(&set(wide)));
    assert_eq!(atlas.pieces(&set(wide)).len(), 2);
    let side = 11.1_f64;
    let expected = side * side + 4.0 * side * 22.224 + std::f64::consts::PI * 22.224 * 22.224;
    assert!((km2(&atlas, &set(near)) / expected - 1.0).abs() < 0.01);
    assert!((km2(&atlas, &set(twice)) / km2(&atlas, &set(direct)) - 1.0).abs() < 0.001);
}

fn leg(line: Line, from: [BigRational; 2], to: [BigRational; 2]) -> LegGeometry {
    LegGeometry { line, from, to, open_end: false, span: span() }
}

#[test]
fn a_boundary_parts_the_ground_of_both() {
    let mut builder = earth();
    let a = builder.leaf(ground("A", 0, 40_000, 10_000, 49_500));
    let b = builder.leaf(ground("B", 0, 48_500, 10_000, 60_000));
    let both = RegionExpr::Union(vec![RegionExpr::Leaf(a), RegionExpr::Leaf(b)]);
    let parallel = [leg(Line::Parallel, at(-1_000, 49_000), at(11_000, 49_000))];
    let geodesic = [leg(Line::Geodesic, at(-1_000, 49_000), at(11_000, 49_000))];
    let (north, south) = builder.boundary(&parallel, &both, "the boundary along 49°N", span()).unwrap();
    let (bowed, _) = builder.boundary(&geodesic, &both, "the geodesic boundary", span()).unwrap();
    let atlas = builder.build().unwrap();
    let set = |leaf| atlas.leaf_cells(leaf);
    let ground = set(a).union(&set(b));
    assert!(set(north).intersection(&set(south)).is_empty());
    assert!(ground.is_subset(&set(north).union(&set(south))), "all ground is on one side");
    let given_up = set(a).intersection(&set(north));
    let half = km2(&atlas, &set(a).intersection(&set(b))) / 2.0;
    assert!((km2(&atlas, &given_up) / half - 1.0).abs() < 0.02);
    let between = set(north).difference(&set(bowed)).intersection(&ground);
    assert!(km2(&atlas, &between) > 1000.0, "at 49°N a geodesic bows to the north of the parallel");
    assert!(set(bowed).intersection(&ground).is_subset(&set(north)));
}

#[test]
fn a_median_runs_between_two_coasts() {
    let mut builder = earth();
    let west = builder.leaf(ground("West", 0, 0, 1_000, 2_000));
    let east = builder.leaf(ground("East", 2_000, 0, 3_000, 2_000));
    let sea = builder.leaf(ground("Sea", 1_000, 0, 2_000, 2_000));
    let (one, other) = (RegionExpr::Leaf(west), RegionExpr::Leaf(east));
    let legs = [leg(Line::Median, at(1_500, 500), at(1_500, 1_500))];
    let all = RegionExpr::Leaf(sea);
    let (left, right) = builder.boundary_between(&legs, Some((&one, &other)), &all, "the median", span()).unwrap();
    let ashore = [leg(Line::Median, at(1_100, 500), at(1_500, 1_500))];
    let refused = builder.boundary_between(&ashore, Some((&one, &other)), &all, "it", span()).unwrap_err();
    assert!(refused.headline.contains("metres nearer to one coast"), "{}", refused.headline);
    let atlas = builder.build().unwrap();
    let set = |leaf| atlas.leaf_cells(leaf);
    let halves = [left, right].map(|side| km2(&atlas, &set(side).intersection(&set(sea))));
    assert!((halves[0] / halves[1] - 1.0).abs() < 1e-6, "{halves:?}");
}

#[test]
fn boundaries_that_cannot_be_drawn_say_why() {
    let mut builder = earth();
    let a = builder.leaf(ground("A", 0, 0, 10_000, 10_000));
    let ground = RegionExpr::Leaf(a);
    let mut refused = |legs: &[LegGeometry]| builder.boundary(legs, &ground, "it", span()).unwrap_err().headline;
    let said = [
        refused(&[leg(Line::Parallel, at(0, 0), at(1_000, 2_000))]),
        refused(&[leg(Line::Meridian, at(0, 0), at(1_000, 2_000))]),
        refused(&[leg(Line::Median, at(0, 0), at(1_000, 2_000))]),
        refused(&[leg(Line::Geodesic, at(0, 0), at(1_000, 2_000)), leg(Line::Geodesic, at(3, 0), at(1_000, 2_000))]),
        refused(&[
            LegGeometry { open_end: true, ..leg(Line::Geodesic, at(0, 0), at(1_000, 0)) },
            leg(Line::Geodesic, at(1_000, 0), at(1_000, 2_000)),
        ]),
        refused(&[leg(Line::Geodesic, at(0, 0), at(200_000, 2_000))]),
        refused(&[]),
        refused(&[
            leg(Line::Geodesic, at(0, 0), at(2_000, 2_000)),
            leg(Line::Geodesic, at(2_000, 2_000), at(2_000, 0)),
            leg(Line::Geodesic, at(2_000, 0), at(0, 2_000)),
        ]),
    ];
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn distances_and_boundaries_need_the_earth() {
    let mut builder = Builder::new("Bands", SpaceKind::Interval("MHz".to_owned()), Settings::default(), span());
    let refused = builder.buffer(&RegionExpr::Empty, &ratio(1, 1), "within 1 m of it", span()).unwrap_err();
    assert_eq!(refused.headline, "a distance needs ground on the Earth, found intervals in MHz");
    assert!(builder.boundary(&[], &RegionExpr::Empty, "it", span()).is_err());
}
