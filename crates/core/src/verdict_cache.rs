//! Tokens that were verified before, so that their signatures need not be verified again.
//!
//! A token is looked for as a whole: every byte of it is compared (threat 62). What is found is the claims that were
//! validated then. Whether they hold now, and whether the keys are still trusted, is asked by the authorizer each time
//! (threats 26 and 63), and so is the policy.
//!
//! Only [`Verdict`]s get in, and those are made of [`ValidatedClaims`]: whoever would fill the cache has to have that many
//! good tokens (threat 64), and then pushes out what was used least recently, no more. A refusal is never remembered.
//!
//! The index is the end of the token, which is the end of its signature: bits that nobody but a provider can choose, so
//! that no viewer can make many tokens share them. Should a provider do so, tokens are compared one after the other, at
//! most [`MAX_ENTRIES`] of them.

use std::rc::Rc;

use crate::algorithm::Algorithm;
use crate::claims::ValidatedClaims;
use crate::time::UnixTime;

/// The most tokens that are remembered: a viewer has one, and an instance of the function serves one viewer at a time.
const MAX_ENTRIES: usize = 1024;

/// The most bytes that they take together, as [`Verdict::bytes`] counts them. With it the whole module stays below 4 MB.
const MAX_BYTES: usize = 2 << 20;

/// What was found out about a token: all of it but whether it holds now.
#[derive(Debug)]
pub(crate) struct Verdict {
    /// Which of the configuration's providers it is of.
    pub(crate) provider: usize,
    pub(crate) algorithm: Algorithm,
    pub(crate) kid: Option<Rc<str>>,
    pub(crate) claims: ValidatedClaims,
    /// When a session ends, whatever its token says; `None` for a token that came by itself.
    pub(crate) until: Option<UnixTime>,
}

/// The verdicts of one configuration, by token.
#[derive(Debug, Default)]
pub(crate) struct VerdictCache {
    /// In the order of `index`.
    entries: Vec<Entry>,
    /// Of all entries.
    bytes: usize,
    /// Counts the uses of entries, to tell which one was used last.
    uses: u64,
}

#[derive(Debug)]
struct Entry {
    index: u64,
    last_use: u64,
    bytes: usize,
    token: Box<str>,
    verdict: Rc<Verdict>,
}

impl VerdictCache {
    /// What was found out about this very token.
    pub(crate) fn find(&mut self, token: &str) -> Option<Rc<Verdict>> {
        let position = self.position_of(token)?;
        self.uses += 1;
        let entry = self.entries.get_mut(position)?;
        entry.last_use = self.uses;
        Some(Rc::clone(&entry.verdict))
    }

    /// Remembers a token, and forgets others that were not used for longest, as far as room is needed.
    pub(crate) fn insert(&mut self, token: Box<str>, verdict: Rc<Verdict>) {
        self.remove(&token);
        let bytes = size_of::<Entry>() + token.len() + verdict.bytes();
        if bytes > MAX_BYTES {
            return;
        }
        while self.entries.len() >= MAX_ENTRIES || self.bytes + bytes > MAX_BYTES {
            self.remove_least_recently_used();
        }
        self.uses += 1;
        let index = index_of(&token);
        let position = self.entries.partition_point(|entry| entry.index < index);
        let entry = Entry { index, last_use: self.uses, bytes, token, verdict };
        self.entries.insert(position, entry);
        self.bytes += bytes;
    }

    pub(crate) fn remove(&mut self, token: &str) {
        if let Some(position) = self.position_of(token) {
            self.remove_at(position);
        }
    }

    /// Forgets every token of a provider: its keys are not those any more that the tokens were verified with.
    pub(crate) fn remove_all_of(&mut self, provider: usize) {
        self.entries.retain(|entry| entry.verdict.provider != provider);
        self.bytes = self.entries.iter().map(|entry| entry.bytes).sum();
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    fn position_of(&self, token: &str) -> Option<usize> {
        let index = index_of(token);
        let first = self.entries.partition_point(|entry| entry.index < index);
        let candidates = self.entries.iter().skip(first).take_while(|entry| entry.index == index);
        candidates.zip(first..).find(|(entry, _)| are_equal(&entry.token, token)).map(|(_, position)| position)
    }

    /// Looking at every entry takes a small part of the time that verifying the token took, which needs the room.
    fn remove_least_recently_used(&mut self) {
        let oldest = self.entries.iter().zip(0..).min_by_key(|(entry, _)| entry.last_use);
        if let Some((_, position)) = oldest {
            self.remove_at(position);
        }
    }

    fn remove_at(&mut self, position: usize) {
        self.bytes -= self.entries.remove(position).bytes;
    }
}

impl Verdict {
    /// The memory that it takes, rather too much than too little.
    fn bytes(&self) -> usize {
        size_of::<Self>() + self.kid.as_ref().map_or(0, |kid| kid.len()) + self.claims.bytes()
    }
}

/// `==`, but eight bytes at a time: in WebAssembly the standard library compares one after the other, which would take
/// longer than everything else that is asked of a known token.
fn are_equal(one: &str, other: &str) -> bool {
    let (one_words, one_rest) = one.as_bytes().as_chunks::<8>();
    let (other_words, other_rest) = other.as_bytes().as_chunks::<8>();
    one.len() == other.len()
        && one_rest == other_rest
        && one_words.iter().zip(other_words).all(|(one, other)| one == other)
}

/// The last eight bytes, the most that one comparison takes: 48 bits of the signature.
fn index_of(token: &str) -> u64 {
    token.as_bytes().last_chunk().map_or(0, |end| u64::from_le_bytes(*end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn verdict(claims: Value) -> Rc<Verdict> {
        let claims = ValidatedClaims::for_tests(claims);
        Rc::new(Verdict { provider: 0, algorithm: Algorithm::Rs256, kid: None, claims, until: None })
    }

    fn subject(verdict: Option<Rc<Verdict>>) -> Option<u64> {
        verdict.and_then(|verdict| verdict.claims.get("sub").and_then(Value::as_u64))
    }

    /// A token of a common length that ends like no other, but for those whose number is the same modulo `ends`.
    fn token(number: u64, ends: u64) -> Box<str> {
        format!("{number:0>1000}.{:0>8}", number % ends).into()
    }

    fn bytes_of_entries(cache: &VerdictCache) -> usize {
        cache.entries.iter().map(|entry| entry.bytes).sum()
    }

    #[test]
    fn threat_62_a_token_is_found_by_all_of_its_bytes() {
        let mut cache = VerdictCache::default();
        let tokens =
            ["header.payload.signature", "heade.payload.signature", "header.payloac.signature", "signature", ""];
        for (number, token) in tokens.iter().enumerate() {
            assert_eq!(subject(cache.find(token)), None, "{token}");
            cache.insert((*token).into(), verdict(json!({ "sub": number })));
        }
        for (number, token) in tokens.iter().enumerate() {
            assert_eq!(subject(cache.find(token)), Some(number as u64), "{token}");
        }
        assert_eq!(subject(cache.find("header.payload.signaturf")), None);
        assert_eq!(subject(cache.find("xheader.payload.signature")), None);
    }

    #[test]
    fn threat_64_the_least_recently_used_token_goes_first() {
        for ends in [1, 7, u64::MAX] {
            let mut cache = VerdictCache::default();
            let count = MAX_ENTRIES as u64;
            for number in 0..count {
                cache.insert(token(number, ends), verdict(json!({ "sub": number })));
            }
            assert_eq!(cache.entries.len(), MAX_ENTRIES);
            // All but one are used again.
            for number in (0..count).filter(|number| *number != 500) {
                assert_eq!(subject(cache.find(&token(number, ends))), Some(number));
            }
            cache.insert(token(count, ends), verdict(json!({ "sub": count })));
            assert_eq!(cache.entries.len(), MAX_ENTRIES);
            assert_eq!(subject(cache.find(&token(500, ends))), None);
            assert_eq!(subject(cache.find(&token(0, ends))), Some(0));
            assert_eq!(subject(cache.find(&token(count, ends))), Some(count));
        }
    }

    #[test]
    fn threat_64_bytes_are_bounded_whatever_the_claims_are() {
        let nested = (0..10).fold(json!([]), |inner, _| json!([inner, [], {}, { "": 0 }]));
        for claims in [
            json!({ "sub": 1, "long": "x".repeat(12_000) }),
            json!({ "sub": 1, "many": vec![json!([]); 4_000] }),
            json!({ "sub": 1, "nested": vec![nested; 100] }),
        ] {
            let mut cache = VerdictCache::default();
            for number in 0..2_000 {
                cache.insert(token(number, u64::MAX), verdict(claims.clone()));
                assert!(cache.bytes <= MAX_BYTES);
            }
            assert!(!cache.entries.is_empty() && cache.entries.len() < MAX_ENTRIES);
            assert_eq!(cache.bytes, bytes_of_entries(&cache));
            assert_eq!(subject(cache.find(&token(1_999, u64::MAX))), Some(1), "the newest is there");
        }
        let mut cache = VerdictCache::default();
        cache.insert("t".into(), verdict(json!({ "long": "x".repeat(MAX_BYTES) })));
        assert_eq!((cache.entries.len(), cache.bytes), (0, 0));
    }

    #[test]
    fn a_token_that_is_inserted_again_is_there_once() {
        let mut cache = VerdictCache::default();
        cache.insert(token(1, 1), verdict(json!({ "sub": 1 })));
        cache.insert(token(1, 1), verdict(json!({ "sub": 2 })));
        assert_eq!((cache.entries.len(), cache.bytes), (1, bytes_of_entries(&cache)));
        assert_eq!(subject(cache.find(&token(1, 1))), Some(2));
        cache.remove(&token(1, 1));
        cache.remove(&token(1, 1));
        assert_eq!((cache.entries.len(), cache.bytes), (0, 0));
    }

    #[test]
    fn threat_26_all_tokens_of_a_provider_go_at_once() {
        let mut cache = VerdictCache::default();
        for number in 0..10 {
            let claims = ValidatedClaims::for_tests(json!({ "sub": number }));
            let provider = number as usize % 2;
            let verdict = Verdict { provider, algorithm: Algorithm::Rs256, kid: None, claims, until: None };
            cache.insert(token(number, u64::MAX), Rc::new(verdict));
        }
        cache.remove_all_of(1);
        assert_eq!(cache.bytes, bytes_of_entries(&cache));
        for number in 0..10 {
            let expected = (number % 2 == 0).then_some(number);
            assert_eq!(subject(cache.find(&token(number, u64::MAX))), expected);
        }
    }
}
