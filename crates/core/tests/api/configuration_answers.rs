//! What is wrong with `cors`, `pages` and `realm`, and what is said about it.

use serde_json::{Value, json};

use crate::support::configurations::{assert_problem, with};
use crate::support::problems;

fn cors(members: Value) -> Value {
    let mut right = json!({ "allowOrigins": ["https://app.example.com"] });
    right.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    with("/cors", right)
}

#[test]
fn origins_are_written_as_browsers_write_them() {
    for origin in [
        "https://app.example.com",
        "https://app.example.com:8443",
        "http://localhost:3000",
        "http://127.0.0.1",
        "http://[::1]:8080",
        "http://[::1]",
        "https://xn--bcher-kva.example",
        "capacitor://localhost",
        "chrome-extension://abcdefghijklmnop",
    ] {
        assert_eq!(problems(&cors(json!({ "allowOrigins": [origin] }))), Vec::<String>::new(), "{origin}");
    }
    for origin in [
        "",
        "null",
        "app.example.com",
        "https://app.example.com/",
        "https://app.example.com/app",
        "https://App.example.com",
        "HTTPS://app.example.com",
        "https://app.example.com:443",
        "http://app.example.com:80",
        "https://app.example.com:",
        "https://*.example.com",
        "https://user@app.example.com",
        "https://b\u{fc}cher.example",
        "https://a.example https://b.example",
        "https://",
        "://app.example.com",
        "https://a\r\nx: y",
    ] {
        let problems = problems(&cors(json!({ "allowOrigins": [origin] })));
        let [problem] = &problems[..] else { panic!("{origin:?}: {problems:?}") };
        assert!(problem.starts_with("cors.allowOrigins[0]: "), "{problem}");
        assert!(problem.contains("is no origin as browsers write it"), "{problem}");
    }
}

#[test]
fn any_origin_is_without_credentials_and_alone() {
    assert_eq!(problems(&cors(json!({ "allowOrigins": ["*"] }))), Vec::<String>::new());
    assert_problem(
        &cors(json!({ "allowOrigins": ["*"], "allowCredentials": true })),
        "cors.allowOrigins: `*` does not go with `allowCredentials`: browsers refuse it; name each origin",
    );
    assert_problem(
        &cors(json!({ "allowOrigins": ["*", "https://app.example.com"] })),
        "cors.allowOrigins: `*` is every origin: name no other beside it",
    );
    for nobody in [json!({}), json!({ "allowOrigins": [] })] {
        assert_problem(
            &with("/cors", nobody),
            "cors.allowOrigins: no origin: name those whose scripts may ask, `https://app.example.com` for one",
        );
    }
}

#[test]
fn headers_and_methods_are_named_one_by_one() {
    for key in ["allowHeaders", "exposeHeaders"] {
        for name in ["*", "x-*", "", "a b", "a,b", "a\r\nb"] {
            let problems = problems(&cors(json!({ key: ["x-right", name] })));
            let [problem] = &problems[..] else { panic!("{name:?}: {problems:?}") };
            assert!(problem.starts_with(&format!("cors.{key}: ")), "{problem}");
        }
    }
    assert_problem(
        &cors(json!({ "allowMethods": ["get"] })),
        "cors.allowMethods: unknown method `get`: CloudFront passes `GET`, `HEAD`, `OPTIONS`, `PUT`, `PATCH`, `POST`, `DELETE`",
    );
}

#[test]
fn an_answer_to_a_preflight_is_kept_for_a_day_at_most() {
    for seconds in [0, 1, 86_400] {
        assert_eq!(problems(&cors(json!({ "maxAgeSeconds": seconds }))), Vec::<String>::new());
    }
    for seconds in [-1, 86_401] {
        let expected = format!("cors.maxAgeSeconds: `{seconds}` seconds: from 0 to 86400 are allowed");
        assert_problem(&cors(json!({ "maxAgeSeconds": seconds })), &expected);
    }
}

#[test]
fn misspelt_keys_are_told_apart() {
    assert_problem(&cors(json!({ "allowOrigin": [] })), "cors.allowOrigin: unknown key: did you mean `allowOrigins`?");
}

#[test]
fn pages_are_for_the_statuses_of_refusals() {
    for status in ["400", "401", "403", "404", "405", "503"] {
        assert_eq!(problems(&with("/pages", json!({ status: "./page.html" }))), Vec::<String>::new(), "{status}");
    }
    for status in ["200", "402", "40", "+401", "0401", "4xx", "default"] {
        let place = if status == "+401" { "pages[\"+401\"]".to_owned() } else { format!("pages.{status}") };
        let expected =
            format!("{place}: a page is for one of the statuses `400`, `401`, `403`, `404`, `405` and `503`");
        assert_problem(&with("/pages", json!({ status: "./page.html" })), &expected);
    }
    for file in ["", "../401.html", "/etc/passwd", "a//b", "a\\b"] {
        let expected = format!(
            "pages.401: `{file}`: it has to be a file in the configuration's folder or below, as `./secret.txt` is"
        );
        assert_problem(&with("/pages", json!({ "401": file })), &expected);
    }
    assert_problem(&with("/pages", json!({ "401": {} })), "pages.401: this is an object, but has to be a string");
}

#[test]
fn a_realm_can_stand_in_a_header() {
    assert_eq!(problems(&with("/realm", json!("the image archive (2)"))), Vec::<String>::new());
    for realm in ["", "a\"b", "a\\b", "a\nb", "caf\u{e9}"] {
        assert_problem(
            &with("/realm", json!(realm)),
            "realm: a realm is printable ASCII without `\"` and `\\`: `image archive` for one",
        );
    }
}
