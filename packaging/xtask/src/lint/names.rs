//! Rules 3 and 4, and the first half of rule 5: what a module must not name.

use super::Finding;
use super::source::{Source, names};

/// A module and what must not be named in it.
struct Rule {
    module: &'static str,
    forbidden: &'static [&'static str],
    reason: &'static str,
}

const RULES: &[Rule] = &[
    Rule {
        module: "term/src/terminal",
        forbidden: &["russh", "crate::ssh", "crate::session"],
        reason: "the emulator does not know where its bytes come from; session.rs joins the two halves",
    },
    Rule {
        module: "term/src/ssh",
        forbidden: &["alacritty_terminal", "crate::terminal", "crate::session"],
        reason: "a connection does not know what shows its bytes; session.rs joins the two halves",
    },
    Rule {
        module: "app/src/store",
        forbidden: &["iced", "crate::screen", "crate::tab", "crate::pane", "crate::widget", "crate::window"],
        reason: "what is stored does not depend on how it is shown",
    },
    Rule { module: "app/src/cli", forbidden: &["iced"], reason: "the command line works without a window" },
    Rule { module: "app/src/screen", forbidden: SECRETS_AND_WIRES, reason: SHOWN },
    Rule { module: "app/src/tab", forbidden: SECRETS_AND_WIRES, reason: SHOWN },
    Rule { module: "app/src/pane", forbidden: SECRETS_AND_WIRES, reason: SHOWN },
    Rule { module: "app/src/widget", forbidden: SECRETS_AND_WIRES, reason: SHOWN },
];

const SECRETS_AND_WIRES: &[&str] = &["keyring_core", "zbus_secret_service_keyring_store", "russh"];
const SHOWN: &str = "what is shown goes through store for secrets and through term for connections";

/// What a GUI message must not carry: every message rebuilds the window, and output comes in megabytes.
const OUTPUT: &[&str] = &["Content", "Vec<u8>", "Bytes"];

pub(super) fn check(source: &Source) -> Vec<Finding> {
    let mut findings = check_modules(source);
    if source.path.starts_with("app/src/") {
        findings.extend(check_messages(source));
    }
    findings
}

fn check_modules(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    for rule in RULES.iter().filter(|rule| source.is_in(rule.module)) {
        for (number, line) in source.code() {
            for word in rule.forbidden.iter().filter(|word| names(&line, word)) {
                let message = format!("{} names {word}: {}", rule.module, rule.reason);
                findings.push(Finding::new(&source.path, number, message));
            }
        }
    }
    findings
}

fn check_messages(source: &Source) -> Vec<Finding> {
    let starts = |line: &str| names(line, "enum Message") || names(line, "enum Event");
    let mut inside = false;
    let mut findings = Vec::new();
    for (number, line) in source.code() {
        inside = starts(&line) || (inside && line != "}");
        for word in OUTPUT.iter().filter(|word| inside && names(&line, word)) {
            let message = format!("a message carries {word}: terminal output never travels in GUI messages");
            findings.push(Finding::new(&source.path, number, message));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::source::sample;
    use super::*;

    #[test]
    fn each_forbidden_name_is_found_in_its_module() {
        for rule in RULES {
            for word in rule.forbidden {
                let source = sample(&format!("{}/part.rs", rule.module), &format!("\nuse {word}::Thing;\n"));
                let findings = check(&source);
                assert!(findings.iter().any(|finding| finding.line == 2), "{word} in {}", rule.module);
            }
        }
    }

    #[test]
    fn the_same_name_elsewhere_is_fine() {
        assert_eq!(check(&sample("term/src/session.rs", "use russh; use alacritty_terminal;")), []);
        assert_eq!(check(&sample("term/src/ssh/connection.rs", "use russh::client; // not alacritty_terminal")), []);
        assert_eq!(check(&sample("app/src/store/secrets.rs", "use keyring::Entry;")), []);
    }

    #[test]
    fn a_message_that_carries_output_is_found() {
        let text = "pub enum Message {\n    Typed(String),\n    Output(Vec<u8>),\n}\nstruct Other(Vec<u8>);\n";
        let lines: Vec<_> = check(&sample("app/src/tab.rs", text)).iter().map(|finding| finding.line).collect();
        assert_eq!(lines, [3]);
    }
}
