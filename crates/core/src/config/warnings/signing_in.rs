//! A sign-in that is not for production, and rules that it leaves nothing to decide.

use crate::config::configuration::Configuration;
use crate::config::problem::Problem;

pub(super) fn about_signing_in(configuration: &Configuration) -> Vec<Problem> {
    let Some(sign_in) = &configuration.sign_in else {
        return Vec::new();
    };
    let mut problems = Vec::new();
    if !sign_in.cookies.secure {
        let message = "`false`: sessions go over http, for everybody on the way to read: for development only";
        problems.push(Problem::new("signIn.cookieSettings.secure", message));
    }
    for (index, rule) in configuration.policy.rules().iter().enumerate() {
        // A pattern that begins with a path of the sign-in matches nothing else.
        let path = rule.path.to_string();
        if sign_in.owns(&path) {
            let message = format!("this rule never decides: the sign-in itself answers `{path}`");
            problems.push(Problem::new(format!("rules[{index}].match.path"), message));
        }
    }
    problems
}
