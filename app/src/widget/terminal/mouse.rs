//! What the mouse sends (ctlseqs, "Mouse Tracking").

use iced::keyboard::Modifiers;
use term::terminal::{Modes, MouseEncoding, MouseReports, Point};

/// A button of the mouse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Button {
    /// The first.
    Left,
    /// The second.
    Middle,
    /// The third.
    Right,
    /// The eighth.
    Back,
    /// The ninth.
    Forward,
    /// A notch up.
    WheelUp,
    /// A notch down.
    WheelDown,
    /// A notch to the left.
    WheelLeft,
    /// A notch to the right.
    WheelRight,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A button went down, or the wheel turned a notch.
    Press,
    /// A button went up.
    Release,
    /// The pointer moved to another cell.
    Motion,
}

/// A mouse event to report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Report {
    /// What happened.
    pub kind: Kind,
    /// The button; for motion the one that is held.
    pub button: Option<Button>,
    /// The cell under the pointer.
    pub point: Point,
    /// The pixel under the pointer, from the left and from the top of the cells, in physical pixels.
    pub pixel: (u32, u32),
    /// The modifiers held. Shift belongs to the terminal: with it the mouse selects, whatever the program asked for.
    pub modifiers: Modifiers,
}

/// The bytes that report `report`; `None` if the program did not ask for it.
#[must_use]
pub fn encode(report: Report, modes: Modes) -> Option<Vec<u8>> {
    if !is_asked_for(report, modes.mouse) {
        return None;
    }
    let mut code = match report.button {
        None => 3,
        Some(button) => button_code(button),
    };
    if report.kind == Kind::Motion {
        code += 32;
    }
    // X10's mouse knows no modifiers.
    let modifiers = if modes.mouse == MouseReports::Press { 0 } else { modifier_bits(report.modifiers) };
    let (x, y) = (u32::from(report.point.column) + 1, u32::from(report.point.line) + 1);
    match modes.mouse_encoding {
        MouseEncoding::Sgr | MouseEncoding::SgrPixels => {
            let pixels = (report.pixel.0 + 1, report.pixel.1 + 1);
            let (x, y) = if modes.mouse_encoding == MouseEncoding::SgrPixels { pixels } else { (x, y) };
            let end = if report.kind == Kind::Release { 'm' } else { 'M' };
            Some(format!("\x1b[<{};{x};{y}{end}", code + modifiers).into_bytes())
        }
        encoding => {
            // Without SGR a release does not tell which button.
            let code = if report.kind == Kind::Release { 3 } else { code } + modifiers;
            if encoding == MouseEncoding::Urxvt {
                return Some(format!("\x1b[{};{x};{y}M", code + 32).into_bytes());
            }
            let mut bytes = b"\x1b[M".to_vec();
            for value in [code, x, y] {
                push(&mut bytes, value + 32, encoding)?;
            }
            Some(bytes)
        }
    }
}

/// What turning the wheel sends on the alternate screen, where there is no scrollback to look at: arrow keys, if the
/// program did not ask for the mouse (mode 1007). `lines` is positive upwards.
#[must_use]
pub fn wheel_as_arrows(lines: i32, modes: Modes) -> Option<Vec<u8>> {
    if !modes.alternate_screen || !modes.alternate_scroll || modes.mouse != MouseReports::None || lines == 0 {
        return None;
    }
    let arrow: &[u8] = match (lines > 0, modes.application_cursor) {
        (true, true) => b"\x1bOA",
        (true, false) => b"\x1b[A",
        (false, true) => b"\x1bOB",
        (false, false) => b"\x1b[B",
    };
    // One flick of a wheel that counts by pixels shall not send thousands.
    let count = usize::try_from(lines.unsigned_abs().min(100)).unwrap_or(100);
    Some(arrow.repeat(count))
}

/// What gaining or losing the focus sends (mode 1004).
#[must_use]
pub fn focus(focused: bool, modes: Modes) -> Option<&'static [u8]> {
    let bytes: &[u8] = if focused { b"\x1b[I" } else { b"\x1b[O" };
    modes.focus_reports.then_some(bytes)
}

fn is_asked_for(report: Report, reports: MouseReports) -> bool {
    let wheel = report.button.is_some_and(is_wheel);
    match (report.kind, reports) {
        (_, MouseReports::None) => false,
        // A wheel has no release and no motion.
        (Kind::Release | Kind::Motion, _) if wheel => false,
        (Kind::Release | Kind::Motion, MouseReports::Press) => false,
        (Kind::Press | Kind::Release, _) => report.button.is_some(),
        (Kind::Motion, MouseReports::Click) => false,
        (Kind::Motion, MouseReports::Drag) => report.button.is_some(),
        (Kind::Motion, MouseReports::Motion) => true,
    }
}

fn is_wheel(button: Button) -> bool {
    matches!(button, Button::WheelUp | Button::WheelDown | Button::WheelLeft | Button::WheelRight)
}

fn button_code(button: Button) -> u32 {
    match button {
        Button::Left => 0,
        Button::Middle => 1,
        Button::Right => 2,
        Button::WheelUp => 64,
        Button::WheelDown => 65,
        Button::WheelLeft => 66,
        Button::WheelRight => 67,
        Button::Back => 128,
        Button::Forward => 129,
    }
}

fn modifier_bits(modifiers: Modifiers) -> u32 {
    4 * u32::from(modifiers.shift()) + 8 * u32::from(modifiers.alt()) + 16 * u32::from(modifiers.control())
}

/// Appends a value that has 32 added; `None` if the encoding cannot carry it: a wrong place would be worse than none.
fn push(bytes: &mut Vec<u8>, value: u32, encoding: MouseEncoding) -> Option<()> {
    if encoding == MouseEncoding::Utf8 {
        let c = char::from_u32(value).filter(|c| u32::from(*c) < 0x800)?;
        bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    } else {
        bytes.push(u8::try_from(value).ok()?);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn modes(mouse: MouseReports, mouse_encoding: MouseEncoding) -> Modes {
        Modes { mouse, mouse_encoding, ..Modes::default() }
    }

    fn report(kind: Kind, button: Option<Button>, column: u16, line: u16) -> Report {
        Report { kind, button, point: Point { line, column }, pixel: (41, 160), modifiers: Modifiers::NONE }
    }

    #[test]
    fn each_encoding_writes_what_the_manual_says() {
        let press = report(Kind::Press, Some(Button::Left), 4, 9);
        let release = report(Kind::Release, Some(Button::Right), 4, 9);
        let drag = report(Kind::Motion, Some(Button::Left), 4, 9);
        let motion = report(Kind::Motion, None, 4, 9);
        let wheel = report(Kind::Press, Some(Button::WheelDown), 0, 0);
        let back = report(Kind::Press, Some(Button::Back), 0, 0);
        let control = Report { modifiers: Modifiers::CTRL | Modifiers::ALT, ..press };
        let far = report(Kind::Press, Some(Button::Left), 299, 0);
        let table: &[(Report, MouseEncoding, Option<&[u8]>)] = &[
            (press, MouseEncoding::X10, Some(b"\x1b[M %*")),
            (release, MouseEncoding::X10, Some(b"\x1b[M#%*")),
            (drag, MouseEncoding::X10, Some(b"\x1b[M@%*")),
            (motion, MouseEncoding::X10, Some(b"\x1b[MC%*")),
            (wheel, MouseEncoding::X10, Some(b"\x1b[Ma!!")),
            (far, MouseEncoding::X10, None),
            (far, MouseEncoding::Utf8, Some(b"\x1b[M \xc5\x8c!")),
            (press, MouseEncoding::Sgr, Some(b"\x1b[<0;5;10M")),
            (release, MouseEncoding::Sgr, Some(b"\x1b[<2;5;10m")),
            (drag, MouseEncoding::Sgr, Some(b"\x1b[<32;5;10M")),
            (motion, MouseEncoding::Sgr, Some(b"\x1b[<35;5;10M")),
            (wheel, MouseEncoding::Sgr, Some(b"\x1b[<65;1;1M")),
            (back, MouseEncoding::Sgr, Some(b"\x1b[<128;1;1M")),
            (control, MouseEncoding::Sgr, Some(b"\x1b[<24;5;10M")),
            (far, MouseEncoding::Sgr, Some(b"\x1b[<0;300;1M")),
            (press, MouseEncoding::SgrPixels, Some(b"\x1b[<0;42;161M")),
            (release, MouseEncoding::SgrPixels, Some(b"\x1b[<2;42;161m")),
            (press, MouseEncoding::Urxvt, Some(b"\x1b[32;5;10M")),
            (release, MouseEncoding::Urxvt, Some(b"\x1b[35;5;10M")),
            (control, MouseEncoding::Urxvt, Some(b"\x1b[56;5;10M")),
            (far, MouseEncoding::Urxvt, Some(b"\x1b[32;300;1M")),
        ];
        for (report, encoding, expected) in table {
            let bytes = encode(*report, modes(MouseReports::Motion, *encoding));
            assert_eq!(bytes.as_deref(), *expected, "{report:?} {encoding:?}");
        }
    }

    #[test]
    fn only_what_was_asked_for_is_reported() {
        let kinds = [
            report(Kind::Press, Some(Button::Left), 0, 0),
            report(Kind::Release, Some(Button::Left), 0, 0),
            report(Kind::Motion, Some(Button::Left), 0, 0),
            report(Kind::Motion, None, 0, 0),
            report(Kind::Release, Some(Button::WheelUp), 0, 0),
        ];
        let table = [
            (MouseReports::None, [false, false, false, false, false]),
            (MouseReports::Press, [true, false, false, false, false]),
            (MouseReports::Click, [true, true, false, false, false]),
            (MouseReports::Drag, [true, true, true, false, false]),
            (MouseReports::Motion, [true, true, true, true, false]),
        ];
        for (reports, expected) in table {
            let told = kinds.map(|report| encode(report, modes(reports, MouseEncoding::Sgr)).is_some());
            assert_eq!(told, expected, "{reports:?}");
        }
    }

    #[test]
    fn the_oldest_mouse_knows_no_modifiers() {
        let press = report(Kind::Press, Some(Button::Middle), 4, 9);
        let press = Report { modifiers: Modifiers::CTRL, ..press };
        let bytes = encode(press, modes(MouseReports::Press, MouseEncoding::X10));
        assert_eq!(bytes.as_deref(), Some(b"\x1b[M!%*".as_slice()));
    }

    #[test]
    fn the_wheel_is_arrow_keys_only_on_a_screen_without_scrollback() {
        let alternate = Modes { alternate_screen: true, alternate_scroll: true, ..Modes::default() };
        let application = Modes { application_cursor: true, ..alternate };
        let with_mouse = Modes { mouse: MouseReports::Click, ..alternate };
        assert_eq!(wheel_as_arrows(2, alternate).as_deref(), Some(b"\x1b[A\x1b[A".as_slice()));
        assert_eq!(wheel_as_arrows(-1, application).as_deref(), Some(b"\x1bOB".as_slice()));
        assert_eq!(wheel_as_arrows(1, with_mouse), None);
        assert_eq!(wheel_as_arrows(1, Modes { alternate_scroll: true, ..Modes::default() }), None);
        assert_eq!(wheel_as_arrows(1, Modes { alternate_screen: true, ..Modes::default() }), None);
        assert_eq!(wheel_as_arrows(i32::MIN, alternate).map(|bytes| bytes.len()), Some(300));
    }

    #[test]
    fn the_focus_is_told_only_when_asked_for() {
        let asked = Modes { focus_reports: true, ..Modes::default() };
        assert_eq!(focus(true, asked), Some(b"\x1b[I".as_slice()));
        assert_eq!(focus(false, asked), Some(b"\x1b[O".as_slice()));
        assert_eq!(focus(true, Modes::default()), None);
    }
}
