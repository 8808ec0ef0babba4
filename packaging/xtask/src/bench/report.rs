//! The figures side by side: a table for people, JSON for programs.

use serde_json::{Value, json};

/// Whose figures are compared with all others'.
const OWN: &str = "tetherm";

/// What a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// Seconds.
    Seconds,
    /// Milliseconds.
    Milliseconds,
    /// Times something else, such as one's own idle figure.
    Times,
    /// Megabytes of 1,000,000 bytes.
    Megabytes,
    /// Frames drawn.
    Frames,
}

impl Unit {
    fn name(self) -> &'static str {
        match self {
            Self::Seconds => "s",
            Self::Milliseconds => "ms",
            Self::Times => "x",
            Self::Megabytes => "MB",
            Self::Frames => "frames",
        }
    }
}

/// What a row's figure for Tetherm is held to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Target {
    /// At most the better peer's.
    BetterPeer,
    /// At most this peer's.
    Peer(&'static str),
    /// At most this, in the row's unit.
    Most(f64),
    /// Printed only.
    None,
}

/// One program's figure.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Figure {
    /// Whose.
    pub(super) contender: &'static str,
    /// The figure: the median of `runs`, or what the row says of them.
    pub(super) value: f64,
    /// What was measured, run by run.
    pub(super) runs: Vec<f64>,
}

/// One thing that was measured of every program.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    /// The part of the benchmark.
    pub(super) part: &'static str,
    /// What was measured.
    pub(super) name: String,
    /// What the figures count.
    pub(super) unit: Unit,
    /// What they are held to.
    pub(super) target: Target,
    /// The figures, Tetherm's among them.
    pub(super) figures: Vec<Figure>,
}

impl Row {
    fn of(&self, contender: &str) -> Option<f64> {
        self.figures.iter().find(|figure| figure.contender == contender).map(|figure| figure.value)
    }

    /// Tetherm's figure divided by the one that it is compared with: below 1 is better.
    fn ratio(&self) -> Option<f64> {
        let own = self.of(OWN)?;
        let peers = self.figures.iter().filter(|figure| figure.contender != OWN);
        let other = match self.target {
            Target::Peer(peer) => self.of(peer)?,
            _ => peers.map(|figure| figure.value).min_by(f64::total_cmp)?,
        };
        (other > 0.0).then_some(own / other)
    }

    /// Whether the target is met; `None` where there is none.
    fn holds(&self) -> Option<bool> {
        match self.target {
            Target::None => None,
            Target::Most(most) => self.of(OWN).map(|own| own <= most),
            Target::BetterPeer | Target::Peer(_) => self.ratio().map(|ratio| ratio <= 1.0),
        }
    }

    fn verdict(&self) -> &'static str {
        match self.holds() {
            Some(true) => "holds",
            Some(false) => "FAILS",
            None => "",
        }
    }

    fn json(&self) -> Value {
        let figures = self
            .figures
            .iter()
            .map(|figure| (figure.contender.to_owned(), json!({ "value": figure.value, "runs": figure.runs })));
        json!({
            "part": self.part,
            "name": self.name,
            "unit": self.unit.name(),
            "figures": figures.collect::<serde_json::Map<_, _>>(),
            "ratio": self.ratio(),
            "holds": self.holds(),
        })
    }
}

/// The table: a line for each row, the parts set apart, a column for each program.
pub(super) fn table(rows: &[Row]) -> String {
    let mut columns: Vec<&str> = Vec::new();
    for figure in rows.iter().flat_map(|row| &row.figures) {
        if !columns.contains(&figure.contender) {
            columns.push(figure.contender);
        }
    }
    let line = |name: &str, cells: &[String], last: &str| {
        let cells: String = cells.iter().map(|cell| format!("{cell:>11}")).collect();
        format!("{name:<44}{cells}{last}").trim_end().to_owned()
    };
    let names: Vec<String> = columns.iter().map(ToString::to_string).collect();
    let mut text = line("", &names, &format!("{:>8}", "ratio"));
    let mut part = "";
    for row in rows {
        if row.part != part {
            part = row.part;
            text += &format!("\n{part}");
        }
        let cell = |name: &&str| row.of(name).map_or_else(String::new, |value| format!("{value:.2}"));
        let cells: Vec<String> = columns.iter().map(cell).collect();
        let ratio = row.ratio().map_or_else(String::new, |ratio| format!("{ratio:.2}"));
        let name = format!("  {} [{}]", row.name, row.unit.name());
        text += "\n";
        text += &line(&name, &cells, &format!("{ratio:>8}  {}", row.verdict()));
    }
    text + "\n"
}

/// All rows, and what was measured with.
pub(super) fn json(rows: &[Row], machine: &Value) -> Value {
    json!({ "machine": machine, "rows": rows.iter().map(Row::json).collect::<Vec<_>>() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(target: Target, values: &[(&'static str, f64)]) -> Row {
        let figure =
            |(contender, value): &(&'static str, f64)| Figure { contender, value: *value, runs: vec![*value, *value] };
        Row {
            part: "start",
            name: "first picture".to_owned(),
            unit: Unit::Milliseconds,
            target,
            figures: values.iter().map(figure).collect(),
        }
    }

    const ALL: [(&str, f64); 3] = [(OWN, 60.0), ("alacritty", 120.0), ("xterm", 50.0)];

    #[test]
    fn a_ratio_is_taken_to_the_better_peer_or_to_the_one_that_is_named() {
        let cases = [
            (Target::BetterPeer, Some(1.2), Some(false)),
            (Target::Peer("alacritty"), Some(0.5), Some(true)),
            (Target::Most(60.0), Some(1.2), Some(true)),
            (Target::Most(59.0), Some(1.2), Some(false)),
            (Target::None, Some(1.2), None),
        ];
        for (target, ratio, holds) in cases {
            let row = row(target, &ALL);
            assert_eq!((row.ratio(), row.holds()), (ratio, holds), "{target:?}");
        }
        assert_eq!(row(Target::BetterPeer, &[(OWN, 0.0)]).ratio(), None);
    }

    #[test]
    fn the_table_names_part_figure_unit_and_verdict() {
        let table = table(&[row(Target::Peer("alacritty"), &ALL), row(Target::None, &[ALL[0]])]);
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines[1], "start");
        let words: Vec<&str> = lines[2].split_whitespace().collect();
        assert_eq!(words, ["first", "picture", "[ms]", "60.00", "120.00", "50.00", "0.50", "holds"]);
        assert_eq!(lines[3].split_whitespace().collect::<Vec<_>>(), ["first", "picture", "[ms]", "60.00"]);
    }

    #[test]
    fn the_json_holds_every_run() {
        let json = json(&[row(Target::BetterPeer, &ALL)], &json!({ "cpus": 2 }));
        assert_eq!(json["machine"]["cpus"], 2);
        let row = &json["rows"][0];
        assert_eq!((&row["holds"], &row["unit"]), (&json!(false), &json!("ms")));
        assert_eq!(row["figures"]["alacritty"], json!({ "value": 120.0, "runs": [120.0, 120.0] }));
    }
}
