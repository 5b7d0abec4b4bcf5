//! The pages of the sign-in: ours, and one of the user's own.

use edge_authorizer_core::{Authorizer, Decision, Request};
use serde_json::json;

use crate::support::sign_in::{Browser, answer, authorizer, configuration, header, ours, signed_in};

#[test]
fn a_page_of_the_users_own_has_the_only_style_that_counts() {
    let plain = ours();
    let of = |authorizer: &Authorizer| {
        let page = Browser::new(authorizer).open("/signout/done");
        let answer = answer(&page);
        (answer.body.clone(), header(answer, "content-security-policy").unwrap().to_owned())
    };
    let (body, policy) = of(&plain);
    assert!(body.contains("<h1>Signed out</h1>") && !body.contains("{{"), "{body}");
    assert!(policy.contains("style-src 'sha256-") && !policy.contains("'nonce-"), "{policy}");

    let sign_in = json!({ "cookieKey": { "file": "k" }, "page": { "file": "page.html" } });
    let mut own = authorizer(&configuration(json!({ "signIn": sign_in })));
    let template = b"<style nonce=\"{{nonce}}\">p{}</style><p class={{code}}>{{title}} {{text}}{{links}}";
    own.set_secret("signIn.page", template, None).unwrap();
    let (body, policy) = of(&own);
    let nonce = body.strip_prefix("<style nonce=\"").and_then(|rest| rest.split_once('"')).unwrap().0;
    assert_eq!(nonce.len(), 16, "{body}");
    assert!(policy.contains(&format!("style-src 'nonce-{nonce}'; ")) && !policy.contains("sha256"), "{policy}");
    assert!(
        body.ends_with("<p class=signed_out>Signed out You are signed out.<a href=\"/parseauth\">Sign in</a>\n"),
        "{body}"
    );
}

/// Signed in as the wrong person, one has to get out again.
#[test]
fn whoever_may_not_see_a_page_is_offered_the_sign_out() {
    let rules = json!([
        { "match": { "path": "/a" }, "allow": "authenticated" },
        { "match": { "path": "/admins/{*rest}" }, "requires": { "group": "admins" } },
    ]);
    let authorizer = authorizer(&configuration(json!({ "rules": rules })));
    let body = |request: &Request, decision: Decision| match decision {
        Decision::Refuse(refused) => authorizer.answer_to(&refused.refusal, request, "text/html").body,
        other => panic!("{other:?}"),
    };
    let mut browser = signed_in(&authorizer);
    let request = browser.page("/admins/a");
    let denied = browser.send(&request, |_, _| panic!());
    assert!(body(&request, denied).contains("<a href=\"/signout\">Sign out</a>"));
    browser.cookies.clear();
    let request = browser.page("/other");
    let denied = browser.send(&request, |_, _| panic!());
    let page = body(&request, denied);
    assert!(page.contains("<h1>No access</h1>") && !page.contains("<a "), "{page}");
}
