//! From settings to the host that they describe.

mod forwarding;
mod keys;
mod transport;

use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;

use super::context::Context;
use super::settings::{Setting, Settings};
use super::tokens::{Remote, Tokens};
use super::value::is_none;
use super::{Error, jump, value};
use crate::ssh::Host;
use crate::ssh::destination;
use crate::ssh::host::{AddressFamily, IdentityAgent, LogLevel, PORT, RequestTty, SessionType, StrictHostKeyChecking};

/// What is looked up and connected to: `HostName` with its tokens replaced, names in lower case, addresses in their
/// usual form.
pub(super) fn host_name(original: &str, settings: &Settings) -> Result<String, Error> {
    let name = match settings.get("Hostname") {
        Some(setting) => expand(setting, setting.value(), &Tokens::host(original))?,
        None => original.to_owned(),
    };
    let family = settings.value("AddressFamily").map(str::to_ascii_lowercase);
    Ok(match IpAddr::from_str(&name) {
        // An address of the other family is left as it is, and fails when it is connected to.
        Ok(address) if family.as_deref() == Some(if address.is_ipv4() { "inet6" } else { "inet" }) => name,
        Ok(address) => address.to_string(),
        Err(_) if destination::is_ipv6(&name) => name,
        Err(_) => name.to_lowercase(),
    })
}

/// Builds a host from the settings in force.
pub(super) struct Resolution<'a> {
    pub(super) context: &'a Context,
    pub(super) settings: &'a Settings,
    pub(super) original: &'a str,
    pub(super) host_name: String,
}

impl Resolution<'_> {
    pub(super) fn host(&self) -> Result<Host, Error> {
        let settings = self.settings;
        let user = settings.value("User").unwrap_or(&self.context.user).to_owned();
        let mut host = Host::new(self.original, &user, &self.context.home);
        host.host_name.clone_from(&self.host_name);
        host.port = settings.value("Port").and_then(|port| port.parse().ok()).unwrap_or(PORT);
        host.host_key_alias = settings.value("HostKeyAlias").map(str::to_lowercase);
        self.flags(&mut host);
        self.numbers(&mut host)?;
        self.words(&mut host);
        self.console(&mut host);
        self.transport(&mut host);
        self.host_keys(&mut host);
        let tokens = self.tokens(&host);
        self.files(&mut host, &tokens)?;
        self.keys(&mut host, &tokens)?;
        self.forwarding(&mut host, &tokens)?;
        self.commands(&mut host, &tokens)?;
        Ok(host)
    }

    fn flags(&self, host: &mut Host) {
        for (keyword, field) in [
            ("IdentitiesOnly", &mut host.identities_only),
            ("PasswordAuthentication", &mut host.password_authentication),
            ("KbdInteractiveAuthentication", &mut host.kbd_interactive_authentication),
            ("BatchMode", &mut host.batch_mode),
            ("HashKnownHosts", &mut host.hash_known_hosts),
            ("TCPKeepAlive", &mut host.tcp_keep_alive),
            ("Compression", &mut host.compression),
            ("ForwardX11", &mut host.forward_x11),
            ("ForwardX11Trusted", &mut host.forward_x11_trusted),
            ("CheckHostIP", &mut host.check_host_ip),
            ("ClearAllForwardings", &mut host.clear_all_forwardings),
            ("EnableEscapeCommandline", &mut host.enable_escape_commandline),
            ("EnableSSHKeysign", &mut host.enable_ssh_keysign),
            ("ExitOnForwardFailure", &mut host.exit_on_forward_failure),
            ("ForkAfterAuthentication", &mut host.fork_after_authentication),
            ("GatewayPorts", &mut host.gateway_ports),
            ("GSSAPIAuthentication", &mut host.gssapi_authentication),
            ("GSSAPIDelegateCredentials", &mut host.gssapi_delegate_credentials),
            ("HostbasedAuthentication", &mut host.hostbased_authentication),
            ("NoHostAuthenticationForLocalhost", &mut host.no_host_authentication_for_localhost),
            ("PermitLocalCommand", &mut host.permit_local_command),
            ("ProxyUseFdpass", &mut host.proxy_use_fdpass),
            ("StdinNull", &mut host.stdin_null),
            ("StreamLocalBindUnlink", &mut host.stream_local_bind_unlink),
            ("VisualHostKey", &mut host.visual_host_key),
            ("WarnWeakCrypto", &mut host.warn_weak_crypto),
        ] {
            if let Some(value) = self.settings.value(keyword) {
                *field = value::is_yes(value);
            }
        }
        if let Some(value) = self.settings.value("PubkeyAuthentication") {
            // "unbound" and "host-bound" say how, not whether.
            host.pubkey_authentication = !matches!(value.to_ascii_lowercase().as_str(), "no" | "false");
        }
    }

    fn numbers(&self, host: &mut Host) -> Result<(), Error> {
        let number = |keyword: &str| self.settings.value(keyword).and_then(|value| value::integer(value).ok());
        let time = |keyword: &str| self.settings.value(keyword).and_then(|value| value::time(value).ok()).flatten();
        host.number_of_password_prompts = number("NumberOfPasswordPrompts").unwrap_or(host.number_of_password_prompts);
        host.server_alive_count_max = number("ServerAliveCountMax").unwrap_or(host.server_alive_count_max);
        host.server_alive_interval = time("ServerAliveInterval").unwrap_or(host.server_alive_interval);
        host.required_rsa_size = number("RequiredRSASize").unwrap_or(host.required_rsa_size);
        host.forward_x11_timeout = time("ForwardX11Timeout").unwrap_or(host.forward_x11_timeout);
        host.connect_timeout = time("ConnectTimeout").filter(|timeout| !timeout.is_zero());
        host.connection_attempts = number("ConnectionAttempts").unwrap_or(host.connection_attempts);
        match self.settings.get("ConnectionAttempts") {
            Some(setting) if host.connection_attempts == 0 => {
                Err(setting.source.error("Invalid number of ConnectionAttempts; it has to be 1 or more".to_owned()))
            }
            _ => Ok(()),
        }
    }

    /// What only a program on a terminal has a use for.
    fn console(&self, host: &mut Host) {
        if let Some(word) = self.settings.value("LogLevel").map(str::to_ascii_lowercase) {
            host.log_level = match word.as_str() {
                "silent" | "quiet" => LogLevel::Quiet,
                "fatal" | "error" => LogLevel::Error,
                "verbose" | "debug" | "debug1" => LogLevel::Debug,
                "debug2" | "debug3" => LogLevel::Trace,
                _ => LogLevel::Info,
            };
        }
        if let Some(character) = self.settings.value("EscapeChar") {
            // As in misc.c: a character, or a control character as ^ and its letter.
            host.escape_char = match character.as_bytes() {
                [character] => Some(*character),
                [b'^', letter] => Some(letter & 0x1f),
                _ => None,
            };
        }
        if let Some(setting) = self.settings.get("ObscureKeystrokeTiming") {
            host.obscure_keystroke_timing = value::obscure(&setting.values).ok().flatten();
        }
        if let Some(word) = self.settings.value("SessionType").map(str::to_ascii_lowercase) {
            host.session_type = match word.as_str() {
                "none" => SessionType::None,
                "subsystem" => SessionType::Subsystem,
                _ => SessionType::Default,
            };
        }
    }

    fn words(&self, host: &mut Host) {
        let word = |keyword: &str| self.settings.value(keyword).map(str::to_ascii_lowercase);
        if let Some(word) = word("AddressFamily") {
            host.address_family = match word.as_str() {
                "inet" => AddressFamily::Inet,
                "inet6" => AddressFamily::Inet6,
                _ => AddressFamily::Any,
            };
        }
        if let Some(word) = word("StrictHostKeyChecking") {
            host.strict_host_key_checking = match word.as_str() {
                "yes" | "true" => StrictHostKeyChecking::Yes,
                "no" | "false" | "off" => StrictHostKeyChecking::No,
                "accept-new" => StrictHostKeyChecking::AcceptNew,
                _ => StrictHostKeyChecking::Ask,
            };
        }
        if let Some(word) = word("RequestTTY") {
            host.request_tty = match word.as_str() {
                "yes" | "true" => RequestTty::Yes,
                "no" | "false" => RequestTty::No,
                "force" => RequestTty::Force,
                _ => RequestTty::Auto,
            };
        }
        if let Some(list) = self.settings.value("PreferredAuthentications") {
            host.preferred_authentications = list.split(',').map(str::to_owned).collect();
        }
        for setting in self.settings.all("SendEnv") {
            if !host.send_env.iter().any(|known| known == setting.value()) {
                host.send_env.push(setting.value().to_owned());
            }
        }
        for assignment in self.settings.get("SetEnv").iter().flat_map(|setting| &setting.values) {
            let (name, value) = assignment.split_once('=').unwrap_or((assignment, ""));
            if !host.set_env.iter().any(|(known, _)| known == name) {
                host.set_env.push((name.to_owned(), value.to_owned()));
            }
        }
    }

    fn files(&self, host: &mut Host, tokens: &Tokens) -> Result<(), Error> {
        if self.settings.get("IdentityFile").is_some() {
            host.identity_file = self
                .settings
                .all("IdentityFile")
                .filter(|setting| !is_none(setting.value()))
                .map(|setting| self.path(setting, setting.value(), Some(tokens)))
                .collect::<Result<_, _>>()?;
        }
        if let Some(setting) = self.settings.get("UserKnownHostsFile") {
            host.user_known_hosts_file = self.paths(setting, Some(tokens))?;
        }
        if let Some(setting) = self.settings.get("GlobalKnownHostsFile") {
            host.global_known_hosts_file = self.paths(setting, None)?;
        }
        if let Some(setting) = self.settings.get("IdentityAgent") {
            host.identity_agent = self.agent(setting, tokens)?;
        }
        Ok(())
    }

    /// What a value names that is the name of an environment variable after `$`; `Some(None)` where it is not set.
    fn variable(&self, value: &str) -> Option<Option<PathBuf>> {
        let name = value.strip_prefix('$').filter(|name| !name.starts_with('{'))?;
        Some(self.context.environment.get(name).map(PathBuf::from))
    }

    fn agent(&self, setting: &Setting, tokens: &Tokens) -> Result<IdentityAgent, Error> {
        let value = setting.value();
        Ok(match self.variable(value) {
            Some(path) => path.map_or(IdentityAgent::None, IdentityAgent::Socket),
            // Unlike elsewhere, ssh(1) takes this "none" in lower case only.
            None if value == "none" => IdentityAgent::None,
            None if value == "SSH_AUTH_SOCK" => IdentityAgent::Environment,
            None => IdentityAgent::Socket(self.path(setting, value, Some(tokens))?),
        })
    }

    fn commands(&self, host: &mut Host, tokens: &Tokens) -> Result<(), Error> {
        let written = |keyword| self.some(keyword).map(|setting| setting.value().to_owned());
        host.remote_command =
            self.some("RemoteCommand").map(|setting| expand(setting, setting.value(), tokens)).transpose()?;
        host.proxy_jump = written("ProxyJump").map(|jump| jump::trim(&jump).to_owned());
        host.proxy_command = written("ProxyCommand");
        host.local_command = written("LocalCommand");
        host.known_hosts_command = written("KnownHostsCommand");
        host.version_addendum = written("VersionAddendum");
        host.tag = self.settings.value("Tag").map(str::to_owned);
        host.control_path =
            self.some("ControlPath").map(|setting| self.path(setting, setting.value(), Some(tokens))).transpose()?;
        Ok(())
    }

    /// What is set for a keyword and not taken back by `none`.
    fn some(&self, keyword: &str) -> Option<&Setting> {
        self.settings.get(keyword).filter(|setting| !is_none(setting.value()))
    }

    fn paths(&self, setting: &Setting, tokens: Option<&Tokens>) -> Result<Vec<PathBuf>, Error> {
        let named = setting.values.iter().filter(|path| !is_none(path));
        named.map(|path| self.path(setting, path, tokens)).collect()
    }

    /// The absolute path that a value means.
    fn path(&self, setting: &Setting, text: &str, tokens: Option<&Tokens>) -> Result<PathBuf, Error> {
        let text = match tokens {
            Some(tokens) => self.expanded(setting, text, tokens)?,
            None => text.to_owned(),
        };
        Ok(self.context.working_folder.join(text))
    }

    /// A path with its `~`, tokens and variables replaced. As in ssh(1), `~` counts before tokens are replaced.
    pub(super) fn expanded(&self, setting: &Setting, text: &str, tokens: &Tokens) -> Result<String, Error> {
        let fail = |message| setting.source.error(message);
        let tilde = self.context.expand_tilde(text).map_err(fail)?;
        tokens.expand(&tilde.to_string_lossy(), Some(&self.context.environment)).map_err(fail)
    }

    pub(super) fn tokens(&self, host: &Host) -> Tokens {
        let jump = self.settings.value("ProxyJump").filter(|jump| !is_none(jump));
        Tokens::both(
            self.context,
            Remote {
                original: self.original,
                host: &host.host_name,
                key_alias: host.host_key_alias.as_deref().unwrap_or(self.original),
                port: host.port,
                user: &host.user,
                jump: jump.unwrap_or_default(),
            },
        )
    }
}

pub(super) fn expand(setting: &Setting, text: &str, tokens: &Tokens) -> Result<String, Error> {
    tokens.expand(text, None).map_err(|message| setting.source.error(message))
}
