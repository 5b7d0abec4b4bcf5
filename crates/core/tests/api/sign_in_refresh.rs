//! A session whose tokens are renewed.

use serde_json::json;

use crate::support::NOW;
use crate::support::sign_in::{
    Browser, Url, fetch, id_token, location, ours, session_cookies, signed_in, tokens, told,
};

#[test]
fn what_a_refresh_makes_smaller_leaves_no_cookie_behind() {
    let authorizer = ours();
    let mut browser = Browser::new(&authorizer);
    let at_provider = Url::of(&browser.open("/a"));
    browser.come_back(&at_provider, json!({ "refresh_token": "r".repeat(7_000) }));
    browser.now += 3_500.0;
    let request = browser.page("/a");
    let id_token = id_token(browser.now, json!({}));
    let refreshed = browser.send(&request, |_, _| tokens(json!({ "id_token": id_token })));
    assert_eq!(told(&refreshed), (307, "session_refreshed"));
    assert_eq!(session_cookies(&browser).len(), 1);
    assert_eq!(told(&fetch(&mut browser, "/a")).1, "allowed");
}

#[test]
fn a_refresh_is_of_the_same_person_and_keeps_the_end_of_the_session() {
    let authorizer = ours();
    let mut browser = signed_in(&authorizer);
    browser.now += 3_500.0;
    let request = browser.page("/a");
    let others =
        ["mallory".into(), json!(["alice"]), json!(null)].map(|sub| id_token(browser.now, json!({ "sub": sub })));
    let answered = |id_token: &str| tokens(json!({ "id_token": id_token }));
    // The old token is still good, and is kept.
    for other in others {
        assert_eq!(told(&browser.send(&request, |_, _| answered(&other))).1, "allowed");
    }
    let alice = id_token(browser.now, json!({ "exp": NOW as u64 + 700_000 }));
    assert_eq!(told(&browser.send(&request, |_, _| answered(&alice))).1, "session_refreshed");
    browser.now = NOW + 604_799.0;
    assert_eq!(told(&fetch(&mut browser, "/a")).1, "allowed");
    browser.now = NOW + 604_800.0;
    assert_eq!(told(&fetch(&mut browser, "/a")), (401, "session_invalid"));
}

#[test]
fn tokens_that_live_too_short_do_not_make_a_loop_of_refreshes() {
    let authorizer = ours();
    let mut browser = signed_in(&authorizer);
    browser.now += 3_500.0;
    let request = browser.page("/a");
    let id_token = id_token(browser.now, json!({ "exp": browser.now as u64 + 100 }));
    assert_eq!(told(&browser.send(&request, |_, _| tokens(json!({ "id_token": id_token })))).1, "session_refreshed");
    assert_eq!(told(&browser.open("/a")).1, "allowed");
    browser.now += 29.0;
    assert_eq!(told(&browser.open("/a")).1, "allowed");
}

#[test]
fn a_refreshed_page_keeps_its_whole_address() {
    let authorizer = ours();
    let mut browser = Browser::new(&authorizer);
    browser.sign_in("/a");
    browser.now += 3_500.0;
    let query = ["file=C:\\1&", &"x".repeat(7_000)].concat();
    let request = browser.page(&["/a?", &query].concat());
    let id_token = id_token(browser.now, json!({}));
    let refreshed = browser.send(&request, |_, _| tokens(json!({ "id_token": id_token })));
    assert_eq!(told(&refreshed), (307, "session_refreshed"));
    assert_eq!(location(&refreshed), ["/a?", &query].concat().replace('\\', "%5C"));
}
