//! The URLs that a host may fetch from.

/// https, or http on loopback for development. No user info, whose place is neither a configuration nor a document.
pub(crate) fn check_fetchable(url: &str) -> Result<(), String> {
    let (scheme, _) = split_at_scheme(url).ok_or("it is no URL, as `https://issuer.example/jwks.json` is one")?;
    let authority = authority(url);
    let is_plain =
        !authority.contains('@') && !url.contains(['#', '\\']) && url.bytes().all(|byte| byte.is_ascii_graphic());
    if host(authority).is_empty() || !is_plain || !has_port_or_nothing_after_host(authority) {
        return Err("it is no plain URL, as `https://issuer.example/jwks.json` is one".to_owned());
    }
    match scheme {
        "https" => Ok(()),
        "http" if is_loopback(url) => Ok(()),
        "http" => Err("only https is allowed (http on loopback, for development)".to_owned()),
        _ => Err("its scheme is not `https`".to_owned()),
    }
}

/// A URL that somebody else than the configuration names may lead to the host of one of `trusted`, to whatever has a public
/// name, and nowhere else: not to addresses, in whichever spelling, and not to this machine.
///
/// Where a name leads is for DNS to say; the certificate has to be one for that name.
pub(crate) fn check_discovered(url: &str, trusted: &[String]) -> Result<(), String> {
    check_fetchable(url)?;
    let authority = authority(url);
    let is_trusted =
        |trusted: &String| self::authority(trusted) == authority || is_loopback(trusted) && is_loopback(url);
    if trusted.iter().any(is_trusted) || is_public_name(host(authority)) {
        Ok(())
    } else {
        Err("its host is not a public name".to_owned())
    }
}

/// A name with two labels at least, the last of which is no number: what ends in a number, hexadecimal ones included, is
/// taken for an IPv4 address (WHATWG URL Standard, section 3.5, "ends in a number checker"); so it is required to begin
/// with a letter. `localhost`, and what is below it, is this machine (RFC 6761, section 6.3).
fn is_public_name(host: &str) -> bool {
    let name = host.strip_suffix('.').unwrap_or(host);
    let is_label =
        |label: &str| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    name.rsplit_once('.').is_some_and(|(_, last)| {
        last.starts_with(|first: char| first.is_ascii_alphabetic()) && !last.eq_ignore_ascii_case("localhost")
    }) && name.split('.').all(is_label)
}

/// Whether a URL is on this machine, in one of the spellings that development uses.
fn is_loopback(url: &str) -> bool {
    is_loopback_host(host(authority(url)))
}

/// The same of a host.
pub(crate) fn is_loopback_host(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "::1")
}

/// The scheme of a URL, and what follows the `://` behind it. Where a text is looked for rather than a character, the standard
/// library's search for texts is in the zip, and nothing else needs that.
pub(crate) fn split_at_scheme(url: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = url.split_once(':')?;
    Some((scheme, rest.strip_prefix("//")?))
}

fn authority(url: &str) -> &str {
    let rest = split_at_scheme(url).map_or("", |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

fn has_port_or_nothing_after_host(authority: &str) -> bool {
    let after = match authority.strip_prefix('[') {
        Some(literal) => literal.split_once(']').map_or("]", |(_, after)| after),
        None => authority.find(':').and_then(|colon| authority.get(colon..)).unwrap_or_default(),
    };
    after.is_empty() || after.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok())
}

fn host(authority: &str) -> &str {
    match authority.strip_prefix('[') {
        Some(literal) => literal.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_over_https_or_from_loopback() {
        for url in [
            "https://a",
            "https://a.example:8443/x?y=z",
            "http://localhost/x",
            "http://127.0.0.1:8081",
            "http://[::1]:1/",
        ] {
            assert_eq!(check_fetchable(url), Ok(()), "{url}");
        }
        for url in [
            "",
            "a",
            "//a",
            "http://a.example/",
            "ftp://a",
            "https://",
            "https:///x",
            "https://a@b/",
            "http://localhost@evil.example/",
            "http://localhost.evil.example/",
            "http://127.0.0.1.evil.example/",
            "http://127.0.0.2/",
            "https://a#b",
            "https://a b",
            "https://\u{e9}",
            "http://[::2]/",
            "HTTPS://a",
            "https://a\\b",
            "javascript://a",
            "http://0x7f.1/",
        ] {
            assert!(check_fetchable(url).is_err(), "{url}");
        }
    }

    #[test]
    fn threat_20_a_discovered_url_leads_to_a_public_name_or_to_the_issuer() {
        let issuers = ["https://issuer.example/".to_owned(), "https://198.51.100.7:8443/tenant".to_owned()];
        for url in [
            "https://issuer.example/keys",
            "https://keys.example/",
            "https://keys.example./",
            "https://a-b.c.KEYS.example:8443/x?y=z",
            "https://1.2.3.4.example/",
            "https://198.51.100.7:8443/keys",
        ] {
            assert_eq!(check_discovered(url, &issuers), Ok(()), "{url}");
        }
        for host in [
            "localhost",
            "localhost.",
            "LOCALHOST",
            "x.localhost",
            "x.LocalHost.",
            "%6cocalhost",
            "localhost%2eexample.com",
            "127.0.0.1",
            "127.0.0.1.",
            "127.0.0.2",
            "127.1",
            "127.000.000.001",
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "0x7f.0.0.0x1",
            "017700000001",
            "0",
            "0.0.0.0",
            "example.0x7f",
            "169.254.169.254",
            "198.51.100.7",
            "198.51.100.7:443",
            "[::1]",
            "[::]",
            "[::ffff:127.0.0.1]",
            "[0:0:0:0:0:0:0:1]",
            "metadata",
            "a..example",
            ".example",
            ".",
            "a_b.example",
            "keys.example@localhost",
            "user:password@keys.example",
        ] {
            let url = format!("https://{host}/keys");
            assert!(check_discovered(&url, &issuers).is_err(), "{url}");
        }
        for url in ["http://issuer.example/keys", "http://localhost/keys", "http://127.0.0.1/keys"] {
            assert!(check_discovered(url, &issuers).is_err(), "{url}");
        }
        let development = ["http://127.0.0.1:8081".to_owned()];
        for url in ["http://127.0.0.1:8081/keys", "http://localhost:9000/keys", "https://keys.example/"] {
            assert_eq!(check_discovered(url, &development), Ok(()), "{url}");
        }
        assert!(check_discovered("http://127.0.0.2:8081/keys", &development).is_err());
    }
}
