//! What control sequences do. Each one arrives here once and in order; what alacritty_terminal's `Term` knows is
//! passed on to it, the rest is done beside it.

mod charset;
mod csi;
mod cursor;
mod dcs;
mod erase;
mod graphics;
mod margins;
pub(super) mod modes;
mod osc;
mod passengers;
mod perform;
mod presentation;
mod print;
mod protection;
mod rectangle;
mod rendition;
mod report;
mod reset;
mod scroll;
mod sgr;
mod tabs;
mod titles;
mod vt52;
mod window;

use std::time::Instant;

use alacritty_terminal::event::VoidListener;
use alacritty_terminal::grid::{Dimensions, Row, Scroll};
use alacritty_terminal::index::Line;
use alacritty_terminal::term::cell::Cell;
use alacritty_terminal::term::{Term, TermMode};
use alacritty_terminal::vte::ansi::{Attr, ClearMode, Handler};

use super::color::{Colors, Slot};
use super::commands::Commands;
use super::content::CursorShape;
use super::directory::WorkingDirectory;
use super::event::{Pending, Progress, is_deceptive};
use super::keyboard::Keyboard;
use super::legibility::Legibility;
use super::lines::{self, Lines, Reflow, Span};
use super::parser::{Csi, Params};
use super::{Palette, Permissions, Rgb, Size};
use charset::Charsets;
use cursor::Saved;
use graphics::Graphics;
use margins::Margins;
use modes::{PrivateModes, REVERSE_SCREEN, SCHEME_REPORTS, SIZE_REPORTS};
use protection::Protection;
use rectangle::Checksum;
use scroll::grid_line;
use tabs::Tabs;
use titles::Titles;
use vt52::Vt52;

/// What one [`super::Terminal::advance`] may answer; a program that asks faster than it reads gets no more.
const REPLY_LIMIT: usize = 64 * 1024;

/// The conformance level that is claimed: a VT420.
const LEVEL: u8 = 4;

/// How many screens full of cells the rectangles in one chunk of output may cover.
const SCREENS: usize = 64;

/// xterm's modifyOtherKeys and formatOtherKeys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct OtherKeys {
    /// 0, 1 or 2: which keys with modifiers are sent as sequences.
    pub(super) modify: u8,
    /// 1 for `CSI code ; modifiers u`.
    pub(super) format: u8,
}

/// The state of the emulated terminal.
pub(super) struct Emulator {
    pub(super) term: Term<VoidListener>,
    pub(super) colors: Colors,
    /// What the user wants of colours.
    pub(super) legibility: Legibility,
    /// The cursor's shape where no program chose one.
    pub(super) cursor_shape: CursorShape,
    pub(super) pending: Pending,
    lines: Lines,
    pub(super) commands: Commands,
    pub(super) graphics: Graphics,
    /// Where the shell says it is.
    pub(super) directory: Option<WorkingDirectory>,
    progress: Option<Progress>,
    /// When what is parsed now came.
    pub(super) now: Instant,
    /// Everything must be drawn anew, for a reason that `Term` does not know.
    pub(super) redraw: bool,
    /// The lines of the screen that changed since the last snapshot, beside those of which `Term` knows.
    pub(super) touched: Vec<bool>,
    /// A synchronized update began.
    pub(super) sync_begun: bool,
    /// What comes now was held by a synchronized update.
    pub(super) sync_held: bool,
    size: Size,
    margins: Margins,
    /// DECLRMM: `CSI s` sets the left and right margins.
    has_side_margins: bool,
    modes: PrivateModes,
    tabs: Tabs,
    charsets: Charsets,
    /// What DECSC kept, of the shown screen first, then of the other one.
    saved: [Saved; 2],
    /// What the alternate screen showed when mode 47 left it.
    alternate: Vec<Row<Cell>>,
    /// Mode 1049 showed the alternate screen: the main one's cursor is saved in its grid.
    alternate_saved: bool,
    protection: Protection,
    extent: rectangle::Extent,
    checksum: Checksum,
    renditions: Vec<Cell>,
    vt52: Vt52,
    /// DECSCL.
    level: u8,
    /// S8C1T: controls are answered with eight bits, and understood so.
    eight_bit: bool,
    pub(super) other_keys: OtherKeys,
    pub(super) permissions: Permissions,
    replies: Vec<u8>,
    titles: Titles,
    /// Bytes of the links that came since it was looked what those on the screen take.
    links: usize,
    /// Of the shown screen first, then of the other one.
    keyboards: [Keyboard; 2],
    /// The last character printed, for REP, which repeats nothing once anything else came (as with xterm).
    last: Option<char>,
    /// How many more characters REP may print in this call of `advance`.
    repeats: usize,
    /// How many more cells rectangles may cover in this call of `advance`.
    areas: usize,
}

/// A size as alacritty_terminal wants it.
struct Extent(Size);

impl Dimensions for Extent {
    fn total_lines(&self) -> usize {
        self.screen_lines()
    }
    fn screen_lines(&self) -> usize {
        self.0.lines.into()
    }
    fn columns(&self) -> usize {
        self.0.columns.into()
    }
}

impl Emulator {
    pub(super) fn new(size: Size, scrollback: usize, palette: Palette) -> Self {
        let lines = Lines::new(scrollback);
        Self {
            term: Term::new(lines::config(lines.capacity()), &Extent(size), VoidListener),
            lines,
            commands: Commands::default(),
            graphics: Graphics::default(),
            directory: None,
            progress: None,
            now: Instant::now(),
            colors: Colors::new(palette),
            legibility: Legibility::default(),
            cursor_shape: CursorShape::default(),
            pending: Pending::default(),
            redraw: true,
            sync_begun: false,
            sync_held: false,
            touched: vec![false; size.lines.into()],
            size,
            margins: Margins::whole(size),
            has_side_margins: false,
            modes: PrivateModes::default(),
            tabs: Tabs::new(size.columns.into()),
            charsets: Charsets::default(),
            saved: Default::default(),
            alternate: Vec::new(),
            alternate_saved: false,
            protection: Protection::default(),
            extent: rectangle::Extent::default(),
            checksum: Checksum::default(),
            renditions: Vec::new(),
            vt52: Vt52::default(),
            level: LEVEL,
            eight_bit: false,
            other_keys: OtherKeys::default(),
            permissions: Permissions::default(),
            replies: Vec::new(),
            titles: Titles::default(),
            links: 0,
            keyboards: Default::default(),
            last: None,
            repeats: 0,
            areas: 0,
        }
    }

    /// Called before each chunk of output.
    pub(super) fn begin_chunk(&mut self) {
        let screen = usize::from(self.size.columns) * usize::from(self.size.lines);
        self.repeats = 4 * screen;
        self.areas = SCREENS * screen;
        self.graphics.begin_chunk();
    }

    pub(super) fn size(&self) -> Size {
        self.size
    }

    /// Resizes the grid, and says which line became which if the text was wrapped anew: whatever is remembered by line
    /// numbers is translated here.
    pub(super) fn resize(&mut self, size: Size) -> Option<Reflow> {
        let mut reflow = None;
        // Pixels alone change nothing.
        if (size.columns, size.lines) != (self.size.columns, self.size.lines) {
            self.cut_pictures(size.columns);
            reflow = lines::resize(&mut self.lines, &mut self.term, Extent(size));
            self.mend_pictures(size.columns);
            self.graphics.images.forget_marked();
            if let Some(reflow) = &reflow {
                self.commands.reflow(reflow);
                let lines = |line, column| reflow.translate(line, column);
                self.graphics.images.kitty.follow(lines);
            }
            self.commands.prune(self.span());
            self.margins = Margins::whole(size);
            self.tabs.resize(size.columns.into());
            self.touched = vec![false; size.lines.into()];
            self.redraw = true;
        }
        let changed = self.size != size;
        self.size = size;
        if changed && self.modes.has(SIZE_REPORTS) {
            self.report_size_in_band();
        }
        reflow
    }

    /// Counts the lines that left the top of the main screen.
    pub(super) fn count_lines(&mut self) {
        if !self.on_alternate_screen() {
            self.lines.count(self.term.grid_mut());
        }
    }

    /// Called after each chunk of output: the history is no longer than the user wants.
    pub(super) fn end_chunk(&mut self) {
        self.count_lines();
        if !self.on_alternate_screen() {
            self.lines.trim(self.term.grid_mut());
        }
        self.commands.prune(self.span());
        self.graphics.images.kitty.trim(self.span().oldest);
    }

    /// A cell of the screen got more than text.
    fn touch_extras(&mut self) {
        self.lines.touch_extras(self.term.screen_lines());
    }

    /// The numbers of the main screen's and the scrollback's lines.
    pub(super) fn span(&self) -> Span {
        self.lines.span(self.term.screen_lines())
    }

    /// The number of a line of the grid; `None` on the alternate screen.
    pub(super) fn line_number(&self, line: Line) -> Option<u64> {
        let number = self.span().top.checked_add_signed(line.0.into())?;
        (!self.on_alternate_screen() && self.span().contains(number)).then_some(number)
    }

    /// The line of the grid that has this number, if it is still there and the main screen is shown.
    pub(super) fn line_of(&self, number: u64) -> Option<Line> {
        if self.on_alternate_screen() || !self.span().contains(number) {
            return None;
        }
        let offset = number.wrapping_sub(self.span().top).cast_signed();
        i32::try_from(offset).ok().map(Line)
    }

    /// Keeps more or fewer lines from now on.
    pub(super) fn set_scrollback(&mut self, scrollback: lines::Scrollback) {
        lines::set_scrollback(&mut self.lines, &mut self.term, scrollback);
        self.commands.prune(self.span());
        self.redraw = true;
    }

    /// ED 3: drops the scrollback.
    pub(super) fn clear_history(&mut self) {
        self.count_lines();
        if !self.on_alternate_screen() {
            self.lines.forget_history(self.term.grid_mut());
            self.commands.prune(self.span());
        }
        self.term.clear_screen(ClearMode::Saved);
        self.drop_unseen_pictures();
    }

    /// The colour of the screen where nothing was printed.
    pub(super) fn background(&self) -> Rgb {
        self.colors.get(if self.is_reversed() { Slot::Foreground } else { Slot::Background })
    }

    /// DECSCNM: default foreground and background are swapped.
    pub(super) fn is_reversed(&self) -> bool {
        self.modes.has(REVERSE_SCREEN)
    }

    /// Takes what the terminal answers.
    pub(super) fn take_replies(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.replies)
    }

    fn reply(&mut self, text: &str) {
        if self.replies.len() + text.len() > REPLY_LIMIT {
            return;
        }
        let mut bytes = text.bytes().peekable();
        while let Some(byte) = bytes.next() {
            // S8C1T: ESC and a letter are one byte.
            let c1 =
                bytes.peek().filter(|next| self.eight_bit && byte == 0x1b && (0x40..0x60).contains(*next)).copied();
            if let Some(second) = c1 {
                let _ = bytes.next();
                self.replies.push(second + 0x40);
            } else {
                self.replies.push(byte);
            }
        }
    }

    /// Changes the colours, and tells a program that wants to know whether they are dark or light.
    pub(super) fn set_palette(&mut self, palette: Palette) {
        let dark = self.colors.is_dark();
        self.colors.set_palette(palette);
        self.redraw = true;
        if self.colors.is_dark() != dark && self.modes.has(SCHEME_REPORTS) {
            self.report_scheme();
        }
    }

    /// Whether this mode of [`modes`] is set.
    pub(super) fn has_mode(&self, mode: u16) -> bool {
        self.modes.has(mode)
    }

    /// Whether keys are sent as a VT52 sends them.
    pub(super) fn is_vt52(&self) -> bool {
        self.vt52 != Vt52::Off
    }

    pub(super) fn on_alternate_screen(&self) -> bool {
        self.term.mode().contains(TermMode::ALT_SCREEN)
    }

    fn keyboard(&mut self) -> &mut Keyboard {
        let [shown, _] = &mut self.keyboards;
        shown
    }

    /// The flags of the kitty keyboard protocol in force.
    pub(super) fn keyboard_flags(&self) -> u8 {
        let [shown, _] = &self.keyboards;
        shown.flags()
    }

    /// Shows the other screen.
    fn swap_screens(&mut self) {
        self.term.swap_alt();
        self.keyboards.reverse();
        self.saved.reverse();
        self.graphics.images.forget_alternate();
    }

    fn set_title(&mut self, title: Option<String>) {
        self.titles.window.clone_from(&title);
        self.pending.title = Some(title);
    }

    /// Writes a line of the program's own below what is on the screen.
    pub(super) fn write_note(&mut self, text: &str) {
        self.term.scroll_display(Scroll::Bottom);
        let is_used = |line: &usize| !self.term.grid()[grid_line(*line)].into_iter().all(|cell| cell.c.is_whitespace());
        if let Some(last) = (0..self.term.screen_lines()).rev().find(is_used) {
            self.place(last, 0);
            self.index();
        } else {
            self.place(0, 0);
        }
        for line in text.lines() {
            self.carriage_return();
            self.term.terminal_attribute(Attr::Bold);
            self.term.terminal_attribute(Attr::Reverse);
            let clean: String = line.chars().filter(|c| !is_deceptive(*c)).collect();
            self.print_text(&clean);
            self.term.terminal_attribute(Attr::Reset);
            self.carriage_return();
            self.index();
        }
    }
}
