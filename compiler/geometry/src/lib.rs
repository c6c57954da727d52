//! Polygons on one fixed integer grid, cut once into cells.
//!
//! In: rings of longitude and latitude on WGS 84, as data files have them ([`read_shape`]), bands and half-planes
//! ([`south_of`], [`north_of`], [`between_longitudes`]), buffers ([`geodesic_buffer`]) and boundary lines ([`side_regions`]).
//! Out: an [`Overlay`]: every cell, that is, all ground with one and the same set of covering shapes, with its exact area, its
//! faces, its neighbours and a point inside it.
//!
//! Everything lies on one decimal grid of 1e-9 degree (about 0.11 mm on the ground), so a coordinate with up to nine decimals is
//! held exactly and no result depends on which shapes are looked at together. An edge is the straight line between its ends in
//! longitude and latitude (RFC 7946, 3.1.1); lines of another kind are [`densify`]-ed first. All decisions are made in integers;
//! floating point serves areas on the ellipsoid, geodesics and distances only.
//!
//! This crate does no I/O and knows nothing of charters.

mod antimeridian;
mod area;
mod around;
mod boundary;
mod buffer;
mod check;
mod error;
mod faces;
mod grid;
mod label;
mod line;
mod locate;
mod median;
mod node;
#[cfg(test)]
mod properties;
mod read;
mod region;
mod repair;
mod search;
mod status;
mod sweep;
mod tree;
mod width;

pub use around::Surrounded;
pub use buffer::{BufferError, geodesic_buffer};
pub use error::OverlayError;
pub use faces::{Cell, Face, Overlay, overlay};
pub use grid::{Point, Polygon, Ring, Shape, UNITS_PER_DEGREE};
pub use line::{LineError, LineKind, densify, side_regions};
pub use locate::Located;
pub use median::{MedianError, median};
pub use read::{Refusal, RefusalKind, Repair, RepairKind, read_shape};
pub use region::{Bounds, between_longitudes, lon_lat_box, north_of, south_of};
pub use width::Component;
