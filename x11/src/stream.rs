//! Follows an X11 connection: where each request of the client begins and each answer of the server.
//!
//! Decides on bytes and does no I/O. What is asked of it is bounded: of a request as much is held back as
//! [`request::HEAD`] says, of an answer no more than its first 32 bytes, unless somebody wants the whole of it.

mod answer;
mod greeting;
mod request;

pub(crate) use answer::{Answer, Answers, Wanted};
pub(crate) use greeting::Greeting;
pub(crate) use request::{Replacement, Request, Requests, Step, Verdict};

/// Why a stream cannot be followed any further.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Error {
    /// A request of length 0 without BIG-REQUESTS, or one whose long form is shorter than itself.
    #[error("a request says that it is shorter than its own header")]
    Length,
    /// An answer that is needed as a whole is larger than any real one.
    #[error("an answer of the display is too long")]
    TooLong,
}
