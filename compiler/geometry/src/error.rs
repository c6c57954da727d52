//! Why an overlay was not made. Each of these is the geometry catching itself: no answer is better than a wrong one.

use std::fmt;

/// An overlay that could not be made, or that failed one of its own checks.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum OverlayError {
    /// A shape has a point outside ±180 / ±90 degrees.
    OutOfRange {
        /// Index of the shape.
        shape: u32,
        /// The point, longitude and latitude in degrees.
        near: [f64; 2],
    },
    /// More edges than can be numbered.
    TooLarge {
        /// How many edges the shapes have.
        edges: usize,
    },
    /// Cutting the edges at their crossings did not come to an end.
    DidNotSettle {
        /// How many rounds were made.
        rounds: usize,
    },
    /// Two edges still cross after all were cut.
    CrossingLeft {
        /// Where, longitude and latitude in degrees.
        near: [f64; 2],
    },
    /// Going round a point, the covering shapes do not come back to what they were.
    SidesDisagree {
        /// Where, longitude and latitude in degrees.
        near: [f64; 2],
    },
    /// Ground outside all rings came out as covered.
    OutsideCovered,
    /// The cells of a shape do not add up to the shape.
    AreaDrift {
        /// Index of the shape.
        shape: u32,
        /// Area of the shape as given, in square degrees.
        given: f64,
        /// Area of its cells, in square degrees.
        found: f64,
        /// The difference that rounding to the grid can explain, in square degrees.
        bound: f64,
    },
}

impl fmt::Display for OverlayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutOfRange { shape, near: [lon, lat] } => {
                write!(f, "region {shape} has a point outside longitude ±180 or latitude ±90: {lon}, {lat}")
            }
            Self::TooLarge { edges } => write!(f, "{edges} edges are more than this program can number"),
            Self::DidNotSettle { rounds } => {
                write!(f, "cutting the borders at their crossings did not come to an end in {rounds} rounds")
            }
            Self::CrossingLeft { near: [lon, lat] } => {
                write!(f, "self-check failed: two borders still cross near {lon}, {lat} after all were cut")
            }
            Self::SidesDisagree { near: [lon, lat] } => {
                write!(f, "self-check failed: the covering regions round {lon}, {lat} do not agree with each other")
            }
            Self::OutsideCovered => write!(f, "self-check failed: ground outside every border came out as covered"),
            Self::AreaDrift { shape, given, found, bound } => write!(
                f,
                "self-check failed: the cells of region {shape} add up to {found} square degrees, the region has {given} \
                 (rounding explains at most {bound})"
            ),
        }
    }
}

impl std::error::Error for OverlayError {}
