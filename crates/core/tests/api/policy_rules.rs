//! Which rule decides: their order, methods, and captures.

use edge_authorizer_core::{Authorizer, Request};
use serde_json::{Value, json};

use crate::support::tokens::{claims, claims_with, hs256};
use crate::support::{bearer, code, decide, get, refusal, rule, secret_authorizer};

/// An authorizer with rules for anyone, each named after its path.
fn with_paths(paths: &[&str]) -> Authorizer {
    let rules = paths.iter().map(|path| json!({ "name": path, "match": { "path": path }, "allow": "anyone" }));
    secret_authorizer(json!({ "rules": rules.collect::<Vec<_>>() }))
}

fn rule_for(paths: &[&str], path: &str) -> Option<String> {
    rule(&decide(&with_paths(paths), &get(path))).map(str::to_owned)
}

#[test]
fn the_first_rule_that_matches_decides_however_specific_others_are() {
    let patterns = ["/{*rest}", "/a/{*rest}", "/a/{x}", "/a/{x}.png", "/a/b{x}", "/{x}/b.png", "/a/b.png"];
    for (index, first) in patterns.iter().enumerate() {
        for second in patterns.iter().skip(index + 1).chain(&patterns[..index]) {
            assert_eq!(rule_for(&[first, second], "/a/b.png").as_deref(), Some(*first), "{first} before {second}");
        }
        // First, last and in the middle of all the others.
        for others in [patterns.to_vec(), patterns.iter().rev().copied().collect()] {
            let others: Vec<&str> = others.into_iter().filter(|other| other != first).collect();
            assert_eq!(rule_for(&[&[*first], &others[..]].concat(), "/a/b.png").as_deref(), Some(*first));
            assert_eq!(rule_for(&[&others[..], &[*first]].concat(), "/a/b.png").as_deref(), Some(others[0]));
        }
    }
}

#[test]
fn a_rule_that_denies_is_not_followed_by_another_try() {
    let authorizer = secret_authorizer(json!({ "rules": [
        { "name": "own", "match": { "path": "/users/{user}/{*rest}" }, "requires": { "claim": "sub", "equals": "{user}" } },
        { "name": "all", "match": { "path": "/{*rest}" }, "allow": "anyone" },
    ] }));
    for (path, expected) in [("/users/alice/a", "allowed"), ("/users/bob/a", "policy_denied"), ("/users/bob", "public")]
    {
        assert_eq!(code(&decide(&authorizer, &bearer(path, &hs256(&claims())))), expected, "{path}");
    }
    assert_eq!(code(&decide(&authorizer, &get("/users/alice/a"))), "credentials_missing");
}

#[test]
fn nobody_passes_where_no_rule_matches() {
    let authorizer = with_paths(&["/a", "/b/", "/c/{x}", "/d/{*rest}", "/E", "/f.png", "/caf\u{e9}"]);
    for path in [
        "/",
        "/a/",
        "/A",
        "/aa",
        "/b",
        "/c",
        "/c/",
        "/c/x/",
        "/c/x/y",
        "/d",
        "/d/",
        "/e",
        "/E/",
        "/f",
        "/f.PNG",
        "/f.png/",
        "/x/f.png",
        "/cafe%CC%81",
        "/CAF%C3%89",
        "/caf%C3%A9/",
    ] {
        assert_eq!(code(&decide(&authorizer, &get(path))), "no_rule", "{path}");
        assert_eq!(code(&decide(&authorizer, &bearer(path, &hs256(&claims())))), "no_rule", "{path}");
    }
    for path in ["/a", "/b/", "/c/x", "/d/x", "/d/x/", "/E", "/f.png", "/caf%C3%A9"] {
        assert_eq!(code(&decide(&authorizer, &get(path))), "public", "{path}");
    }
}

/// An index must not settle for one of several suffixes that fit a segment.
#[test]
fn a_rule_is_found_beside_others_with_a_suffix_that_fits_as_well() {
    let paths = ["/{x}.png/meta", "/{x}/private", "/{*rest}"];
    assert_eq!(rule_for(&paths, "/q.png/private").as_deref(), Some("/{x}/private"));
    let paths = ["/f/{x}.tar.gz/meta", "/f/{x}.gz/{y}"];
    assert_eq!(rule_for(&paths, "/f/a.tar.gz/b").as_deref(), Some("/f/{x}.gz/{y}"));
}

fn with_methods(rules: &[(&str, Option<Value>)]) -> Authorizer {
    let rules = rules.iter().map(|(path, methods)| {
        let mut matches = json!({ "path": path });
        if let Some(methods) = methods {
            matches["methods"] = methods.clone();
        }
        json!({ "match": matches, "allow": "anyone" })
    });
    secret_authorizer(json!({ "rules": rules.collect::<Vec<_>>() }))
}

fn sent(method: &str, path: &str) -> Request {
    Request { method: method.to_owned(), ..get(path) }
}

const METHODS: [&str; 7] = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"];

#[test]
fn a_rule_is_for_get_and_head_unless_it_names_methods() {
    for (methods, passing) in [
        (None, &["GET", "HEAD"][..]),
        (Some(json!(["GET"])), &["GET", "HEAD"]),
        (Some(json!(["HEAD"])), &["HEAD"]),
        (Some(json!(["PUT", "DELETE"])), &["PUT", "DELETE"]),
        (Some(json!(["POST", "GET", "POST"])), &["GET", "HEAD", "POST"]),
        (Some(json!(["OPTIONS"])), &["OPTIONS"]),
        (Some(json!(METHODS)), &METHODS),
    ] {
        let authorizer = with_methods(&[("/a", methods.clone())]);
        for method in METHODS {
            let decision = decide(&authorizer, &sent(method, "/a"));
            if passing.contains(&method) {
                assert_eq!(code(&decision), "public", "{method} for {methods:?}");
            } else {
                let refusal = refusal(decision);
                assert_eq!((refusal.code.as_str(), refusal.wanted), ("method_not_allowed", owned(passing)));
            }
            assert_eq!(code(&decide(&authorizer, &sent(method, "/b"))), "no_rule", "{method}");
        }
    }
}

#[test]
fn threat_37_unknown_methods_pass_no_rule() {
    let authorizer = with_methods(&[("/a", Some(json!(METHODS)))]);
    for method in
        ["", "get", "Get", "GET ", " GET", "GET\0", "GETT", "TRACE", "CONNECT", "PROPFIND", "PURGE", "QUERY", "*"]
    {
        assert_eq!(code(&decide(&authorizer, &sent(method, "/a"))), "method_not_allowed", "{method:?}");
        assert_eq!(code(&decide(&authorizer, &sent(method, "/b"))), "no_rule", "{method:?}");
    }
}

#[test]
fn rules_for_other_methods_are_passed_over_and_named_together() {
    let rules = [("/a/{x}", Some(json!(["PUT"]))), ("/{*rest}", Some(json!(["DELETE"]))), ("/a/b", None), ("/c", None)];
    let authorizer = with_methods(&rules);
    for (method, expected) in [("PUT", "rules[0]"), ("DELETE", "rules[1]"), ("GET", "rules[2]"), ("HEAD", "rules[2]")] {
        assert_eq!(rule(&decide(&authorizer, &sent(method, "/a/b"))), Some(expected), "{method}");
    }
    let refused = decide(&authorizer, &sent("POST", "/a/b"));
    assert_eq!(rule(&refused), None);
    assert_eq!(refusal(refused).wanted, owned(&["GET", "HEAD", "PUT", "DELETE"]));
    assert_eq!(refusal(decide(&authorizer, &sent("GET", "/a/c"))).wanted, owned(&["PUT", "DELETE"]));
    assert_eq!(refusal(decide(&authorizer, &sent("TRACE", "/c"))).wanted, owned(&["GET", "HEAD", "DELETE"]));
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// Amazon S3 reads an unencoded `+` as a space: what it would serve has to be allowed, too.
#[test]
fn threat_31_a_plus_passes_where_both_of_its_readings_may() {
    let authorizer = secret_authorizer(json!({ "rules": [
        { "match": { "path": "/team a/{*rest}" }, "requires": { "group": "a" } },
        { "match": { "path": "/users/{user}/{*rest}" }, "requires": { "claim": "sub", "equals": "{user}" } },
        { "match": { "path": "/{*rest}" }, "allow": "anyone" },
    ] }));
    let code_for =
        |path: &str, sub: &str| code(&decide(&authorizer, &bearer(path, &hs256(&claims_with(json!({ "sub": sub }))))));
    assert_eq!(code_for("/users/alice/a+b.png", "alice"), "allowed");
    assert_eq!(code_for("/users/john+smith/a.png", "john+smith"), "policy_denied");
    assert_eq!(code_for("/users/john+smith/a.png", "john smith"), "policy_denied");
    assert_eq!(code_for("/users/john%2Bsmith/a.png", "john+smith"), "allowed");
    assert_eq!(code_for("/team+a/x", "alice"), "policy_denied");
    assert_eq!(code(&decide(&authorizer, &get("/team+a/x"))), "credentials_missing");
    assert_eq!(code(&decide(&authorizer, &get("/a+b.png"))), "public");
}

#[test]
fn threat_32_a_capture_equals_a_claim_byte_for_byte() {
    let authorizer = secret_authorizer(json!({ "rules": [{
        "match": { "path": "/users/{user}/{*rest}" }, "requires": { "claim": "sub", "equals": "{user}" },
    }] }));
    for (path, user) in [
        ("/users/alice/a.png", "alice"),
        ("/users/a%20b/c", "a b"),
        ("/users/%C3%A9t%c3%a9/x", "\u{e9}t\u{e9}"),
        ("/users/%E6%97%A5%E6%9C%AC/x", "\u{65e5}\u{672c}"),
        ("/users/a%40b.example/x", "a@b.example"),
        ("/users/a@b.example/x", "a@b.example"),
        ("/users/a%2Bb/x", "a+b"),
        ("/users/100%25/x", "100%"),
        ("/users/%7Buser%7D/x", "{user}"),
        ("/users/a%3Bb/x", "a;b"),
        ("/users/.../x", "..."),
        ("/users/*/x", "*"),
    ] {
        let code_for =
            |sub: &str| code(&decide(&authorizer, &bearer(path, &hs256(&claims_with(json!({ "sub": sub }))))));
        assert_eq!(code_for(user), "allowed", "{path}");
        for other in [format!("{user} "), format!("{user}/x"), user.to_uppercase() + "x", String::new(), "*".repeat(9)]
        {
            assert_eq!(code_for(&other), "policy_denied", "{path} for {other}");
        }
    }
    // Threat 33: one character composed and decomposed are two names.
    let decomposed = hs256(&claims_with(json!({ "sub": "e\u{301}" })));
    assert_eq!(code(&decide(&authorizer, &bearer("/users/%C3%A9/x", &decomposed))), "policy_denied");
    assert_eq!(code(&decide(&authorizer, &bearer("/users/e%CC%81/x", &decomposed))), "allowed");
}

#[test]
fn captures_stand_in_templates_with_text_around_them() {
    let requires = |requires: Value| {
        secret_authorizer(json!({ "rules": [{ "match": { "path": "/{a}/f-{b}.png/{*c}" }, "requires": requires }] }))
    };
    for (template, value) in [
        ("{a}", "x y"),
        ("{b}", "1.2"),
        ("{c}", "p/q r/"),
        ("{a}|{b}|{c}", "x y|1.2|p/q r/"),
        ("team:{a}/{c}!", "team:x y/p/q r/!"),
        ("plain", "plain"),
    ] {
        for requirement in [
            json!({ "claim": "sub", "equals": template }),
            json!({ "claim": "sub", "oneOf": ["other", template] }),
            json!({ "claim": "list", "contains": template }),
            json!({ "group": template }),
        ] {
            let authorizer = requires(requirement.clone());
            for (value, expected) in [
                (value, "allowed"),
                ("other value", "policy_denied"),
                (template, if template == value { "allowed" } else { "policy_denied" }),
            ] {
                let claims = claims_with(json!({ "sub": value, "list": [value], "groups": ["x", value] }));
                let request = bearer("/x%20y/f-1.2.png/p/q%20r/", &hs256(&claims));
                assert_eq!(code(&decide(&authorizer, &request)), expected, "{requirement} for {value}");
            }
        }
    }
}

/// oauth2-proxy CVE-2025-54576: a rule for a path must not be met by a query.
#[test]
fn threat_34_the_query_is_no_part_of_what_rules_match() {
    let authorizer = with_paths(&["/public/{*rest}", "/b"]);
    for query in ["/public/x", "path=/public/x", "/b", "#/b"] {
        let request = Request { query: query.to_owned(), ..get("/a") };
        assert_eq!(code(&decide(&authorizer, &request)), "no_rule", "{query}");
    }
    for path in ["/a?/public/x", "/a#/public/x", "/a?x=/b", "/b?", "/b#"] {
        assert_eq!(code(&decide(&authorizer, &get(path))), "request_malformed", "{path}");
    }
}

#[test]
fn a_rule_for_the_authenticated_takes_every_valid_token_and_nothing_else() {
    let authorizer = secret_authorizer(json!({}));
    assert_eq!(code(&decide(&authorizer, &bearer("/a", &hs256(&claims())))), "allowed");
    assert_eq!(code(&decide(&authorizer, &get("/a"))), "credentials_missing");
    assert_eq!(code(&decide(&authorizer, &bearer("/a", "x"))), "token_malformed");
}

/// A token that is not good enough elsewhere does not matter where none is asked for.
#[test]
fn a_public_path_is_public_with_a_bad_token_too() {
    let authorizer = with_paths(&["/a"]);
    for token in ["x", &hs256(&claims_with(json!({ "exp": 1 }))), ""] {
        assert_eq!(code(&decide(&authorizer, &bearer("/a", token))), "public");
    }
}

/// Ten rules for each of a thousand areas: whichever it is, its rule decides. What it costs is in docs/performance.md.
#[test]
fn ten_thousand_rules_are_told_apart() {
    let rules = (0..10_000).map(|n| {
        let (area, kind) = (n / 10, n % 10);
        let path = match kind {
            9 => format!("/area{area}/{{*rest}}"),
            kind => format!("/area{area}/{kind}/{{file}}"),
        };
        json!({ "name": format!("{area}-{kind}"), "match": { "path": path }, "allow": "anyone" })
    });
    let authorizer = secret_authorizer(json!({ "rules": rules.collect::<Vec<_>>() }));
    for area in [0, 1, 10, 499, 998, 999] {
        for kind in 0..10 {
            let path = format!("/area{area}/{kind}/a.png");
            assert_eq!(rule(&decide(&authorizer, &get(&path))), Some(&*format!("{area}-{kind}")), "{path}");
        }
    }
    for path in ["/area1000/0/a.png", "/area0", "/area", "/"] {
        assert_eq!(code(&decide(&authorizer, &get(path))), "no_rule", "{path}");
    }
}
