//! What is carried besides sessions.

use std::path::PathBuf;

use super::{Resolution, expand};
use crate::ssh::Host;
use crate::ssh::config::keyword::Direction;
use crate::ssh::config::settings::Setting;
use crate::ssh::config::tokens::Tokens;
use crate::ssh::config::value::{self, is_none};
use crate::ssh::config::{Error, forwarding};
use crate::ssh::host::{Endpoint, Forward, Tunnel};

impl Resolution<'_> {
    pub(super) fn forwarding(&self, host: &mut Host, tokens: &Tokens) -> Result<(), Error> {
        let all = |keyword, direction| -> Result<Vec<Forward>, Error> {
            Ok(self.forwards(keyword, direction, tokens)?.into_iter().map(|(forward, _)| forward).collect())
        };
        host.local_forward = all("LocalForward", Direction::Local)?;
        host.remote_forward = all("RemoteForward", Direction::Remote)?;
        host.dynamic_forward = all("DynamicForward", Direction::Dynamic)?;
        if host.clear_all_forwardings {
            host.tunnel = Tunnel::No;
        }
        if let Some(mask) = self.settings.value("StreamLocalBindMask").and_then(value::mask) {
            host.stream_local_bind_mask = mask;
        }
        if let Some(setting) = self.settings.get("PermitRemoteOpen") {
            let any = setting.value().eq_ignore_ascii_case("any");
            let permitted = setting.values.iter().filter(|value| !is_none(value)).cloned().collect();
            host.permit_remote_open = (!any).then_some(permitted);
        }
        if let Some(setting) = self.settings.get("ChannelTimeout") {
            host.channel_timeout =
                setting.values.iter().filter_map(|timeout| value::channel_timeout(timeout).ok()).collect();
        }
        Ok(())
    }

    /// The forwardings of a keyword, each once, with the setting of each; none where they are all cleared.
    pub(in crate::ssh::config) fn forwards(
        &self,
        keyword: &str,
        direction: Direction,
        tokens: &Tokens,
    ) -> Result<Vec<(Forward, &Setting)>, Error> {
        let mut forwards: Vec<(Forward, Forward, &Setting)> = Vec::new();
        if self.settings.value("ClearAllForwardings").is_some_and(value::is_yes) {
            return Ok(Vec::new());
        }
        for setting in self.settings.all(keyword) {
            let written = forwarding::parse(direction, &setting.values, &self.context.environment)
                .map_err(|message| setting.source.error(message))?;
            // As in OpenSSH, they are compared before tokens are replaced.
            if !forwards.iter().any(|(known, _, _)| *known == written) {
                let endpoint = |endpoint: &Endpoint| expanded(endpoint, setting, tokens);
                let forward = Forward {
                    listen: endpoint(&written.listen)?,
                    target: written.target.as_ref().map(endpoint).transpose()?,
                };
                forwards.push((written, forward, setting));
            }
        }
        Ok(forwards.into_iter().map(|(_, forward, setting)| (forward, setting)).collect())
    }
}

fn expanded(endpoint: &Endpoint, setting: &Setting, tokens: &Tokens) -> Result<Endpoint, Error> {
    match endpoint {
        Endpoint::Socket(path) => {
            Ok(Endpoint::Socket(PathBuf::from(expand(setting, &path.to_string_lossy(), tokens)?)))
        }
        port => Ok(port.clone()),
    }
}
