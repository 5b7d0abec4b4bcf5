//! What crosses the boundary: events of every shape in, edits and answers out.

use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{authorizer, json, message, request, text, value};
use crate::Authorizer;

const CONFIGURATION: &str = r#"{
  "providers": {"p": {"issuer": "https://issuer.example", "audience": "a"}},
  "token": [{"header": "authorization", "scheme": "Bearer"}, {"query": "token"}, {"cookie": "token"}],
  "rules": [{"name": "public", "match": {"path": "/public/{*rest}"}, "allow": "anyone"},
            {"name": "rest", "match": {"path": "/{*rest}"}, "allow": "authenticated"}],
  "forward": {"claimToHeaders": {"x-user": "sub"}}
}"#;

#[wasm_bindgen_test]
fn a_request_that_may_pass_is_edited_in_place() {
    let request = request(
        r#"{"clientIp":"192.0.2.1","method":"GET","uri":"/public/%C3%A9","querystring":"a=1&token=t&b=%20",
            "headers":{"host":[{"key":"Host","value":"h"}],
                       "authorization":[{"key":"Authorization","value":"Bearer t"}],
                       "cookie":[{"key":"Cookie","value":"a=1; token=t"},{"key":"cookie","value":"token=t"}],
                       "x-user":[{"key":"X-User","value":"root"}],"x_user":[{"value":"root"}]}}"#,
    );
    let outcome = authorizer(CONFIGURATION).authorize_viewer_request(&request, 0.0, false);
    let outcome = outcome.unwrap();
    assert_eq!(json(&outcome), r#"{"kind":"forward","code":"public","rule":"public","provider":null,"kid":null}"#);
    assert_eq!(
        json(&request),
        r#"{"clientIp":"192.0.2.1","method":"GET","uri":"/public/%C3%A9","querystring":"a=1&b=%20","headers":{"host":[{"key":"Host","value":"h"}],"cookie":[{"key":"Cookie","value":"a=1"}]}}"#
    );
}

/// Short and long ones, and such as need more bytes than JavaScript counts: nothing is cut off, nothing runs over.
#[wasm_bindgen_test]
fn texts_of_every_kind_cross_whole() {
    let authorizer = authorizer(CONFIGURATION);
    for kind in ["a", "\u{e9}", "\u{65e5}", "\u{1f600}", "\u{0}", "a\u{65e5}"] {
        for count in [0, 1, 13, 39, 40, 41, 1_000, 20_000, 3] {
            let text = kind.repeat(count);
            let method = format!("M{text}");
            let event = js_sys::Object::new();
            for (name, value) in [
                ("method", JsValue::from_str(&method)),
                ("uri", "/public/a".into()),
                ("querystring", format!("x={text}&token=t&y={text}").replace('\0', "%00").into()),
                ("headers", value(r#"{"cookie":[{"value":"a=1"},{"value":"token=t"}],"authorization":[]}"#)),
            ] {
                js_sys::Reflect::set(&event, &name.into(), &value).unwrap();
            }
            let outcome = authorizer.authorize_viewer_request(&event.clone().unchecked_into(), 0.0, true);
            assert_eq!(self::text(&outcome.unwrap(), "code").as_deref(), Some("method_not_allowed"));
            js_sys::Reflect::set(&event, &"method".into(), &"GET".into()).unwrap();
            let outcome = authorizer.authorize_viewer_request(&event.clone().unchecked_into(), 0.0, true);
            assert_eq!(self::text(&outcome.unwrap(), "code").as_deref(), Some("public"));
            let expected = format!("x={text}&y={text}").replace('\0', "%00");
            assert_eq!(self::text(&event, "querystring"), Some(expected));
        }
    }
}

#[wasm_bindgen_test]
fn a_refusal_is_a_response_that_cloudfront_takes_and_the_request_stays() {
    let text_of_request =
        r#"{"method":"GET","uri":"/a","querystring":"x","headers":{"accept":[{"value":"text/plain"}]}}"#;
    let request = request(text_of_request);
    let outcome = authorizer(CONFIGURATION).authorize_viewer_request(&request, 0.0, false);
    let outcome = outcome.unwrap();
    assert_eq!(text(&outcome, "code").as_deref(), Some("credentials_missing"));
    let response = js_sys::Reflect::get(&outcome, &"response".into()).unwrap();
    assert_eq!(text(&response, "status").as_deref(), Some("401"));
    assert!(json(&response).contains(r#""www-authenticate":[{"key":"www-authenticate","value":"Bearer"}]"#));
    assert_eq!(text(&response, "body").as_deref(), Some("401 Unauthorized: This needs a valid token.\n"));
    assert_eq!(json(&request), text_of_request);
}

#[wasm_bindgen_test]
fn an_event_that_cloudfront_does_not_send_is_an_error() {
    let authorizer = authorizer(CONFIGURATION);
    let error = |event: JsValue| message(authorizer.authorize_viewer_request(&event.unchecked_into(), 0.0, true));
    assert_eq!(error(JsValue::UNDEFINED), "`request.headers` is not an object");
    for (event, expected) in [
        ("{}", "`request.headers` is not an object"),
        (r#"{"headers":[]}"#, "`request.headers` is not an object"),
        (r#"{"headers":{}}"#, "`request.method` is not a string"),
        (r#"{"headers":{},"method":"GET"}"#, "`request.uri` is not a string"),
        (r#"{"headers":{},"method":"GET","uri":7}"#, "`request.uri` is not a string"),
        (r#"{"headers":{},"method":"GET","uri":["/public/a"]}"#, "`request.uri` is not a string"),
        (r#"{"headers":{},"method":"GET","uri":"/a","querystring":null}"#, "`request.querystring` is not a string"),
        (
            r#"{"headers":{"authorization":"Bearer t"},"method":"GET","uri":"/a"}"#,
            "`request.headers.authorization` is not an array of {key, value}",
        ),
        (
            r#"{"headers":{"cookie":[{"value":7}]},"method":"GET","uri":"/a"}"#,
            "`request.headers.cookie` is not an array of {key, value}",
        ),
    ] {
        assert_eq!(error(value(event)), expected, "{event}");
    }
}

#[wasm_bindgen_test]
fn a_time_that_is_none_decides_nothing() {
    let authorizer = authorizer(CONFIGURATION);
    for now in [f64::NAN, f64::INFINITY, -1.0] {
        let public = request(r#"{"method":"GET","uri":"/public/a","querystring":"","headers":{}}"#);
        let error = message(authorizer.authorize_viewer_request(&public, now, true));
        assert_eq!(error, "`now` is not a number of seconds since 1970");
    }
}

#[wasm_bindgen_test]
fn missing_keys_are_asked_for_once_and_refused_then() {
    // {"alg":"RS256","kid":"k"}.{"iss":"https://issuer.example"}.
    let request = request(
        r#"{"method":"GET","uri":"/a","querystring":"token=eyJhbGciOiJSUzI1NiIsImtpZCI6ImsifQ.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIn0.","headers":{}}"#,
    );
    let authorizer = authorizer(CONFIGURATION);
    let outcome = |keys_are_final| json(&authorizer.authorize_viewer_request(&request, 0.0, keys_are_final).unwrap());
    assert_eq!(outcome(false), r#"{"kind":"keys-needed","provider":"p","kid":null}"#);
    assert!(
        outcome(true).contains(
            r#""kind":"respond","code":"keys_unavailable","rule":"rest","provider":"p","kid":"k","status":503"#
        )
    );
}

#[wasm_bindgen_test]
fn explaining_decides_the_same_and_says_why() {
    let request = request(r#"{"method":"POST","uri":"/public/a","querystring":"","headers":{}}"#);
    let outcome = authorizer(CONFIGURATION).explain_viewer_request(&request, 0.0).unwrap();
    let outcome = json(&outcome);
    assert!(outcome.contains(r#""kind":"respond","code":"method_not_allowed""#), "{outcome}");
    assert!(
        outcome.contains(
            r#"{"depth":1,"outcome":"skipped","text":"rule `public`: path `/public/{*rest}`, but for GET, HEAD only"}"#
        ),
        "{outcome}"
    );
}

#[wasm_bindgen_test]
fn a_configuration_is_checked_with_places() {
    let report = Authorizer::check("{\n  \"providrs\": {}\n}").map_err(JsValue::from).unwrap();
    assert_eq!(
        json(&report),
        r#"{"errors":[{"place":"providrs","line":2,"column":3,"message":"unknown key: did you mean `providers`?"}],"warnings":[]}"#
    );
    assert!(message(Authorizer::new("[]")).contains("this is an array, but has to be an object"));
    assert!(message(Authorizer::new("{")).starts_with("not the JSON that a configuration is written in"));
}
