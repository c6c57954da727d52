//! The overlay: all shapes cut once, the faces that come of it, and the cells that gather faces with one covering set.
//!
//! In: shapes. Out: an [`Overlay`]. Faces are numbered by their lowest edge and cells by their covering set, so nothing depends on
//! the order, the starting points or the directions in which the shapes came, but for the numbers of the shapes themselves.

#![expect(clippy::indexing_slicing, reason = "edge, side, face and cell numbers come from the arrays that they index")]

use crate::area::{Sum, under_edge};
use crate::check;
use crate::error::OverlayError;
use crate::grid::{HALF_TURN, POLE, Point, Shape, doubled_area, ring_edges};
use crate::label::{LabelId, Labels};
use crate::node::{Edge, Noded, node};
use crate::sweep::{Sides, sweep};
use rustc_hash::FxHashMap;

/// In place of a face or a cell: ground that no shape covers.
pub(crate) const OUTSIDE: u32 = u32::MAX;

/// All ground with one and the same set of covering shapes.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// The covering shapes by index, ascending; never empty.
    pub cover: Vec<u32>,
    /// Area on the WGS 84 ellipsoid in square kilometres, along straight longitude/latitude edges.
    pub area_km2: f64,
    /// Its faces by index, ascending.
    pub faces: Vec<u32>,
    /// Longitude and latitude in degrees of a point inside its largest face. Strictly inside, unless that face is
    /// thinner than the spacing of doubles.
    pub point: [f64; 2],
}

/// One connected piece of a cell. Pieces that meet across ±180 are two faces (see [`Overlay::components`]).
#[derive(Clone, Debug, PartialEq)]
pub struct Face {
    /// The cell that it belongs to.
    pub cell: u32,
    /// Area on the WGS 84 ellipsoid in square kilometres.
    pub area_km2: f64,
}

/// Shapes cut into cells.
#[derive(Clone, Debug)]
pub struct Overlay {
    /// The cells, ordered by cover.
    pub cells: Vec<Cell>,
    /// The faces, ordered by their first edge.
    pub faces: Vec<Face>,
    /// Every edge between two faces, or a face and the outside: sorted, pointing right or straight up.
    pub(crate) edges: Vec<Line>,
    /// For each edge the faces below and above it.
    pub(crate) sides: Vec<[u32; 2]>,
    /// For each face where its sides begin in `face_sides`; one more than there are faces.
    face_starts: Vec<u32>,
    /// The sides (2e below edge e, 2e + 1 above) of each face in turn.
    face_sides: Vec<u32>,
    /// Faces that meet across the antimeridian.
    pub(crate) seam: Vec<(u32, u32)>,
    adjacent: Vec<(u32, u32)>,
}

/// An edge of the overlay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Line {
    pub(crate) a: Point,
    pub(crate) b: Point,
}

impl Line {
    /// Whether it lies along a pole, where it has no length on the ground.
    pub(crate) fn is_pole(self) -> bool {
        self.a.y == self.b.y && self.a.y.abs() == POLE
    }

    /// Whether it lies along the antimeridian.
    pub(crate) fn is_seam(self) -> bool {
        self.a.x == self.b.x && self.a.x.abs() == HALF_TURN
    }
}

/// Cuts all shapes once and gathers the pieces into cells.
///
/// # Errors
/// Points out of range, and any self-check that fails: the covering sets round every vertex agree, ground outside all rings is
/// not covered, the exact area of every shape is found again in its cells.
pub fn overlay(shapes: &[Shape]) -> Result<Overlay, OverlayError> {
    let mut labels = Labels::default();
    let edges = shape_edges(shapes, &mut labels)?;
    let given = check::given(shapes.len(), directed(shapes));
    let swept = arrange(edges, &mut labels, &given)?;
    Ok(Overlay::new(swept, &labels, shapes.len()))
}

/// Noded edges and what lies on their sides, checked.
pub(crate) struct Arrangement {
    pub(crate) edges: Vec<Edge>,
    pub(crate) sides: Sides,
}

/// Nodes, sweeps and checks.
pub(crate) fn arrange(
    edges: Vec<Edge>,
    labels: &mut Labels,
    given: &[check::Given],
) -> Result<Arrangement, OverlayError> {
    let Noded { edges, rounds } = node(edges, labels)?;
    let mut sides = sweep(&edges, labels)?;
    check::check(&edges, &mut sides, labels, given, rounds)?;
    Ok(Arrangement { edges, sides })
}

/// The edges of all shapes with the inside on their left, each with the number of its shape.
fn directed(shapes: &[Shape]) -> impl Iterator<Item = (u32, Point, Point)> + '_ {
    shapes.iter().enumerate().flat_map(|(number, shape)| {
        shape.polygons.iter().flat_map(move |polygon| {
            polygon.rings().enumerate().flat_map(move |(at, ring)| {
                let turned = (doubled_area(ring) < 0) != (at > 0);
                ring_edges(ring).map(move |(a, b)| if turned { (number as u32, b, a) } else { (number as u32, a, b) })
            })
        })
    })
}

fn shape_edges(shapes: &[Shape], labels: &mut Labels) -> Result<Vec<Edge>, OverlayError> {
    let count: usize = shapes.iter().map(Shape::vertices).sum();
    if count > (u32::MAX / 8) as usize {
        return Err(OverlayError::TooLarge { edges: count });
    }
    let mut edges = Vec::with_capacity(count);
    let mut last = (u32::MAX, 0);
    for (shape, a, b) in directed(shapes) {
        if a.x.unsigned_abs() > HALF_TURN as u64 || a.y.unsigned_abs() > POLE as u64 {
            return Err(OverlayError::OutOfRange { shape, near: a.degrees() });
        }
        if last.0 != shape {
            last = (shape, labels.single(shape, 1));
        }
        if a != b {
            edges.push(Edge { a, b, delta: last.1 });
        }
    }
    Ok(edges)
}

impl Overlay {
    fn new(arrangement: Arrangement, labels: &Labels, shapes: usize) -> Self {
        let Arrangement { edges, mut sides } = arrangement;
        let covers = Covers::new(labels, &sides, shapes);
        // a change of winding that changes no covering set parts nothing
        for at in 0..edges.len() as u32 {
            let (below, above) = (2 * at, 2 * at + 1);
            if covers.of(sides.label[below as usize]) == covers.of(sides.label[above as usize]) {
                sides.faces.join(below, above);
            }
        }
        let (lines, mut pairs) = (edges, vec![[OUTSIDE; 2]; 0]);
        pairs.reserve_exact(lines.len());
        let mut numbers: FxHashMap<u32, u32> = FxHashMap::default();
        let mut faces: Vec<Face> = Vec::new();
        let mut kept: Vec<Line> = Vec::with_capacity(lines.len());
        for (at, edge) in lines.iter().enumerate() {
            let ends = [2 * at, 2 * at + 1].map(|side| (side, covers.of(sides.label[side])));
            if ends[0].1 == ends[1].1 {
                continue;
            }
            let pair = ends.map(|(side, cell)| {
                if cell == OUTSIDE {
                    return OUTSIDE;
                }
                *numbers.entry(sides.faces.find(side as u32)).or_insert_with(|| {
                    faces.push(Face { cell, area_km2: 0.0 });
                    faces.len() as u32 - 1
                })
            });
            kept.push(Line { a: edge.a, b: edge.b });
            pairs.push(pair);
        }
        drop((lines, sides, numbers));
        let mut overlay = Self {
            cells: covers.cells,
            faces,
            edges: kept,
            sides: pairs,
            face_starts: Vec::new(),
            face_sides: Vec::new(),
            seam: Vec::new(),
            adjacent: Vec::new(),
        };
        overlay.gather_sides();
        overlay.measure();
        overlay.seam = overlay.find_seam();
        overlay.adjacent = overlay.find_adjacent();
        overlay
    }

    /// The sides of a face: 2e for the face below edge e, 2e + 1 for the face above it.
    pub(crate) fn sides_of(&self, face: u32) -> &[u32] {
        let (from, to) = (self.face_starts[face as usize], self.face_starts[face as usize + 1]);
        &self.face_sides[from as usize..to as usize]
    }

    fn gather_sides(&mut self) {
        let mut starts = vec![0_u32; self.faces.len() + 1];
        for face in self.sides.iter().flatten().filter(|&&face| face != OUTSIDE) {
            starts[*face as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut sides = vec![0_u32; *starts.last().unwrap_or(&0) as usize];
        for (at, pair) in self.sides.iter().enumerate() {
            for (which, &face) in pair.iter().enumerate().filter(|&(_, &face)| face != OUTSIDE) {
                let slot = &mut next[face as usize];
                sides[*slot as usize] = (2 * at + which) as u32;
                *slot += 1;
            }
        }
        (self.face_starts, self.face_sides) = (starts, sides);
    }

    /// Areas of faces and cells, and a point in each cell.
    fn measure(&mut self) {
        let mut sums = vec![Sum::default(); self.faces.len()];
        for (line, pair) in self.edges.iter().zip(&self.sides) {
            let under = under_edge(line.a, line.b);
            if under != 0.0 {
                for (face, area) in [(pair[0], under), (pair[1], -under)] {
                    if face != OUTSIDE {
                        sums[face as usize].add(area);
                    }
                }
            }
        }
        let mut totals = vec![Sum::default(); self.cells.len()];
        let mut largest = vec![(f64::NEG_INFINITY, OUTSIDE); self.cells.len()];
        for (at, face) in self.faces.iter_mut().enumerate() {
            // a face thinner than rounding can come out a hair below nothing
            face.area_km2 = sums[at].value().max(0.0);
            let cell = face.cell as usize;
            totals[cell].add(face.area_km2);
            self.cells[cell].faces.push(at as u32);
            if face.area_km2 > largest[cell].0 {
                largest[cell] = (face.area_km2, at as u32);
            }
        }
        for cell in 0..self.cells.len() {
            let point = self.point_in(largest[cell].1);
            let cell_mut = &mut self.cells[cell];
            cell_mut.area_km2 = totals[cell].value();
            cell_mut.point = point;
        }
    }

    /// Pairs of cells that share an edge with length on the ground, the seam at ±180 included; sorted, each pair with the lower
    /// number first. `u32::MAX` is the outside.
    pub fn adjacent(&self) -> &[(u32, u32)] {
        &self.adjacent
    }

    pub(crate) fn cell_of(&self, face: u32) -> u32 {
        if face == OUTSIDE { OUTSIDE } else { self.faces[face as usize].cell }
    }

    fn find_adjacent(&self) -> Vec<(u32, u32)> {
        let across = self.edges.iter().zip(&self.sides).filter(|(line, _)| !line.is_pole() && !line.is_seam());
        let faces = across.map(|(_, pair)| (pair[0], pair[1])).chain(self.seam.iter().copied());
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        for (one, other) in faces {
            let (one, other) = (self.cell_of(one), self.cell_of(other));
            let pair = (one.min(other), one.max(other));
            if one != other && pairs.last() != Some(&pair) {
                pairs.push(pair);
            }
            if pairs.len() > 1 << 20 {
                pairs.sort_unstable();
                pairs.dedup();
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }

    /// The pairs of faces (or a face and the outside) on either side of the antimeridian at one latitude, sorted, each once.
    fn find_seam(&self) -> Vec<(u32, u32)> {
        // stretches of latitude along −180 (ground east of it) and along +180 (ground west of it)
        let along = |x: i64, side: usize| {
            let mut stretches: Vec<(i64, i64, u32)> = self
                .edges
                .iter()
                .zip(&self.sides)
                .filter(|(line, _)| line.a.x == x && line.b.x == x)
                .map(|(line, pair)| (line.a.y, line.b.y, pair[side]))
                .filter(|&(_, _, face)| face != OUTSIDE)
                .collect();
            stretches.sort_unstable();
            stretches
        };
        // below an edge straight up is its east
        let (east, west) = (along(-HALF_TURN, 0), along(HALF_TURN, 1));
        let mut heights: Vec<i64> = east.iter().chain(&west).flat_map(|&(from, to, _)| [from, to]).collect();
        heights.sort_unstable();
        heights.dedup();
        let at = |stretches: &[(i64, i64, u32)], from: i64| {
            let next = stretches.partition_point(|stretch| stretch.0 <= from);
            let stretch = next.checked_sub(1).and_then(|at| stretches.get(at));
            stretch.filter(|stretch| stretch.1 > from).map_or(OUTSIDE, |stretch| stretch.2)
        };
        let mut pairs: Vec<(u32, u32)> = heights
            .iter()
            .map(|&from| (at(&west, from), at(&east, from)))
            .filter(|&(west, east)| west != east)
            .collect();
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }

    /// A longitude and latitude inside a face: the middle of its widest stretch along a parallel half-way up, between vertices.
    fn point_in(&self, face: u32) -> [f64; 2] {
        if face == OUTSIDE {
            return [0.0, 0.0];
        }
        let lines: Vec<Line> = self.sides_of(face).iter().map(|&side| self.edges[(side / 2) as usize]).collect();
        crate::locate::inner_point(&lines)
    }
}

/// The distinct covering sets among the labels, in order.
struct Covers {
    cells: Vec<Cell>,
    /// For every label its cell.
    cell: Vec<u32>,
}

impl Covers {
    fn new(labels: &Labels, sides: &Sides, shapes: usize) -> Self {
        let mut used = vec![false; labels.len()];
        for &label in &sides.label {
            used[label as usize] = true;
        }
        let cover = |label: LabelId| -> Vec<u32> {
            let set = labels.set(label).iter().filter(|&&(layer, count)| count > 0 && (layer as usize) < shapes);
            set.map(|&(layer, _)| layer).collect()
        };
        let mut covers: Vec<(Vec<u32>, LabelId)> = used
            .iter()
            .enumerate()
            .filter(|&(_, &used)| used)
            .map(|(label, _)| (cover(label as u32), label as u32))
            .filter(|(cover, _)| !cover.is_empty())
            .collect();
        covers.sort_unstable();
        let mut cells: Vec<Cell> = Vec::new();
        let mut cell = vec![OUTSIDE; labels.len()];
        for (cover, label) in covers {
            if cells.last().is_none_or(|last| last.cover != cover) {
                cells.push(Cell { cover, area_km2: 0.0, faces: Vec::new(), point: [0.0, 0.0] });
            }
            cell[label as usize] = cells.len() as u32 - 1;
        }
        Self { cells, cell }
    }

    fn of(&self, label: LabelId) -> u32 {
        self.cell[label as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::Polygon;
    use crate::{Located, UNITS_PER_DEGREE};

    fn square(west: i64, south: i64, east: i64, north: i64) -> Polygon {
        let shell = [(west, south), (east, south), (east, north), (west, north)];
        Polygon { shell: shell.map(|(x, y)| Point::new(x, y)).to_vec(), holes: vec![] }
    }

    fn shape(polygons: Vec<Polygon>) -> Shape {
        Shape { polygons }
    }

    #[test]
    fn two_overlapping_squares_make_three_cells() {
        let u = UNITS_PER_DEGREE;
        let made =
            overlay(&[shape(vec![square(0, 0, 2 * u, 2 * u)]), shape(vec![square(u, u, 3 * u, 3 * u)])]).unwrap();
        let covers: Vec<&[u32]> = made.cells.iter().map(|cell| cell.cover.as_slice()).collect();
        assert_eq!(covers, [&[0][..], &[0, 1], &[1]]);
        assert_eq!(made.adjacent(), [(0, 1), (0, OUTSIDE), (1, 2), (2, OUTSIDE)]);
        let whole = shape(vec![square(0, 0, 2 * u, 2 * u)]).area_km2();
        assert!((made.cells[0].area_km2 + made.cells[1].area_km2 - whole).abs() < 1e-9);
        assert_eq!(made.cover_at(Point::new(u / 2, u)), Located::Inside(0));
        assert_eq!(made.cover_at(Point::new(3 * u / 2, 3 * u / 2)), Located::Inside(1));
        assert_eq!(made.cover_at(Point::new(-1, 5)), Located::Outside);
        let corner = Located::Boundary { cells: vec![0, 1, 2], outside: true };
        assert_eq!(made.cover_at(Point::new(2 * u, u)), corner);
        for (at, cell) in made.cells.iter().enumerate() {
            let [lon, lat] = cell.point;
            assert_eq!(made.cover_at(Point::from_degrees(lon, lat).unwrap()), Located::Inside(at as u32));
        }
        let both = made.boundary(&|_| true);
        assert_eq!(both.len(), 1);
        assert_eq!(both[0].shell.len(), 8);
        assert_eq!(both[0].shell[0], Point::new(0, 0));
    }

    #[test]
    fn neighbours_share_an_edge_and_nothing_else() {
        let made = overlay(&[shape(vec![square(0, 0, 10, 10)]), shape(vec![square(10, 3, 20, 7)])]).unwrap();
        assert_eq!(made.cells.len(), 2);
        assert_eq!(made.adjacent(), [(0, 1), (0, OUTSIDE), (1, OUTSIDE)]);
    }

    #[test]
    fn a_hole_and_an_island_in_it() {
        let mut outer = square(0, 0, 100, 100);
        outer.holes.push(square(20, 20, 80, 80).shell);
        let made = overlay(&[shape(vec![outer, square(40, 40, 60, 60)])]).unwrap();
        assert_eq!((made.cells.len(), made.faces.len()), (1, 2));
        let drawn = made.boundary(&|_| true);
        assert_eq!(drawn.iter().map(|polygon| polygon.holes.len()).collect::<Vec<_>>(), [1, 0]);
        assert!(drawn.iter().all(|polygon| doubled_area(&polygon.shell) > 0));
        assert!(drawn.iter().flat_map(|polygon| &polygon.holes).all(|hole| doubled_area(hole) < 0));
        assert_eq!(made.cover_at(Point::new(30, 30)), Located::Outside);
        assert_eq!(made.cover_at(Point::new(50, 50)), Located::Inside(0));
    }

    #[test]
    fn the_seam_is_one_meridian() {
        let (h, u) = (HALF_TURN, UNITS_PER_DEGREE);
        let west = shape(vec![square(h - u, 0, h, 2 * u)]);
        let east = shape(vec![square(-h, u, u - h, 3 * u)]);
        let made = overlay(&[west, east]).unwrap();
        assert_eq!(made.adjacent(), [(0, 1), (0, OUTSIDE), (1, OUTSIDE)]);
        let touched = Located::Boundary { cells: vec![0, 1], outside: false };
        assert_eq!(made.cover_at(Point::new(h, 3 * u / 2)), touched);
        assert_eq!(made.cover_at(Point::new(-h, 3 * u / 2)), touched);
        assert_eq!(made.cover_at(Point::new(h, u / 2)), Located::Boundary { cells: vec![0], outside: true });
        assert_eq!(made.cover_at(Point::new(-h, 4 * u)), Located::Outside);
    }

    #[test]
    fn a_cap_holds_its_pole() {
        let (h, p, u) = (HALF_TURN, POLE, UNITS_PER_DEGREE);
        let made =
            overlay(&[shape(vec![square(-h, -p, h, -60 * u)]), shape(vec![square(0, -p, 30 * u, -50 * u)])]).unwrap();
        assert_eq!(made.cover_at(Point::new(7, -p)), Located::Boundary { cells: vec![0, 1], outside: false });
        assert_eq!(made.cover_at(Point::new(h, -70 * u)), Located::Inside(0));
        let alone = overlay(&[shape(vec![square(-h, -p, h, -60 * u)])]).unwrap();
        assert_eq!(alone.cover_at(Point::new(7, -p)), Located::Inside(0));
        assert_eq!(alone.adjacent(), [(0, OUTSIDE)]);
    }

    #[test]
    fn a_point_out_of_range_is_refused() {
        let error = overlay(&[shape(vec![square(0, 0, 5, POLE + 1)])]).unwrap_err();
        assert!(matches!(error, OverlayError::OutOfRange { shape: 0, .. }), "{error}");
    }

    #[test]
    fn nothing_gives_nothing() {
        let made = overlay(&[]).unwrap();
        assert!(made.cells.is_empty() && made.adjacent().is_empty() && made.boundary(&|_| true).is_empty());
        assert_eq!(made.cover_at(Point::new(0, 0)), Located::Outside);
    }
}
