//! Rules that can never decide, since an earlier one always does; and those that let more pass than they seem to.

use std::fmt;

use crate::config::problem::Problem;
use crate::config::warnings::listed;
use crate::path_pattern::PathPattern;
use crate::policy::{Access, Rule};

pub(super) fn about_order(rules: &[Rule]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut reached = Vec::new();
    for (index, rule) in rules.iter().enumerate() {
        let place = format!("rules[{index}]");
        let mut earlier = rules.iter().take(index);
        match earlier.find(|earlier| decides_for(earlier, rule, &rule.path)) {
            Some(first) => {
                let message = format!("never reached: {} comes first and matches all that it matches", named(first));
                problems.push(Problem::new(&place, message));
            }
            None => reached.push((index, rule)),
        }
        // What a rule answers itself reaches no origin.
        if rule.access == Access::Anyone && rule.endpoint.is_none() && rule.methods != rule.methods.reading() {
            let message = format!("anyone may send {}", rule.methods);
            problems.push(Problem::new(format!("{place}.match.methods"), message));
        }
    }
    let gaps = gaps(&reached);
    for &(index, open) in reached.iter().filter(|(_, rule)| lets_anyone_pass(rule)) {
        let place = format!("rules[{index}].match.path");
        let later = reached.iter().filter(|(later, _)| *later > index);
        let guarding = later.filter(|(_, later)| is_opened_by(later, open)).map(|(_, guarding)| named(guarding));
        let seen = gaps.iter().filter(|gap| gap.open == index).map(Gap::to_string);
        let messages = [before(&guarding.collect::<Vec<_>>()), leaves_open(&seen.collect::<Vec<_>>())];
        problems.extend(messages.into_iter().flatten().map(|message| Problem::new(&place, message)));
    }
    problems
}

/// What is said of a rule by which anyone passes before others are asked.
fn before(guarding: &[String]) -> Option<String> {
    let (are, guard) = if guarding.len() == 1 { ("is", "guards") } else { ("are", "guard") };
    let rules = listed(guarding, "and");
    let message = format!("anyone passes here, before {rules} {are} asked, which {guard} some of the same paths");
    (!guarding.is_empty()).then_some(message)
}

/// What is said of a rule by which anyone sees what others do not guard.
fn leaves_open(gaps: &[String]) -> Option<String> {
    (!gaps.is_empty()).then(|| format!("anyone sees {}", gaps.join("; ")))
}

/// Paths beside those that a rule guards, which anyone sees.
struct Gap<'a> {
    /// The index of the rule by which they are seen.
    open: usize,
    paths: Vec<String>,
    guarding: &'a Rule,
}

impl fmt::Display for Gap<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, beside what {} guards", listed(&self.paths, "and"), named(self.guarding))
    }
}

fn gaps<'a>(reached: &[(usize, &'a Rule)]) -> Vec<Gap<'a>> {
    let mut gaps: Vec<Gap<'a>> = Vec::new();
    for (_, guarding) in reached.iter().filter(|(_, rule)| !lets_anyone_pass(rule)) {
        for path in guarding.path.stems() {
            let first = reached.iter().find(|(_, rule)| decides_for(rule, guarding, &path));
            let Some((open, _)) = first.filter(|(_, rule)| lets_anyone_pass(rule)) else {
                continue;
            };
            let path = format!("`{path}`");
            match gaps.last_mut().filter(|gap| gap.open == *open && std::ptr::eq(gap.guarding, *guarding)) {
                Some(gap) => gap.paths.push(path),
                None => gaps.push(Gap { open: *open, paths: vec![path], guarding }),
            }
        }
    }
    gaps
}

/// A rule by its name and its pattern.
fn named(rule: &Rule) -> String {
    format!("`{}` (`{}`)", rule.name, rule.path)
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
