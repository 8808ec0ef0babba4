//! A throwaway Kerberos realm: a key distribution centre on loopback, its database, tickets and key tables.

use std::ffi::OsString;
use std::fs;
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::Deadline;
use crate::sshd::{Error, Options, free_port};

/// The realm's name.
const REALM: &str = "TESTBED.EXAMPLE";

/// The server's name in it, for a host that is reached as 127.0.0.1.
const SERVICE: &str = "host/127.0.0.1";

/// A running realm that knows one user and one server. Everything ends with this value.
#[derive(Debug)]
pub struct Realm {
    folder: TempDir,
    port: u16,
    user: String,
    child: Child,
}

impl Realm {
    /// Starts a realm that knows `user` and the host 127.0.0.1.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn start(user: &str) -> Result<Self, Error> {
        let folder = tempfile::Builder::new().prefix("realm-").tempdir()?;
        // Taken by another process meanwhile, the centre ends, and the next one is tried.
        let mut last = None;
        for _ in 0..5 {
            let port = free_port()?;
            configure(folder.path(), port)?;
            if last.is_none() {
                fill(folder.path(), user)?;
            }
            let mut child = serve(folder.path())?;
            let deadline = Deadline::generous();
            let up = deadline.wait_for("the key distribution centre", || {
                let ended = child.try_wait().ok().flatten().is_some();
                let listens = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok();
                (ended || listens).then_some(listens && !ended)
            });
            if up == Ok(true) {
                return Ok(Self { folder, port, user: user.to_owned(), child });
            }
            let _ = child.kill();
            let _ = child.wait();
            last = Some(Error::Failed { program: "krb5kdc", output: read(&folder.path().join("kdc.log")) });
        }
        Err(last.unwrap_or(Error::Failed { program: "krb5kdc", output: String::new() }))
    }

    /// The port of the key distribution centre, on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The server's name in the realm.
    #[must_use]
    pub fn service(&self) -> String {
        format!("{SERVICE}@{REALM}")
    }

    /// Options for a server that takes the realm's tickets.
    #[must_use]
    pub fn server(&self, options: Options) -> Options {
        let path = |name: &str| self.path(name).display().to_string();
        options
            .line("GSSAPIAuthentication yes")
            .line("GSSAPIStrictAcceptorCheck no")
            .own_environment("KRB5_CONFIG", path("krb5.conf"))
            .own_environment("KRB5_KTNAME", path("server.keytab"))
            .own_environment("KRB5RCACHEDIR", path("."))
    }

    /// What a process needs in its environment to be of this realm, with tickets in the cache `cache`.
    #[must_use]
    pub fn environment(&self, cache: &str) -> [(&'static str, OsString); 2] {
        let cache = format!("FILE:{}", self.path(cache).display());
        [("KRB5_CONFIG", self.path("krb5.conf").into()), ("KRB5CCNAME", cache.into())]
    }

    /// Gets the user a ticket, into the cache `cache`, with further arguments of `kinit`.
    ///
    /// # Errors
    /// [`Error::Failed`] where the realm gives none.
    pub fn ticket(&self, cache: &str, arguments: &[&str]) -> Result<(), Error> {
        let mut kinit = Command::new("kinit");
        let _ = kinit.envs(self.environment(cache)).args(arguments);
        let _ = kinit.arg("-k").arg("-t").arg(self.path("user.keytab")).arg(&self.user);
        run("kinit", &mut kinit).map(drop)
    }

    /// Who may log in as the user, one principal a line; until this is called the user alone, by the same name.
    ///
    /// # Errors
    /// [`Error::File`] where the file cannot be written.
    pub fn admit(&self, principals: &str) -> Result<(), Error> {
        write(&self.path("k5login").join(&self.user), principals)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

impl Drop for Realm {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The files that the realm's programs and libraries read. No name service is asked for anything.
fn configure(folder: &Path, port: u16) -> Result<(), Error> {
    let at = folder.display();
    let client = format!(
        "[libdefaults]\n default_realm = {REALM}\n dns_lookup_kdc = false\n dns_lookup_realm = false\n rdns = false\n \
         dns_canonicalize_hostname = false\n forwardable = true\n k5login_directory = {at}/k5login\n \
         plugin_base_dir = {at}\n[realms]\n {REALM} = {{\n  kdc = 127.0.0.1:{port}\n }}\n"
    );
    write(&folder.join("krb5.conf"), &client)?;
    let centre = format!(
        "[kdcdefaults]\n kdc_listen = 127.0.0.1:{port}\n kdc_tcp_listen = 127.0.0.1:{port}\n[realms]\n {REALM} = {{\n  \
         database_name = {at}/principal\n  key_stash_file = {at}/stash\n  acl_file = {at}/acl\n }}\n"
    );
    write(&folder.join("kdc.conf"), &centre)
}

/// Makes the database, with the user and the server in it.
fn fill(folder: &Path, user: &str) -> Result<(), Error> {
    let k5login = folder.join("k5login");
    fs::create_dir(&k5login).map_err(|error| Error::File { path: k5login, error })?;
    let mut create = program("kdb5_util", folder);
    let _ = run("kdb5_util", create.args(["create", "-s", "-P", "master"]))?;
    for (principal, keytab) in [(user, "user.keytab"), (SERVICE, "server.keytab")] {
        let keytab = folder.join(keytab);
        for query in [format!("addprinc -randkey {principal}"), format!("ktadd -k {} {principal}", keytab.display())] {
            let _ = run("kadmin.local", program("kadmin.local", folder).arg("-q").arg(query))?;
        }
    }
    Ok(())
}

fn serve(folder: &Path) -> Result<Child, Error> {
    let path = folder.join("kdc.log");
    let log = fs::File::create(&path).map_err(|error| Error::File { path, error })?;
    let child = program("krb5kdc", folder).arg("-n").stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn();
    child.map_err(|_| Error::Missing { program: "krb5kdc", package: "krb5-kdc" })
}

/// A program of the realm's administrator, which a user's `PATH` does not lead to.
fn program(name: &str, folder: &Path) -> Command {
    let places = ["/usr/sbin", "/usr/local/sbin"];
    let found = places.iter().map(|place| Path::new(place).join(name)).find(|path| path.exists());
    let mut command = Command::new(found.unwrap_or_else(|| name.into()));
    let _ = command.env("KRB5_CONFIG", folder.join("krb5.conf")).env("KRB5_KDC_PROFILE", folder.join("kdc.conf"));
    command
}

fn run(name: &'static str, command: &mut Command) -> Result<String, Error> {
    let package = match name {
        "kinit" => "krb5-user",
        "kadmin.local" => "krb5-admin-server",
        _ => "krb5-kdc",
    };
    let output = command.stdin(Stdio::null()).output().map_err(|_| Error::Missing { program: name, package })?;
    let text = [output.stdout.as_slice(), &output.stderr].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    if output.status.success() { Ok(text) } else { Err(Error::Failed { program: name, output: text }) }
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    fs::write(path, text).map_err(|error| Error::File { path: path.to_owned(), error })
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}
