//! What the guide looks like.

use iced::widget::text::{Rich, Span as Piece};
use iced::widget::{Column, Row, column, container, opaque, responsive, row, space as blank, text};
use iced::{Alignment, Element, Length};

use super::markdown::{Block, Span};
use super::{Guide, Message, PAGES};
use crate::theme::{font, size, space};
use crate::widget::button::{Button, Kind};
use crate::widget::{Icon, card, label, scroll};

/// How far an arrow scrolls, in logical pixels.
pub(super) const SCREEN: f32 = 80.0;
/// Widest that lines get, in logical pixels: longer ones are hard to follow.
const WIDEST: f32 = 760.0;
/// Width of the list of pages, and below what width of the window it stands above the text, in logical pixels.
const LIST: f32 = 190.0;
const NARROW: f32 = 720.0;
/// The least and the most that a column of a table counts for, in characters.
const SHORTEST: usize = 12;
const LONGEST: usize = 40;

impl Guide {
    /// The guide, over everything below the tab bar.
    pub fn view(&self) -> Element<'_, Message> {
        let whole = responsive(move |available| {
            let narrow = available.width < NARROW;
            let close = Button::icon(Icon::X).on_press(Message::Left);
            let head = row![label::title("Guide"), blank::horizontal(), close].align_y(Alignment::Center);
            let blocks = self.blocks.iter().skip(1).map(block);
            // In a low window the list goes away with the text.
            let list = narrow.then(|| Row::with_children(self.pages(true)).spacing(space::XS).wrap());
            let page = column![list].extend(blocks).spacing(space::M).max_width(WIDEST).padding(space::L);
            let page = scroll::vertical(container(page).width(Length::Fill)).id(self.scroll.clone());
            let page = container(page).width(Length::Fill).height(Length::Fill).style(card::style);
            let content: Element<'_, Message> = if narrow {
                page.into()
            } else {
                let list = Column::with_children(self.pages(false)).spacing(space::XS).width(LIST);
                row![list, page].spacing(space::L).into()
            };
            column![head, content].spacing(space::M).into()
        });
        opaque(container(whole).padding(space::L).style(card::background))
    }

    fn pages(&self, narrow: bool) -> impl Iterator<Item = Element<'_, Message>> {
        PAGES.iter().enumerate().map(move |(index, page)| {
            let title = page.text.lines().next().unwrap_or_default().trim_start_matches("# ");
            let name = label::body(title).size(if narrow { size::SMALL } else { size::BODY });
            let button = Button::new(name)
                .kind(Kind::Item { selected: index == self.page })
                .padding([space::XS, space::S])
                .width(if narrow { Length::Shrink } else { Length::Fill })
                .on_press(Message::Show(index));
            if index == 0 { button.id(self.first.clone()).into() } else { button.into() }
        })
    }
}

fn block(block: &Block) -> Element<'_, Message> {
    match block {
        Block::Heading(_, spans) => {
            let text: String = spans.iter().map(|span| span.text.as_str()).collect();
            container(label::heading(text)).padding(iced::Padding { top: space::S, ..iced::Padding::ZERO }).into()
        }
        Block::Paragraph(spans) => rich(spans),
        Block::Item(marker, spans) => {
            row![container(label::body(marker.as_str())).width(18.0), rich(spans)].spacing(space::XS).into()
        }
        Block::Code(code) => {
            let code = text(code.as_str()).font(font::MONO).size(size::SMALL).wrapping(text::Wrapping::WordOrGlyph);
            container(code).padding(space::S).width(Length::Fill).style(card::inset).into()
        }
        Block::Table(rows) => table(rows),
    }
}

/// A table whose columns share the width by what is in them.
fn table(rows: &[Vec<Vec<Span>>]) -> Element<'_, Message> {
    let shares = shares(rows);
    let lines = rows.iter().enumerate().map(|(index, cells)| {
        let cells = cells.iter().zip(&shares).map(|(spans, share)| {
            let text: Element<'_, Message> = if index == 0 {
                label::hint(spans.iter().map(|span| span.text.as_str()).collect::<String>()).into()
            } else {
                rich(spans)
            };
            container(text).width(Length::FillPortion(*share)).into()
        });
        let line = Row::with_children(cells).spacing(space::M);
        let hairline = container(blank().height(1)).width(Length::Fill).style(card::hairline);
        column![container(line).padding([space::XS, 0.0]), hairline].into()
    });
    Column::with_children(lines).into()
}

/// The share of each column: its longest text, where a word needs some room, and what is long is wrapped.
fn shares(rows: &[Vec<Vec<Span>>]) -> Vec<u16> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let length = |cell: &Vec<Span>| cell.iter().map(|span| span.text.chars().count()).sum::<usize>();
    let longest = |column| rows.iter().filter_map(|row| row.get(column)).map(length).max().unwrap_or(0);
    (0..columns).map(|column| u16::try_from(longest(column).clamp(SHORTEST, LONGEST)).unwrap_or(u16::MAX)).collect()
}

fn rich(spans: &[Span]) -> Element<'_, Message> {
    let spans: Vec<Piece<'_, String>> = spans
        .iter()
        .map(|span| {
            let piece = Piece::new(span.text.as_str());
            let piece = if span.code { piece.font(font::MONO).size(size::SMALL) } else { piece };
            let piece = if span.strong { piece.font(font::STRONG) } else { piece };
            match &span.link {
                Some(link) => piece.link(link.clone()).underline(true),
                None => piece,
            }
        })
        .collect();
    Rich::with_spans(spans).on_link_click(Message::Follow).width(Length::Fill).size(size::BODY).into()
}

#[cfg(test)]
mod tests {
    use super::super::markdown;
    use super::*;

    #[test]
    fn a_column_of_words_leaves_the_room_to_one_of_sentences() {
        let sentence = "A sentence that goes on for longer than anybody wants to read a column.";
        let blocks =
            markdown::parse(&format!("| rule | what |\n|---|---|\n| `a` | {sentence} |\n| `windows` | short |\n"));
        let [Block::Table(rows)] = blocks.as_slice() else { panic!("no table") };
        assert_eq!(shares(rows), [12, 40]);
    }
}
