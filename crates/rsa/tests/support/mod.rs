//! Comparison with the `rsa` crate, for the tests and for fuzzing.

// Each program uses its own part.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use edge_authorizer_rsa::PublicKey;
use rsa::BigUint;

/// A modulus, an exponent, and a number to raise, which may be larger than the modulus.
pub struct Case {
    pub modulus: BigUint,
    pub exponent: u64,
    pub base: BigUint,
}

impl Case {
    /// Both have to come to the same result, or both to refuse. `what` says which case it was if they do not.
    pub fn check(&self, what: &str) {
        let key = PublicKey::new(&self.modulus.to_bytes_be(), &self.exponent.to_be_bytes()).unwrap();
        assert_eq!(key.size(), self.modulus.bits().div_ceil(8), "{what}");
        let right = (self.base < self.modulus)
            .then(|| padded(&self.base.modpow(&BigUint::from(self.exponent), &self.modulus), key.size()));
        let base = padded(&self.base, key.size());
        assert!(key.open(&base) == right, "{what}: {self}");
        // The second time with the constants that the first one made.
        assert!(key.open(&base) == right, "{what}, again: {self}");
    }

    /// Any bytes are a case: sizes, an exponent, and two numbers made of runs, among them those of zeros and ones, where
    /// carries run far. The base is often near the modulus.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let mut bytes = bytes.iter().copied();
        let mut byte = || bytes.next().unwrap_or_default();
        let bits = 2048 + usize::from(u16::from_be_bytes([byte(), byte()])) % 2049;
        let exponent = match byte() % 4 {
            0 => 3,
            1 => u64::from(u32::from_be_bytes([byte(), byte(), byte(), byte()])) | 3,
            _ => 65537,
        };
        let one = BigUint::from(1_u8);
        let top = &one << (bits - 1);
        let modulus = &top | &one | (runs(bits, &mut byte) % &top);
        let near = BigUint::from(byte());
        let base = match byte() % 4 {
            0 => &modulus - near,
            1 => &modulus + near,
            2 => near,
            _ => runs(bits, &mut byte) % &modulus,
        };
        let base = if base.bits() > bits.div_ceil(8) * 8 { modulus.clone() } else { base };
        Self { modulus, exponent, base }
    }
}

impl std::fmt::Display for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { modulus, exponent, base } = self;
        write!(f, "{base} ^ {exponent} mod {modulus} ({} bits)", modulus.bits())
    }
}

/// The number in `length` bytes, big-endian.
pub fn padded(number: &BigUint, length: usize) -> Vec<u8> {
    let bytes = number.to_bytes_be();
    [vec![0; length - bytes.len()], bytes].concat()
}

/// A number of `bits` bits: runs of one byte repeated, of which each has one byte that tells its length and kind.
fn runs(bits: usize, byte: &mut impl FnMut() -> u8) -> BigUint {
    let mut number = Vec::new();
    while number.len() < bits.div_ceil(8) {
        let run = byte();
        let length = usize::from(run >> 2) + 1;
        match run & 3 {
            0 => number.extend(vec![0; length]),
            1 => number.extend(vec![0xff; length]),
            2 => number.extend(vec![byte(); length]),
            _ => number.extend((0..length).map(|_| byte())),
        }
    }
    BigUint::from_bytes_be(&number)
}
