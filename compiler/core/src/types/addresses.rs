//! Addresses from one to another, which are no block.
//!
//! In: the two ends. Out: an error with the block that they make, if they make one.

use super::scope::Scope;
use crate::diagnostic::Diagnostic;
use crate::syntax::tree::{Expr, ExprKind};
use std::net::{Ipv4Addr, Ipv6Addr};

impl Scope<'_> {
    /// `10.0.0.0-10.0.0.255`, `10.0.0.0 to 10.0.0.255`: read as written, the first would be one address without another.
    pub(super) fn refuse_address_range(&mut self, low: &Expr, high: &Expr, minus: bool) -> Option<()> {
        let (ExprKind::Prefix(from), ExprKind::Prefix(to)) = (&low.kind, &high.kind) else { return Some(()) };
        if minus && (from.contains('/') || to.contains('/')) {
            return Some(());
        }
        let block = block(from, to);
        let span = low.span.to(high.span);
        let error = Diagnostic::error(
            "address-range",
            span,
            format!("expected a block of addresses, found `{}`", self.sources.slice(span)),
            "from one address to another is no block",
        );
        self.report(match block {
            Some(block) => error.help(format!("write `{block}`")),
            None => error.help("write the blocks that it is made of: `10.0.0.0/24 + 10.0.1.0/25`"),
        });
        None
    }
}

/// The block that reaches from one address to the other, if there is one.
fn block(from: &str, to: &str) -> Option<String> {
    let (low, high, width) = match (from.parse::<Ipv4Addr>(), to.parse::<Ipv4Addr>()) {
        (Ok(low), Ok(high)) => (u128::from(u32::from(low)), u128::from(u32::from(high)), 32),
        _ => (u128::from(from.parse::<Ipv6Addr>().ok()?), u128::from(to.parse::<Ipv6Addr>().ok()?), 128),
    };
    let size = high.checked_sub(low)?.checked_add(1)?;
    let fits = size.is_power_of_two() && low % size == 0;
    fits.then(|| format!("{from}/{}", width - size.trailing_zeros()))
}

#[cfg(test)]
mod tests {
    use super::block;

    #[test]
    fn blocks_are_found_where_addresses_make_one() {
        assert_eq!(block("10.0.0.0", "10.0.0.255").as_deref(), Some("10.0.0.0/24"));
        assert_eq!(block("10.0.0.1", "10.0.1.0"), None);
        assert_eq!(block("10.0.0.255", "10.0.0.0"), None);
        assert_eq!(block("2001:db8::", "2001:db8::ffff").as_deref(), Some("2001:db8::/112"));
    }
}
