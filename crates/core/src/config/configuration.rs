//! A configuration, read and without errors.

use super::logging::Logging;
use super::problem::Problem;
use crate::answer::Answers;
use crate::credentials::TokenSource;
use crate::forward::Forwarding;
use crate::origin::OriginSigning;
use crate::policy::Policy;
use crate::provider::Provider;
use crate::secrets::Secrets;
use crate::sign_in::SignIn;

/// A configuration without errors.
#[derive(Debug)]
pub(crate) struct Configuration {
    pub(crate) authorization: Authorization,
    pub(crate) providers: Vec<Provider>,
    pub(crate) secrets: Secrets,
    pub(crate) token_sources: Vec<TokenSource>,
    pub(crate) policy: Policy,
    pub(crate) forwarding: Forwarding,
    /// `None` where requests to the origin are not signed.
    pub(crate) signing: Option<OriginSigning>,
    pub(crate) answers: Answers,
    pub(crate) logging: Logging,
    /// What AWS HealthImaging acts as where a token passes.
    pub(crate) dicom_web_role: Option<String>,
    pub(crate) sign_in: Option<Box<SignIn>>,
    /// What is deliberately not checked, for the log at start. It is found out when the configuration is read: the code for it
    /// is not in the zip then.
    pub(crate) opt_outs: Vec<Problem>,
}

/// Whether anything is authorized at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Authorization {
    On,
    /// `"authorization": "off"`: every request passes.
    Off,
}

impl Configuration {
    /// Wherever a rule looks for a token, or would if it had no places of its own.
    pub(crate) fn all_token_sources(&self) -> impl Iterator<Item = &TokenSource> {
        self.token_sources.iter().chain(self.policy.token_sources())
    }
}
