//! CloudFront's signed cookies and URLs for whoever a rule lets pass: the token is verified once, CloudFront checks the rest.

use edge_authorizer_aws::cloudfront::{COOKIE_NAMES, Hash, Policy, PolicyError, SignedParts};

use super::text::{Text, Values};
use super::{Asking, json_answer};
use crate::answer::Answer;
use crate::refusal::{Code, Refusal};
use crate::time::UnixTime;

/// What a key of CloudFront's opens, for whom and how long.
#[derive(Debug)]
pub(crate) struct SignedAccess {
    /// Its place in the configuration, by which the host knows the private key.
    pub(crate) key: String,
    /// The id of the public key in CloudFront.
    pub(crate) key_pair_id: String,
    pub(crate) hash: KeyHash,
    /// What is opened: a URL in which `*` and `?` are wildcards.
    pub(crate) resource: Text,
    /// The URL that a signed URL is made of, where it is not the resource.
    pub(crate) url: Option<Text>,
    pub(crate) lifetime_seconds: u32,
    /// Not before this time, in seconds since 1970.
    pub(crate) starts_at: Option<u64>,
    /// Whether it may last longer than the token.
    pub(crate) outlives_token: bool,
    /// Whether it is for the viewer's own address only.
    pub(crate) for_viewer_address: bool,
    pub(crate) cookies: CookieScope,
}

/// Where browsers send the cookies.
#[derive(Debug)]
pub(crate) struct CookieScope {
    pub(crate) domain: Option<String>,
    pub(crate) path: String,
    pub(crate) same_site: SameSite,
}

/// The `SameSite` attribute ("Cookies: HTTP State Management Mechanism", RFC 6265bis, section 5.4.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SameSite {
    Strict,
    Lax,
    None,
}

impl SameSite {
    pub(crate) const ALL: [Self; 3] = [Self::Strict, Self::Lax, Self::None];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Strict => "Strict",
            Self::Lax => "Lax",
            Self::None => "None",
        }
    }
}

/// The hash function that the private key signs with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyHash {
    /// What CloudFront takes where nothing else is said.
    Sha1,
    /// SHA-256, which the answer says.
    Sha256,
}

impl KeyHash {
    /// The name of the hash function, as OpenSSL has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
        }
    }
}

/// A policy that lacks its signature.
#[derive(Debug, Clone, PartialEq)]
pub struct UnsignedAccess {
    key: String,
    hash: KeyHash,
    key_pair_id: String,
    policy: Policy,
    form: Form,
}

#[derive(Debug, Clone, PartialEq)]
enum Form {
    /// The attributes that stand after each cookie.
    Cookies {
        attributes: String,
    },
    Url(String),
}

impl SignedAccess {
    /// The captures of the path that it needs.
    pub(crate) fn captures(&self) -> impl Iterator<Item = &str> {
        self.resource.captures().chain(self.url.iter().flat_map(Text::captures))
    }

    pub(crate) fn cookies_for(&self, asking: &Asking<'_>) -> Result<UnsignedAccess, Refusal> {
        let policy = self.policy(asking)?;
        let lifetime = policy.expires_at().saturating_sub(seconds(asking.now));
        let attributes = [&self.cookies.attributes(), "; Max-Age=", &lifetime.to_string()].concat();
        Ok(self.unsigned(policy, Form::Cookies { attributes }))
    }

    pub(crate) fn url_for(&self, asking: &Asking<'_>) -> Result<UnsignedAccess, Refusal> {
        let url = self.url.as_ref().unwrap_or(&self.resource).fill(&values(asking))?;
        Ok(self.unsigned(self.policy(asking)?, Form::Url(url)))
    }

    /// An end for each cookie that [`cookies_for`](Self::cookies_for) ever sets, with the attributes that it has there.
    pub(crate) fn cleared(&self) -> Answer {
        let mut answer = json_answer("{}\n".to_owned());
        let attributes = self.cookies.attributes();
        for name in COOKIE_NAMES {
            answer.headers.push(("set-cookie", [name, "=", &attributes, "; Max-Age=0"].concat()));
        }
        answer
    }

    /// A canned policy where that says it all, a custom one otherwise.
    fn policy(&self, asking: &Asking<'_>) -> Result<Policy, Refusal> {
        let now = seconds(asking.now);
        let mut expires_at = now + u64::from(self.lifetime_seconds);
        if !self.outlives_token {
            let token_ends = asking.claims.and_then(|claims| claims.expires_at()).map(seconds);
            expires_at = token_ends.map_or(expires_at, |ends| ends.min(expires_at));
        }
        let resource = self.resource.fill(&values(asking))?;
        // In a canned policy CloudFront would take a wildcard for a character.
        let make = if resource.contains(['*', '?']) { Policy::custom } else { Policy::canned };
        let policy = make(&resource, expires_at);
        let policy = match self.starts_at {
            Some(starts_at) => policy.and_then(|policy| policy.starting_at(starts_at)),
            None => policy,
        };
        let policy = match self.for_viewer_address {
            // One address: a range would be for others as well.
            true => policy.and_then(|policy| match asking.request.client_ip.contains('/') {
                true => Err(PolicyError::Addresses),
                false => policy.for_addresses(&asking.request.client_ip),
            }),
            false => policy,
        };
        policy.map_err(|error| Refusal::new(Code::PolicyDenied, format!("nothing can be signed: {error}")))
    }

    fn unsigned(&self, policy: Policy, form: Form) -> UnsignedAccess {
        UnsignedAccess { key: self.key.clone(), hash: self.hash, key_pair_id: self.key_pair_id.clone(), policy, form }
    }
}

impl CookieScope {
    /// `; Path=/; Domain=example.com; Secure; HttpOnly; SameSite=None`
    fn attributes(&self) -> String {
        let mut attributes = ["; Path=", &self.path].concat();
        if let Some(domain) = &self.domain {
            attributes.push_str("; Domain=");
            attributes.push_str(domain);
        }
        attributes.push_str("; Secure; HttpOnly; SameSite=");
        attributes.push_str(self.same_site.as_str());
        attributes
    }
}

impl UnsignedAccess {
    /// The place in the configuration that names the private key.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The hash function to sign with: RSASSA-PKCS1-v1_5, or ECDSA in DER.
    pub fn hash(&self) -> KeyHash {
        self.hash
    }

    /// What has to be signed.
    pub fn text(&self) -> String {
        self.policy.text()
    }

    pub(super) fn code(&self) -> Code {
        match self.form {
            Form::Cookies { .. } => Code::CookiesSigned,
            Form::Url(_) => Code::UrlSigned,
        }
    }

    /// What the viewer gets. It opens what the policy allows, and is not to be printed.
    pub fn with_signature(&self, signature: &[u8]) -> Answer {
        let hash = match self.hash {
            KeyHash::Sha1 => Hash::Sha1,
            KeyHash::Sha256 => Hash::Sha256,
        };
        let signed = SignedParts { key_pair_id: &self.key_pair_id, hash, signature };
        let expires = self.policy.expires_at().to_string();
        match &self.form {
            Form::Cookies { attributes } => {
                let mut answer = json_answer(["{\"expires\":", &expires, "}\n"].concat());
                for (name, value) in self.policy.cookies(&signed) {
                    answer.headers.push(("set-cookie", [&name, "=", &value, attributes].concat()));
                }
                answer
            }
            Form::Url(url) => {
                // Only plain characters stand in it: see `Text::fill`, and `url` is checked when the configuration is read.
                let url = self.policy.url(url, &signed);
                json_answer(["{\"url\":\"", &url, "\",\"expires\":", &expires, "}\n"].concat())
            }
        }
    }
}

fn values<'a>(asking: &'a Asking<'_>) -> Values<'a> {
    Values { claims: asking.claims, captures: Some(asking.captures), own: &[] }
}

/// Whole seconds, downwards: nothing is open longer than it should.
fn seconds(time: UnixTime) -> u64 {
    time.whole_seconds()
}
