//! What only the Secret Service itself tells: whether there is one, who it is, whether it is locked.
//!
//! The interface is freedesktop.org's "Secret Service API" 0.2. A locked collection hides its items, so "no such secret"
//! means nothing before the lock is known.

use std::time::Duration;

use zbus::blocking::{Connection, Proxy, connection::Builder, fdo::DBusProxy};
use zbus::names::BusName;
use zbus::zvariant::{OwnedObjectPath, OwnedValue};

use super::{Error, Status};

const NAME: &str = "org.freedesktop.secrets";
const PATH: &str = "/org/freedesktop/secrets";
const SERVICE: &str = "org.freedesktop.Secret.Service";
const COLLECTION: &str = "org.freedesktop.Secret.Collection";
const PROMPT: &str = "org.freedesktop.Secret.Prompt";

/// A call that takes longer counts as no answer; shorter than what the caller waits, so that this thread is free again.
const PATIENCE: Duration = Duration::from_secs(2);

const NOBODY: &str = "no program offers the Secret Service; GNOME Keyring, KWallet and KeePassXC do";

pub(super) fn status() -> Status {
    let connection = match Builder::session().and_then(|builder| builder.method_timeout(PATIENCE).build()) {
        Ok(connection) => connection,
        Err(error) => {
            log::info!("no keyring: {error}");
            return Status::Absent { reason: "there is no D-Bus session".to_owned() };
        }
    };
    look(&connection).unwrap_or_else(|error| match timed_out(&error) {
        true => Status::Silent,
        false => Status::Absent { reason: error.to_string() },
    })
}

fn timed_out(error: &zbus::Error) -> bool {
    match error {
        zbus::Error::InputOutput(error) => error.kind() == std::io::ErrorKind::TimedOut,
        zbus::Error::FDO(error) => match error.as_ref() {
            zbus::fdo::Error::ZBus(error) => timed_out(error),
            // The bus gives up on starting a program.
            error => matches!(error, zbus::fdo::Error::TimedOut(_) | zbus::fdo::Error::NoReply(_)),
        },
        _ => false,
    }
}

/// Lets the keyring ask the user for its password. Blocks until they have answered.
pub(super) fn unlock() -> Result<(), Error> {
    let Status::Locked { store } = status() else { return Ok(()) };
    let refused = |error: zbus::Error| Error::Refused { message: error.to_string() };
    let connection = Connection::session().map_err(refused)?;
    let collection = default_collection(&connection).map_err(refused)?;
    let service = proxy(&connection, PATH, SERVICE).map_err(refused)?;
    let (_, prompt): (Vec<OwnedObjectPath>, OwnedObjectPath) =
        service.call("Unlock", &(vec![collection],)).map_err(refused)?;
    if prompt.as_str() != "/" {
        wait_for(&connection, &prompt).map_err(refused)?;
    }
    match status() {
        Status::Locked { .. } => Err(Error::Locked { store }),
        _ => Ok(()),
    }
}

fn wait_for(connection: &Connection, prompt: &OwnedObjectPath) -> zbus::Result<()> {
    let prompt = proxy(connection, prompt.as_str(), PROMPT)?;
    let mut completed = prompt.receive_signal("Completed")?;
    let () = prompt.call("Prompt", &"")?;
    // What it says (dismissed or not, and which objects) the lock's state says too.
    let _: Option<(bool, OwnedValue)> = completed.next().and_then(|signal| signal.body().deserialize().ok());
    Ok(())
}

fn look(connection: &Connection) -> zbus::Result<Status> {
    let bus = DBusProxy::new(connection)?;
    let name = BusName::try_from(NAME)?;
    if !bus.name_has_owner(name.clone())? {
        if !bus.list_activatable_names()?.iter().any(|other| other.as_str() == NAME) {
            return Ok(Status::Absent { reason: NOBODY.to_owned() });
        }
        let _ = bus.start_service_by_name(NAME.try_into()?, 0)?;
    }
    let store = bus.get_connection_unix_process_id(name).map_or_else(|_| product(""), |pid| product(&program(pid)));
    let collection = default_collection(connection)?;
    if collection.as_str() == "/" {
        let reason = format!("{store} has no default keyring yet; make one in its own window");
        return Ok(Status::Absent { reason });
    }
    let locked: bool = proxy(connection, collection.as_str(), COLLECTION)?.get_property("Locked")?;
    Ok(if locked { Status::Locked { store } } else { Status::Available { store } })
}

fn default_collection(connection: &Connection) -> zbus::Result<OwnedObjectPath> {
    proxy(connection, PATH, SERVICE)?.call("ReadAlias", &"default")
}

/// Without a cache: each question is asked once, and the answer must be today's.
fn proxy<'a>(connection: &Connection, path: &'a str, interface: &'a str) -> zbus::Result<Proxy<'a>> {
    zbus::blocking::proxy::Builder::new(connection)
        .destination(NAME)?
        .path(path)?
        .interface(interface)?
        .cache_properties(zbus::proxy::CacheProperties::No)
        .build()
}

/// The program's name as Linux cuts it, to 15 bytes.
fn program(pid: u32) -> String {
    std::fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default().trim().to_owned()
}

fn product(program: &str) -> String {
    match program {
        "gnome-keyring-d" => "GNOME Keyring",
        "ksecretd" | "kwalletd5" | "kwalletd6" => "KDE Wallet",
        "keepassxc" => "KeePassXC",
        _ => "the desktop's keyring",
    }
    .to_owned()
}
