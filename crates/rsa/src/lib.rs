//! Verifies RSA signatures (RFC 8017): RSASSA-PKCS1-v1_5 and RSASSA-PSS, with public keys of 2048 to 4096 bits.
//!
//! It is a crate of its own because nearly the whole time of a decision about an unknown token goes into it: one
//! `s^e mod n` with numbers of thousands of bits. A general library for such numbers is many times slower in WebAssembly.
//!
//! Only public operations are here, on public data: key, signature and message are all known to whoever sent them. So
//! nothing has to run in constant time, and nothing does. Never use this for a private key.
//!
//! # The arithmetic
//!
//! | file | what |
//! | --- | --- |
//! | `power.rs` | the power, by squaring and multiplying (Handbook of Applied Cryptography, algorithm 14.79); the remainder at the end |
//! | `reduction.rs` | remainders, by Barrett's reduction (1986; Handbook, algorithm 14.42), and why its errors do no harm |
//! | `product.rs` | products by columns, squares by half of them (Handbook, algorithms 14.12 and 14.16), and why no sum overflows |
//! | `limbs.rs` | numbers as limbs with a sign, so that carries need not wait for each other (Avizienis, "Signed-digit number representations for fast parallel arithmetic", 1961) |
//! | `lanes/` | the instructions: SIMD in WebAssembly, plain Rust elsewhere |
//!
//! `pkcs1_v15.rs` and `pss.rs` have the paddings. docs/decisions/0006 says what else was tried, and what it cost.
//!
//! The `rsa` crate is the oracle: tests, which run natively and in WebAssembly, and a fuzz target compare results with it.

mod hash;
mod lanes;
mod limbs;
mod pkcs1_v15;
mod power;
mod product;
mod pss;
mod reduction;

pub use hash::Hash;

use std::fmt;

use power::Modulus;

/// The sizes of a modulus, in bits: at least 2048 (RFC 7518, section 3.3), and no larger than is verified in tolerable
/// time.
const MODULUS_BITS: std::ops::RangeInclusive<usize> = 2048..=4096;

/// The largest exponent, as in other libraries; all certificate authorities and token issuers use 65537.
const MAX_EXPONENT: u64 = (1 << 33) - 1;

/// An RSA public key (RFC 8017, section 3.1).
#[derive(Clone)]
pub struct PublicKey {
    modulus: Modulus,
    exponent: u64,
}

/// Why two numbers are no public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyError {
    /// The modulus has this many bits.
    ModulusSize(usize),
    /// The modulus is even: it is no product of two large primes.
    EvenModulus,
    /// The exponent is even, less than 3, or larger than any in use.
    Exponent,
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ModulusSize(bits) => {
                write!(f, "the modulus has {bits} bits, not {} to {}", MODULUS_BITS.start(), MODULUS_BITS.end())
            }
            Self::EvenModulus => f.write_str("the modulus is even"),
            Self::Exponent => f.write_str("the exponent is not an odd number from 3 to 2^33 - 1"),
        }
    }
}

impl std::error::Error for KeyError {}

impl PublicKey {
    /// Takes modulus and exponent as big-endian bytes; leading zeros are allowed.
    pub fn new(modulus: &[u8], exponent: &[u8]) -> Result<Self, KeyError> {
        let modulus = trimmed(modulus);
        let bits = modulus.len() * 8 - modulus.first().map_or(0, |byte| byte.leading_zeros() as usize);
        if !MODULUS_BITS.contains(&bits) {
            return Err(KeyError::ModulusSize(bits));
        }
        if modulus.last().is_none_or(|byte| byte & 1 == 0) {
            return Err(KeyError::EvenModulus);
        }
        let exponent = trimmed(exponent);
        if exponent.len() > size_of::<u64>() {
            return Err(KeyError::Exponent);
        }
        let exponent = exponent.iter().fold(0, |exponent, byte| exponent << 8 | u64::from(*byte));
        if exponent & 1 == 0 || !(3..=MAX_EXPONENT).contains(&exponent) {
            return Err(KeyError::Exponent);
        }
        Ok(Self { modulus: Modulus::new(modulus, bits), exponent })
    }

    /// RSASSA-PKCS1-v1_5 (RFC 8017, section 8.2.2): whether `signature` is one by this key over `message`.
    pub fn verify_pkcs1_v15(&self, hash: Hash, message: &[u8], signature: &[u8]) -> bool {
        self.open(signature).is_some_and(|encoded| pkcs1_v15::is_encoding_of(&encoded, hash, message))
    }

    /// RSASSA-PSS (RFC 8017, section 8.1.2) with MGF1 on the same hash function and a salt as long as its output, as
    /// RFC 7518, section 3.5 has it.
    pub fn verify_pss(&self, hash: Hash, message: &[u8], signature: &[u8]) -> bool {
        self.open(signature).is_some_and(|encoded| pss::is_encoding_of(&encoded, self.modulus.bits(), hash, message))
    }

    /// RSAVP1 (RFC 8017, section 5.2.2): `signature^e mod n`, as long as the modulus. `None` where the signature has not the
    /// length of the modulus, or is not less than it.
    pub fn open(&self, signature: &[u8]) -> Option<Vec<u8>> {
        if signature.len() != self.size() {
            return None;
        }
        self.modulus.power(signature, self.exponent)
    }

    /// The length of the modulus, and of a signature, in bytes.
    pub fn size(&self) -> usize {
        self.modulus.bits().div_ceil(8)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublicKey").field("bits", &self.modulus.bits()).field("exponent", &self.exponent).finish()
    }
}

fn trimmed(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.get(zeros..).unwrap_or_default()
}
