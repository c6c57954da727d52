//! What lies around ground: the neighbours of each connected piece of a set of cells.
//!
//! In: an overlay and a choice of cells. Out: each connected piece with the cells along its outline, and whether ground that no
//! shape covers lies along it too. Only edges with length on the ground count: a corner is no border, a pole is none, and the
//! seam at ±180 neither parts ground nor hides a neighbour.

#![expect(clippy::indexing_slicing, reason = "edge, face and cell numbers come from the arrays that they index")]

use crate::faces::{Cell, OUTSIDE, Overlay};

/// A connected piece of ground and what lies along its outline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Surrounded {
    /// Its faces by index, ascending.
    pub faces: Vec<u32>,
    /// The cells along its outline by index, ascending; none of its own.
    pub cells: Vec<u32>,
    /// Whether ground that no shape covers lies along its outline.
    pub outside: bool,
}

impl Overlay {
    /// The connected pieces of the union of the cells that satisfy `member`, in the order of [`Overlay::connected`], each with
    /// what lies around it.
    pub fn surrounded(&self, member: &dyn Fn(&Cell) -> bool) -> Vec<Surrounded> {
        let groups = self.connected(member);
        let mut piece = vec![OUTSIDE; self.faces.len()];
        for (number, faces) in groups.iter().enumerate() {
            faces.iter().for_each(|&face| piece[face as usize] = number as u32);
        }
        let mut out: Vec<Surrounded> =
            groups.into_iter().map(|faces| Surrounded { faces, cells: Vec::new(), outside: false }).collect();
        let across = self.edges.iter().zip(&self.sides).filter(|(line, _)| !line.is_pole() && !line.is_seam());
        let pairs = across.map(|(_, pair)| (pair[0], pair[1])).chain(self.seam.iter().copied());
        let of = |face: u32| if face == OUTSIDE { OUTSIDE } else { piece[face as usize] };
        for (one, other) in pairs {
            for (here, there) in [(one, other), (other, one)] {
                let (own, beyond) = (of(here), of(there));
                if own == OUTSIDE || own == beyond {
                    continue;
                }
                let found = &mut out[own as usize];
                if there == OUTSIDE {
                    found.outside = true;
                } else if found.cells.last() != Some(&self.cell_of(there)) {
                    found.cells.push(self.cell_of(there));
                }
            }
        }
        for found in &mut out {
            found.cells.sort_unstable();
            found.cells.dedup();
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use crate::{Point, Polygon, Shape, UNITS_PER_DEGREE, overlay};

    fn rectangle(west: i64, south: i64, east: i64, north: i64) -> Shape {
        let corner = |x: i64, y: i64| Point::new(x * UNITS_PER_DEGREE, y * UNITS_PER_DEGREE);
        let shell = vec![corner(west, south), corner(east, south), corner(east, north), corner(west, north)];
        Shape { polygons: vec![Polygon { shell, holes: Vec::new() }] }
    }

    /// For each piece of one shape: the shapes around it, and whether there is open ground.
    fn around(shapes: &[Shape], of: u32) -> Vec<(Vec<Vec<u32>>, bool)> {
        let cut = overlay(shapes).unwrap();
        let found = cut.surrounded(&|cell| cell.cover.contains(&of));
        let covers = |cells: &[u32]| cells.iter().map(|c| cut.cells[*c as usize].cover.clone()).collect();
        found.iter().map(|s| (covers(&s.cells), s.outside)).collect()
    }

    #[test]
    fn an_enclave_has_one_neighbour_and_no_open_ground() {
        let shapes = [rectangle(0, 0, 9, 9), rectangle(3, 3, 5, 5)];
        assert_eq!(around(&shapes, 1), [(vec![vec![0]], false)]);
        assert_eq!(around(&[rectangle(3, 3, 5, 5)], 0), [(vec![], true)]);
    }

    #[test]
    fn a_corner_is_no_neighbour() {
        let shapes = [rectangle(0, 0, 1, 1), rectangle(1, 1, 2, 2)];
        assert_eq!(around(&shapes, 0), [(vec![], true)]);
        // all round but for the corners
        let ring = [
            rectangle(1, 1, 2, 2),
            rectangle(0, 1, 1, 2),
            rectangle(2, 1, 3, 2),
            rectangle(1, 0, 2, 1),
            rectangle(1, 2, 2, 3),
        ];
        assert_eq!(around(&ring, 0), [(vec![vec![1], vec![2], vec![3], vec![4]], false)]);
    }

    #[test]
    fn the_seam_is_looked_across_and_a_pole_is_no_way_out() {
        let across = [rectangle(179, 0, 180, 1), rectangle(-180, 0, -179, 1)];
        assert_eq!(around(&across, 0), [(vec![vec![1]], true)]);
        // a cap of a pole with a ring round it
        let cap = [rectangle(-180, 80, 180, 90), rectangle(-180, 70, 180, 80)];
        assert_eq!(around(&cap, 0), [(vec![vec![1]], false)]);
    }

    #[test]
    fn pieces_of_one_shape_have_neighbours_of_their_own() {
        let mut two = rectangle(1, 1, 2, 2);
        two.polygons.extend(rectangle(20, 1, 21, 2).polygons);
        let shapes = [rectangle(0, 0, 9, 9), two];
        assert_eq!(around(&shapes, 1), [(vec![vec![0]], false), (vec![], true)]);
    }
}
