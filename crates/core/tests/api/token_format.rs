//! What is a token at all: parts, base64url, JSON. Each bad one here is rightly signed, so that nothing but its
//! form can be the reason for refusing it.

use serde_json::json;

use crate::support::keys::{KEY, Sign, base64url};
use crate::support::tokens::{claims, claims_with, header, header_with, hs256, rs256, token, token_of_parts};
use crate::support::{
    bearer, code, code_of, code_of_header, code_of_payload, decide, get, rsa_authorizer, secret_authorizer, with_header,
};

#[test]
fn a_token_of_the_issuer_passes() {
    assert_eq!(code_of(&rsa_authorizer(), &rs256(&claims())), "allowed");
    assert_eq!(code_of(&secret_authorizer(json!({})), &hs256(&claims())), "allowed");
}

#[test]
fn a_token_has_three_parts() {
    let authorizer = rsa_authorizer();
    let token = rs256(&claims());
    let parts: Vec<&str> = token.split('.').collect();
    let [header, payload, signature] = parts[..] else { panic!("{token}") };
    for malformed in [
        header.to_owned(),
        format!("{header}.{payload}"),
        format!("{header}.{signature}"),
        format!("{token}."),
        format!(".{token}"),
        format!("{token}.{signature}"),
        format!("{header}..{payload}.{signature}"),
        format!("{token}.{header}.{payload}.{signature}"),
        format!(".{payload}.{signature}"),
        format!("{header}..{signature}"),
        ".".to_owned(),
        "..".to_owned(),
        "...".to_owned(),
        "....".to_owned(),
        format!("{header},{payload},{signature}"),
        format!("{token},{token}"),
        format!("{token} {token}"),
        format!("Bearer {token}"),
        "null".to_owned(),
        "undefined".to_owned(),
        "\u{e9}.\u{65e5}.\u{1f600}".to_owned(),
    ] {
        assert_eq!(code_of(&authorizer, &malformed), "token_malformed", "{malformed}");
    }
}

#[test]
fn threat_9_a_part_has_one_encoding() {
    let authorizer = rsa_authorizer();
    // Lengths of every remainder, so that padding and trailing bits have a place.
    for typ in ["", "J", "JW", "JWT"] {
        let header = base64url(header_with(json!({ "typ": typ })).to_string());
        let payload = base64url(claims_with(json!({ "jti": typ })).to_string());
        let signed = |header: &str, payload: &str| token_of_parts("RS256", header, payload, &*KEY);
        assert_eq!(code_of(&authorizer, &signed(&header, &payload)), "allowed");
        for slack in slack(&header) {
            assert_eq!(code_of(&authorizer, &signed(&slack, &payload)), "token_malformed", "header {slack:?}");
        }
        for slack in slack(&payload) {
            assert_eq!(code_of(&authorizer, &signed(&header, &slack)), "token_malformed", "payload {slack:?}");
        }
        let token = signed(&header, &payload);
        let (input, signature) = token.rsplit_once('.').unwrap();
        for slack in slack(signature) {
            let token = format!("{input}.{slack}");
            assert_eq!(code_of(&authorizer, &token), "token_malformed", "signature {slack:?}");
        }
    }
}

/// Texts that a lenient decoder reads as `part`.
fn slack(part: &str) -> Vec<String> {
    let (begin, end) = part.split_at(part.len() / 2);
    let mut texts: Vec<String> = ["=", "==", "\n", "\r\n", " ", "\t", "%3D", "+", "/", "!", "\0", "\u{a0}"]
        .iter()
        .flat_map(|stray| [format!("{part}{stray}"), format!("{begin}{stray}{end}")])
        .filter(|text| !text.ends_with(' '))
        .collect();
    if !part.len().is_multiple_of(4) {
        texts.push(with_trailing_bits(part));
    }
    texts
}

/// With the lowest bit of the last character set, which stands for no byte.
fn with_trailing_bits(part: &str) -> String {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (begin, last) = part.split_at(part.len() - 1);
    let value = ALPHABET.find(last).unwrap();
    format!("{begin}{}", &ALPHABET[value + 1..value + 2])
}

#[test]
fn threat_10_header_and_payload_are_json_that_has_one_reading() {
    let header = header().to_string();
    let claims = claims().to_string();
    for (refused, text) in [(code_of_header as fn(&[u8]) -> _, header), (code_of_payload, claims)] {
        let inner = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).unwrap();
        let nested = |depth: usize| format!("{{{inner},\"x\":{}{}}}", "[".repeat(depth - 1), "]".repeat(depth - 1));
        for right in [format!(" {{\n{inner}\t}}\r\n"), format!("{{{inner},\"\":null}}"), nested(16)] {
            assert_eq!(refused(right.as_bytes()), "allowed", "{right}");
        }
        for wrong in [
            String::new(),
            " ".to_owned(),
            "null".to_owned(),
            "1".to_owned(),
            "true".to_owned(),
            format!("[{text}]"),
            format!("{text:?}"),
            format!("{{{inner}"),
            format!("{inner}}}"),
            format!("{text}{text}"),
            format!("{text},"),
            format!("{text}\0"),
            format!("{text} x"),
            format!("\u{feff}{text}"),
            format!("{{{inner},}}"),
            format!("{{,{inner}}}"),
            format!("{{{inner},\"x\":1,\"x\":1}}"),
            format!("{{{inner},\"x\":1,\"\\u0078\":2}}"),
            format!("{{{inner},\"x\":{{\"y\":1,\"y\":1}}}}"),
            format!("{{{inner},\"x\":[[{{\"y\":[{{\"z\":1,\"z\":2}}]}}]]}}"),
            format!("{{{inner},\"x\":1e400}}"),
            format!("{{{inner},\"x\":-1e400}}"),
            format!("{{{inner},\"x\":NaN}}"),
            format!("{{{inner},\"x\":Infinity}}"),
            format!("{{{inner},\"x\":01}}"),
            format!("{{{inner},\"x\":+1}}"),
            format!("{{{inner},\"x\":0x1}}"),
            format!("{{{inner},\"x\":.5}}"),
            format!("{{{inner},\"x\":\"\\ud800\"}}"),
            format!("{{{inner},\"x\":\"\n\"}}"),
            format!("{{{inner},\"x\":\"\\x41\"}}"),
            format!("{{{inner},'x':1}}"),
            format!("{{{inner},x:1}}"),
            format!("{{{inner},\"x\":undefined}}"),
            format!("{{{inner}/* */}}"),
            format!("// \n{text}"),
            nested(17),
            nested(3000),
        ] {
            assert_eq!(refused(wrong.as_bytes()), "token_malformed", "{wrong:.200}");
        }
        let invalid_utf8 = [b"{\"x\":\"\xff\",", inner.as_bytes(), b"}"].concat();
        let overlong = [b"{\"x\":\"\xc0\xaf\",", inner.as_bytes(), b"}"].concat();
        let surrogate = [b"{\"x\":\"\xed\xa0\x80\",", inner.as_bytes(), b"}"].concat();
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for wrong in [invalid_utf8, overlong, surrogate, utf16] {
            assert_eq!(refused(&wrong), "token_malformed", "{}", String::from_utf8_lossy(&wrong));
        }
    }
}

/// One of two equal names would be checked here, and the other one read elsewhere.
#[test]
fn threat_10_a_name_twice_is_refused_whichever_value_comes_last() {
    for header in [
        r#"{"alg":"none","alg":"RS256","kid":"k1"}"#,
        r#"{"alg":"RS256","alg":"none","kid":"k1"}"#,
        r#"{"alg":"RS256","kid":"k1","kid":"k2"}"#,
        r#"{"alg":"RS256","kid":"k1","\u0061lg":"none"}"#,
    ] {
        assert_eq!(code_of_header(header.as_bytes()), "token_malformed", "{header}");
    }
    let claims = claims().to_string();
    for claim in [r#""sub":"admin""#, r#""exp":9999999999"#, r#""iss":"x""#, r#""\u0061ud":"x""#] {
        let payload = format!("{},{claim}}}", &claims[..claims.len() - 1]);
        assert_eq!(code_of_payload(payload.as_bytes()), "token_malformed", "{claim}");
    }
}

#[test]
fn threat_13_json_serialization_is_refused() {
    let mut configuration = crate::support::rsa_configuration(json!({ "token": [{ "header": "token" }] }));
    configuration["rules"][0]["allow"] = json!("authenticated");
    let authorizer = crate::support::authorizer(&configuration);
    let token = rs256(&claims());
    let parts: Vec<&str> = token.split('.').collect();
    let flattened = json!({ "protected": parts[0], "payload": parts[1], "signature": parts[2] });
    let general = json!({ "payload": parts[1], "signatures": [{ "protected": parts[0], "signature": parts[2] }] });
    let code_of = |token: &str| code(&decide(&authorizer, &with_header(get("/a.png"), "Token", token)));
    assert_eq!(code_of(&token), "allowed");
    for text in [flattened.to_string(), general.to_string(), format!("\"{token}\""), format!("[\"{token}\"]")] {
        assert_eq!(code_of(&text), "token_malformed", "{text}");
    }
    // Three parts, but only if split at the dots of an address in the JSON.
    assert_eq!(code_of(&json!({ "payload": parts[1], "iss": "a.b.c" }).to_string()), "token_malformed");
}

#[test]
fn threat_19_a_token_of_16_kib_is_read_and_a_longer_one_is_not() {
    let authorizer = secret_authorizer(json!({}));
    for (length, expected) in [(16 * 1024, "allowed"), (16 * 1024 + 1, "token_too_large")] {
        assert_eq!(code_of(&authorizer, &token_of_length(length)), expected, "{length}");
    }
    for part in ["A", ".", "\u{e9}", "[", "eyJ"] {
        let huge = part.repeat(100_000);
        assert_eq!(code_of(&authorizer, &huge), "token_too_large");
    }
    // Long parts in a token that is not too long.
    let long = "A".repeat(8000);
    assert_eq!(code_of(&authorizer, &format!("{long}.{long}.")), "token_malformed");
}

fn token_of_length(length: usize) -> String {
    let padded = |header: usize, claims: usize| {
        let header = json!({ "alg": "HS256", "x": "x".repeat(header) });
        token(&header, &claims_with(json!({ "x": "x".repeat(claims) })), crate::support::keys::SECRET)
    };
    let shortest = padded(0, 0).len();
    let near = (length - shortest) / 4 * 3;
    let mut tokens = (0..3).flat_map(|header| (near - 6..near + 6).map(move |claims| (header, claims)));
    let (header, claims) = tokens.find(|(header, claims)| padded(*header, *claims).len() == length).unwrap();
    padded(header, claims)
}

/// Not one changed character of a token goes unseen.
#[test]
fn every_character_of_a_token_counts() {
    let authorizer = secret_authorizer(json!({}));
    let token = hs256(&claims());
    assert_eq!(code_of(&authorizer, &token), "allowed");
    for position in 0..token.len() {
        for replacement in ["A", "z", "-", "_", ".", "=", ""] {
            let changed = format!("{}{replacement}{}", &token[..position], &token[position + 1..]);
            if changed != token {
                let decision = decide(&authorizer, &bearer("/a.png", &changed));
                assert_ne!(code(&decision), "allowed", "{replacement:?} at {position}");
            }
        }
        let shortened = &token[..position];
        let decision = decide(&authorizer, &bearer("/a.png", shortened));
        assert_ne!(code(&decision), "allowed", "the first {position} characters");
    }
}

/// A header that names an algorithm of the other kind does not change which key signs.
#[test]
fn signing_with_the_wrong_kind_of_key_never_helps() {
    let authorizer = rsa_authorizer();
    let secret: &[u8] = crate::support::keys::SECRET;
    let signature = secret.sign("HS256", b"");
    let input = rs256(&claims());
    let input = input.rsplit_once('.').unwrap().0;
    assert_eq!(code_of(&authorizer, &format!("{input}.{}", base64url(signature))), "signature_invalid");
}
