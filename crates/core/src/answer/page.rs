//! The page for all that people are told: a title, a sentence, and perhaps links. Nothing in it comes from elsewhere.

/// A template that is filled in by [`filled`]: ours.
pub(crate) const TEMPLATE: &str = concat!(
    "<!doctype html>\n<html lang=\"en\" data-code=\"{{code}}\">\n<meta charset=\"utf-8\">\n",
    "<meta name=\"viewport\" content=\"width=device-width\">\n<title>{{title}}</title>\n<style>",
    include_str!("page.css"),
    "</style>\n",
    include_str!("page.html")
);

/// What a Content-Security-Policy calls the style of [`TEMPLATE`] (Content Security Policy Level 3, section 6.7.3.3).
pub(crate) const STYLE_HASH: &str = "'sha256-u63WAtyy/56tp77xsWJlbrw98hobhXv1tgB9+tzm78A='";

/// What stands in a page. All of it is HTML.
#[derive(Clone, Copy)]
pub(crate) struct Content<'a> {
    /// For styles that depend on it.
    pub(crate) code: &'a str,
    pub(crate) title: &'a str,
    pub(crate) text: &'a str,
    /// `<a>` elements.
    pub(crate) links: &'a str,
    /// What the Content-Security-Policy knows styles of other templates by.
    pub(crate) nonce: &'a str,
}

/// The Content-Security-Policy of a page with one style: nothing else is loaded, and nobody may put it into a frame.
pub(crate) fn policy(style: &str) -> String {
    let [before, after] = [
        "default-src 'none'; img-src data:; style-src ",
        "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ];
    [before, style, after].concat()
}

/// The page that comes of a template.
pub(crate) fn filled(template: &str, content: Content<'_>) -> String {
    let Content { code, title, text, links, nonce } = content;
    let parts =
        [("{{code}}", code), ("{{nonce}}", nonce), ("{{title}}", title), ("{{text}}", text), ("{{links}}", links)];
    parts.iter().fold(template.to_owned(), |page, (name, part)| page.replace(name, part))
}

/// A link of a page.
pub(crate) fn link(to: &str, text: &str) -> String {
    ["<a href=\"", &escaped(to), "\">", &escaped(text), "</a>\n"].concat()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;
    use crate::base64url;

    #[test]
    fn the_policy_knows_our_style_by_its_hash() {
        let digest = base64url::encode(&Sha256::digest(include_str!("page.css")));
        let hash = format!("'sha256-{}='", digest.replace('-', "+").replace('_', "/"));
        assert_eq!(STYLE_HASH, hash);
    }

    #[test]
    fn our_page_loads_nothing() {
        for word in ["http:", "https:", "url(", "@import", "src=", "<script", "onclick"] {
            assert!(!TEMPLATE.contains(word), "{word}");
        }
    }
}
