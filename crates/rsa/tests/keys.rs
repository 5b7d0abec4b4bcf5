//! Which numbers are a public key.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use edge_authorizer_rsa::{KeyError, PublicKey};
use wasm_bindgen_test::wasm_bindgen_test;

fn modulus(bits: usize, last: u8) -> Vec<u8> {
    let mut bytes = vec![0; bits.div_ceil(8)];
    bytes[0] = 1 << ((bits - 1) % 8);
    *bytes.last_mut().unwrap() |= last;
    bytes
}

#[wasm_bindgen_test(unsupported = test)]
fn moduli_have_2048_to_4096_bits_and_are_odd() {
    for bits in [2048, 2049, 3072, 4095, 4096] {
        assert_eq!(PublicKey::new(&modulus(bits, 1), &[1, 0, 1]).unwrap().size(), bits.div_ceil(8));
        assert_eq!(PublicKey::new(&modulus(bits, 0), &[1, 0, 1]).unwrap_err(), KeyError::EvenModulus);
    }
    for bits in [8, 512, 1024, 2047, 4097, 8192] {
        assert_eq!(PublicKey::new(&modulus(bits, 1), &[1, 0, 1]).unwrap_err(), KeyError::ModulusSize(bits));
    }
    assert_eq!(PublicKey::new(&[], &[1, 0, 1]).unwrap_err(), KeyError::ModulusSize(0));
    assert_eq!(PublicKey::new(&[0; 256], &[1, 0, 1]).unwrap_err(), KeyError::ModulusSize(0));
}

#[wasm_bindgen_test(unsupported = test)]
fn leading_zeros_change_nothing() {
    let padded = [vec![0; 9], modulus(2048, 1)].concat();
    assert_eq!(PublicKey::new(&padded, &[0, 0, 1, 0, 1]).unwrap().size(), 256);
}

#[wasm_bindgen_test(unsupported = test)]
fn exponents_are_odd_and_bounded() {
    let modulus = modulus(2048, 1);
    let exponent = |bytes: &[u8]| PublicKey::new(&modulus, bytes).map(|_| ());
    for right in [&[3][..], &[17], &[1, 0, 1], &[1, 0xff, 0xff, 0xff, 0xff]] {
        assert_eq!(exponent(right), Ok(()), "{right:?}");
    }
    let wrong = [&[][..], &[0], &[1], &[2], &[1, 0, 0], &[2, 0, 0, 0, 1], &[1, 0, 0, 0, 0, 0, 0, 0, 1], &[0xff; 256]];
    for wrong in wrong {
        assert_eq!(exponent(wrong), Err(KeyError::Exponent), "{wrong:?}");
    }
}
