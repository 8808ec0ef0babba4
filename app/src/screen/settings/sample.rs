//! A terminal that shows what a choice looks like.

use std::sync::Arc;

use iced::advanced::widget::{Tree, Widget};
use iced::advanced::{Clipboard, Layout, Shell, mouse};
use iced::widget::container;
use iced::{Background, Border, Element, Event, Rectangle, Renderer, Theme};
use term::terminal::{self, Palette};

use crate::store::settings;
use crate::theme::{Colors, radius};
use crate::widget;
use crate::widget::delegate::delegate;

/// What it shows: a prompt, a listing, a diff, every colour and every kind of text.
const TEXT: &str = "\x1b[?25l\
\x1b[1;32mada@example\x1b[m:\x1b[1;34m~/src\x1b[m$ git diff --stat\r\n \
README.md | 12 \x1b[32m++++++++\x1b[31m----\x1b[m\r\n \
\x1b[1mbold\x1b[m \x1b[3mitalic\x1b[m \x1b[4munderlined\x1b[m \x1b[7m reverse \x1b[m\r\n \
\x1b[33mwarning:\x1b[m a != b => \x1b[36m\"text\"\x1b[m \x1b[35m42\x1b[m \x1b[90m# note\x1b[m\r\n \
0O 1lI| {}[]() ~^ \x1b[31merror\x1b[m \x1b[32mok\x1b[m\r\n\r\n \
\x1b[40m   \x1b[41m   \x1b[42m   \x1b[43m   \x1b[44m   \x1b[45m   \x1b[46m   \x1b[47m   \x1b[m\r\n \
\x1b[100m   \x1b[101m   \x1b[102m   \x1b[103m   \x1b[104m   \x1b[105m   \x1b[106m   \x1b[107m   \x1b[m\r\n\r\n\
\x1b[1;32mada@example\x1b[m:\x1b[1;34m~/src\x1b[m$ \x1b[?25h";

/// The terminal.
#[derive(Debug)]
pub(super) struct Sample(Arc<term::Terminal>);

impl Sample {
    pub(super) fn new(palette: Palette, settings: &settings::Terminal) -> Self {
        let size = terminal::Size { columns: 46, lines: 12, width: 0, height: 0 };
        let terminal = term::Terminal::new(size, 0, palette);
        let _ = terminal.advance(TEXT.as_bytes());
        let sample = Self(terminal);
        sample.dress(settings);
        sample
    }

    /// Shows other colours and looks.
    pub(super) fn show(&self, palette: Palette, settings: &settings::Terminal) {
        self.0.set_palette(palette);
        self.dress(settings);
        self.0.touch();
    }

    fn dress(&self, settings: &settings::Terminal) {
        crate::pane::dress(&self.0, settings);
    }

    /// The terminal in its place, in the font of this family, out of the keyboard's and the pointer's reach.
    pub(super) fn view<'a, Message: 'a>(&'a self, settings: &settings::Terminal, family: &str) -> Element<'a, Message> {
        let grid = widget::terminal::Terminal::<Message>::new(&self.0)
            .font_size(settings.font_size)
            .font_family(family)
            .ligatures(settings.ligatures)
            .padding(settings.padding as f32)
            .focused(false);
        container(Element::new(Seen(grid.into())))
            .padding(1)
            .style(|theme: &Theme| container::Style {
                background: Some(Background::Color(Colors::of(theme).background)),
                border: Border { color: Colors::of(theme).border, width: 1.0, radius: radius::CONTROL.into() },
                ..container::Style::default()
            })
            .into()
    }
}

/// Something that is only looked at: it hears of frames, and of nothing that the user does.
struct Seen<'a, Message>(Element<'a, Message>);

impl<Message> Widget<Message, Theme, Renderer> for Seen<'_, Message> {
    delegate!(0, transparent: tag, state, children, diff, size, layout, draw);

    fn update(
        &mut self,
        tree: &mut Tree,
        event: &Event,
        layout: Layout<'_>,
        _cursor: mouse::Cursor,
        renderer: &Renderer,
        clipboard: &mut dyn Clipboard,
        shell: &mut Shell<'_, Message>,
        viewport: &Rectangle,
    ) {
        if let Event::Window(_) = event {
            let nowhere = mouse::Cursor::Unavailable;
            self.0.as_widget_mut().update(tree, event, layout, nowhere, renderer, clipboard, shell, viewport);
        }
    }
}
