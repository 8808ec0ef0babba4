//! Which files a path with wildcards means, as glob(7) says.

use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

/// The existing files that `pattern` means, in the order of their names. Folders that cannot be read hold none.
pub(super) fn expand(pattern: &Path) -> Vec<PathBuf> {
    let mut found = vec![PathBuf::new()];
    for component in pattern.components() {
        found = match component {
            Component::Normal(name) if has_wildcards(name) => {
                found.iter().flat_map(|folder| matching(folder, &name.to_string_lossy())).collect()
            }
            other => found.into_iter().map(|folder| folder.join(other)).collect(),
        };
    }
    found.retain(|path| path.exists());
    found
}

fn has_wildcards(name: &OsStr) -> bool {
    name.to_string_lossy().contains(['*', '?', '['])
}

fn matching(folder: &Path, pattern: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let pattern: Vec<char> = pattern.chars().collect();
    let mut names: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.file_name()))
        .filter(|name| {
            let name: Vec<char> = name.to_string_lossy().chars().collect();
            // A leading dot is only matched by a dot.
            name.first().is_none_or(|first| *first != '.' || pattern.first() == Some(&'.')) && matches(&pattern, &name)
        })
        .collect();
    names.sort();
    names.into_iter().map(|name| folder.join(name)).collect()
}

/// File names are short and so are the patterns that users write for them: plain recursion, bounded by the name.
fn matches(pattern: &[char], name: &[char]) -> bool {
    match pattern.split_first() {
        None => name.is_empty(),
        Some(('*', rest)) => {
            let rest = rest.iter().position(|c| *c != '*').map_or(&[][..], |stars| rest.split_at(stars).1);
            (0..=name.len()).any(|skipped| matches(rest, name.split_at(skipped).1))
        }
        Some((first, rest)) => {
            let Some((found, name)) = name.split_first() else { return false };
            match first {
                '?' => matches(rest, name),
                '[' => match class(rest, *found) {
                    Some((holds, rest)) => holds && matches(rest, name),
                    None => *found == '[' && matches(rest, name),
                },
                '\\' => rest.split_first().is_some_and(|(escaped, rest)| escaped == found && matches(rest, name)),
                first => first == found && matches(rest, name),
            }
        }
    }
}

/// Whether `[…]`, whose inside begins `pattern`, holds `found`, and what follows it; `None` where it is not closed.
fn class(pattern: &[char], found: char) -> Option<(bool, &[char])> {
    let (negated, inside) = match pattern.split_first() {
        Some(('!' | '^', rest)) => (true, rest),
        _ => (false, pattern),
    };
    // A bracket that closes nothing yet stands for itself.
    let end = 1 + inside.iter().skip(1).position(|c| *c == ']')?;
    let (mut members, rest) = inside.split_at_checked(end)?;
    let mut holds = false;
    while let Some((low, after)) = members.split_first() {
        members = match after {
            ['-', high, after @ ..] => {
                holds |= (*low..=*high).contains(&found);
                after
            }
            after => {
                holds |= *low == found;
                after
            }
        };
    }
    Some((holds != negated, rest.split_first()?.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_find_files_in_order_and_hidden_ones_only_when_asked() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.conf", "a.conf", ".h.conf", "c.txt", "d/x.conf", "e/x.conf"] {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        let names = |pattern: &str| -> Vec<String> {
            let found = expand(&folder.path().join(pattern));
            found.iter().map(|path| path.strip_prefix(folder.path()).unwrap().to_str().unwrap().to_owned()).collect()
        };
        assert_eq!(names("*.conf"), ["a.conf", "b.conf"]);
        assert_eq!(names(".*.conf"), [".h.conf"]);
        assert_eq!(names("*/x.conf"), ["d/x.conf", "e/x.conf"]);
        assert_eq!(names("[b-z].*"), ["b.conf", "c.txt"]);
        assert_eq!(names("[!b].conf"), ["a.conf"]);
        assert_eq!(names("?.txt"), ["c.txt"]);
        assert_eq!(names("a.conf"), ["a.conf"]);
        assert!(names("missing").is_empty());
        assert!(names("missing/*").is_empty());
    }

    #[test]
    fn brackets_follow_glob_7() {
        let check = |pattern: &str, name: &str| {
            matches(&pattern.chars().collect::<Vec<_>>(), &name.chars().collect::<Vec<_>>())
        };
        assert!(check("[]a]", "]") && check("[]a]", "a") && !check("[]a]", "b"));
        assert!(check("[a", "[a") && !check("[a", "a"));
        assert!(check("[a-]", "-") && check("\\*", "*") && !check("\\*", "a"));
        assert!(check("a**b", "axxb") && !check("a**b", "axxc"));
    }
}
