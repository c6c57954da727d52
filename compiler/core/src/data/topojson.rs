//! TopoJSON 1.0: features whose borders are shared arcs, often quantised.
//!
//! In: the text of a topology. Out: the features of all its objects, their rings stitched from the arcs. A quantised
//! position is scaled in floats, which is off by far less than the grid can tell. The reader of [`super::geojson`] has
//! found out that the text is a topology and that its JSON can be read.

use jiter::Peek;

use super::geojson::{Feature, Reader, Rings, enter, unexpected};
use super::json::{Cursor, Keys};
use super::shape::{NoShape, covered, unknown_kind};
use super::{Key, Node, NodeValue, Outcome};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};
use num_traits::ToPrimitive;

/// A small file can name one long arc again and again: no more positions than this are made of it.
const MOST_POSITIONS: usize = 32_000_000;

/// Collections inside collections deeper than this are refused.
const DEEPEST_COLLECTION: usize = 8;

/// A line that rings are stitched from.
struct Arc {
    positions: Vec<[f64; 2]>,
    span: Span,
}

struct Topology<'r> {
    reader: &'r mut Reader,
    arcs: Vec<Arc>,
    positions: usize,
    features: Vec<Feature>,
}

/// The features of the topology that begins at byte `start`.
pub(super) fn read(reader: &mut Reader, file: FileId, text: &str, start: usize) -> Outcome<Vec<Feature>> {
    let mut cursor = Cursor::at(file, text, start);
    let (mut arcs, mut transform, mut objects) = (None, None, None);
    cursor.peek()?;
    let mut next = cursor.enter_map()?;
    while let Some(key) = next {
        let peek = cursor.peek()?;
        match key.text.as_str() {
            "arcs" => arcs = Some(read_arcs(&mut cursor, peek)?),
            "transform" => transform = Some(read_transform(&cursor.known_node(peek, 1)?)?),
            "objects" => {
                objects = Some(cursor.offset());
                cursor.skip(peek)?;
            }
            _ => cursor.skip(peek)?,
        }
        next = cursor.next_key()?;
    }
    let whole = cursor.since(start);
    let mut arcs = arcs.unwrap_or_default();
    if let Some((scale, translate)) = transform {
        for arc in &mut arcs {
            unquantise(&mut arc.positions, scale, translate);
        }
    }
    let Some(at) = objects else {
        let head = Span::new(whole.file, whole.start, whole.start + 1);
        return Err(Box::new(Diagnostic::error(
            "data-shape",
            head,
            "a topology without `objects`",
            "expected a map of objects",
        )));
    };
    let mut topology = Topology { reader, arcs, positions: 0, features: Vec::new() };
    let mut cursor = Cursor::at(file, text, at);
    if cursor.peek()? != Peek::Object {
        let peek = cursor.peek()?;
        return Err(unexpected(&mut cursor, peek, "a map of objects"));
    }
    let mut keys = Keys::default();
    let mut next = cursor.enter_map()?;
    while let Some(layer) = next {
        keys.take(&layer)?;
        let peek = cursor.peek()?;
        topology.object(&mut cursor, peek, &layer, 0)?;
        next = cursor.next_key()?;
    }
    Ok(topology.features)
}

fn read_arcs(cursor: &mut Cursor<'_>, peek: Peek) -> Outcome<Vec<Arc>> {
    let mut arcs = Vec::new();
    let mut next = enter(cursor, peek, "a list of arcs")?;
    while let Some(peek) = next {
        let start = cursor.offset();
        let mut positions = Vec::new();
        let mut position = enter(cursor, peek, "an arc: a list of positions")?;
        while let Some(peek) = position {
            let mut numbers = [0.0; 2];
            let from = cursor.offset();
            let mut number = enter(cursor, peek, "a position: two numbers")?;
            for place in &mut numbers {
                match number {
                    Some(peek) if peek.is_num() => *place = cursor.float(peek)?,
                    Some(peek) => return Err(unexpected(cursor, peek, "a number")),
                    None => {
                        let error = Diagnostic::error(
                            "data-shape",
                            cursor.since(from),
                            "expected two numbers",
                            "a position of an arc",
                        );
                        return Err(Box::new(error));
                    }
                }
                number = cursor.next_element()?;
            }
            while let Some(peek) = number {
                cursor.skip(peek)?;
                number = cursor.next_element()?;
            }
            positions.push(numbers);
            position = cursor.next_element()?;
        }
        arcs.push(Arc { positions, span: cursor.since(start) });
        next = cursor.next_element()?;
    }
    Ok(arcs)
}

/// The scale and the offset of quantised positions.
fn read_transform(node: &Node) -> Outcome<([f64; 2], [f64; 2])> {
    let pair = |key: &str| -> Option<[f64; 2]> {
        let NodeValue::List(items) = &node.get(key)?.value else { return None };
        match items.as_slice() {
            [x, y] => Some([x.number()?.to_f64()?, y.number()?.to_f64()?]),
            _ => None,
        }
    };
    match (pair("scale"), pair("translate")) {
        (Some(scale), Some(translate)) => Ok((scale, translate)),
        _ => Err(Box::new(
            Diagnostic::error(
                "data-shape",
                node.span,
                "the transform cannot be read",
                "expected `scale` and `translate`",
            )
            .help("write `\"transform\": {\"scale\": [x, y], \"translate\": [x, y]}`"),
        )),
    }
}

/// Each position is the step from the one before, in units of `scale`.
fn unquantise(positions: &mut [[f64; 2]], scale: [f64; 2], translate: [f64; 2]) {
    let [mut x, mut y] = [0.0, 0.0];
    for position in positions {
        let [dx, dy] = *position;
        x += dx;
        y += dy;
        *position = [x * scale[0] + translate[0], y * scale[1] + translate[1]];
    }
}

impl Topology<'_> {
    /// An object, or a member of a collection: a collection has no ground of its own.
    fn object(&mut self, cursor: &mut Cursor<'_>, peek: Peek, layer: &Key, depth: usize) -> Outcome<()> {
        let start = cursor.offset();
        if peek != Peek::Object {
            return Err(unexpected(cursor, peek, "a geometry"));
        }
        if depth > DEEPEST_COLLECTION {
            return Err(cursor.too_deep(start));
        }
        let (mut kind, mut id, mut properties, mut arcs, mut members) = (None, None, None, None, None);
        let mut keys = Keys::default();
        let mut next = cursor.enter_map()?;
        while let Some(key) = next {
            keys.take(&key)?;
            let peek = cursor.peek()?;
            match key.text.as_str() {
                "type" => kind = Some(cursor.known_node(peek, 3)?),
                "id" => id = Some(cursor.known_node(peek, 3)?).filter(|n| !n.is_null()),
                "properties" => properties = Some(self.reader.properties(cursor, peek)?),
                "arcs" => {
                    arcs = Some(cursor.offset());
                    cursor.skip(peek)?;
                }
                "geometries" => {
                    members = Some(cursor.offset());
                    cursor.skip(peek)?;
                }
                _ => cursor.skip(peek)?,
            }
            next = cursor.next_key()?;
        }
        let span = cursor.since(start);
        let kind_text = kind.as_ref().and_then(Node::scalar_text);
        let shape = match (kind_text, arcs, members) {
            (Some("GeometryCollection"), _, members) => {
                let Some(at) = members else { return Ok(()) };
                let mut again = cursor.moved(at);
                let peek = again.peek()?;
                let mut next = enter(&mut again, peek, "a list of geometries")?;
                while let Some(peek) = next {
                    self.object(&mut again, peek, layer, depth + 1)?;
                    next = again.next_element()?;
                }
                return Ok(());
            }
            (Some("Polygon"), Some(at), _) => {
                let mut again = cursor.moved(at);
                let peek = again.peek()?;
                covered(vec![self.rings(&mut again, peek)?])
            }
            (Some("MultiPolygon"), Some(at), _) => {
                let mut again = cursor.moved(at);
                let peek = again.peek()?;
                let mut polygons = Vec::new();
                let mut next = enter(&mut again, peek, "a list of polygons")?;
                while let Some(peek) = next {
                    polygons.push(self.rings(&mut again, peek)?);
                    next = again.next_element()?;
                }
                covered(polygons)
            }
            (Some("Polygon" | "MultiPolygon"), None, _) => Err(NoShape::Empty),
            (Some("Point" | "MultiPoint"), ..) => Err(NoShape::Point),
            (Some("LineString" | "MultiLineString"), ..) => Err(NoShape::Line),
            (None, ..) => Err(NoShape::Null),
            (Some(other), ..) => return Err(unknown_kind(kind.as_ref().map_or(span, |k| k.span), Some(other))),
        };
        self.reader.errors.extend(self.reader.off_globe.take().map(|e| *e));
        let number = self.features.len() + 1;
        let properties = properties.unwrap_or(Node { span, value: NodeValue::Map(Vec::new()) });
        let geometry = shape.map_err(|why| why.of(number, span));
        self.features.push(Feature { id, properties, layer: Some(layer.clone()), span, geometry });
        Ok(())
    }

    /// The rings of a polygon: each a list of arcs, one after the other; `~i` is arc `i` backwards.
    fn rings(&mut self, cursor: &mut Cursor<'_>, peek: Peek) -> Outcome<Rings> {
        let mut rings = Vec::new();
        let mut next = enter(cursor, peek, "a list of rings")?;
        while let Some(peek) = next {
            let mut ring: Vec<[f64; 2]> = Vec::new();
            let mut index = enter(cursor, peek, "a list of arcs by number")?;
            while let Some(peek) = index {
                let node = cursor.known_node(peek, 6)?;
                self.stitch(&mut ring, &node)?;
                index = cursor.next_element()?;
            }
            rings.push(ring);
            next = cursor.next_element()?;
        }
        Ok(rings)
    }

    fn stitch(&mut self, ring: &mut Vec<[f64; 2]>, index: &Node) -> Outcome<()> {
        let number = index.number().filter(|n| n.is_integer()).and_then(|n| n.numer().to_i64());
        let arc = number.and_then(|n| usize::try_from(if n < 0 { !n } else { n }).ok()).and_then(|i| self.arcs.get(i));
        let (Some(number), Some(arc)) = (number, arc) else {
            let shown = index.scalar_text().unwrap_or("this");
            return Err(Box::new(Diagnostic::error(
                "data-shape",
                index.span,
                format!("there is no arc `{shown}`"),
                format!("expected a number below {}", self.arcs.len()),
            )));
        };
        self.positions += arc.positions.len();
        if self.positions > MOST_POSITIONS {
            return Err(Box::new(Diagnostic::error(
                "data-size",
                index.span,
                format!("the shapes of this file have more than {MOST_POSITIONS} positions"),
                "too many from here on",
            )));
        }
        // where two arcs meet, both have the position
        let shared = usize::from(!ring.is_empty());
        let (reader, place) = (&mut *self.reader, arc.span);
        let mut take = |p: &[f64; 2]| ring.push(reader.on_globe(*p, || place));
        if number < 0 {
            arc.positions.iter().rev().skip(shared).for_each(&mut take);
        } else {
            arc.positions.iter().skip(shared).for_each(&mut take);
        }
        Ok(())
    }
}
