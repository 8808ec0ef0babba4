//! What control sequences do. Each one arrives here once and in order; what alacritty_terminal's `Term` knows is
//! passed on to it, the rest is done beside it.

mod csi;
mod modes;
mod osc;
mod print;
mod report;
mod sgr;

use alacritty_terminal::event::VoidListener;
use alacritty_terminal::grid::Dimensions;
use alacritty_terminal::index::Line;
use alacritty_terminal::term::{Term, TermMode};
use alacritty_terminal::vte::ansi::{CharsetIndex, ClearMode, Handler, StandardCharset};

use super::color::{Colors, Slot};
use super::event::Pending;
use super::keyboard::Keyboard;
use super::lines::{self, Lines, Reflow, Span};
use super::parser::{Csi, Params, Parser, Perform, StringKind};
use super::{Palette, Rgb, Size};

/// What one [`super::Terminal::advance`] may answer; a program that asks faster than it reads gets no more.
const REPLY_LIMIT: usize = 64 * 1024;

/// The most text printed before the lines that left the top are counted, in bytes. Each character may wrap a line.
const PIECE: usize = lines::SLACK / 4;

/// Titles that `CSI 22 t` remembers.
const TITLE_DEPTH: usize = 10;

/// The state of the emulated terminal.
pub(super) struct Emulator {
    pub(super) term: Term<VoidListener>,
    pub(super) colors: Colors,
    pub(super) pending: Pending,
    lines: Lines,
    /// Everything must be drawn anew, for a reason that `Term` does not know.
    pub(super) redraw: bool,
    /// A synchronized update began.
    pub(super) sync_begun: bool,
    /// What comes now was held by a synchronized update.
    pub(super) sync_held: bool,
    /// DECSCNM: default foreground and background are swapped.
    pub(super) reverse_screen: bool,
    size: Size,
    /// The scrolling region's first and last line, both included.
    margins: (usize, usize),
    replies: Vec<u8>,
    title: Option<String>,
    titles: Vec<Option<String>>,
    /// Of the shown screen first, then of the other one.
    keyboards: [Keyboard; 2],
    /// Mode 40: DECCOLM may clear the screen.
    allow_columns: bool,
    /// Which of the designated character sets is in use.
    charset: CharsetIndex,
    /// The last character printed, for REP.
    last: Option<char>,
    /// How many more characters REP may print in this call of `advance`.
    repeats: usize,
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
            colors: Colors::new(palette),
            pending: Pending::default(),
            redraw: true,
            sync_begun: false,
            sync_held: false,
            reverse_screen: false,
            size,
            margins: (0, usize::from(size.lines) - 1),
            replies: Vec::new(),
            title: None,
            titles: Vec::new(),
            keyboards: Default::default(),
            allow_columns: false,
            charset: CharsetIndex::G0,
            last: None,
            repeats: 0,
        }
    }

    /// Called before each chunk of output.
    pub(super) fn begin_chunk(&mut self) {
        self.repeats = 4 * usize::from(self.size.columns) * usize::from(self.size.lines);
    }

    pub(super) fn size(&self) -> Size {
        self.size
    }

    /// Resizes the grid, and says which line became which if the text was wrapped anew: whatever is remembered by line
    /// numbers is translated here.
    pub(super) fn resize(&mut self, size: Size) -> Option<Reflow> {
        let mut reflow = None;
        // `Term` resets its margins only if it has other lines or columns; pixels alone change nothing.
        if (size.columns, size.lines) != (self.size.columns, self.size.lines) {
            reflow = lines::resize(&mut self.lines, &mut self.term, Extent(size));
            self.margins = (0, usize::from(size.lines) - 1);
            self.redraw = true;
        }
        self.size = size;
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

    /// ED 3: drops the scrollback.
    pub(super) fn clear_history(&mut self) {
        self.count_lines();
        self.term.clear_screen(ClearMode::Saved);
        if !self.on_alternate_screen() {
            self.lines.forget_history();
        }
    }

    /// The colour of the screen where nothing was printed.
    pub(super) fn background(&self) -> Rgb {
        self.colors.get(if self.reverse_screen { Slot::Foreground } else { Slot::Background })
    }

    fn margins(&self) -> (usize, usize) {
        self.margins
    }

    /// Takes what the terminal answers.
    pub(super) fn take_replies(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.replies)
    }

    fn reply(&mut self, text: &str) {
        if self.replies.len() + text.len() <= REPLY_LIMIT {
            self.replies.extend_from_slice(text.as_bytes());
        }
    }

    fn on_alternate_screen(&self) -> bool {
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
    }

    fn set_title(&mut self, title: Option<String>) {
        self.title.clone_from(&title);
        self.pending.title = Some(title);
    }

    /// RIS: everything as it was at the start.
    fn reset(&mut self) {
        self.term.reset_state();
        self.lines.forget_all(self.term.screen_lines());
        self.charset = CharsetIndex::G0;
        self.margins = (0, usize::from(self.size.lines) - 1);
        self.colors.reset_all();
        self.keyboards = Default::default();
        self.reverse_screen = false;
        self.allow_columns = false;
        self.titles.clear();
        self.last = None;
        self.redraw = true;
        if self.title.is_some() {
            self.set_title(None);
        }
    }

    /// DECSTR: modes, margins, attributes and character sets as at the start; the screen stays.
    fn soft_reset(&mut self) {
        use alacritty_terminal::vte::ansi::{Attr, NamedMode, NamedPrivateMode};
        self.term.unset_mode(NamedMode::Insert.into());
        self.term.unset_private_mode(NamedPrivateMode::CursorKeys.into());
        self.term.unset_private_mode(NamedPrivateMode::Origin.into());
        self.term.set_private_mode(NamedPrivateMode::LineWrap.into());
        self.term.set_private_mode(NamedPrivateMode::ShowCursor.into());
        self.term.unset_keypad_application_mode();
        self.term.terminal_attribute(Attr::Reset);
        self.term.set_hyperlink(None);
        for index in [CharsetIndex::G0, CharsetIndex::G1, CharsetIndex::G2, CharsetIndex::G3] {
            self.term.configure_charset(index, StandardCharset::Ascii);
        }
        self.shift(CharsetIndex::G0);
        self.term.set_cursor_style(None);
        // Setting the margins homes the cursor, which DECSTR does not.
        let cursor = self.term.grid().cursor.point;
        self.margins = (0, usize::from(self.size.lines) - 1);
        self.term.set_scrolling_region(1, None);
        self.term.goto(cursor.line.0, cursor.column.0);
        self.term.grid_mut().saved_cursor = Default::default();
        *self.keyboard() = Keyboard::default();
        self.reverse_screen = false;
        self.redraw = true;
    }

    /// What a program that died may have left behind: alternate screen, mouse and paste modes, a hidden cursor.
    pub(super) fn release(&mut self) {
        use alacritty_terminal::vte::ansi::NamedPrivateMode as Mode;
        if self.on_alternate_screen() {
            self.swap_screens();
        }
        self.soft_reset();
        let left = [
            Mode::ReportMouseClicks,
            Mode::ReportCellMouseMotion,
            Mode::ReportAllMouseMotion,
            Mode::SgrMouse,
            Mode::Utf8Mouse,
            Mode::ReportFocusInOut,
            Mode::BracketedPaste,
        ];
        for mode in left {
            self.term.unset_private_mode(mode.into());
        }
        self.term.unset_mode(alacritty_terminal::vte::ansi::NamedMode::LineFeedNewLine.into());
    }
}

impl Perform for Emulator {
    fn print(&mut self, text: &str) {
        let mut rest = text;
        while !rest.is_empty() {
            let (piece, after) = rest.split_at_checked(rest.floor_char_boundary(PIECE)).unwrap_or((rest, ""));
            self.print_text(piece);
            self.count_lines();
            rest = after;
        }
    }

    fn execute(&mut self, byte: u8) {
        match byte {
            0x07 => self.pending.bell = true,
            0x08 => self.term.backspace(),
            b'\t' => self.term.put_tab(1),
            b'\n' | 0x0b | 0x0c => self.term.newline(),
            b'\r' => self.term.carriage_return(),
            0x0e => self.shift(CharsetIndex::G1),
            0x0f => self.shift(CharsetIndex::G0),
            // ENQ among them: an answerback string is what an attacker would like to choose.
            _ => {}
        }
        self.count_lines();
    }

    fn escape(&mut self, intermediate: u8, action: u8) {
        match (intermediate, action) {
            (0, b'7') => self.term.save_cursor_position(),
            (0, b'8') => self.term.restore_cursor_position(),
            (0, b'=') => self.term.set_keypad_application_mode(),
            (0, b'>') => self.term.unset_keypad_application_mode(),
            (0, b'D') => self.term.linefeed(),
            (0, b'E') => {
                self.term.linefeed();
                self.term.carriage_return();
            }
            (0, b'H') => self.term.set_horizontal_tabstop(),
            (0, b'M') => self.term.reverse_index(),
            (0, b'Z') => self.report_attributes(),
            (0, b'c') => self.reset(),
            (0, b'n') => self.shift(CharsetIndex::G2),
            (0, b'o') => self.shift(CharsetIndex::G3),
            (b'#', b'8') => self.term.decaln(),
            (b'(' | b')' | b'*' | b'+', _) => self.designate(intermediate, action),
            _ => log::debug!("escape sequence {intermediate:#04x} {action:#04x} is not known"),
        }
        self.count_lines();
    }

    fn control(&mut self, csi: &Csi<'_>) {
        self.control_sequence(csi);
        self.count_lines();
    }

    fn string(&mut self, kind: StringKind, data: &[u8], terminator: &str) {
        match kind {
            StringKind::Osc => self.operating_system_command(data, terminator),
            // No device control string and no application program command is known: nothing of them is answered.
            StringKind::Dcs | StringKind::Apc | StringKind::Other => {}
        }
    }

    fn paused(&self) -> bool {
        self.sync_begun
    }
}

impl Emulator {
    /// Locking shifts: SI, SO, LS2, LS3.
    fn shift(&mut self, index: CharsetIndex) {
        self.charset = index;
        self.term.set_active_charset(index);
    }

    /// SCS: US ASCII, or DEC's line drawing; the national sets of the VT220 are taken for ASCII.
    fn designate(&mut self, intermediate: u8, action: u8) {
        let index = match intermediate {
            b'(' => CharsetIndex::G0,
            b')' => CharsetIndex::G1,
            b'*' => CharsetIndex::G2,
            _ => CharsetIndex::G3,
        };
        let charset = match action {
            b'0' | b'2' => StandardCharset::SpecialCharacterAndLineDrawing,
            _ => StandardCharset::Ascii,
        };
        self.term.configure_charset(index, charset);
    }
}

/// Parses all of `bytes` into `emulator`, without a stop.
pub(super) fn parse_all(parser: &mut Parser, emulator: &mut Emulator, bytes: &[u8]) {
    let mut rest = bytes;
    while !rest.is_empty() {
        let used = parser.advance(emulator, rest);
        emulator.sync_begun = false;
        rest = rest.get(used..).unwrap_or_default();
    }
}
