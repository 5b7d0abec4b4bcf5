//! Edits to a request that may pass.

/// Edits to a request. What is not named stays byte for byte as the viewer sent it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edits {
    /// Headers to take out, by their names as they stand in the request.
    pub remove_headers: Vec<String>,
    /// Headers to set, name in lower case, after the removals.
    pub set_headers: Vec<(String, String)>,
    /// The new `Cookie` headers; an empty list takes the header out. `None` leaves them.
    pub cookies: Option<Vec<String>>,
    /// The new path. `None` leaves it.
    pub path: Option<String>,
    /// The new query, without `?`. `None` leaves it.
    pub query: Option<String>,
    /// Claims to hand on beside the request, by the names that the configuration gives them. CloudFront has no place for
    /// them; Amazon API Gateway calls them the authorizer's context.
    pub context: Vec<(String, String)>,
}

impl Edits {
    pub(crate) fn remove_header(&mut self, name: &str) {
        if !self.remove_headers.iter().any(|removed| removed == name) {
            self.remove_headers.push(name.to_owned());
        }
    }
}
