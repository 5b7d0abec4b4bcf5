//! What the claims of a token have to say: each kind of requirement, and how they go together.

use edge_authorizer_core::Trace;
use serde_json::{Value, json};

use crate::support::tokens::{UNNAMED, claims_with, hs256};
use crate::support::{NOW, bearer, code, decide, refusal, secret_authorizer, secret_authorizer_with};

/// The code for a token with these claims under a rule that requires this.
fn code_for(requires: &Value, claims: Value) -> &'static str {
    let rule = json!({ "match": { "path": "/{*rest}" }, "requires": requires });
    let authorizer = secret_authorizer(json!({ "rules": [rule] }));
    code(&decide(&authorizer, &bearer("/a.png", &hs256(&claims_with(claims)))))
}

fn not(requirement: &Value) -> Value {
    json!({ "not": requirement })
}

const MET: &str = "allowed";
const DENIED: &str = "policy_denied";

#[test]
fn equals_compares_values_of_one_type() {
    for (expected, actual) in [
        (json!("a"), json!("a")),
        (json!(""), json!("")),
        (json!(7), json!(7)),
        (json!(-7), json!(-7)),
        (json!(0), json!(0)),
        (json!(1.5), json!(1.5)),
        (json!(1), json!(1.0)),
        (json!(u64::MAX), json!(u64::MAX)),
        (json!(i64::MIN), json!(i64::MIN)),
        (json!(true), json!(true)),
        (json!(false), json!(false)),
    ] {
        let requirement = json!({ "claim": "c", "equals": expected });
        assert_eq!(code_for(&requirement, json!({ "c": actual })), MET, "{expected} {actual}");
        assert_eq!(code_for(&not(&requirement), json!({ "c": actual })), DENIED, "{expected} {actual}");
    }
    for (expected, actual) in [
        (json!("a"), json!("b")),
        (json!("a"), json!("A")),
        (json!("a"), json!("a ")),
        (json!("a"), json!("")),
        (json!("*"), json!("a")),
        (json!(7), json!(8)),
        (json!(7), json!(-7)),
        // Alike where they are rounded to 53 bits.
        (json!(9_007_199_254_740_993_u64), json!(9_007_199_254_740_992_u64)),
        (json!(-9_007_199_254_740_993_i64), json!(-9_007_199_254_740_992_i64)),
        (json!(u64::MAX), json!(u64::MAX - 1)),
        (json!(true), json!(false)),
        (json!("\u{e9}"), json!("e\u{301}")),
    ] {
        let requirement = json!({ "claim": "c", "equals": expected });
        assert_eq!(code_for(&requirement, json!({ "c": actual })), DENIED, "{expected} {actual}");
        assert_eq!(code_for(&not(&requirement), json!({ "c": actual })), MET, "{expected} {actual}");
    }
}

/// A claim of another type neither meets a requirement nor its opposite.
#[test]
fn what_cannot_be_compared_is_denied_under_not_too() {
    let cases = [
        (
            json!({ "claim": "c", "equals": "7" }),
            vec![json!(7), json!(true), json!(null), json!(["7"]), json!({ "7": 7 })],
        ),
        (json!({ "claim": "c", "equals": 7 }), vec![json!("7"), json!(true), json!(null), json!([7]), json!({})]),
        (json!({ "claim": "c", "equals": true }), vec![json!("true"), json!(1), json!(null), json!([true]), json!({})]),
        (json!({ "claim": "c", "oneOf": ["7", "8"] }), vec![json!(7), json!(null), json!(["7"]), json!({})]),
        (
            json!({ "claim": "c", "contains": "a" }),
            vec![json!("a"), json!("a b"), json!(null), json!({ "a": 1 }), json!(["b", 1]), json!([["a"]])],
        ),
        (json!({ "claim": "c", "contains": 1 }), vec![json!(1), json!(["1"]), json!([true])]),
        (
            json!({ "group": "admins" }),
            vec![json!("admins"), json!("admins,x"), json!(null), json!({ "admins": true }), json!([1]), json!(true)],
        ),
    ];
    for (requirement, claims) in cases {
        for claim in claims {
            for requirement in [requirement.clone(), not(&requirement), not(&not(&requirement))] {
                let code = code_for(&requirement, json!({ "c": claim, "groups": claim }));
                assert_eq!(code, DENIED, "{requirement} {claim}");
            }
        }
    }
}

#[test]
fn a_claim_that_is_not_there_meets_nothing_but_not() {
    for requirement in [
        json!({ "claim": "c", "equals": "" }),
        json!({ "claim": "c", "equals": false }),
        json!({ "claim": "c", "oneOf": ["a", 1] }),
        json!({ "claim": "c", "contains": "a" }),
        json!({ "group": "a" }),
        // The exact name, at the top.
        json!({ "claim": "C", "equals": "a" }),
        json!({ "claim": "nested.c", "equals": "a" }),
    ] {
        assert_eq!(code_for(&requirement, json!({ "nested": { "c": "a" } })), DENIED, "{requirement}");
        assert_eq!(code_for(&not(&requirement), json!({ "nested": { "c": "a" } })), MET, "{requirement}");
    }
}

#[test]
fn claims_have_exact_names_with_any_characters() {
    for name in ["cognito:groups", "https://example.com/role", "nested.c", "a b", "\u{e9}", "__proto__", "[0]"] {
        assert_eq!(code_for(&json!({ "claim": name, "equals": "x" }), json!({ name: "x" })), MET, "{name}");
    }
}

#[test]
fn one_of_and_contains_take_one_value_of_many() {
    let one_of = json!({ "claim": "c", "oneOf": ["a", "b", 7] });
    let contains = json!({ "claim": "c", "contains": "a" });
    for (requirement, claim, expected) in [
        (&one_of, json!("a"), MET),
        (&one_of, json!("b"), MET),
        (&one_of, json!(7), MET),
        (&one_of, json!("c"), DENIED),
        (&one_of, json!("a,b"), DENIED),
        (&contains, json!(["a"]), MET),
        (&contains, json!(["b", "a"]), MET),
        (&contains, json!([1, null, "a"]), MET),
        (&contains, json!([]), DENIED),
        (&contains, json!(["ab", "A", " a"]), DENIED),
    ] {
        assert_eq!(code_for(requirement, json!({ "c": claim })), expected, "{requirement} {claim}");
    }
    assert_eq!(code_for(&not(&contains), json!({ "c": [] })), MET);
    assert_eq!(code_for(&not(&contains), json!({ "c": ["b"] })), MET);
}

#[test]
fn groups_are_in_the_claim_that_the_provider_names() {
    let rule = json!({ "match": { "path": "/{*rest}" }, "requires": { "group": "admins" } });
    for (provider, claim) in [(json!({}), "groups"), (json!({ "groupsClaim": "roles" }), "roles")] {
        let mut configuration = crate::support::secret_configuration(json!({ "rules": [rule] }));
        let members = crate::support::tokens::merged(configuration["providers"]["issuer"].take(), provider);
        configuration["providers"]["issuer"] = members;
        let mut authorizer = crate::support::authorizer(&configuration);
        authorizer.set_secret("providers.issuer.secret", crate::support::keys::SECRET, None).unwrap();
        for name in ["groups", "roles", "cognito:groups"] {
            let token = hs256(&claims_with(json!({ name: ["users", "admins"] })));
            let expected = if name == claim { MET } else { DENIED };
            assert_eq!(code(&decide(&authorizer, &bearer("/a", &token))), expected, "{name} for {claim}");
        }
        let token = hs256(&claims_with(json!({ claim: ["admin", "admins2", "Admins", "ADMINS", ""] })));
        assert_eq!(code(&decide(&authorizer, &bearer("/a", &token))), DENIED);
    }
}

#[test]
fn a_scope_is_one_word_of_scope_or_of_scp() {
    let requirement = json!({ "scope": "images/read" });
    for (claims, met) in [
        (json!({ "scope": "images/read" }), true),
        (json!({ "scope": "openid images/read email" }), true),
        (json!({ "scope": " images/read  x" }), true),
        (json!({ "scope": ["openid", "images/read"] }), true),
        (json!({ "scp": "openid images/read" }), true),
        (json!({ "scp": ["images/read"] }), true),
        (json!({}), false),
        (json!({ "scope": "" }), false),
        (json!({ "scope": "images/reader" }), false),
        (json!({ "scope": "images/read/x" }), false),
        (json!({ "scope": "Images/Read" }), false),
        (json!({ "scope": "images/read,x" }), false),
        (json!({ "scope": "x\timages/read" }), false),
        (json!({ "scope": ["openid images/read"] }), true),
        (json!({ "scope": "openid", "scp": "images/read" }), true),
        (json!({ "scopes": "images/read" }), false),
    ] {
        assert_eq!(code_for(&requirement, claims.clone()), if met { MET } else { "insufficient_scope" }, "{claims}");
        assert_eq!(code_for(&not(&requirement), claims.clone()), if met { DENIED } else { MET }, "{claims}");
    }
}

#[test]
fn a_scope_claim_that_cannot_be_compared_is_denied_under_not_too() {
    let requirement = json!({ "scope": "images/read" });
    for scope in
        [json!(1), json!(null), json!(true), json!({ "images/read": true }), json!([1]), json!([["images/read"]])]
    {
        for requirement in [requirement.clone(), not(&requirement)] {
            assert_eq!(code_for(&requirement, json!({ "scope": scope })), DENIED, "{requirement} {scope}");
        }
    }
}

#[test]
fn a_number_is_the_same_however_it_is_written() {
    for (expected, actual) in
        [(json!(1), json!(1.0)), (json!(1.0), json!(1)), (json!(0), json!(-0.0)), (json!(100), json!(1e2))]
    {
        let requirement = json!({ "claim": "c", "equals": expected });
        assert_eq!(code_for(&requirement, json!({ "c": actual })), MET, "{expected} {actual}");
        assert_eq!(code_for(&not(&requirement), json!({ "c": actual })), DENIED, "{expected} {actual}");
    }
}

/// Kleene's strong three-valued logic, all of its tables.
#[test]
fn all_any_and_not_are_three_valued() {
    #[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
    enum Truth {
        False,
        Unknown,
        True,
    }
    use Truth::{False, True, Unknown};
    let values = [False, Unknown, True];
    let written = |truth: Truth| match truth {
        False => json!({ "claim": "text", "equals": "other" }),
        Unknown => json!({ "claim": "text", "equals": 1 }),
        True => json!({ "claim": "text", "equals": "text" }),
    };
    let opposite = |truth: Truth| match truth {
        False => True,
        Unknown => Unknown,
        True => False,
    };
    let assert_truth = |requirement: &Value, truth: Truth| {
        let code = |requirement: &Value| code_for(requirement, json!({ "text": "text" }));
        let expected = |truth: Truth| if truth == True { MET } else { DENIED };
        assert_eq!(code(requirement), expected(truth), "{requirement}");
        assert_eq!(code(&not(requirement)), expected(opposite(truth)), "not {requirement}");
    };
    let least = |truths: &[Truth]| {
        if truths.contains(&False) {
            False
        } else if truths.contains(&Unknown) {
            Unknown
        } else {
            True
        }
    };
    for a in values {
        assert_truth(&written(a), a);
        for b in values {
            for c in values {
                let all = least(&[a, b, c]);
                assert_truth(&json!({ "all": [written(a), written(b), written(c)] }), all);
                let any = opposite(least(&[opposite(a), opposite(b), opposite(c)]));
                assert_truth(&json!({ "any": [written(a), written(b), written(c)] }), any);
                // De Morgan, and one inside of the other.
                let negated = json!({ "any": [not(&written(a)), not(&written(b)), not(&written(c))] });
                assert_truth(&not(&negated), all);
                let mixed = json!({ "all": [written(a), { "any": [written(b), written(c)] }] });
                assert_truth(&mixed, least(&[a, opposite(least(&[opposite(b), opposite(c)]))]));
            }
        }
    }
}

#[test]
fn insufficient_scope_is_answered_where_scopes_are_all_that_is_missing() {
    let (read, write) = (json!({ "scope": "read" }), json!({ "scope": "write" }));
    let (group, alice) = (json!({ "group": "admins" }), json!({ "claim": "sub", "equals": "alice" }));
    for (requirement, wanted) in [
        (read.clone(), Some(&["read"][..])),
        (json!({ "all": [read, write] }), Some(&["read", "write"])),
        // Asked for twice, it is named once.
        (json!({ "all": [read, { "all": [write, read] }, write] }), Some(&["read", "write"])),
        (json!({ "all": [alice, read] }), Some(&["read"])),
        (json!({ "any": [read, write] }), Some(&["read"])),
        (json!({ "any": [group, write] }), Some(&["write"])),
        (json!({ "all": [{ "any": [read, group] }, write] }), Some(&["read", "write"])),
        (json!({ "any": [{ "all": [group, read] }, write] }), Some(&["write"])),
        (json!({ "all": [group, read] }), None),
        (json!({ "any": [group, { "all": [group, read] }] }), None),
        (json!({ "all": [read, { "claim": "sub", "equals": 1 }] }), None),
        (not(&alice), None),
        (json!({ "not": { "not": read } }), None),
    ] {
        let rule = json!({ "match": { "path": "/{*rest}" }, "requires": requirement });
        let authorizer = secret_authorizer(json!({ "rules": [rule] }));
        let refusal = refusal(decide(&authorizer, &bearer("/a", &hs256(&claims_with(json!({}))))));
        let expected = if wanted.is_some() { "insufficient_scope" } else { DENIED };
        assert_eq!(refusal.code.as_str(), expected, "{requirement}");
        assert_eq!(refusal.wanted, wanted.unwrap_or_default(), "{requirement}");
    }
}

#[test]
fn requirements_nest() {
    let mut requirement = json!({ "claim": "sub", "equals": "alice" });
    for _ in 0..5 {
        requirement = not(&not(&requirement));
    }
    assert_eq!(code_for(&requirement, json!({})), MET);
    assert_eq!(code_for(&requirement, json!({ "sub": "bob" })), DENIED);
}

/// `explain` shows the claims that the rule names, and no others.
#[test]
fn the_trace_names_what_was_compared() {
    let rule = json!({ "name": "r", "match": { "path": "/{u}" }, "requires": { "all": [
        { "claim": "sub", "equals": "{u}" }, { "not": { "group": "blocked" } }, { "scope": "read" },
    ] } });
    let authorizer = secret_authorizer(json!({ "rules": [rule] }));
    let mut trace = Trace::on();
    let token = hs256(&claims_with(json!({ "groups": ["a\r\n"], "scope": "x" })));
    let now = edge_authorizer_core::UnixTime::from_seconds(NOW).unwrap();
    authorizer.authorize(&bearer("/bob", &token), now, edge_authorizer_core::Keys::AreFinal, &mut trace);
    let lines: Vec<String> =
        trace.into_steps().iter().map(|step| format!("{} {:?} {}", step.depth, step.outcome, step.text)).collect();
    assert_eq!(
        lines,
        [
            "0 Met the rules, in order",
            "1 Info \"GET\" \"/bob\"",
            "1 Met rule `r` decides: path `/{u}`, {u} is \"bob\"",
            "0 Met the token",
            "1 Met the token is signed by `issuer` with HS256",
            "1 Met the token is for us, and valid now",
            "0 Unmet rule `r` lets pass who has a valid token, if",
            "1 Unmet all of these",
            "2 Unmet claim `sub` equals \"bob\": it is \"alice\"",
            "2 Met not this",
            "3 Unmet groups in `groups` contains \"blocked\": it is [\"a\\r\\n\"]",
            "2 Unmet scope `read`: the token has [\"x\"]",
            "1 Unmet policy_denied: the rule's requirements are not met",
        ]
    );
    assert!(!lines.concat().contains(UNNAMED));
}

/// Threat 65: a misspelt claim denies.
#[test]
fn threat_65_a_misspelt_claim_denies() {
    let authorizer = secret_authorizer_with(json!({ "groupsClaim": "gruops" }));
    assert_eq!(crate::support::code_of(&authorizer, &hs256(&claims_with(json!({})))), MET);
    assert_eq!(code_for(&json!({ "claim": "usb", "equals": "alice" }), json!({})), DENIED);
}
