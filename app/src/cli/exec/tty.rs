//! The local terminal: raw mode, size, modes, and questions on it.

use std::fs::File;
use std::io::{Read, Write};
use std::sync::Mutex;

use rustix::termios::{
    ControlModes, InputModes, LocalModes, OptionalActions, OutputModes, SpecialCodeIndex, Termios, tcgetattr,
    tcgetwinsize, tcsetattr,
};
use term::ssh::Secret;
use zeroize::Zeroizing;

/// The terminal as it was before this program changed it. One place for the whole process: whatever ends it first, an
/// interrupt in the middle of a password included, has to put it back.
static SAVED: Mutex<Option<(File, Termios)>> = Mutex::new(None);

/// The longest answer that is read.
const LONGEST: usize = 8 * 1024;

/// Puts the terminal back as it was; nothing if it was not changed.
pub(super) fn restore() {
    let saved = SAVED.lock().map(|mut saved| saved.take()).unwrap_or_default();
    if let Some((terminal, termios)) = saved {
        // A terminal that is gone needs nothing put back.
        let _ = tcsetattr(&terminal, OptionalActions::Drain, &termios);
    }
}

/// Opens the terminal that controls this process, which standard input need not be.
pub(super) fn open() -> Option<File> {
    File::options().read(true).write(true).open("/dev/tty").ok()
}

/// Turns echo, line editing and signals off until [`restore`], so that every key reaches the other end.
pub(super) fn enter_raw_mode() -> std::io::Result<()> {
    change(Termios::make_raw)
}

/// The columns, rows, width and height in pixels of standard input's terminal; zeros where it is none.
pub(super) fn size() -> (u32, u32, u32, u32) {
    tcgetwinsize(std::io::stdin()).map_or((0, 0, 0, 0), |size| {
        (size.ws_col.into(), size.ws_row.into(), size.ws_xpixel.into(), size.ws_ypixel.into())
    })
}

/// The modes of standard input's terminal as RFC 4254 section 8 numbers them; empty where it is none.
pub(super) fn modes() -> Vec<(u8, u32)> {
    tcgetattr(std::io::stdin()).map(|termios| encode(&termios)).unwrap_or_default()
}

/// Asks for a line on the terminal, shown while it is typed or not.
pub(super) fn ask(terminal: &mut File, prompt: &str, echo: bool) -> std::io::Result<Secret> {
    if !echo {
        change(|termios| {
            termios.local_modes.remove(LocalModes::ECHO | LocalModes::ECHOE | LocalModes::ECHOK | LocalModes::ECHONL);
        })?;
    }
    let answer = terminal.write_all(prompt.as_bytes()).and_then(|()| read_line(terminal));
    if !echo {
        restore();
        // The line end that was not echoed.
        let _ = terminal.write_all(b"\n");
    }
    answer
}

fn change(change: impl FnOnce(&mut Termios)) -> std::io::Result<()> {
    let terminal = open().ok_or_else(|| std::io::Error::from(std::io::ErrorKind::NotFound))?;
    let before = tcgetattr(&terminal)?;
    let mut after = before.clone();
    change(&mut after);
    if let Ok(mut saved) = SAVED.lock() {
        let _ = saved.get_or_insert((terminal.try_clone()?, before));
    }
    Ok(tcsetattr(&terminal, OptionalActions::Drain, &after)?)
}

/// Byte by byte, so that what follows the line stays for the command.
fn read_line(terminal: &mut File) -> std::io::Result<Secret> {
    let mut line = Zeroizing::new(Vec::with_capacity(LONGEST));
    let mut byte = [0];
    while line.len() < LONGEST {
        match terminal.read(&mut byte)? {
            0 if line.is_empty() => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            0 => break,
            _ if byte == *b"\n" || byte == *b"\r" => break,
            _ => line.extend_from_slice(&byte),
        }
    }
    let text = std::str::from_utf8(&line).map_err(|_| std::io::Error::from(std::io::ErrorKind::InvalidData))?;
    Ok(Secret::new(text.to_owned()))
}

fn encode(termios: &Termios) -> Vec<(u8, u32)> {
    let mut modes = Vec::new();
    for (opcode, index) in [
        (1, SpecialCodeIndex::VINTR),
        (2, SpecialCodeIndex::VQUIT),
        (3, SpecialCodeIndex::VERASE),
        (4, SpecialCodeIndex::VKILL),
        (5, SpecialCodeIndex::VEOF),
        (6, SpecialCodeIndex::VEOL),
        (7, SpecialCodeIndex::VEOL2),
        (8, SpecialCodeIndex::VSTART),
        (9, SpecialCodeIndex::VSTOP),
        (10, SpecialCodeIndex::VSUSP),
        (12, SpecialCodeIndex::VREPRINT),
        (13, SpecialCodeIndex::VWERASE),
        (14, SpecialCodeIndex::VLNEXT),
        (18, SpecialCodeIndex::VDISCARD),
    ] {
        // A character that is switched off is 0 here and 255 there.
        let code = termios.special_codes[index];
        modes.push((opcode, if code == 0 { 255 } else { u32::from(code) }));
    }
    let mut flag = |opcode: u8, set: bool| modes.push((opcode, u32::from(set)));
    let input = |mode| termios.input_modes.contains(mode);
    for (opcode, mode) in (30..).zip([
        InputModes::IGNPAR,
        InputModes::PARMRK,
        InputModes::INPCK,
        InputModes::ISTRIP,
        InputModes::INLCR,
        InputModes::IGNCR,
        InputModes::ICRNL,
    ]) {
        flag(opcode, input(mode));
    }
    for (opcode, mode) in (38..).zip([InputModes::IXON, InputModes::IXANY, InputModes::IXOFF, InputModes::IMAXBEL]) {
        flag(opcode, input(mode));
    }
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    flag(42, input(InputModes::IUTF8));
    let local = |mode| termios.local_modes.contains(mode);
    flag(50, local(LocalModes::ISIG));
    flag(51, local(LocalModes::ICANON));
    for (opcode, mode) in (53..).zip([
        LocalModes::ECHO,
        LocalModes::ECHOE,
        LocalModes::ECHOK,
        LocalModes::ECHONL,
        LocalModes::NOFLSH,
        LocalModes::TOSTOP,
        LocalModes::IEXTEN,
        LocalModes::ECHOCTL,
        LocalModes::ECHOKE,
        LocalModes::PENDIN,
    ]) {
        flag(opcode, local(mode));
    }
    let output = |mode| termios.output_modes.contains(mode);
    flag(70, output(OutputModes::OPOST));
    for (opcode, mode) in (72..).zip([OutputModes::ONLCR, OutputModes::OCRNL, OutputModes::ONOCR, OutputModes::ONLRET])
    {
        flag(opcode, output(mode));
    }
    let size = termios.control_modes & ControlModes::CSIZE;
    flag(90, size == ControlModes::CS7);
    flag(91, size == ControlModes::CS8);
    flag(92, termios.control_modes.contains(ControlModes::PARENB));
    flag(93, termios.control_modes.contains(ControlModes::PARODD));
    modes.push((128, termios.input_speed()));
    modes.push((129, termios.output_speed()));
    modes
}
