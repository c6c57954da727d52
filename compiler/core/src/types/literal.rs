//! Ground written in the charter itself: prefixes, intervals, half planes, bands, polygons, buffers.
//!
//! In: an expression that is no name. Out: a leaf of one atlas: the one that the place asks for, or else the only one whose
//! space fits.

use super::region::Phase;
use super::scope::Scope;
use super::{Env, Type, Value};
use crate::atlas::line::{Family, Interval, Prefix, parse_prefix};
use crate::atlas::{AtlasId, LeafShape, RegionExpr, SpaceKind};
use crate::diagnostic::Diagnostic;
use crate::resolve::load::ModuleId;
use crate::source::Span;
use crate::syntax::tree::{Axis, Compass, Expr, ExprKind};
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};
use smallvec::SmallVec;

impl<'p> Scope<'p> {
    pub(super) fn literal(
        &mut self,
        module: ModuleId,
        expr: &Expr,
        env: &Env,
        hint: Option<AtlasId>,
    ) -> Option<(AtlasId, RegionExpr)> {
        let sources = self.sources;
        let words = || crate::model::lower::folded(sources.slice(expr.span));
        let earth = |s: &SpaceKind| *s == SpaceKind::Earth;
        match &expr.kind {
            ExprKind::Prefix(text) => {
                let prefix = self.prefix(text, expr.span)?;
                let v4 = prefix.family() == Family::V4;
                let wanted = if v4 { SpaceKind::Ipv4 } else { SpaceKind::Ipv6 };
                let what = if v4 { "an IPv4 prefix" } else { "an IPv6 prefix" };
                let atlas = self.literal_atlas(expr.span, hint, what, |s| *s == wanted)?;
                Some((atlas, self.prefix_leaf(atlas, prefix, expr.span)?))
            }
            ExprKind::Range(low, high) => self.interval(module, low, high, expr.span, words(), env, hint),
            ExprKind::SideOf(compass, angle) => {
                let atlas = self.literal_atlas(expr.span, hint, "a side of a line on the Earth", earth)?;
                let (degrees, axis) = self.angle(angle)?;
                let shape = match (compass, axis) {
                    (Compass::South, Axis::Latitude) => comity_geometry::south_of(degrees),
                    (Compass::North, Axis::Latitude) => comity_geometry::north_of(degrees),
                    (Compass::East, Axis::Longitude) => comity_geometry::between_longitudes(degrees, 180.0),
                    (Compass::West, Axis::Longitude) => comity_geometry::between_longitudes(-180.0, degrees),
                    _ => {
                        self.report(
                            Diagnostic::error(
                                "wrong-type",
                                angle.span,
                                "north and south go with a latitude, east and west with a longitude",
                                "this is the other one",
                            )
                            .help("write for instance `south of 60°S` or `east of 25°W`"),
                        );
                        return None;
                    }
                };
                let leaf = self.leaf(atlas, words(), expr.span, LeafShape::Polygons(shape))?;
                Some((atlas, leaf))
            }
            ExprKind::BetweenAngles(from, to) => {
                let atlas = self.literal_atlas(expr.span, hint, "a band on the Earth", earth)?;
                let ((a, first), (b, second)) = (self.angle(from)?, self.angle(to)?);
                let shape = match (first, second) {
                    (Axis::Longitude, Axis::Longitude) => comity_geometry::between_longitudes(a, b),
                    (Axis::Latitude, Axis::Latitude) => {
                        let (south, north) = if a <= b { (a, b) } else { (b, a) };
                        comity_geometry::lon_lat_box(-180.0, 180.0, south, north)
                    }
                    _ => {
                        self.report(Diagnostic::error(
                            "wrong-type",
                            to.span,
                            "expected two longitudes or two latitudes, found one of each",
                            "this is the other one",
                        ));
                        return None;
                    }
                };
                let leaf = self.leaf(atlas, words(), expr.span, LeafShape::Polygons(shape))?;
                Some((atlas, leaf))
            }
            ExprKind::Polygon { shell, holes } => {
                let atlas = self.literal_atlas(expr.span, hint, "a polygon on the Earth", earth)?;
                let shape = self.polygon(shell, holes, expr.span)?;
                let leaf = self.leaf(atlas, words(), expr.span, LeafShape::Polygons(shape))?;
                Some((atlas, leaf))
            }
            ExprKind::WithinDistance(distance, of) => {
                let metres =
                    self.quantity_of(module, distance, env, &Type::Distance, "`within … of` takes a distance")?;
                let Some(metres) = metres.as_constant().cloned().filter(Signed::is_positive) else {
                    self.report(Diagnostic::error(
                        "open-distance",
                        distance.span,
                        "a distance on a map is a stated number above zero",
                        "not one",
                    ));
                    return None;
                };
                let (atlas, inner) = self.region(module, of, env, hint)?;
                let slot = self.slots.get(atlas.0 as usize)?;
                if slot.space != SpaceKind::Earth {
                    let found = slot.space.phrase();
                    self.report(Diagnostic::error(
                        "wrong-type",
                        expr.span,
                        format!("expected ground on the Earth, found {found}"),
                        "a distance in metres needs a map",
                    ));
                    return None;
                }
                let key = format!("within {metres} m of {inner:?}");
                self.made_by(atlas, key, |slot| {
                    slot.builder.buffer(&inner, &metres, words(), expr.span).map(RegionExpr::Leaf)
                })
                .map(|r| (atlas, r))
            }
            ExprKind::GroundClaimedBy(of) => {
                let party = self.value(module, of, env, None)?;
                let Value::Party(party) = party.value else {
                    self.report(Diagnostic::error(
                        "wrong-type",
                        of.span,
                        format!("expected a party, found {}", party.sort.phrase()),
                        "whose ground?",
                    ));
                    return None;
                };
                let found: Vec<(AtlasId, RegionExpr)> = self
                    .claimed
                    .iter()
                    .filter(|((p, a), _)| *p == party && hint.is_none_or(|h| h == *a))
                    .map(|((_, a), parts)| (*a, RegionExpr::Union(parts.clone())))
                    .collect();
                match found.as_slice() {
                    [(atlas, region)] => Some((*atlas, region.clone())),
                    [] if let Some(atlas) = hint => Some((atlas, RegionExpr::Empty)),
                    [] => {
                        if self.phase != Phase::Claims {
                            let name = self.program.party_name(party).to_owned();
                            self.report(Diagnostic::error(
                                "no-claims",
                                expr.span,
                                format!("`{name}` claims nothing in this program"),
                                "no ground",
                            ));
                        }
                        None
                    }
                    _ => {
                        self.report(
                            Diagnostic::error(
                                "unclear-atlas",
                                expr.span,
                                "this party claims ground of more than one atlas",
                                "of which atlas?",
                            )
                            .help("intersect it with a region of the atlas that you mean: `ground claimed by P & A.R`"),
                        );
                        None
                    }
                }
            }
            ExprKind::TerritoryOf(_) => {
                self.report(
                    Diagnostic::error(
                        "not-here",
                        expr.span,
                        "`territory of` follows from the claims, so no claim or consent can be made of it",
                        "stands in a statement on ground",
                    )
                    .help("write `ground claimed by P`, or use it in `prove … lies within territory of P`"),
                );
                None
            }
            ExprKind::Point { .. } | ExprKind::Angle { .. } => {
                self.report(
                    Diagnostic::error(
                        "wrong-type",
                        expr.span,
                        "expected a region, found a point or an angle",
                        "has no ground",
                    )
                    .help("write a polygon, or `south of …`, `between … and …`"),
                );
                None
            }
            _ => None,
        }
    }

    /// The atlas that a literal belongs to.
    pub(super) fn literal_atlas(
        &mut self,
        span: Span,
        hint: Option<AtlasId>,
        what: &str,
        fits: impl Fn(&SpaceKind) -> bool,
    ) -> Option<AtlasId> {
        if let Some(atlas) = hint {
            let slot = self.slots.get(atlas.0 as usize)?;
            if fits(&slot.space) {
                return Some(atlas);
            }
            let (name, space) = (slot.name.clone(), slot.space.phrase());
            self.report(
                Diagnostic::error(
                    "mixed-atlases",
                    span,
                    format!("expected {space}, found {what}"),
                    format!("found {what}"),
                )
                .note(format!("the atlas `{name}` is made of {space}")),
            );
            return None;
        }
        let fitting: SmallVec<[AtlasId; 2]> =
            (0u32..).zip(&self.slots).filter(|(_, s)| fits(&s.space)).map(|(i, _)| AtlasId(i)).collect();
        match fitting.as_slice() {
            [only] => Some(*only),
            [] => {
                self.report(
                    Diagnostic::error("unknown-atlas", span, format!("no atlas holds {what}"), "of which space?").help(
                        "declare one, for instance `atlas V4 of ipv4`, `atlas Bands of MHz` or `atlas World of earth`",
                    ),
                );
                None
            }
            [first, ..] => {
                let name = |a: &AtlasId| self.slots.get(a.0 as usize).map_or("", |s| s.name.as_str());
                let first = name(first).to_owned();
                let names = fitting.iter().map(|a| format!("`{}`", name(a))).collect::<Vec<_>>().join(", ");
                self.report(
                    Diagnostic::error(
                        "unclear-atlas",
                        span,
                        format!("{names} could all hold this; which is meant?"),
                        "of which atlas?",
                    )
                    .help(format!("name the region inside the atlas: `atlas {first} … {{ region R = … }}`")),
                );
                None
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one node of the tree")]
    pub(super) fn interval(
        &mut self,
        module: ModuleId,
        low: &Expr,
        high: &Expr,
        span: Span,
        words: String,
        env: &Env,
        hint: Option<AtlasId>,
    ) -> Option<(AtlasId, RegionExpr)> {
        let (l, h) = (self.value(module, low, env, None)?, self.value(module, high, env, None)?);
        let (Some(a), Some(b)) = (l.constant().cloned(), h.constant().cloned()) else {
            self.report(Diagnostic::error(
                "wrong-type",
                span,
                "an interval is made of two stated numbers",
                "not stated",
            ));
            return None;
        };
        let integers = matches!((&l.sort, &h.sort), (Type::Count | Type::Number, Type::Count | Type::Number));
        let unit = match &low.kind {
            ExprKind::Quantity { unit, .. } => self.family(&unit.text),
            _ => None,
        };
        let same_family: Vec<String> = self
            .slots
            .iter()
            .filter_map(|s| if let SpaceKind::Interval(u) = &s.space { Some(u.clone()) } else { None })
            .filter(|u| unit.is_some() && self.family(u) == unit)
            .collect();
        let fits = |s: &SpaceKind| match s {
            SpaceKind::Integer => integers,
            SpaceKind::Interval(u) => same_family.contains(u),
            _ => false,
        };
        let atlas = self.literal_atlas(span, hint, "an interval", fits)?;
        if l.sort != h.sort && !integers {
            self.report(
                Diagnostic::error(
                    "wrong-type",
                    h.span,
                    format!("expected {}, found {}", l.sort.phrase(), h.sort.phrase()),
                    "the other end",
                )
                .label(l.span, "one end"),
            );
            return None;
        }
        if a > b || (a == b && !integers) {
            self.report(
                Diagnostic::error("empty-range", span, "this interval is empty", "its end is not above its beginning")
                    .help("write the smaller end first"),
            );
            return None;
        }
        let interval = if integers {
            Interval { lo: a, hi: b + BigRational::one() }
        } else {
            let size = match self.slots.get(atlas.0 as usize).map(|s| s.space.clone()) {
                Some(SpaceKind::Interval(u)) => self.size_of_unit(&u),
                _ => BigRational::one(),
            };
            let size = if size.is_zero() { BigRational::one() } else { size };
            Interval { lo: a / &size, hi: b / &size }
        };
        let leaf = self.leaf(atlas, words, span, LeafShape::Intervals(vec![interval]))?;
        Some((atlas, leaf))
    }

    pub(super) fn angle(&mut self, expr: &Expr) -> Option<(f64, Axis)> {
        match &expr.kind {
            ExprKind::Angle { degrees, axis } => {
                let limit = if *axis == Axis::Latitude { 90.0 } else { 180.0 };
                let value = degrees.to_f64().filter(|d| d.abs() <= limit);
                if value.is_none() {
                    self.report(Diagnostic::error(
                        "off-the-earth",
                        expr.span,
                        format!("an angle of at most {limit}° is expected here"),
                        "beyond it",
                    ));
                }
                value.map(|d| (d, *axis))
            }
            _ => {
                self.report(
                    Diagnostic::error("wrong-type", expr.span, "expected a latitude or a longitude", "not an angle")
                        .help("write for instance `60°S` or `10°30'E`"),
                );
                None
            }
        }
    }

    /// Longitude and latitude of a point in degrees.
    pub(super) fn point(&mut self, expr: &Expr) -> Option<[f64; 2]> {
        let [longitude, latitude] = self.exact_point(expr)?;
        Some([longitude.to_f64()?, latitude.to_f64()?])
    }

    /// Longitude and latitude of a point in exact degrees.
    pub fn exact_point(&mut self, expr: &Expr) -> Option<[BigRational; 2]> {
        let ExprKind::Point { longitude, latitude } = &expr.kind else {
            self.report(
                Diagnostic::error("wrong-type", expr.span, "expected a point", "not a point")
                    .help("write for instance `12°21'00\"N 70°25'00\"W`"),
            );
            return None;
        };
        let within = |d: &BigRational, limit: i64| d.abs() <= BigRational::from_integer(limit.into());
        if within(longitude, 180) && within(latitude, 90) {
            return Some([longitude.clone(), latitude.as_ref().clone()]);
        }
        self.report(
            Diagnostic::error(
                "off-the-earth",
                expr.span,
                "this point is beyond ±180° of longitude or ±90° of latitude",
                "not on the Earth",
            )
            .help("longitude goes from -180 to 180, latitude from -90 to 90"),
        );
        None
    }

    pub(super) fn polygon(
        &mut self,
        shell: &[Expr],
        holes: &[Vec<Expr>],
        span: Span,
    ) -> Option<comity_geometry::Shape> {
        let mut rings = Vec::new();
        for ring in std::iter::once(shell).chain(holes.iter().map(Vec::as_slice)) {
            let mut points = Vec::new();
            for p in ring {
                points.push(self.point(p)?);
            }
            if let Some(first) = points.first().copied() {
                points.push(first);
            }
            rings.push(points);
        }
        match comity_geometry::read_shape(&[rings]) {
            Ok((shape, repairs)) => {
                for repair in repairs {
                    self.report(
                        Diagnostic::error("repaired-ring", span, repair.to_string(), "this polygon")
                            .severity(crate::diagnostic::Severity::Note),
                    );
                }
                Some(shape)
            }
            Err(refusals) => {
                for refusal in refusals {
                    self.report(
                        Diagnostic::error("refused-ring", span, refusal.to_string(), "this polygon")
                            .help("draw it again without this"),
                    );
                }
                None
            }
        }
    }

    /// A prefix as written, with the repair where it has host bits.
    pub fn prefix(&mut self, text: &str, span: Span) -> Option<Prefix> {
        match parse_prefix(text) {
            Ok(prefix) => Some(prefix),
            Err(problem) => {
                self.report(
                    Diagnostic::error("bad-prefix", span, format!("`{text}` is no address block: {problem}"), "here")
                        .help(problem.help()),
                );
                None
            }
        }
    }
}
