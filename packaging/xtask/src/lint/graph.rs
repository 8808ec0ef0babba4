//! Rules 1 and 2: who may depend on whom, as cargo resolves it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Error, Finding};
use crate::workspace;

/// The packages by name, each with the packages it is built from. Tests' dependencies are left out.
pub(super) type Graph = BTreeMap<String, BTreeSet<String>>;

/// What a package must not be built from, directly or through others.
struct Rule {
    package: &'static str,
    forbidden: &'static [&'static str],
    reason: &'static str,
}

const RULES: &[Rule] = &[
    Rule {
        package: "tetherm-x11",
        forbidden: &["tetherm", "tetherm-term", "iced", "russh"],
        reason: "x11 is built from nothing of ours, and names neither SSH nor a GUI",
    },
    Rule {
        package: "tetherm-term",
        forbidden: &["tetherm", "iced", "iced_core", "iced_runtime", "keyring", "keyring-core"],
        reason: "term has no window, and secrets come to it as answers",
    },
    Rule { package: "tetherm", forbidden: &["tetherm-testbed"], reason: "the program does not carry its tests' parts" },
];

/// Asks cargo for the resolved dependencies.
pub(super) fn read() -> Result<Graph, Error> {
    let mut command = workspace::cargo();
    let output = command
        .args(["metadata", "--format-version", "1", "--locked"])
        .output()
        .map_err(|error| Error::Metadata(error.to_string()))?;
    if !output.status.success() {
        return Err(Error::Metadata(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    let metadata: Value = serde_json::from_slice(&output.stdout).map_err(|error| Error::Metadata(error.to_string()))?;
    parse(&metadata).ok_or_else(|| Error::Metadata("its answer lacks the resolved dependencies".to_owned()))
}

fn parse(metadata: &Value) -> Option<Graph> {
    let packages = metadata.get("packages")?.as_array()?.iter();
    let name_of: BTreeMap<&str, &str> =
        packages.filter_map(|package| Some((package.get("id")?.as_str()?, package.get("name")?.as_str()?))).collect();
    let mut graph = Graph::new();
    for node in metadata.get("resolve")?.get("nodes")?.as_array()? {
        let name = name_of.get(node.get("id")?.as_str()?)?;
        let dependencies = node.get("deps")?.as_array()?.iter().filter(|dependency| !is_for_tests_only(dependency));
        let ids = dependencies.filter_map(|dependency| dependency.get("pkg")?.as_str());
        let names = ids.filter_map(|id| name_of.get(id)).map(|name| (*name).to_owned());
        graph.entry((*name).to_owned()).or_default().extend(names);
    }
    Some(graph)
}

fn is_for_tests_only(dependency: &Value) -> bool {
    let kinds = dependency.get("dep_kinds").and_then(Value::as_array);
    kinds.is_some_and(|kinds| kinds.iter().all(|kind| kind.get("kind").and_then(Value::as_str) == Some("dev")))
}

pub(super) fn check(graph: &Graph) -> Vec<Finding> {
    RULES.iter().flat_map(|rule| check_rule(graph, rule)).collect()
}

fn check_rule(graph: &Graph, rule: &Rule) -> Vec<Finding> {
    if !graph.contains_key(rule.package) {
        return vec![Finding::new("Cargo.toml", 0, format!("the package {} is missing", rule.package))];
    }
    let broken = rule.forbidden.iter().filter_map(|forbidden| path_to(graph, rule.package, forbidden));
    broken.map(|path| Finding::new("Cargo.toml", 0, format!("{}: {}", path.join(" → "), rule.reason))).collect()
}

/// A way from one package to another along their dependencies.
fn path_to(graph: &Graph, from: &str, to: &str) -> Option<Vec<String>> {
    let mut paths = vec![vec![from.to_owned()]];
    let mut seen = BTreeSet::from([from.to_owned()]);
    while let Some(path) = paths.pop() {
        for next in path.last().and_then(|last| graph.get(last)).into_iter().flatten() {
            let longer = [path.as_slice(), std::slice::from_ref(next)].concat();
            if next == to {
                return Some(longer);
            }
            if seen.insert(next.clone()) {
                paths.push(longer);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(edges: &[(&str, &[&str])]) -> Graph {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        edges.iter().map(|(from, to)| ((*from).to_owned(), names(to))).collect()
    }

    #[test]
    fn the_designed_direction_is_accepted() {
        let graph = graph(&[
            ("tetherm", &["tetherm-term", "tetherm-x11", "iced", "keyring"]),
            ("tetherm-term", &["tetherm-x11", "russh"]),
            ("tetherm-x11", &["x11rb"]),
        ]);
        assert_eq!(check(&graph), []);
    }

    #[test]
    fn a_dependency_through_others_is_found_with_its_path() {
        let graph =
            graph(&[("tetherm", &[]), ("tetherm-term", &["pretty"]), ("pretty", &["iced"]), ("tetherm-x11", &[])]);
        let findings = check(&graph);
        assert_eq!(findings.len(), 1);
        assert!(findings[0].message.starts_with("tetherm-term → pretty → iced: "), "{}", findings[0]);
    }

    #[test]
    fn a_dependency_back_is_found() {
        let graph = graph(&[("tetherm", &[]), ("tetherm-term", &[]), ("tetherm-x11", &["tetherm-term"])]);
        assert!(check(&graph)[0].message.starts_with("tetherm-x11 → tetherm-term: "));
    }

    #[test]
    fn a_package_that_no_rule_finds_any_more_is_reported() {
        assert_eq!(check(&Graph::new()).len(), RULES.len());
    }

    #[test]
    fn what_only_tests_use_does_not_count() {
        let metadata = serde_json::json!({
            "packages": [{"id": "1", "name": "tetherm-x11"}, {"id": "2", "name": "iced"}, {"id": "3", "name": "log"}],
            "resolve": {"nodes": [{"id": "1", "deps": [
                {"pkg": "2", "dep_kinds": [{"kind": "dev"}]},
                {"pkg": "3", "dep_kinds": [{"kind": null}]},
            ]}]},
        });
        assert_eq!(parse(&metadata), Some(graph(&[("tetherm-x11", &["log"])])));
    }
}
