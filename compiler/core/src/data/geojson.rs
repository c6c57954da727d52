//! GeoJSON (RFC 7946): features with their properties, places and polygons.
//!
//! In: the text of a file. Out: [`Features`], or every reason why the file cannot be read. Coordinates are degrees of
//! longitude and latitude on WGS 84 and are taken as the nearest floats, which is exact for nine decimals. Only the place
//! of a feature is kept, not of each coordinate, so that tens of megabytes are read in a fraction of a second.
//!
//! Whether a ring is closed, simple and rightly wound is not asked here but where shapes are built.

use jiter::Peek;

use super::json::{Cursor, Keys};
use super::shape::{NoShape, covered, foreign_crs, head, no_geojson, off_globe, unknown_kind};
use super::{Key, Node, NodeValue, Outcome, bounded, topojson};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Sources, Span};

/// Half a step of the grid that shapes are put on, in degrees: a coordinate so little off the globe is on its edge.
const HALF_STEP: f64 = 5e-10;

/// Collections inside collections deeper than this are refused.
const DEEPEST_COLLECTION: usize = 8;

/// The rings of a polygon, the outer one first; each a list of `[longitude, latitude]` as in the file.
pub(super) type Rings = Vec<Vec<[f64; 2]>>;

/// A shape as the file has it, in degrees.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Geometry {
    /// its polygons
    pub polygons: Vec<Rings>,
}

/// One feature.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature {
    /// its `id`
    pub id: Option<Node>,
    /// its properties: a map, empty where the file has none
    pub properties: Node,
    /// the object of a TopoJSON file that it is in
    pub layer: Option<Key>,
    /// the whole feature
    pub span: Span,
    /// its shape, or why it has none that covers ground: it is null, empty, a point or a line
    pub geometry: Result<Geometry, Box<Diagnostic>>,
}

/// The features of a file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Features {
    /// in the order of the file
    pub features: Vec<Feature>,
    /// what was read and not used, such as heights
    pub notes: Vec<Diagnostic>,
}

/// Reads GeoJSON or TopoJSON, whichever the text is.
///
/// # Errors
/// Every reason why the file cannot be read, each at its place: not JSON, another coordinate system, coordinates off the
/// globe (one error a feature). A feature without a shape is no such reason: see [`Feature::geometry`].
pub fn read_features(sources: &Sources, file: FileId) -> Result<Features, Vec<Diagnostic>> {
    let text = super::text_of(sources, file);
    let mut reader = Reader::default();
    match reader.document(file, text) {
        Ok(features) if reader.errors.is_empty() => Ok(Features { features, notes: reader.notes() }),
        Ok(_) => Err(bounded(reader.errors)),
        Err(error) => {
            reader.errors.push(*error);
            Err(bounded(reader.errors))
        }
    }
}

/// What was seen on the way through a file.
#[derive(Default)]
pub(super) struct Reader {
    /// that do not stop the reading
    pub(super) errors: Vec<Diagnostic>,
    /// the first coordinate off the globe in the feature being read
    pub(super) off_globe: Option<Box<Diagnostic>>,
    /// the first position with a height
    height: Option<Span>,
}

impl Reader {
    fn notes(&self) -> Vec<Diagnostic> {
        let note = |span| {
            Diagnostic::error("height-unread", span, "heights are not read", "the first position with a height")
                .severity(crate::diagnostic::Severity::Note)
        };
        self.height.map(note).into_iter().collect()
    }

    fn document(&mut self, file: FileId, text: &str) -> Outcome<Vec<Feature>> {
        let mut cursor = Cursor::new(file, text);
        let top = cursor.peek()?;
        let start = cursor.offset();
        if top != Peek::Object {
            let node = cursor.known_node(top, 0)?;
            return Err(no_geojson(node.span, node.kind()));
        }
        let (mut kind, mut features, mut keys) = (None, None, Keys::default());
        let mut next = cursor.enter_map()?;
        while let Some(key) = next {
            keys.take(&key)?;
            match key.text.as_str() {
                "type" => kind = Some(cursor.node(1)?),
                "crs" => {
                    let node = cursor.node(1)?;
                    self.errors.extend(foreign_crs(&key, &node));
                }
                "features" => {
                    let peek = cursor.peek()?;
                    features = Some(self.features(&mut cursor, peek)?);
                }
                _ => {
                    let peek = cursor.peek()?;
                    cursor.skip(peek)?;
                }
            }
            next = cursor.next_key()?;
        }
        let whole = cursor.since(start);
        cursor.finish()?;
        let kind_text = kind.as_ref().and_then(Node::scalar_text);
        match (kind_text, features) {
            (Some("FeatureCollection"), Some(features)) => Ok(features),
            (Some("FeatureCollection"), None) => Err(Box::new(
                Diagnostic::error(
                    "data-shape",
                    head(whole),
                    "a collection of features without `features`",
                    "expected a list of features",
                )
                .help("add `\"features\": […]`"),
            )),
            (Some("Topology"), _) => topojson::read(self, file, text, start),
            (Some("Feature"), _) => {
                let mut cursor = Cursor::at(file, text, start);
                let peek = cursor.peek()?;
                Ok(vec![self.feature(&mut cursor, peek, 1)?])
            }
            (Some("Polygon" | "MultiPolygon" | "GeometryCollection"), _) => {
                let mut cursor = Cursor::at(file, text, start);
                let peek = cursor.peek()?;
                let geometry = self.geometry(&mut cursor, peek, 0)?;
                self.errors.extend(self.off_globe.take().map(|e| *e));
                let properties = Node { span: whole, value: NodeValue::Map(Vec::new()) };
                let geometry = geometry.map_err(|why| why.of(1, whole));
                Ok(vec![Feature { id: None, properties, layer: None, span: whole, geometry }])
            }
            (Some(other), _) => Err(no_geojson(kind.as_ref().map_or(whole, |k| k.span), &format!("type `{other}`"))),
            (None, _) => Err(no_geojson(head(whole), "a map without a `type`")),
        }
    }

    fn features(&mut self, cursor: &mut Cursor<'_>, peek: Peek) -> Outcome<Vec<Feature>> {
        let mut features = Vec::new();
        let mut next = enter(cursor, peek, "a list of features")?;
        while let Some(peek) = next {
            let number = features.len() + 1;
            features.push(self.feature(cursor, peek, number)?);
            next = cursor.next_element()?;
        }
        Ok(features)
    }

    fn feature(&mut self, cursor: &mut Cursor<'_>, peek: Peek, number: usize) -> Outcome<Feature> {
        let start = cursor.offset();
        if peek != Peek::Object {
            return Err(unexpected(cursor, peek, "a feature"));
        }
        let (mut id, mut properties, mut geometry, mut kind) = (None, None, None, None);
        let mut keys = Keys::default();
        let mut next = cursor.enter_map()?;
        while let Some(key) = next {
            keys.take(&key)?;
            let peek = cursor.peek()?;
            match key.text.as_str() {
                "type" => kind = Some(cursor.known_node(peek, 3)?),
                "id" => id = Some(cursor.known_node(peek, 3)?).filter(|n| !n.is_null()),
                "properties" => properties = Some(self.properties(cursor, peek)?),
                "geometry" => {
                    let from = cursor.offset();
                    let shape = self.geometry(cursor, peek, 0)?;
                    let place = cursor.since(from);
                    geometry = Some(shape.map_err(|why| why.of(number, place)));
                }
                _ => cursor.skip(peek)?,
            }
            next = cursor.next_key()?;
        }
        let span = cursor.since(start);
        if kind.as_ref().and_then(Node::scalar_text) != Some("Feature") {
            let place = kind.map_or(head(span), |k| k.span);
            self.errors.push(
                Diagnostic::error(
                    "data-shape",
                    place,
                    format!("expected feature {number} to say that it is one"),
                    "no feature",
                )
                .help("write `\"type\": \"Feature\"`"),
            );
        }
        self.errors.extend(self.off_globe.take().map(|e| *e));
        let properties = properties.unwrap_or(Node { span: head(span), value: NodeValue::Map(Vec::new()) });
        let geometry = geometry.unwrap_or_else(|| Err(NoShape::Missing.of(number, head(span))));
        Ok(Feature { id, properties, layer: None, span, geometry })
    }

    /// A map of properties; none for null.
    pub(super) fn properties(&mut self, cursor: &mut Cursor<'_>, peek: Peek) -> Outcome<Node> {
        let node = cursor.known_node(peek, 3)?;
        match node.value {
            NodeValue::Map(_) => Ok(node),
            NodeValue::Null => Ok(Node { span: node.span, value: NodeValue::Map(Vec::new()) }),
            _ => {
                let headline = format!("expected a map of properties, found {}", node.kind());
                Err(Box::new(Diagnostic::error("data-shape", node.span, headline, "the properties of a feature")))
            }
        }
    }

    fn geometry(&mut self, cursor: &mut Cursor<'_>, peek: Peek, depth: usize) -> Outcome<Result<Geometry, NoShape>> {
        if peek == Peek::Null {
            cursor.skip(peek)?;
            return Ok(Err(NoShape::Null));
        }
        if peek != Peek::Object {
            return Err(unexpected(cursor, peek, "a geometry or null"));
        }
        if depth > DEEPEST_COLLECTION {
            return Err(cursor.too_deep(cursor.offset()));
        }
        let start = cursor.offset();
        let (mut kind, mut later, mut shape) = (None::<Node>, None, None);
        let mut keys = Keys::default();
        let mut next = cursor.enter_map()?;
        while let Some(key) = next {
            keys.take(&key)?;
            let peek = cursor.peek()?;
            match (key.text.as_str(), kind.as_ref().and_then(Node::scalar_text)) {
                ("type", _) => kind = Some(cursor.known_node(peek, 4)?),
                ("coordinates", Some(kind @ ("Polygon" | "MultiPolygon"))) => {
                    let many = kind == "MultiPolygon";
                    shape = Some(self.polygons(cursor, peek, many)?);
                }
                ("coordinates" | "geometries", _) => {
                    // what it means is known once the type is: read it again then
                    later = Some(cursor.offset());
                    cursor.skip(peek)?;
                }
                _ => cursor.skip(peek)?,
            }
            next = cursor.next_key()?;
        }
        let whole = cursor.since(start);
        let Some(kind_node) = kind else {
            let error = Diagnostic::error(
                "data-shape",
                head(whole),
                "a geometry without a `type`",
                "expected `Polygon` or `MultiPolygon`",
            );
            return Err(Box::new(error));
        };
        let polygons = match (kind_node.scalar_text(), shape, later) {
            (Some("Polygon" | "MultiPolygon"), Some(polygons), _) => polygons,
            (Some(kind @ ("Polygon" | "MultiPolygon")), None, Some(at)) => {
                let mut again = cursor.moved(at);
                let peek = again.peek()?;
                self.polygons(&mut again, peek, kind == "MultiPolygon")?
            }
            (Some("GeometryCollection"), _, Some(at)) => {
                let mut again = cursor.moved(at);
                let peek = again.peek()?;
                let mut all = Vec::new();
                let mut next = enter(&mut again, peek, "a list of geometries")?;
                while let Some(peek) = next {
                    match self.geometry(&mut again, peek, depth + 1)? {
                        Ok(geometry) => all.extend(geometry.polygons),
                        Err(why) => return Ok(Err(why)),
                    }
                    next = again.next_element()?;
                }
                all
            }
            (Some("Polygon" | "MultiPolygon" | "GeometryCollection"), ..) => return Ok(Err(NoShape::Empty)),
            (Some("Point" | "MultiPoint"), ..) => return Ok(Err(NoShape::Point)),
            (Some("LineString" | "MultiLineString"), ..) => return Ok(Err(NoShape::Line)),
            (kind, ..) => return Err(unknown_kind(kind_node.span, kind)),
        };
        Ok(covered(polygons))
    }

    fn polygons(&mut self, cursor: &mut Cursor<'_>, peek: Peek, many: bool) -> Outcome<Vec<Rings>> {
        if !many {
            return Ok(vec![self.rings(cursor, peek)?]);
        }
        let mut polygons = Vec::new();
        let mut next = enter(cursor, peek, "a list of polygons")?;
        while let Some(peek) = next {
            polygons.push(self.rings(cursor, peek)?);
            next = cursor.next_element()?;
        }
        Ok(polygons)
    }

    fn rings(&mut self, cursor: &mut Cursor<'_>, peek: Peek) -> Outcome<Rings> {
        let mut rings = Vec::new();
        let mut next = enter(cursor, peek, "a list of rings")?;
        while let Some(peek) = next {
            let mut ring = Vec::new();
            let mut position = enter(cursor, peek, "a ring: a list of positions")?;
            while let Some(peek) = position {
                ring.push(self.position(cursor, peek)?);
                position = cursor.next_element()?;
            }
            rings.push(ring);
            next = cursor.next_element()?;
        }
        Ok(rings)
    }

    /// `[longitude, latitude]`, perhaps with a height.
    fn position(&mut self, cursor: &mut Cursor<'_>, peek: Peek) -> Outcome<[f64; 2]> {
        let start = cursor.offset();
        let mut pair = [0.0; 2];
        let mut next = enter(cursor, peek, "a position: `[longitude, latitude]`")?;
        for number in &mut pair {
            let Some(peek) = next else {
                let place = cursor.since(start);
                let error = Diagnostic::error(
                    "data-shape",
                    place,
                    "expected a longitude and a latitude",
                    "a position with fewer than two numbers",
                );
                return Err(Box::new(error));
            };
            if !peek.is_num() {
                return Err(unexpected(cursor, peek, "a number"));
            }
            *number = cursor.float(peek)?;
            next = cursor.next_element()?;
        }
        if next.is_some() {
            while let Some(peek) = next {
                cursor.skip(peek)?;
                next = cursor.next_element()?;
            }
            self.height = self.height.or(Some(cursor.since(start)));
        }
        Ok(self.on_globe(pair, || cursor.since(start)))
    }

    /// The position, put on the edge of the globe if it is off by less than the grid can tell; remembers one that is off.
    pub(super) fn on_globe(&mut self, pair: [f64; 2], place: impl FnOnce() -> Span) -> [f64; 2] {
        let [longitude, latitude] = pair;
        if longitude.abs() <= 180.0 && latitude.abs() <= 90.0 {
            return pair;
        }
        if longitude.abs() <= 180.0 + HALF_STEP && latitude.abs() <= 90.0 + HALF_STEP {
            return [longitude.clamp(-180.0, 180.0), latitude.clamp(-90.0, 90.0)];
        }
        if self.off_globe.is_none() {
            self.off_globe = Some(off_globe(pair, place()));
        }
        pair
    }
}

/// Enters a list, or says what was expected instead.
pub(super) fn enter(cursor: &mut Cursor<'_>, peek: Peek, expected: &str) -> Outcome<Option<Peek>> {
    if peek == Peek::Array { cursor.enter_list() } else { Err(unexpected(cursor, peek, expected)) }
}

/// That something else stands here than was expected.
pub(super) fn unexpected(cursor: &mut Cursor<'_>, peek: Peek, expected: &str) -> Box<Diagnostic> {
    let start = cursor.offset();
    let found = match peek {
        Peek::Array => "a list",
        Peek::Object => "a map",
        Peek::String => "text",
        Peek::Null => "null",
        Peek::True | Peek::False => "yes or no",
        _ => "a number",
    };
    // a list can be long: its first character is enough of a place
    if !matches!(peek, Peek::Array | Peek::Object)
        && let Err(error) = cursor.skip(peek)
    {
        return error;
    }
    let place = cursor.since(start);
    let place = Span { end: place.end.max(place.start + 1), ..place };
    Box::new(Diagnostic::error("data-shape", place, format!("expected {expected}, found {found}"), "found here"))
}
