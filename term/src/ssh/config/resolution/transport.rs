//! How the server is reached and what protects the way: addresses, algorithms, limits.

use super::Resolution;
use crate::ssh::Host;
use crate::ssh::config::value;
use crate::ssh::host::{Algorithms, ControlMaster, IpQos, RekeyLimit, Tunnel};

impl Resolution<'_> {
    pub(super) fn transport(&self, host: &mut Host) {
        let text = |keyword: &str| self.settings.value(keyword).map(str::to_owned);
        host.bind_address = text("BindAddress");
        host.bind_interface = text("BindInterface");
        for (keyword, field) in [
            ("Ciphers", &mut host.ciphers),
            ("MACs", &mut host.macs),
            ("KexAlgorithms", &mut host.kex_algorithms),
            ("HostKeyAlgorithms", &mut host.host_key_algorithms),
            ("PubkeyAcceptedAlgorithms", &mut host.pubkey_accepted_algorithms),
            ("HostbasedAcceptedAlgorithms", &mut host.hostbased_accepted_algorithms),
            ("CASignatureAlgorithms", &mut host.ca_signature_algorithms),
        ] {
            *field = Algorithms::parse(self.settings.value(keyword).unwrap_or_default());
        }
        if let Some(setting) = self.settings.get("IPQoS") {
            host.ip_qos = ip_qos(&setting.values);
        }
        host.rekey_limit = self.rekey_limit();
        self.sharing(host);
        self.tunnel(host);
    }

    /// Bytes and time are set apart: the first line that names one of them counts.
    pub(in crate::ssh::config) fn rekey_limit(&self) -> RekeyLimit {
        let mut limits = self.settings.all("RekeyLimit").filter_map(|setting| value::rekey(&setting.values).ok());
        let Some((bytes, mut interval)) = limits.next() else { return RekeyLimit::default() };
        for (_, later) in limits {
            interval = interval.or(later);
        }
        RekeyLimit {
            bytes: Some(bytes).filter(|bytes| *bytes > 0),
            interval: interval.filter(|interval| !interval.is_zero()),
        }
    }

    fn sharing(&self, host: &mut Host) {
        if let Some(word) = self.settings.value("ControlMaster").map(str::to_ascii_lowercase) {
            host.control_master = match word.as_str() {
                "yes" | "true" => ControlMaster::Yes,
                "ask" => ControlMaster::Ask,
                "auto" => ControlMaster::Auto,
                "autoask" => ControlMaster::AutoAsk,
                _ => ControlMaster::No,
            };
        }
        if let Some(persist) = self.settings.value("ControlPersist").and_then(value::persist) {
            host.control_persist = persist;
        }
    }

    fn tunnel(&self, host: &mut Host) {
        if let Some(word) = self.settings.value("Tunnel").map(str::to_ascii_lowercase) {
            host.tunnel = match word.as_str() {
                "ethernet" => Tunnel::Ethernet,
                "no" | "false" => Tunnel::No,
                _ => Tunnel::PointToPoint,
            };
        }
        if let Some(device) = self.settings.value("TunnelDevice").and_then(value::tunnel_device) {
            host.tunnel_device = device;
        }
    }
}

/// The second type of service is the first where it is not named.
fn ip_qos(values: &[String]) -> IpQos {
    let mut services = values.iter().map(|value| value::service(value).ok().flatten());
    let interactive = services.next().flatten();
    IpQos { interactive, bulk: services.next().unwrap_or(interactive) }
}
