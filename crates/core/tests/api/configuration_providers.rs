//! Providers that are refused: what could be meant in two ways, or would trust more than it says.

use serde_json::{Value, json};

use crate::support::configurations::{assert_problem, assert_provider_problem, cognito, provider, with};
use crate::support::keys::{KEY, key_set};
use crate::support::tokens::merged;
use crate::support::{configuration, problems};

#[test]
fn silence_is_not_consent() {
    for (members, words) in [
        (json!({}), "`issuer` is missing"),
        (json!({ "audience": "a" }), "`issuer` is missing"),
        (json!({ "issuer": "https://issuer.example" }), "`audience` is missing"),
        (json!({ "issuer": null }), "`audience` is missing"),
        (json!({ "userPoolId": "us-east-1_Example01" }), "`tokenUse` is missing"),
        (json!({ "userPoolId": "us-east-1_Example01", "tokenUse": "id" }), "`clientId` is missing"),
        (json!({ "userPoolId": "us-east-1_Example01", "clientId": "app" }), "`tokenUse` is missing"),
    ] {
        let problems = problems(&configuration(members, json!({})));
        assert!(problems.iter().any(|problem| problem.starts_with("providers.issuer: ") && problem.contains(words)));
    }
    assert_problem(
        &with("/rules/0", json!({ "match": { "path": "/a" } })),
        "rules[0]: who may pass? `requires` with a condition, or `allow` with `anyone` or `authenticated`",
    );
}

#[test]
fn threat_2_algorithms_of_one_kind_go_together() {
    let mixed = "algorithms for public keys and for secrets do not go together";
    for algorithms in [json!(["RS256", "HS256"]), json!(["HS512", "HS256", "RS256"])] {
        assert_provider_problem(&with("/providers/issuer/algorithms", algorithms), mixed);
    }
    for (unknown, near) in [
        ("rs256", "RS256"),
        ("RS255", "RS"),
        ("HS1", "did you mean `HS512`?"),
        ("none", "the known ones are"),
        ("", "the known ones are"),
    ] {
        let words = format!("unknown algorithm `{unknown}`");
        assert_provider_problem(&with("/providers/issuer/algorithms", json!(["RS256", unknown])), &words);
        assert_provider_problem(&with("/providers/issuer/algorithms", json!([unknown])), near);
    }
    let remote = json!({ "algorithms": ["HS256"], "jwksUri": "https://issuer.example/keys" });
    assert_provider_problem(&provider(remote), "jwksUri: a secret that lies at a URL is none");
    let public = json!({ "algorithms": ["RS256"], "secret": { "file": "s" } });
    assert_provider_problem(&provider(public), "secret: it goes with `\"algorithms\": [\"HS256\"]`");
}

#[test]
fn threat_17_grace_is_0_to_60_whole_seconds() {
    for seconds in [0, 1, 60] {
        assert_eq!(problems(&provider(json!({ "graceSeconds": seconds }))), [""; 0]);
    }
    for seconds in [61, -1, 256, 300, i64::MAX, i64::MIN] {
        let expected = format!("providers.issuer.graceSeconds: `{seconds}` seconds of grace: from 0 to 60 are allowed");
        assert_problem(&provider(json!({ "graceSeconds": seconds })), &expected);
    }
    for seconds in [json!(1.5), json!(1e30), json!("5"), json!(null), json!(true), json!(u64::MAX)] {
        assert_provider_problem(&provider(json!({ "graceSeconds": seconds })), "but has to be a whole number");
    }
}

#[test]
fn threat_20_keys_are_fetched_over_https_or_from_loopback() {
    for right in [
        "https://issuer.example/keys",
        "https://issuer.example",
        "https://issuer.example:8443/k?x=1",
        "https://127.0.0.1/k",
        "http://localhost/k",
        "http://localhost:8081/k",
        "http://127.0.0.1:8081/k",
        "http://[::1]:8081/k",
        "http://localhost?@x",
    ] {
        assert_eq!(problems(&provider(json!({ "jwksUri": right }))), [""; 0], "{right}");
    }
    for wrong in [
        "http://issuer.example/keys",
        "http://localhost.evil.example/",
        "http://127.0.0.1.evil/",
        "http://evil.example/localhost",
        "http://localhost@evil.example/",
        "http://127.0.0.1:80@evil.example/",
        "http://evil.example@localhost/",
        "https://user:password@issuer.example/",
        "https://user@issuer.example/",
        "https://@issuer.example/",
        "http://evil.example#@localhost/",
        "http://evil.example\\@localhost/",
        "http://localhost\\.evil.example/",
        "http://localhost%2eevil.example/",
        "http://LOCALHOST.evil.example/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0.0.0.0/",
        "http://169.254.169.254/",
        "http://[::ffff:127.0.0.1]/",
        "http://localhost,evil.example/",
        "HTTP://issuer.example/",
        "",
        "issuer.example",
        "//issuer.example/k",
        "https:/issuer.example",
        "https:issuer.example",
        "https://",
        "https:///k",
        "https://:443/",
        "ftp://issuer.example/",
        "file:///etc/passwd",
        "data://issuer.example/",
        "javascript://issuer.example/",
        "https://issuer.example/a b",
        " https://issuer.example/",
        "https://issuer.example/k#f",
        "https://\u{e9}.example/",
        "https://issuer.example/\0",
    ] {
        assert_provider_problem(&provider(json!({ "jwksUri": wrong })), "providers.issuer.jwksUri: ");
    }
}

#[test]
fn threat_20_a_loopback_host_ends_where_it_ends() {
    for wrong in [
        "http://[::1].evil.example/",
        "http://[::1]evil.example/",
        "http://localhost:80.evil.example/",
        "http://localhost:evil/",
        "https://[::1",
    ] {
        assert_provider_problem(&provider(json!({ "jwksUri": wrong })), "providers.issuer.jwksUri: ");
    }
}

#[test]
fn a_password_in_a_url_is_not_repeated() {
    let problems = problems(&provider(json!({ "jwksUri": "https://user:correct-horse@issuer.example/" })));
    assert!(problems.len() == 1 && !problems[0].contains("correct-horse"), "{problems:?}");
}

#[test]
fn a_user_pool_has_a_region_and_an_id() {
    for wrong in [
        "",
        "x",
        "_",
        "us-east-1",
        "us-east-1_",
        "_Example01",
        "us-east-1_a/b",
        "us-east-1_a.b",
        "us-east-1_a b",
        "us-east-1_a_b",
        "US-EAST-1_Example01",
        "evil.example/_a",
        "us-east-1.evil.example_a",
        "us-east-1@evil_a",
        "useast1_Example01",
        "us-east-1_\u{e9}",
        "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Example01",
        "us-_Example01",
        "-_Example01",
        "us--1_Example01",
        "us-east_Example01",
        "us-east-1-_Example01",
        "us-1-1_Example01",
        "1-1_Example01",
    ] {
        let expected =
            format!("providers.issuer.userPoolId: `{wrong}` is no user pool: one is called `us-east-1_Example01`");
        assert_problem(&cognito(json!({ "userPoolId": wrong })), &expected);
    }
    assert_provider_problem(
        &cognito(json!({ "userPoolId": format!("us-east-1_{}", "a".repeat(50)) })),
        "is no user pool",
    );
    for wrong in ["Access", "", "refresh"] {
        assert_provider_problem(
            &cognito(json!({ "tokenUse": wrong })),
            &format!("tokenUse: `{wrong}` is no use of a token"),
        );
    }
    for member in ["issuer", "audience"] {
        assert_provider_problem(
            &cognito(json!({ member: "x" })),
            "`userPoolId` says what `issuer` and `audience` would",
        );
    }
    for member in ["tokenUse", "clientId"] {
        assert_provider_problem(
            &provider(json!({ member: "access" })),
            "`tokenUse` and `clientId` go with `userPoolId`",
        );
    }
}

/// `iss` may be anything, but where keys are looked for by it, it is a URL without query.
#[test]
fn an_issuer_with_a_query_leads_to_no_keys() {
    let issuer = "https://issuer.example/?tenant=a";
    assert_provider_problem(&provider(json!({ "issuer": issuer })), "name `jwksUri`");
    let with_uri = json!({ "issuer": issuer, "jwksUri": "https://issuer.example/k" });
    assert_eq!(problems(&provider(with_uri)), [""; 0]);
}

#[test]
fn threat_2_cognito_has_no_shared_secrets() {
    assert_provider_problem(
        &cognito(json!({ "algorithms": ["HS256"] })),
        "algorithms: Cognito has no shared secrets: it signs with `RS256`",
    );
    assert_provider_problem(&cognito(json!({ "secret": { "file": "s" } })), "secret: Cognito has no shared secrets");
}

#[test]
fn a_provider_has_a_name_that_a_log_can_hold() {
    for name in ["", "a\nb", "\u{1b}[31m"] {
        let provider = json!({ "issuer": "https://issuer.example", "audience": "a" });
        let configuration = merged(configuration(json!({}), json!({})), json!({ "providers": { name: provider } }));
        let problems = problems(&configuration);
        let words = "a name has at least one character, and no control characters";
        assert!(matches!(&problems[..], [problem] if problem.ends_with(words)), "{problems:?}");
    }
}

#[test]
fn a_provider_has_one_source_of_keys() {
    let (uri, jwks, secret) = (json!("https://issuer.example/k"), key_set(&[KEY.jwk("k1")]), json!({ "file": "s" }));
    for members in [
        json!({ "jwksUri": uri, "jwks": jwks }),
        json!({ "jwks": jwks, "secret": secret, "algorithms": ["RS256"] }),
        json!({ "jwksUri": uri, "secret": secret }),
        json!({ "jwksUri": uri, "jwks": jwks, "secret": secret }),
    ] {
        assert_provider_problem(&provider(members), "name one of `jwksUri`, `jwks` and `secret`");
    }
    for (jwks, words) in [
        (json!({}), "the key set has no array `keys`"),
        (json!("https://issuer.example/k"), "the key set has no array `keys`"),
        (json!({ "keys": [] }), "the key set has no usable key: it is empty"),
        (
            key_set(&[merged(KEY.jwk("k1"), json!({ "use": "enc" }))]),
            "the key set has no usable key: its `use` is not `sig`",
        ),
    ] {
        assert_provider_problem(&provider(json!({ "jwks": jwks })), words);
    }
    assert_provider_problem(
        &provider(json!({ "secret": {} })),
        "it names no `file`, `ssm` or `secretsManager`, or more than one of them",
    );
    assert_provider_problem(&provider(json!({ "secret": { "file": "s", "value": "x" } })), "secret.value: unknown key");
    for file in ["", "/etc/passwd", "../s", "./../s", "a/../../s", "./", "a//b", "a/.", "C:\\s", "a\\..\\s", "C:s"] {
        assert_provider_problem(
            &provider(json!({ "secret": { "file": file } })),
            "it has to be a file in the configuration's folder or below",
        );
    }
}

#[test]
fn a_typ_is_a_media_type() {
    for typ in [json!("at+jwt"), json!("application/at+jwt"), json!(["at+jwt", "vnd.example.token+jwt"])] {
        assert_eq!(problems(&provider(json!({ "typ": typ }))), [""; 0], "{typ}");
    }
    for typ in ["", "/", "at+jwt/", "/at+jwt", "a/b/c", "at+jwt; v=1", "at jwt", "\u{e9}"] {
        assert_provider_problem(&provider(json!({ "typ": typ })), "is no media type: `at+jwt` is one");
    }
    assert_provider_problem(&provider(json!({ "typ": [] })), "it is empty, and nothing could match it");
    assert_provider_problem(&provider(json!({ "typ": null })), "has to be a string or an array of strings");
}

#[test]
fn threat_16_two_providers_do_not_share_an_issuer() {
    let with_providers = |one: Value, other: Value| {
        let audience = |provider: Value| merged(json!({ "audience": "a" }), provider);
        merged(provider(json!({})), json!({ "providers": { "a": audience(one), "b": audience(other) } }))
    };
    let expected = "providers.b: the provider `a` has the same issuer: whose keys prove a token?";
    let issuer = |issuer: &str| json!({ "issuer": issuer });
    assert_problem(&with_providers(issuer("https://x.example"), issuer("https://x.example")), expected);
    assert_problem(&with_providers(json!({ "issuer": null }), json!({ "issuer": null })), expected);
    assert_eq!(problems(&with_providers(issuer("https://x.example"), issuer("https://x.example/"))), [""; 0]);

    let pool = json!({ "userPoolId": "us-east-1_A", "tokenUse": "id", "clientId": "c" });
    let second_form = issuer("https://issuer-cognito-idp.us-east-1.amazonaws.com/us-east-1_A");
    let configuration = json!({
        "providers": { "a": pool, "b": merged(second_form, json!({ "audience": "a" })) },
        "rules": [{ "match": { "path": "/a" }, "allow": "anyone" }],
    });
    assert_problem(&configuration, expected);
}

#[test]
fn a_problem_is_placed_at_the_member_that_has_it() {
    for (configuration, member) in [
        (provider(json!({ "issuer": "" })), "issuer"),
        (provider(json!({ "audience": [] })), "audience"),
        (provider(json!({ "jwksUri": "http://x.example" })), "jwksUri"),
        (provider(json!({ "jwks": {} })), "jwks"),
        (provider(json!({ "secret": { "file": "/s" } })), "secret"),
        (cognito(json!({ "tokenUse": "x" })), "tokenUse"),
        (cognito(json!({ "clientId": "" })), "clientId"),
    ] {
        let problems = problems(&configuration);
        assert!(problems[0].starts_with(&format!("providers.issuer.{member}")), "{problems:?}");
    }
}
