//! The workspace's files, and Rust sources without what is not code.

use std::path::Path;

use super::Error;

/// A file of the workspace.
#[derive(Debug)]
pub(super) struct Source {
    /// Its path from the workspace's folder, with `/`.
    pub(super) path: String,
    /// Its text; empty for a file that is not UTF-8, such as a font.
    pub(super) text: String,
}

impl Source {
    /// The lines with their numbers, counted from 1, without comments, without what string literals hold and without
    /// the unit tests that end the file.
    pub(super) fn code(&self) -> impl Iterator<Item = (usize, String)> {
        let lines = self.text.lines().enumerate().take_while(|(_, line)| line.trim() != "#[cfg(test)]");
        lines.map(|(index, line)| (index + 1, code(line)))
    }

    /// Whether the file lies in `module`: `a/b` stands for `a/b.rs` and everything in `a/b/`.
    pub(super) fn is_in(&self, module: &str) -> bool {
        self.path.strip_prefix(module).is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
    }

    /// Whether the file holds tests only.
    pub(super) fn is_test(&self) -> bool {
        self.path.contains("/tests/") || self.path.ends_with("/tests.rs") || self.path.starts_with("packaging/testbed/")
    }
}

/// A line without its comment and without what its string literals hold: the interface may say "keyring" where the code
/// may not name the crate. A literal of several lines counts as code from its second line on, which can only add a
/// finding.
fn code(line: &str) -> String {
    let mut kept = String::with_capacity(line.len());
    let mut in_string = false;
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' => {
                in_string = !in_string;
                kept.push(character);
            }
            '\\' => drop(characters.next()),
            '\'' if !in_string && characters.peek() == Some(&'"') => drop(characters.next()),
            '/' if !in_string && characters.peek() == Some(&'/') => break,
            _ if in_string => {}
            _ => kept.push(character),
        }
    }
    kept
}

/// Every file below `root` but those that git keeps for itself and those that cargo builds.
pub(super) fn files(root: &Path) -> Result<Vec<Source>, Error> {
    let mut found = Vec::new();
    collect(root, root, &mut found)?;
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<Source>) -> Result<(), Error> {
    let unreadable = |error| Error::Read { path: folder.to_owned(), error };
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let (path, name) = (entry.path(), entry.file_name());
        let kind = entry.file_type().map_err(unreadable)?;
        if kind.is_dir() {
            if name != ".git" && name != "target" {
                collect(root, &path, found)?;
            }
        } else if kind.is_file() && name != ".git" {
            let bytes = std::fs::read(&path).map_err(|error| Error::Read { path: path.clone(), error })?;
            let relative = path.strip_prefix(root).unwrap_or(&path);
            let path =
                relative.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
            found.push(Source { path, text: String::from_utf8(bytes).unwrap_or_default() });
        }
    }
    Ok(())
}

/// Whether `line` holds `word` as an identifier or as a path of identifiers, and not as a part of a longer one.
pub(super) fn names(line: &str, word: &str) -> bool {
    let part_of_word = |character: char| character.is_alphanumeric() || character == '_';
    line.match_indices(word).any(|(start, _)| {
        let before = line.get(..start).and_then(|text| text.chars().next_back());
        let after = line.get(start + word.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(part_of_word) && !after.is_some_and(part_of_word)
    })
}

#[cfg(test)]
pub(super) fn sample(path: &str, text: &str) -> Source {
    Source { path: path.to_owned(), text: text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_unit_tests_are_not_code() {
        let source = sample("a.rs", "use b; // not c\n/// d\n#[cfg(test)]\nmod tests {}\n");
        assert_eq!(source.code().collect::<Vec<_>>(), [(1, "use b; ".to_owned()), (2, String::new())]);
    }

    #[test]
    fn what_a_literal_holds_is_not_code_and_what_follows_it_is() {
        let source = sample("a.rs", r#"f("b \" // c", d); // e"#);
        assert_eq!(source.code().collect::<Vec<_>>(), [(1, r#"f("", d); "#.to_owned())]);
    }

    #[test]
    fn a_module_is_its_file_and_its_folder() {
        assert!(sample("term/src/ssh.rs", "").is_in("term/src/ssh"));
        assert!(sample("term/src/ssh/agent.rs", "").is_in("term/src/ssh"));
        assert!(!sample("term/src/sshd.rs", "").is_in("term/src/ssh"));
    }

    #[test]
    fn a_word_within_a_longer_one_is_not_named() {
        assert!(names("use russh::client;", "russh"));
        assert!(names("crate::ssh::Error", "crate::ssh"));
        assert!(!names("let russhian = 1;", "russh"));
        assert!(!names("crate::ssh_config", "crate::ssh"));
    }

    #[test]
    fn files_are_found_but_not_what_cargo_builds() {
        let folder = tempfile::tempdir().unwrap();
        for path in ["src/lib.rs", "target/debug/built.rs", ".git/HEAD", ".ci/run"] {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "text").unwrap();
        }
        let paths: Vec<_> = files(folder.path()).unwrap().into_iter().map(|file| file.path).collect();
        assert_eq!(paths, [".ci/run", "src/lib.rs"]);
    }
}
