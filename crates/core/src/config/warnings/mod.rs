//! What is allowed, but probably not meant. For `check` only: comparing each rule with all others takes time.

mod callers;
mod logging;
mod order;
mod providers;
mod signing_in;
mod unmet;
mod user_pools;
mod wording;

use super::configuration::Configuration;
use super::problem::Problem;

/// Everything that is doubtful, opt-outs first.
pub(super) fn warnings(configuration: &Configuration) -> Vec<Problem> {
    let rules = configuration.policy.rules();
    [
        configuration.opt_outs.clone(),
        signing_in::about_signing_in(configuration),
        order::about_order(rules),
        providers::about_providers(configuration),
        user_pools::about_user_pools(&configuration.providers),
        unmet::about_unmet(configuration),
        wording::about_wording(configuration),
        logging::about_logging(configuration.logging),
        callers::about_callers(configuration),
    ]
    .concat()
}

/// `a`, `b` and `c`.
fn listed(items: &[String], conjunction: &str) -> String {
    match items {
        [] => String::new(),
        [item] => item.clone(),
        [items @ .., last] => format!("{} {conjunction} {last}", items.join(", ")),
    }
}
