//! The URLs that a host may fetch from.

/// https, or http on loopback for development. No user info, whose place is neither a configuration nor a document.
pub(crate) fn check_fetchable(url: &str) -> Result<(), String> {
    let (scheme, rest) = url.split_once("://").ok_or("it is no URL, as `https://issuer.example/jwks.json` is one")?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_plain =
        !authority.contains('@') && !url.contains(['#', '\\']) && url.bytes().all(|byte| byte.is_ascii_graphic());
    if host(authority).is_empty() || !is_plain || !has_port_or_nothing_after_host(authority) {
        return Err("it is no plain URL, as `https://issuer.example/jwks.json` is one".to_owned());
    }
    match scheme {
        "https" => Ok(()),
        "http" if is_loopback(url) => Ok(()),
        "http" => Err("keys are fetched over https only (http on loopback, for development)".to_owned()),
        _ => Err("its scheme is not `https`".to_owned()),
    }
}

/// Whether a URL is on this machine.
pub(crate) fn is_loopback(url: &str) -> bool {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    matches!(host(authority), "localhost" | "127.0.0.1" | "::1")
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
}
