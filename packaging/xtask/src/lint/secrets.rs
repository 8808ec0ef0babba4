//! The second half of rule 5: what is secret stays in the types that hide and wipe it.

use super::Finding;
use super::source::{Source, names};

/// Types whose `Debug` must be written by hand.
const REDACTED: &[&str] = &["Secret", "Cookie"];

/// What fields that hold a secret are called.
const FIELDS: &[&str] = &["password", "passphrase", "secret", "cookie", "one_time_code"];

/// Types that neither hide nor wipe what they hold.
const PLAIN: &[&str] = &["String", "Vec<u8>", "&str", "&'static str", "Option<String>", "Arc<str>", "[u8; 16]"];

pub(super) fn check(source: &Source) -> Vec<Finding> {
    if source.is_test() || source.path.starts_with("packaging/") {
        return Vec::new();
    }
    let mut findings = check_derives(source);
    findings.extend(check_fields(source));
    findings
}

fn check_derives(source: &Source) -> Vec<Finding> {
    let mut derives = String::new();
    let mut findings = Vec::new();
    for (number, line) in source.code() {
        let line = line.trim();
        if line.starts_with("#[") {
            derives += line;
            continue;
        }
        let redacted = REDACTED.iter().find(|name| names(line, &format!("struct {name}")));
        if let Some(name) = redacted.filter(|_| names(&derives, "Debug") || names(&derives, "Serialize")) {
            let message = format!("{name} derives Debug or Serialize, which would show what it hides");
            findings.push(Finding::new(&source.path, number, message));
        }
        if !line.is_empty() {
            derives.clear();
        }
    }
    findings
}

/// Looks at the fields of structs and of variants; a parameter or a local binding is not kept. Fields of types that are
/// not public are private to their file and still live as long as their owner.
fn check_fields(source: &Source) -> Vec<Finding> {
    let is_plain = |line: &str| {
        let (name, kind) = line.trim().strip_suffix(',')?.split_once(": ")?;
        let name = name.trim_start_matches("pub(crate) ").trim_start_matches("pub(super) ").trim_start_matches("pub ");
        (FIELDS.contains(&name) && PLAIN.contains(&kind)).then(|| (name.to_owned(), kind.to_owned()))
    };
    let found = source.code().filter_map(|(number, line)| Some((number, is_plain(&line)?)));
    found
        .map(|(number, (name, kind))| {
            let message = format!("'{name}' is a {kind}: hold a secret in a type that hides and wipes it");
            Finding::new(&source.path, number, message)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::source::sample;
    use super::*;

    #[test]
    fn a_secret_type_that_derives_debug_is_found() {
        let text = "/// Hidden.\n#[derive(Clone, Debug)]\n#[must_use]\npub struct Secret(Vec<u8>);\n";
        assert_eq!(check(&sample("term/src/ssh/secret.rs", text))[0].line, 4);
    }

    #[test]
    fn a_secret_type_with_a_debug_of_its_own_is_fine() {
        let text = "#[derive(Debug)]\npub struct Host;\n\n#[derive(Clone)]\npub struct Secret(Vec<u8>);\n";
        assert_eq!(check(&sample("term/src/ssh/secret.rs", text)), []);
    }

    #[test]
    fn a_secret_in_a_plain_field_is_found() {
        let text = "struct Form {\n    pub password: String,\n    user: String,\n    secret: Secret,\n}\n";
        let lines: Vec<_> = check(&sample("app/src/tab/prompt.rs", text)).iter().map(|finding| finding.line).collect();
        assert_eq!(lines, [2]);
    }

    #[test]
    fn the_testbeds_passwords_are_no_secrets() {
        assert_eq!(check(&sample("packaging/testbed/src/sshd.rs", "    password: String,\n")), []);
    }
}
