//! What an act cuts of a flow, as a linear term.
//!
//! In: an act over variables and what its action says of a flow. Out: the share, over the numbers of the act, open terms and
//! constants.

use super::slot::{Act, Arg};
use crate::logic::Linear;
use crate::model::conduct::Quantity;

impl Act {
    /// A share that is said over its arguments; nothing where one of them is no number.
    #[must_use]
    pub fn share(&self, q: &Quantity) -> Option<Linear> {
        match q {
            Quantity::Fixed(n) => Some(n.clone()),
            Quantity::Argument(i) => match self.arguments.get(*i)? {
                Arg::Number(n) => Some(n.clone()),
                Arg::Figure(_) | Arg::Thing(_) | Arg::Ground(_) => None,
            },
            Quantity::Scaled(c, inner) => Some(self.share(inner)?.scale(c)),
            Quantity::Sum(parts) => parts.iter().try_fold(Linear::zero(), |sum, part| Some(&sum + &self.share(part)?)),
            Quantity::Attribute(..) | Quantity::Balance(_) | Quantity::Total { .. } => None,
        }
    }
}
