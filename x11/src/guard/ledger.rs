//! What was refused to which program, and what the user has allowed it since.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use tokio::sync::Notify;

use super::rule::{RULES, Rule};

/// How many names programs can have on one connection; those of more are as one without a name.
const NAMES: usize = 64;

/// The longest name that is kept, in characters.
const NAME: usize = 64;

/// The first time that something was refused to programs of one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denial {
    /// What the program calls itself (the class in its WM_CLASS), without control characters; `None` while it has not said
    /// it. Any program can call itself anything.
    pub program: Option<String>,
    /// What was refused.
    pub rule: Rule,
}

/// Programs of one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// What they call themselves; `None` for those without a name.
    pub name: Option<String>,
    /// How often what was refused to them.
    pub denied: Vec<(Rule, u64)>,
    /// What is allowed to them.
    pub allowed: Vec<Rule>,
}

/// The programs of one connection.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    nameless: Arc<Record>,
    named: Mutex<Vec<(String, Arc<Record>)>>,
    /// First times, in their order.
    denials: Mutex<Vec<Denial>>,
    denied: Notify,
}

#[derive(Debug, Default)]
struct Record {
    denied: [AtomicU64; RULES],
    /// A bit for each rule.
    allowed: AtomicU32,
}

/// One program, now running.
#[derive(Debug)]
pub(crate) struct Entry<'a> {
    ledger: &'a Ledger,
    named: OnceLock<(String, Arc<Record>)>,
}

impl Ledger {
    pub(crate) fn open(&self) -> Entry<'_> {
        Entry { ledger: self, named: OnceLock::new() }
    }

    /// All names, with what was refused and allowed.
    pub(crate) fn programs(&self) -> Vec<Program> {
        let nameless = Program::new(None, &self.nameless);
        let named = self.lock();
        let named = named.iter().map(|(name, record)| Program::new(Some(name.clone()), record));
        std::iter::once(nameless).chain(named).collect()
    }

    /// Allows something to programs of a name, to those that run already, too.
    pub(crate) fn allow(&self, name: Option<&str>, rule: Rule) {
        if rule.may_be_allowed() {
            let _ = self.record(name).allowed.fetch_or(1 << rule as u32, Ordering::Relaxed);
        }
    }

    /// Waits for the `nth` first time that something was refused, from 0.
    pub(crate) async fn denial(&self, nth: usize) -> Denial {
        loop {
            let mut told = std::pin::pin!(self.denied.notified());
            // Listen before looking, so that one in between is not lost.
            let _ = told.as_mut().enable();
            if let Some(denial) = self.denials.lock().unwrap_or_else(PoisonError::into_inner).get(nth) {
                return denial.clone();
            }
            told.await;
        }
    }

    fn record(&self, name: Option<&str>) -> Arc<Record> {
        let Some(name) = name else { return Arc::clone(&self.nameless) };
        let mut named = self.lock();
        if let Some((_, record)) = named.iter().find(|(other, _)| other == name) {
            return Arc::clone(record);
        }
        if named.len() == NAMES {
            return Arc::clone(&self.nameless);
        }
        let record = Arc::<Record>::default();
        named.push((name.to_owned(), Arc::clone(&record)));
        record
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(String, Arc<Record>)>> {
        self.named.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry<'_> {
    /// The program says its name: the value of WM_CLASS, an instance and a class that each end with a zero. The first
    /// counts: one program does not get what another was allowed by changing its name.
    pub(crate) fn is_called(&self, wm_class: &[u8]) {
        let mut parts = wm_class.split(|byte| *byte == 0);
        let (instance, class) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let name = if class.is_empty() { instance } else { class };
        let name: String = String::from_utf8_lossy(name).chars().filter(|c| !c.is_control()).take(NAME).collect();
        if !name.is_empty() {
            let _ = self.named.get_or_init(|| (name.clone(), self.ledger.record(Some(&name))));
        }
    }

    pub(crate) fn is_allowed(&self, rule: Rule) -> bool {
        self.record().allowed.load(Ordering::Relaxed) & (1 << rule as u32) != 0
    }

    pub(crate) fn count(&self, rule: Rule) {
        let Some(denied) = self.record().denied.get(rule as usize) else { return };
        if denied.fetch_add(1, Ordering::Relaxed) == 0 {
            let program = self.named.get().map(|(name, _)| name.clone());
            let denial = Denial { program, rule };
            self.ledger.denials.lock().unwrap_or_else(PoisonError::into_inner).push(denial);
            self.ledger.denied.notify_waiters();
        }
    }

    fn record(&self) -> &Record {
        self.named.get().map_or(&self.ledger.nameless, |(_, record)| record)
    }
}

impl Program {
    fn new(name: Option<String>, record: &Record) -> Self {
        let counts =
            Rule::ALL.into_iter().zip(&record.denied).map(|(rule, count)| (rule, count.load(Ordering::Relaxed)));
        let allowed = record.allowed.load(Ordering::Relaxed);
        Self {
            name,
            denied: counts.filter(|(_, count)| *count > 0).collect(),
            allowed: Rule::ALL.into_iter().filter(|rule| allowed & (1 << *rule as u32) != 0).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_refused_is_counted_by_name_and_told_once() {
        let ledger = Ledger::default();
        let entry = ledger.open();
        entry.count(Rule::Titles);
        entry.is_called(b"inst\0Cla\x1bss\0");
        entry.is_called(b"other\0Other\0");
        for _ in 0..3 {
            entry.count(Rule::Clipboard);
        }
        ledger.allow(Some("Class"), Rule::Clipboard);
        ledger.allow(Some("Class"), Rule::Access);
        assert!(entry.is_allowed(Rule::Clipboard) && !entry.is_allowed(Rule::Access));
        assert!(!ledger.open().is_allowed(Rule::Clipboard), "a program without the name");
        let [nameless, class] = <[Program; 2]>::try_from(ledger.programs()).unwrap();
        assert_eq!((nameless.name, nameless.denied), (None, vec![(Rule::Titles, 1)]));
        assert_eq!((class.name.as_deref(), class.denied), (Some("Class"), vec![(Rule::Clipboard, 3)]));
        assert_eq!(class.allowed, [Rule::Clipboard]);
        assert_eq!(ledger.denial(0).await, Denial { program: None, rule: Rule::Titles });
        assert_eq!(ledger.denial(1).await, Denial { program: Some("Class".to_owned()), rule: Rule::Clipboard });
    }

    #[test]
    fn names_without_end_take_no_memory_without_end() {
        let ledger = Ledger::default();
        for number in 0..10_000 {
            let entry = ledger.open();
            entry.is_called(format!("{number}\0").as_bytes());
            entry.count(Rule::Input);
        }
        assert_eq!(ledger.programs().len(), NAMES + 1);
    }
}
