//! Commands out of the bytes of their strings, and transmissions out of several commands.

use super::Command;
use super::base64::Base64;
use super::data::{self, Data, Failure};

/// The longest list of keys; all of them with the largest numbers take less.
const CONTROL: usize = 1024;

/// Something to do.
#[derive(Debug)]
pub(in crate::terminal) enum Request {
    /// A command without a picture.
    Command(Command),
    /// A command with a picture, perhaps one that cannot be.
    Data(Command, Result<Data, Failure>),
}

/// What of a string is read.
#[derive(Debug, Default)]
enum Part {
    /// The keys so far.
    Control(Vec<u8>),
    /// Data for the transmission under way.
    Data { more: bool },
    /// A command whose data means nothing.
    Command(Command),
    #[default]
    Nothing,
}

#[derive(Debug)]
struct Upload {
    command: Command,
    base64: Base64,
    bytes: Vec<u8>,
    limit: Result<usize, Failure>,
}

/// Reads strings.
#[derive(Debug, Default)]
pub(in crate::terminal) struct Receiver {
    part: Part,
    upload: Option<Upload>,
}

impl Receiver {
    /// A string begins.
    pub(in crate::terminal) fn begin(&mut self) {
        self.part = Part::Control(Vec::new());
    }

    /// The next bytes of it.
    pub(in crate::terminal) fn push(&mut self, data: &[u8]) {
        let Part::Control(control) = &mut self.part else { return self.data(data) };
        let end = data.iter().position(|byte| *byte == b';');
        let (keys, payload) = data.split_at_checked(end.unwrap_or(data.len())).unwrap_or((data, &[]));
        if control.len() + keys.len() > CONTROL {
            self.part = Part::Nothing;
            return;
        }
        control.extend_from_slice(keys);
        if let [b';', payload @ ..] = payload {
            self.control();
            self.data(payload);
        }
    }

    /// The string is complete: what it asks for, if it does.
    pub(in crate::terminal) fn end(&mut self) -> Option<Request> {
        if let Part::Control(_) = self.part {
            self.control();
        }
        match std::mem::take(&mut self.part) {
            Part::Command(command) => Some(Request::Command(command)),
            Part::Data { more } => {
                let upload = self.upload.as_mut()?;
                upload.base64.end(&mut upload.bytes);
                if more { None } else { self.upload.take().map(Upload::finish) }
            }
            Part::Control(_) | Part::Nothing => None,
        }
    }

    /// The string was broken off, and with it what it belonged to.
    pub(in crate::terminal) fn cancel(&mut self) {
        *self = Self::default();
    }

    /// The keys are complete.
    fn control(&mut self) {
        let Part::Control(control) = std::mem::take(&mut self.part) else { return };
        let Some(command) = Command::parse(&control) else {
            self.upload = None;
            return;
        };
        let frame = command.action == b'f';
        let goes_on =
            self.upload.as_ref().is_some_and(|upload| !command.says_action || (frame && upload.command.action == b'f'));
        if goes_on {
            self.part = Part::Data { more: command.more };
            return;
        }
        self.upload = None;
        if matches!(command.action, b't' | b'T' | b'q' | b'f') {
            self.part = Part::Data { more: command.more };
            let limit = data::limit(&command);
            self.upload = Some(Upload { command, base64: Base64::default(), bytes: Vec::new(), limit });
        } else {
            self.part = Part::Command(command);
        }
    }

    fn data(&mut self, data: &[u8]) {
        let (Part::Data { .. }, Some(upload)) = (&self.part, &mut self.upload) else { return };
        if let Ok(limit) = upload.limit
            && !upload.base64.decode(data, &mut upload.bytes, limit)
        {
            upload.limit = Err(Failure::TooLarge);
            upload.bytes = Vec::new();
        }
    }
}

impl Upload {
    fn finish(self) -> Request {
        let Self { command, bytes, limit, .. } = self;
        let (format, size) = (command.format, command.size);
        let data = limit.map(|_| Data { format, compressed: command.compression == b'z', size, bytes });
        Request::Data(command, data)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn send(receiver: &mut Receiver, string: &str) -> Option<Request> {
        receiver.begin();
        string.as_bytes().chunks(3).for_each(|chunk| receiver.push(chunk));
        receiver.end()
    }

    #[test]
    fn a_transmission_may_come_in_parts() {
        let mut receiver = Receiver::default();
        assert!(send(&mut receiver, "a=T,f=24,s=2,v=1,i=5,m=1;AQI").is_none());
        assert!(send(&mut receiver, "m=1;AwQ=").is_none());
        let Some(Request::Data(command, Ok(data))) = send(&mut receiver, "m=0,q=1;BQY") else { panic!("no data") };
        assert_eq!((command.action, command.image), (b'T', 5));
        assert_eq!(data.bytes, [1, 2, 3, 4, 5, 6]);
        // It is over: the next one stands by itself.
        assert!(matches!(send(&mut receiver, "i=1;"), Some(Request::Data(_, Err(Failure::Insufficient)))));
    }

    #[test]
    fn another_command_ends_a_transmission_and_so_does_a_broken_string() {
        let mut receiver = Receiver::default();
        assert!(send(&mut receiver, "f=24,s=1,v=1,m=1;AQID").is_none());
        assert!(matches!(send(&mut receiver, "a=d"), Some(Request::Command(command)) if command.action == b'd'));
        assert!(matches!(send(&mut receiver, "m=0;"), Some(Request::Data(_, Err(_)))));
        assert!(send(&mut receiver, "f=24,s=1,v=1,m=1;AQID").is_none());
        receiver.cancel();
        assert!(matches!(send(&mut receiver, "m=0;"), Some(Request::Data(_, Err(_)))));
    }

    #[test]
    fn what_is_refused_is_not_kept() {
        let mut receiver = Receiver::default();
        let part = "A".repeat(4000);
        for (control, failure) in
            [("f=24,s=1,v=1", Failure::TooLarge), ("f=100,t=f", Failure::NotDirect), ("a=f,o=x", Failure::Format)]
        {
            assert!(send(&mut receiver, &format!("{control},m=1;{part}")).is_none());
            for _ in 0..100 {
                assert!(send(&mut receiver, &format!("m=1;{part}")).is_none());
            }
            assert_eq!(receiver.upload.as_ref().map(|upload| upload.bytes.capacity()), Some(0), "{control}");
            let end = send(&mut receiver, "m=0;");
            assert!(matches!(end, Some(Request::Data(_, Err(error))) if error == failure), "{control}");
        }
        assert!(send(&mut receiver, &"i=1,".repeat(1000)).is_none());
        assert!(send(&mut receiver, "nonsense;AAAA").is_none());
    }
}
