//! What `explain` shows: for each rule why it did or did not decide, and for each step what came of it.

use edge_authorizer_core::{Authorizer, Keys, Request, Trace, UnixTime};
use serde_json::json;

use crate::support::tokens::{UNNAMED, claims, claims_with, claims_without, hs256};
use crate::support::{NOW, bearer, decide, get, secret_authorizer, sign_in, with_header};

fn authorizer() -> Authorizer {
    secret_authorizer(json!({ "rules": [
        { "name": "public", "match": { "path": "/public/{*rest}" }, "allow": "anyone" },
        { "name": "other-host", "match": { "host": "b.example", "path": "/{*rest}" }, "allow": "anyone" },
        { "name": "write", "match": { "path": "/{*rest}", "methods": ["PUT"] }, "requires": { "group": "admins" } },
        { "name": "own", "match": { "path": "/users/{user}/{*rest}" }, "requires": { "claim": "sub", "equals": "{user}" } },
        { "name": "rest", "match": { "path": "/{*rest}" }, "allow": "authenticated" },
    ] }))
}

/// The record as lines, indented; `decide` has held it to what must never be in it.
fn record(request: &Request) -> Vec<String> {
    let request = with_header(request.clone(), "host", "a.example");
    let authorizer = authorizer();
    decide(&authorizer, &request);
    let mut trace = Trace::on();
    authorizer.authorize(&request, UnixTime::from_seconds(NOW).unwrap(), Keys::AreFinal, &mut trace);
    let steps = trace.into_steps().into_iter();
    steps.map(|step| format!("{}{:?}: {}", "  ".repeat(step.depth), step.outcome, step.text)).collect()
}

#[test]
fn each_rule_says_why_it_did_or_did_not_decide() {
    assert_eq!(
        record(&bearer("/users/bob/%C3%A9.png", &hs256(&claims()))),
        [
            "Met: the rules, in order",
            "  Info: \"GET\" \"/users/bob/\u{e9}.png\"",
            "  Skipped: rule `public`: not of path `/public/{*rest}`",
            "  Skipped: rule `other-host`: path `/{*rest}`, but for b.example only",
            "  Skipped: rule `write`: path `/{*rest}`, but for PUT only",
            "  Met: rule `own` decides: path `/users/{user}/{*rest}`, {user} is \"bob\", {rest} is \"\u{e9}.png\"",
            "  Skipped: rules after it: 1, not looked at",
            "Met: the token",
            "  Met: the token is signed by `issuer` with HS256",
            "  Met: the token is for us, and valid now",
            "Unmet: rule `own` lets pass who has a valid token, if",
            "  Unmet: claim `sub` equals \"bob\": it is \"alice\"",
            "  Unmet: policy_denied: the rule's requirements are not met",
        ]
    );
}

#[test]
fn a_path_beside_a_pattern_is_told_why_it_is_not_matched() {
    let rules: Vec<_> = ["/", "/a/{user}/{*rest}", "/thumbs/", "/{*rest}"]
        .map(|path| json!({ "name": path, "match": { "path": path }, "allow": "anyone" }))
        .into();
    let authorizer = secret_authorizer(json!({ "rules": rules }));
    let skipped = |path: &str| -> Vec<_> {
        let mut trace = Trace::on();
        authorizer.authorize(&get(path), UnixTime::from_seconds(NOW).unwrap(), Keys::AreFinal, &mut trace);
        let steps = trace.into_steps().into_iter().map(|step| step.text);
        steps.filter(|text| text.contains("needs a rule") || text.contains("below it")).collect()
    };
    let needs = |path: &str| {
        format!(
            "rule `/a/{{user}}/{{*rest}}`: not of path `/a/{{user}}/{{*rest}}`: `{{*rest}}` is never empty, `{path}` needs a rule of its own"
        )
    };
    assert_eq!(skipped("/a/b/"), [needs("/a/{user}/")]);
    assert_eq!(skipped("/a/b"), [needs("/a/{user}")]);
    let thumbs = "rule `/thumbs/`: not of path `/thumbs/`, which is this one path only: below it is `/thumbs/{*rest}`";
    assert_eq!(skipped("/thumbs/1.png"), [thumbs]);
    for path in ["/", "/a/b/c", "/b", "/thumbs/", "/thumbs"] {
        assert_eq!(skipped(path), [""; 0], "{path}");
    }
}

#[test]
fn the_step_that_refused_a_token_is_shown() {
    for (token, expected) in [
        (hs256(&claims_with(json!({ "exp": NOW }))), "token_expired: "),
        (hs256(&claims_with(json!({ "nbf": NOW + 9.0 }))), "token_not_yet_valid: "),
        (hs256(&claims_with(json!({ "aud": "others" }))), "audience_mismatch: "),
        (hs256(&claims_without("exp")), "claim_missing: "),
        (hs256(&claims_with(json!({ "iss": "x" }))), "issuer_unknown: "),
        (format!("{}A", hs256(&claims())), "signature_invalid: "),
        ("e30.e30.".to_owned(), "token_malformed: "),
    ] {
        let lines = record(&bearer("/a.png", &token));
        let [.., token, refused] = &lines[lines.len() - 3..] else { panic!("{lines:?}") };
        assert!(refused.starts_with(&format!("  Unmet: {expected}")), "{lines:?}");
        assert!(lines.iter().any(|line| line == "Unmet: the token"), "{lines:?} {token}");
        assert!(!lines.concat().contains(UNNAMED) && !lines.concat().contains("alice"), "{lines:?}");
    }
    let lines = record(&get("/a.png"));
    assert_eq!(lines.last().unwrap(), "  Unmet: credentials_missing: no token in header `authorization`");
}

#[test]
fn a_path_that_is_refused_is_not_compared() {
    let lines = record(&get("/public//a.png"));
    let [rules, refused] = &lines[..] else { panic!("{lines:?}") };
    assert_eq!(rules, "Unmet: the rules, in order");
    assert!(refused.starts_with("  Unmet: request_malformed: "), "{refused}");
}

#[test]
fn both_readings_of_a_plus_are_shown() {
    let lines = record(&get("/public/a+b.png"));
    assert!(lines.iter().any(|line| line == "  Info: as Amazon S3 reads it: \"/public/a b.png\""), "{lines:?}");
    assert_eq!(lines.iter().filter(|line| line.starts_with("  Met: rule `public` decides")).count(), 2, "{lines:?}");
    assert_eq!(lines.last().unwrap(), "Met: rule `public` lets anyone pass");
}

/// Where a browser is sent to sign in, the record says for want of what.
#[test]
fn a_step_that_leads_to_the_sign_in_says_what_was_missing() {
    let authorizer = sign_in::authorizer(&sign_in::configuration(json!({})));
    let request = sign_in::Browser::new(&authorizer).page("/a");
    let mut trace = Trace::on();
    authorizer.authorize(&request, UnixTime::from_seconds(NOW).unwrap(), Keys::AreFinal, &mut trace);
    let steps: Vec<String> = trace.into_steps().into_iter().map(|step| step.text).collect();
    assert!(steps.iter().any(|text| text.starts_with("credentials_missing: ")), "{steps:?}");
}
