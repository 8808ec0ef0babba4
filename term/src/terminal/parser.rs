//! Control sequences out of a byte stream (ECMA-48, and the state diagram at vt100.net/emu/dec_ansi_parser).
//!
//! vte's parser is not used, although alacritty_terminal brings it: its OSC buffer grows with the sender's patience, it
//! drops APC, PM and SOS strings, and it hands out text a character at a time. Here strings are bounded, every kind of
//! string reaches the emulator in order, whole or (pictures) as it comes, and text comes in runs.

mod params;

use std::str;

pub(super) use params::Params;

/// The longest string (OSC, DCS …) that is kept; a longer one is skipped up to its end. OSC 52 with 100 kB of text in
/// base64 fits.
const STRING_LIMIT: usize = 160 * 1024;

/// What must have come of a string until it is known whether it is handed out as it comes.
const HEAD_LIMIT: usize = 64;

/// What a string between an introducer and ST is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StringKind {
    /// Operating system command.
    Osc,
    /// Device control string.
    Dcs,
    /// Application program command.
    Apc,
    /// Privacy message and start of string: nobody uses them.
    Other,
}

/// A control sequence: `CSI`, an optional private marker, parameters, intermediates, a final byte.
#[derive(Debug)]
pub(super) struct Csi<'a> {
    /// `<`, `=`, `>` or `?` before the parameters, else 0.
    pub(super) private: u8,
    /// The parameters.
    pub(super) params: &'a Params,
    /// The intermediate byte before the final one, 0 if there is none. (Nothing in use has two.)
    pub(super) intermediate: u8,
    /// The final byte.
    pub(super) action: u8,
}

/// What acts on what the parser finds.
pub(super) trait Perform {
    /// A run of characters that are no C0 control.
    fn print(&mut self, text: &str);
    /// A C0 control.
    fn execute(&mut self, byte: u8);
    /// An escape sequence; `intermediate` is 0 if there is none.
    fn escape(&mut self, intermediate: u8, action: u8);
    /// A control sequence.
    fn control(&mut self, csi: &Csi<'_>);
    /// A complete string. `terminator` is how it ended, for the answer to end likewise.
    fn string(&mut self, kind: StringKind, data: &[u8], terminator: &str);
    /// Whether a string that begins with `head` shall be handed out as it comes and not whole; `None` if this cannot be
    /// told yet. `head` is then handed out already.
    fn begins_stream(&mut self, kind: StringKind, head: &[u8]) -> Option<bool> {
        let _ = (kind, head);
        Some(false)
    }
    /// More of such a string; returns how many bytes were taken, which is less than all only if the parser shall stop.
    fn stream(&mut self, data: &[u8]) -> usize {
        data.len()
    }
    /// The end of such a string; if it is not `complete`, it was broken off.
    fn end_stream(&mut self, complete: bool) {
        let _ = complete;
    }
    /// Whether the parser shall stop after what it just handed out.
    fn paused(&self) -> bool;
    /// Whether a lone byte from 0x80 to 0x9f, which is no UTF-8, is a C1 control.
    fn eight_bit(&self) -> bool {
        false
    }
}

/// What is done with the string that is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Keeping {
    /// Its beginning is kept, to tell.
    #[default]
    Head,
    /// It is kept up to its end.
    Whole,
    /// It is handed out as it comes.
    Stream,
    /// It is too long, or nobody wants it.
    Nothing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    #[default]
    Ground,
    Escape,
    EscapeIntermediate,
    /// Two intermediates, or one that cannot be: skipped to the final byte.
    EscapeIgnore,
    CsiParam,
    CsiIntermediate,
    CsiIgnore,
    String(StringKind),
    /// ESC inside a string: a backslash ends the string, anything else cancels it.
    StringEscape(StringKind),
}

/// The parser: state between two chunks.
#[derive(Debug, Default)]
pub(super) struct Parser {
    state: State,
    private: u8,
    intermediate: u8,
    params: Params,
    string: Vec<u8>,
    keeping: Keeping,
    /// The bytes of a character cut by the end of a chunk.
    partial: Vec<u8>,
}

impl Parser {
    /// Parses `bytes` until their end or until `perform` is paused; returns how many were used.
    pub(super) fn advance(&mut self, perform: &mut impl Perform, bytes: &[u8]) -> usize {
        let mut rest = bytes;
        while let Some((&byte, after)) = rest.split_first() {
            match self.state {
                State::Ground => {
                    rest = self.ground(perform, rest);
                    if perform.paused() {
                        break;
                    }
                }
                State::String(kind) => {
                    rest = self.string(perform, kind, rest);
                    if perform.paused() {
                        break;
                    }
                }
                _ => {
                    self.sequence(perform, byte);
                    rest = after;
                    if perform.paused() {
                        break;
                    }
                }
            }
        }
        bytes.len() - rest.len()
    }

    /// The memory that a string takes, in bytes.
    #[cfg(test)]
    pub(super) fn kept(&self) -> usize {
        self.string.capacity()
    }

    /// Forgets a half-received sequence.
    pub(super) fn reset(&mut self, perform: &mut impl Perform) {
        self.cancel_string(perform);
        *self = Self::default();
    }

    /// Text up to the next control, or that control; returns what is left.
    fn ground<'a>(&mut self, perform: &mut impl Perform, bytes: &'a [u8]) -> &'a [u8] {
        let bytes = self.finish_character(perform, bytes);
        if self.state != State::Ground {
            return bytes;
        }
        let (text, rest) = bytes.split_at_checked(control(bytes).unwrap_or(bytes.len())).unwrap_or((bytes, &[]));
        if let Some(left) = self.text(perform, text, rest.is_empty()) {
            return bytes.get(bytes.len() - rest.len() - left..).unwrap_or_default();
        }
        match rest {
            [0x1b, rest @ ..] => {
                self.enter_escape();
                rest
            }
            [0xc2, c1, rest @ ..] => {
                self.c1(perform, *c1);
                rest
            }
            [0x7f, rest @ ..] => rest,
            [byte, rest @ ..] => {
                perform.execute(*byte);
                rest
            }
            [] => rest,
        }
    }

    /// A C1 control: what ESC and a letter are in seven bits.
    fn c1(&mut self, perform: &mut impl Perform, byte: u8) {
        self.enter_escape();
        self.escape(perform, byte - 0x40);
    }

    /// Completes the character that the last chunk cut.
    fn finish_character<'a>(&mut self, perform: &mut impl Perform, mut bytes: &'a [u8]) -> &'a [u8] {
        while !self.partial.is_empty() {
            let Some((&byte, rest)) = bytes.split_first() else { break };
            if !(0x80..0xc0).contains(&byte) {
                perform.print("\u{fffd}");
                self.partial.clear();
                break;
            }
            self.partial.push(byte);
            bytes = rest;
            match str::from_utf8(&self.partial) {
                Ok(_) if matches!(*self.partial, [0xc2, 0x80..0xa0]) => self.c1(perform, byte),
                Ok(text) => perform.print(text),
                Err(error) if error.error_len().is_none() => continue,
                Err(_) => perform.print("\u{fffd}"),
            }
            self.partial.clear();
        }
        bytes
    }

    /// Prints `bytes`, each malformed sequence as U+FFFD; `open` says that more may follow in the next chunk. How many
    /// bytes are left after a C1 control in eight bits, if there was one.
    fn text(&mut self, perform: &mut impl Perform, mut bytes: &[u8], open: bool) -> Option<usize> {
        while !bytes.is_empty() {
            let error = match str::from_utf8(bytes) {
                Ok(text) => {
                    perform.print(text);
                    return None;
                }
                Err(error) => error,
            };
            let (valid, bad) = bytes.split_at_checked(error.valid_up_to()).unwrap_or((&[], bytes));
            perform.print(str::from_utf8(valid).unwrap_or_default());
            match (error.error_len(), bad) {
                (Some(_), [c1 @ 0x80..0xa0, rest @ ..]) if perform.eight_bit() => {
                    self.c1(perform, *c1);
                    return Some(rest.len());
                }
                (None, _) if open => {
                    self.partial = bad.to_vec();
                    return None;
                }
                (None, _) => {
                    perform.print("\u{fffd}");
                    return None;
                }
                (Some(length), _) => {
                    perform.print("\u{fffd}");
                    bytes = bad.get(length..).unwrap_or_default();
                }
            }
        }
        None
    }

    /// The inside of a string up to its end; returns what is left.
    fn string<'a>(&mut self, perform: &mut impl Perform, kind: StringKind, bytes: &'a [u8]) -> &'a [u8] {
        let end = self.string_end(bytes, perform.eight_bit());
        let (data, rest) = bytes.split_at_checked(end.unwrap_or(bytes.len())).unwrap_or((bytes, &[]));
        let used = self.keep(perform, kind, data);
        if used < data.len() {
            return bytes.get(used..).unwrap_or_default();
        }
        let Some((&byte, rest)) = rest.split_first() else { return rest };
        match (byte, kind) {
            // Only OSC may end with BEL: an extension of xterm's that everybody uses.
            (0x07, StringKind::Osc) => self.end_string(perform, kind, "\x07"),
            (0x07, _) => {}
            (0x1b, _) => self.state = State::StringEscape(kind),
            (0x9c, _) => {
                // The first byte of ST, if it has two, was taken for the string's last.
                if self.string.last() == Some(&0xc2) {
                    let _ = self.string.pop();
                }
                self.end_string(perform, kind, "\x1b\\");
            }
            _ => self.cancel_string(perform),
        }
        rest
    }

    /// Where the string ends or is cut: BEL, CAN, SUB, ESC or ST.
    fn string_end(&self, bytes: &[u8], eight_bit: bool) -> Option<usize> {
        let mut before = self.string.last().copied();
        bytes.iter().position(|byte| {
            let st = *byte == 0x9c && (eight_bit || before == Some(0xc2));
            before = Some(*byte);
            st || matches!(byte, 0x07 | 0x18 | 0x1a | 0x1b)
        })
    }

    /// Keeps or hands out a part of a string; returns how much of it.
    fn keep(&mut self, perform: &mut impl Perform, kind: StringKind, data: &[u8]) -> usize {
        let mut used = 0;
        if self.keeping == Keeping::Head {
            let room = HEAD_LIMIT.saturating_sub(self.string.len());
            let (head, _) = data.split_at_checked(room).unwrap_or((data, &[]));
            self.string.extend_from_slice(head);
            used = head.len();
            self.keeping = match perform.begins_stream(kind, &self.string) {
                Some(true) => Keeping::Stream,
                Some(false) => Keeping::Whole,
                None if self.string.len() < HEAD_LIMIT => Keeping::Head,
                None => Keeping::Whole,
            };
        }
        let rest = data.get(used..).unwrap_or_default();
        match self.keeping {
            Keeping::Stream => return used + if perform.paused() { 0 } else { perform.stream(rest) },
            Keeping::Whole if kind == StringKind::Other => self.keeping = Keeping::Nothing,
            Keeping::Whole if self.string.len() + rest.len() <= STRING_LIMIT => self.string.extend_from_slice(rest),
            Keeping::Whole => self.keeping = Keeping::Nothing,
            Keeping::Head | Keeping::Nothing => {}
        }
        data.len()
    }

    fn end_string(&mut self, perform: &mut impl Perform, kind: StringKind, terminator: &str) {
        match self.keeping {
            Keeping::Head | Keeping::Whole => perform.string(kind, &self.string, terminator),
            Keeping::Stream => perform.end_stream(true),
            Keeping::Nothing => {}
        }
        self.forget_string();
    }

    fn cancel_string(&mut self, perform: &mut impl Perform) {
        if self.keeping == Keeping::Stream {
            perform.end_stream(false);
        }
        self.forget_string();
    }

    fn forget_string(&mut self) {
        self.string.clear();
        // One long string shall not hold its memory for the rest of the session.
        self.string.shrink_to(4096);
        self.keeping = Keeping::Head;
        self.state = State::Ground;
    }

    fn enter_escape(&mut self) {
        self.private = 0;
        self.intermediate = 0;
        self.params.clear();
        self.state = State::Escape;
    }

    /// One byte of an escape or control sequence.
    fn sequence(&mut self, perform: &mut impl Perform, byte: u8) {
        if let State::StringEscape(kind) = self.state {
            if byte == b'\\' {
                return self.end_string(perform, kind, "\x1b\\");
            }
            self.cancel_string(perform);
            self.enter_escape();
        }
        match byte {
            0x18 | 0x1a => {
                self.state = State::Ground;
                perform.execute(byte);
            }
            0x1b => self.enter_escape(),
            // Controls inside a sequence act at once (a VT500 does the same).
            0x00..=0x1f => perform.execute(byte),
            // DEL and bytes with the eighth bit have no meaning here.
            0x7f.. => {}
            _ => match self.state {
                State::Escape => self.escape(perform, byte),
                State::EscapeIntermediate | State::EscapeIgnore => self.escape_intermediate(perform, byte),
                _ => self.csi(perform, byte),
            },
        }
    }

    fn escape(&mut self, perform: &mut impl Perform, byte: u8) {
        self.state = match byte {
            b'[' => State::CsiParam,
            b']' => State::String(StringKind::Osc),
            b'P' => State::String(StringKind::Dcs),
            b'_' => State::String(StringKind::Apc),
            b'X' | b'^' => State::String(StringKind::Other),
            0x20..=0x2f => {
                self.intermediate = byte;
                State::EscapeIntermediate
            }
            _ => {
                perform.escape(0, byte);
                State::Ground
            }
        };
    }

    fn escape_intermediate(&mut self, perform: &mut impl Perform, byte: u8) {
        if byte < 0x30 {
            self.state = State::EscapeIgnore;
            return;
        }
        if self.state == State::EscapeIntermediate {
            perform.escape(self.intermediate, byte);
        }
        self.state = State::Ground;
    }

    fn csi(&mut self, perform: &mut impl Perform, byte: u8) {
        match (byte, self.state) {
            (0x40.., State::CsiIgnore) => self.state = State::Ground,
            (0x40.., _) => {
                self.state = State::Ground;
                let Self { private, params, intermediate, .. } = &*self;
                perform.control(&Csi { private: *private, params, intermediate: *intermediate, action: byte });
            }
            (_, State::CsiIgnore) => {}
            (b'0'..=b'9', State::CsiParam) => self.params.digit(byte - b'0'),
            (b';', State::CsiParam) => self.params.separate(false),
            (b':', State::CsiParam) => self.params.separate(true),
            (0x3c..=0x3f, State::CsiParam) if self.private == 0 && self.params.is_empty() => self.private = byte,
            (0x20..=0x2f, State::CsiParam) => {
                self.intermediate = byte;
                self.state = State::CsiIntermediate;
            }
            _ => self.state = State::CsiIgnore,
        }
    }
}

/// Where the next control is: C0, DEL, or a C1 control as UTF-8 writes it.
fn control(bytes: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let rest = bytes.get(from..)?;
        let at = from + rest.iter().position(|byte| *byte < 0x20 || *byte == 0x7f || *byte == 0xc2)?;
        match bytes.get(at..) {
            Some([0xc2, 0x80..0xa0, ..]) => return Some(at),
            Some([0xc2, ..]) => from = at + 1,
            _ => return Some(at),
        }
    }
}

#[cfg(test)]
mod tests;
