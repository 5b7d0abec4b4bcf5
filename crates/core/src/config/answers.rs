//! What viewers are answered: which scripts may read it, our own pages or the user's, the name of what is protected.

use super::methods::methods;
use super::names::is_token;
use super::problem::{Place, Problems};
use super::reader::{ObjectReader, boolean, integer, string};
use super::secret::bundled;
use crate::answer::{Answers, Page};
use crate::cors::{self, Origins};
use crate::credentials::TokenSource;
use crate::flaw::{Flaw, flaw};
use crate::json::Json;

const DEFAULT_MAX_AGE_SECONDS: i64 = 600;
/// What the most patient browsers take.
const MOST_MAX_AGE_SECONDS: i64 = 86_400;

/// The statuses that refusals have.
const STATUSES: [u16; 6] = [400, 401, 403, 404, 405, 503];

/// `cors`, as it is written.
#[derive(Debug)]
pub(super) struct Cors {
    allow_origins: Option<Vec<String>>,
    allow_methods: Option<Vec<String>>,
    allow_headers: Option<Vec<String>>,
    expose_headers: Option<Vec<String>>,
    allow_credentials: Option<bool>,
    max_age_seconds: Option<i64>,
}

impl Cors {
    pub(super) fn read(value: Json<'_>, place: &Place, problems: &mut Problems) -> Option<Self> {
        ObjectReader::read_all(value, place, problems, |object| Self {
            allow_origins: object.list("allowOrigins", string),
            allow_methods: object.list("allowMethods", string),
            allow_headers: object.list("allowHeaders", string),
            expose_headers: object.list("exposeHeaders", string),
            allow_credentials: object.read("allowCredentials", boolean),
            max_age_seconds: object.read("maxAgeSeconds", integer),
        })
    }
}

/// The members of the document that are the subject here.
pub(super) struct Written {
    pub(super) cors: Option<Cors>,
    pub(super) pages: Option<Vec<(String, String)>>,
    pub(super) realm: Option<String>,
}

pub(super) fn answers(written: Written, sources: &[TokenSource], problems: &mut Problems) -> Answers {
    let cors = written.cors.and_then(|written| cors(written, sources, problems));
    let mut pages = Vec::new();
    for (status, file) in written.pages.unwrap_or_default() {
        let place = Place::top("pages").member(&status);
        pages.extend(problems.take(&place, page(&status, file)));
    }
    let realm = written.realm.and_then(|realm| problems.take(&Place::top("realm"), quotable(realm)));
    Answers { realm, cors, pages }
}

fn cors(written: Cors, sources: &[TokenSource], problems: &mut Problems) -> Option<cors::Cors> {
    let Cors { allow_origins, allow_methods, allow_headers, expose_headers, .. } = written;
    let allow_credentials = written.allow_credentials.unwrap_or(false);
    let at = |name: &str| Place::top("cors").member(name);

    let origins = origins(allow_origins.unwrap_or_default(), allow_credentials, &at("allowOrigins"), problems);
    let allow_methods = problems.take(&at("allowMethods"), methods(allow_methods));
    let read = || sources.iter().filter_map(TokenSource::header).filter(|name| *name != "cookie");
    let allow_headers = match allow_headers {
        None => Some(read().collect::<Vec<_>>().join(", ")),
        Some(names) => header_names(names, &at("allowHeaders"), problems),
    };
    // The challenge says what is missing; browsers show scripts only a few headers unless they are named.
    let mut expose = vec!["www-authenticate".to_owned()];
    expose.extend(expose_headers.unwrap_or_default());
    let expose_headers = header_names(expose, &at("exposeHeaders"), problems);
    let max_age = problems.take(&at("maxAgeSeconds"), max_age(written.max_age_seconds));
    Some(cors::Cors {
        origins: origins?,
        allow_credentials,
        allow_methods: allow_methods?.names().collect::<Vec<_>>().join(", "),
        allow_headers: allow_headers?,
        expose_headers: expose_headers?,
        max_age: max_age?.to_string(),
    })
}

fn origins(written: Vec<String>, with_credentials: bool, place: &Place, problems: &mut Problems) -> Option<Origins> {
    if written.is_empty() {
        problems.add(place, "no origin: name those whose scripts may ask, `https://app.example.com` for one");
        return None;
    }
    if written.iter().any(|origin| origin == "*") {
        if with_credentials {
            problems.add(place, "`*` does not go with `allowCredentials`: browsers refuse it; name each origin");
        } else if written.len() > 1 {
            problems.add(place, "`*` is every origin: name no other beside it");
        }
        return Some(Origins::Any);
    }
    for (index, origin) in written.iter().enumerate() {
        if !is_origin(origin) {
            let flaw = flaw!(
                "`{origin}` is no origin as browsers write it: scheme and host in lower case, a port that is not the scheme's own, and no path: `https://app.example.com`"
            );
            problems.add(&place.item(index), flaw);
        }
    }
    Some(Origins::These(written))
}

/// Whether a browser could write this origin (RFC 6454, section 6.2): the scheme and the host in lower case, the host in
/// ASCII, no path, and no port that goes without saying. `null` is none: it stands for many.
fn is_origin(text: &str) -> bool {
    let Some((scheme, authority)) = text.split_once("://") else {
        return false;
    };
    let plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.');
    let own_port = match scheme {
        "https" => ":443",
        "http" => ":80",
        _ => ":",
    };
    !scheme.is_empty()
        && !authority.is_empty()
        && scheme.bytes().all(|byte| plain(byte) || byte == b'+')
        && authority.bytes().all(|byte| plain(byte) || b"_:[]".contains(&byte))
        && !authority.ends_with(':')
        && !authority.ends_with(own_port)
}

/// Names of headers as a list. `*` is no name: it never covers `authorization`, and with credentials it covers nothing.
fn header_names(names: Vec<String>, place: &Place, problems: &mut Problems) -> Option<String> {
    match names.iter().find(|name| !is_token(name) || name.contains('*')) {
        Some(name) => {
            problems.add(place, flaw!("`{name}` is no name for a header: name each one"));
            None
        }
        None => Some(names.join(", ")),
    }
}

fn max_age(written: Option<i64>) -> Result<i64, Flaw> {
    let seconds = written.unwrap_or(DEFAULT_MAX_AGE_SECONDS);
    if (0..=MOST_MAX_AGE_SECONDS).contains(&seconds) {
        Ok(seconds)
    } else {
        Err(flaw!("`{seconds}` seconds: from 0 to {MOST_MAX_AGE_SECONDS} are allowed"))
    }
}

fn page(status: &str, file: String) -> Result<Page, Flaw> {
    let known = STATUSES.into_iter().find(|known| known.to_string() == status);
    let Some(status) = known else {
        return Err("a page is for one of the statuses `400`, `401`, `403`, `404`, `405` and `503`".into());
    };
    bundled(&file)?;
    Ok(Page { status, file, html: None })
}

/// What can stand between quotation marks in a header as it is (RFC 9110, section 5.6.4).
fn quotable(realm: String) -> Result<String, Flaw> {
    if !realm.is_empty() && realm.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\') {
        Ok(realm)
    } else {
        Err("a realm is printable ASCII without `\"` and `\\`: `image archive` for one".into())
    }
}
