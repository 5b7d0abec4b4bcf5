//! What a rule may have of its own: hosts, providers, token sources, an answer, and conditions that need no token.

use edge_authorizer_core::{Authorizer, Decision, Keys, Request};
use serde_json::{Value, json};

use crate::support::keys::SECRET;
use crate::support::tokens::{claims_with, hs256};
use crate::support::{
    NOW, authorizer, bearer, code, decide, decide_at, decide_with, edits, get, refusal, rule, secret_authorizer,
    secret_configuration, with_header,
};

fn token() -> String {
    hs256(&claims_with(json!({})))
}

fn by_host() -> Authorizer {
    let rule = |name: &str, host: Value, allow: &str| json!({ "name": name, "match": { "host": host, "path": "/{*rest}" }, "allow": allow });
    secret_authorizer(json!({ "rules": [
        rule("admin", json!("admin.example.com"), "authenticated"),
        rule("apps", json!(["*.example.com", "example.org"]), "anyone"),
    ] }))
}

#[test]
fn a_rule_may_be_for_some_hosts() {
    let authorizer = by_host();
    for (host, expected) in [
        ("admin.example.com", Some("admin")),
        ("ADMIN.Example.com", Some("admin")),
        ("admin.example.com:443", Some("admin")),
        ("shop.example.com", Some("apps")),
        ("a.admin.example.com", Some("apps")),
        ("example.org", Some("apps")),
        ("example.com", None),
        ("www.example.org", None),
        ("badexample.com", None),
    ] {
        let decision = decide(&authorizer, &with_header(get("/a"), "Host", host));
        assert_eq!(rule(&decision), expected, "{host}");
        if expected.is_none() {
            assert_eq!(code(&decision), "no_rule", "{host}");
        }
    }
    assert!(authorizer.headers_read().contains(&"host".to_owned()));
}

/// Another spelling of a guarded host must not come under the rule for the others.
#[test]
fn threat_30_a_host_with_two_readings_is_refused() {
    let authorizer = by_host();
    for host in
        ["admin.example.com.", "admin.example.com..", "x@admin.example.com", "admin.example.com, a.example.com", ""]
    {
        assert_eq!(code(&decide(&authorizer, &with_header(get("/a"), "Host", host))), "request_malformed", "{host}");
    }
    assert_eq!(code(&decide(&authorizer, &get("/a"))), "request_malformed");
    let twice = with_header(with_header(get("/a"), "Host", "a.example.com"), "Host", "admin.example.com");
    assert_eq!(code(&decide(&authorizer, &twice)), "request_malformed");
}

#[test]
fn methods_of_other_hosts_are_not_offered() {
    let rule = |host: &str, method: &str| json!({ "match": { "host": host, "path": "/a", "methods": [method] }, "allow": "anyone" });
    let authorizer = secret_authorizer(json!({ "rules": [rule("a.example", "PUT"), rule("b.example", "GET")] }));
    let refused = refusal(decide(&authorizer, &with_header(get("/a"), "Host", "a.example")));
    assert_eq!((refused.code.as_str(), refused.wanted), ("method_not_allowed", vec!["PUT".to_owned()]));
}

fn two_providers(rules: Value) -> Authorizer {
    let mut configuration = secret_configuration(json!({ "rules": rules }));
    configuration["providers"]["other"] =
        json!({ "issuer": "https://other.example", "audience": "images", "jwksUri": "https://other.example/keys" });
    let mut authorizer = authorizer(&configuration);
    authorizer.set_secret("providers.issuer.secret", SECRET, None).unwrap();
    authorizer
}

#[test]
fn a_rule_may_take_tokens_of_some_providers_only() {
    let rule = |path: &str, provider: Value| json!({ "match": { "path": path }, "provider": provider, "allow": "authenticated" });
    let authorizer = two_providers(json!([
        rule("/ours/{*rest}", json!("issuer")),
        rule("/theirs/{*rest}", json!(["other"])),
        rule("/both/{*rest}", json!(["other", "issuer"])),
    ]));
    for (path, expected) in [("/ours/a", "allowed"), ("/theirs/a", "issuer_unknown"), ("/both/a", "allowed")] {
        // Twice: what is remembered of a token is not what another rule made of it.
        for _ in 0..2 {
            assert_eq!(code(&decide(&authorizer, &bearer(path, &token()))), expected, "{path}");
        }
    }
}

/// Its keys are not fetched for a rule that does not take its tokens.
#[test]
fn a_provider_that_a_rule_does_not_take_is_not_asked_for_keys() {
    let rule = |path: &str, provider: &str| json!({ "match": { "path": path }, "provider": provider, "allow": "authenticated" });
    let authorizer = two_providers(json!([rule("/ours/{*rest}", "issuer"), rule("/theirs/{*rest}", "other")]));
    let theirs = claims_with(json!({ "iss": "https://other.example" }));
    let token = crate::support::tokens::token(&json!({ "alg": "RS256", "kid": "k" }), &theirs, SECRET);
    for (path, expected) in [("/ours/a", "issuer_unknown"), ("/theirs/a", "keys_needed")] {
        assert_eq!(code(&decide_with(&authorizer, &bearer(path, &token), NOW, Keys::MayBeFetched)), expected, "{path}");
    }
}

fn with_own_sources() -> Authorizer {
    secret_authorizer(json!({ "rules": [
        { "match": { "path": "/video/{*rest}" }, "token": [{ "query": "jwt" }, { "cookie": "jwt" }], "allow": "authenticated" },
        { "match": { "path": "/public/{*rest}" }, "allow": "anyone" },
        { "match": { "path": "/{*rest}" }, "allow": "authenticated" },
    ] }))
}

#[test]
fn a_rule_may_look_for_tokens_elsewhere() {
    let authorizer = with_own_sources();
    let in_query = |path: &str| Request { query: format!("a=1&jwt={}", token()), ..get(path) };
    let in_cookie = |path: &str| with_header(get(path), "cookie", &format!("a=1; jwt={}", token()));
    assert_eq!(code(&decide(&authorizer, &in_query("/video/a"))), "allowed");
    assert_eq!(code(&decide(&authorizer, &in_cookie("/video/a"))), "allowed");
    assert_eq!(code(&decide(&authorizer, &bearer("/video/a", &token()))), "credentials_missing");
    assert_eq!(code(&decide(&authorizer, &in_query("/a"))), "credentials_missing");
    assert_eq!(code(&decide(&authorizer, &bearer("/a", &token()))), "allowed");
    assert!(authorizer.headers_read().contains(&"cookie".to_owned()));
}

/// Threat 43: wherever any rule looks for a token, one is taken out on every path.
#[test]
fn threat_43_tokens_of_other_rules_are_taken_out_too() {
    let authorizer = with_own_sources();
    for path in ["/public/a", "/video/a", "/a"] {
        let mut request = bearer(path, &token());
        request.query = format!("a=1&jwt={}", token());
        let edits = edits(decide(&authorizer, &request));
        assert_eq!(edits.query.as_deref(), Some("a=1"), "{path}");
        assert_eq!(edits.remove_headers, ["authorization"], "{path}");
    }
}

/// Threat 42: a path with two readings comes under two rules, and one token has to do for both.
#[test]
fn threat_42_two_rules_for_one_request_need_one_token() {
    let rule =
        |path: &str, source: Value| json!({ "match": { "path": path }, "token": [source], "allow": "authenticated" });
    let authorizer = secret_authorizer(json!({ "rules": [
        rule("/a+b", json!({ "query": "jwt" })),
        rule("/a b", json!({ "header": "token" })),
    ] }));
    let with = |query: Option<&str>, header: Option<&str>| {
        let request = Request { query: query.map(|token| format!("jwt={token}")).unwrap_or_default(), ..get("/a+b") };
        header.map(|token| with_header(request.clone(), "token", token)).unwrap_or(request)
    };
    let (one, other) = (token(), hs256(&claims_with(json!({ "sub": "bob" }))));
    assert_eq!(code(&decide(&authorizer, &with(Some(&one), Some(&one)))), "allowed");
    assert_eq!(code(&decide(&authorizer, &with(Some(&one), Some(&other)))), "credentials_ambiguous");
    assert_eq!(code(&decide(&authorizer, &with(Some(&one), None))), "credentials_missing");
    assert_eq!(code(&decide(&authorizer, &with(None, Some(&one)))), "credentials_missing");
}

#[test]
fn a_rule_may_hide_what_it_guards() {
    let authorizer = secret_authorizer(json!({ "token": [{ "header": "token" }, { "query": "token" }], "rules": [
        { "match": { "path": "/hidden/{*rest}" }, "requires": { "scope": "x" }, "onFailure": "notFound" },
        { "match": { "path": "/shown/{*rest}" }, "requires": { "scope": "x" }, "onFailure": "refuse" },
    ] }));
    let mut answers = Vec::new();
    for (token, expected, shown) in
        [("", "credentials_missing", 401), ("x", "token_malformed", 401), (&token(), "insufficient_scope", 403)]
    {
        for (path, status) in [("/hidden/a", 404), ("/shown/a", shown)] {
            let request = with_header(get(path), "token", token);
            let decision = decide(&authorizer, &request);
            assert_eq!(code(&decision), expected, "{path}");
            let answer = authorizer.answer_to(&refusal(decision), &request, "application/json");
            assert_eq!(answer.status, status, "{path}");
            if status == 404 {
                answers.push(answer);
            }
        }
    }
    // Nothing in the answer tells why, or that there was a reason.
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    assert!(answers[0].headers.iter().all(|(name, _)| *name != "www-authenticate"), "{answers:?}");
    assert!(!answers[0].body.contains("error"), "{answers:?}");
}

/// What is broken on our side is no reason to say that there is nothing.
#[test]
fn what_is_broken_is_not_hidden() {
    let rule = json!({ "match": { "path": "/{*rest}" }, "provider": "other", "allow": "authenticated", "onFailure": "notFound" });
    let authorizer = two_providers(json!([rule]));
    let theirs = claims_with(json!({ "iss": "https://other.example" }));
    let token = crate::support::tokens::token(&json!({ "alg": "RS256", "kid": "k" }), &theirs, SECRET);
    let request = bearer("/a", &token);
    let decision = decide(&authorizer, &request);
    assert_eq!(code(&decision), "keys_unavailable");
    assert_eq!(authorizer.answer_to(&refusal(decision), &request, "").status, 503);
}

#[test]
fn anyone_may_be_let_in_on_conditions_that_need_no_token() {
    let authorizer = secret_authorizer(json!({ "rules": [{
        "match": { "path": "/{*rest}" },
        "allow": "anyone",
        "requires": { "all": [{ "clientIp": "192.0.2.0/24" }, { "not": { "time": { "notAfter": "2023-11-14T22:13:20Z" } } }] },
    }] }));
    assert!(authorizer.reads_client_ip());
    for (address, now, expected) in [
        ("192.0.2.1", NOW + 1.0, "public"),
        ("192.0.2.1", NOW, "policy_denied"),
        ("192.0.3.1", NOW + 1.0, "policy_denied"),
        ("", NOW + 1.0, "policy_denied"),
    ] {
        let request = Request { client_ip: address.to_owned(), ..get("/a") };
        let decision = decide_at(&authorizer, &request, now);
        assert_eq!(code(&decision), expected, "{address} {now}");
        assert!(!matches!(decision, Decision::KeysNeeded(_)));
    }
    assert!(!secret_authorizer(json!({})).reads_client_ip());
}
