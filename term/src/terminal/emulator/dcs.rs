//! Device control strings: DECRQSS and XTGETTCAP. What they answer comes out of tables and out of the state, never out of
//! the question.

use std::fmt::Write as _;

use alacritty_terminal::vte::ansi::CursorShape;

use super::super::content;
use super::Emulator;
use super::rectangle::Extent;

/// Capabilities that can be asked for, by their terminfo and termcap names. What a program may rely on is here; keys are
/// not, since they are what terminfo's xterm-256color says.
const CAPABILITIES: [(&str, &str); 13] = [
    ("TN", "xterm-256color"),
    ("name", "xterm-256color"),
    ("Co", "256"),
    ("colors", "256"),
    ("RGB", "8/8/8"),
    ("Su", ""),
    ("Smulx", "\x1b[4:%p1%dm"),
    ("Setulc", "\x1b[58:2::%p1%{65536}%/%d:%p1%{256}%/%{255}%&%d:%p1%{255}%&%d%;m"),
    ("setrgbf", "\x1b[38:2:%p1%d:%p2%d:%p3%dm"),
    ("setrgbb", "\x1b[48:2:%p1%d:%p2%d:%p3%dm"),
    ("Ss", "\x1b[%p1%d q"),
    ("Se", "\x1b[2 q"),
    ("Ms", "\x1b]52;%p1%s;%p2%s\x1b\\"),
];

/// Questions of XTGETTCAP that one string may hold.
const QUESTIONS: usize = 32;

impl Emulator {
    /// Does what the string says; one that is not known is ignored.
    pub(super) fn device_control_string(&mut self, data: &[u8]) {
        match data {
            [b'$', b'q', setting @ ..] => self.report_setting(setting),
            [b'+', b'q', names @ ..] => self.report_capabilities(names),
            [b'1' | b'2', b'$', b't', ..] => self.restore_presentation(data),
            _ => log::debug!("a device control string of {} bytes is not known", data.len()),
        }
    }

    /// DECRQSS.
    fn report_setting(&mut self, setting: &[u8]) {
        let margins = self.margins;
        let value = match setting {
            b"m" => self.rendition(),
            b"r" => format!("{};{}", margins.top + 1, margins.bottom + 1),
            b"s" => format!("{};{}", margins.left + 1, margins.right + 1),
            b"t" | b"*|" => self.size.lines.to_string(),
            b"$|" => self.size.columns.to_string(),
            b" q" => self.cursor_style().to_string(),
            b"\"q" => if self.protects() { "1" } else { "0" }.to_owned(),
            b"\"p" => format!("6{};{}", self.level, if self.eight_bit { 0 } else { 1 }),
            b"*x" => match self.extent {
                Extent::Stream => "0".to_owned(),
                Extent::Rectangle => "2".to_owned(),
            },
            // There is no status line.
            b"$}" | b"$~" => "0".to_owned(),
            _ => return self.reply("\x1bP0$r\x1b\\"),
        };
        let name = String::from_utf8_lossy(setting);
        self.reply(&format!("\x1bP1$r{value}{name}\x1b\\"));
    }

    /// The number of DECSCUSR.
    fn cursor_style(&self) -> u8 {
        let style = self.term.cursor_style();
        let steady = match (style.shape, self.cursor_shape) {
            (CursorShape::Underline, _) => 4,
            (CursorShape::Beam, _) => 6,
            (CursorShape::Block, _) => 2,
            // No program chose one: it is the user's.
            (_, content::CursorShape::Block) => 2,
            (_, content::CursorShape::Underline) => 4,
            (_, content::CursorShape::Beam) => 6,
        };
        steady - u8::from(style.blinking)
    }

    /// XTGETTCAP: names in hexadecimal, separated by semicolons. As xterm does, answers end with the first name that is
    /// not known.
    fn report_capabilities(&mut self, names: &[u8]) {
        for name in names.split(|byte| *byte == b';').take(QUESTIONS) {
            let Some((name, value)) = CAPABILITIES.iter().find(|(known, _)| is_hex_of(name, known)) else {
                return self.reply("\x1bP0+r\x1b\\");
            };
            let mut answer = format!("\x1bP1+r{}", hex(name));
            if !value.is_empty() {
                let _ = write!(answer, "={}", hex(value));
            }
            answer.push_str("\x1b\\");
            self.reply(&answer);
        }
    }
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02X}")).collect()
}

fn is_hex_of(digits: &[u8], name: &str) -> bool {
    digits.eq_ignore_ascii_case(hex(name).as_bytes())
}
