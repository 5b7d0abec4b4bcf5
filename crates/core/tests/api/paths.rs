//! Paths that could be read in two ways are refused before any rule is asked, public ones included.

use edge_authorizer_core::Authorizer;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use serde_json::json;

use crate::support::tokens::{claims, hs256};
use crate::support::{bearer, code, decide, get, secret_authorizer, secret_configuration};

/// Everything below `/public/` for anyone, everything else for the authenticated.
fn authorizer() -> Authorizer {
    secret_authorizer(json!({ "rules": [
        { "name": "public", "match": { "path": "/public/{*rest}" }, "allow": "anyone" },
        { "name": "root", "match": { "path": "/" }, "allow": "anyone" },
        { "name": "rest", "match": { "path": "/{*rest}" }, "allow": "authenticated" },
    ] }))
}

fn assert_malformed(paths: &[&str]) {
    let authorizer = authorizer();
    let token = hs256(&claims());
    for path in paths {
        for request in [get(path), bearer(path, &token)] {
            assert_eq!(code(&decide(&authorizer, &request)), "request_malformed", "{path:?}");
        }
    }
}

#[test]
fn threat_30_dot_segments_and_empty_segments_are_refused() {
    assert_malformed(&[
        "/public/../private",
        "/public/..",
        "/public/.",
        "/public/./x",
        "/../public/x",
        "/..",
        "/.",
        "//",
        "///",
        "//public/x",
        "/public//x",
        "/public//",
        "/public/x//",
        "/public/..;/private",
        "/public/x;jsessionid=1",
        "/public/;/x",
        "/public/..\\private",
        "/public\\..\\private",
        "\\public\\x",
    ]);
}

#[test]
fn threat_29_encoded_delimiters_are_refused() {
    assert_malformed(&[
        "/public/%2e%2e/private",
        "/public/.%2e/private",
        "/public/%2E./private",
        "/public/%2e",
        "/public%2fx",
        "/public%2Fx",
        "/public/x%2f..%2fprivate",
        "/public/%5c",
        "/public/..%5Cprivate",
        "/public/%00",
        "/public/x%00.png",
        "/public/%0d%0a",
        "/public/%7f",
        "/public/%C2%80",
        "/%70ublic/x",
        "/public/%41",
        "/public/a%2Db",
        "/public/%7e",
    ]);
}

#[test]
fn threat_29_what_a_second_decoding_would_change_is_refused() {
    assert_malformed(&[
        "/public/%252e%252e/private",
        "/public/%252f",
        "/public/%25%32%66",
        "/public/%25%32f",
        "/public/%2520",
        "/public/%25252f",
        "/public/x%25zz%2541",
    ]);
}

#[test]
fn threat_33_what_is_not_utf_8_or_not_encoded_is_refused() {
    assert_malformed(&[
        "/public/%ff",
        "/public/%C3",
        "/public/%C3x",
        "/public/%C0%AF",
        "/public/%C0%AE%C0%AE/x",
        "/public/%E0%80%AF",
        "/public/%ED%A0%80",
        "/public/%F4%90%80%80",
        "/public/\u{e9}",
        "/public/\u{65e5}",
        "/public/\u{ff0f}",
        "/public/\u{2024}",
        "/public/a b",
        "/public/a\tb",
        "/public/a\r\nb",
        "/public/\0",
        "/public/%",
        "/public/%2",
        "/public/%zz",
        "/public/%u002e",
        "/public/\"",
        "/public/<x>",
        "/public/{x}",
        "/public/`",
        "/public/\u{7f}",
    ]);
}

#[test]
fn threat_34_what_is_not_a_path_alone_is_refused() {
    assert_malformed(&[
        "",
        "public/x",
        "*",
        "https://host/public/x",
        "host:443",
        "/public/x?y",
        "/public/x#y",
        "?/public/x",
        "#",
    ]);
}

#[test]
fn characters_that_a_path_has_to_encode_are_ordinary() {
    let authorizer = authorizer();
    for path in [
        "/public/a%20b.png",
        "/public/%C3%A9t%c3%a9.jpg",
        "/public/%E6%97%A5%E6%9C%AC",
        "/public/%F0%9F%98%80",
        "/public/100%25.png",
        "/public/a%2Bb",
        "/public/a+b",
        "/public/a%3Bb",
        "/public/a%3Fb",
        "/public/a%23b",
        "/public/%22%3C%3E",
        "/public/...",
        "/public/..a",
        "/public/.a",
        "/public/a.",
        "/public/x/",
        "/public/~a_b-c.d!$&'()*+,=:@",
        "/",
    ] {
        assert_eq!(code(&decide(&authorizer, &get(path))), "public", "{path}");
    }
}

/// What was authorized and what the origin gets are the same bytes: no edit changes a path.
#[test]
fn threat_31_a_prefix_is_no_public_path() {
    let authorizer = authorizer();
    for path in
        ["/public", "/publicx/y", "/Public/x", "/PUBLIC/x", "/public.", "/x/public/y", "/public%20/x", "/public,/x"]
    {
        assert_eq!(code(&decide(&authorizer, &get(path))), "credentials_missing", "{path}");
    }
    assert_eq!(code(&decide(&authorizer, &get("/public/"))), "credentials_missing");
}

/// Long paths take no longer than they must, and nothing panics.
#[test]
fn absurd_paths_are_answered() {
    let authorizer = authorizer();
    for path in ["/a".repeat(4000), "/%C3%A9".repeat(1000), format!("/public/{}", "x".repeat(8000)), "/".repeat(8000)] {
        assert!(
            ["public", "credentials_missing", "request_malformed"].contains(&code(&decide(&authorizer, &get(&path))))
        );
    }
}

/// What `check` takes for a pattern, some request can match.
#[test]
fn every_pattern_is_matched_by_some_canonical_path() {
    const SEED: u64 = 30;
    const PARTS: [&str; 26] = [
        "/", "/", "/", "a", "b", "{x}", "{y}", "{*z}", ".", "..", ";", " ", "%", "%20", "%41", "25", "+", "\\",
        "\u{e9}", "\"", "*", "?", "\u{85}", "~", ":", "[",
    ];
    println!("seed {SEED}");
    let mut random = ChaCha20Rng::seed_from_u64(SEED);
    let mut taken = 0;
    for _ in 0..20_000 {
        let parts = random.next_u32() % 7;
        let rest: String = (0..parts).map(|_| PARTS[random.next_u32() as usize % PARTS.len()]).collect();
        let pattern = format!("/{rest}");
        let rule = json!({ "match": { "path": pattern }, "allow": "anyone" });
        let Ok(authorizer) = Authorizer::new(&secret_configuration(json!({ "rules": [rule] })).to_string()) else {
            continue;
        };
        taken += 1;
        let path = pattern.replace("{x}", "v").replace("{y}", "v").replace("{*z}", "v");
        let encoded = path.bytes().map(|byte| match byte {
            b'/' | b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'~' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        });
        let request = get(&encoded.collect::<String>());
        assert_eq!(code(&decide(&authorizer, &request)), "public", "{pattern:?} {}", request.path);
    }
    assert!(taken > 2_000, "{taken} patterns");
}
