//! Kerberos, by the system's GSSAPI library (RFC 2743, RFC 4462).
//!
//! The library is loaded when a login first asks for it, so that neither building this program nor starting it needs
//! Kerberos, and there is one program for machines with and without. Only Kerberos version 5 is asked for: it is what
//! SSH servers take.

#[cfg(feature = "gssapi")]
mod library;
// With the tests too, so that it goes on being right.
#[cfg(any(test, not(feature = "gssapi")))]
mod without;

use super::Host;
#[cfg(feature = "gssapi")]
use library::Context;
#[cfg(not(feature = "gssapi"))]
use without::Context;

/// The object identifier of Kerberos version 5, 1.2.840.113554.1.2.2, in DER as RFC 4462 section 3.2 wants it.
const KERBEROS: [u8; 11] = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x02];

/// Why Kerberos does not log in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// This program was built without it.
    #[error("Kerberos was left out when this program was built")]
    NotBuilt,
    /// The system has no library for it.
    #[error("Kerberos needs a library that this system does not have ({names})")]
    NoLibrary {
        /// The names that were looked for.
        names: String,
    },
    /// The library says no.
    #[error("Kerberos: {words}")]
    Failed {
        /// What it is about.
        reason: Reason,
        /// The library's words.
        words: String,
    },
    /// The server's library says no.
    #[error("the server says of Kerberos: {words}")]
    Server {
        /// Its words.
        words: String,
    },
    /// The server does not keep to RFC 4462.
    #[error("the server answered for another mechanism than Kerberos")]
    Mechanism,
}

/// What a failure of the library is about, as far as the user can do something about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// There is no ticket.
    NoTicket,
    /// It has expired.
    Expired,
    /// The realm does not know the server.
    Service,
    /// No server of the realm answers, or nobody knows where it is.
    Realm,
    /// Something else.
    Other,
}

/// What is agreed on with whom.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Target {
    /// `host@` and the server's name.
    service: String,
    /// The principal to log in with, of `GSSAPIClientIdentity`; `None` is the default one.
    client: Option<String>,
    /// The ticket is handed on to the server.
    delegate: bool,
}

impl Target {
    fn of(host: &Host) -> Self {
        let name = host.gssapi_server_identity.clone().unwrap_or_else(|| host.host_name.to_lowercase());
        Self {
            service: format!("host@{name}"),
            client: host.gssapi_client_identity.clone(),
            delegate: host.gssapi_delegate_credentials,
        }
    }
}

/// One agreement on a security context.
#[derive(Debug)]
pub(super) struct Exchange {
    /// Absent while a thread works with it.
    context: Option<Context>,
    /// What is to be sent first.
    first: Vec<u8>,
}

/// What is to be sent next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// This, and then the server answers.
    Continue(Vec<u8>),
    /// The last of it, where there is any, with the code that proves who asks to log in; no code where the context cannot
    /// make one.
    Complete { token: Vec<u8>, mic: Option<Vec<u8>> },
}

impl Exchange {
    /// Asks the realm for a ticket for `host`, so that the method is offered only where there is one.
    ///
    /// # Errors
    /// See [`Error`].
    pub(super) async fn begin(host: &Host) -> Result<Self, Error> {
        let target = Target::of(host);
        aside(move || {
            let mut context = Context::new(&target)?;
            let first = context.step(None)?;
            Ok(Self { context: Some(context), first })
        })
        .await
    }

    /// The mechanisms to offer, each in DER.
    pub(super) fn mechanisms() -> Vec<Vec<u8>> {
        vec![KERBEROS.to_vec()]
    }

    /// The server has chosen a mechanism.
    ///
    /// # Errors
    /// [`Error::Mechanism`] where it is none that was offered; else see [`Error`].
    pub(super) async fn chosen(&mut self, mechanism: &[u8], data: Vec<u8>) -> Result<Step, Error> {
        if mechanism != KERBEROS {
            return Err(Error::Mechanism);
        }
        let token = std::mem::take(&mut self.first);
        self.with(move |context| proven(context, token, &data)).await
    }

    /// The server has answered.
    ///
    /// # Errors
    /// See [`Error`].
    pub(super) async fn answered(&mut self, answer: Vec<u8>, data: Vec<u8>) -> Result<Step, Error> {
        self.with(move |context| {
            let token = context.step(Some(&answer))?;
            proven(context, token, &data)
        })
        .await
    }

    /// What the server's last token says of its failure, in the library's words.
    pub(super) async fn explain(&mut self, token: Vec<u8>) -> Error {
        let words = match self.with(move |context| context.step(Some(&token))).await {
            Err(Error::Failed { words, .. }) => words,
            _ => "it does not say what is wrong".to_owned(),
        };
        Error::Server { words }
    }

    async fn with<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut Context) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let mut context = self.context.take().ok_or_else(interrupted)?;
        let (context, result) = aside(move || {
            let result = work(&mut context);
            Ok((context, result))
        })
        .await?;
        self.context = Some(context);
        result
    }
}

/// What to send after `token`, which the library made: the code, once the context is complete.
fn proven(context: &Context, token: Vec<u8>, data: &[u8]) -> Result<Step, Error> {
    if !context.is_complete() {
        return Ok(Step::Continue(token));
    }
    let mic = if context.has_integrity() { Some(context.mic(data)?) } else { None };
    Ok(Step::Complete { token, mic })
}

/// Does `work`, which may wait for servers of the realm, on a thread of its own. One of the runtime's would have to end
/// before the program can.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
    let (answer, answered) = tokio::sync::oneshot::channel();
    let started = std::thread::Builder::new().name("gssapi".to_owned()).spawn(move || {
        // Whoever asked may be gone.
        let _ = answer.send(work());
    });
    let started = started.map_err(|error| Error::Failed { reason: Reason::Other, words: error.to_string() });
    drop(started?);
    answered.await.map_err(|_| interrupted())?
}

fn interrupted() -> Error {
    Error::Failed { reason: Reason::Other, words: "it was interrupted".to_owned() }
}

impl Error {
    /// Whether Kerberos is not in use here. That is no news to whoever can log in otherwise: Debian's ssh_config asks for
    /// Kerberos on every machine.
    pub(super) fn is_absence(&self) -> bool {
        matches!(self, Self::NotBuilt | Self::NoLibrary { .. } | Self::Failed { reason: Reason::NoTicket, .. })
    }

    /// What the user can do about it, one sentence.
    pub(super) fn next_step(&self) -> &'static str {
        match self {
            Self::NotBuilt => "Log in with a key or a password, or build Tetherm with its feature gssapi.",
            Self::NoLibrary { .. } => {
                "Install Kerberos (krb5-user on Debian and Ubuntu, krb5-workstation on Fedora, krb5 on Arch), then run kinit."
            }
            Self::Failed { reason: Reason::NoTicket | Reason::Expired, .. } => {
                "Run kinit to get a ticket, then connect again."
            }
            Self::Failed { reason: Reason::Service, .. } => {
                "Check the host's name: its realm must know it, by this name or by the one of GSSAPIServerIdentity."
            }
            Self::Failed { reason: Reason::Realm, .. } => {
                "Check that this machine is online and that krb5.conf names the realm's servers."
            }
            Self::Failed { reason: Reason::Other, .. } | Self::Mechanism => {
                "Run klist to see your tickets, and kinit for a new one."
            }
            Self::Server { .. } => "Run klist to see your tickets; the server's log tells more.",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn without_the_feature_there_is_never_a_context_and_the_reason_is_told() {
        let target = Target::of(&Host::new("alias", "me", Path::new("/nowhere")));
        let error = without::Context::new(&target).map(drop);
        assert_eq!(error, Err(Error::NotBuilt));
        assert!(Error::NotBuilt.next_step().contains("feature gssapi"));
        let _ = (without::Context::step, without::Context::mic);
        let _ = (without::Context::is_complete, without::Context::has_integrity);
    }

    #[test]
    fn a_target_is_the_hosts_name_unless_an_identity_is_set() {
        let mut host = Host::new("alias", "me", Path::new("/nowhere"));
        host.host_name = "Web1.Example.ORG".to_owned();
        let expected = Target { service: "host@web1.example.org".to_owned(), client: None, delegate: false };
        assert_eq!(Target::of(&host), expected);
        host.gssapi_server_identity = Some("Cluster".to_owned());
        host.gssapi_client_identity = Some("me/admin".to_owned());
        host.gssapi_delegate_credentials = true;
        let client = Some("me/admin".to_owned());
        assert_eq!(Target::of(&host), Target { service: "host@Cluster".to_owned(), client, delegate: true });
    }
}
