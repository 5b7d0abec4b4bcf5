//! Equality with the `rsa` crate, on random numbers and on those where arithmetic goes wrong if it does. Natively that is
//! the portable arithmetic, with checks for overflow; in WebAssembly the one with SIMD.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use edge_authorizer_rsa::PublicKey;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use rsa::BigUint;
use support::Case;
use wasm_bindgen_test::wasm_bindgen_test;

const SEED: u64 = 0x5eed_0001;

/// All kinds of numbers are tried for these: the sizes in use, those where the number of bytes, limbs, vectors or tiles of
/// the arithmetic changes, and their neighbours.
const SIZES: [usize; 23] = [
    2048, 2049, 2050, 2055, 2056, 2063, 2071, 2072, 2073, 2079, 2080, 2081, 2279, 2280, 2281, 3072, 3073, 3111, 3112,
    3113, 4064, 4095, 4096,
];

fn random_number(bits: usize, random: &mut ChaCha20Rng) -> BigUint {
    let mut bytes = vec![0; bits.div_ceil(8)];
    random.fill_bytes(&mut bytes);
    BigUint::from_bytes_be(&bytes) >> (bytes.len() * 8 - bits)
}

/// A pattern of as many bits as `period`, repeated.
fn repeated(pattern: u32, period: usize, bits: usize) -> BigUint {
    (0..bits.div_ceil(period)).fold(BigUint::from(0_u8), |number, _| (number << period) | BigUint::from(pattern))
}

/// Odd numbers of exactly `bits` bits: random, sparse, dense, and with long runs of carries in limbs of 13 or 32 bits.
fn moduli(bits: usize, random: &mut ChaCha20Rng) -> Vec<(BigUint, &'static str)> {
    let one = BigUint::from(1_u8);
    let top = &one << (bits - 1);
    let exact = |number: BigUint| &top | &one | (number % &top);
    vec![
        (exact(random_number(bits, random)), "random"),
        (&top | &one, "sparse"),
        ((&top << 1) - &one, "dense"),
        ((&top << 1) - &one - (&one << 32), "dense but for a bit"),
        (&top | (&one << 32) | &one, "three bits"),
        (exact(repeated(0xffff_0000, 32, bits)), "half words of zeros and ones in turn"),
        (exact(repeated(0x1000, 13, bits)), "limbs of the largest size"),
        (exact(repeated(0x0fff, 13, bits)), "limbs just below it"),
        (exact(repeated(0x1fff << 13, 26, bits)), "limbs of zeros and ones in turn"),
    ]
}

fn bases(modulus: &BigUint, random: &mut ChaCha20Rng) -> Vec<BigUint> {
    let one = BigUint::from(1_u8);
    let bits = modulus.bits();
    let mut bases = vec![
        BigUint::from(0_u8),
        one.clone(),
        BigUint::from(2_u8),
        &one << (bits - 1),
        (&one << (bits - 1)) - &one,
        modulus - &one,
        modulus - BigUint::from(2_u8),
        modulus.clone(),
        modulus >> 1,
        random_number(bits, random) % modulus,
        repeated(0x1000, 13, bits) % modulus,
        repeated(0x0fff, 13, bits) % modulus,
    ];
    if (modulus + &one).bits() <= bits.div_ceil(8) * 8 {
        bases.push(modulus + &one);
    }
    bases
}

#[wasm_bindgen_test(unsupported = test)]
fn equals_the_oracle_at_edges() {
    let mut random = ChaCha20Rng::seed_from_u64(SEED);
    let mut checked = 0;
    for bits in SIZES {
        for (modulus, what) in moduli(bits, &mut random) {
            for base in bases(&modulus, &mut random) {
                Case { modulus: modulus.clone(), exponent: 65537, base }.check(what);
                checked += 1;
            }
            for exponent in [3, (1 << 33) - 1] {
                let base = random_number(bits, &mut random) % &modulus;
                Case { modulus: modulus.clone(), exponent, base }.check(what);
            }
        }
    }
    assert!(checked >= SIZES.len() * 9 * 12, "{checked}");
}

/// In steps of 13, each remainder of the number of bits by that of a limb, vector and tile comes up.
#[wasm_bindgen_test(unsupported = test)]
fn equals_the_oracle_for_all_sizes() {
    let mut random = ChaCha20Rng::seed_from_u64(SEED + 1);
    for bits in (2048..=4096).step_by(11) {
        for (modulus, what) in moduli(bits, &mut random) {
            let base = random_number(bits, &mut random) % &modulus;
            Case { modulus, exponent: 17, base }.check(&format!("{what}, seed {SEED:#x} + 1"));
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn equals_the_oracle_on_random_numbers() {
    let mut random = ChaCha20Rng::seed_from_u64(SEED + 2);
    for _ in 0..200 {
        let bits = 2048 + random.next_u32() as usize % 2049;
        let (modulus, what) = moduli(bits, &mut random).swap_remove(0);
        let base = random_number(bits, &mut random) % &modulus;
        let exponent = u64::from(random.next_u32()) | 3;
        Case { modulus, exponent, base }.check(&format!("{what}, seed {SEED:#x} + 2"));
    }
}

/// What fuzzing runs for as long as one likes (fuzz/README.md), on a few cases.
#[wasm_bindgen_test(unsupported = test)]
fn equals_the_oracle_on_what_fuzzing_tries() {
    let mut random = ChaCha20Rng::seed_from_u64(SEED + 3);
    for _ in 0..300 {
        let mut bytes = vec![0; random.next_u32() as usize % 700];
        random.fill_bytes(&mut bytes);
        Case::from_bytes(&bytes).check(&format!("seed {SEED:#x} + 3"));
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_base_that_is_not_less_or_not_as_long_is_refused() {
    let mut random = ChaCha20Rng::seed_from_u64(SEED + 4);
    let (modulus, _) = moduli(2048, &mut random).swap_remove(0);
    let key = PublicKey::new(&modulus.to_bytes_be(), &[1, 0, 1]).unwrap();
    assert_eq!(key.open(&[0xff; 256]), None);
    assert_eq!(key.open(&modulus.to_bytes_be()), None);
    assert_eq!(key.open(&[1; 255]), None);
    assert_eq!(key.open(&[&[0][..], &[1; 256]].concat()), None);
    assert_eq!(key.open(&[]), None);
    assert!(key.open(&[1; 256]).is_some());
}
