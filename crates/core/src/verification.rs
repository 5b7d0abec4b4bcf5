//! The long way of a token: provider, key, signature, claims.

use std::rc::Rc;

use crate::algorithm::Algorithm;
use crate::claims::ValidatedClaims;
use crate::decision::{KeysNeeded, SecretNeeded};
use crate::expectations::{Audience, Expectations};
use crate::jwk::{Key, KeyLookupError};
use crate::jws::UnverifiedJws;
use crate::means::{Keys, Means};
use crate::notes::Notes;
use crate::policy::RuleMatch;
use crate::provider::{self, KeySource, Provider};
use crate::refusal::{Code, Refusal};
use crate::stop::{OrStop, Stop};
use crate::trace::{StepOutcome, Trace};
use crate::verdict_cache::Verdict;

/// Verifies a token and validates its claims, as its provider is configured; and for the rules that match, if it is about a
/// request.
///
/// With `id_token_for` it is an ID token that a provider has sent us (OpenID Connect Core 1.0, section 3.1.3.7), and this client
/// is its audience.
pub(crate) fn verify(
    token: &str,
    matches: &[RuleMatch<'_>],
    id_token_for: Option<&str>,
    means: &Means<'_>,
    notes: &mut Notes<'_>,
) -> OrStop<Verdict> {
    let jws = UnverifiedJws::parse(token)?;
    let kid = jws.kid().map(Rc::from);
    notes.context.kid.clone_from(&kid);
    let (index, provider) = provider::of_token(means.providers, &jws)?;
    notes.context.provider = Some(provider.name.clone());
    refuse_other_providers(provider, matches)?;
    let algorithm = provider.algorithm_of(&jws)?;
    let key = find_key(provider, &jws, algorithm, means)?;
    // The key's own, where it is the same: there is one for all tokens.
    let kid = key.id().filter(|id| Some(&***id) == kid.as_deref()).cloned().or(kid);
    let jws = jws.verify(algorithm, key)?;
    let id_token = id_token_for.map(|client_id| Expectations {
        media_types: None,
        audience: Audience::Claim(Some(vec![client_id.to_owned()])),
        allow_missing_expiry: false,
        ..provider.expectations.clone()
    });
    let expected = id_token.as_ref().unwrap_or(&provider.expectations);
    let claims = ValidatedClaims::validate(jws, expected, means.now)
        .inspect_err(|_| note_signature(provider, algorithm, notes.trace))?;
    Ok(Verdict { provider: index, algorithm, kid, claims, until: None })
}

/// Before its keys are fetched: a rule for one provider is no reason to ask another.
pub(crate) fn refuse_other_providers(provider: &Provider, matches: &[RuleMatch<'_>]) -> Result<(), Refusal> {
    match matches.iter().find(|matched| !matched.rule.takes(provider)) {
        None => Ok(()),
        Some(RuleMatch { rule, .. }) => {
            let detail = format!("the rule `{}` takes no tokens of `{}`", rule.name, provider.name);
            Err(Refusal::new(Code::IssuerUnknown, detail))
        }
    }
}

pub(crate) fn note_signature(provider: &Provider, algorithm: Algorithm, trace: &mut Trace) {
    trace.note(StepOutcome::Met, || format!("the token is signed by `{}` with {algorithm}", provider.name));
}

/// The provider's one key for this token, or what is missing.
fn find_key<'p>(
    provider: &'p Provider,
    jws: &UnverifiedJws<'_>,
    algorithm: Algorithm,
    means: &Means<'_>,
) -> OrStop<&'p Key> {
    let may_fetch = means.keys == Keys::MayBeFetched && provider.can_fetch_keys();
    let needed = |kid: Option<&str>| {
        Box::new(Stop::KeysNeeded(KeysNeeded {
            provider: provider.name.as_ref().to_owned(),
            kid: kid.map(str::to_owned),
        }))
    };
    let Some(key_set) = provider.keys_at(means.now) else {
        if may_fetch {
            return Err(needed(None));
        }
        if let KeySource::Secret(secret) = &provider.key_source
            && let Some(name) = means.fetchable_secret(*secret)
        {
            return Err(Box::new(Stop::SecretNeeded(SecretNeeded { name: name.to_owned() })));
        }
        let detail = format!("there are no keys of `{}` that may be trusted", provider.name);
        return Err(Refusal::new(provider.code_without_keys(), detail).into());
    };
    key_set.find(algorithm, jws.kid()).map_err(|error| match error {
        KeyLookupError::UnknownKid if may_fetch => needed(jws.kid()),
        KeyLookupError::UnknownKid => {
            Refusal::new(Code::KeyNotFound, "no key of the provider has the token's `kid`").into()
        }
        KeyLookupError::NotExactlyOne => {
            Refusal::new(Code::KeyNotFound, "not exactly one key of the provider fits the token's `kid` and `alg`")
                .into()
        }
    })
}
