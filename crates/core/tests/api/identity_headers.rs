//! Headers that tell the origin who asks: nobody but a verified token sets them.

use edge_authorizer_core::{Authorizer, Edits, Request};
use serde_json::{Value, json};

use crate::support::tokens::{claims, claims_with, claims_without, hs256};
use crate::support::{bearer, code, decide, edits, get, secret_authorizer, with_header};

fn identifying() -> Authorizer {
    secret_authorizer(json!({
        "rules": [
            { "name": "public", "match": { "path": "/public/{*rest}" }, "allow": "anyone" },
            { "name": "rest", "match": { "path": "/{*rest}" }, "allow": "authenticated" },
        ],
        "forward": { "claimToHeaders": { "X-User": "sub", "x-user-groups": "https://example.com/groups" } },
    }))
}

/// Names under which some server or other would read one of these headers.
const SPOOFED: [&str; 8] =
    ["x-user", "X-User", "X-USER", "x_user", "X_User", "x-user-groups", "X_USER_GROUPS", "x-user_groups"];

fn with_spoofed_headers(request: Request) -> Request {
    SPOOFED.iter().fold(request, |request, name| with_header(request, name, "admin"))
}

fn set_by(claims: &Value) -> Result<Vec<(String, String)>, &'static str> {
    let decision = decide(&identifying(), &bearer("/a.png", &hs256(claims)));
    match code(&decision) {
        "allowed" => Ok(edits(decision).set_headers),
        code => Err(code),
    }
}

#[test]
fn threat_40_identity_headers_of_the_viewer_are_taken_out_on_every_path() {
    let token = hs256(&claims());
    for request in [bearer("/a.png", &token), bearer("/public/a.png", &token), get("/public/a.png")] {
        let Edits { remove_headers, .. } = edits(decide(&identifying(), &with_spoofed_headers(request)));
        for name in SPOOFED {
            assert!(remove_headers.iter().any(|removed| removed == name), "{name}: {remove_headers:?}");
        }
    }
}

#[test]
fn threat_40_identity_headers_of_the_viewer_are_taken_out_with_everything_else_off() {
    let forward = json!({ "stripCredentials": false, "claimToHeaders": { "x-user": "sub" } });
    for more in [json!({ "forward": forward }), json!({ "forward": forward, "authorization": "off" })] {
        let authorizer = secret_authorizer(more);
        let edits = edits(decide(&authorizer, &with_spoofed_headers(bearer("/a.png", &hs256(&claims())))));
        assert_eq!(edits.remove_headers, SPOOFED[..5]);
    }
}

#[test]
fn threat_40_a_claim_that_is_not_there_leaves_no_header_behind() {
    let request = with_spoofed_headers(bearer("/a.png", &hs256(&claims_without("sub"))));
    let edits = edits(decide(&identifying(), &request));
    assert_eq!(edits.set_headers, []);
    assert!(edits.remove_headers.contains(&"X-User".to_owned()));
}

#[test]
fn other_headers_stay() {
    let request = ["x-users", "x-use", "x-user-", "-x-user", "xuser", "x--user", "x-user-group", "user", "accept"]
        .iter()
        .fold(bearer("/a.png", &hs256(&claims())), |request, name| with_header(request, name, "1"));
    assert_eq!(edits(decide(&identifying(), &request)).remove_headers, ["authorization"]);
}

#[test]
fn plain_claims_become_headers_with_names_in_lower_case() {
    let groups = |value: Value| set_by(&claims_with(json!({ "https://example.com/groups": value })));
    let both = |groups: &str| Ok(vec![pair("x-user", "alice"), pair("x-user-groups", groups)]);
    assert_eq!(set_by(&claims()), Ok(vec![pair("x-user", "alice")]));
    for (value, expected) in [
        (json!("a b"), "a b"),
        (json!(""), ""),
        (json!(0), "0"),
        (json!(-7), "-7"),
        (json!(18_446_744_073_709_551_615_u64), "18446744073709551615"),
        (json!(true), "true"),
        (json!([]), ""),
        (json!(["a"]), "a"),
        (json!(["a", "b c", 1, false]), "a,b c,1,false"),
        (json!("a,b;c=\"d\"\\~"), "a,b;c=\"d\"\\~"),
    ] {
        assert_eq!(groups(value.clone()), both(expected), "{value}");
    }
    // Claims inside of claims have no name here, dots in a name or not.
    let nested = claims_with(json!({ "https://example": { "com/groups": "a" } }));
    assert_eq!(set_by(&nested), Ok(vec![pair("x-user", "alice")]));
}

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

#[test]
fn threat_41_a_claim_that_could_end_or_change_a_header_is_refused() {
    for value in [
        json!("a\r\nx-user: admin"),
        json!("a\n"),
        json!("a\r"),
        json!("\0"),
        json!("\t"),
        json!("a\u{7f}"),
        json!("\u{85}"),
        json!("\u{e9}"),
        json!("\u{65e5}\u{672c}"),
        json!("\u{ff41}"),
        json!("\u{2028}"),
        json!(" a"),
        json!("a "),
        json!(" "),
        json!(null),
        json!({}),
        json!({ "a": 1 }),
        json!([["a"]]),
        json!([null]),
        json!([{}]),
        json!(["a,b"]),
        json!(["a", "b\n"]),
        json!([" a"]),
        json!(["a", "b "]),
        json!(1.5),
        json!(1e30),
    ] {
        assert_eq!(set_by(&claims_with(json!({ "sub": value }))), Err("policy_denied"), "{value}");
    }
}

#[test]
fn a_claim_does_not_matter_where_no_header_is_made_of_it() {
    let token = hs256(&claims_with(json!({ "name": "a\r\nb", "sub": "bob" })));
    assert_eq!(edits(decide(&identifying(), &bearer("/a.png", &token))).set_headers, [pair("x-user", "bob")]);
    let broken = hs256(&claims_with(json!({ "sub": "a\r\nb" })));
    assert_eq!(edits(decide(&identifying(), &bearer("/public/a.png", &broken))).set_headers, []);
}

#[test]
fn an_adapter_is_told_which_names_of_headers_to_look_for() {
    assert_eq!(identifying().identity_headers().next(), Some("x-user"));
    assert_eq!(secret_authorizer(json!({})).identity_headers().next(), None);
}
