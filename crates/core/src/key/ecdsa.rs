//! ECDSA public keys (RFC 7518, sections 3.4 and 6.2.1).
//!
//! The curve fixes the hash function: P-256 goes with SHA-256, P-384 with SHA-384, P-521 with SHA-512.
//!
//! A signature is verified by `u · G + v · Q`, with a point `G` that belongs to the curve and one `Q` that is the key. Nearly
//! all of it is doublings, as many as the numbers `u` and `v` have bits. With `2^k · G` and `2^k · Q` at hand, `k` being half
//! of these bits, it is a sum of four products with numbers of half the length, and half the doublings: the points and their
//! tables are made once. The arithmetic is that of the library, which takes products of any number of points; all of it is
//! public, so it may take variable time. docs/decisions/0007 has the figures.

use std::cell::OnceCell;
use std::sync::OnceLock;

use sha2::Digest;
use wnaf::{WnafBase, WnafScalar};

macro_rules! ecdsa_key {
    ($name:ident: $module:ident = $curve:ident with $hash:ident) => {
        pub(crate) use $module::$name;

        mod $module {
            use $curve::elliptic_curve::consts::U5;
            use $curve::elliptic_curve::ops::{Invert, Reduce};
            use $curve::elliptic_curve::point::AffineCoordinates;
            use $curve::elliptic_curve::{Group, PrimeField};
            use $curve::{AffinePoint, FieldBytes, ProjectivePoint, Scalar, ecdsa::Signature};

            use super::*;

            /// Multiples of a point, and of the point times two to the power of half the bits.
            type Tables = [WnafBase<ProjectivePoint, U5>; 2];

            static GENERATOR: OnceLock<Tables> = OnceLock::new();

            #[derive(Clone)]
            pub(crate) struct $name {
                point: AffinePoint,
                /// Made when the key is used for the first time.
                tables: OnceCell<Box<Tables>>,
            }

            impl $name {
                /// Takes the coordinates in the curve's full length (RFC 7518, section 6.2.1.2); the point has to be on the
                /// curve, and is never the one at infinity, which has no coordinates.
                #[inline(never)]
                pub(crate) fn new(x: &[u8], y: &[u8]) -> Result<Self, String> {
                    let (Ok(x), Ok(y)) = (FieldBytes::try_from(x), FieldBytes::try_from(y)) else {
                        return Err(format!("its `x` or `y` has not {} bytes", FieldBytes::default().len()));
                    };
                    Option::from(AffinePoint::from_coordinates(&x, &y))
                        .map(|point| Self { point, tables: OnceCell::new() })
                        .ok_or_else(|| "its point is not on the curve".to_owned())
                }

                /// A signature is R and S, each in the curve's full length (RFC 7518, section 3.4), neither of them zero nor
                /// as large as the order of the curve. It is right where R is the first coordinate of
                /// `e/S · G + R/S · Q`, `e` being the hash (FIPS 186-5, section 6.4.2).
                #[inline(never)]
                pub(crate) fn verify(&self, signing_input: &[u8], signature: &[u8]) -> bool {
                    let Ok(signature) = Signature::from_slice(signature) else {
                        return false;
                    };
                    let (r, s) = signature.split_scalars();
                    let inverse = *s.invert_vartime();
                    let g = halves(hash(signing_input) * inverse);
                    let q = halves(*r * inverse);
                    let generator = GENERATOR.get_or_init(|| tables(ProjectivePoint::GENERATOR));
                    let key = self.tables.get_or_init(|| Box::new(tables(self.point.into())));
                    let sum = WnafBase::multiscalar_mul(generator.iter().zip(&g).chain(key.iter().zip(&q)));
                    // The point at infinity has 0 for a coordinate here, which R is not.
                    Scalar::reduce(&sum.to_affine().x()) == *r
                }
            }

            fn tables(point: ProjectivePoint) -> Tables {
                let bits = FieldBytes::default().len() / 2 * 8;
                let upper = (0..bits).fold(point, |point, _| point.double());
                [WnafBase::new(&point), WnafBase::new(&upper)]
            }

            /// The lower and the upper half of a number's bits.
            fn halves(number: Scalar) -> [WnafScalar<Scalar, U5>; 2] {
                let mut bytes = number.to_repr();
                bytes.reverse();
                let (lower, upper) = bytes.split_at(bytes.len() / 2);
                [WnafScalar::from_le_bytes(lower), WnafScalar::from_le_bytes(upper)]
            }

            /// The hash is no longer than a number of the curve.
            fn hash(signing_input: &[u8]) -> Scalar {
                let hash = sha2::$hash::digest(signing_input);
                let mut number = FieldBytes::default();
                number.iter_mut().rev().zip(hash.iter().rev()).for_each(|(to, from)| *to = *from);
                Scalar::reduce(&number)
            }
        }
    };
}

#[cfg(feature = "es256")]
ecdsa_key!(P256Key: es256 = p256 with Sha256);
#[cfg(feature = "es384")]
ecdsa_key!(P384Key: es384 = p384 with Sha384);
#[cfg(feature = "es512")]
ecdsa_key!(P521Key: es512 = p521 with Sha512);
