//! What the viewer gets of a policy and its signature.

use super::policy::Policy;
use crate::base64;

/// The hash function that the signature was made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hash {
    /// What CloudFront takes where nothing else is said.
    Sha1,
    /// Said by `Hash-Algorithm`.
    Sha256,
}

/// A signature over [`Policy::text`]: RSASSA-PKCS1-v1_5, or ECDSA with P-256 in DER.
#[derive(Debug, Clone, Copy)]
pub struct SignedParts<'a> {
    /// The id of the public key in CloudFront: `K2JCJMDEHXQW5F`.
    pub key_pair_id: &'a str,
    /// The hash function.
    pub hash: Hash,
    /// The signature.
    pub signature: &'a [u8],
}

impl SignedParts<'_> {
    /// Names and values without the prefix that cookies have, in the order of CloudFront's documentation.
    fn of(&self, policy: &Policy) -> Vec<(&'static str, String)> {
        let mut parts = vec![match policy.is_canned() {
            true => ("Expires", policy.expires_at().to_string()),
            false => ("Policy", base64::encode_for_cloudfront(policy.text().as_bytes())),
        }];
        parts.push(("Signature", base64::encode_for_cloudfront(self.signature)));
        parts.push(("Key-Pair-Id", self.key_pair_id.to_owned()));
        if self.hash == Hash::Sha256 {
            parts.push(("Hash-Algorithm", "SHA256".to_owned()));
        }
        parts
    }
}

impl Policy {
    /// The names and values of the cookies.
    ///
    /// They open what the policy allows, and are not to be printed.
    pub fn cookies(&self, signed: &SignedParts<'_>) -> Vec<(String, String)> {
        let parts = signed.of(self).into_iter();
        parts.map(|(name, value)| (["CloudFront-", name].concat(), value)).collect()
    }

    /// The URL with the parameters that open it. For a canned policy `url` is its resource, for a custom one any URL that
    /// the resource matches.
    pub fn url(&self, url: &str, signed: &SignedParts<'_>) -> String {
        let (url, fragment) = url.split_once('#').map_or((url, None), |(url, fragment)| (url, Some(fragment)));
        let mut whole = url.to_owned();
        let mut separator = if url.contains('?') { "&" } else { "?" };
        for (name, value) in signed.of(self) {
            for part in [separator, name, "=", &value] {
                whole.push_str(part);
            }
            separator = "&";
        }
        if let Some(fragment) = fragment {
            whole.push('#');
            whole.push_str(fragment);
        }
        whole
    }
}

/// The names of all cookies that a signature ever needs: what a sign-out clears.
pub const COOKIE_NAMES: [&str; 5] = [
    "CloudFront-Policy",
    "CloudFront-Expires",
    "CloudFront-Signature",
    "CloudFront-Key-Pair-Id",
    "CloudFront-Hash-Algorithm",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cookie_is_among_those_that_a_sign_out_clears() {
        let signed = SignedParts { key_pair_id: "K1", hash: Hash::Sha256, signature: b"s" };
        let url = "https://media.example.com/a";
        let canned = Policy::canned(url, 2000).unwrap().cookies(&signed);
        let custom = Policy::custom(url, 2000).unwrap().cookies(&signed);
        let mut names: Vec<String> = canned.into_iter().chain(custom).map(|(name, _)| name).collect();
        names.sort_unstable();
        names.dedup();
        let mut all = COOKIE_NAMES.map(str::to_owned);
        all.sort_unstable();
        assert_eq!(names, all);
    }

    #[test]
    fn parameters_follow_those_that_are_there() {
        let signed = SignedParts { key_pair_id: "K1", hash: Hash::Sha1, signature: &[0xfb, 0xff] };
        let policy = Policy::canned("https://media.example.com/a?b=1", 2000).unwrap();
        assert_eq!(
            policy.url("https://media.example.com/a?b=1#t=5", &signed),
            "https://media.example.com/a?b=1&Expires=2000&Signature=-~8_&Key-Pair-Id=K1#t=5"
        );
        assert_eq!(
            policy.url("https://media.example.com/a", &signed),
            "https://media.example.com/a?Expires=2000&Signature=-~8_&Key-Pair-Id=K1"
        );
    }
}
