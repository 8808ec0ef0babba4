//! Letters over the links in sight, by which the keyboard chooses one.
//!
//! All labels have the same length, so that none is the begin of another. They belong to addresses and not to cells: a
//! link that output moves keeps its label, and what comes to stand in its place does not inherit it.

use std::collections::HashMap;

use iced::advanced::renderer::Quad;
use iced::advanced::text::{self, Renderer as _, Text};
use iced::advanced::{Renderer as _, renderer};
use iced::{Border, Color, Pixels, Rectangle, alignment, color};
use term::terminal::{Link, Point};

use super::grid::Grid;
use crate::theme::font;

/// The letters of labels, those under the fingers.
const LETTERS: &[u8] = b"asdfghjkl";

/// Ink and paper of a label: the same on every scheme, and unlike any of a selection or a match.
const COLORS: (Color, Color) = (color!(0x1c1917), color!(0xfacc15));

/// The labels of the links in sight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkLabels {
    /// The addresses, each with its label.
    labels: HashMap<String, String>,
    typed: String,
}

/// What a typed letter led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// The letters after it decide.
    Open,
    /// The link with this address, unchecked as the remote side gave it.
    Link(String),
    /// No label goes on like that.
    Nothing,
}

impl LinkLabels {
    /// Labels for these links, one for all that lead to the same address; `None` without links.
    #[must_use]
    pub fn new(links: &[Link]) -> Option<Self> {
        let mut addresses: Vec<&str> = Vec::new();
        let mut known = std::collections::HashSet::new();
        addresses.extend(links.iter().map(|link| link.address.as_str()).filter(|address| known.insert(*address)));
        let length = length(addresses.len());
        let labels = addresses.iter().enumerate().map(|(index, address)| ((*address).to_owned(), label(index, length)));
        let labels: HashMap<_, _> = labels.collect();
        (!labels.is_empty()).then(|| Self { labels, typed: String::new() })
    }

    /// A letter is typed.
    pub fn choose(&mut self, letter: char) -> Choice {
        self.typed.push(letter);
        if let Some((address, _)) = self.labels.iter().find(|(_, label)| **label == self.typed) {
            return Choice::Link(address.clone());
        }
        let goes_on = self.labels.values().any(|label| label.starts_with(&self.typed));
        if goes_on { Choice::Open } else { Choice::Nothing }
    }

    /// What is still to be typed for the link with this address; `None` for one that is out of choice.
    #[must_use]
    pub fn rest(&self, address: &str) -> Option<&str> {
        self.labels.get(address)?.strip_prefix(&self.typed)
    }

    /// Draws them over the first cells of these links.
    pub(super) fn draw(&self, renderer: &mut iced::Renderer, grid: &Grid, links: &[Link], clip: Rectangle) {
        let columns = grid.size().columns;
        renderer.with_layer(clip, |renderer| {
            for link in links {
                let (Some(rest), Some(run)) = (self.rest(&link.address), link.runs.first()) else { continue };
                let width = u16::try_from(rest.len()).unwrap_or(1);
                // A short link at the right edge has no room for a longer label.
                let column = run.from.min(columns.saturating_sub(width));
                let place = grid.rectangle(Point { line: run.line, column }, width);
                draw_label(renderer, rest, place, clip);
            }
        });
    }
}

fn draw_label(renderer: &mut iced::Renderer, label: &str, place: Rectangle, clip: Rectangle) {
    let (ink, paper) = COLORS;
    let border = Border { color: ink, width: 1.0, radius: 2.0.into() };
    // The frame lies around the cells, so that it cuts no letter.
    let bounds = place.expand(1.0);
    renderer.fill_quad(Quad { bounds, border, ..renderer::Quad::default() }, paper);
    let column = place.width / label.len().max(1) as f32;
    let text = Text {
        content: label.to_owned(),
        bounds: bounds.size(),
        // The bundled font is 0.6 em wide.
        size: Pixels((column / 0.6).min(place.height * 0.8)),
        line_height: text::LineHeight::Relative(1.0),
        font: font::MONO,
        align_x: text::Alignment::Center,
        align_y: alignment::Vertical::Center,
        shaping: text::Shaping::Basic,
        wrapping: text::Wrapping::None,
    };
    renderer.fill_text(text, bounds.center(), ink, clip);
}

/// How many letters labels need for so many links.
fn length(count: usize) -> u32 {
    (1..).find(|length| LETTERS.len().pow(*length) >= count).unwrap_or(1)
}

/// The label with this number.
fn label(index: usize, length: u32) -> String {
    let letter = |place: u32| LETTERS.get(index / LETTERS.len().pow(place) % LETTERS.len());
    (0..length).rev().filter_map(letter).map(|letter| char::from(*letter)).collect()
}

#[cfg(test)]
mod tests {
    use term::terminal::links::Run;

    use super::*;

    fn links(count: usize) -> Vec<Link> {
        let run = Run { line: 0, from: 0, to: 3 };
        let link = |index| Link { address: format!("https://a.example/{index}"), marked: false, runs: vec![run] };
        (0..count).map(link).collect()
    }

    #[test]
    fn no_label_is_the_begin_of_another_however_many_there_are() {
        for (count, length) in [(1, 1), (9, 1), (10, 2), (81, 2), (82, 3), (4096, 4)] {
            let labels = LinkLabels::new(&links(count)).unwrap();
            let mut all: Vec<_> = labels.labels.values().cloned().collect();
            all.sort();
            all.dedup();
            assert_eq!(all.len(), count);
            assert!(all.iter().all(|label| label.len() == length), "{count}: {:?}", all.first());
        }
        assert_eq!(LinkLabels::new(&[]), None);
    }

    #[test]
    fn letters_choose_a_link_narrow_the_choice_or_lead_nowhere() {
        let mut labels = LinkLabels::new(&links(10)).unwrap();
        assert_eq!(labels.rest("https://a.example/9"), Some("sa"));
        assert_eq!(labels.clone().choose('q'), Choice::Nothing);
        assert_eq!(labels.choose('s'), Choice::Open);
        assert_eq!(labels.rest("https://a.example/9"), Some("a"));
        assert_eq!(labels.rest("https://a.example/0"), None, "its label begins otherwise");
        assert_eq!(labels.clone().choose('s'), Choice::Nothing);
        assert_eq!(labels.choose('a'), Choice::Link("https://a.example/9".to_owned()));
    }

    #[test]
    fn links_to_the_same_address_share_a_label_and_others_have_none() {
        let mut all = links(2);
        all.extend(links(1));
        let labels = LinkLabels::new(&all).unwrap();
        assert_eq!((labels.labels.len(), labels.rest("https://b.example")), (2, None));
    }
}
