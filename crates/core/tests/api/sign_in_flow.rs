//! From a page without a session to the provider, back with a code, and the page with a session.

use std::collections::BTreeSet;

use edge_authorizer_core::{Decision, Keys, ProviderAnswer, RANDOM_BYTES, Trace, UnixTime};
use serde_json::{Value, json};

use crate::support::sign_in::{
    Browser, CLIENT, HOST, Url, answer, authorizer, configuration, fetched, header, id_token, location, ours,
    set_cookies, tokens, told,
};
use crate::support::tokens::merged;
use crate::support::{ISSUER, NOW};

#[test]
fn a_browser_without_a_session_comes_back_with_one_to_the_page_it_asked_for() {
    let authorizer = ours();
    let mut browser = Browser::new(&authorizer);
    let sent = browser.open("/a/b.png?x=1&y=%2F&x=2");
    assert_eq!(told(&sent), (302, "sign_in_required"));
    let at_provider = Url::of(&sent);
    assert!(at_provider.url.starts_with("https://login.example/authorize?"), "{}", at_provider.url);
    assert_eq!(at_provider.get("response_type"), "code");
    assert_eq!(at_provider.get("client_id"), CLIENT);
    assert_eq!(at_provider.get("redirect_uri"), format!("https://{HOST}/parseauth"));
    assert_eq!(at_provider.get("scope"), "openid offline_access");
    assert_eq!(at_provider.get("code_challenge_method"), "S256");
    assert_eq!(at_provider.get("code_challenge").len(), 43);

    let back = browser.come_back(&at_provider, json!({}));
    assert_eq!(told(&back), (303, "signed_in"));
    assert_eq!(location(&back), "/a/b.png?x=1&y=%2F&x=2");
    let (_, request) = browser.sent.last().unwrap();
    assert_eq!((request.method, request.url.as_str()), ("POST", "https://login.example/token"));
    let form = &request.body;
    for part in [
        "grant_type=authorization_code",
        "code=code-1",
        "redirect_uri=https%3A%2F%2Fimages.example%2Fparseauth",
        "client_id=client-1",
    ] {
        assert!(form.split('&').any(|given| given == part), "{part} in {form}");
    }

    let page = browser.open("/a/b.png");
    let Decision::Forward(forward) = &page else { panic!("{page:?}") };
    assert_eq!(forward.code.as_str(), "allowed");
    assert_eq!(forward.edits.cookies, Some(vec![]), "the origin gets no cookie of ours");
}

#[test]
fn threat_51_the_verifier_is_sent_to_the_token_endpoint_only_and_answers_the_challenge() {
    use base64::Engine;
    use sha2::Digest;
    let authorizer = ours();
    let mut browser = Browser::new(&authorizer);
    let at_provider = Url::of(&browser.open("/a"));
    let cookies = format!("{:?}", browser.cookies);
    browser.come_back(&at_provider, json!({}));
    let (_, request) = browser.sent.last().unwrap();
    let verifier = request.body.split('&').find_map(|pair| pair.strip_prefix("code_verifier=")).unwrap();
    assert_eq!(verifier.len(), 43);
    let challenge = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(sha2::Sha256::digest(verifier));
    assert_eq!(at_provider.get("code_challenge"), challenge);
    for text in [&at_provider.url, &cookies] {
        assert!(!text.contains(verifier), "{text}");
    }
    for parameter in ["state", "nonce"] {
        assert!(!cookies.contains(at_provider.get(parameter)), "{parameter}");
    }
}

#[test]
fn threat_59_no_state_nonce_or_challenge_comes_twice() {
    let authorizer = ours();
    let mut seen = BTreeSet::new();
    let mut browser = Browser::new(&authorizer);
    for _ in 0..50 {
        let at_provider = Url::of(&browser.open("/a"));
        for name in ["state", "nonce", "code_challenge"] {
            assert!(seen.insert(at_provider.get(name).to_owned()), "{name}");
        }
        browser.cookies.clear();
    }
}

#[test]
fn threat_59_without_randomness_nobody_is_sent_anywhere() {
    let authorizer = ours();
    let browser = Browser::new(&authorizer);
    let request = browser.page("/a");
    let now = UnixTime::from_seconds(NOW).unwrap();
    let metadata = fetched(200, &browser.metadata);
    for random in [vec![], vec![0; RANDOM_BYTES], vec![9; RANDOM_BYTES], vec![1; RANDOM_BYTES - 1]] {
        let known = Some(("discovery", &metadata));
        let decision = authorizer.sign_in(&request, now, Keys::AreFinal, &random, known, &mut Trace::off());
        assert_eq!(told(&decision), (503, "internal"), "{random:?}");
    }
}

#[test]
fn threat_50_an_answer_is_for_the_browser_that_asked_and_once_only() {
    let authorizer = ours();
    let mut victim = Browser::new(&authorizer);
    let mut attacker = Browser::new(&authorizer);
    let at_provider = Url::of(&attacker.open("/a"));
    // The attacker's answer in the victim's browser.
    let back = victim.come_back(&at_provider, json!({}));
    assert_eq!(told(&back), (400, "sign_in_failed"));
    assert!(victim.cookies.is_empty());
    victim.open("/a");
    assert_eq!(told(&victim.come_back(&at_provider, json!({}))), (400, "sign_in_failed"));

    // The right browser, once.
    assert_eq!(told(&attacker.come_back(&at_provider, json!({}))), (303, "signed_in"));
    assert_eq!(told(&attacker.come_back(&at_provider, json!({}))), (400, "sign_in_failed"));
}

#[test]
fn threat_50_state_nonce_and_time_are_checked() {
    let authorizer = ours();
    let started = |now: f64| {
        let mut browser = Browser::new(&authorizer);
        let at_provider = Url::of(&browser.open("/a"));
        browser.now = now;
        (browser, at_provider)
    };
    let (mut browser, at_provider) = started(NOW + 599.0);
    assert_eq!(told(&browser.come_back(&at_provider, json!({}))), (303, "signed_in"));
    let (mut browser, at_provider) = started(NOW + 600.0);
    assert_eq!(told(&browser.come_back(&at_provider, json!({}))), (400, "sign_in_failed"));
    assert!(browser.cookies.is_empty(), "used once");

    // A state that differs in its secret part only.
    let (mut browser, at_provider) = started(NOW);
    let state = at_provider.get("state");
    let last = if state.ends_with('A') { 'B' } else { 'A' };
    let url = format!("/parseauth?code=c&state={}{last}", &state[..state.len() - 1]);
    assert_eq!(told(&browser.open(&url)), (400, "sign_in_failed"));
    assert_eq!(told(&browser.open(&format!("/parseauth?code=c&state={state}&state={state}"))).1, "sign_in_required");

    // ID tokens that answer to something else.
    for (changes, detail) in [
        (json!({}), "without a nonce"),
        (json!({ "nonce": "another" }), "another nonce"),
        (json!({ "nonce": null }), "null"),
        (json!({ "aud": "client-2" }), "another client's"),
        (json!({ "aud": ["client-1"], "azp": "client-2" }), "another party's"),
        (json!({ "iss": "https://stranger.example" }), "another issuer's"),
        (json!({ "exp": NOW as u64 - 5 }), "expired"),
        (json!({ "iat": NOW as u64 + 6 }), "from the future"),
        (json!({ "sub": null }), "nobody's"),
    ] {
        let (mut browser, at_provider) = started(NOW);
        let right = if changes.get("nonce").is_some() || changes == json!({}) {
            json!({})
        } else {
            json!({ "nonce": at_provider.get("nonce") })
        };
        let id_token = id_token(NOW, merged(right, changes));
        let back = browser.come_back(&at_provider, json!({ "id_token": id_token }));
        assert_eq!(told(&back), (400, "sign_in_failed"), "{detail}");
        assert!(browser.cookies.is_empty(), "{detail}");
    }
}

#[test]
fn what_the_provider_answers_instead_of_a_code() {
    let authorizer = ours();
    for (error, expected) in [
        ("access_denied", (403, "sign_in_denied")),
        ("invalid_scope", (400, "sign_in_failed")),
        ("<script>", (400, "sign_in_failed")),
        ("temporarily_unavailable", (503, "sign_in_unavailable")),
    ] {
        let mut browser = Browser::new(&authorizer);
        let at_provider = Url::of(&browser.open("/a"));
        let error: String = error.replace('<', "%3C").replace('>', "%3E");
        let back = browser.open(&format!("/parseauth?error={error}&state={}", at_provider.get("state")));
        assert_eq!(told(&back), expected);
        let answer = answer(&back);
        assert!(
            !answer.body.contains("<script>") && answer.body.contains("href=\"/parseauth?to=%2Fa\""),
            "{}",
            answer.body
        );
        assert_eq!(header(answer, "cache-control"), Some("no-store"));
        assert!(header(answer, "content-security-policy").unwrap().starts_with("default-src 'none'"));
    }
}

#[test]
fn what_the_token_endpoint_answers_instead_of_tokens() {
    let authorizer = ours();
    let unavailable = (503, "sign_in_unavailable");
    let failed = (400, "sign_in_failed");
    for (came, expected) in [
        (ProviderAnswer::default(), unavailable),
        (fetched(503, &json!({})), unavailable),
        (fetched(429, &json!({})), unavailable),
        (fetched(400, &json!({ "error": "invalid_grant" })), failed),
        (fetched(401, &json!({ "error": "invalid_client" })), failed),
        (fetched(200, &json!({})), failed),
        (fetched(200, &json!([])), failed),
        (fetched(302, &json!({})), failed),
        (tokens(json!({})), failed),
        (tokens(json!({ "token_type": "DPoP" })), failed),
        (tokens(json!({ "id_token": 7 })), failed),
    ] {
        let mut browser = Browser::new(&authorizer);
        let at_provider = Url::of(&browser.open("/a"));
        let request = browser.page(&format!("/parseauth?code=c&state={}", at_provider.get("state")));
        let back = browser.send(&request, |_, _| came.clone());
        assert_eq!(told(&back), expected, "{}", came.body);
        // While the provider is down the attempt lasts.
        assert_eq!(browser.cookies.len(), usize::from(expected == unavailable));
    }
}

/// Threat 52: mix-up.
#[test]
fn threat_52_an_answer_of_another_issuer_is_refused() {
    let authorizer = ours();
    let came_back = |metadata: Value, iss: &str| {
        let mut browser = Browser::new(&authorizer);
        browser.metadata = merged(browser.metadata, metadata);
        let at_provider = Url::of(&browser.open("/a"));
        let id_token = id_token(NOW, json!({ "nonce": at_provider.get("nonce") }));
        let request = browser.page(&format!("/parseauth?code=c&state={}{iss}", at_provider.get("state")));
        told(&browser.send(&request, |_, _| tokens(json!({ "id_token": id_token }))))
    };
    let own = format!("&iss={ISSUER}");
    assert_eq!(came_back(json!({}), &own), (303, "signed_in"));
    assert_eq!(came_back(json!({}), ""), (303, "signed_in"));
    for iss in ["&iss=https://stranger.example", "&iss=", &format!("{own}{own}"), &format!("{own}/")] {
        assert_eq!(came_back(json!({}), iss), (400, "sign_in_failed"), "{iss}");
    }
    drop(authorizer);
}

/// Threat 52, where the provider says that its answers have `iss`.
#[test]
fn threat_52_an_issuer_that_was_promised_has_to_be_there() {
    for (iss, expected) in [("", (400, "sign_in_failed")), ("&iss=https://issuer.example", (303, "signed_in"))] {
        let authorizer = ours();
        let mut browser = Browser::new(&authorizer);
        browser.metadata = merged(browser.metadata, json!({ "authorization_response_iss_parameter_supported": true }));
        let at_provider = Url::of(&browser.open("/a"));
        let id_token = id_token(NOW, json!({ "nonce": at_provider.get("nonce") }));
        let request = browser.page(&format!("/parseauth?code=c&state={}{iss}", at_provider.get("state")));
        assert_eq!(told(&browser.send(&request, |_, _| tokens(json!({ "id_token": id_token })))), expected);
    }
}

/// Threat 53: parallel tabs.
#[test]
fn threat_53_tabs_do_not_get_in_each_others_way() {
    let authorizer = ours();
    let mut browser = Browser::new(&authorizer);
    let first = Url::of(&browser.open("/first"));
    let second = Url::of(&browser.open("/second"));
    assert_eq!(location(&browser.come_back(&first, json!({}))), "/first");
    assert_eq!(location(&browser.come_back(&second, json!({}))), "/second");
}

/// Threat 54: growing cookies.
#[test]
fn threat_54_attempts_are_few_and_the_oldest_goes_first() {
    let authorizer = ours();
    let mut browser = Browser::new(&authorizer);
    let mut attempts = Vec::new();
    for number in 0..20 {
        browser.now += 1.0;
        attempts.push(Url::of(&browser.open(&format!("/{number}"))));
        assert!(browser.cookies.len() <= 4, "{}", browser.cookies.len());
    }
    assert_eq!(told(&browser.come_back(&attempts[0], json!({}))).1, "sign_in_failed");
    assert_eq!(told(&browser.come_back(&attempts[19], json!({}))).1, "signed_in");

    let mut browser = Browser::new(&authorizer);
    for _ in 0..10 {
        browser.now += 1.0;
        browser.open(&format!("/long?{}", "x".repeat(2_600)));
        let bytes: usize = browser.cookies.iter().map(|(name, value)| name.len() + value.len()).sum();
        assert!(bytes < 10_000, "{bytes}");
        assert!(browser.cookies.values().all(|value| value.len() < 4_000));
    }
}

/// Threat 54: growing state or cookies. What clears many planted ones must itself not grow too long.
#[test]
fn threat_54_many_planted_attempts_are_cleared_a_few_at_a_time() {
    let authorizer = ours();
    let mut browser = Browser::new(&authorizer);
    for number in 0..100 {
        browser.cookies.insert(format!("__Host-edge-attempt-{number:016}"), "x".to_owned());
    }
    for left in [81, 62, 43, 24, 5, 4] {
        let sent = browser.open("/a");
        assert_eq!(told(&sent), (302, "sign_in_required"));
        assert!(set_cookies(answer(&sent)).len() <= 21);
        assert_eq!(browser.cookies.len(), left);
        browser.now += 1.0;
    }
}

/// Threat 49: open redirect.
#[test]
fn threat_49_links_to_the_sign_in_lead_back_to_this_site_only() {
    let authorizer = ours();
    for (to, page) in [
        ("%2Fa%3Fb%3Dc", "/a?b=c"),
        ("/a", "/a"),
        ("%2Fa%3Fx%3D%252F%26y%3D%2525%3B%26z%3D%255C", "/a?x=%2F&y=%25;&z=%5C"),
        ("%2F%252Fevil.example", "/"),
        ("%2F%255Cevil.example", "/"),
        ("//evil.example", "/"),
        ("%2F%5Cevil.example", "/"),
        ("https://evil.example/", "/"),
        ("%2F%0D%0ALocation:x", "/"),
        ("/signout", "/"),
        ("/parseauth?to=/a", "/"),
    ] {
        let mut browser = Browser::new(&authorizer);
        let sent = browser.open(&format!("/parseauth?to={to}"));
        assert_eq!(told(&sent), (302, "sign_in_required"));
        let back = browser.come_back(&Url::of(&sent), json!({}));
        assert_eq!(location(&back), page, "{to}");
    }
}

/// Threat 48: the prefix, and the attributes.
#[test]
fn threat_48_cookies_are_for_this_host_only_and_out_of_reach_of_scripts() {
    let authorizer = ours();
    let mut browser = Browser::new(&authorizer);
    let sent = browser.open("/a");
    let at_provider = Url::of(&sent);
    let back = browser.come_back(&at_provider, json!({}));
    let cookies = [set_cookies(answer(&sent)), set_cookies(answer(&back))].concat();
    assert!(cookies.len() > 4);
    for cookie in cookies {
        assert!(cookie.starts_with("__Host-edge-"), "{cookie}");
        assert!(cookie.ends_with("; Path=/; HttpOnly; Secure; SameSite=Lax"), "{cookie}");
    }
    // With a domain the strongest prefix is not allowed.
    let settings =
        json!({ "cookieKey": { "file": "k" }, "cookieSettings": { "domain": "example.com", "sameSite": "None" } });
    let authorizer = crate::support::sign_in::authorizer(&configuration(json!({ "signIn": settings })));
    let mut browser = Browser::new(&authorizer);
    for cookie in set_cookies(answer(&browser.open("/a"))) {
        assert!(
            cookie.starts_with("__Secure-edge-") && cookie.ends_with("; Secure; SameSite=None; Domain=example.com"),
            "{cookie}"
        );
    }
}

#[test]
fn clocks_that_differ_a_little_are_no_reason_to_fail() {
    for (grace, good) in [(None, 5.0), (Some(0), 0.0), (Some(60), 60.0)] {
        let mut configuration = configuration(json!({}));
        if let Some(grace) = grace {
            configuration["providers"]["issuer"]["graceSeconds"] = json!(grace);
        }
        let authorizer = authorizer(&configuration);
        for (behind, code) in [(good, "signed_in"), (good + 0.1, "sign_in_failed")] {
            let mut browser = Browser::new(&authorizer);
            let at_provider = Url::of(&browser.open("/a"));
            let claims = json!({ "nonce": at_provider.get("nonce"), "iat": NOW + behind });
            let back = browser.come_back(&at_provider, json!({ "id_token": id_token(NOW, claims) }));
            assert_eq!(told(&back).1, code, "{grace:?} {behind}");
        }
    }
}
