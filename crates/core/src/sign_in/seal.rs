//! Authenticated encryption of what a cookie holds: XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03; RFC 8439).
//!
//! The nonce has 192 bits, so that random ones may be used without counting them. What a cookie is for is authenticated
//! with it: none passes for another.

use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::aead::{AeadInOut, KeyInit};
use sha2::{Digest, Sha256};

use crate::base64url;

/// A key has as many bytes as are drawn from it; a password is none.
const MIN_SECRET_BYTES: usize = 32;

/// The most keys that one keeps while changing them: each costs time with every cookie that it does not open.
pub(crate) const MAX_KEYS: usize = 4;

/// The first seals, all open: so keys are changed without ending sessions.
pub(crate) struct CookieKeys<'s>(pub(super) Vec<&'s [u8]>);

/// Whether a secret, of any form, can be a key.
pub(crate) fn check_secret(secret: &[u8]) -> Result<(), &'static str> {
    if secret.len() < MIN_SECRET_BYTES { Err("a cookie key has at least 32 bytes") } else { Ok(()) }
}

impl CookieKeys<'_> {
    /// Encrypts for one purpose. `None` without a key.
    pub(super) fn seal(&self, purpose: &str, plain: &[u8], nonce: &[u8; 24]) -> Option<String> {
        let mut sealed = [nonce.as_slice(), plain].concat();
        let text = sealed.get_mut(nonce.len()..)?;
        let tag = cipher(self.0.first()?)?.encrypt_inout_detached(nonce.into(), purpose.as_bytes(), text.into());
        sealed.extend_from_slice(&tag.ok()?);
        Some(base64url::encode(&sealed))
    }

    /// Decrypts what one of the keys has sealed for this purpose.
    pub(super) fn open(&self, purpose: &str, text: &str) -> Option<Vec<u8>> {
        let sealed = base64url::decode(text)?;
        let (nonce, sealed) = sealed.split_first_chunk::<24>()?;
        let (sealed, tag) = sealed.split_last_chunk::<16>()?;
        let open = |secret: &&[u8]| {
            let mut plain = sealed.to_vec();
            let text = plain.as_mut_slice().into();
            let opened = cipher(secret)?.decrypt_inout_detached(nonce.into(), purpose.as_bytes(), text, tag.into());
            opened.is_ok().then_some(plain)
        };
        self.0.iter().find_map(open)
    }
}

/// The key is a hash of the secret, which has at least as much entropy.
fn cipher(secret: &[u8]) -> Option<XChaCha20Poly1305> {
    let key = Sha256::new().chain_update(b"edge-authorizer cookie key 1\0").chain_update(secret).finalize();
    XChaCha20Poly1305::new_from_slice(&key).ok()
}

#[cfg(test)]
mod tests {
    use chacha20poly1305::aead::{Aead, Payload};

    use super::*;

    const SECRETS: [[u8; 32]; 3] = [[0; 32], [1; 32], [2; 32]];

    fn keys(secrets: &[usize]) -> CookieKeys<'static> {
        CookieKeys(secrets.iter().map(|index| &SECRETS[*index][..]).collect())
    }

    /// Threat 48: authenticated encryption.
    #[test]
    fn threat_48_what_is_not_sealed_for_this_by_us_does_not_open() {
        let sealed = keys(&[1]).seal("session", b"alice", &[9; 24]).unwrap();
        assert_eq!(keys(&[1]).open("session", &sealed).as_deref(), Some(&b"alice"[..]));
        assert_eq!(keys(&[1]).open("attempt", &sealed), None);
        assert_eq!(keys(&[2]).open("session", &sealed), None);
        assert_eq!(keys(&[]).open("session", &sealed), None);
        for position in 0..sealed.len() {
            let mut changed = sealed.clone().into_bytes();
            changed[position] = if changed[position] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(keys(&[1]).open("session", &changed), None, "{position}");
            assert_eq!(keys(&[1]).open("session", &sealed[..position]), None, "{position}");
        }
    }

    #[test]
    fn keys_are_changed_without_ending_sessions() {
        let sealed = keys(&[1]).seal("session", b"alice", &[9; 24]).unwrap();
        assert!(keys(&[2, 1]).open("session", &sealed).is_some());
        let newer = keys(&[2, 1]).seal("session", b"alice", &[9; 24]).unwrap();
        assert_eq!(keys(&[1]).open("session", &newer), None);
    }

    #[test]
    fn a_short_secret_is_no_key() {
        assert!(check_secret(&[1; 31]).is_err());
        assert!(check_secret(&[1; 32]).is_ok());
    }

    /// draft-irtf-cfrg-xchacha-03, appendix A.3.1: the key goes in as it is there, so only the cipher is tested.
    #[test]
    fn the_cipher_is_that_of_the_draft() {
        let key: Vec<u8> = (0x80..0xa0).collect();
        let nonce: Vec<u8> = (0x40..0x58).collect();
        let aad = [0x50, 0x51, 0x52, 0x53, 0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7];
        let plain = b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.";
        let cipher = XChaCha20Poly1305::new_from_slice(&key).unwrap();
        let nonce: &[u8; 24] = nonce.as_slice().try_into().unwrap();
        let sealed = cipher.encrypt(nonce.into(), Payload { msg: plain, aad: &aad }).unwrap();
        assert_eq!(sealed[..8], [0xbd, 0x6d, 0x17, 0x9d, 0x3e, 0x83, 0xd4, 0x3b]);
        assert_eq!(sealed[plain.len()..][..8], [0xc0, 0x87, 0x59, 0x24, 0xc1, 0xc7, 0x98, 0x79]);
    }
}
