//! The settings in force where no configuration says otherwise.

use std::path::Path;
use std::time::Duration;

use super::{
    AddKeysToAgent, AddressFamily, Algorithms, ControlMaster, ControlPersist, FingerprintHash, ForwardAgent, Host,
    IdentityAgent, IpQos, LogLevel, PORT, RekeyLimit, RequestTty, SessionType, StrictHostKeyChecking, Tunnel, YesNoAsk,
};

/// Default identity files in `~/.ssh`, in ssh(1)'s order.
const IDENTITY_FILES: [&str; 5] = ["id_rsa", "id_ecdsa", "id_ecdsa_sk", "id_ed25519", "id_ed25519_sk"];

/// Default authentication methods, in ssh(1)'s order, of those that are built here.
const AUTHENTICATIONS: [&str; 3] = ["publickey", "keyboard-interactive", "password"];

impl Host {
    /// A host with the settings that are in force where no configuration says otherwise: ssh_config(5)'s defaults,
    /// for the local user `user` whose home folder is `home`.
    #[must_use]
    pub fn new(alias: &str, user: &str, home: &Path) -> Self {
        let folder = home.join(".ssh");
        Self {
            alias: alias.to_owned(),
            host_name: alias.to_owned(),
            port: PORT,
            user: user.to_owned(),
            host_key_alias: None,
            identity_file: IDENTITY_FILES.iter().map(|name| folder.join(name)).collect(),
            identities_only: false,
            identity_agent: IdentityAgent::Environment,
            preferred_authentications: AUTHENTICATIONS.map(str::to_owned).to_vec(),
            pubkey_authentication: true,
            password_authentication: true,
            kbd_interactive_authentication: true,
            batch_mode: false,
            number_of_password_prompts: 3,
            user_known_hosts_file: vec![folder.join("known_hosts"), folder.join("known_hosts2")],
            global_known_hosts_file: vec!["/etc/ssh/ssh_known_hosts".into(), "/etc/ssh/ssh_known_hosts2".into()],
            strict_host_key_checking: StrictHostKeyChecking::Ask,
            hash_known_hosts: false,
            address_family: AddressFamily::Any,
            connect_timeout: None,
            connection_attempts: 1,
            server_alive_interval: Duration::ZERO,
            server_alive_count_max: 3,
            tcp_keep_alive: true,
            compression: false,
            forward_x11: false,
            // Debian's and Ubuntu's default. Upstream's is "no", which asks for the X server's SECURITY extension.
            forward_x11_trusted: true,
            display: None,
            send_env: Vec::new(),
            set_env: Vec::new(),
            request_tty: RequestTty::Auto,
            log_level: LogLevel::Info,
            escape_char: Some(b'~'),
            remote_command: None,
            proxy_jump: None,
            proxy_command: None,
            proxy_use_fdpass: false,
            bind_address: None,
            bind_interface: None,
            ip_qos: IpQos::DEFAULT,
            ciphers: Algorithms::Default,
            macs: Algorithms::Default,
            kex_algorithms: Algorithms::Default,
            host_key_algorithms: Algorithms::Default,
            pubkey_accepted_algorithms: Algorithms::Default,
            hostbased_accepted_algorithms: Algorithms::Default,
            ca_signature_algorithms: Algorithms::Default,
            required_rsa_size: 1024,
            rekey_limit: RekeyLimit::default(),
            warn_weak_crypto: true,
            check_host_ip: false,
            update_host_keys: YesNoAsk::Yes,
            verify_host_key_dns: YesNoAsk::No,
            no_host_authentication_for_localhost: false,
            visual_host_key: false,
            fingerprint_hash: FingerprintHash::Sha256,
            revoked_host_keys: None,
            known_hosts_command: None,
            certificate_file: Vec::new(),
            add_keys_to_agent: AddKeysToAgent::No,
            add_keys_to_agent_lifetime: None,
            forward_agent: ForwardAgent::No,
            hostbased_authentication: false,
            enable_ssh_keysign: false,
            gssapi_authentication: false,
            gssapi_delegate_credentials: false,
            kbd_interactive_devices: None,
            pkcs11_provider: None,
            security_key_provider: None,
            forward_x11_timeout: Duration::from_secs(20 * 60),
            xauth_location: None,
            local_forward: Vec::new(),
            remote_forward: Vec::new(),
            dynamic_forward: Vec::new(),
            clear_all_forwardings: false,
            exit_on_forward_failure: false,
            gateway_ports: false,
            permit_remote_open: None,
            stream_local_bind_mask: 0o177,
            stream_local_bind_unlink: false,
            channel_timeout: Vec::new(),
            tunnel: Tunnel::No,
            tunnel_device: (None, None),
            session_type: SessionType::Default,
            stdin_null: false,
            fork_after_authentication: false,
            local_command: None,
            permit_local_command: false,
            enable_escape_commandline: false,
            obscure_keystroke_timing: None,
            control_master: ControlMaster::No,
            control_path: None,
            control_persist: ControlPersist::No,
            version_addendum: None,
            tag: None,
        }
    }
}
