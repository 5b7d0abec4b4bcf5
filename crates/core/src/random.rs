//! Random bytes, as an argument: the core has no source of its own.

use std::cell::Cell;

/// As many bytes as one call of the sign-in takes at most.
pub const RANDOM_BYTES: usize = 160;

/// Bytes that the host has drawn from its cryptographic source for one call. Each is handed out once.
#[derive(Debug)]
pub(crate) struct Random<'b> {
    left: Cell<&'b [u8]>,
}

impl<'b> Random<'b> {
    /// `None` where these are no random bytes: too few, the very ones of the call before, or all the same (threat 59).
    pub(crate) fn new(bytes: &'b [u8], before: &Cell<[u8; 16]>) -> Option<Self> {
        let first: [u8; 16] = *bytes.first_chunk()?;
        let is_constant = bytes.iter().all(|byte| Some(byte) == bytes.first());
        (bytes.len() == RANDOM_BYTES && !is_constant && before.replace(first) != first)
            .then_some(Self { left: Cell::new(bytes) })
    }

    /// The next `N` bytes; `None` where they are used up.
    pub(crate) fn take<const N: usize>(&self) -> Option<&'b [u8; N]> {
        let (taken, left) = self.left.get().split_first_chunk()?;
        self.left.set(left);
        Some(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Threat 59: no entropy: fail closed.
    #[test]
    fn threat_59_bytes_that_are_not_random_are_none() {
        let before = Cell::default();
        let varied: Vec<u8> = (0..RANDOM_BYTES as u8).collect();
        assert!(Random::new(&varied, &before).is_some());
        assert!(Random::new(&varied, &before).is_none(), "the same again");
        for bytes in [&[0; RANDOM_BYTES][..], &[7; RANDOM_BYTES], &varied[1..], &[]] {
            assert!(Random::new(bytes, &before).is_none(), "{bytes:?}");
        }
    }

    /// Threat 59: duplicate nonce.
    #[test]
    fn threat_59_no_byte_is_handed_out_twice() {
        let varied: Vec<u8> = (0..RANDOM_BYTES as u8).collect();
        let before = Cell::default();
        let random = Random::new(&varied, &before).unwrap();
        assert_ne!(random.take::<24>(), random.take::<24>());
        assert_eq!(random.take::<112>().map(|taken| taken[0]), Some(48));
        assert_eq!(random.take::<1>(), None);
    }
}
