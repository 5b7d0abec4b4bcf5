//! What is allowed, but worth saying aloud: each deliberate opt-out, and what is written without meaning it.

use serde_json::{Value, json};

use crate::support::keys::{KEY, key_set};
use crate::support::tokens::merged;
use crate::support::{
    authorizer, configuration, rsa_configuration, secret_configuration, warnings, warnings_about as about,
};

/// The places of the warnings about a provider with these members.
fn about_provider(members: Value) -> Vec<String> {
    let right = json!({ "issuer": "https://issuer.example", "audience": "images" });
    warnings(&configuration(merged(right, members), json!({})))
}

#[track_caller]
fn assert_warning(warnings: &[String], place: &str, words: &str) {
    assert!(
        matches!(warnings, [warning] if warning.starts_with(&format!("{place}: ")) && warning.contains(words)),
        "{warnings:?}"
    );
}

#[test]
fn a_configuration_without_opt_outs_has_no_warnings() {
    assert_eq!(warnings(&rsa_configuration(json!({}))), [""; 0]);
    assert_eq!(warnings(&secret_configuration(json!({ "token": [{ "query": "jwt" }] }))), [""; 0]);
    assert_eq!(about_provider(json!({})), [""; 0]);
}

#[test]
fn a_host_in_a_rule_keeps_healthimaging_out() {
    let about = |host: Value| {
        let matched = merged(json!({ "path": "/datastore/{id}/{operation}" }), host);
        warnings(&rsa_configuration(json!({
            "rules": [{ "match": matched, "allow": "authenticated" }],
            "dicomWeb": { "roleArn": "arn:aws:iam::111122223333:role/DicomWebReader" },
        })))
    };
    assert_eq!(about(json!({})), [""; 0]);
    assert_warning(&about(json!({ "host": "images.example.com" })), "dicomWeb", "HealthImaging says no host");
}

#[test]
fn each_opt_out_is_named() {
    let place = |key: &str| format!("providers.issuer.{key}");
    assert_warning(
        &about_provider(json!({ "audience": null })),
        &place("audience"),
        "tokens that this issuer made for others",
    );
    let nameless = json!({ "issuer": null, "secret": { "file": "s" } });
    assert_warning(&about_provider(nameless), &place("issuer"), "tokens that do not say who issued them");
    assert_warning(
        &about_provider(json!({ "allowMissingExpiry": true })),
        &place("allowMissingExpiry"),
        "passes for ever",
    );
    assert_warning(
        &about_provider(json!({ "jwksUri": "http://localhost/k" })),
        &place("jwksUri"),
        "for development only",
    );
    assert_warning(
        &about_provider(json!({ "issuer": "http://127.0.0.1:8081" })),
        &place("issuer"),
        "for development only",
    );
    assert_warning(&about_provider(json!({ "issuer": "no URL" })), "providers.issuer", "no keys");

    let cognito = json!({ "userPoolId": "us-east-1_A", "tokenUse": null, "clientId": null });
    let about_cognito = warnings(&configuration(cognito, json!({})));
    assert_warning(&about_cognito[..1], &place("tokenUse"), "ID tokens pass as access tokens");
    assert_warning(&about_cognito[1..], &place("clientId"), "every app client");

    let off = rsa_configuration(json!({ "authorization": "off" }));
    assert_warning(&warnings(&off), "authorization", "every request passes");
    let forward = json!({ "stripCredentials": false });
    let unstripped = json!({ "forward": forward, "token": [{ "header": "x" }, { "query": "jwt" }] });
    assert_warning(&warnings(&rsa_configuration(unstripped)), "forward.stripCredentials", "tokens in the query");
}

#[test]
fn a_user_pool_that_is_written_as_another_issuer_is_named() {
    for host in ["cognito-idp", "issuer-cognito-idp"] {
        let issuer = format!("https://{host}.us-east-1.amazonaws.com/us-east-1_A");
        let words = "write `\"userPoolId\": \"us-east-1_A\"`";
        assert_warning(&about_provider(json!({ "issuer": issuer })), "providers.issuer.issuer", words);
    }
    for issuer in [
        "https://cognito-idp.us-east-1.amazonaws.com",
        "https://cognito-idp.us-east-1.amazonaws.com/us-west-2_A",
        "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_A/",
        "https://cognito-idp.us-east-1.issuer.example/us-east-1_A",
    ] {
        assert_eq!(about_provider(json!({ "issuer": issuer })), [""; 0], "{issuer}");
    }
    let cognito = json!({ "userPoolId": "us-east-1_A", "tokenUse": "access", "clientId": "app" });
    assert_eq!(warnings(&configuration(cognito, json!({}))), [""; 0]);
}

#[test]
fn keys_of_the_configuration_that_are_not_used_are_named() {
    let keys = [KEY.jwk("k1"), merged(KEY.jwk("k2\n"), json!({ "use": "enc" }))];
    let about_keys = about_provider(json!({ "jwks": key_set(&keys) }));
    assert_warning(&about_keys, "providers.issuer.jwks", "the key `k2\u{fffd}` is not used: its `use` is not `sig`");
}

/// The warnings about a rule with these members, where there are these providers.
fn about_a_rule_for(providers: &[&str], members: Value) -> Vec<String> {
    let rule = merged(json!({ "match": { "path": "/{part}" } }), members);
    let provider = |name: &&str| {
        let issuer = format!("https://{name}.example");
        ((*name).to_owned(), json!({ "issuer": issuer, "audience": "images" }))
    };
    let providers: serde_json::Map<String, Value> = providers.iter().map(provider).collect();
    warnings(&json!({ "providers": providers, "rules": [rule] }))
}

#[test]
fn what_any_of_several_providers_may_say_is_named() {
    let both = ["partner", "staff"];
    let by_any = |requires: Value| about_a_rule_for(&both, json!({ "requires": requires }));
    for (requires, conditions) in [
        (json!({ "group": "admins" }), "a group"),
        (json!({ "scope": "read" }), "a scope"),
        (json!({ "claim": "sub", "equals": "{part}" }), "the claim `sub`"),
        (json!({ "emailDomain": "example.com" }), "a verified e-mail address"),
        (json!({ "not": { "group": "guests" } }), "a group"),
        (json!({ "all": [{ "group": "a" }, { "scope": "b" }, { "group": "c" }] }), "a group and a scope"),
        (json!({ "any": [{ "provider": "staff" }, { "group": "a" }] }), "a group"),
        (json!({ "all": [{ "group": "a" }, { "any": [{ "provider": "staff" }, { "clientIp": "::1" }] }] }), "a group"),
        (
            json!({ "any": [{ "all": [{ "provider": "staff" }, { "group": "a" }] }, { "claim": ["x", "y"], "equals": "b" }] }),
            "the claim `x` \u{2192} `y`",
        ),
    ] {
        let found = by_any(requires.clone());
        assert_warning(&found, "rules[0].requires", "any provider's word will do for");
        assert!(found[0].contains(&format!(" will do for {conditions}, that of ")), "{requires} {found:?}");
        assert!(found[0].contains("`partner` or `staff`"), "{found:?}");
        for named in [json!("staff"), json!(both)] {
            let members = json!({ "provider": named, "requires": requires });
            assert_eq!(about_a_rule_for(&both, members), [""; 0], "{requires}");
        }
        assert_eq!(about_a_rule_for(&["staff"], json!({ "requires": requires })), [""; 0], "{requires}");
    }
    for requires in [
        json!({ "provider": "staff" }),
        json!({ "all": [{ "group": "a" }, { "provider": "staff" }] }),
        json!({ "all": [{ "group": "a" }, { "not": { "provider": "partner" } }] }),
        json!({ "all": [{ "group": "a" }, { "any": [{ "provider": "staff" }, { "claim": "iss", "equals": "i" }] }] }),
        json!({ "all": [{ "any": [{ "group": "a" }, { "scope": "b" }] }, { "provider": "staff" }] }),
        json!({ "claim": "iss", "equals": "https://staff.example" }),
        json!({ "clientIp": "10.0.0.0/8" }),
    ] {
        assert_eq!(by_any(requires.clone()), [""; 0], "{requires}");
    }
    assert_eq!(about_a_rule_for(&both, json!({ "allow": "authenticated" })), [""; 0]);
    let address = json!({ "allow": "anyone", "requires": { "clientIp": "10.0.0.0/8" } });
    assert_eq!(about_a_rule_for(&both, address), [""; 0]);
}

#[test]
fn warnings_have_line_and_column() {
    let text = "{\n  \"providers\": { \"p\": { \"issuer\": \"https://x.example\",\n    \"audience\": null } },\n  \"rules\": [{ \"match\": { \"path\": \"/a\" }, \"allow\": \"anyone\" }]\n}";
    let authorizer = edge_authorizer_core::Authorizer::new(text).unwrap();
    assert_eq!(edge_authorizer_core::Authorizer::check(text).unwrap()[0].position, Some((3, 5)));
    assert_eq!(authorizer.opt_outs().len(), 1);
}

#[test]
fn what_is_logged_is_said_by_the_configuration() {
    let logging = |members: Value| authorizer(&rsa_configuration(members)).logging();
    let usual = logging(json!({}));
    assert_eq!((usual.level.as_str(), usual.info_share, usual.debug_share, usual.metrics), ("info", 1.0, 1.0, false));
    let other = logging(json!({ "logLevel": "debug", "logSample": { "info": 0.5, "debug": 0 }, "metrics": true }));
    assert_eq!((other.level.as_str(), other.info_share, other.debug_share, other.metrics), ("debug", 0.5, 0.0, true));
}

#[test]
fn a_share_of_what_is_not_logged_has_no_effect() {
    let sampled = |level: &str| {
        let members = json!({ "logLevel": level, "logSample": { "info": 0.1, "debug": 0.1 } });
        warnings(&rsa_configuration(members))
    };
    let unheard = |level: &str, of: &str| {
        format!("logSample.{of}: nothing is logged at this level, since `logLevel` is `{level}`")
    };
    assert_eq!(sampled("error"), [unheard("error", "info"), unheard("error", "debug")]);
    assert_eq!(sampled("info"), [unheard("info", "debug")]);
    assert_eq!(sampled("debug"), [""; 0]);
}

#[test]
fn what_is_written_as_elsewhere_is_named() {
    let rule = |path: &str, requires: Value| json!([{ "match": { "path": path }, "requires": requires }]);
    assert_eq!(
        about(rule("/users/:user/{*rest}", json!({ "group": "g" }))),
        ["rules[0].match.path: `:user` stands for itself: a capture is `{user}`"]
    );
    assert_eq!(
        about(rule("/thumbs/{rest}", json!({ "group": "g" }))),
        ["rules[0].match.path: `{rest}` is one segment: what is below it, too, is `/thumbs/{*rest}`"]
    );
    let dotted = json!({ "all": [{ "not": { "claim": "realm_access.roles", "contains": "a" } }] });
    let words = "`realm_access.roles` is one name with a dot in it: a member of `realm_access` is [\"realm_access\", \"roles\"]";
    assert_eq!(about(rule("/a", dotted)), [format!("rules[0].requires.all[0].not.claim: {words}")]);
    let groups = about_provider(json!({ "groupsClaim": "realm_access.roles" }));
    assert_eq!(groups, [format!("providers.issuer.groupsClaim: {words}")]);
    let header = json!({ "forward": { "claimToHeaders": { "x-roles": "realm_access.roles" } } });
    assert_eq!(warnings(&rsa_configuration(header)), [format!("forward.claimToHeaders.x-roles: {words}")]);
    for claim in [json!("com.example.role"), json!(["realm_access", "roles"]), json!("https://example.com/address.x")] {
        assert_eq!(about(rule("/a", json!({ "claim": claim, "contains": "a" }))), [""; 0], "{claim}");
    }
    let source = json!({ "header": "Authorization" });
    let words = "without a `scheme` the whole value is the token: `Bearer` before it would be a part of it";
    assert_eq!(warnings(&rsa_configuration(json!({ "token": [source] }))), [format!("token[0]: {words}")]);
    let own = json!([{ "match": { "path": "/a" }, "token": [{ "query": "t" }, source], "allow": "authenticated" }]);
    assert_eq!(about(own), [format!("rules[0].token[1]: {words}")]);
}

#[test]
fn a_text_that_is_called_as_a_capture_is_named() {
    let about =
        |requires: Value| about(json!([{ "match": { "path": "/{team}/{user}/{*rest}" }, "requires": requires }]));
    for (requires, place, name) in [
        (json!({ "group": "team" }), "rules[0].requires", "team"),
        (json!({ "claim": "sub", "equals": "user" }), "rules[0].requires", "user"),
        (json!({ "any": [{ "claim": "sub", "oneOf": ["a", "rest"] }] }), "rules[0].requires.any[0]", "rest"),
        (json!({ "not": { "emailDomain": ["a.example", "team"] } }), "rules[0].requires.not", "team"),
    ] {
        let words = format!("`{name}` stands for itself: did you mean `{{{name}}}`?");
        assert_eq!(about(requires), [format!("{place}: {words}")]);
    }
    for requires in [
        json!({ "group": "{team}" }),
        json!({ "group": "teams" }),
        json!({ "claim": "team", "equals": "{team}" }),
        json!({ "scope": "team" }),
    ] {
        assert_eq!(about(requires.clone()), [""; 0], "{requires}");
    }
}

#[test]
fn what_no_token_meets_is_named() {
    let pool = |name: &str, token_use: &str| json!({ "userPoolId": format!("us-east-1_{name}"), "tokenUse": token_use, "clientId": "app" });
    let about = |rule: Value| {
        let rule = merged(json!({ "match": { "path": "/a" }, "provider": ["staff", "partners", "apps"] }), rule);
        let providers = json!({ "staff": pool("A", "id"), "partners": pool("B", "id"), "apps": pool("C", "access") });
        warnings(&json!({ "providers": providers, "rules": [rule] }))
    };
    let scopes = "never met: Amazon Cognito gives scopes to access tokens only, and `tokenUse` is `id`";
    let tokens = "never met: the tokens that come here are those of `staff` only";
    let (staff, partners) = (json!({ "provider": "staff" }), json!({ "provider": "partners" }));
    for (rule, place, words) in [
        (json!({ "provider": "staff", "requires": { "scope": "s" } }), "rules[0].requires", scopes),
        (json!({ "provider": "staff", "requires": { "not": { "scope": "s" } } }), "rules[0].requires.not", scopes),
        (
            json!({ "requires": { "all": [{ "scope": "s" }, { "provider": ["staff", "partners"] }] } }),
            "rules[0].requires.all[0]",
            scopes,
        ),
        (json!({ "provider": "staff", "requires": partners }), "rules[0].requires", tokens),
        (json!({ "provider": "staff", "requires": { "any": [staff, partners] } }), "rules[0].requires.any[1]", tokens),
        (
            json!({ "requires": { "all": [staff, { "any": [partners, { "group": "g" }] }] } }),
            "rules[0].requires.all[1].any[0]",
            tokens,
        ),
    ] {
        assert_eq!(about(rule.clone()), [format!("{place}: {words}")], "{rule}");
    }
    for rule in [
        json!({ "requires": { "scope": "s" } }),
        json!({ "provider": "apps", "requires": { "scope": "s" } }),
        json!({ "requires": { "all": [{ "scope": "s" }, { "provider": "apps" }] } }),
        json!({ "requires": { "any": [{ "scope": "s" }, { "provider": "staff" }] } }),
        json!({ "requires": { "any": [staff, partners] } }),
        json!({ "provider": "staff", "requires": { "not": partners } }),
    ] {
        assert_eq!(about(rule.clone()), [""; 0], "{rule}");
    }
}

#[test]
fn what_no_transform_makes_is_named() {
    let about_claim = |members: Value| {
        let claim = merged(json!({ "claim": "c" }), members);
        about(json!([{ "match": { "path": "/{part}" }, "requires": claim }]))
    };
    let hash = "a3cf66963cec3d59abb731b6ce910c6e";
    for (members, text) in [
        (json!({ "as": "md5", "contains": "radiology" }), "nothing as `md5` is `radiology`"),
        (
            json!({ "as": "md5", "equals": hash.to_uppercase() }),
            &*format!("nothing as `md5` is `{}`", hash.to_uppercase()),
        ),
        (json!({ "as": "lower|sha256", "equals": hash }), &*format!("nothing as `lower|sha256` is `{hash}`")),
        (json!({ "as": "lower", "oneOf": ["a", "B"] }), "nothing as `lower` is `B`"),
        (json!({ "as": "upper", "equals": "a" }), "nothing as `upper` is `a`"),
    ] {
        assert_eq!(about_claim(members), [format!("rules[0].requires: never met: {text}")]);
    }
    for members in [
        json!({ "as": "md5", "contains": hash }),
        json!({ "as": "md5", "contains": "{part}" }),
        json!({ "as": "lower", "equals": "a\u{c9}" }),
        json!({ "equals": "B" }),
    ] {
        assert_eq!(about_claim(members.clone()), [""; 0], "{members}");
    }
}

/// The sign-in answers its own paths before any rule is asked.
#[test]
fn rules_that_the_sign_in_leaves_nothing_to_are_named() {
    let with = |sign_in: Value, path: &str| {
        let sign_in = merged(json!({ "cookieKey": { "file": "k" } }), sign_in);
        let rules = json!([
            { "match": { "path": path }, "requires": { "group": "a" } },
            { "match": { "path": "/{*rest}" }, "allow": "authenticated" },
        ]);
        warnings(&configuration(
            json!({ "issuer": "https://issuer.example", "audience": "c", "signIn": { "clientId": "c" } }),
            json!({ "signIn": sign_in, "rules": rules }),
        ))
    };
    for path in ["/parseauth", "/parseauth/{name}", "/refreshauth", "/signout", "/signout/done", "/signout/{*rest}"] {
        assert_warning(&with(json!({}), path), "rules[0].match.path", "this rule never decides");
    }
    for path in ["/parseauthor", "/parse{auth}", "/signouts/{part}", "/a/signout", "/{part}"] {
        assert_eq!(with(json!({}), path), [""; 0], "{path}");
    }
    assert_eq!(with(json!({ "signOutUrl": "/bye" }), "/signout"), [""; 0]);
    assert_warning(&with(json!({ "signOutUrl": "/bye" }), "/bye"), "rules[0].match.path", "`/bye`");
    let insecure = with(json!({ "cookieSettings": { "secure": false } }), "/a");
    assert_warning(&insecure, "signIn.cookieSettings.secure", "for development only");
}
