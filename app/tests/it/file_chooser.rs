//! The desktop's file chooser, offered by a portal of the test's own.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use testbed::Keyring;
use testbed::process::{told, within};
use tetherm::file_chooser::{Error, Filter, choose};
use tokio::runtime::Runtime;
use tokio::time::{Duration, timeout};
use zbus::message::Header;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};

const NAME: &str = "org.freedesktop.portal.Desktop";
const PATH: &str = "/org/freedesktop/portal/desktop";
const FILTER: Filter = Filter { name: "Colour schemes", patterns: &["*.toml", "*.yml"] };

/// A response and the addresses of files.
type Answer = (u32, Vec<&'static str>);

/// What the portal was asked, and what its user does.
#[derive(Clone, Default)]
struct Portal {
    asked: Arc<Mutex<Vec<String>>>,
    answers: Arc<Mutex<Vec<Answer>>>,
}

#[zbus::interface(name = "org.freedesktop.portal.FileChooser")]
impl Portal {
    async fn open_file(
        &self,
        _parent: String,
        title: String,
        options: HashMap<String, OwnedValue>,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] bus: &zbus::Connection,
    ) -> OwnedObjectPath {
        let token: String = options.get("handle_token").unwrap().try_clone().unwrap().try_into().unwrap();
        let sender = header.sender().unwrap().trim_start_matches(':').replace('.', "_");
        let handle = format!("{PATH}/request/{sender}/{token}");
        self.asked.lock().unwrap().push(format!("{title}: {}", **options.get("filters").unwrap()));
        let (response, addresses) = self.answers.lock().unwrap().remove(0);
        let results = HashMap::from([("uris", Value::from(addresses))]);
        // Before the call is answered, as a quick portal may.
        let request = "org.freedesktop.portal.Request";
        bus.emit_signal(None::<&str>, handle.as_str(), request, "Response", &(response, results)).await.unwrap();
        OwnedObjectPath::try_from(handle).unwrap()
    }
}

#[test]
fn a_file_is_chosen_in_the_desktops_dialog() {
    if told().is_some() {
        return Runtime::new().unwrap().block_on(choose_some());
    }
    // Of this bus only the absence of everything else is wanted.
    let bus = Keyring::absent().unwrap();
    within(a_file_is_chosen_in_the_desktops_dialog, bus.environment(), "to choose");
}

async fn choose_some() {
    let ask = async || timeout(Duration::from_secs(20), choose("Import", FILTER)).await.unwrap();
    assert!(matches!(ask().await, Err(Error::NoDesktop(_))), "nobody is there");

    let portal = Portal::default();
    let answers = [(0, vec!["file:///home/ada/a%20scheme.toml"]), (1, vec![]), (0, vec!["sftp://server/scheme.toml"])];
    portal.answers.lock().unwrap().extend(answers);
    let serve = zbus::connection::Builder::session().unwrap().name(NAME).unwrap();
    let _bus = serve.serve_at(PATH, portal.clone()).unwrap().build().await.unwrap();
    assert_eq!(ask().await, Ok(Some(PathBuf::from("/home/ada/a scheme.toml"))));
    assert_eq!(ask().await, Ok(None), "the user changed their mind");
    assert_eq!(ask().await, Err(Error::NoFile("sftp://server/scheme.toml".to_owned())));
    let asked = portal.asked.lock().unwrap().clone();
    let offers = |text: &str| asked.iter().all(|asked| asked.contains(text));
    assert!(offers("Import") && offers("Colour schemes") && offers("*.yml"), "{asked:?}");
}
