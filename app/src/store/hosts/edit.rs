//! Changes to the text of `hosts.toml` that leave alone what they are not about: order, comments, unknown keys.

use toml_edit::{ArrayOfTables, DocumentMut, Item, RawString, Table, Value};

use super::TABLES;
use crate::store::document::{ending_a_line, set};
use crate::store::host::{self, Host};
use crate::store::settings::choice::Choice as _;

/// The beginning of a new file.
pub(super) const HEADER: &str = "\
# The hosts saved in Tetherm. You may edit this file: comments and keys that Tetherm does not know are kept.
#
# [[host]]
# id = \"…\"                             Tetherm's name for this entry; leave it out in one you write yourself
# name = \"web server\"                  what the list and the tab show
# host_name = \"www.example.org\"        a name, an address or an alias of ~/.ssh/config
# user = \"root\"                        the remaining keys may be left out: ~/.ssh/config and the defaults apply then
# port = 2222
# identity_file = [\"~/.ssh/id_web\"]    key files to log in with
# proxy_jump = \"me@bastion\"           hosts to go through, separated by commas
# proxy = \"socks5://me@proxy:1080\"    or http://proxy:3128; its password is asked for and never stands here
# forward_x11 = true                   show its X11 programs on this screen
# x11_trust = \"full\"                   how far they are trusted: \"guarded\" if nothing is said, \"full\", \"untrusted\"
# display = \":0\"                       on this display instead of the one that DISPLAY names
# forward_agent = true                 let its programs use your agent; root there can use it too
# gssapi_authentication = true         log in with a Kerberos ticket
# gssapi_delegate_credentials = true   and hand it on: programs there, and root, can use it as you
# remote_command = \"tmux new -A\"      run instead of the login shell
# session_type = \"none\"               \"default\", \"subsystem\" (named by remote_command) or \"none\": only forwardings
# request_tty = \"yes\"                 a terminal for the command: \"auto\", \"yes\", \"force\" or \"no\"
# legacy_algorithms = true             offer it weak algorithms too (SHA-1, CBC): for servers that have no others
# legacy_jumps = [\"me@bastion\"]        and to these jump hosts on the way
# scheme = \"nord\"                      the colours of its terminals
# clipboard_write = false              whether its programs may write the clipboard without asking
# log_sessions = \"text\"                log its sessions: \"text\", \"recording\" or \"off\"
# log_folder = \"~/logs/web\"            into this folder
# log_name = \"{date}/{time}\"           in files of these names; see the settings for what stands for what

";

/// A deleted host with its place, its comments and its unknown keys.
#[derive(Debug, Clone)]
pub struct Deleted {
    host: Host,
    position: usize,
    table: Table,
    /// The comments in front of what came next, before and after the deletion.
    follower: (String, String),
}

impl Deleted {
    /// The host that was deleted.
    #[must_use]
    pub fn host(&self) -> &Host {
        &self.host
    }
}

/// Changes the table at a position, or adds one at the end.
pub(super) fn save(document: &mut DocumentMut, position: Option<usize>, host: &Host) {
    if let Some(table) = position.and_then(|position| tables(document)?.get_mut(position)) {
        return write(table, host);
    }
    let mut table = Table::new();
    write(&mut table, host);
    adopt_header(document, &mut table);
    if let Some(tables) = tables(document) {
        tables.push(table);
    }
}

/// Takes a table out. What stands above a blank line before it is about the file or the list and stays.
pub(super) fn delete(document: &mut DocumentMut, position: usize, host: Host) -> Option<Deleted> {
    let tables = tables(document)?;
    if position >= tables.len() {
        return None;
    }
    let mut table = tables.remove(position);
    forget_positions(&mut table);
    let own = prefix(&table);
    let kept = own.rfind("\n\n").map_or("", |end| own.get(..end + 1).unwrap_or_default());
    let before = follower(document, position);
    let after = match (kept, position) {
        ("", 0) => before.trim_start_matches('\n').to_owned(),
        ("", _) => before.clone(),
        (kept, _) => format!("{kept}\n{}", before.trim_start_matches('\n')),
    };
    set_follower(document, position, &after);
    Some(Deleted { host, position, table, follower: (before, after) })
}

/// Puts a table back.
pub(super) fn restore(document: &mut DocumentMut, deleted: Deleted) {
    let Deleted { position, mut table, follower: (before, after), .. } = deleted;
    if follower(document, position) == after {
        set_follower(document, position, &before);
    } else {
        adopt_header(document, &mut table);
    }
    if let Some(tables) = tables(document) {
        tables.insert(position.min(tables.len()), table);
    }
}

/// The comments and blank lines in front of the table at a position, or at the end where there is none.
fn follower(document: &mut DocumentMut, position: usize) -> String {
    match tables(document).and_then(|tables| tables.get(position)) {
        Some(table) => prefix(table),
        None => raw(document.trailing()),
    }
}

fn set_follower(document: &mut DocumentMut, position: usize, text: &str) {
    match tables(document).and_then(|tables| tables.get_mut(position)) {
        Some(table) => table.decor_mut().set_prefix(text),
        None => document.set_trailing(text),
    }
}

fn write(table: &mut Table, host: &Host) {
    let text = |text: &String| Value::from(text.as_str());
    set(table, "id", Some(text(&host.id.0)));
    set(table, "name", Some(text(&host.name)));
    set(table, "host_name", Some(text(&host.host_name)));
    set(table, "user", host.user.as_ref().map(text));
    set(table, "port", host.port.map(|port| Value::from(i64::from(port))));
    let files = (!host.identity_file.is_empty()).then(|| host.identity_file.iter().map(String::as_str).collect());
    set(table, "identity_file", files);
    set(table, "proxy_jump", host.proxy_jump.as_ref().map(text));
    set(table, "proxy", host.proxy.as_ref().map(text));
    set(table, "forward_x11", host.forward_x11.map(Value::from));
    set(table, "x11_trust", host.x11_trust.map(|trust| Value::from(host::word(&host::X11_TRUST, trust))));
    set(table, "display", host.display.as_ref().map(text));
    set(table, "forward_agent", host.forward_agent.map(Value::from));
    set(table, "gssapi_authentication", host.gssapi_authentication.map(Value::from));
    set(table, "gssapi_delegate_credentials", host.gssapi_delegate_credentials.map(Value::from));
    set(table, "remote_command", host.remote_command.as_ref().map(text));
    set(table, "session_type", host.session_type.map(|kind| Value::from(host::word(&host::SESSION_TYPES, kind))));
    set(table, "request_tty", host.request_tty.map(|wanted| Value::from(host::word(&host::REQUEST_TTY, wanted))));
    set(table, "legacy_algorithms", host.legacy_algorithms.then(|| Value::from(true)));
    let jumps = (!host.legacy_jumps.is_empty()).then(|| host.legacy_jumps.iter().map(String::as_str).collect());
    set(table, "legacy_jumps", jumps);
    set(table, "scheme", host.scheme.as_ref().map(text));
    set(table, "clipboard_write", host.clipboard_write.map(Value::from));
    set(table, "log_sessions", host.log_sessions.map(|log| Value::from(log.word())));
    set(table, "log_folder", host.log_folder.as_ref().map(text));
    set(table, "log_name", host.log_name.as_ref().map(text));
}

/// The list, made where there is none; a list written as `host = [{…}]` becomes one of `[[host]]`.
fn tables(document: &mut DocumentMut) -> Option<&mut ArrayOfTables> {
    let item = document.entry(TABLES).or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    if !item.is_array_of_tables() {
        *item = Item::ArrayOfTables(std::mem::take(item).into_array_of_tables().ok()?);
    }
    item.as_array_of_tables_mut()
}

/// In a file without tables all comments stand at its end: the first table goes behind them.
fn adopt_header(document: &mut DocumentMut, table: &mut Table) {
    if document.iter().any(|(_, item)| item.is_table() || item.as_array_of_tables().is_some_and(|all| !all.is_empty()))
    {
        return;
    }
    let header = ending_a_line(raw(document.trailing()));
    document.set_trailing("");
    table.decor_mut().set_prefix(header);
}

/// Tables are printed in the order of the places they were read from, which mean nothing in another text.
fn forget_positions(table: &mut Table) {
    table.set_position(None);
    for (_, item) in table.iter_mut() {
        match item {
            Item::Table(table) => forget_positions(table),
            Item::ArrayOfTables(tables) => tables.iter_mut().for_each(forget_positions),
            Item::Value(_) | Item::None => {}
        }
    }
}

fn prefix(table: &Table) -> String {
    table.decor().prefix().map(raw).unwrap_or_default()
}

fn raw(text: &RawString) -> String {
    text.as_str().unwrap_or_default().replace("\r\n", "\n")
}
