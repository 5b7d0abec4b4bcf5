//! Configurations that are refused: each problem with its place, what is wrong and what would be right.

use edge_authorizer_core::{Authorizer, Problem};
use serde_json::{Value, json};

use crate::support::configurations::{assert_problem, assert_provider_problem, cognito, provider, requiring, with};
use crate::support::keys::{KEY, key_set};
use crate::support::tokens::merged;
use crate::support::{configuration, problems, rsa_configuration};

#[test]
fn right_configurations_are_taken() {
    for right in [
        rsa_configuration(json!({})),
        with("/$schema", json!("./authorizer.schema.json")),
        with("/logLevel", json!("debug")),
        with("/authorization", json!("on")),
        provider(json!({})),
        provider(json!({ "audience": ["a", "b"], "algorithms": ["RS512", "RS256"], "graceSeconds": 60 })),
        provider(json!({ "secret": { "file": "secrets/hs256.txt" } })),
        provider(json!({ "issuer": null, "audience": null, "algorithms": ["HS512"] })),
        cognito(json!({})),
        cognito(json!({ "tokenUse": null, "clientId": null, "jwks": key_set(&[KEY.jwk("k1")]) })),
    ] {
        assert_eq!(problems(&right), [""; 0], "{right}");
    }
}

#[test]
fn threat_65_an_unknown_key_is_an_error_that_names_the_nearest() {
    for (pointer, place, near) in [
        ("/provdiers", "provdiers", "providers"),
        ("/Rules", "Rules", "rules"),
        ("/tokens", "tokens", "token"),
        ("/providers/issuer/isuer", "providers.issuer.isuer", "issuer"),
        ("/providers/issuer/jwks_uri", "providers.issuer.jwks_uri", "jwksUri"),
        ("/providers/issuer/audiences", "providers.issuer.audiences", "audience"),
        ("/providers/issuer/clientID", "providers.issuer.clientID", "clientId"),
        ("/rules/0/require", "rules[0].require", "requires"),
        ("/rules/0/match/method", "rules[0].match.method", "methods"),
        ("/token/0/cokie", "token[0].cokie", "cookie"),
        ("/forward/stripCredential", "forward.stripCredential", "stripCredentials"),
        ("/forward/claim_to_headers", "forward.claim_to_headers", "claimToHeaders"),
    ] {
        let expected = format!("{place}: unknown key: did you mean `{near}`?");
        assert_problem(&with(pointer, json!({})), &expected);
    }
    let nested = requiring(json!({ "all": [{ "group": "g" }, { "any": [{ "grup": "x" }] }] }));
    assert_problem(&nested, "rules[0].requires.all[1].any[0].grup: unknown key: did you mean `group`?");
    assert_problem(
        &with("/forward/x y", json!(1)),
        "forward[\"x y\"]: unknown key: the keys here are `stripCredentials`, `claimToHeaders`, `claimToContext`, `sign`, `claimsHeader`",
    );
}

#[test]
fn values_have_the_right_type() {
    for (pointer, value, expected) in [
        ("/providers", json!([]), "providers: this is an array, but has to be an object"),
        ("/providers/issuer", json!(null), "providers.issuer: this is `null`, but has to be an object"),
        ("/providers/issuer/issuer", json!(1), "providers.issuer.issuer: this is a number, but has to be a string"),
        (
            "/providers/issuer/audience",
            json!({}),
            "providers.issuer.audience: this is an object, but has to be a string or an array of strings",
        ),
        (
            "/providers/issuer/audience",
            json!(["a", 1]),
            "providers.issuer.audience[1]: this is a number, but has to be a string",
        ),
        (
            "/providers/issuer/algorithms",
            json!("RS256"),
            "providers.issuer.algorithms: this is a string, but has to be an array",
        ),
        (
            "/providers/issuer/allowMissingExpiry",
            json!("yes"),
            "providers.issuer.allowMissingExpiry: this is a string, but has to be `true` or `false`",
        ),
        ("/rules", json!({}), "rules: this is an object, but has to be an array"),
        ("/rules/0", json!("x"), "rules[0]: this is a string, but has to be an object"),
        ("/rules/0/match/methods", json!("GET"), "rules[0].match.methods: this is a string, but has to be an array"),
        ("/token", json!({}), "token: this is an object, but has to be an array"),
        ("/token/0", json!(null), "token[0]: this is `null`, but has to be an object"),
        ("/forward", json!(null), "forward: this is `null`, but has to be an object"),
        (
            "/forward/claimToHeaders",
            json!({ "x-user": null }),
            "forward.claimToHeaders.x-user: this is `null`, but has to be a string or an array of strings",
        ),
        ("/authorization", json!(false), "authorization: this is a boolean, but has to be a string"),
    ] {
        assert_problem(&with(pointer, value), expected);
    }
    // A secret at the wrong place is not repeated.
    let secret = with("/providers/issuer/secret", json!("the-secret-itself"));
    assert_problem(
        &secret,
        "providers.issuer.secret: this is a string, but has to be an object: `{\"file\": \"./secret.txt\"}` names a file with the secret",
    );
}

#[test]
fn threat_65_nothing_is_left_empty() {
    for pointer in ["/providers", "/rules", "/token"] {
        let empty = if pointer == "/providers" { json!({}) } else { json!([]) };
        let problems = problems(&with(pointer, empty));
        assert!(matches!(&problems[..], [problem] if problem.starts_with(&pointer[1..])), "{problems:?}");
    }
    let missing = problems(&json!({}));
    assert!(missing[0].starts_with("no provider") && missing[1].starts_with("no rule"), "{missing:?}");
    assert_eq!(missing.len(), 2);

    assert_provider_problem(&provider(json!({ "issuer": "" })), "issuer.issuer: it is empty");
    for empty in [json!(""), json!([]), json!(["a", ""])] {
        assert_provider_problem(&provider(json!({ "audience": empty })), "issuer.audience: it is empty");
        assert_provider_problem(&cognito(json!({ "clientId": empty })), "issuer.clientId: it is empty");
    }
    assert_provider_problem(&provider(json!({ "algorithms": [] })), "no algorithm is allowed");
    assert_problem(
        &with("/rules/0/match/methods", json!([])),
        "rules[0].match.methods: no method at all: leave `methods` out for GET and HEAD",
    );
}

fn problems_of_text(text: &str) -> Vec<Problem> {
    Authorizer::new(text).err().unwrap_or_default()
}

#[test]
fn threat_10_a_configuration_is_json_that_has_one_reading() {
    let right = rsa_configuration(json!({})).to_string();
    assert_eq!(problems_of_text(&right), []);
    let twice = right.replacen('{', "{\"authorization\":\"on\",\"authorization\":\"off\",", 1);
    let escaped = right.replacen('{', "{\"authorization\":\"on\",\"\\u0061uthorization\":\"off\",", 1);
    let deep = right.replace("\"alg", "\"alg\":1,\"alg");
    let nested = right.replacen('{', &format!("{{\"x\":{}{},", "[".repeat(100_000), "]".repeat(100_000)), 1);
    for text in [
        "",
        " ",
        "{",
        "}",
        "{}x",
        "null",
        "[]",
        "\"\"",
        "1",
        &right[1..],
        &twice,
        &escaped,
        &deep,
        &nested,
        &format!("\u{feff}{right}"),
        &format!("// x\n{right}"),
    ] {
        let problems = problems_of_text(text);
        assert!(matches!(&problems[..], [Problem { position: Some(_), .. }]), "{text:.100}: {problems:?}");
    }
}

#[test]
fn problems_have_line_and_column() {
    let text = r#"{
  "providers": {
    "my issuer": {
      "issuer": "https://issuer.example",
      "audience": "images", "graceSeconds": 61
    }
  },
  "rules": [
    { "match": { "path": "/a" }, "allow": "anyone" },
    {
      "match": { "path": "b" },
      "allow": "anyone"
    }
  ],
  "logLevel": "x"
}"#;
    let found: Vec<_> = problems_of_text(text).into_iter().map(|problem| (problem.place, problem.position)).collect();
    assert_eq!(
        found,
        [
            ("logLevel".to_owned(), Some((15, 3))),
            ("providers[\"my issuer\"].graceSeconds".to_owned(), Some((5, 29))),
            ("rules[1].match.path".to_owned(), Some((11, 18))),
        ]
    );
    let broken = problems_of_text("{\n  \"rules\": [,]\n}");
    assert_eq!(broken[0].position, Some((2, 13)));
    assert!(broken[0].message.contains("expected value"), "{broken:?}");
}

#[test]
fn every_problem_is_named_at_once() {
    let unknown = problems(
        &json!({ "a b": 1, "rules": [{ "x": 1 }, { "match": 1 }], "providers": { "p": { "isuer": 1 }, "q": [] }, "token": 1 }),
    );
    assert_eq!(unknown.len(), 6, "{unknown:#?}");
    let wrong = problems(&json!({
        "providers": { "a": { "graceSeconds": 61, "algorithms": ["x"] }, "b": { "issuer": "" } },
        "token": [{}, { "query": "" }],
        "rules": [{ "match": { "path": "a", "methods": ["x"] }, "allow": "anyone" }, { "match": {}, "allow": "anyone" }],
        "forward": { "claimToHeaders": { "host": "x", "a b": "y" } },
        "logLevel": "x",
        "authorization": "x",
    }));
    assert_eq!(wrong.len(), 15, "{wrong:#?}");
}

#[test]
fn every_problem_is_named_at_once_whatever_kind_it_is() {
    let both = problems(&json!({ "providers": { "a": {} }, "rules": [{ "mtch": {}, "allow": "x" }], "logLevel": "x" }));
    assert!(both.len() >= 5, "issuer, audience, match, allow, logLevel: {both:#?}");
    let uri = problems(&configuration(json!({ "issuer": "x", "jwksUri": "http://x.example" }), json!({})));
    assert_eq!(uri.len(), 2, "audience and jwksUri: {uri:#?}");
}

/// What is misspelt is not missing besides.
#[test]
fn what_a_misspelt_key_leaves_out_is_not_a_second_problem() {
    for (configuration, expected) in [
        (json!({ "ruls": [], "providers": { "a": { "issuer": "a", "audience": "a" } } }), "ruls"),
        (with("/rules/0", json!({ "match": { "path": "/a" }, "alow": "anyone" })), "rules[0].alow"),
        (with("/rules/0", json!({ "match": { "pth": "/a" }, "allow": "anyone" })), "rules[0].match.pth"),
        (with("/rules/0", json!({ "match": { "path": 1 }, "allow": "anyone" })), "rules[0].match.path"),
        (with("/rules", json!({})), "rules"),
        (provider(json!({ "audience": 1 })), "providers.issuer.audience"),
        (cognito(json!({ "tokenUse": 1 })), "providers.issuer.tokenUse"),
    ] {
        let problems = problems(&configuration);
        assert!(matches!(&problems[..], [problem] if problem.starts_with(&format!("{expected}: "))), "{problems:?}");
    }
}

/// After one that cannot be read, rules keep their numbers.
#[test]
fn places_are_right_after_what_cannot_be_read() {
    let rules = json!([1, { "match": { "path": "a" }, "allow": "anyone" }]);
    let token = json!([1, { "query": "" }]);
    let configuration = rsa_configuration(json!({ "rules": rules, "token": token }));
    let places: Vec<String> =
        problems(&configuration).iter().map(|problem| problem.split(": ").next().unwrap().to_owned()).collect();
    assert_eq!(places, ["token[0]", "token[1]", "rules[0]", "rules[1].match.path"]);
}

#[test]
fn a_key_that_comes_twice_is_named() {
    let text = "{\n  \"providers\": {},\n  \"rules\": [{ \"name\": \"a\", \"name\": \"b\" }]\n}";
    let problems = edge_authorizer_core::Authorizer::new(text).unwrap_err();
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].message, "`name` is named twice in one object: which one counts?");
    assert_eq!(problems[0].position, Some((3, 28)));
}

#[test]
fn an_empty_file_is_called_empty() {
    for text in ["", "\n \n"] {
        let problems = edge_authorizer_core::Authorizer::new(text).unwrap_err();
        assert!(problems[0].message.starts_with("the file is empty: "), "{problems:?}");
    }
}

#[test]
fn a_problem_is_one_line_without_control_characters() {
    for configuration in [
        provider(json!({ "jwksUri": "https://x\n.example" })),
        provider(json!({ "algorithms": ["RS\n"] })),
        provider(json!({ "secret": { "file": "../\n" } })),
        cognito(json!({ "userPoolId": "\u{1b}[31m" })),
        with("/token/0", json!({ "header": "a\nb" })),
        with("/rules/0/allow", json!("a\nb")),
        with("/rules/0/match/methods", json!(["\n"])),
        with("/logLevel", json!("\n")),
    ] {
        for problem in problems(&configuration) {
            assert!(!problem.chars().any(char::is_control), "{problem:?}");
        }
    }
}

#[test]
fn a_role_for_dicomweb_is_an_arn_of_one() {
    let example = "`arn:aws:iam::111122223333:role/DicomWebReader`";
    for role in
        ["", "x", "arn:aws:iam::1:role/a", "arn:aws:iam::111122223333:user/a", "arn:aws:iam::111122223333:role/"]
    {
        let expected = format!("dicomWeb.roleArn: `{role}` is no ARN of a role, as {example} is one");
        assert_problem(&with("/dicomWeb", json!({ "roleArn": role })), &expected);
    }
    let expected =
        format!("dicomWeb.roleArn: `roleArn` is missing: what HealthImaging acts as for a valid token, {example}");
    assert_problem(&with("/dicomWeb", json!({})), &expected);
    let role = "arn:aws-cn:iam::111122223333:role/a/b";
    let authorizer = Authorizer::new(&with("/dicomWeb", json!({ "roleArn": role })).to_string()).unwrap();
    assert_eq!(authorizer.dicom_web_role_arn(), Some(role));
}

#[test]
fn names_of_the_context_are_such_that_api_gateway_can_refer_to_them() {
    for (name, claim) in [("x-user", "sub"), ("", "sub"), ("user", "")] {
        let problems = problems(&with("/forward/claimToContext", json!({ name: claim })));
        assert!(problems.iter().all(|problem| problem.starts_with("forward.claimToContext")), "{name} {problems:?}");
        assert_eq!(problems.len(), 1, "{name}");
    }
}

/// What only repeats another problem is not said.
#[test]
fn a_problem_of_the_sign_in_is_said_once() {
    let rules = json!([{ "match": { "path": "/a" }, "allow": "authenticated", "signIn": "issuer" }]);
    let provider = json!({ "issuer": "https://issuer.example", "audience": "c", "signIn": { "clientId": "c" } });
    let without_key = configuration(provider.clone(), json!({ "rules": rules }));
    assert_eq!(places(&without_key), ["signIn"]);
    let wrong = merged(provider, json!({ "algorithms": ["RS265"] }));
    let wrong = configuration(wrong, json!({ "rules": rules, "signIn": { "cookieKey": { "file": "k" } } }));
    assert_eq!(places(&wrong), ["providers.issuer.algorithms"]);
    let nowhere =
        configuration(json!({ "issuer": "https://issuer.example", "audience": "c" }), json!({ "rules": rules }));
    assert_eq!(places(&nowhere), ["rules[0].signIn"]);
}

#[test]
fn a_rule_does_not_repeat_that_there_are_no_providers() {
    let rules = json!([{ "match": { "path": "/a" }, "allow": "authenticated", "provider": "x" }]);
    assert_eq!(places(&json!({ "providers": {}, "rules": rules })), ["providers"]);
}

#[test]
fn several_groups_or_values_are_shown_how_to_write() {
    let about = |requires: Value| {
        let rules = json!([{ "match": { "path": "/a" }, "requires": requires }]);
        problems(&configuration(
            json!({ "issuer": "https://issuer.example", "audience": "c" }),
            json!({ "rules": rules }),
        ))
        .concat()
    };
    let said = about(json!({ "group": ["a", "b"] }));
    assert!(
        said.contains("rules[0].requires.group: this is an array") && said.contains("{\"any\": [{\"group\": \"a\"}"),
        "{said}"
    );
    assert!(about(json!({ "scope": ["a"] })).contains("{\"any\": [{\"scope\": \"a\"}"));
    assert!(about(json!({ "claim": "c", "equals": ["a"] })).contains("for one of several there is `oneOf`"));
}

fn places(configuration: &Value) -> Vec<String> {
    Authorizer::new(&configuration.to_string()).unwrap_err().into_iter().map(|problem| problem.place).collect()
}
