//! Which entries match what was typed, the best first.

use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::{Data, Target};
use crate::store::{Host, host};

/// A line of the list that leads somewhere.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Entry {
    /// A saved host.
    Saved(host::Id),
    /// An alias of `~/.ssh/config`.
    Alias(String),
    /// What was typed, taken at its word.
    Typed(String),
}

/// The entries for a query, and which of them Enter takes. Without a query: all, and none.
pub(super) fn entries(query: &str, data: Data) -> (Vec<Entry>, Option<usize>) {
    let query = query.trim();
    if query.is_empty() {
        let saved = data.hosts.iter().map(|host| Entry::Saved(host.id.clone()));
        let aliases = data.aliases.iter().map(|alias| Entry::Alias(alias.name.clone()));
        return (saved.chain(aliases).collect(), None);
    }
    let mut entries = matches(query, data);
    // What is no destination is not offered as one.
    if let Ok(target) = Target::parse(query) {
        let typed = Entry::Typed(query.to_owned());
        // Nobody calls a saved host like this; whoever types it means what it says.
        let literal = query.contains(['@', ':', '/']) || query.starts_with("ssh ");
        if literal {
            entries.insert(0, typed);
        } else if !is_named(query, data) {
            entries.push(typed);
        }
        if let Some(known) = known(&target, data) {
            entries.retain(|entry| *entry != known);
            entries.insert(0, known);
        }
    }
    let selected = (!entries.is_empty()).then_some(0);
    (entries, selected)
}

/// The saved host or alias that a destination is, word for word: its own settings are wanted as well.
fn known(target: &Target, data: Data) -> Option<Entry> {
    let destination = target.plain()?;
    let bare = destination.user.is_none() && destination.port.is_none();
    let named = |host: &&Host| bare && host.name == destination.host;
    let addressed = |host: &&Host| host.destination() == destination;
    let mut saved = data.hosts.iter();
    let saved = saved.clone().find(named).or_else(|| saved.find(addressed));
    let alias = || data.aliases.iter().find(|alias| bare && alias.name == destination.host);
    let saved = saved.map(|host| Entry::Saved(host.id.clone()));
    saved.or_else(|| alias().map(|alias| Entry::Alias(alias.name.clone())))
}

fn is_named(query: &str, data: Data) -> bool {
    data.hosts.iter().any(|host| host.name == query) || data.aliases.iter().any(|alias| alias.name == query)
}

fn matches(query: &str, data: Data) -> Vec<Entry> {
    let pattern = Pattern::new(query, CaseMatching::Ignore, Normalization::Smart, AtomKind::Fuzzy);
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut buffer = Vec::new();
    let mut score = |text: &str| {
        let score = pattern.score(Utf32Str::new(text, &mut buffer), &mut matcher)?;
        // A name typed to its end is what is meant, however long the others match.
        Some(if text.eq_ignore_ascii_case(query) { u32::MAX } else { score })
    };
    let mut found = Vec::new();
    for host in data.hosts.iter() {
        let best = [score(&host.name), score(&host.address())].into_iter().flatten().max();
        found.extend(best.map(|score| (score, Entry::Saved(host.id.clone()))));
    }
    for alias in data.aliases {
        found.extend(score(&alias.name).map(|score| (score, Entry::Alias(alias.name.clone()))));
    }
    // Stable, so that equals keep the order of the files.
    found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    found.into_iter().map(|(_, entry)| entry).collect()
}
