//! Rules that can never decide, since an earlier one always does; and those that let more pass than they seem to.

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
    let opens_all = opens_everything(rules);
    let gaps = gaps(&reached);
    for &(index, open) in reached.iter().filter(|(index, rule)| lets_anyone_pass(rule) && opens_all != Some(*index)) {
        let place = format!("rules[{index}].match.path");
        let later = reached.iter().filter(|(later, _)| *later > index);
        let guarding = later.filter(|(_, later)| is_opened_by(later, open)).map(|(_, guarding)| named(guarding));
        let seen: Vec<_> = gaps.iter().filter(|gap| gap.open == index).map(|gap| gap.path.clone()).collect();
        let messages = [before(&guarding.collect::<Vec<_>>()), leaves_open(&seen)];
        problems.extend(messages.into_iter().flatten().map(|message| Problem::new(&place, message)));
    }
    let everything = opens_all.map(|index| {
        let message = "anyone may see every path but `/`, whatever the rules after it say";
        Problem::new(format!("rules[{index}]"), message)
    });
    everything.into_iter().chain(problems).collect()
}

/// The index of a rule by which anyone reads everything, though a rule after it, and none before it, guards some of that.
fn opens_everything(rules: &[Rule]) -> Option<usize> {
    let first_guarding = rules.iter().position(|rule| !lets_anyone_pass(rule))?;
    let (before, after) = rules.split_at_checked(first_guarding)?;
    let opens = |rule: &Rule| {
        let guards = |later: &Rule| {
            !lets_anyone_pass(later)
                && later.path.overlaps(&rule.path)
                && later.methods.reading().overlap(rule.methods.reading())
        };
        rule.path.is_for_everything() && rule.hosts.is_empty() && rule.endpoint.is_none() && after.iter().any(guards)
    };
    before.iter().position(opens)
}

/// What is said of a rule by which anyone passes before others are asked.
fn before(guarding: &[String]) -> Option<String> {
    let (are, guard) = if guarding.len() == 1 { ("is", "guards") } else { ("are", "guard") };
    let rules = listed(guarding, "and");
    let message = format!("anyone passes here, before {rules} {are} asked, which {guard} some of the same paths");
    (!guarding.is_empty()).then_some(message)
}

/// What is said of a rule by which anyone sees what others seem to guard.
fn leaves_open(paths: &[String]) -> Option<String> {
    let these = if paths.len() == 1 { "that" } else { "these" };
    let message = format!(
        "anyone sees whatever no rule before it guards, so also {}: guard {these}, too, or name what is open",
        listed(paths, "and"),
    );
    (!paths.is_empty()).then_some(message)
}

/// A path beside those that a rule guards, which anyone sees.
#[derive(PartialEq, Eq)]
struct Gap {
    /// The index of the rule by which it is seen.
    open: usize,
    path: String,
}

fn gaps(reached: &[(usize, &Rule)]) -> Vec<Gap> {
    let mut gaps = Vec::new();
    for (_, guarding) in reached.iter().filter(|(_, rule)| !lets_anyone_pass(rule)) {
        for path in guarding.path.beside() {
            let first = reached.iter().find(|(_, rule)| decides_for(rule, guarding, &path));
            // A rule for that very path means it.
            if let Some((open, _)) = first.filter(|(_, rule)| lets_anyone_pass(rule) && !path.covers(&rule.path)) {
                let gap = Gap { open: *open, path: format!("`{path}`") };
                if !gaps.contains(&gap) {
                    gaps.push(gap);
                }
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
