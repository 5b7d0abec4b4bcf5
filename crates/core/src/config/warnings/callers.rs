//! What keeps out callers that the configuration is for.

use crate::config::configuration::Configuration;
use crate::config::problem::Problem;

/// AWS HealthImaging tells its authorizer no host ("Using DICOMweb APIs with OIDC authentication"), and where a rule asks for
/// one, who says none is refused before any rule is looked at.
pub(super) fn about_callers(configuration: &Configuration) -> Vec<Problem> {
    let excludes_dicom_web = configuration.dicom_web_role.is_some() && configuration.policy.reads_host();
    let message =
        "no token passes: HealthImaging says no host, and a rule has `match.host`. It needs a configuration of its own";
    excludes_dicom_web.then(|| Problem::new("dicomWeb", message)).into_iter().collect()
}
