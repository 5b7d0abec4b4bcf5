//! Sign-ins that lead nowhere, again and again.

use crate::support::sign_in::{Browser, answer, ours, session_cookies, told};

#[test]
fn signing_in_again_and_again_ends_in_a_page() {
    let authorizer = ours();
    let mut browser = Browser::new(&authorizer);
    for _ in 0..3 {
        assert_eq!(told(&browser.sign_in("/a?b=c")), (303, "signed_in"));
        // The session does not hold.
        let session = session_cookies(&browser);
        browser.cookies.retain(|name, _| !session.contains(name));
        browser.now += 1.0;
    }
    let page = browser.open("/a?b=c");
    assert_eq!(told(&page), (403, "sign_in_loop"));
    assert!(answer(&page).body.contains("/parseauth?to=%2Fa%3Fb%3Dc"));
    // Who tries again by hand, or a minute later, may.
    assert_eq!(told(&browser.open("/a")).1, "sign_in_required");
}

/// Whoever goes to and fro between pages of two providers does so, and sees them.
#[test]
fn signing_in_for_one_page_and_another_is_no_loop() {
    let authorizer = ours();
    let mut browser = Browser::new(&authorizer);
    for _ in 0..4 {
        for page in ["/a", "/b"] {
            assert_eq!(told(&browser.sign_in(page)), (303, "signed_in"));
            let session = session_cookies(&browser);
            browser.cookies.retain(|name, _| !session.contains(name));
        }
    }
}

/// A script that is told 401, and leads the browser to the sign-in for that, makes a loop just as well.
#[test]
fn a_link_to_the_sign_in_again_and_again_ends_in_a_page() {
    let authorizer = ours();
    let mut browser = Browser::new(&authorizer);
    for _ in 0..3 {
        assert_eq!(told(&browser.sign_in("/parseauth?to=%2Fa")), (303, "signed_in"));
    }
    let page = browser.open("/parseauth?to=%2Fa");
    assert_eq!(told(&page), (403, "sign_in_loop"));
    assert!(answer(&page).body.contains("/parseauth?to=%2Fa\""), "{}", answer(&page).body);
    assert_eq!(told(&browser.open("/parseauth?to=%2Fa")).1, "sign_in_required");
}
