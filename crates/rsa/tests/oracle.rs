//! Equality with the `rsa` crate, on random numbers and on those where arithmetic goes wrong if it does.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use edge_authorizer_rsa::PublicKey;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use rsa::BigUint;

const SEED: u64 = 0x5eed_0001;

/// The number of bytes of a number of this many bits.
fn bytes(bits: usize) -> usize {
    bits.div_ceil(8)
}

fn padded(number: &BigUint, length: usize) -> Vec<u8> {
    let bytes = number.to_bytes_be();
    [vec![0; length - bytes.len()], bytes].concat()
}

fn check(modulus: &BigUint, exponent: u64, base: &BigUint, what: &str) {
    let key = PublicKey::new(&modulus.to_bytes_be(), &exponent.to_be_bytes()).unwrap();
    assert_eq!(key.size(), bytes(modulus.bits()), "{what}");
    let opened = key.open(&padded(base, key.size()));
    let expected = (base < modulus).then(|| padded(&base.modpow(&BigUint::from(exponent), modulus), key.size()));
    assert!(opened == expected, "{what}: seed {SEED:#x}, {} bits, e = {exponent}", modulus.bits());
    // The second time with the constants that the first one made.
    assert!(key.open(&padded(base, key.size())) == expected, "{what}, again");
}

/// Odd numbers of exactly `bits` bits: random, sparse, dense, and with long runs of carries.
fn moduli(bits: usize, random: &mut ChaCha20Rng) -> Vec<(BigUint, &'static str)> {
    let one = BigUint::from(1_u8);
    let top = &one << (bits - 1);
    let mut noise = vec![0; bytes(bits)];
    random.fill_bytes(&mut noise);
    let noise = BigUint::from_bytes_be(&noise) % &top;
    let mut stripes = vec![0; bytes(bits)];
    stripes.iter_mut().enumerate().filter(|(index, _)| index % 8 < 4).for_each(|(_, byte)| *byte = 0xff);
    let stripes = BigUint::from_bytes_be(&stripes) % &top;
    vec![
        (&top | &noise | &one, "random"),
        (&top | &one, "sparse"),
        ((&top << 1) - &one, "dense"),
        ((&top << 1) - &one - (&one << 32), "dense but for a limb"),
        (&top | (&one << 32) | &one, "a one in the second limb"),
        (&top | &stripes | &one, "limbs of zeros and ones in turn"),
    ]
}

#[test]
fn equals_the_oracle_for_all_sizes_and_edges() {
    let mut random = ChaCha20Rng::seed_from_u64(SEED);
    let one = BigUint::from(1_u8);
    let mut checked = 0;
    for bits in [2048, 2049, 2050, 2055, 2056, 2063, 2079, 2080, 2081, 3072, 3073, 4064, 4065, 4095, 4096] {
        for (modulus, what) in moduli(bits, &mut random) {
            let mut noise = vec![0; bytes(bits) + 8];
            random.fill_bytes(&mut noise);
            let bases = [
                BigUint::from(0_u8),
                one.clone(),
                BigUint::from(2_u8),
                &one << (bits - 1),
                (&one << (bits - 1)) - &one,
                &modulus - &one,
                &modulus - BigUint::from(2_u8),
                modulus.clone(),
                &modulus >> 1,
                BigUint::from_bytes_be(&noise) % &modulus,
            ];
            for base in &bases {
                check(&modulus, 65537, base, what);
                checked += 1;
            }
            check(&modulus, 3, &bases[9], what);
            check(&modulus, (1 << 33) - 1, &bases[9], what);
        }
    }
    assert_eq!(checked, 15 * 6 * 10);
}

#[test]
fn equals_the_oracle_on_random_numbers() {
    let mut random = ChaCha20Rng::seed_from_u64(SEED + 1);
    for _ in 0..200 {
        let bits = 2048 + random.next_u32() as usize % 2049;
        let (modulus, what) = moduli(bits, &mut random).swap_remove(0);
        let mut noise = vec![0; bytes(bits)];
        random.fill_bytes(&mut noise);
        let exponent = u64::from(random.next_u32()) | 1;
        check(&modulus, exponent.max(3), &(BigUint::from_bytes_be(&noise) % &modulus), what);
    }
}

#[test]
fn a_base_that_is_not_less_or_not_as_long_is_refused() {
    let mut random = ChaCha20Rng::seed_from_u64(SEED + 2);
    let (modulus, _) = moduli(2048, &mut random).swap_remove(0);
    let key = PublicKey::new(&modulus.to_bytes_be(), &[1, 0, 1]).unwrap();
    assert_eq!(key.open(&[0xff; 256]), None);
    assert_eq!(key.open(&[1; 255]), None);
    assert_eq!(key.open(&[&[0][..], &[1; 256]].concat()), None);
    assert_eq!(key.open(&[]), None);
    assert!(key.open(&[1; 256]).is_some());
}
