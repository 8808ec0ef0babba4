//! The presentation state: the cursor with all that belongs to it, and the tab stops, told (DECRQPSR) and brought back
//! (DECRSPS), as VT320s and later do.

use std::str;

use alacritty_terminal::term::TermMode;
use alacritty_terminal::term::cell::Flags;

use super::super::attributes::Attributes;
use super::super::content::Underline;
use super::Emulator;
use super::charset::Charset;

/// What a byte of flags begins with: it stays printable.
const BASE: u8 = b'@';

impl Emulator {
    /// DECRQPSR: DECCIR (1) or DECTABSR (2).
    pub(super) fn report_presentation(&mut self, what: u16) {
        match what {
            1 => self.report_cursor_information(),
            2 => {
                let stops: Vec<String> = self.tabs.stops().map(|column| (column + 1).to_string()).collect();
                self.reply(&format!("\x1bP2$u{}\x1b\\", stops.join("/")));
            }
            _ => {}
        }
    }

    fn report_cursor_information(&mut self) {
        let (line, column) = self.addressed();
        let flags = self.term.grid().cursor.template.flags;
        let attributes = Attributes::of(flags);
        let rendition = bits(&[
            flags.contains(Flags::BOLD),
            attributes.underline != Underline::None,
            attributes.blink,
            flags.contains(Flags::INVERSE),
        ]);
        let protection = bits(&[self.protects()]);
        let [second, third] = [2, 3].map(|index| self.charsets.single() == Some(index));
        let pending = self.term.grid().cursor.input_needs_wrap;
        let state = bits(&[self.in_origin_mode(), second, third, pending]);
        let sets = self.charsets.designated();
        let sizes = bits(&sets.map(|set| set == Charset::Latin));
        let names: String = sets.iter().map(|set| char::from(set.name())).collect();
        let shifted = self.charsets.shifted();
        let (line, column) = (line + 1, column + 1);
        self.reply(&format!(
            "\x1bP1$u{line};{column};1;{rendition};{protection};{state};{shifted};2;{sizes};{names}\x1b\\"
        ));
    }

    /// DECRSPS.
    pub(super) fn restore_presentation(&mut self, data: &[u8]) {
        let Ok(text) = str::from_utf8(data) else { return };
        match text.split_at_checked(3) {
            Some(("1$t", fields)) => self.restore_cursor_information(fields),
            Some(("2$t", stops)) => {
                self.tabs.clear();
                let columns = stops.split('/').filter_map(|stop| stop.parse::<usize>().ok()?.checked_sub(1));
                columns.for_each(|column| self.tabs.set(column, true));
            }
            _ => {}
        }
    }

    /// The fields of DECCIR; a report that does not have them all changes nothing.
    fn restore_cursor_information(&mut self, fields: &str) {
        let fields: Vec<&str> = fields.splitn(10, ';').collect();
        let [line, column, _, rendition, protection, state, shifted, _, sizes, names] = *fields else { return };
        let (Ok(line), Ok(column), Ok(shifted)) = (line.parse::<usize>(), column.parse::<usize>(), shifted.parse())
        else {
            return;
        };
        let [bold, underline, blink, reverse] = flags_of(rendition);
        let [protects, ..] = flags_of(protection);
        let [origin, second, third, pending] = flags_of(state);
        let wide: [bool; 4] = flags_of(sizes);
        self.set_private_mode(6, origin);
        self.address(line.saturating_sub(1), column.saturating_sub(1));
        for (index, (name, wide)) in names.bytes().zip(wide).enumerate() {
            self.charsets.designate(index, if wide { Charset::named_of_96(name) } else { Charset::named(name) });
        }
        self.charsets.shift(usize::min(shifted, 3));
        for (index, _) in [(2, second), (3, third)].into_iter().filter(|(_, set)| *set) {
            self.charsets.shift_once(index);
        }
        let cursor = &mut self.term.grid_mut().cursor;
        cursor.template.flags.set(Flags::BOLD, bold);
        cursor.template.flags.set(Flags::INVERSE, reverse);
        let underline = if underline { Underline::Single } else { Underline::None };
        let attributes = Attributes { underline, blink, ..Attributes::of(cursor.template.flags) };
        attributes.write(&mut cursor.template.flags);
        self.protect(protects);
        let wraps = pending && self.term.mode().contains(TermMode::LINE_WRAP);
        self.term.grid_mut().cursor.input_needs_wrap = wraps;
    }

    /// DECRQDE: what of the page shows, which is all of it.
    pub(super) fn report_displayed_extent(&mut self) {
        let size = self.size();
        self.reply(&format!("\x1b[{};{};1;1;1\"w", size.lines, size.columns));
    }
}

fn bits(set: &[bool]) -> char {
    let value = set.iter().rev().fold(0, |value, set| value << 1 | u8::from(*set));
    char::from(BASE + value)
}

fn flags_of(field: &str) -> [bool; 4] {
    let value = field.bytes().next().unwrap_or(BASE).saturating_sub(BASE);
    [0, 1, 2, 3].map(|bit| value >> bit & 1 == 1)
}
