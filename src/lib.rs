//! The WebAssembly module: what JavaScript sees of the authorizer.
//!
//! Only what a decision reads crosses the boundary for each request; the configuration and the key sets cross once, as
//! text. A panic is a trap that poisons the instance: the host throws it away and makes a new one.

mod cloudfront;
mod fetch;
mod host;
mod keys;
mod memo;
mod origin_request;
mod outcome;
mod pages;
mod prepared;
mod role;
mod secrets;
#[cfg(feature = "tooling")]
mod tooling;

use edge_authorizer_core::{Decision, Keys, Problem, ProviderAnswer, Trace, UnixTime};
use wasm_bindgen::prelude::*;

use crate::cloudfront::{Adapter, CloudFrontRequest};
use crate::host::Host;
use crate::memo::Memo;
use crate::role::JsRoleCredentials;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types.d.ts");

#[wasm_bindgen]
extern "C" {
    /// `Outcome` of `types.d.ts`.
    #[wasm_bindgen(typescript_type = "Outcome")]
    pub type Outcome;
    /// `SignInStepOutcome` of `types.d.ts`.
    #[wasm_bindgen(typescript_type = "SignInStepOutcome")]
    pub type SignInStepOutcome;
    /// `ProviderKeys[]` of `types.d.ts`.
    #[wasm_bindgen(typescript_type = "ProviderKeys[]")]
    pub type ProviderKeysArray;
    /// `NamedSecret[]` of `types.d.ts`.
    #[wasm_bindgen(typescript_type = "NamedSecret[]")]
    pub type NamedSecrets;
    /// `FetchRequest` of `types.d.ts`.
    #[wasm_bindgen(typescript_type = "FetchRequest")]
    pub type FetchRequest;
    /// `NamedPage[]` of `types.d.ts`.
    #[wasm_bindgen(typescript_type = "NamedPage[]")]
    pub type NamedPages;
    /// `KeySetReport` of `types.d.ts`.
    #[wasm_bindgen(typescript_type = "KeySetReport")]
    pub type KeySetReport;
    /// `"error" | "info" | "debug"`.
    #[wasm_bindgen(typescript_type = "LogLevel")]
    pub type LogLevel;
}

/// An instance of the module at the edge has one authorizer for as long as it lives, and goes with all of its memory: what would
/// take an authorizer apart is not in the zip. At the command line they come and go.
#[cfg(not(feature = "tooling"))]
type Lasting<T> = std::mem::ManuallyDrop<T>;
#[cfg(feature = "tooling")]
type Lasting<T> = Box<T>;

/// A configuration, ready to decide, and the keys it has so far.
#[wasm_bindgen]
pub struct Authorizer {
    core: Lasting<edge_authorizer_core::Authorizer>,
    adapter: Adapter,
    memo: Memo,
    host: Option<Host>,
}

#[wasm_bindgen]
impl Authorizer {
    /// Reads the text of an `authorizer.json`. Throws an `Error` where anything is wrong with it: with feature `tooling` it
    /// lists everything, a line each; without, it says which command does.
    #[wasm_bindgen(constructor)]
    pub fn new(configuration: &str) -> Result<Authorizer, JsError> {
        let core =
            edge_authorizer_core::Authorizer::new(configuration).map_err(|problems| JsError::new(&lines(&problems)))?;
        Ok(Self::of(Lasting::new(core)))
    }

    /// The providers, and where the host finds their keys.
    pub fn providers(&self) -> Result<ProviderKeysArray, JsError> {
        Ok(keys::providers(&self.core)?.unchecked_into())
    }

    /// The HTML pages of the configuration, and where they are.
    pub fn pages(&self) -> Result<NamedPages, JsError> {
        Ok(pages::named(&self.core)?.unchecked_into())
    }

    /// Takes the content of the page for this status. Throws where it is too long, or no UTF-8.
    #[wasm_bindgen(js_name = setPage)]
    pub fn set_page(&mut self, status: u16, content: &[u8]) -> Result<(), JsError> {
        self.core.set_page(status, content).map_err(|message| JsError::new(&message))
    }

    /// Replaces a provider's keys by those of a JWK Set, to be trusted until the time given, in seconds since 1970, or for
    /// ever with `Infinity`. Throws where the set has no usable key; the keys there were stay then.
    #[wasm_bindgen(js_name = setKeySet)]
    pub fn set_key_set(
        &mut self,
        provider: &str,
        jwks: &str,
        #[wasm_bindgen(js_name = trustedUntil)] trusted_until: f64,
    ) -> Result<KeySetReport, JsError> {
        let report =
            self.core.set_key_set(provider, jwks, end(trusted_until)?).map_err(|message| JsError::new(&message))?;
        Ok(keys::key_set_report(report)?.unchecked_into())
    }

    /// Trusts the keys of a provider until another time, in seconds since 1970: longer where it cannot be reached.
    #[wasm_bindgen(js_name = trustKeysUntil)]
    pub fn trust_keys_until(&mut self, provider: &str, until: f64) -> Result<(), JsError> {
        let until = time("until", until)?;
        self.core.trust_keys_until(provider, until).map_err(|message| JsError::new(&message))
    }

    /// The URL of a provider's key set, from the text of the document at its `discoveryUri`. Throws where that is not this
    /// issuer's.
    #[wasm_bindgen(js_name = discoveredJwksUri)]
    pub fn discovered_jwks_uri(&self, provider: &str, document: &str) -> Result<String, JsError> {
        self.core.discovered_jwks_uri(provider, document).map_err(|message| JsError::new(&message))
    }

    /// The secrets that the configuration names, and where the host finds them.
    pub fn secrets(&self) -> Result<NamedSecrets, JsError> {
        Ok(secrets::named(&self.core)?.unchecked_into())
    }

    /// The request for a secret that lies with a service, signed by the role of the function at the time `now`, in seconds
    /// since 1970. Throws where there are no credentials to sign with.
    #[wasm_bindgen(js_name = secretRequest)]
    pub fn secret_request(&self, name: &str, role: &JsRoleCredentials, now: f64) -> Result<FetchRequest, JsError> {
        let now = time("now", now)?;
        let fetch = role::with(role, |role| self.core.secret_request(name, role, now));
        Ok(fetch::request(fetch.map_err(|message| JsError::new(&message))?).unchecked_into())
    }

    /// Notes that the host has a secret that it keeps to itself (`isForHost`), and may use it until the time given, in seconds
    /// since 1970.
    #[wasm_bindgen(js_name = hostHasSecret)]
    pub fn host_has_secret(
        &mut self,
        name: &str,
        #[wasm_bindgen(js_name = trustedUntil)] trusted_until: f64,
    ) -> Result<(), JsError> {
        self.core.host_has_secret(name, end(trusted_until)?).map_err(|message| JsError::new(&message))
    }

    /// Takes the secret that the configuration names at the place `name` (`providers.partner.secret`), to be used until the
    /// time given, in seconds since 1970, or for ever with `Infinity`. Throws where it cannot be one, too short for the
    /// provider's algorithms say; what was there stays then.
    #[wasm_bindgen(js_name = setSecret)]
    pub fn set_secret(
        &mut self,
        name: &str,
        secret: &[u8],
        #[wasm_bindgen(js_name = trustedUntil)] trusted_until: f64,
    ) -> Result<(), JsError> {
        self.core.set_secret(name, secret, end(trusted_until)?).map_err(|message| JsError::new(&message))
    }

    /// The role that AWS HealthImaging acts as where a token passes its DICOMweb authorizer.
    #[wasm_bindgen(js_name = dicomWebRoleArn)]
    pub fn dicom_web_role_arn(&self) -> Option<String> {
        self.core.dicom_web_role_arn().map(str::to_owned)
    }

    /// Tells who has the private keys and the credentials that some answers need.
    #[wasm_bindgen(js_name = setHost)]
    pub fn set_host(&mut self, host: Host) {
        self.host = Some(host);
    }

    /// Whether every request passes, whoever sends it.
    #[wasm_bindgen(js_name = isAuthorizationOff)]
    pub fn is_authorization_off(&self) -> bool {
        self.core.is_authorization_off()
    }

    /// How many pages of 64 KB the memory of this instance has. It never gets smaller again.
    #[wasm_bindgen(js_name = memoryPages)]
    pub fn memory_pages(&self) -> usize {
        memory_pages()
    }

    /// What is to be logged.
    #[wasm_bindgen(js_name = logLevel)]
    pub fn log_level(&self) -> LogLevel {
        JsValue::from_str(self.core.logging().level.as_str()).unchecked_into()
    }

    /// The share of the decisions at level `info` that is to be logged, from 0 to 1.
    #[wasm_bindgen(js_name = infoShare)]
    pub fn info_share(&self) -> f64 {
        self.core.logging().info_share
    }

    /// The share of the decisions at level `debug` that is to be logged, from 0 to 1.
    #[wasm_bindgen(js_name = debugShare)]
    pub fn debug_share(&self) -> f64 {
        self.core.logging().debug_share
    }

    /// Whether decisions are to be counted, and the counts to be logged as metrics.
    #[wasm_bindgen(js_name = hasMetrics)]
    pub fn has_metrics(&self) -> bool {
        self.core.logging().metrics
    }

    /// What the configuration deliberately leaves unchecked, to be said aloud at start.
    #[wasm_bindgen(js_name = startNotices)]
    pub fn start_notices(&self) -> Vec<String> {
        self.core.opt_outs().iter().map(ToString::to_string).collect()
    }

    /// Decides about `event.Records[0].cf.request` of a CloudFront viewer-request event at the time `now`, in seconds since
    /// 1970. A request that may pass is edited in place.
    ///
    /// With `keysAreFinal` a missing key is a refusal; without, the outcome may ask for keys. Throws where `now` is no
    /// time, or where the request is not one that CloudFront sends.
    #[wasm_bindgen(js_name = authorizeViewerRequest)]
    pub fn authorize_viewer_request(
        &self,
        request: &CloudFrontRequest,
        now: f64,
        #[wasm_bindgen(js_name = keysAreFinal)] keys_are_final: bool,
    ) -> Result<Outcome, JsValue> {
        let keys = if keys_are_final { Keys::AreFinal } else { Keys::MayBeFetched };
        let outcome = self.outcome(request, now, keys, &mut Trace::off())?;
        Ok(outcome.unchecked_into())
    }

    /// Goes on with a request that `authorizeViewerRequest` has left to the sign-in, at the same time.
    ///
    /// `random` are 160 bytes from a cryptographic source, new ones for each call. Where the outcome asks for
    /// something to be fetched, the next call has its `purpose`, and the `status` and `body` of what came of it. Throws as
    /// `authorizeViewerRequest` does.
    #[wasm_bindgen(js_name = signIn)]
    #[allow(clippy::too_many_arguments, reason = "objects would cost more at the boundary")]
    pub fn sign_in(
        &self,
        request: &CloudFrontRequest,
        now: f64,
        #[wasm_bindgen(js_name = keysAreFinal)] keys_are_final: bool,
        random: &[u8],
        purpose: Option<String>,
        status: Option<u16>,
        body: Option<String>,
    ) -> Result<SignInStepOutcome, JsValue> {
        let keys = if keys_are_final { Keys::AreFinal } else { Keys::MayBeFetched };
        let (status, body) = (status.unwrap_or_default(), body.unwrap_or_default());
        let fetched = ProviderAnswer { status, body };
        let fetched = purpose.as_deref().map(|purpose| (purpose, &fetched));
        let now = time("now", now)?;
        let viewer = self.adapter.read_for_sign_in(request)?;
        let decision = self.core.sign_in(&viewer, now, keys, random, fetched, &mut Trace::off());
        let outcome = outcome::of(decision, &self.core, &viewer, &self.adapter, &self.memo, request);
        self.adapter.reuse(viewer);
        Ok(outcome.unchecked_into())
    }
}

impl Authorizer {
    fn of(core: Lasting<edge_authorizer_core::Authorizer>) -> Self {
        let adapter = Adapter::new(&core);
        Self { core, adapter, memo: Memo::new(), host: None }
    }

    fn outcome(
        &self,
        viewer: &CloudFrontRequest,
        now: f64,
        keys: Keys,
        trace: &mut Trace,
    ) -> Result<js_sys::Object, JsValue> {
        let now = time("now", now)?;
        let request = self.adapter.read(viewer)?;
        let decision = match self.core.authorize(&request, now, keys, trace) {
            Decision::Unsigned(answer) => host::complete(self.host.as_ref(), answer),
            decision => decision,
        };
        let outcome = outcome::of(decision, &self.core, &request, &self.adapter, &self.memo, viewer);
        self.adapter.reuse(request);
        Ok(outcome)
    }
}

#[cfg(target_arch = "wasm32")]
fn memory_pages() -> usize {
    core::arch::wasm32::memory_size::<0>()
}

/// Elsewhere this crate is only checked, never run.
#[cfg(not(target_arch = "wasm32"))]
fn memory_pages() -> usize {
    0
}

/// The problems as text, a line each.
fn lines(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// A time, or none for `Infinity`: what is never to end.
fn end(trusted_until: f64) -> Result<Option<UnixTime>, JsError> {
    if trusted_until == f64::INFINITY { Ok(None) } else { time("trustedUntil", trusted_until).map(Some) }
}

/// JavaScript makes `NaN` of what is missing; with that no comparison would hold, and nothing would ever end.
fn time(name: &str, seconds: f64) -> Result<UnixTime, JsError> {
    UnixTime::from_seconds(seconds)
        .ok_or_else(|| JsError::new(&format!("`{name}` is not a number of seconds since 1970")))
}

#[cfg(test)]
#[path = "../tests/wasm/mod.rs"]
mod tests;
