//! A finding's name that survives edits elsewhere.

use sha2::{Digest, Sha256};

/// The first 16 hexadecimal digits of SHA-256 over the code and the sorted identities of the statements (and whatever else
/// tells two findings of one code apart: parties, regions). Lines and positions do not enter.
#[must_use]
pub fn fingerprint<S: AsRef<str>>(code: &str, identities: &[S]) -> String {
    let mut sorted: Vec<&str> = identities.iter().map(AsRef::as_ref).collect();
    sorted.sort_unstable();
    let mut hash = Sha256::new();
    hash.update(code.as_bytes());
    for identity in sorted {
        // a length before each, so that two lists never run into the same bytes
        hash.update((identity.len() as u64).to_be_bytes());
        hash.update(identity.as_bytes());
    }
    hash.finalize().iter().take(8).map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::fingerprint;

    #[test]
    fn order_does_not_matter_but_cut_and_code_do() {
        assert_eq!(fingerprint("B01", &["a", "b"]), fingerprint("B01", &["b", "a"]));
        assert_ne!(fingerprint("B01", &["a", "b"]), fingerprint("B01", &["ab"]));
        assert_ne!(fingerprint("B01", &["a"]), fingerprint("B02", &["a"]));
        assert_eq!(fingerprint("B01", &["Pact/1/1", "Pact/1/2"]).len(), 16);
    }
}
