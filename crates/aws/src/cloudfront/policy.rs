//! What a signature allows.

use std::fmt;

use super::resource;

/// What may be fetched, until when, and from where.
///
/// Its text is the same for the same policy, byte for byte: CloudFront puts a canned policy together itself, and compares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    resource: String,
    expires_at: u64,
    custom: bool,
    starts_at: Option<u64>,
    addresses: Option<String>,
}

/// Why something is no policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PolicyError {
    /// A resource that is no URL of one host, or has characters that are no part of one. A resource without a host would
    /// open every distribution that trusts the key.
    Resource,
    /// A canned policy for a resource with a `*`: CloudFront would take it for a character.
    Wildcard,
    /// A policy that never is in force: it ends before it starts.
    Times,
    /// What is neither an IPv4 address nor a range of them (`192.0.2.0/24`).
    Addresses,
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Resource => {
                "the resource is not a URL of one host in printable ASCII, without `\"`, `\\`, `<` and `>`"
            }
            Self::Wildcard => "the resource has a `*`, which a canned policy cannot have",
            Self::Times => "the policy ends before it starts",
            Self::Addresses => "the addresses are neither an IPv4 address nor a range such as `192.0.2.0/24`",
        })
    }
}

impl std::error::Error for PolicyError {}

impl Policy {
    /// A canned policy: one URL, until `expires_at`, in seconds since 1970.
    pub fn canned(resource: &str, expires_at: u64) -> Result<Self, PolicyError> {
        if resource.contains('*') {
            return Err(PolicyError::Wildcard);
        }
        Ok(Self { custom: false, ..Self::custom(resource, expires_at)? })
    }

    /// A custom policy: a URL in which `*` stands for any characters and `?` for any one, until `expires_at`.
    pub fn custom(resource: &str, expires_at: u64) -> Result<Self, PolicyError> {
        if !resource::is_url_of_one_host(resource) {
            return Err(PolicyError::Resource);
        }
        Ok(Self { resource: resource.to_owned(), expires_at, custom: true, starts_at: None, addresses: None })
    }

    /// In force only from this time, in seconds since 1970. Makes the policy a custom one.
    pub fn starting_at(self, starts_at: u64) -> Result<Self, PolicyError> {
        if starts_at >= self.expires_at {
            return Err(PolicyError::Times);
        }
        Ok(Self { starts_at: Some(starts_at), custom: true, ..self })
    }

    /// For viewers with these addresses only: an IPv4 address, or a range (`192.0.2.0/24`). Makes the policy a custom one.
    pub fn for_addresses(self, addresses: &str) -> Result<Self, PolicyError> {
        let (address, bits) = addresses.split_once('/').unwrap_or((addresses, "32"));
        let bits_are_right = matches!(bits.parse::<u8>(), Ok(0..=32)) && bits.bytes().all(|byte| byte.is_ascii_digit());
        if address.parse::<std::net::Ipv4Addr>().is_err() || !bits_are_right {
            return Err(PolicyError::Addresses);
        }
        Ok(Self { addresses: Some([address, "/", bits].concat()), custom: true, ..self })
    }

    /// Whether CloudFront can put the policy together itself from the URL and the time.
    pub fn is_canned(&self) -> bool {
        !self.custom
    }

    /// When it ends, in seconds since 1970.
    pub fn expires_at(&self) -> u64 {
        self.expires_at
    }

    /// The text that is signed, in UTF-8, without white space.
    pub fn text(&self) -> String {
        let mut text = String::with_capacity(self.resource.len() + 200);
        // Nothing in the resource needs escaping: its characters are checked.
        for part in ["{\"Statement\":[{\"Resource\":\"", &self.resource, "\",\"Condition\":{"] {
            text.push_str(part);
        }
        push_time(&mut text, "DateLessThan", self.expires_at);
        if let Some(starts_at) = self.starts_at {
            text.push(',');
            push_time(&mut text, "DateGreaterThan", starts_at);
        }
        if let Some(addresses) = &self.addresses {
            for part in [",\"IpAddress\":{\"AWS:SourceIp\":\"", addresses, "\"}"] {
                text.push_str(part);
            }
        }
        text.push_str("}}]}");
        text
    }
}

fn push_time(text: &mut String, condition: &str, seconds: u64) {
    for part in ["\"", condition, "\":{\"AWS:EpochTime\":", &seconds.to_string(), "}"] {
        text.push_str(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://media.example.com/live/u1/*";

    #[test]
    fn the_text_has_no_white_space_and_one_order() {
        let policy = Policy::custom(URL, 2000).unwrap().for_addresses("192.0.2.7").unwrap().starting_at(1000).unwrap();
        assert_eq!(
            policy.text(),
            "{\"Statement\":[{\"Resource\":\"https://media.example.com/live/u1/*\",\"Condition\":{\
             \"DateLessThan\":{\"AWS:EpochTime\":2000},\"DateGreaterThan\":{\"AWS:EpochTime\":1000},\
             \"IpAddress\":{\"AWS:SourceIp\":\"192.0.2.7/32\"}}}]}"
        );
        assert!(!policy.is_canned());
        assert!(Policy::canned("https://media.example.com/a.mp4?size=1", 2000).unwrap().is_canned());
    }

    #[test]
    fn what_says_more_than_a_canned_policy_can_is_custom() {
        let canned = Policy::canned("https://media.example.com/a.mp4", 2000).unwrap();
        assert!(!canned.clone().starting_at(1).unwrap().is_canned());
        assert!(!canned.for_addresses("192.0.2.0/24").unwrap().is_canned());
        assert_eq!(Policy::canned(URL, 2000), Err(PolicyError::Wildcard));
    }

    #[test]
    fn a_policy_that_is_never_in_force_is_refused() {
        let policy = Policy::custom(URL, 2000).unwrap();
        for starts_at in [2000, 2001, u64::MAX] {
            assert_eq!(policy.clone().starting_at(starts_at), Err(PolicyError::Times));
        }
    }

    #[test]
    fn addresses_are_ipv4() {
        let policy = Policy::custom(URL, 2000).unwrap();
        assert!(policy.clone().for_addresses("0.0.0.0/0").is_ok());
        for wrong in
            ["", "192.0.2.0/33", "192.0.2", "192.0.2.0/", "192.0.2.0/+8", "2001:db8::1", "192.0.2.0/8/8", "\"/8"]
        {
            assert_eq!(policy.clone().for_addresses(wrong), Err(PolicyError::Addresses), "{wrong}");
        }
    }
}
