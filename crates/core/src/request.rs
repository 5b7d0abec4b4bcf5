//! A viewer's request, as much of it as a decision reads.

/// One request, built by the adapter of a platform. Everything in it but `client_ip` was written by the viewer.
///
/// An adapter reads only the headers that [`Authorizer::headers_read`](crate::Authorizer::headers_read) names.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The method, as sent (methods are case-sensitive: RFC 9110, section 9.1).
    pub method: String,
    /// The path, as sent: still percent-encoded, without query.
    pub path: String,
    /// The query, as sent and without `?`; empty if there is none.
    pub query: String,
    /// The values of headers that the configuration reads: name in lower case, one entry for each header line.
    pub headers: Vec<(String, String)>,
    /// The names of all headers, so that names that only the origin may hear from us can be taken out.
    pub header_names: Vec<String>,
    /// The viewer's IP address, as the platform tells it, where [`Authorizer::reads_client_ip`](crate::Authorizer::reads_client_ip).
    pub client_ip: String,
    /// The body, where [`Authorizer::reads_body`](crate::Authorizer::reads_body) and the platform shows it whole.
    pub body: Option<String>,
}

impl Request {
    /// The values of a header, by its name in lower case.
    pub(crate) fn header_values<'r>(&'r self, name: &'r str) -> impl Iterator<Item = &'r str> + 'r {
        self.headers.iter().filter(move |(header, _)| header == name).map(|(_, value)| value.as_str())
    }
}
