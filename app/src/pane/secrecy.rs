//! Whether a remote program seems to ask for a secret.
//!
//! What is typed in one pane may go to several (see `window::broadcast`), and a password must not. The remote terminal
//! turns its echo off for one, which SSH does not tell, so the line that the cursor stands on is looked at: whoever asks
//! says what for. It is a guess on the safe side: the user sees what is held back and may send it all the same.

use std::sync::atomic::{AtomicU8, Ordering};

/// Words for what is secret, in lower case: English first, then as sudo, su and ssh say it in other languages.
const WORDS: &[&str] = &[
    "password",
    "passphrase",
    "passcode",
    "passwd",
    "verification code",
    "one-time",
    "otp",
    "pin for",
    "user pin",
    "secret",
    "passwort",
    "kennwort",
    "mot de passe",
    "phrase de passe",
    "contraseña",
    "contrasenya",
    "senha",
    "palavra-passe",
    "parola",
    "password di",
    "wachtwoord",
    "lösenord",
    "adgangskode",
    "passord",
    "salasana",
    "hasło",
    "heslo",
    "geslo",
    "lozinka",
    "jelszó",
    "şifre",
    "пароль",
    "лозинка",
    "κωδικός",
    "סיסמה",
    "كلمة المرور",
    "密码",
    "密碼",
    "口令",
    "パスワード",
    "パスフレーズ",
    "암호",
    "비밀번호",
    "mật khẩu",
    "sandi",
];

/// Whether a terminal that gets what is typed elsewhere has begun or ceased to ask for a secret.
#[derive(Debug, Default)]
pub struct Watch(AtomicU8);

impl Watch {
    const OFF: u8 = 0;
    const OPEN: u8 = 1;
    const ASKS: u8 = 2;

    /// Begins at what is known, or ends.
    pub fn set(&self, asks: Option<bool>) {
        let state = asks.map_or(Self::OFF, |asks| if asks { Self::ASKS } else { Self::OPEN });
        self.0.store(state, Ordering::Relaxed);
    }

    /// Whether that has changed since it was last told, and the user has to see it.
    pub fn notices(&self, line: impl FnOnce() -> String) -> bool {
        let before = self.0.load(Ordering::Relaxed);
        if before == Self::OFF {
            return false;
        }
        let now = if asks(&line()) { Self::ASKS } else { Self::OPEN };
        // It may have been told to end meanwhile.
        now != before && self.0.compare_exchange(before, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}

/// Longest part of a line that is looked at, in characters from its end.
const REACH: usize = 300;

/// Whether a program that wrote `line`, and left the cursor behind it, asks for a secret.
#[must_use]
pub fn asks(line: &str) -> bool {
    // Some echo a star for each character (sudo's pwfeedback).
    let line = line.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '•' | '_'));
    if !line.ends_with([':', '：', '?', '؟']) {
        return false;
    }
    let start = line.char_indices().rev().nth(REACH).map_or(0, |(index, _)| index);
    let line = line.get(start..).unwrap_or(line).to_lowercase();
    line.contains("[sudo]") || WORDS.iter().any(|word| line.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_asks_for_a_secret_is_noticed() {
        let asking = [
            "Password: ",
            "[sudo] password for ada: ",
            "[sudo] password for ada: ****",
            "[sudo] Passwort für ada: ",
            "[sudo] Mot de passe de ada : ",
            "[sudo] contraseña para ada: ",
            "[sudo] ada のパスワード: ",
            "[sudo] ada 的密码：",
            "[sudo] пароль для ada: ",
            "ada@example.org's password: ",
            "Enter passphrase for key '/home/ada/.ssh/id_ed25519': ",
            "Enter PIN for 'Token': ",
            "Verification code: ",
            "New password:",
        ];
        for line in asking {
            assert!(asks(line), "{line}");
        }
    }

    #[test]
    fn a_shell_that_waits_for_a_command_is_not() {
        for line in ["", "$ ", "ada@host:~$ ", "ada@host:~$ echo password", "mysql> ", "Continue? ", "~/passwords $ "] {
            assert!(!asks(line), "{line}");
        }
    }

    #[test]
    fn a_question_is_noticed_once_when_it_comes_and_once_when_it_goes() {
        let watch = Watch::default();
        let look = |line: &str| watch.notices(|| line.to_owned());
        assert!(!look("Password: "), "nobody types elsewhere");
        watch.set(Some(false));
        assert_eq!(["$ ", "Password: ", "Password: ", "$ ", "$ "].map(look), [false, true, false, true, false]);
        watch.set(None);
        assert!(!look("Password: "));
    }
}
