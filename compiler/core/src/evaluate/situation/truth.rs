//! What can be known of a situation: yes, no, or not known; and how an act lies to a pattern.
//!
//! A situation may leave attributes and terms open. What they would decide stays unknown (Kleene's strong tables): `Yes` and
//! `No` hold whatever the open values are.

/// A truth value of a situation whose attributes may be unknown. Ordered: no < unknown < yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// whatever the open values are, no
    No,
    /// the open values decide
    Unknown,
    /// whatever the open values are, yes
    Yes,
}

impl Truth {
    /// A known value.
    #[must_use]
    pub fn of(known: bool) -> Self {
        if known { Self::Yes } else { Self::No }
    }

    /// Both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// Either.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }

    /// The opposite.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "reads like and and or")]
    pub fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
            Self::Yes => Self::No,
        }
    }

    /// Surely so.
    #[must_use]
    pub fn is_yes(self) -> bool {
        self == Self::Yes
    }

    /// Surely not so.
    #[must_use]
    pub fn is_no(self) -> bool {
        self == Self::No
    }
}

/// How a set of acts lies to a pattern. One act that happened is a set of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fit {
    /// none of them matches
    Apart,
    /// what is not known decides
    Unsure,
    /// some match and some do not
    Partly,
    /// all of them match
    Within,
}

impl Fit {
    /// Two parts of one pattern.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// Of a truth value.
    #[must_use]
    pub fn of(truth: Truth) -> Self {
        match truth {
            Truth::No => Self::Apart,
            Truth::Unknown => Self::Unsure,
            Truth::Yes => Self::Within,
        }
    }

    /// Whether every one matches.
    #[must_use]
    pub fn all(self) -> Truth {
        match self {
            Self::Apart => Truth::No,
            Self::Unsure | Self::Partly => Truth::Unknown,
            Self::Within => Truth::Yes,
        }
    }
}
