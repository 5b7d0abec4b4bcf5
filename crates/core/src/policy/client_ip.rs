//! Ranges of IP addresses: `192.0.2.0/24`, `2001:db8::/32`.

use std::fmt;
use std::net::IpAddr;

use crate::flaw::{Flaw, flaw};

/// A block of addresses in CIDR notation (RFC 4632, section 3.1; RFC 4291, section 2.3), or one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct IpRange {
    first: IpAddr,
    /// How many bits of an address are those of `first`.
    prefix: u8,
}

/// The address of a viewer as the platform tells it. An IPv4-mapped IPv6 address is the IPv4 address (RFC 4291, section
/// 2.5.5.2). `None` for what is no address.
pub(crate) fn address(text: &str) -> Option<IpAddr> {
    text.parse::<IpAddr>().ok().map(|address| address.to_canonical())
}

impl IpRange {
    /// Reads a range, whose bits after the prefix have to be zero: otherwise either may be what is wrong.
    pub(crate) fn parse(text: &str) -> Result<Self, Flaw> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let wrong = || flaw!("`{text}` is no range of addresses, as `192.0.2.0/24` and `2001:db8::/32` are");
        let first: IpAddr = address.parse().map_err(|_| wrong())?;
        if first.to_canonical() != first {
            return Err(flaw!("`{text}` is for IPv4 addresses: write these"));
        }
        let bits = if first.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            None => bits,
            // `parse` alone would take `+8` and `08`.
            Some(digits) => digits.parse().ok().filter(|prefix: &u8| prefix.to_string() == digits).ok_or_else(wrong)?,
        };
        if prefix > bits {
            return Err(wrong());
        }
        let range = Self { first, prefix };
        if number(first) & !range.mask() != 0 {
            return Err(flaw!("`{text}` has bits after its prefix: it is one address, or its prefix is longer"));
        }
        Ok(range)
    }

    /// Whether an address is in the range. An IPv4 address is in no range of IPv6 addresses.
    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        address.is_ipv4() == self.first.is_ipv4() && number(address) & self.mask() == number(self.first)
    }

    fn mask(&self) -> u128 {
        let bits = if self.first.is_ipv4() { 32 } else { 128 };
        let free = u32::from(bits - self.prefix);
        u128::MAX.checked_shl(free).unwrap_or(0)
    }
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits(),
    }
}

impl fmt::Display for IpRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.first, self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_in(range: &str, viewer: &str) -> bool {
        IpRange::parse(range).unwrap().contains(address(viewer).unwrap())
    }

    #[test]
    fn a_range_holds_the_addresses_that_begin_like_it() {
        for (range, viewer) in [
            ("192.0.2.0/24", "192.0.2.0"),
            ("192.0.2.0/24", "192.0.2.255"),
            ("192.0.2.0/24", "::ffff:192.0.2.7"),
            ("192.0.2.7", "192.0.2.7"),
            ("192.0.2.7/32", "192.0.2.7"),
            ("128.0.0.0/1", "255.0.0.1"),
            ("0.0.0.0/0", "203.0.113.1"),
            ("2001:db8::/32", "2001:db8:ffff::1"),
            ("2001:db8::/32", "2001:0DB8:0::1"),
            ("2001:db8::1", "2001:db8:0:0:0:0:0:1"),
            ("::/0", "2001:db8::1"),
        ] {
            assert!(is_in(range, viewer), "{range} {viewer}");
        }
        for (range, viewer) in [
            ("192.0.2.0/24", "192.0.3.0"),
            ("192.0.2.0/24", "192.0.1.255"),
            ("192.0.2.7", "192.0.2.6"),
            ("128.0.0.0/1", "127.255.255.255"),
            ("0.0.0.0/0", "2001:db8::1"),
            ("::/0", "203.0.113.1"),
            ("::/0", "::ffff:203.0.113.1"),
            ("2001:db8::/32", "2001:db9::"),
            ("2001:db8::1", "2001:db8::2"),
        ] {
            assert!(!is_in(range, viewer), "{range} {viewer}");
        }
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_no_range() {
        for range in [
            "",
            "/",
            "192.0.2.0/",
            "192.0.2.0/33",
            "192.0.2.0/+8",
            "192.0.2.0/08",
            "192.0.2.0/-1",
            "192.0.2.0/24/8",
            "192.0.2.1/24",
            "192.0.2/24",
            "192.000.2.0/24",
            "192.0.2.0 /24",
            "2001:db8::/129",
            "2001:db8::1/32",
            "::ffff:192.0.2.0/120",
            "example.com",
            "*",
        ] {
            assert!(IpRange::parse(range).is_err(), "{range}");
        }
    }

    #[test]
    fn what_is_no_address_is_none() {
        for text in
            ["", "unknown", "192.0.2.1:443", "[2001:db8::1]", "192.0.2.1, 192.0.2.2", "fe80::1%eth0", "010.0.0.1"]
        {
            assert_eq!(address(text), None, "{text}");
        }
    }
}
