//! Token sources, rules and identity headers that are refused.

use edge_authorizer_core::Authorizer;
use serde_json::json;

use crate::support::configurations::{assert_problem, requiring, with};
use crate::support::problems;

#[test]
fn a_token_source_is_one_place_with_a_name() {
    for (source, expected) in [
        (json!({}), "name one of `header`, `query` and `cookie`"),
        (json!({ "header": "a", "query": "b" }), "name one of `header`, `query` and `cookie`"),
        (json!({ "header": "a", "query": "b", "cookie": "c" }), "name one of `header`, `query` and `cookie`"),
        (json!({ "header": "" }), "`` is no name for a header"),
        (json!({ "header": "a b" }), "`a b` is no name for a header"),
        (json!({ "header": "a:" }), "`a:` is no name for a header"),
        (json!({ "header": "Cookie" }), "a token in a cookie is `{\"cookie\": \"name\"}`"),
        (json!({ "header": "x", "scheme": "" }), "`` is no authentication scheme, as `Bearer` is one"),
        (json!({ "header": "x", "scheme": "a b" }), "`a b` is no authentication scheme, as `Bearer` is one"),
        (json!({ "scheme": "Bearer" }), "`scheme` goes with `header` only"),
        (json!({ "query": "x", "scheme": "Bearer" }), "`scheme` goes with `header` only"),
        (json!({ "query": "" }), "the query parameter has an empty name"),
        (json!({ "cookie": "" }), "`` is no name for a cookie"),
        (json!({ "cookie": "a=b" }), "`a=b` is no name for a cookie"),
        (json!({ "cookie": "a;b" }), "`a;b` is no name for a cookie"),
    ] {
        assert_problem(&with("/token/1", source), &format!("token[1]: {expected}"));
    }
}

#[test]
fn paths_are_patterns_that_some_canonical_path_can_match() {
    for path in [
        "",
        "a",
        "/a//b",
        "//",
        "/./a",
        "/a/..",
        "/a%20b",
        "/a?b",
        "/a#b",
        "/a\\b",
        "/a\nb",
        "/*",
        "/a/*",
        "/{*r}/a",
        "/a{*r}",
        "/{}",
        "/{*}",
        "/{a}{b}",
        "/{a}/{a}",
        "/{a",
        "/a}",
        "/{a b}",
        "/{1}",
        "/{a|md5}",
        "/{{a}}",
        "/:a",
        "https://host/a",
    ] {
        // `/:a` is a pattern: no wildcard but `{}`.
        let problems = problems(&with("/rules/0/match/path", json!(path)));
        let expected = usize::from(path != "/:a");
        assert_eq!(problems.len(), expected, "{path}: {problems:?}");
        assert!(problems.iter().all(|problem| problem.starts_with("rules[0].match.path: ")), "{path}: {problems:?}");
    }
    assert_problem(
        &with("/rules/0/match", json!({})),
        "rules[0].match: `path` is missing: `\"path\": \"/{*rest}\"` matches every path but `/`",
    );
    assert_problem(
        &with("/rules/0", json!({ "allow": "anyone" })),
        "rules[0]: `match` is missing: `\"match\": {\"path\": \"/users/{user}/{*rest}\"}` for one",
    );
}

#[test]
fn rules_say_who_may_pass_with_which_methods_under_which_name() {
    for (pointer, value, expected) in [
        ("/rules/0/allow", json!("Anyone"), "rules[0].allow: unknown value `Anyone`: did you mean `anyone`?"),
        (
            "/rules/0/allow",
            json!("x"),
            "rules[0].allow: unknown value `x`: it is `anyone` or `authenticated` (whoever has a valid token)",
        ),
        (
            "/rules/0/requires",
            json!({ "group": "g" }),
            "rules[0]: `requires` asks for a valid token, too: leave `allow` out",
        ),
        ("/rules/0/name", json!(""), "rules[0].name: a name has at least one character, and no control characters"),
        ("/rules/0/name", json!("a\nb"), "rules[0].name: a name has at least one character, and no control characters"),
        (
            "/rules/1",
            json!({ "name": "all", "match": { "path": "/b" }, "allow": "anyone" }),
            "rules[1].name: another rule is called `all`: logs could not tell them apart",
        ),
        ("/authorization", json!("none"), "authorization: unknown value `none`: it is `on` or `off`"),
        ("/logLevel", json!("Debug"), "logLevel: unknown level `Debug`: did you mean `debug`?"),
        ("/logLevel", json!("warn"), "logLevel: unknown level `warn`: the levels are `error`, `info`, `debug`"),
        ("/logSample", json!({ "info": 1.01 }), "logSample.info: a share is from 0 to 1: 0.01 for one of a hundred"),
        ("/logSample", json!({ "debug": -1 }), "logSample.debug: a share is from 0 to 1: 0.01 for one of a hundred"),
        ("/logSample", json!({ "warn": 1 }), "logSample.warn: unknown key: the keys here are `info`, `debug`"),
    ] {
        assert_problem(&with(pointer, value), expected);
    }
    for method in ["get", "GET ", "TRACE", "*", ""] {
        let problems = problems(&with("/rules/0/match/methods", json!(["GET", method])));
        assert!(
            problems.len() == 1
                && problems[0].starts_with(&format!("rules[0].match.methods: unknown method `{method}`")),
            "{problems:?}"
        );
    }
}

/// 18446744073709551616 and 18446744073709551617 are read as one number: the one's claim would meet what the other's has to.
#[test]
fn a_number_that_is_rounded_is_compared_with_nothing() {
    let problems_with = |number: &str| {
        let configuration = crate::support::rsa_configuration(
            json!({ "rules": [{ "match": { "path": "/" }, "requires": { "claim": "id", "oneOf": [1, "NUMBER"] } }] }),
        );
        let text = configuration.to_string().replace("\"NUMBER\"", number);
        Authorizer::new(&text).err().unwrap_or_default().iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    for number in
        ["9007199254740993", "18446744073709551615", "-9223372036854775808", "9007199254740991.0", "0.1", "-0"]
    {
        assert_eq!(problems_with(number), [""; 0], "{number}");
    }
    for number in
        ["18446744073709551616", "18446744073709551617", "-9223372036854775809", "9007199254740992.0", "-1e16", "1e300"]
    {
        let problems = problems_with(number);
        assert!(problems.len() == 1 && problems[0].contains("oneOf[1]: a number like that is rounded"), "{problems:?}");
    }
}

#[test]
fn requirements_are_of_one_kind_and_never_empty() {
    let kinds = "name one of `claim`, `group`, `scope`, `provider`, `emailDomain`, `clientIp`, `time`, `all`, `any`, `not`; several go into `all`";
    let tests = "`claim` goes with one of `equals`, `oneOf`, `contains`, `startsWith`";
    let values = "a claim is compared with a string, a number or a boolean";
    for (requirement, expected) in [
        (json!({}), format!("rules[0].requires: {kinds}")),
        (json!({ "group": "g", "scope": "s" }), format!("rules[0].requires: {kinds}")),
        (json!({ "not": {} }), format!("rules[0].requires.not: {kinds}")),
        (json!({ "equals": "a" }), format!("rules[0].requires: {kinds}")),
        (json!({ "all": [] }), "rules[0].requires.all: the list is empty: name at least one".to_owned()),
        (json!({ "any": [] }), "rules[0].requires.any: the list is empty: name at least one".to_owned()),
        (
            json!({ "all": [{ "any": [] }] }),
            "rules[0].requires.all[0].any: the list is empty: name at least one".to_owned(),
        ),
        (json!({ "claim": "c" }), format!("rules[0].requires: {tests}")),
        (json!({ "claim": "c", "equals": "a", "contains": "b" }), format!("rules[0].requires: {tests}")),
        (
            json!({ "group": "g", "equals": "a" }),
            "rules[0].requires: `as`, `equals`, `oneOf`, `contains`, `startsWith` go with `claim`".to_owned(),
        ),
        (json!({ "claim": "", "equals": 1 }), "rules[0].requires.claim: the name is empty".to_owned()),
        (json!({ "group": "" }), "rules[0].requires.group: the name is empty".to_owned()),
        (
            json!({ "claim": "c", "oneOf": [] }),
            "rules[0].requires.oneOf: the list is empty: name at least one".to_owned(),
        ),
        (json!({ "claim": "c", "equals": null }), format!("rules[0].requires.equals: {values}")),
        (
            json!({ "claim": "c", "equals": ["a"] }),
            format!("rules[0].requires.equals: {values}; for one of several there is `oneOf`"),
        ),
        (json!({ "claim": "c", "contains": {} }), format!("rules[0].requires.contains: {values}")),
        (json!({ "claim": "c", "oneOf": ["a", null] }), format!("rules[0].requires.oneOf[1]: {values}")),
        (
            json!({ "scope": "" }),
            "rules[0].requires.scope: `` is not one scope: for several use `all` or `any`".to_owned(),
        ),
        (
            json!({ "scope": "a b" }),
            "rules[0].requires.scope: `a b` is not one scope: for several use `all` or `any`".to_owned(),
        ),
        (
            json!({ "claim": "c", "equals": "{user}" }),
            "rules[0].requires.equals: `{user}` is no capture of the rule's path: it has `{u}`".to_owned(),
        ),
        (json!({ "claim": "c", "equals": "{" }), "rules[0].requires.equals: a `{` without `}` after it".to_owned()),
        (json!({ "group": "}" }), "rules[0].requires.group: a `}` without `{` before it".to_owned()),
    ] {
        assert_problem(&requiring(requirement), &expected);
    }
    for quoted in ["a\"b", "a\\b", "\u{e9}", "a\n"] {
        let problems = problems(&requiring(json!({ "scope": quoted })));
        assert!(problems.len() == 1 && problems[0].contains("is not one scope"), "{problems:?}");
    }
}

#[test]
fn conditions_say_what_can_be_met() {
    for (requirement, expected) in [
        (json!({ "claim": [], "equals": 1 }), ".claim: the name is empty"),
        (json!({ "claim": ["a", ""], "equals": 1 }), ".claim: the name is empty"),
        (json!({ "claim": ["a", 1], "equals": 1 }), ".claim[1]: this is a number, but has to be a string"),
        (
            json!({ "claim": "c", "as": "md4", "equals": "x" }),
            ".as: `md4` is no transform: there are `lower`, `upper`, `md5`, `sha256`",
        ),
        (json!({ "claim": "c", "as": "md5", "equals": 1 }), ".equals: `as` makes a string: compare it with one"),
        (
            json!({ "claim": "c", "as": "md5", "oneOf": ["a", true] }),
            ".oneOf[1]: `as` makes a string: compare it with one",
        ),
        (json!({ "group": "a", "as": "md5" }), ": `as`, `equals`, `oneOf`, `contains`, `startsWith` go with `claim`"),
        (
            json!({ "claim": "c", "equals": "{u|sha1}" }),
            ".equals: `sha1` is no transform: there are `lower`, `upper`, `md5`, `sha256`",
        ),
        (
            json!({ "claim": "c", "equals": "{u}{u}" }),
            ".equals: two captures side by side: where the one ends and the other begins is anybody's guess",
        ),
        (
            json!({ "claim": "c", "startsWith": "a/{u}" }),
            ".startsWith: it ends with text of its own: what a capture stands for is the viewer's choice, down to one letter",
        ),
        (
            json!({ "claim": "c", "startsWith": "" }),
            ".startsWith: it ends with text of its own: what a capture stands for is the viewer's choice, down to one letter",
        ),
        (json!({ "claim": "c", "startsWith": 1 }), ".startsWith: this is a number, but has to be a string"),
        (json!({ "provider": [] }), ".provider: the list is empty: name at least one"),
        (json!({ "provider": "isuer" }), ".provider: no provider is called `isuer`: did you mean `issuer`?"),
        (json!({ "provider": "x" }), ".provider: no provider is called `x`: there are `issuer`"),
        (json!({ "emailDomain": "" }), ".emailDomain: the name is empty"),
        (json!({ "emailDomain": [] }), ".emailDomain: the list is empty: name at least one"),
        (
            json!({ "emailDomain": ["a@b.example"] }),
            ".emailDomain[0]: `a@b.example` is no domain: `example.com` is one, without what stands before the `@`",
        ),
        (json!({ "clientIp": [] }), ".clientIp: the list is empty: name at least one"),
        (
            json!({ "clientIp": "10.0.0.0/40" }),
            ".clientIp: `10.0.0.0/40` is no range of addresses, as `192.0.2.0/24` and `2001:db8::/32` are",
        ),
        (
            json!({ "clientIp": "10.0.0.1/8" }),
            ".clientIp: `10.0.0.1/8` has bits after its prefix: it is one address, or its prefix is longer",
        ),
        (json!({ "clientIp": "::ffff:10.0.0.1" }), ".clientIp: `::ffff:10.0.0.1` is for IPv4 addresses: write these"),
        (json!({ "time": {} }), ".time: name one of `notBefore` and `notAfter`, or both"),
        (
            json!({ "time": { "notBefore": "tomorrow" } }),
            ".time.notBefore: `tomorrow` is no point in time, as `2026-09-01T08:00:00Z` and `2026-09-01T10:00:00+02:00` are",
        ),
        (
            json!({ "time": { "notBefore": "2026-01-01T00:00:00Z", "notAfter": "2026-01-01T00:00:00+01:00" } }),
            ".time: `notBefore` comes after `notAfter`: no time is in between",
        ),
        (
            json!({ "time": { "from": "x", "notAfter": "2026-01-01T00:00:00Z" } }),
            ".time.from: unknown key: the keys here are `notBefore`, `notAfter`",
        ),
    ] {
        assert_problem(&requiring(requirement), &format!("rules[0].requires{expected}"));
    }
}

#[test]
fn what_a_rule_has_of_its_own_makes_sense() {
    let rule = |members: serde_json::Value| {
        let right = json!({ "match": { "path": "/a" } });
        with("/rules/0", crate::support::tokens::merged(right, members))
    };
    for (members, expected) in [
        (
            json!({ "match": { "path": "/a", "host": [] }, "allow": "anyone" }),
            ".match.host: no host at all: leave `host` out for every host",
        ),
        (
            json!({ "match": { "path": "/a", "host": "Example.com" }, "allow": "anyone" }),
            ".match.host: `Example.com` is no host name: lower case, no port, and `*` only in front, as in `app.example.com` and `*.example.com`",
        ),
        (
            json!({ "allow": "authenticated", "provider": "x" }),
            ".provider: no provider is called `x`: there are `issuer`",
        ),
        (
            json!({ "allow": "authenticated", "token": [] }),
            ".token: no place to look for a token: name a `header`, a `query` parameter or a `cookie`",
        ),
        (json!({ "allow": "authenticated", "token": [{}] }), ".token[0]: name one of `header`, `query` and `cookie`"),
        (
            json!({ "allow": "anyone", "token": [{ "query": "t" }] }),
            ": `provider` and `token` are of no use where `allow` is `anyone`: no token is looked for",
        ),
        (
            json!({ "allow": "anyone", "provider": "issuer" }),
            ": `provider` and `token` are of no use where `allow` is `anyone`: no token is looked for",
        ),
        (
            json!({ "allow": "anyone", "onFailure": "hide" }),
            ".onFailure: unknown value `hide`: it is `refuse` (401 or 403) or `notFound` (404)",
        ),
        (
            json!({ "allow": "anyone", "requires": { "any": [{ "clientIp": "::1" }, { "group": "a" }] } }),
            ".requires: where `allow` is `anyone`, no token is looked for: only `clientIp` and `time` can be required",
        ),
    ] {
        assert_problem(&rule(members), &format!("rules[0]{expected}"));
    }
}

#[test]
fn threat_40_identity_headers_have_names_that_a_function_may_set() {
    for header in [
        "Host",
        "via",
        "Content-Length",
        "Transfer-Encoding",
        "CDN-Loop",
        "Connection",
        "Cookie",
        "Upgrade",
        "Expect",
        "X-Amz-Cf-Id",
        "x-edge-x",
        "CloudFront-Viewer-Country",
        "X-Real-IP",
        "X-Forwarded-Proto",
        "X-Cache",
        "X-Accel-Redirect",
        "Proxy-Authorization",
    ] {
        let lower = header.to_ascii_lowercase();
        let expected = format!(
            "forward.claimToHeaders.{header}: CloudFront does not let a function set `{lower}`: choose another name, `x-user` for one"
        );
        assert_problem(&with("/forward/claimToHeaders", json!({ header: "sub" })), &expected);
    }
    let authorization = problems(&with("/forward/claimToHeaders", json!({ "Authorization": "sub" })));
    assert!(authorization.len() == 1 && authorization[0].contains("to an origin it is a credential"));
    for header in ["", "x user", "x:", "x\n", "\u{e9}"] {
        let problems = problems(&with("/forward/claimToHeaders", json!({ header: "sub" })));
        assert!(problems.len() == 1 && problems[0].contains("is no name for a header"), "{problems:?}");
    }
    assert_problem(
        &with("/forward/claimToHeaders", json!({ "x-user": "" })),
        "forward.claimToHeaders.x-user: the name is empty",
    );
    let twice = json!({ "x-user": "sub", "X-User": "email" });
    assert_problem(
        &with("/forward/claimToHeaders", twice),
        "forward.claimToHeaders.x-user: the header `x-user` is named twice",
    );
}

#[test]
fn threat_40_two_identity_headers_are_not_one_to_the_origin() {
    let twice = json!({ "x-user": "sub", "x_user": "email" });
    assert_eq!(problems(&with("/forward/claimToHeaders", twice)).len(), 1);
}
