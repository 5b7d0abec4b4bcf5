//! Cross-origin resource sharing: what scripts of other origins may ask for, and read (Fetch Standard, "CORS protocol").
//!
//! Only answers of our own are the subject here. What the origin answers gets its headers from the origin, or from a response
//! headers policy of CloudFront.

use crate::request::Request;

/// What the configuration allows scripts of other origins. Lists are as they stand in the headers.
#[derive(Debug)]
pub(crate) struct Cors {
    pub(crate) origins: Origins,
    pub(crate) allow_credentials: bool,
    pub(crate) allow_methods: String,
    pub(crate) allow_headers: String,
    pub(crate) expose_headers: String,
    /// In seconds.
    pub(crate) max_age: String,
}

/// Whose scripts.
#[derive(Debug)]
pub(crate) enum Origins {
    /// Everybody's, but without credentials (Fetch Standard, "CORS protocol and credentials").
    Any,
    /// Those of these origins: compared byte for byte, as browsers write them.
    These(Vec<String>),
}

/// The headers of a request that are read for this.
pub(crate) const HEADERS_READ: [&str; 2] = [ORIGIN, REQUEST_METHOD];

const ORIGIN: &str = "origin";
const REQUEST_METHOD: &str = "access-control-request-method";

impl Cors {
    /// The headers of the answer to a CORS-preflight request of an origin that is allowed: OPTIONS with `Origin` and
    /// `Access-Control-Request-Method`. `None` for every other request.
    ///
    /// It says what is allowed, not whether what was asked for is: the browser compares, and says what is missing. To whom it
    /// is said is for [`share`](Self::share) to add, as to every answer.
    pub(crate) fn preflight(&self, request: &Request) -> Option<Vec<(&'static str, String)>> {
        if request.method != "OPTIONS" || only(request, REQUEST_METHOD).is_none_or(str::is_empty) {
            return None;
        }
        self.allowed_origin(request)?;
        let said = [
            ("access-control-allow-methods", &self.allow_methods),
            ("access-control-allow-headers", &self.allow_headers),
            ("access-control-max-age", &self.max_age),
        ];
        let mut headers = vec![("cache-control", "no-store".to_owned())];
        headers.extend(said.map(|(name, value)| (name, value.clone())));
        Some(headers)
    }

    /// Lets scripts of an origin that is allowed read the answer to their request.
    pub(crate) fn share(&self, request: &Request, headers: &mut Vec<(&'static str, String)>) {
        if matches!(self.origins, Origins::These(_)) {
            // Said to everybody: whoever keeps the answer must not hand it to another origin.
            headers.push(("vary", ORIGIN.to_owned()));
        }
        let Some(origin) = self.allowed_origin(request) else {
            return;
        };
        headers.push(("access-control-allow-origin", origin.to_owned()));
        headers.push(("access-control-expose-headers", self.expose_headers.clone()));
        if self.allow_credentials {
            headers.push(("access-control-allow-credentials", "true".to_owned()));
        }
    }

    fn allowed_origin<'r>(&'r self, request: &'r Request) -> Option<&'r str> {
        let sent = only(request, ORIGIN)?;
        match &self.origins {
            Origins::Any => Some("*"),
            Origins::These(origins) => origins.iter().any(|origin| origin == sent).then_some(sent),
        }
    }
}

/// The value of a header that was sent exactly once.
fn only<'r>(request: &'r Request, name: &'r str) -> Option<&'r str> {
    let mut values = request.header_values(name);
    values.next().filter(|_| values.next().is_none())
}
