//! Rules that can never decide, since an earlier one always does; and those that let more pass than they seem to.

use crate::config::problem::Problem;
use crate::path_pattern::PathPattern;
use crate::policy::{Access, Rule};

pub(super) fn about_order(rules: &[Rule]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (index, rule) in rules.iter().enumerate() {
        let place = format!("rules[{index}]");
        let earlier = rules.iter().take(index);
        if let Some(first) = earlier.into_iter().find(|earlier| decides_for(earlier, rule, &rule.path)) {
            let message = format!(
                "never reached: `{}` (`{}`) comes first and matches all that it matches",
                first.name, first.path
            );
            problems.push(Problem::new(&place, message));
        } else if lets_anyone_pass(rule) {
            let later = rules.iter().skip(index + 1);
            if let Some(guarding) = later.into_iter().find(|later| is_opened_by(later, rule)) {
                let message = format!(
                    "anyone passes here, before `{}` (`{}`) is asked, which guards some of the same paths",
                    guarding.name, guarding.path
                );
                problems.push(Problem::new(format!("{place}.match.path"), message));
            }
        }
        match rule.access {
            // What a rule answers itself reaches no origin.
            Access::Anyone if rule.endpoint.is_none() && rule.methods != rule.methods.reading() => {
                let message = format!("anyone may send {}", rule.methods);
                problems.push(Problem::new(format!("{place}.match.methods"), message));
            }
            Access::Anyone => {}
            Access::Authenticated => {
                for (open, path) in rule.path.stems().filter_map(|path| Some((open_by(rules, rule, &path)?, path))) {
                    let message = format!("this does not match `{path}`, which `{}` lets anyone see", open.name);
                    problems.push(Problem::new(format!("{place}.match.path"), message));
                }
            }
        }
    }
    problems
}

/// Whether `rule` guards a part of the site by its name, and `open` comes in between. A rule for everything else is not
/// meant here: what comes before it, is what it leaves open.
fn is_opened_by(rule: &Rule, open: &Rule) -> bool {
    !lets_anyone_pass(rule)
        && rule.path.begins_with_text()
        && rule.path.overlaps(&open.path)
        && rule.methods.overlap(open.methods)
        && share_a_host(rule, open)
}

fn lets_anyone_pass(rule: &Rule) -> bool {
    rule.access == Access::Anyone && rule.requirement.is_none()
}

/// The rule by which anyone sees `path`, as `rule` is asked for it, but does not match.
fn open_by<'a>(rules: &'a [Rule], rule: &Rule, path: &PathPattern) -> Option<&'a Rule> {
    rules.iter().find(|other| decides_for(other, rule, path)).filter(|open| lets_anyone_pass(open))
}

/// Whether `rule` matches each request for `path` with the hosts and methods of `other`.
fn decides_for(rule: &Rule, other: &Rule, path: &PathPattern) -> bool {
    rule.path.covers(path) && rule.methods.cover(other.methods) && covers_hosts(rule, other)
}

fn covers_hosts(rule: &Rule, other: &Rule) -> bool {
    rule.hosts.is_empty()
        || (!other.hosts.is_empty()
            && other.hosts.iter().all(|theirs| rule.hosts.iter().any(|ours| ours.covers(theirs))))
}

/// Names lie below each other, or apart: two patterns share a host only if one covers the other.
fn share_a_host(rule: &Rule, other: &Rule) -> bool {
    let share =
        |ours| other.hosts.iter().any(|theirs: &crate::policy::HostPattern| theirs.covers(ours) || ours.covers(theirs));
    rule.hosts.is_empty() || other.hosts.is_empty() || rule.hosts.iter().any(share)
}
