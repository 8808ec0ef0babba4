//! The user's guide, over the window: a list of its pages, and one of them.

mod markdown;
mod view;

use iced::widget::{Id, operation};
use iced::{Task, keyboard};

use markdown::Block;

/// A page: its file's name, which links lead to, and its text.
struct Page {
    file: &'static str,
    text: &'static str,
}

/// The pages in the order of the list.
const PAGES: [Page; 10] = [
    Page { file: "getting-started.md", text: include_str!("../../../assets/guide/getting-started.md") },
    Page { file: "keys.md", text: include_str!("../../../assets/guide/keys.md") },
    Page { file: "settings.md", text: include_str!("../../../assets/guide/settings.md") },
    Page { file: "shell.md", text: include_str!("../../../assets/guide/shell.md") },
    Page { file: "logging-in.md", text: include_str!("../../../assets/guide/logging-in.md") },
    Page { file: "connecting.md", text: include_str!("../../../assets/guide/connecting.md") },
    Page { file: "ssh-config.md", text: include_str!("../../../assets/guide/ssh-config.md") },
    Page { file: "x11.md", text: include_str!("../../../assets/guide/x11.md") },
    Page { file: "command-line.md", text: include_str!("../../../assets/guide/command-line.md") },
    Page { file: "files.md", text: include_str!("../../../assets/guide/files.md") },
];

/// The guide, while it is read.
#[derive(Debug)]
pub struct Guide {
    page: usize,
    blocks: Vec<Block>,
    /// The button of the first page, where the keyboard begins.
    first: Id,
    scroll: Id,
}

/// What happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// A page of the list was chosen.
    Show(usize),
    /// A link to the page of this file was followed.
    Follow(String),
    /// The text is to be scrolled by so many screens.
    Scroll(i8),
    /// Enough was read.
    Left,
}

/// What is to follow.
#[derive(Debug)]
pub enum Action {
    /// This task is to be run.
    Run(Task<Message>),
    /// It is over.
    Close,
}

impl Guide {
    /// Opens it at its first page.
    #[must_use]
    pub fn new() -> Self {
        let mut guide = Self { page: 0, blocks: Vec::new(), first: Id::unique(), scroll: Id::unique() };
        guide.turn(0);
        guide
    }

    /// Handles what happened.
    pub fn update(&mut self, message: &Message) -> Action {
        let page = match message {
            Message::Show(page) => Some(*page),
            Message::Follow(file) => PAGES.iter().position(|page| page.file == file),
            Message::Scroll(screens) => {
                let y = f32::from(*screens) * view::SCREEN;
                return Action::Run(operation::scroll_by(self.scroll.clone(), operation::AbsoluteOffset { x: 0.0, y }));
            }
            Message::Left => return Action::Close,
        };
        if let Some(page) = page {
            self.turn(page);
        }
        Action::Run(operation::snap_to(self.scroll.clone(), operation::RelativeOffset::START))
    }

    fn turn(&mut self, page: usize) {
        self.page = page;
        self.blocks = PAGES.get(page).map(|page| markdown::parse(page.text)).unwrap_or_default();
    }

    /// Where the keyboard belongs.
    #[must_use]
    pub fn home(&self) -> Id {
        self.first.clone()
    }

    /// What a key means that no widget took.
    #[must_use]
    pub fn key(event: &keyboard::Event) -> Option<Message> {
        use keyboard::key::Named;
        let keyboard::Event::KeyPressed { key: keyboard::Key::Named(named), .. } = event else { return None };
        match named {
            Named::PageDown => Some(Message::Scroll(4)),
            Named::PageUp => Some(Message::Scroll(-4)),
            Named::ArrowDown => Some(Message::Scroll(1)),
            Named::ArrowUp => Some(Message::Scroll(-1)),
            _ => None,
        }
    }
}

impl Default for Guide {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_of_the_guide_is_listed_and_every_link_leads_to_one() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/guide");
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .expect("the guide")
            .map(|entry| entry.expect("a page").file_name().to_string_lossy().into_owned())
            .collect();
        let mut listed: Vec<_> = PAGES.iter().map(|page| page.file.to_owned()).collect();
        files.sort();
        listed.sort();
        assert_eq!(files, listed);
        for page in &PAGES {
            let blocks = markdown::parse(page.text);
            assert!(matches!(blocks.first(), Some(Block::Heading(1, _))), "{} has a title", page.file);
            for link in blocks.iter().flat_map(Block::spans).filter_map(|span| span.link.clone()) {
                assert!(listed.contains(&link), "{} leads to {link}", page.file);
            }
        }
    }

    #[test]
    fn a_link_turns_to_its_page_and_one_that_leads_nowhere_does_not() {
        let mut guide = Guide::new();
        let _ = guide.update(&Message::Follow("shell.md".to_owned()));
        assert_eq!(PAGES[guide.page].file, "shell.md");
        let _ = guide.update(&Message::Follow("elsewhere.md".to_owned()));
        assert_eq!(PAGES[guide.page].file, "shell.md");
        assert!(matches!(guide.update(&Message::Left), Action::Close));
    }
}
