//! What the palette leads to, and which of it matches what was typed.

use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use crate::pane;
use crate::store::{Hosts, host};
use crate::tab::{self, Tab};
use crate::widget::Icon;
use crate::window::shortcut::{Bindings, Command, Context, Group, Shortcut};

/// How many characters of a tab's title stand beside its panes.
const BRIEF: usize = 24;

/// What a line leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goal {
    /// A command.
    Command(Shortcut),
    /// A tab.
    Tab(tab::Id),
    /// A pane of a tab that has several.
    Pane(pane::Id),
    /// A saved host.
    Host(host::Id),
    /// An alias of `~/.ssh/config`.
    Alias(String),
}

/// A line.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What it leads to.
    pub goal: Goal,
    /// What it is called.
    pub title: String,
    /// What explains it.
    pub detail: String,
    /// The command's keys; empty where it has none.
    pub chord: String,
    /// What stands before it.
    pub icon: Icon,
}

/// A tab and, where it has several, its panes.
#[derive(Debug, Clone)]
pub struct OpenTab {
    /// The tab.
    pub id: tab::Id,
    /// What it is called.
    pub title: String,
    /// Its panes with what they are called; none where it has only one.
    pub panes: Vec<(pane::Id, String)>,
}

impl OpenTab {
    /// What the palette knows of a tab.
    #[must_use]
    pub fn of(tab: &Tab) -> Self {
        let panes: Vec<_> = tab.panes().map(|pane| (pane.id(), pane.title().to_owned())).collect();
        let panes = if panes.len() > 1 { panes } else { Vec::new() };
        Self { id: tab.id(), title: tab.title().to_owned(), panes }
    }

    /// Its line, then those of its panes with their places, which tell panes of one host apart.
    fn entries(&self) -> impl Iterator<Item = Entry> {
        let line = |goal, title: &str, detail| Entry {
            goal,
            title: title.to_owned(),
            detail,
            chord: String::new(),
            icon: Icon::SquareTerminal,
        };
        let tab = line(Goal::Tab(self.id), &self.title, "open tab".to_owned());
        let count = self.panes.len();
        let panes = self.panes.iter().enumerate();
        let panes = panes.map(move |(at, (id, title))| {
            line(Goal::Pane(*id), title, format!("pane {} of {count} in {}", at + 1, brief(&self.title)))
        });
        std::iter::once(tab).chain(panes)
    }
}

/// The beginning of a title, where a whole one would push the other text aside.
fn brief(title: &str) -> String {
    let mut brief: String = title.chars().take(BRIEF).collect();
    if brief.len() < title.len() {
        brief.push('…');
    }
    brief
}

/// Where the lines come from.
#[derive(Debug)]
pub struct Sources<'a> {
    /// Where the window is: only commands that apply there are listed.
    pub context: Context,
    /// The keys in force.
    pub bindings: &'a Bindings,
    /// The tabs, from the left.
    pub tabs: Vec<OpenTab>,
    /// The saved hosts.
    pub hosts: &'a Hosts,
    /// The aliases of `~/.ssh/config`.
    pub aliases: Vec<&'a str>,
    /// Names of the commands that were used last, the last one first.
    pub recent: &'a [String],
}

impl Sources<'_> {
    /// All lines: the commands that were used last, the other commands, the tabs, the hosts.
    pub(super) fn entries(&self) -> Vec<Entry> {
        let listed = |command: &&Command| {
            let hidden = matches!(command.shortcut, Shortcut::Palette | Shortcut::Escape | Shortcut::Tab(_));
            !hidden && (command.applies)(self.context)
        };
        let recent = self.recent.iter().filter_map(|name| Command::find(name)).filter(listed);
        let is_recent = |command: &&Command| self.recent.iter().any(|name| name == command.name);
        let others =
            Group::ALL.into_iter().flat_map(|group| Command::all().filter(move |command| command.group == group));
        let others = others.filter(listed).filter(|command| !is_recent(command));
        let commands = recent.chain(others).map(|command| self.command(command));
        let tabs = self.tabs.iter().flat_map(OpenTab::entries);
        commands.chain(tabs).chain(self.destinations()).collect()
    }

    fn command(&self, command: &Command) -> Entry {
        Entry {
            goal: Goal::Command(command.shortcut),
            title: command.title.to_owned(),
            detail: command.group.title().to_owned(),
            chord: self.bindings.hint(command.shortcut),
            icon: Icon::Zap,
        }
    }

    fn destinations(&self) -> impl Iterator<Item = Entry> {
        let saved = self.hosts.iter().map(|host| Entry {
            goal: Goal::Host(host.id.clone()),
            title: format!("Connect to {}", host.name),
            detail: host.address(),
            chord: String::new(),
            icon: Icon::Server,
        });
        let aliases = self.aliases.iter().map(|alias| Entry {
            goal: Goal::Alias((*alias).to_owned()),
            title: format!("Connect to {alias}"),
            detail: "~/.ssh/config".to_owned(),
            chord: String::new(),
            icon: Icon::FileText,
        });
        saved.chain(aliases)
    }
}

/// The places of the lines that match, the best first; without a query all, as they are.
pub(super) fn find(query: &str, entries: &[Entry]) -> Vec<usize> {
    let query = query.trim();
    if query.is_empty() {
        return (0..entries.len()).collect();
    }
    let pattern = Pattern::new(query, CaseMatching::Ignore, Normalization::Smart, AtomKind::Fuzzy);
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut buffer = Vec::new();
    let mut score = |text: &str| pattern.score(Utf32Str::new(text, &mut buffer), &mut matcher);
    let best = |(index, entry): (usize, &Entry)| {
        // What a line is called counts twice what explains it does, and a chord counts when it is typed as it is shown.
        let title = score(&entry.title).map(|score| 2 * score);
        let detail = score(&format!("{} {}", entry.title, entry.detail));
        let chord = entry.chord.eq_ignore_ascii_case(query).then_some(u32::MAX);
        [title, detail, chord].into_iter().flatten().max().map(|score| (score, index))
    };
    let mut found: Vec<_> = entries.iter().enumerate().filter_map(best).collect();
    // Stable, so that equals keep their order and the recent ones come first.
    found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    found.into_iter().map(|(_, index)| index).collect()
}
