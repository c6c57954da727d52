//! A model: values for variables, as a solver or an enumeration found them.

use std::collections::BTreeMap;

use super::term::{Value, Var};

/// Values by variable, in the order of variables. What it does not name is unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Model {
    values: BTreeMap<Var, Value>,
}

impl Model {
    /// A model that knows nothing.
    pub fn new() -> Model {
        Model::default()
    }

    /// The value of `x`.
    pub fn get(&self, x: &Var) -> Option<&Value> {
        self.values.get(x)
    }

    /// Gives `x` a value. A value that does not fit the sort (2/3 for an integer) is refused: false.
    pub fn set(&mut self, x: Var, value: Value) -> bool {
        let fits = value.fits(x.sort());
        if fits {
            self.values.insert(x, value);
        }
        fits
    }

    /// Takes the value of `x` away.
    pub fn remove(&mut self, x: &Var) -> Option<Value> {
        self.values.remove(x)
    }

    /// All values, in the order of variables.
    pub fn iter(&self) -> impl Iterator<Item = (&Var, &Value)> {
        self.values.iter()
    }

    /// How many variables have a value.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether none has.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}
