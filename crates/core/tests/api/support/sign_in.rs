//! A browser, a provider, and what goes back and forth between them: the provider is played by the tests.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use edge_authorizer_core::{
    Answer, Answered, Authorizer, Decision, Fetch, FetchNeeded, Keys, ProviderAnswer, RANDOM_BYTES, Request, Trace,
    UnixTime,
};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use serde_json::{Value, json};

use super::keys::{KEY, key_set};
use super::tokens::{merged, rs256};
use super::{AUDIENCE, ISSUER, NOW};

pub const CLIENT: &str = "client-1";
pub const HOST: &str = "images.example";
pub const COOKIE_KEY: &[u8] = b"a cookie key for tests, long enough";
pub const CLIENT_SECRET: &[u8] = b"the client's secret: %/+";

/// One provider with its metadata elsewhere, one rule for every path, and what `changes` says instead.
pub fn configuration(changes: Value) -> Value {
    let provider = json!({
        "issuer": ISSUER,
        "audience": [AUDIENCE, CLIENT],
        "jwks": key_set(&[KEY.jwk("k1")]),
        "algorithms": ["RS256"],
        "signIn": { "clientId": CLIENT, "oauthScopes": ["openid", "offline_access"] },
    });
    let rule = json!({ "name": "all", "match": { "path": "/{*rest}", "methods": ["GET", "POST", "PUT"] }, "allow": "authenticated" });
    let sign_in = json!({ "cookieKey": { "file": "./cookie-key" } });
    merged(json!({ "providers": { "issuer": provider }, "rules": [rule], "signIn": sign_in }), changes)
}

pub fn authorizer(configuration: &Value) -> Authorizer {
    let mut authorizer = super::authorizer(configuration);
    let names: Vec<String> = authorizer.secrets().map(|secret| secret.name.to_owned()).collect();
    for name in names {
        let value = if name.ends_with("clientSecret") { CLIENT_SECRET } else { COOKIE_KEY };
        authorizer.set_secret(&name, value, None).unwrap();
    }
    authorizer
}

/// What the provider says of itself.
pub fn metadata(changes: Value) -> Value {
    let metadata = json!({
        "issuer": ISSUER,
        "authorization_endpoint": "https://login.example/authorize",
        "token_endpoint": "https://login.example/token",
        "revocation_endpoint": "https://login.example/revoke",
        "end_session_endpoint": "https://login.example/logout",
    });
    merged(metadata, changes)
}

/// An ID token as the provider makes it; without a nonce unless `changes` has one.
pub fn id_token(now: f64, changes: Value) -> String {
    let now = now as u64;
    let claims = json!({ "iss": ISSUER, "aud": CLIENT, "sub": "alice", "exp": now + 3600, "iat": now });
    rs256(&merged(claims, changes))
}

pub fn fetched(status: u16, body: &Value) -> ProviderAnswer {
    ProviderAnswer { status, body: body.to_string() }
}

/// What the token endpoint answers.
pub fn tokens(changes: Value) -> ProviderAnswer {
    fetched(
        200,
        &merged(json!({ "token_type": "Bearer", "access_token": "opaque", "refresh_token": "refresh-1" }), changes),
    )
}

/// A browser with its cookies, and a clock.
pub struct Browser<'a> {
    pub authorizer: &'a Authorizer,
    pub cookies: BTreeMap<String, String>,
    pub now: f64,
    pub metadata: Value,
    /// What was sent to the provider, and what for.
    pub sent: Vec<(String, Fetch)>,
}

impl<'a> Browser<'a> {
    pub fn new(authorizer: &'a Authorizer) -> Self {
        let metadata = metadata(json!({}));
        Self { authorizer, cookies: BTreeMap::new(), now: NOW, metadata, sent: Vec::new() }
    }

    /// A page that somebody opens.
    pub fn page(&self, url: &str) -> Request {
        self.request("GET", url, &[("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")])
    }

    pub fn request(&self, method: &str, url: &str, headers: &[(&str, &str)]) -> Request {
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let mut all = vec![("host".to_owned(), HOST.to_owned())];
        if !self.cookies.is_empty() {
            let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            all.push(("cookie".to_owned(), cookies.join("; ")));
        }
        all.extend(headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        Request { method: method.into(), path: path.into(), query: query.into(), headers: all, ..Request::default() }
    }

    /// Sends a request. Metadata is answered; whatever else is asked of the provider, `answer` answers by its purpose.
    pub fn send(&mut self, request: &Request, mut answer: impl FnMut(&str, &Fetch) -> ProviderAnswer) -> Decision {
        let now = UnixTime::from_seconds(self.now).unwrap();
        let first = self.authorizer.authorize(request, now, Keys::AreFinal, &mut Trace::off());
        if first != Decision::SignIn {
            return first;
        }
        let mut fetched: Option<(&'static str, ProviderAnswer)> = None;
        for _ in 0..5 {
            let random = random_bytes();
            let known = fetched.as_ref().map(|(purpose, fetched)| (*purpose, fetched));
            let decision = self.authorizer.sign_in(request, now, Keys::AreFinal, &random, known, &mut Trace::off());
            match decision {
                Decision::FetchNeeded(FetchNeeded { purpose, fetch }) => {
                    let came = match purpose {
                        "discovery" => self::fetched(200, &self.metadata),
                        other => answer(other, &fetch),
                    };
                    self.sent.push((purpose.to_owned(), fetch));
                    fetched = Some((purpose, came));
                }
                decision => {
                    self.take_cookies(&decision);
                    return decision;
                }
            }
        }
        panic!("the sign-in does not come to an end");
    }

    /// Opens a page; the provider is asked for nothing but its metadata.
    pub fn open(&mut self, url: &str) -> Decision {
        let request = self.page(url);
        self.send(&request, |purpose, _| panic!("{purpose}"))
    }

    /// Opens a page, is sent to the provider, and comes back with a code: the answer to that.
    pub fn sign_in(&mut self, url: &str) -> Decision {
        let at_provider = Url::of(&self.open(url));
        self.come_back(&at_provider, json!({}))
    }

    /// Comes back from the provider, whose tokens have these members.
    pub fn come_back(&mut self, at_provider: &Url, changes: Value) -> Decision {
        let callback = format!("/parseauth?code=code-1&state={}", at_provider.get("state"));
        let request = self.page(&callback);
        let id_token = id_token(self.now, json!({ "nonce": at_provider.get("nonce") }));
        self.send(&request, move |_, _| tokens(merged(json!({ "id_token": id_token }), changes.clone())))
    }

    fn take_cookies(&mut self, decision: &Decision) {
        let Decision::Answer(Answered { answer, .. }) = decision else { return };
        for cookie in set_cookies(answer) {
            let (pair, attributes) = cookie.split_once("; ").unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0;") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

/// Other bytes each time, in whatever test.
fn random_bytes() -> Vec<u8> {
    static CALLS: AtomicU64 = AtomicU64::new(1);
    let call = CALLS.fetch_add(1, Ordering::Relaxed);
    let mut bytes = vec![0; RANDOM_BYTES];
    ChaCha20Rng::seed_from_u64(call).fill_bytes(&mut bytes);
    bytes
}

/// A URL that an answer leads to.
#[derive(Debug)]
pub struct Url {
    pub url: String,
    parameters: BTreeMap<String, String>,
}

impl Url {
    #[track_caller]
    pub fn of(decision: &Decision) -> Self {
        let url = location(decision);
        let (_, query) = url.split_once('?').unwrap_or((&url, ""));
        let decoded = |text: &str| {
            let mut bytes = Vec::new();
            let mut rest = text.as_bytes();
            while let [first, tail @ ..] = rest {
                rest = tail;
                if *first == b'%' {
                    let (hex, after) = rest.split_at(2);
                    bytes.push(u8::from_str_radix(std::str::from_utf8(hex).unwrap(), 16).unwrap());
                    rest = after;
                } else {
                    bytes.push(*first);
                }
            }
            String::from_utf8(bytes).unwrap()
        };
        let pairs = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap();
            (name.to_owned(), decoded(value))
        });
        let parameters: Vec<_> = pairs.collect();
        let count = parameters.len();
        let parameters: BTreeMap<_, _> = parameters.into_iter().collect();
        assert_eq!(parameters.len(), count, "a parameter twice: {url}");
        Self { url, parameters }
    }

    #[track_caller]
    pub fn get(&self, name: &str) -> &str {
        self.parameters.get(name).unwrap_or_else(|| panic!("no `{name}` in {}", self.url))
    }
}

#[track_caller]
pub fn answer(decision: &Decision) -> &Answer {
    match decision {
        Decision::Answer(responded) => &responded.answer,
        other => panic!("no answer of the sign-in: {other:?}"),
    }
}

#[track_caller]
pub fn location(decision: &Decision) -> String {
    header(answer(decision), "location").unwrap().to_owned()
}

pub fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    answer.headers.iter().find(|(header, _)| *header == name).map(|(_, value)| value.as_str())
}

pub fn set_cookies(answer: &Answer) -> Vec<&str> {
    answer.headers.iter().filter(|(name, _)| *name == "set-cookie").map(|(_, value)| value.as_str()).collect()
}

/// The status and the code of an answer, whether the sign-in's or a refusal.
pub fn told(decision: &Decision) -> (u16, &'static str) {
    match decision {
        Decision::Answer(responded) => (responded.answer.status, responded.code.as_str()),
        Decision::Refuse(refused) => (refused.refusal.status(), refused.refusal.code.as_str()),
        Decision::Forward(forward) => (200, forward.code.as_str()),
        other => panic!("{other:?}"),
    }
}

/// An authorizer with the usual configuration.
pub fn ours() -> Authorizer {
    authorizer(&configuration(json!({})))
}

/// A browser in which somebody has signed in.
pub fn signed_in(authorizer: &Authorizer) -> Browser<'_> {
    let mut browser = Browser::new(authorizer);
    assert_eq!(told(&browser.sign_in("/a")), (303, "signed_in"));
    browser
}

/// Asks as a script does, to whom no redirect is sent.
pub fn fetch(browser: &mut Browser<'_>, url: &str) -> Decision {
    let request = browser.request("GET", url, &[("sec-fetch-mode", "cors")]);
    browser.send(&request, |purpose, _| panic!("{purpose}"))
}

/// The names of the cookies that a session is in.
pub fn session_cookies(browser: &Browser<'_>) -> Vec<String> {
    browser.cookies.keys().filter(|name| name.contains("session")).cloned().collect()
}
