//! What `check` says of rules in their order: those that are never reached, and those that open what others guard.

use serde_json::{Value, json};

use crate::support::{rsa_configuration, warnings, warnings_about as about};

fn about_rules(rules: &[(&str, Value)]) -> Vec<String> {
    let rules = rules
        .iter()
        .map(|(path, methods)| json!({ "match": { "path": path, "methods": methods }, "allow": "authenticated" }));
    warnings(&rsa_configuration(json!({ "rules": rules.collect::<Vec<_>>() })))
}

#[test]
fn rules_that_can_never_decide_are_named() {
    let get = || json!(["GET"]);
    for (earlier, later) in [
        ("/{*rest}", "/a"),
        ("/{*rest}", "/a/{*more}"),
        ("/a/{x}", "/a/{y}"),
        ("/a/{x}", "/a/b.png"),
        ("/a/{x}.png", "/a/b{x}.png"),
        ("/a", "/a"),
    ] {
        let expected =
            format!("rules[1]: never reached: `rules[0]` (`{earlier}`) comes first and matches all that it matches");
        assert_eq!(about_rules(&[(earlier, get()), (later, get())]), [expected]);
    }
    for (earlier, later) in [
        ("/{*rest}", "/"),
        ("/a/{*rest}", "/a"),
        ("/a/{*rest}", "/a/"),
        ("/a/b", "/a/{x}"),
        ("/a/{x}.png", "/a/{x}"),
        ("/a/{x}", "/a/{*rest}"),
        ("/a", "/A"),
        ("/a/{x}", "/b/{x}"),
    ] {
        assert_eq!(about_rules(&[(earlier, get()), (later, get())]), [""; 0], "{earlier} {later}");
    }
    assert_eq!(about_rules(&[("/{*rest}", get()), ("/a", json!(["HEAD"]))]).len(), 1);
    assert_eq!(about_rules(&[("/{*rest}", json!(["HEAD"])), ("/a", get())]).len(), 0);
    assert_eq!(about_rules(&[("/{*rest}", json!(["PUT"])), ("/a", get())]).len(), 0);
}

#[test]
fn writing_by_anyone_is_named() {
    let rule = json!({ "match": { "path": "/a", "methods": ["GET", "PUT"] }, "allow": "anyone" });
    let about_rule = warnings(&rsa_configuration(json!({ "rules": [rule] })));
    assert_eq!(about_rule, ["rules[0].match.methods: anyone may send GET, HEAD, PUT"]);
}

#[test]
fn what_lies_beside_a_guarded_prefix_and_is_open_is_named() {
    let guarded = json!({ "match": { "path": "/admin/{*rest}" }, "allow": "authenticated" });
    let open = json!({ "match": { "path": "/{*rest}" }, "allow": "anyone" });
    let about = |rules: &[&Value]| warnings(&rsa_configuration(json!({ "rules": rules })));
    assert_eq!(
        about(&[&guarded, &open]),
        [
            "rules[1].match.path: anyone sees whatever no rule before it guards, so also `/admin/` and `/admin`: guard these, \
          too, or name what is open"
        ]
    );
    assert_eq!(about(&[&guarded]), [""; 0]);
    assert_eq!(about(&[&open]), [""; 0]);
    let stem = json!({ "match": { "path": "/admin" }, "allow": "authenticated" });
    assert_eq!(
        about(&[&stem, &guarded, &open]),
        [
            "rules[2].match.path: anyone sees whatever no rule before it guards, so also `/admin/`: guard that, too, or name \
          what is open"
        ]
    );
    let slash = json!({ "match": { "path": "/admin/" }, "allow": "authenticated" });
    assert_eq!(about(&[&guarded, &stem, &slash, &open]), [""; 0]);
    // Where `location /admin/` of nginx is meant.
    assert_eq!(
        about(&[&slash, &open]),
        [
            "rules[1].match.path: anyone sees whatever no rule before it guards, so also `/admin/{*rest}`: guard that, too, \
          or name what is open"
        ]
    );
    assert_eq!(about(&[&slash]), [""; 0]);
    // What has an open rule of its own is meant to be open.
    let everything = json!({ "match": { "path": "/{*rest}" }, "allow": "authenticated" });
    let opened = |path: &str| json!({ "match": { "path": path }, "allow": "anyone" });
    assert_eq!(about(&[&opened("/"), &everything]), [""; 0]);
    assert_eq!(about(&[&opened("/admin"), &slash, &opened("/admin/{*rest}")]), [""; 0]);
}

#[test]
fn a_rule_that_opens_everything_before_others_are_asked_is_named_first() {
    let rule = |path: &str, methods: Value| json!({ "match": { "path": path, "methods": methods }, "requires": { "group": "g" } });
    let get = || json!(["GET"]);
    let open = || json!({ "match": { "path": "/{*rest}" }, "allow": "anyone" });
    let logo = || json!({ "match": { "path": "/logo.png" }, "allow": "anyone" });
    let first =
        |index: usize| format!("rules[{index}]: anyone may see every path but `/`, whatever the rules after it say");
    let unreached = |index: usize, open: usize| {
        format!(
            "rules[{index}]: never reached: `rules[{open}]` (`/{{*rest}}`) comes first and matches all that it matches"
        )
    };
    assert_eq!(
        about(json!([open(), rule("/a/{*rest}", get()), rule("/{*rest}", get())])),
        [first(0), unreached(1, 0), unreached(2, 0)]
    );
    assert_eq!(about(json!([open(), rule("/a/{*rest}", json!(["GET", "PUT"]))])), [first(0)]);
    assert_eq!(about(json!([logo(), open(), rule("/a/{x}", get())])), [first(1), unreached(2, 1)]);
    for unopened in [
        json!([open(), rule("/", get())]),
        json!([open(), rule("/a/{*rest}", json!(["PUT"]))]),
        json!([rule("/a/{x}", get()), open(), rule("/b/{x}", json!(["GET", "PUT"]))]),
    ] {
        let found = about(unopened);
        assert!(!found.iter().any(|warning| warning.contains("every path but")), "{found:?}");
    }
}

/// A rule for everything else, open to anyone, lies beside each guarded part of a site.
#[test]
fn an_open_rule_is_named_once_for_all_that_it_opens() {
    let guarded = |path: &str| json!({ "match": { "path": path }, "allow": "authenticated" });
    let open = |path: &str| json!({ "match": { "path": path }, "allow": "anyone" });
    assert_eq!(
        about(json!([guarded("/a/{*rest}"), guarded("/b/{x}/{*rest}"), open("/{*rest}"), guarded("/never/{*rest}")])),
        [
            "rules[3]: never reached: `rules[2]` (`/{*rest}`) comes first and matches all that it matches",
            "rules[2].match.path: anyone sees whatever no rule before it guards, so also `/a/`, `/a`, `/b/{x}/` and \
             `/b/{x}`: guard these, too, or name what is open",
        ]
    );
    let on_a_host = json!({ "match": { "path": "/a/{*rest}", "host": "a.example" }, "allow": "authenticated" });
    let twice = about(json!([on_a_host, guarded("/b/{*rest}"), guarded("/a/{*rest}"), open("/{*rest}")]));
    assert_eq!(twice.concat().matches("`/a/`").count(), 1, "{twice:?}");
    assert_eq!(
        about(json!([open("/{app}/public/{*rest}"), guarded("/a/{*rest}"), guarded("/b/{*rest}"), guarded("/c")])),
        ["rules[0].match.path: anyone passes here, before `rules[1]` (`/a/{*rest}`) and `rules[2]` (`/b/{*rest}`) \
          are asked, which guard some of the same paths"]
    );
}

#[test]
fn rules_for_other_hosts_are_reached() {
    let rule = |host: Value| json!({ "match": { "path": "/{*rest}", "host": host }, "allow": "authenticated" });
    let any_host = json!({ "match": { "path": "/{*rest}" }, "allow": "authenticated" });
    for (earlier, later, unreached) in [
        (rule(json!("a.example")), rule(json!("b.example")), false),
        (rule(json!("a.example")), any_host.clone(), false),
        (rule(json!("a.example")), rule(json!(["a.example", "b.example"])), false),
        (rule(json!(["a.example", "b.example"])), rule(json!("b.example")), true),
        (rule(json!("*.example")), rule(json!(["a.example", "*.b.example"])), true),
        (any_host, rule(json!("a.example")), true),
    ] {
        let found = about(json!([earlier, later]));
        assert_eq!(found.len(), usize::from(unreached), "{earlier} {later} {found:?}");
    }
}

#[test]
fn what_is_open_below_a_guarded_prefix_is_named() {
    let open = |path: &str| json!({ "match": { "path": path }, "allow": "anyone" });
    let guarded = |path: &str| json!({ "name": "g", "match": { "path": path }, "requires": { "group": "g" } });
    for path in ["/admin/public/{*rest}", "/{app}/public/{*rest}", "/admin/{x}.css", "/{a}/{b}"] {
        let expected = "rules[0].match.path: anyone passes here, before `g` (`/admin/{*rest}`) is asked, which guards some of the same paths";
        assert_eq!(about(json!([open(path), guarded("/admin/{*rest}")])), [expected], "{path}");
    }
    // What a rule for everything guards, is what is left.
    assert_eq!(about(json!([open("/public/{*rest}"), guarded("/{*rest}")])), [""; 0]);
    assert_eq!(about(json!([open("/public/{*rest}"), guarded("/admin/{*rest}")])), [""; 0]);
    assert_eq!(about(json!([guarded("/admin/{x}"), open("/admin/{x}/{*rest}")])), [""; 0]);
    let conditional = json!({ "match": { "path": "/admin/a" }, "allow": "anyone", "requires": { "clientIp": "::1" } });
    assert_eq!(about(json!([conditional, guarded("/admin/{*rest}")])), [""; 0]);
    let put = json!({ "match": { "path": "/admin/a", "methods": ["PUT"] }, "requires": { "group": "g" } });
    assert_eq!(about(json!([open("/admin/a"), put])), [""; 0]);
    let elsewhere = json!({ "match": { "path": "/admin/a", "host": "b.example" }, "requires": { "group": "g" } });
    let here = json!({ "match": { "path": "/admin/a", "host": "a.example" }, "allow": "anyone" });
    assert_eq!(about(json!([here, elsewhere])), [""; 0]);
}
