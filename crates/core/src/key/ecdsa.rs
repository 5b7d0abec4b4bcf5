//! ECDSA public keys (RFC 7518, sections 3.4 and 6.2.1).
//!
//! The curve fixes the hash function: P-256 goes with SHA-256, P-384 with SHA-384, P-521 with SHA-512.

use sha2::Digest;

macro_rules! ecdsa_key {
    ($(#[$doc:meta])* $name:ident = $curve:ident with $hash:ident) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub(crate) struct $name($curve::ecdsa::VerifyingKey);

        impl $name {
            /// Takes the coordinates in the curve's full length (RFC 7518, section 6.2.1.2); the point has to be on the
            /// curve, and is never the one at infinity, which has no coordinates.
            pub(crate) fn new(x: &[u8], y: &[u8]) -> Result<Self, String> {
                use $curve::elliptic_curve::point::AffineCoordinates;

                let coordinate = |bytes: &[u8]| $curve::FieldBytes::try_from(bytes);
                let (Ok(x), Ok(y)) = (coordinate(x), coordinate(y)) else {
                    return Err(format!("its `x` or `y` has not {} bytes", $curve::FieldBytes::default().len()));
                };
                Option::from($curve::AffinePoint::from_coordinates(&x, &y))
                    .and_then(|point| $curve::ecdsa::VerifyingKey::from_affine(point).ok())
                    .map(Self)
                    .ok_or_else(|| "its point is not on the curve".to_owned())
            }

            /// A signature is R and S, each in the curve's full length (RFC 7518, section 3.4), neither of them zero nor as
            /// large as the order of the curve.
            pub(crate) fn verify(&self, signing_input: &[u8], signature: &[u8]) -> bool {
                use $curve::ecdsa::signature::hazmat::PrehashVerifier;

                let hash = sha2::$hash::digest(signing_input);
                $curve::ecdsa::Signature::from_slice(signature)
                    .is_ok_and(|signature| self.0.verify_prehash(&hash, &signature).is_ok())
            }
        }
    };
}

#[cfg(feature = "es256")]
ecdsa_key!(P256Key = p256 with Sha256);
#[cfg(feature = "es384")]
ecdsa_key!(P384Key = p384 with Sha384);
#[cfg(feature = "es512")]
ecdsa_key!(P521Key = p521 with Sha512);
