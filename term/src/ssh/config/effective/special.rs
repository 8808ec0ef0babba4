//! The lines of `ssh -G` that follow rules of their own.

use super::{Printer, Source, Values, flag, word};
use crate::ssh::config::Error;
use crate::ssh::config::jump::Jump;
use crate::ssh::config::keyword::Direction;
use crate::ssh::config::settings::Setting;
use crate::ssh::config::value::{self, is_flag, is_none};
use crate::ssh::host::{AddKeysToAgent, ControlPersist, Endpoint, Forward, IpQos, LogLevel, RequestTty, YesNoAsk};

type Printed = Result<Values, Error>;

/// The default identity files; OpenSSH also tries XMSS and DSA keys.
pub(super) const IDENTITY_FILES: &[&str] =
    &["~/.ssh/id_rsa", "~/.ssh/id_ecdsa", "~/.ssh/id_ecdsa_sk", "~/.ssh/id_ed25519", "~/.ssh/id_ed25519_sk"];

fn one(value: impl ToString, setting: Option<&Setting>) -> Printed {
    let source = setting.map_or(Source::Default, |setting| setting.source.clone());
    Ok(vec![(value.to_string(), source)])
}

const NOTHING: Values = Vec::new();

pub(super) fn alias(printer: &Printer<'_>) -> Printed {
    Ok(vec![(printer.host.alias.clone(), Source::Option)])
}

pub(super) fn user(printer: &Printer<'_>) -> Printed {
    one(&printer.host.user, printer.get("User"))
}

/// Without a `HostName` it is the name that was given.
pub(super) fn host_name(printer: &Printer<'_>) -> Printed {
    one(&printer.host.host_name, printer.get("Hostname"))
}

pub(super) fn port(printer: &Printer<'_>) -> Printed {
    one(printer.host.port, printer.get("Port"))
}

/// Jump hosts never pass file descriptors.
pub(super) fn proxy_use_fdpass(printer: &Printer<'_>) -> Printed {
    match (printer.jump(), printer.get("ProxyUseFdpass")) {
        (Some(jump), Some(_)) => one("no", Some(jump)),
        (_, setting) => one(setting.map_or("no", |setting| flag(setting.value())), setting),
    }
}

pub(super) fn tunnel(printer: &Printer<'_>) -> Printed {
    let clear = printer.get("ClearAllForwardings").filter(|_| printer.host.clear_all_forwardings);
    match (clear, printer.get("Tunnel")) {
        (Some(clear), Some(_)) => one("false", Some(clear)),
        (_, setting) => {
            let word = setting.map_or_else(|| "false".to_owned(), |setting| word(setting.value()));
            one(if word == "true" { "point-to-point" } else { &word }, setting)
        }
    }
}

/// There has to be somebody to ask.
pub(super) fn update_host_keys(printer: &Printer<'_>) -> Printed {
    let host = printer.host;
    let nobody = (host.control_persist != ControlPersist::No && host.control_path.is_some())
        || host.remote_command.is_some()
        || host.request_tty == RequestTty::No
        || host.log_level < LogLevel::Info;
    let shown = match host.update_host_keys {
        YesNoAsk::Yes => "true",
        YesNoAsk::Ask if !nobody => "ask",
        YesNoAsk::Ask | YesNoAsk::No => "false",
    };
    one(shown, printer.get("UpdateHostKeys"))
}

pub(super) fn control_path(printer: &Printer<'_>) -> Printed {
    match printer.get("ControlPath").filter(|path| !is_none(path.value())) {
        Some(setting) => one(printer.expanded(setting, setting.value())?, Some(setting)),
        None => Ok(NOTHING),
    }
}

pub(super) fn host_key_alias(printer: &Printer<'_>) -> Printed {
    match (&printer.host.host_key_alias, printer.get("HostKeyAlias")) {
        (Some(alias), setting) => one(alias, setting),
        _ => Ok(NOTHING),
    }
}

pub(super) fn identity_agent(printer: &Printer<'_>) -> Printed {
    match printer.get("IdentityAgent") {
        Some(setting) => one(printer.expanded(setting, setting.value())?, Some(setting)),
        None => Ok(NOTHING),
    }
}

pub(super) fn remote_command(printer: &Printer<'_>) -> Printed {
    match printer.get("RemoteCommand").filter(|command| !is_none(command.value())) {
        Some(setting) => one(printer.expand(setting)?, Some(setting)),
        None => Ok(NOTHING),
    }
}

pub(super) fn log_level(printer: &Printer<'_>) -> Printed {
    let setting = printer.get("LogLevel");
    let level = setting.map_or_else(|| "INFO".to_owned(), |setting| setting.value().to_ascii_uppercase());
    // The first name of a level in log.c.
    let name = match level.as_str() {
        "DEBUG1" => "DEBUG",
        "QUIET" => "SILENT",
        other => other,
    };
    one(name, setting)
}

pub(super) fn dynamic_forward(printer: &Printer<'_>) -> Printed {
    forwards(printer, "DynamicForward", Direction::Dynamic)
}

pub(super) fn local_forward(printer: &Printer<'_>) -> Printed {
    forwards(printer, "LocalForward", Direction::Local)
}

pub(super) fn remote_forward(printer: &Printer<'_>) -> Printed {
    forwards(printer, "RemoteForward", Direction::Remote)
}

fn forwards(printer: &Printer<'_>, keyword: &str, direction: Direction) -> Printed {
    let forwards = printer.resolution.forwards(keyword, direction, &printer.tokens)?;
    let line = |(Forward { listen, target }, setting): (Forward, &Setting)| {
        let shown = match (target, direction) {
            (_, Direction::Dynamic) => endpoint(&listen),
            (Some(target), _) => format!("{} {}", endpoint(&listen), endpoint(&target)),
            // What OpenSSH calls a target that is named by SOCKS.
            (None, _) => format!("{} [socks]:0", endpoint(&listen)),
        };
        (shown, setting.source.clone())
    };
    Ok(forwards.into_iter().map(line).collect())
}

fn endpoint(endpoint: &Endpoint) -> String {
    match endpoint {
        Endpoint::Socket(path) => path.display().to_string(),
        Endpoint::Port { host: None, port } => port.to_string(),
        Endpoint::Port { host: Some(host), port } => format!("[{host}]:{port}"),
    }
}

pub(super) fn canonical_domains(printer: &Printer<'_>) -> Printed {
    let setting = printer.get("CanonicalDomains");
    // A dot that ends a name is not kept.
    let name = |name: &String| name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    let shown = setting.map(|setting| setting.values.iter().map(name).collect::<Vec<_>>().join(" "));
    one(shown.unwrap_or_else(|| "none".to_owned()), setting)
}

pub(super) fn user_known_hosts_file(printer: &Printer<'_>) -> Printed {
    let Some(setting) = printer.get("UserKnownHostsFile") else {
        let files: Vec<_> = printer.host.user_known_hosts_file.iter().map(|file| file.display().to_string()).collect();
        return one(files.join(" "), None);
    };
    if is_none(setting.value()) {
        return one("none", Some(setting));
    }
    let files: Result<Vec<_>, _> = setting.values.iter().map(|file| printer.expanded(setting, file)).collect();
    one(files?.join(" "), Some(setting))
}

/// The first value of each variable.
pub(super) fn set_env(printer: &Printer<'_>) -> Printed {
    let source = printer.get("SetEnv").map_or(Source::Default, |setting| setting.source.clone());
    let line = |(name, value): &(String, String)| (format!("{name}={value}"), source.clone());
    Ok(printer.host.set_env.iter().map(line).collect())
}

pub(super) fn add_keys_to_agent(printer: &Printer<'_>) -> Printed {
    let host = printer.host;
    let shown = match (host.add_keys_to_agent, host.add_keys_to_agent_lifetime) {
        (AddKeysToAgent::Confirm, Some(time)) => format!("confirm {}", time.as_secs()),
        (_, Some(time)) => time.as_secs().to_string(),
        (AddKeysToAgent::No, None) => "false".to_owned(),
        (AddKeysToAgent::Yes, None) => "true".to_owned(),
        (AddKeysToAgent::Ask, None) => "ask".to_owned(),
        (AddKeysToAgent::Confirm, None) => "confirm".to_owned(),
    };
    one(shown, printer.get("AddKeysToAgent"))
}

/// A path is printed even where the first line says no.
pub(super) fn forward_agent(printer: &Printer<'_>) -> Printed {
    let socket = printer.resolution.settings.all("ForwardAgent").find(|setting| !is_flag(setting.value()));
    match (socket, printer.get("ForwardAgent")) {
        (Some(socket), _) => one(printer.expanded(socket, socket.value())?, Some(socket)),
        (None, setting) => one(setting.map_or("no", |setting| flag(setting.value())), setting),
    }
}

pub(super) fn tunnel_device(printer: &Printer<'_>) -> Printed {
    let shown = |device: Option<u32>| device.map_or_else(|| "any".to_owned(), |number| number.to_string());
    let (local, remote) = printer.host.tunnel_device;
    one(format!("{}:{}", shown(local), shown(remote)), printer.get("TunnelDevice"))
}

pub(super) fn permitted_cnames(printer: &Printer<'_>) -> Printed {
    let Some(setting) = printer.get("CanonicalizePermittedCNAMEs").filter(|setting| !is_none(setting.value())) else {
        return one("none", printer.get("CanonicalizePermittedCNAMEs"));
    };
    let rules = setting.values.iter().filter_map(|rule| value::cname(rule).ok());
    let shown: Vec<_> = rules.map(|(sources, targets)| format!("{sources}:{targets}")).collect();
    one(shown.join(" "), Some(setting))
}

pub(super) fn control_persist(printer: &Printer<'_>) -> Printed {
    let shown = match printer.host.control_persist {
        ControlPersist::No => "no".to_owned(),
        ControlPersist::Forever => "yes".to_owned(),
        ControlPersist::For(time) => time.as_secs().to_string(),
    };
    one(shown, printer.get("ControlPersist"))
}

pub(super) fn escape_char(printer: &Printer<'_>) -> Printed {
    let shown = printer.host.escape_char.map_or_else(|| "none".to_owned(), visible);
    one(shown, printer.get("EscapeChar"))
}

/// As vis(3) shows it with `VIS_WHITE`.
fn visible(character: u8) -> String {
    let (high, low) = (character >= 0x80, character & 0x7f);
    let mark = if high { "M" } else { "" };
    match low {
        b' ' | b'\t' | b'\n' => format!("\\{character:03o}"),
        0x7f => format!("\\{mark}^?"),
        control @ ..0x20 => format!("\\{mark}^{}", char::from(control + b'@')),
        b'\\' if !high => "\\\\".to_owned(),
        other if high => format!("\\M-{}", char::from(other)),
        other => char::from(other).to_string(),
    }
}

pub(super) fn ip_qos(printer: &Printer<'_>) -> Printed {
    let IpQos { interactive, bulk } = printer.host.ip_qos;
    one(format!("{} {}", value::service_name(interactive), value::service_name(bulk)), printer.get("IPQoS"))
}

pub(super) fn rekey_limit(printer: &Printer<'_>) -> Printed {
    let limit = printer.host.rekey_limit;
    let seconds = limit.interval.unwrap_or_default().as_secs();
    one(format!("{} {seconds}", limit.bytes.unwrap_or_default()), printer.get("RekeyLimit"))
}

pub(super) fn stream_local_bind_mask(printer: &Printer<'_>) -> Printed {
    one(format!("0{:o}", printer.host.stream_local_bind_mask), printer.get("StreamLocalBindMask"))
}

pub(super) fn proxy_command(printer: &Printer<'_>) -> Printed {
    match printer.get("ProxyCommand").filter(|command| !is_none(command.value())) {
        Some(setting) => one(setting.value(), Some(setting)),
        None => Ok(NOTHING),
    }
}

pub(super) fn proxy_jump(printer: &Printer<'_>) -> Printed {
    let setting = printer.jump();
    match setting.and_then(|setting| Jump::parse(setting.value())) {
        Some(jump) => one(jump, setting),
        None => Ok(NOTHING),
    }
}
