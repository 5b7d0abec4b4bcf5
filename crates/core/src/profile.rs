//! What a host asks of a configuration once, before the first request: what to read of requests, and what to log.

use crate::authorizer::Authorizer;
#[cfg(feature = "tooling")]
use crate::config::Configuration;
use crate::config::{Authorization, Logging, Problem};
use crate::cors;
use crate::credentials::TokenSource;
use crate::endpoint::Endpoint;
use crate::sign_in;

impl Authorizer {
    /// The names, in lower case, of the headers that a decision reads: an adapter need not read others.
    pub fn headers_read(&self) -> Vec<String> {
        let mut names = vec!["authorization".to_owned()];
        let host = self.configuration.policy.reads_host().then_some("host");
        let cors = self.configuration.answers.cors.is_some().then_some(cors::HEADERS_READ).into_iter().flatten();
        let cookie = self.configuration.sign_in.as_ref().map(|_| "cookie");
        let read = self.configuration.all_token_sources().filter_map(TokenSource::header);
        for name in read.chain(host).chain(cors).chain(cookie) {
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
        names
    }

    /// The names of the headers that [`sign_in`](Self::sign_in) reads beside these. None is among both: a header that is read
    /// twice would pass for one that was sent twice.
    pub fn sign_in_headers(&self) -> impl Iterator<Item = &'static str> {
        let read = self.headers_read();
        let names = sign_in::HEADERS.into_iter().chain(["host"]).filter(|_| self.configuration.sign_in.is_some());
        names.filter(move |name| !read.iter().any(|known| known == name))
    }

    /// The names, in lower case, of the headers that tell the origin who the viewer is. A decision reads the names of all
    /// headers that are as long as one of these.
    pub fn identity_headers(&self) -> impl Iterator<Item = &str> {
        self.configuration.forwarding.identity_headers()
    }

    /// Whether a decision reads the viewer's address.
    pub fn reads_client_ip(&self) -> bool {
        self.configuration.policy.reads_client_ip()
            || self.configuration.policy.endpoints().any(Endpoint::reads_client_ip)
    }

    /// What the configuration deliberately leaves unchecked, to be said aloud at start.
    pub fn opt_outs(&self) -> &[Problem] {
        &self.configuration.opt_outs
    }

    /// Looks at a configuration more closely than deciding needs: what is allowed, but doubtful; or, as an error, what is
    /// wrong.
    #[cfg(feature = "tooling")]
    pub fn check(configuration: &str) -> Result<Vec<Problem>, Vec<Problem>> {
        Configuration::parse(configuration).map(|parsed| parsed.warnings(configuration))
    }

    /// Line and column, counted from 1, of the member or item at a place of a configuration, as problems name places.
    #[cfg(feature = "tooling")]
    pub fn locate(configuration: &str, place: &str) -> Option<(usize, usize)> {
        crate::config::locate(configuration, place)
    }

    /// The ARN of the role that AWS HealthImaging acts as where a token passes its DICOMweb authorizer.
    pub fn dicom_web_role_arn(&self) -> Option<&str> {
        self.configuration.dicom_web_role.as_deref()
    }

    /// Whether a decision reads the body of a request.
    pub fn reads_body(&self) -> bool {
        self.configuration.policy.endpoints().any(Endpoint::reads_body)
    }

    /// Whether the configuration says `"authorization": "off"`: every request passes, whoever sends it.
    pub fn is_authorization_off(&self) -> bool {
        self.configuration.authorization == Authorization::Off
    }

    /// What the host should log.
    pub fn logging(&self) -> Logging {
        self.configuration.logging
    }

    /// Whether requests to the origin are signed, so that the function is for origin-request as well.
    pub fn signs_origin_requests(&self) -> bool {
        self.configuration.signing.is_some()
    }
}
