//! The commands of the window and the keys they have. Every other key belongs to the shell.
//!
//! A command is added by a line of the table below and an arm where it is handled. By default no bare Ctrl+letter is
//! taken, a chord follows the printed key and not its place, and a command that would do nothing where its key is
//! pressed leaves the key to the shell ([`Shortcut::applies`]). [`Bindings`] are the keys in force: these defaults with
//! what the user's settings say.

pub mod bindings;
mod press;

pub use bindings::Bindings;

/// Where a key is pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Context {
    /// How many windows there are.
    pub windows: usize,
    /// How many tabs the window has, the hosts not counted.
    pub tabs: usize,
    /// How many panes the tab in front has; none where the hosts are.
    pub panes: usize,
    /// Whether what is typed goes to several panes.
    pub broadcast: bool,
    /// Whether a terminal takes the keys.
    pub terminal: bool,
    /// Whether a tab is shown, and not the hosts.
    pub tab: bool,
    /// Whether that tab's session is over.
    pub closed: bool,
    /// Whether strips above its terminal wait for the user.
    pub strips: bool,
    /// Whether text is being looked for in it.
    pub finding: bool,
    /// Whether a program fills its terminal, so that there is no scrollback to move in.
    pub alternate_screen: bool,
    /// Whether its shell marked prompts.
    pub prompts: bool,
    /// Whether its session is logged.
    pub logs: bool,
}

/// What a command is about; the headings of the lists of commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Group {
    /// Windows and tabs.
    Tabs,
    /// The panes of a tab.
    Panes,
    /// Copying and pasting.
    Clipboard,
    /// Moving in what a terminal shows.
    Scrolling,
    /// How it looks.
    View,
    /// The session.
    Session,
}

impl Group {
    /// Every group, in the order of the lists.
    pub const ALL: [Self; 6] = [Self::Tabs, Self::Panes, Self::Clipboard, Self::Scrolling, Self::View, Self::Session];

    /// Its heading.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Tabs => "Windows and tabs",
            Self::Panes => "Panes",
            Self::Clipboard => "Clipboard",
            Self::Scrolling => "Scrolling",
            Self::View => "View",
            Self::Session => "Session",
        }
    }
}

/// A command as lists and files name it.
#[derive(Debug, Clone, Copy)]
pub struct Command {
    /// What it does.
    pub shortcut: Shortcut,
    /// Its name in `settings.toml`; it never changes.
    pub name: &'static str,
    /// What lists call it.
    pub title: &'static str,
    /// What it is about.
    pub group: Group,
    /// Its keys. `Main` stands for Ctrl+Shift, on macOS Command; `Zoom` for Ctrl, on macOS Command.
    pub keys: &'static [&'static str],
    /// Where it does something.
    pub applies: fn(Context) -> bool,
}

/// Declares the commands: `VARIANT "name" "Title", GROUP, [KEYS], WHERE;`.
macro_rules! commands {
    ($($(#[$about:meta])* $variant:ident $name:literal $title:literal, $group:ident, [$($key:literal),*], $applies:expr;)*) => {
        /// What a key asks of the window.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Shortcut {
            $($(#[$about])* $variant,)*
            /// Shows the tab with this number, counted from 1; 9 shows the last.
            Tab(u8),
        }

        const NAMED: &[Command] = &[$(Command {
            shortcut: Shortcut::$variant,
            name: $name,
            title: $title,
            group: Group::$group,
            keys: &[$($key),*],
            applies: $applies,
        }),*];
    };
}

// A key that two commands have by default is the first one's that applies.
commands! {
    /// Shows the hosts, to open another tab.
    NewTab "new-tab" "New tab", Tabs, ["Main+T"], |_| true;
    /// Shows the hosts with the quick-connect field focused.
    QuickConnect "quick-connect" "Quick connect", Tabs, ["Main+O"], |_| true;
    /// Opens another window.
    NewWindow "new-window" "New window", Tabs, ["Main+N"], |_| true;
    /// Closes the window; asks once if that ends sessions.
    CloseWindow "close-window" "Close the window", Tabs, [], |at| at.windows > 1;
    /// Closes all windows and ends the program; asks once if that ends sessions.
    Quit "quit" "Quit, and close all windows", Tabs, ["Main+Q"], |_| true;
    /// Moves the tab that is shown to a window of its own, with its sessions.
    TabToWindow "move-tab-to-window" "Move the tab to a new window", Tabs, [], |at| at.tab && at.tabs > 1;
    /// Moves the tab that is shown to another window that is open already.
    TabElsewhere "move-tab-to-other-window" "Move the tab to another window…", Tabs, [], |at| at.tab && at.windows > 1;
    /// Gives the tab that is shown a name and a colour.
    RenameTab "rename-tab" "Rename tab, or colour it", Tabs, [], |at| at.tab;
    /// Lists all tabs.
    ListTabs "list-tabs" "List all tabs", Tabs, [], |at| at.tabs > 0;
    /// Closes the tab that is shown, with all its panes.
    CloseTab "close-tab" "Close the tab", Tabs, [], |at| at.tab;
    /// Closes all tabs but the one that is shown.
    CloseOtherTabs "close-other-tabs" "Close the other tabs", Tabs, [], |at| at.tab && at.tabs > 1;
    /// Closes the tabs to the right of the one that is shown.
    CloseTabsToRight "close-tabs-to-right" "Close the tabs to the right", Tabs, [], |at| at.tab && at.tabs > 1;
    /// Shows the next tab, after the last the first.
    NextTab "next-tab" "Next tab", Tabs, ["Ctrl+Tab", "Ctrl+PageDown"], |at| at.tabs > 1 || (at.tabs == 1 && !at.tab);
    /// Shows the previous tab, before the first the last.
    PreviousTab "previous-tab" "Previous tab", Tabs, ["Ctrl+Shift+Tab", "Ctrl+PageUp"],
        |at| at.tabs > 1 || (at.tabs == 1 && !at.tab);
    /// Moves the tab that is shown one place to the left.
    MoveTabLeft "move-tab-left" "Move the tab to the left", Tabs, ["Ctrl+Shift+PageUp"], |at| at.tab && at.tabs > 1;
    /// Moves the tab that is shown one place to the right.
    MoveTabRight "move-tab-right" "Move the tab to the right", Tabs, ["Ctrl+Shift+PageDown"],
        |at| at.tab && at.tabs > 1;
    /// Shows another shell of the same host in the right half of the pane.
    SplitRight "split-right" "Split to the right", Panes, ["Main+D"], |at| at.tab;
    /// The same in its lower half.
    SplitDown "split-down" "Split downwards", Panes, ["Main+E"], |at| at.tab;
    /// Shows another tab in a half of the pane, with its sessions.
    SplitWithTab "split-with-tab" "Split with another tab…", Panes, [], |at| at.tab && at.tabs > 1;
    /// Closes the pane that has the keyboard, and the tab with its last pane.
    ClosePane "close-pane" "Close the pane or tab", Panes, ["Main+W"], |at| at.tab;
    /// Shows the pane alone in its tab, or all of them again.
    ZoomPane "zoom-pane" "Zoom the pane, or show all", Panes, ["Main+Z"], |at| at.panes > 1;
    /// Moves the pane to a tab of its own, with its session.
    PaneToTab "move-pane-to-tab" "Move the pane to a new tab", Panes, [], |at| at.panes > 1;
    /// Sends what is typed to several panes, or no longer.
    Broadcast "broadcast" "Type in several panes at once, or stop", Panes, ["Main+B"],
        |at| at.panes > 1 || (at.tab && at.tabs > 1) || at.broadcast;
    /// Gives the keyboard to the pane on the left.
    PaneLeft "pane-left" "Go to the pane on the left", Panes, ["Ctrl+Shift+Left"], |at| at.panes > 1;
    /// Gives the keyboard to the pane on the right.
    PaneRight "pane-right" "Go to the pane on the right", Panes, ["Ctrl+Shift+Right"], |at| at.panes > 1;
    /// Gives the keyboard to the pane above; above the topmost are the strips of its terminal.
    PaneUp "pane-up" "Go to the pane above", Panes, ["Ctrl+Shift+Up"], |at| at.panes > 1;
    /// Gives the keyboard to the pane below.
    PaneDown "pane-down" "Go to the pane below", Panes, ["Ctrl+Shift+Down"], |at| at.panes > 1;
    /// Moves the line beside the pane to the left.
    PushLeft "push-left" "Move the line between panes left", Panes, ["Alt+Shift+Left"], |at| at.panes > 1;
    /// Moves the line beside the pane to the right.
    PushRight "push-right" "Move the line between panes right", Panes, ["Alt+Shift+Right"], |at| at.panes > 1;
    /// Moves the line beside the pane up.
    PushUp "push-up" "Move the line between panes up", Panes, ["Alt+Shift+Up"], |at| at.panes > 1;
    /// Moves the line beside the pane down.
    PushDown "push-down" "Move the line between panes down", Panes, ["Alt+Shift+Down"], |at| at.panes > 1;
    // Copying nothing must not become the interrupt that Ctrl+C is to the shell: these apply with nothing selected too.
    /// Copies the selected text.
    Copy "copy" "Copy", Clipboard, ["Main+C", "Ctrl+Insert", "Copy"], |at| at.terminal;
    /// Copies the selected text with its colours.
    CopyColors "copy-with-colors" "Copy with colours", Clipboard, [], |at| at.terminal;
    /// Selects all there is.
    SelectAll "select-all" "Select everything", Clipboard, ["Main+A"], |at| at.terminal;
    /// Lets the keys of the keyboard select.
    SelectByKeys "select-with-keyboard" "Select with the keyboard", Clipboard, ["Main+Space"], |at| at.terminal;
    /// Pastes the clipboard.
    Paste "paste" "Paste", Clipboard, ["Main+V", "Paste"], |at| at.terminal;
    /// Pastes PRIMARY.
    PastePrimary "paste-selection" "Paste what was last selected", Clipboard, ["Shift+Insert"], |at| at.terminal;
    /// Scrolls a page up.
    ScrollPageUp "scroll-page-up" "Scroll a page up", Scrolling, ["Shift+PageUp"], |at| at.scrolls();
    /// Scrolls a page down.
    ScrollPageDown "scroll-page-down" "Scroll a page down", Scrolling, ["Shift+PageDown"], |at| at.scrolls();
    /// Scrolls to the oldest line.
    ScrollToTop "scroll-to-top" "Scroll to the oldest line", Scrolling, ["Shift+Home"], |at| at.scrolls();
    /// Scrolls to the newest line.
    ScrollToBottom "scroll-to-bottom" "Scroll to the newest line", Scrolling, ["Shift+End"], |at| at.scrolls();
    /// Opens the bar that looks for text.
    Find "find" "Find in the scrollback", Scrolling, ["Main+F"], |at| at.terminal || at.finding;
    /// Goes to the next match, further up.
    FindNext "find-next" "Next match", Scrolling, ["F3"], |at| at.finding;
    /// Goes to the previous match, further down.
    FindPrevious "find-previous" "Previous match", Scrolling, ["Shift+F3"], |at| at.finding;
    /// Gives each link in sight a label, which opens it when it is typed.
    OpenLink "open-link" "Open a link by keyboard", Scrolling, ["Main+L"], |at| at.terminal;
    /// Scrolls to the previous prompt of a shell that marks them.
    PreviousPrompt "previous-prompt" "Scroll to the previous prompt", Scrolling, ["Ctrl+Shift+Home"],
        |at| at.scrolls() && at.prompts;
    /// Scrolls to the next prompt.
    NextPrompt "next-prompt" "Scroll to the next prompt", Scrolling, ["Ctrl+Shift+End"], |at| at.scrolls() && at.prompts;
    /// Selects the output of the last command, or of the one that was scrolled to.
    SelectOutput "select-output" "Select the command's output", Clipboard, [], |at| at.scrolls() && at.prompts;
    /// Copies it.
    CopyOutput "copy-output" "Copy the command's output", Clipboard, [], |at| at.scrolls() && at.prompts;
    /// Drops the scrollback.
    ClearScrollback "clear-scrollback" "Clear the scrollback", Scrolling, ["Main+K"], |at| at.terminal;
    /// Enlarges the terminal's text.
    Larger "larger-text" "Larger text", View, ["Zoom+=", "Zoom++"], |at| at.terminal;
    /// Shrinks the terminal's text.
    Smaller "smaller-text" "Smaller text", View, ["Zoom+-"], |at| at.terminal;
    /// Gives the terminal's text its size back.
    OriginalSize "original-text-size" "Text as large as it was", View, ["Zoom+0"], |at| at.terminal;
    /// Fills the screen with the window, or gives it back.
    FullScreen "full-screen" "Full screen", View, ["F11"], |_| true;
    /// Opens the command palette, or closes it.
    Palette "command-palette" "All commands", View, ["Main+P"], |_| true;
    /// Shows the user's guide.
    Guide "guide" "Guide and help", View, [], |_| true;
    /// Shows the settings, or leaves them.
    Settings "settings" "Settings", View, ["Zoom+,"], |_| true;
    /// Connects a closed tab again.
    Reconnect "reconnect" "Connect again", Session, ["Main+R"], |at| at.closed;
    /// Writes the session to a file, or no longer.
    LogSession "log-session" "Log the session to a file", Session, [], |at| at.terminal;
    /// Shows the file that the session is logged to in its folder.
    LogFolder "open-log-folder" "Show the log in its folder", Session, [], |at| at.logs;
    /// Gives the keyboard to the strips above the terminal.
    Strips "notices" "Go to the notices above the shell", Session, ["Shift+F6", "Ctrl+Shift+Up"], |at| at.strips;
    /// Leaves whatever asks, without an answer.
    Escape "leave" "Leave a question or menu", Session, ["Esc"], |at| !at.terminal;
}

/// The commands of the numbered tabs.
const TABS: &[Command] = &[
    tab("tab-1", "Tab 1", &["Alt+1"], 1, |at| at.tabs >= 1),
    tab("tab-2", "Tab 2", &["Alt+2"], 2, |at| at.tabs >= 2),
    tab("tab-3", "Tab 3", &["Alt+3"], 3, |at| at.tabs >= 3),
    tab("tab-4", "Tab 4", &["Alt+4"], 4, |at| at.tabs >= 4),
    tab("tab-5", "Tab 5", &["Alt+5"], 5, |at| at.tabs >= 5),
    tab("tab-6", "Tab 6", &["Alt+6"], 6, |at| at.tabs >= 6),
    tab("tab-7", "Tab 7", &["Alt+7"], 7, |at| at.tabs >= 7),
    tab("tab-8", "Tab 8", &["Alt+8"], 8, |at| at.tabs >= 8),
    tab("last-tab", "Last tab", &["Alt+9"], 9, |at| at.tabs >= 1),
];

const fn tab(
    name: &'static str,
    title: &'static str,
    keys: &'static [&'static str],
    number: u8,
    applies: fn(Context) -> bool,
) -> Command {
    Command { shortcut: Shortcut::Tab(number), name, title, group: Group::Tabs, keys, applies }
}

impl Context {
    /// Whether there is a scrollback to move in.
    fn scrolls(self) -> bool {
        self.terminal && !self.alternate_screen
    }
}

impl Command {
    /// Every command, in the order of the lists.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        NAMED.iter().chain(TABS)
    }

    /// The command with this name.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        Self::all().find(|command| command.name == name)
    }
}

impl Shortcut {
    /// The command's line in the table; `None` for a tab number that no key has.
    #[must_use]
    pub fn command(self) -> Option<&'static Command> {
        Command::all().find(|command| command.shortcut == self)
    }

    /// Whether it does anything where it is pressed; if not, the key is the shell's.
    #[must_use]
    pub fn applies(self, context: Context) -> bool {
        self.command().is_some_and(|command| (command.applies)(context))
    }
}

#[cfg(test)]
mod tests;
