//! HTTP methods, as CloudFront passes them.

use std::fmt;

/// A method that a cache behavior can allow ("Allowed HTTP methods" in the CloudFront Developer Guide).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    Get,
    Head,
    Options,
    Put,
    Patch,
    Post,
    Delete,
}

/// A set of methods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Methods(u8);

impl Method {
    const ALL: [Self; 7] = [Self::Get, Self::Head, Self::Options, Self::Put, Self::Patch, Self::Post, Self::Delete];

    /// By its exact name: methods are case-sensitive (RFC 9110, section 9.1).
    pub(crate) fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.name() == name)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Options => "OPTIONS",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Post => "POST",
            Self::Delete => "DELETE",
        }
    }
}

impl Methods {
    pub(crate) const NONE: Self = Self(0);

    /// The set of `methods`. HEAD goes with GET, whose answer it is without the content (RFC 9110, section 9.3.2).
    pub(crate) fn of(methods: &[Method]) -> Self {
        let with_head = methods.contains(&Method::Get).then_some(Method::Head);
        methods.iter().copied().chain(with_head).fold(Self::NONE, |set, method| Self(set.0 | 1 << method as u8))
    }

    pub(crate) fn contain(self, method: Method) -> bool {
        self.0 & 1 << method as u8 != 0
    }

    pub(crate) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether each method of `other` is in this set.
    #[cfg(feature = "tooling")]
    pub(crate) fn cover(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether some method is in both.
    #[cfg(feature = "tooling")]
    pub(crate) fn overlap(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Those of this set that only read.
    #[cfg(feature = "tooling")]
    pub(crate) fn reading(self) -> Self {
        Self(self.0 & Self::of(&[Method::Get]).0)
    }

    pub(crate) fn names(self) -> impl Iterator<Item = &'static str> {
        Method::ALL.into_iter().filter(move |method| self.contain(*method)).map(Method::name)
    }
}

impl fmt::Display for Methods {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.names().collect::<Vec<_>>().join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn head_goes_with_get_and_nothing_else_does() {
        assert_eq!(Methods::of(&[Method::Get]).to_string(), "GET, HEAD");
        assert_eq!(Methods::of(&[Method::Put, Method::Delete]).to_string(), "PUT, DELETE");
        assert!(!Methods::of(&[Method::Head]).contain(Method::Get));
    }

    #[test]
    fn names_are_exact() {
        for name in ["get", "GET ", "TRACE", "CONNECT", "PROPFIND", ""] {
            assert_eq!(Method::by_name(name), None, "{name}");
        }
    }
}
