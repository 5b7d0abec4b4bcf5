//! Our cookies: their names, their attributes, setting and clearing them.

use crate::cookie;
use crate::request::Request;

/// Where cookies are sent, as the configuration has it. They are always for all paths: two cookies of one name on two
/// paths are how sessions get lost.
#[derive(Debug, Clone)]
pub(crate) struct CookieSettings {
    /// With it they are sent to its subdomains, too, and cannot have the prefix that guards them best.
    pub(crate) domain: Option<String>,
    /// `Lax` or `None`.
    pub(crate) same_site: &'static str,
    /// `false` for development over http.
    pub(crate) secure: bool,
}

impl CookieSettings {
    /// What the names begin with. Browsers take a cookie with `__Host-` only from this very host, over https and for all
    /// paths; one with `__Secure-` only over https (RFC 6265bis, section 4.1.3).
    pub(crate) fn prefix(&self) -> &'static str {
        match (self.secure, &self.domain) {
            (false, _) => "edge-",
            (true, Some(_)) => "__Secure-edge-",
            (true, None) => "__Host-edge-",
        }
    }

    pub(super) fn name(&self, name: &str) -> String {
        [self.prefix(), name].concat()
    }

    /// A `Set-Cookie` value.
    pub(super) fn set(&self, name: &str, value: &str, max_age_seconds: f64) -> String {
        let mut cookie =
            format!("{}{name}={value}; Max-Age={}; Path=/; HttpOnly", self.prefix(), max_age_seconds as u32);
        if self.secure {
            cookie.push_str("; Secure");
        }
        cookie.push_str("; SameSite=");
        cookie.push_str(self.same_site);
        if let Some(domain) = &self.domain {
            cookie.push_str("; Domain=");
            cookie.push_str(domain);
        }
        cookie
    }

    /// A `Set-Cookie` value that takes the cookie away: with the attributes that it was set with, or it would be another's
    /// (threat 55).
    pub(super) fn clear(&self, name: &str) -> String {
        self.set(name, "", 0.0)
    }

    /// Of the request's cookies of ours, what follows the prefix and `name`, and the value.
    pub(super) fn named<'r>(&self, request: &'r Request, name: &str) -> Vec<(&'r str, &'r str)> {
        let prefix = self.name(name);
        let mut named = cookie::all(request);
        named.retain_mut(|(given, _)| match given.strip_prefix(prefix.as_str()) {
            Some(rest) => {
                *given = rest;
                true
            }
            None => false,
        });
        named
    }

    /// The value of the one cookie of this name; `None` where there is none, or more than one.
    pub(super) fn one<'r>(&self, request: &'r Request, name: &str) -> Option<&'r str> {
        cookie::one(request, &self.name(name))
    }
}
