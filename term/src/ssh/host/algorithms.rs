//! Lists of algorithms as `Ciphers`, `MACs`, `KexAlgorithms` and their like take them.

use crate::ssh::pattern::{List, Pattern, Verdict};

/// A list of algorithms: one of its own, or what it does to the default list. Names may hold wildcards.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Algorithms {
    /// The default list.
    #[default]
    Default,
    /// These instead of the default list.
    Only(Vec<String>),
    /// `+`: these after the default list.
    Append(Vec<String>),
    /// `-`: the default list without these.
    Remove(Vec<String>),
    /// `^`: these before the rest of the default list.
    Prepend(Vec<String>),
}

impl Algorithms {
    /// Reads a value as it stands in a configuration; whether there are such algorithms is not asked.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let names = |list: &str| list.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect();
        match text.split_at_checked(1) {
            None => Self::Default,
            Some(("+", list)) => Self::Append(names(list)),
            Some(("-", list)) => Self::Remove(names(list)),
            Some(("^", list)) => Self::Prepend(names(list)),
            Some(_) => Self::Only(names(text)),
        }
    }

    /// The list that this makes of `default`, of algorithms in `supported` alone, in the order of preference
    /// (`kex_assemble_names` in kex.c). It is empty where nothing that was asked for is supported.
    #[must_use]
    pub fn assemble(&self, default: &[&str], supported: &[&str]) -> Vec<String> {
        let default = || default.iter().map(|name| (*name).to_owned());
        let wanted: Vec<String> = match self {
            Self::Default => return default().collect(),
            Self::Remove(names) => {
                let list = names.join(",");
                let removed = |name: &String| List::new(list.as_bytes()).verdict(name.as_bytes()) == Verdict::Match;
                return default().filter(|name| !removed(name)).collect();
            }
            Self::Only(names) => names.clone(),
            Self::Append(names) => default().chain(names.iter().cloned()).collect(),
            Self::Prepend(names) => names.iter().cloned().chain(default()).collect(),
        };
        let mut list: Vec<String> = Vec::new();
        for wanted in &wanted {
            let pattern = Pattern::new(wanted.as_bytes());
            for name in supported.iter().filter(|name| pattern.matches(name.as_bytes())) {
                if !list.iter().any(|known| known == name) {
                    list.push((*name).to_owned());
                }
            }
        }
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_replace_extend_and_reduce_the_default() {
        for (text, expected) in [
            ("", "a,b,c"),
            ("c,x", "c,x"),
            ("x,unknown", "x"),
            ("+x,a", "a,b,c,x"),
            ("-b", "a,c"),
            ("-*", ""),
            ("^c,x", "c,x,a,b"),
            ("x*", "x,xy"),
            ("unknown", ""),
        ] {
            let list = Algorithms::parse(text).assemble(&["a", "b", "c"], &["a", "b", "c", "x", "xy"]);
            assert_eq!(list.join(","), expected, "{text}");
        }
    }
}
