//! What is asked of a new session channel.

use russh::Pty as Mode;

use super::{Channel, Error, Program, Pty, Request};
use crate::ssh::Events;
use crate::ssh::connection::Event;

/// A request whose answer is waited for.
enum Asked {
    Agent,
    X11,
    Pty,
    Program,
}

impl Channel {
    /// Asks for everything at once, in OpenSSH's order, and then takes the answers, which come in the same order: one
    /// round trip instead of one for each request.
    pub(in crate::ssh) async fn request(&mut self, request: Request, events: &Events) -> Result<(), Error> {
        let mut asked = Vec::new();
        if let Some(bridge) = &request.x11 {
            self.request_x11(bridge).await?;
            asked.push(Asked::X11);
        }
        if request.agent {
            self.writer.while_open(self.writer.half.agent_forward(true)).await?;
            asked.push(Asked::Agent);
        }
        if let Some(pty) = &request.pty {
            self.request_pty(pty).await?;
            asked.push(Asked::Pty);
        }
        for (name, value) in request.environment {
            // Like OpenSSH without asking for an answer: servers refuse most variables, and nothing depends on it.
            self.writer.while_open(self.writer.half.set_env(false, name, value)).await?;
        }
        self.request_program(&request.program).await?;
        asked.push(Asked::Program);
        for asked in asked {
            let granted = self.reply().await.ok_or(Error::ChannelClosed)?;
            if !granted {
                self.refused(&asked, &request.program, events).await?;
            }
        }
        Ok(())
    }

    async fn request_x11(&self, bridge: &x11::Bridge) -> Result<(), Error> {
        let half = &self.writer.half;
        let (cookie, screen) = (bridge.cookie().to_hex(), bridge.display().screen());
        self.writer.while_open(half.request_x11(true, false, x11::cookie::PROTOCOL, cookie, screen)).await
    }

    async fn request_pty(&self, pty: &Pty) -> Result<(), Error> {
        let modes: Vec<(Mode, u32)> =
            pty.modes.iter().filter_map(|(code, value)| Some((Mode::from_u8(*code)?, *value))).collect();
        let Pty { term, columns, rows, width, height, .. } = pty;
        let half = &self.writer.half;
        self.writer.while_open(half.request_pty(true, term, *columns, *rows, *width, *height, &modes)).await
    }

    async fn request_program(&self, program: &Program) -> Result<(), Error> {
        let half = &self.writer.half;
        match program {
            Program::Shell => self.writer.while_open(half.request_shell(true)).await,
            Program::Exec(command) => self.writer.while_open(half.exec(true, command.as_bytes())).await,
            Program::Subsystem(name) => self.writer.while_open(half.request_subsystem(true, name)).await,
        }
    }

    async fn refused(&self, asked: &Asked, program: &Program, events: &Events) -> Result<(), Error> {
        let what = match (asked, program) {
            (Asked::Agent, _) => {
                let text = "The server refused agent forwarding: your agent cannot be used from there. Its \
                            administrator can allow it with AllowAgentForwarding yes.";
                // Nobody to tell is no reason to lose the shell.
                let _ = events.send(Event::Remark(text.to_owned())).await;
                return Ok(());
            }
            (Asked::X11, _) => {
                let text = "The server refused X11 forwarding: remote programs cannot show windows here. Its \
                            administrator can allow it with X11Forwarding yes and must install xauth there.";
                // Nobody to tell is no reason to lose the shell.
                let _ = events.send(Event::Notice(text.to_owned())).await;
                return Ok(());
            }
            (Asked::Pty, _) => "a terminal".to_owned(),
            (Asked::Program, Program::Shell) => "a shell".to_owned(),
            (Asked::Program, Program::Exec(command)) => format!("the command '{command}'"),
            (Asked::Program, Program::Subsystem(name)) => format!("the subsystem '{name}'"),
        };
        Err(Error::RequestRefused { host: self.host.clone(), what })
    }
}
