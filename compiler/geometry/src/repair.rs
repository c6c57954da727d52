//! What a set of rings holds, by the rule of [`read_shape`](crate::read_shape), and where they say it badly.
//!
//! In: the rings of one feature, laid out within ±180. Out: the defects found, and on demand the polygons built anew. Every ring is
//! a layer of its own, so that each face knows which ring winds round it how often; the rule is then read off the labels.

#![expect(clippy::indexing_slicing, reason = "edge, side and label numbers come from the arrays that they index")]

use crate::boundary::outline;
use crate::check;
use crate::error::OverlayError;
use crate::faces::{Arrangement, arrange};
use crate::grid::{Point, Polygon, Ring, ring_edges};
use crate::label::{Count, Labels};
use crate::node::Edge;
use crate::read::{Repair, RepairKind};
use rustc_hash::FxHashMap;

/// One ring of a feature.
pub(crate) struct Layer {
    pub(crate) polygon: usize,
    /// 0 for the shell.
    pub(crate) ring: usize,
    /// What lies of it within ±180.
    pub(crate) pieces: Vec<Ring>,
    /// Twice its area on the grid, negative where it runs clockwise as a whole.
    pub(crate) doubled_area: i128,
}

/// The faces of a feature's rings, judged.
pub(crate) struct Settled {
    /// Whether the rings hold something else than they seem to, so that they must be built anew.
    pub(crate) changed: bool,
    pub(crate) repairs: Vec<Repair>,
    arrangement: Arrangement,
    /// For every label whether the feature holds its ground.
    inside: Vec<bool>,
}

/// Cuts the rings of a feature and judges every face.
pub(crate) fn settle(layers: &[Layer]) -> Result<Settled, OverlayError> {
    let directed = |number: usize, layer: &Layer| {
        let (number, turned) = (number as u32, layer.doubled_area < 0);
        let edges = layer.pieces.iter().flat_map(|piece| ring_edges(piece));
        edges.map(move |(a, b)| if turned { (number, b, a) } else { (number, a, b) }).collect::<Vec<_>>()
    };
    let all: Vec<(u32, Point, Point)> =
        layers.iter().enumerate().flat_map(|(number, layer)| directed(number, layer)).collect();
    let mut labels = Labels::default();
    let names: Vec<u32> = (0..layers.len() as u32).map(|layer| labels.single(layer, 1)).collect();
    let edges = all.iter().filter(|(_, a, b)| a != b).map(|&(layer, a, b)| Edge { a, b, delta: names[layer as usize] });
    let given = check::given(layers.len(), all.iter().copied());
    let arrangement = arrange(edges.collect(), &mut labels, &given)?;
    drop(all);

    // one edge at which each label shows
    let mut shows: Vec<Option<Point>> = vec![None; labels.len()];
    for (at, &label) in arrangement.sides.label.iter().enumerate() {
        shows[label as usize].get_or_insert(arrangement.edges[at / 2].a);
    }
    let mut judge = Judge { layers, seen: vec![false; layers.len()], repairs: FxHashMap::default(), order: Vec::new() };
    let inside = (0..labels.len())
        .map(|label| shows[label].is_some_and(|near| judge.holds(labels.set(label as u32), near)))
        .collect();
    judge.odd();
    let repairs = judge.order;
    Ok(Settled { changed: !repairs.is_empty(), repairs, arrangement, inside })
}

impl Settled {
    /// The polygons of the feature, built anew from the faces that it holds.
    pub(crate) fn polygons(&mut self) -> Vec<Polygon> {
        built(&mut self.arrangement, &self.inside)
    }
}

/// The polygons that the faces make up whose label is `inside`.
pub(crate) fn built(arrangement: &mut Arrangement, inside: &[bool]) -> Vec<Polygon> {
    let Arrangement { edges, sides } = arrangement;
    let held = |label: u32| inside[label as usize];
    let mut steps = Vec::with_capacity(edges.len());
    for at in 0..edges.len() {
        if held(sides.label[2 * at]) && held(sides.label[2 * at + 1]) {
            sides.faces.join(2 * at as u32, 2 * at as u32 + 1);
        }
    }
    for (at, edge) in edges.iter().enumerate() {
        let pair = [2 * at, 2 * at + 1].map(|side| held(sides.label[side]).then(|| sides.faces.find(side as u32)));
        steps.push((edge.a, edge.b, pair));
    }
    outline(steps.into_iter())
}

/// Reads the rule off the labels and collects what does not fit it, each defect of a ring once.
struct Judge<'a> {
    layers: &'a [Layer],
    /// For every ring whether it winds round anything.
    seen: Vec<bool>,
    repairs: FxHashMap<(usize, std::mem::Discriminant<RepairKind>), usize>,
    order: Vec<Repair>,
}

impl Judge<'_> {
    fn mend(&mut self, layer: u32, kind: RepairKind, near: Point) {
        let key = (layer as usize, std::mem::discriminant(&kind));
        let Layer { polygon, ring, .. } = self.layers[layer as usize];
        if self.repairs.insert(key, self.order.len()).is_none() {
            self.order.push(Repair { polygon, ring, kind, near: near.degrees() });
        }
    }

    /// Whether the feature holds ground with this label.
    fn holds(&mut self, label: &[Count], near: Point) -> bool {
        // layers are in order of polygon and ring, and so is a label
        let mut held: Option<u32> = None;
        for of_polygon in label.chunk_by(|l, r| self.layers[l.0 as usize].polygon == self.layers[r.0 as usize].polygon)
        {
            let (mut shell, mut hole) = (None, None);
            for &(layer, count) in of_polygon {
                self.seen[layer as usize] = true;
                if count != 1 {
                    self.mend(layer, RepairKind::SelfCrossing, near);
                }
                let Layer { ring, .. } = self.layers[layer as usize];
                match (ring, hole) {
                    (0, _) => shell = Some(layer),
                    (_, None) => hole = Some(layer),
                    (_, Some(first)) => {
                        let other = self.layers[first as usize].ring;
                        self.mend(layer, RepairKind::HolesOverlap { other }, near);
                    }
                }
            }
            match (shell, hole, held) {
                (None, Some(hole), _) => self.mend(hole, RepairKind::HoleOutsideShell, near),
                (Some(shell), None, Some(first)) => {
                    let other = self.layers[first as usize].polygon;
                    self.mend(shell, RepairKind::PolygonsOverlap { other }, near);
                }
                (Some(shell), None, None) => held = Some(shell),
                _ => {}
            }
        }
        held.is_some()
    }

    /// Rings that wind round nothing, and those that have no area as a whole: they can go round ground only by crossing themselves,
    /// and have no direction.
    fn odd(&mut self) {
        for layer in 0..self.layers.len() {
            let first = self.layers[layer].pieces.first().and_then(|piece| piece.first());
            let near = first.copied().unwrap_or(Point::new(0, 0));
            if !self.seen[layer] {
                self.mend(layer as u32, RepairKind::NoGround, near);
            } else if self.layers[layer].doubled_area == 0 {
                self.mend(layer as u32, RepairKind::SelfCrossing, near);
            }
        }
    }
}
