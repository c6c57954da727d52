//! What lies at a point, and a point that lies in a face.
//!
//! In: an overlay and a grid point, or the edges round a face. Out: the cells that hold or touch the point, decided exactly; a
//! longitude and latitude strictly inside the face. The meridians 180 and −180 are one, and so are all points of a pole.

use crate::faces::{Line, OUTSIDE, Overlay};
use crate::grid::{FULL_TURN, HALF_TURN, POLE, Point, UNITS_PER_DEGREE, orient};
use std::cmp::Ordering;

/// Where a point lies in an overlay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Located {
    /// Strictly inside this cell.
    Inside(u32),
    /// Strictly inside ground that no shape covers.
    Outside,
    /// On an edge or a vertex.
    Boundary {
        /// Every cell that touches the point, ascending.
        cells: Vec<u32>,
        /// Whether ground that no shape covers touches it too.
        outside: bool,
    },
}

impl Overlay {
    /// What covers a point. Exact: a point on a border is told from the ground on either side of it.
    pub fn cover_at(&self, p: Point) -> Located {
        let mut found = Vec::new();
        if p.y.abs() == POLE {
            self.round_pole(p.y, &mut found);
        } else if p.x.abs() == HALF_TURN {
            for x in [-HALF_TURN, HALF_TURN] {
                let before = found.len();
                self.touching(Point::new(x, p.y), &mut found);
                if found.len() == before {
                    found.push(OUTSIDE);
                }
            }
        } else {
            self.touching(p, &mut found);
            if found.is_empty() {
                found.push(self.ground_at(p));
            }
        }
        found.sort_unstable();
        found.dedup();
        match found.as_slice() {
            [] | [OUTSIDE] => Located::Outside,
            &[cell] => Located::Inside(cell),
            _ => {
                let outside = found.last() == Some(&OUTSIDE);
                found.retain(|&cell| cell != OUTSIDE);
                Located::Boundary { cells: found, outside }
            }
        }
    }

    /// The cells on both sides of every edge that a point lies on. Past the seam and the poles there is no ground.
    fn touching(&self, p: Point, found: &mut Vec<u32>) {
        for (line, pair) in self.reaching(p.x) {
            let on = line.b.x >= p.x
                && (line.a.y.min(line.b.y)..=line.a.y.max(line.b.y)).contains(&p.y)
                && orient(line.a, line.b, p) == Ordering::Equal;
            if on {
                let real = pair.iter().filter(|&&face| face != OUTSIDE || !(line.is_seam() || line.is_pole()));
                found.extend(real.map(|&face| self.cell_of(face)));
            }
        }
    }

    /// Edges that begin at or west of a meridian.
    fn reaching(&self, x: i64) -> impl Iterator<Item = (&Line, &[u32; 2])> {
        let end = self.edges.partition_point(|line| line.a.x <= x);
        self.edges.iter().zip(&self.sides).take(end)
    }

    /// The cell above the highest edge below a point that is on no edge.
    fn ground_at(&self, p: Point) -> u32 {
        let mut best: Option<(&Line, u32)> = None;
        for (line, pair) in self.reaching(p.x) {
            if line.b.x <= p.x || line.a.y.min(line.b.y) > p.y || orient(line.a, line.b, p) != Ordering::Greater {
                continue;
            }
            if best.is_none_or(|(highest, _)| is_above(line, highest)) {
                best = Some((line, pair[1]));
            }
        }
        best.map_or(OUTSIDE, |(_, face)| self.cell_of(face))
    }

    fn round_pole(&self, y: i64, found: &mut Vec<u32>) {
        let mut covered = 0;
        for (line, pair) in self.edges.iter().zip(&self.sides) {
            if line.a.y != y && line.b.y != y {
                continue;
            }
            let no_ground = line.is_pole() || line.is_seam();
            found.extend(pair.iter().filter(|&&face| face != OUTSIDE || !no_ground).map(|&face| self.cell_of(face)));
            if line.is_pole() {
                covered += line.b.x - line.a.x;
            }
        }
        if covered < FULL_TURN {
            found.push(OUTSIDE);
        }
    }
}

/// Whether one edge lies above another that it does not cross, where both span a common meridian.
fn is_above(one: &Line, other: &Line) -> bool {
    let side = if one.a.x >= other.a.x {
        orient(other.a, other.b, one.a).then(orient(other.a, other.b, one.b))
    } else {
        orient(one.a, one.b, other.a).then(orient(one.a, one.b, other.b)).reverse()
    };
    side == Ordering::Greater
}

/// A point inside the face that these edges bound, in degrees: the middle of the widest stretch along a parallel that meets no
/// vertex, half-way up the face or, where that is too thin, at other heights.
pub(crate) fn inner_point(lines: &[Line]) -> [f64; 2] {
    let mut heights: Vec<i64> = lines.iter().flat_map(|line| [line.a.y, line.b.y]).collect();
    heights.sort_unstable();
    heights.dedup();
    let (Some(&lowest), Some(&highest)) = (heights.first(), heights.last()) else { return [0.0, 0.0] };
    let mut best = (0.0, [0.0, 0.0]);
    for eighth in [4, 2, 6, 3, 5, 1, 7, 0, 8] {
        let wanted = lowest + (highest - lowest) / 8 * eighth;
        let above = heights.partition_point(|&y| y <= wanted).clamp(1, heights.len().max(2) - 1);
        let (Some(&from), Some(&to)) = (heights.get(above - 1), heights.get(above)) else { continue };
        let Some((width, x)) = widest(lines, from, to) else { continue };
        if width > best.0 {
            let y = (from as f64 + to as f64) * 0.5;
            best = (width, [x / UNITS_PER_DEGREE as f64, y / UNITS_PER_DEGREE as f64]);
        }
        if width > 1e3 {
            break;
        }
    }
    best.1
}

/// The widest stretch inside, half-way between two neighbouring heights of vertices: its width and its middle, in units.
fn widest(lines: &[Line], from: i64, to: i64) -> Option<(f64, f64)> {
    let middle = (to - from) as f64 * 0.5;
    let mut crossings: Vec<f64> = lines
        .iter()
        .filter(|line| line.a.y.min(line.b.y) <= from && line.a.y.max(line.b.y) >= to)
        .map(|line| {
            let rise = (line.b.y - line.a.y) as f64;
            line.a.x as f64 + ((from - line.a.y) as f64 + middle) / rise * (line.b.x - line.a.x) as f64
        })
        .collect();
    crossings.sort_unstable_by(f64::total_cmp);
    crossings
        .chunks_exact(2)
        .filter_map(|pair| match pair {
            &[west, east] => Some((east - west, (west + east) * 0.5)),
            _ => None,
        })
        .max_by(|l, r| l.0.total_cmp(&r.0))
}
