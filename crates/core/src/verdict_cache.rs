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

/// How many lists the tokens are spread over.
const BUCKETS: usize = MAX_ENTRIES;

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

/// The verdicts of one configuration, by token. Finding, inserting and forgetting one takes as long with many as with few.
#[derive(Debug, Default)]
pub(crate) struct VerdictCache {
    /// The first entry of each bucket. There are no buckets before the first entry.
    buckets: Vec<Link>,
    /// The entries, with gaps where one was taken out.
    slots: Vec<Option<Entry>>,
    gaps: Vec<u16>,
    /// What the slots are linked by, in the order of their last use. It stands apart, since with each use it is written in three
    /// places, which are close to each other here.
    order: Vec<Neighbours>,
    /// The ends of that order.
    newest: Link,
    oldest: Link,
    /// Of all entries.
    bytes: usize,
}

/// Where an entry is among the slots.
type Link = Option<u16>;

struct Entry {
    index: u64,
    bytes: usize,
    token: Box<str>,
    verdict: Rc<Verdict>,
    next_in_bucket: Link,
}

/// The entries that were used after and before another.
#[derive(Debug, Clone, Copy, Default)]
struct Neighbours {
    newer: Link,
    older: Link,
}

impl VerdictCache {
    /// What was found out about this very token.
    pub(crate) fn find(&mut self, token: &str) -> Option<Rc<Verdict>> {
        let at = self.position_of(token)?;
        self.unlink(at);
        self.link_as_newest(at);
        self.entry(at).map(|entry| Rc::clone(&entry.verdict))
    }

    /// Remembers a token, and forgets others that were not used for longest, as far as room is needed.
    pub(crate) fn insert(&mut self, token: Box<str>, verdict: Rc<Verdict>) {
        self.remove(&token);
        let bytes = size_of::<Entry>() + size_of::<Neighbours>() + token.len() + verdict.bytes();
        if bytes > MAX_BYTES {
            return;
        }
        while self.len() >= MAX_ENTRIES || self.bytes + bytes > MAX_BYTES {
            let Some(oldest) = self.oldest else { return };
            self.remove_at(oldest);
        }
        self.buckets.resize(BUCKETS, None);
        let at = self.gaps.pop().unwrap_or_else(|| {
            self.slots.push(None);
            self.order.push(Neighbours::default());
            (self.slots.len() - 1) as u16
        });
        let index = index_of(&token);
        let (Some(slot), Some(bucket)) = (self.slots.get_mut(usize::from(at)), self.buckets.get_mut(bucket_of(index)))
        else {
            return;
        };
        let next_in_bucket = bucket.replace(at);
        *slot = Some(Entry { index, bytes, token, verdict, next_in_bucket });
        self.link_as_newest(at);
        self.bytes += bytes;
    }

    pub(crate) fn remove(&mut self, token: &str) {
        if let Some(at) = self.position_of(token) {
            self.remove_at(at);
        }
    }

    /// Forgets every token of a provider: its keys are not those any more that the tokens were verified with.
    pub(crate) fn remove_all_of(&mut self, provider: usize) {
        for at in 0..self.slots.len() as u16 {
            if self.entry(at).is_some_and(|entry| entry.verdict.provider == provider) {
                self.remove_at(at);
            }
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.slots.len() - self.gaps.len()
    }

    fn entry(&mut self, at: u16) -> Option<&mut Entry> {
        self.slots.get_mut(usize::from(at))?.as_mut()
    }

    fn position_of(&self, token: &str) -> Link {
        let index = index_of(token);
        let mut link = *self.buckets.get(bucket_of(index))?;
        while let Some(at) = link {
            let entry = self.slots.get(usize::from(at))?.as_ref()?;
            if entry.index == index && are_equal(entry.token.as_bytes(), token.as_bytes()) {
                break;
            }
            link = entry.next_in_bucket;
        }
        link
    }

    fn remove_at(&mut self, at: u16) {
        self.unlink(at);
        let Some(entry) = self.slots.get_mut(usize::from(at)).and_then(Option::take) else { return };
        self.gaps.push(at);
        self.bytes -= entry.bytes;
        let Some(bucket) = self.buckets.get_mut(bucket_of(entry.index)) else { return };
        if *bucket == Some(at) {
            *bucket = entry.next_in_bucket;
            return;
        }
        let mut link = *bucket;
        while let Some(before) = link.and_then(|before| self.entry(before)) {
            if before.next_in_bucket == Some(at) {
                before.next_in_bucket = entry.next_in_bucket;
                return;
            }
            link = before.next_in_bucket;
        }
    }

    /// Takes an entry out of the order of use.
    fn unlink(&mut self, at: u16) {
        let Some(&mut Neighbours { newer, older }) = self.neighbours(Some(at)) else { return };
        match self.neighbours(newer) {
            Some(newer) => newer.older = older,
            None => self.newest = older,
        }
        match self.neighbours(older) {
            Some(older) => older.newer = newer,
            None => self.oldest = newer,
        }
    }

    fn link_as_newest(&mut self, at: u16) {
        let older = self.newest.replace(at);
        match self.neighbours(older) {
            Some(older) => older.newer = Some(at),
            None => self.oldest = Some(at),
        }
        if let Some(neighbours) = self.neighbours(Some(at)) {
            *neighbours = Neighbours { newer: None, older };
        }
    }

    fn neighbours(&mut self, at: Link) -> Option<&mut Neighbours> {
        self.order.get_mut(usize::from(at?))
    }
}

impl std::fmt::Debug for Entry {
    /// Without the token.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entry").field("bytes", &self.bytes).finish_non_exhaustive()
    }
}

impl Verdict {
    /// The memory that it takes, rather too much than too little.
    fn bytes(&self) -> usize {
        size_of::<Self>() + self.kid.as_ref().map_or(0, |kid| kid.len()) + self.claims.bytes()
    }
}

/// What tokens are compared by: a line of the processor's cache.
const BLOCK: usize = 64;

/// `==`, but a block at a time: in WebAssembly the standard library compares one byte after the other, which would take longer
/// than everything else that is asked of a known token.
fn are_equal(one: &[u8], other: &[u8]) -> bool {
    let Some(last_block) = one.len().checked_sub(BLOCK) else { return one == other };
    // What is left over behind the last whole block is in the block at the very end.
    one.len() == other.len()
        && differences(one, other) == 0
        && one.get(last_block..).zip(other.get(last_block..)).is_some_and(|(one, other)| differences(one, other) == 0)
}

/// Zero where the whole blocks of these are the same. Tokens that end alike seldom differ elsewhere: to look for a difference at
/// each step would take longer, and the next blocks would be waited for one by one.
fn differences(one: &[u8], other: &[u8]) -> u128 {
    let differences = |one: &[u8; 16], other: &[u8; 16]| u128::from_le_bytes(*one) ^ u128::from_le_bytes(*other);
    blocks_of(one).iter().zip(blocks_of(other)).fold(0, |sum, ([a, b, c, d], [e, f, g, h])| {
        sum | differences(a, e) | differences(b, f) | differences(c, g) | differences(d, h)
    })
}

fn blocks_of(token: &[u8]) -> &[[[u8; 16]; BLOCK / 16]] {
    token.as_chunks().0.as_chunks().0
}

/// The last eight bytes, the most that one comparison takes: 48 bits of the signature.
fn index_of(token: &str) -> u64 {
    token.as_bytes().last_chunk().map_or(0, |end| u64::from_le_bytes(*end))
}

/// Knuth's multiplicative hashing: the upper bits are the mixed ones.
fn bucket_of(index: u64) -> usize {
    (index.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - BUCKETS.ilog2())) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Json, Number};
    use serde_json::{Value, json};

    fn verdict(claims: Value) -> Rc<Verdict> {
        let claims = ValidatedClaims::for_tests(claims);
        Rc::new(Verdict { provider: 0, algorithm: Algorithm::Rs256, kid: None, claims, until: None })
    }

    fn subject(verdict: Option<Rc<Verdict>>) -> Option<u64> {
        verdict.and_then(|verdict| verdict.claims.get("sub").and_then(Json::as_number).and_then(Number::as_u64))
    }

    /// A token of a common length that ends like no other, but for those whose number is the same modulo `ends`.
    fn token(number: u64, ends: u64) -> Box<str> {
        format!("{number:0>1000}.{:0>8}", number % ends).into()
    }

    fn bytes_of_entries(cache: &VerdictCache) -> usize {
        cache.slots.iter().flatten().map(|entry| entry.bytes).sum()
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
    fn threat_62_no_byte_of_a_token_is_left_out() {
        for length in 1..200 {
            let token: String = ('!'..='~').cycle().take(length).collect();
            let mut cache = VerdictCache::default();
            cache.insert(token.as_str().into(), verdict(json!({ "sub": length })));
            for at in 0..length {
                let mut other = token.clone();
                other.replace_range(at..=at, "\u{7f}");
                assert_eq!(subject(cache.find(&other)), None, "{other}");
            }
            assert_eq!(subject(cache.find(&token)), Some(length as u64));
        }
    }

    #[test]
    fn threat_64_the_least_recently_used_token_goes_first() {
        for ends in [1, 7, u64::MAX] {
            let mut cache = VerdictCache::default();
            let count = MAX_ENTRIES as u64;
            for number in 0..count {
                cache.insert(token(number, ends), verdict(json!({ "sub": number })));
            }
            assert_eq!(cache.len(), MAX_ENTRIES);
            // All but one are used again.
            for number in (0..count).filter(|number| *number != 500) {
                assert_eq!(subject(cache.find(&token(number, ends))), Some(number));
            }
            cache.insert(token(count, ends), verdict(json!({ "sub": count })));
            assert_eq!(cache.len(), MAX_ENTRIES);
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
            assert!(cache.len() > 0 && cache.len() < MAX_ENTRIES);
            assert_eq!(cache.bytes, bytes_of_entries(&cache));
            assert_eq!(subject(cache.find(&token(1_999, u64::MAX))), Some(1), "the newest is there");
        }
        let mut cache = VerdictCache::default();
        cache.insert("t".into(), verdict(json!({ "long": "x".repeat(MAX_BYTES) })));
        assert_eq!((cache.len(), cache.bytes), (0, 0));
    }

    #[test]
    fn a_token_that_is_inserted_again_is_there_once() {
        let mut cache = VerdictCache::default();
        cache.insert(token(1, 1), verdict(json!({ "sub": 1 })));
        cache.insert(token(1, 1), verdict(json!({ "sub": 2 })));
        assert_eq!((cache.len(), cache.bytes), (1, bytes_of_entries(&cache)));
        assert_eq!(subject(cache.find(&token(1, 1))), Some(2));
        cache.remove(&token(1, 1));
        cache.remove(&token(1, 1));
        assert_eq!((cache.len(), cache.bytes), (0, 0));
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
