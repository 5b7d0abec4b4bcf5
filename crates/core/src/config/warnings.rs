//! What is allowed, but probably not meant.

use super::problem::Problem;
use crate::policy::{Access, Methods, PathPattern, Rule};

/// Rules that can never decide, since an earlier one always does; and those that let more pass than they seem to.
pub(super) fn about_rules(rules: &[Rule]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (index, rule) in rules.iter().enumerate() {
        let place = format!("rules[{index}]");
        let earlier = rules.iter().take(index);
        if let Some(first) = earlier.into_iter().find(|earlier| decides_for(earlier, &rule.path, rule.methods)) {
            let message = format!(
                "never reached: `{}` (`{}`) comes first and matches all that it matches",
                first.name, first.path
            );
            problems.push(Problem::new(&place, message));
        }
        match rule.access {
            Access::Anyone if rule.methods != rule.methods.reading() => {
                let message = format!("anyone may send {}", rule.methods);
                problems.push(Problem::new(format!("{place}.match.methods"), message));
            }
            Access::Anyone => {}
            Access::Authenticated | Access::Requires(_) => {
                for open in rule.path.stems().filter(|stem| is_open(rules, stem, rule.methods)) {
                    let message = format!("this does not match `{open}`, which a rule below lets anyone see");
                    problems.push(Problem::new(format!("{place}.match.path"), message));
                }
            }
        }
    }
    problems
}

fn is_open(rules: &[Rule], path: &PathPattern, methods: Methods) -> bool {
    let first = rules.iter().find(|rule| decides_for(rule, path, methods));
    first.is_some_and(|rule| matches!(rule.access, Access::Anyone))
}

fn decides_for(rule: &Rule, path: &PathPattern, methods: Methods) -> bool {
    rule.path.covers(path) && rule.methods.cover(methods)
}
