//! Conditions beyond the plain comparison of a claim: nested claims, transforms, providers, e-mail domains, addresses, time.

use edge_authorizer_core::Request;
use serde_json::{Value, json};

use crate::support::tokens::{claims_with, hs256};
use crate::support::{NOW, bearer, code, decide, decide_at, secret_authorizer};

const MET: &str = "allowed";
const DENIED: &str = "policy_denied";

/// The MD5 of `radiology`, by Python's hashlib.
const RADIOLOGY: &str = "a3cf66963cec3d59abb731b6ce910c6e";

/// The code for a token with these claims under a rule for `/{first}/{*rest}` that requires this.
fn code_at(path: &str, requires: &Value, claims: Value) -> &'static str {
    code_of(requires, &bearer(path, &hs256(&claims_with(claims))), NOW)
}

fn code_of(requires: &Value, request: &Request, now: f64) -> &'static str {
    let rule = json!({ "match": { "path": "/{first}/{*rest}" }, "requires": requires });
    code(&decide_at(&secret_authorizer(json!({ "rules": [rule] })), request, now))
}

fn not(requirement: &Value) -> Value {
    json!({ "not": requirement })
}

#[test]
fn a_list_of_names_leads_to_a_member_of_a_claim() {
    let nested = json!({ "realm_access": { "roles": ["editor"], "a.b": { "": 1 } }, "realm_access.roles": ["other"] });
    for (claim, value) in [
        (json!(["realm_access", "roles"]), "editor"),
        (json!("realm_access.roles"), "other"),
        (json!(["realm_access.roles"]), "other"),
    ] {
        let requirement = json!({ "claim": claim, "contains": value });
        assert_eq!(code_at("/a/b", &requirement, nested.clone()), MET, "{requirement}");
        assert_eq!(code_at("/a/b", &not(&requirement), nested.clone()), DENIED, "{requirement}");
    }
    for claim in [json!(["realm_access", "role"]), json!(["realm", "roles"]), json!(["realm_access", "a.b", "c"])] {
        let requirement = json!({ "claim": claim, "contains": "editor" });
        assert_eq!(code_at("/a/b", &requirement, nested.clone()), DENIED, "{requirement}");
        assert_eq!(code_at("/a/b", &not(&requirement), nested.clone()), MET, "{requirement}");
    }
}

#[test]
fn what_has_no_members_is_denied_under_not_too() {
    let requirement = json!({ "claim": ["a", "b"], "equals": "x" });
    for claim in [json!("x"), json!(["b", "x"]), json!([{ "b": "x" }]), json!(null), json!(1), json!(true)] {
        for requirement in [requirement.clone(), not(&requirement)] {
            assert_eq!(code_at("/a/b", &requirement, json!({ "a": claim })), DENIED, "{requirement} {claim}");
        }
    }
}

#[test]
fn groups_may_be_a_member_of_a_claim() {
    let rule = json!({ "match": { "path": "/{*rest}" }, "requires": { "group": "editor" } });
    let mut configuration = crate::support::secret_configuration(json!({ "rules": [rule] }));
    configuration["providers"]["issuer"]["groupsClaim"] = json!(["resource_access", "images", "roles"]);
    let mut authorizer = crate::support::authorizer(&configuration);
    authorizer.set_secret("providers.issuer.secret", crate::support::keys::SECRET, None).unwrap();
    for (access, expected) in [
        (json!({ "images": { "roles": ["viewer", "editor"] } }), MET),
        (json!({ "images": { "roles": ["viewer"] } }), DENIED),
        (json!({ "other": { "roles": ["editor"] } }), DENIED),
        (json!(["images"]), DENIED),
    ] {
        let token = hs256(&claims_with(json!({ "resource_access": access, "groups": ["editor"] })));
        assert_eq!(code(&decide(&authorizer, &bearer("/a", &token))), expected, "{access}");
    }
}

/// The system that this grew from names folders after the MD5 of a group.
#[test]
fn as_transforms_the_claim_before_it_is_compared() {
    let path = format!("/{RADIOLOGY}/a.png");
    let contains = json!({ "claim": "groups", "as": "md5", "contains": "{first}" });
    let equals = json!({ "claim": "team", "as": "lower|md5", "equals": "{first}" });
    let one_of = json!({ "claim": "team", "as": "lower", "oneOf": ["cardiology", "radiology"] });
    let starts = json!({ "claim": "team", "as": "upper", "startsWith": "RADIO" });
    for (requirement, claims, expected) in [
        (&contains, json!({ "groups": ["cardiology", "radiology"] }), MET),
        (&contains, json!({ "groups": ["cardiology", "Radiology"] }), DENIED),
        (&contains, json!({ "groups": [RADIOLOGY] }), DENIED),
        (&contains, json!({ "groups": "radiology" }), DENIED),
        (&equals, json!({ "team": "Radiology" }), MET),
        (&equals, json!({ "team": "Cardiology" }), DENIED),
        (&one_of, json!({ "team": "RADIOLOGY" }), MET),
        (&one_of, json!({ "team": "dermatology" }), DENIED),
        (&starts, json!({ "team": "radiology" }), MET),
        (&starts, json!({ "team": "cardiology" }), DENIED),
    ] {
        assert_eq!(code_at(&path, requirement, claims.clone()), expected, "{requirement} {claims}");
    }
    // The path in upper case is another path.
    assert_eq!(code_at(&path.to_uppercase(), &contains, json!({ "groups": ["radiology"] })), DENIED);
}

#[test]
fn a_transform_makes_nothing_of_what_is_no_string() {
    let requirement = json!({ "claim": "c", "as": "md5", "equals": "{first}" });
    for claim in [json!(1), json!(true), json!(null), json!(["a"]), json!({})] {
        for requirement in [requirement.clone(), not(&requirement)] {
            assert_eq!(code_at("/a/b", &requirement, json!({ "c": claim })), DENIED, "{requirement} {claim}");
        }
    }
}

#[test]
fn a_capture_is_transformed_where_it_stands() {
    let equals = json!({ "claim": "folder", "equals": "team-{first|md5}" });
    assert_eq!(code_at("/radiology/a", &equals, json!({ "folder": format!("team-{RADIOLOGY}") })), MET);
    assert_eq!(code_at("/Radiology/a", &equals, json!({ "folder": format!("team-{RADIOLOGY}") })), DENIED);
    let group = json!({ "group": "{first|lower}" });
    assert_eq!(code_at("/Radiology/a", &group, json!({ "groups": ["radiology"] })), MET);
    assert_eq!(code_at("/Radiology/a", &group, json!({ "groups": ["Radiology"] })), DENIED);
}

#[test]
fn starts_with_is_for_strings_alone() {
    let requirement = json!({ "claim": "home", "startsWith": "tenant/{first}/" });
    for (home, expected) in
        [("tenant/a/b", MET), ("tenant/a/", MET), ("tenant/ab/", DENIED), ("tenant/a", DENIED), ("", DENIED)]
    {
        assert_eq!(code_at("/a/x", &requirement, json!({ "home": home })), expected, "{home}");
        let opposite = if expected == MET { DENIED } else { MET };
        assert_eq!(code_at("/a/x", &not(&requirement), json!({ "home": home })), opposite, "{home}");
    }
    for claim in [json!(["tenant/a/b"]), json!(1), json!(null), json!({})] {
        for requirement in [requirement.clone(), not(&requirement)] {
            assert_eq!(code_at("/a/x", &requirement, json!({ "home": claim })), DENIED, "{claim}");
        }
    }
}

#[test]
fn a_provider_is_named() {
    for (requirement, expected) in [
        (json!({ "provider": "issuer" }), MET),
        (json!({ "provider": ["other", "issuer"] }), MET),
        (json!({ "provider": "other" }), DENIED),
        (json!({ "not": { "provider": "other" } }), MET),
    ] {
        let rule = json!({ "match": { "path": "/{*rest}" }, "requires": requirement });
        let mut configuration = crate::support::secret_configuration(json!({ "rules": [rule] }));
        configuration["providers"]["other"] =
            json!({ "issuer": "other", "audience": "a", "secret": { "file": "./other" } });
        let mut authorizer = crate::support::authorizer(&configuration);
        authorizer.set_secret("providers.issuer.secret", crate::support::keys::SECRET, None).unwrap();
        assert_eq!(
            code(&decide(&authorizer, &bearer("/a", &hs256(&claims_with(json!({})))))),
            expected,
            "{requirement}"
        );
    }
}

/// Threat 36: e-mail claims with several `@`, or unverified.
#[test]
fn threat_36_an_email_domain_is_of_a_verified_address_with_one_at() {
    let requirement = json!({ "emailDomain": "mail.example" });
    let either = json!({ "emailDomain": ["other.example", "mail.example"] });
    let captured = json!({ "emailDomain": "{first}" });
    let verified = |email: &str| json!({ "email": email, "email_verified": true });
    for email in ["viewer@mail.example", "viewer@MAIL.Example", "v+x@mail.example"] {
        for requirement in [&requirement, &either, &captured] {
            assert_eq!(code_at("/mail.example/x", requirement, verified(email)), MET, "{requirement} {email}");
            assert_eq!(code_at("/mail.example/x", &not(requirement), verified(email)), DENIED, "{requirement} {email}");
        }
    }
    for email in ["viewer@sub.mail.example", "viewer@notmail.example", "viewer@mail.example.evil.example", "viewer@"] {
        assert_eq!(code_at("/a/x", &requirement, verified(email)), DENIED, "{email}");
        assert_eq!(code_at("/a/x", &not(&requirement), verified(email)), MET, "{email}");
    }
    for claims in [
        verified("viewer@evil.example@mail.example"),
        verified("viewer@mail.example@evil.example"),
        verified("@mail.example"),
        verified("mail.example"),
        json!({ "email": "viewer@mail.example", "email_verified": false }),
        json!({ "email": "viewer@mail.example", "email_verified": "true" }),
        json!({ "email": "viewer@mail.example" }),
        json!({ "email": ["viewer@mail.example"], "email_verified": true }),
    ] {
        for requirement in [requirement.clone(), not(&requirement), not(&either)] {
            assert_eq!(code_at("/a/x", &requirement, claims.clone()), DENIED, "{requirement} {claims}");
        }
    }
}

#[test]
fn a_viewer_comes_from_a_range_of_addresses() {
    let requirement = json!({ "clientIp": ["192.0.2.0/24", "2001:db8::/32", "203.0.113.7"] });
    let from = |address: &str, requirement: &Value| {
        let request = bearer("/a/b", &hs256(&claims_with(json!({}))));
        code_of(requirement, &Request { client_ip: address.to_owned(), ..request }, NOW)
    };
    for address in ["192.0.2.1", "203.0.113.7", "2001:db8:1::1", "::ffff:192.0.2.1"] {
        assert_eq!(from(address, &requirement), MET, "{address}");
        assert_eq!(from(address, &not(&requirement)), DENIED, "{address}");
    }
    for address in ["192.0.3.1", "203.0.113.8", "2001:db9::1", "::ffff:192.0.3.1", "::192.0.2.1"] {
        assert_eq!(from(address, &requirement), DENIED, "{address}");
        assert_eq!(from(address, &not(&requirement)), MET, "{address}");
    }
    for address in ["", "unknown", "192.0.2.1:1234", "192.0.2.1, 203.0.113.7"] {
        for requirement in [requirement.clone(), not(&requirement)] {
            assert_eq!(from(address, &requirement), DENIED, "{address}");
        }
    }
}

/// What the viewer says of its address in a header is never read.
#[test]
fn threat_35_forwarded_addresses_are_not_read() {
    let requirement = json!({ "clientIp": "192.0.2.0/24" });
    let mut request = bearer("/a/b", &hs256(&claims_with(json!({}))));
    request.client_ip = "203.0.113.1".to_owned();
    for header in ["x-forwarded-for", "true-client-ip", "x-real-ip", "forwarded", "cloudfront-viewer-address"] {
        request = crate::support::with_header(request, header, "192.0.2.1");
    }
    assert_eq!(code_of(&requirement, &request, NOW), DENIED);
    assert_eq!(secret_authorizer(json!({})).headers_read(), ["authorization"]);
}

#[test]
fn a_rule_may_be_open_for_a_time() {
    let requirement =
        json!({ "time": { "notBefore": "2023-11-14T22:13:20Z", "notAfter": "2023-11-14T23:14:20+01:00" } });
    let at =
        |now: f64, requirement: &Value| code_of(requirement, &bearer("/a/b", &hs256(&claims_with(json!({})))), now);
    for (now, expected) in [(NOW - 1.0, DENIED), (NOW, MET), (NOW + 60.0, MET), (NOW + 61.0, DENIED)] {
        assert_eq!(at(now, &requirement), expected, "{now}");
        let opposite = if expected == MET { DENIED } else { MET };
        assert_eq!(at(now, &not(&requirement)), opposite, "{now}");
    }
}
