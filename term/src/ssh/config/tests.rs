//! Against the real `ssh -G`, and for what it does not print, against the manual.

mod canonical;
mod differential;
mod typed;
mod way;

use std::collections::HashMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use super::*;
use crate::ssh::host::IdentityAgent;

/// A home folder and a system folder of its own for each test.
struct Place {
    folder: tempfile::TempDir,
    context: Context,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("home");
        fs::create_dir_all(home.join(".ssh")).unwrap();
        fs::create_dir_all(folder.path().join("etc")).unwrap();
        let context = Context {
            home: home.clone(),
            user: "me".into(),
            uid: rustix::process::getuid().as_raw(),
            local_host: "here.example.com".into(),
            environment: HashMap::from([("KEYS".to_owned(), "/keys".to_owned())]),
            working_folder: home,
            system_file: folder.path().join("etc/ssh_config"),
            exec_limit: Duration::from_secs(10),
            network: std::sync::Arc::new(canonical::Names::default()),
        };
        Self { folder, context }
    }

    /// Writes a file below `~/.ssh`.
    fn user(self, name: &str, content: &str) -> Self {
        self.write(&format!("home/.ssh/{name}"), content)
    }

    fn system(self, name: &str, content: &str) -> Self {
        self.write(&format!("etc/{name}"), content)
    }

    fn write(self, name: &str, content: &str) -> Self {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        self
    }

    fn load(&self) -> Result<Config, Error> {
        Config::load_from(self.context.clone(), None)
    }

    fn resolve(&self, destination: &str) -> Result<Host, Error> {
        self.load()?.resolve(&Destination::parse(destination)?, &[])
    }

    fn host(&self, destination: &str) -> Host {
        self.resolve(destination).unwrap()
    }

    /// The error that the user's configuration gives for the host `h`.
    fn error(content: &str) -> String {
        let place = Self::new().user("config", content);
        let error = place.resolve("h").map(|_| ()).expect_err(content).to_string();
        error.replace(place.folder.path().to_str().unwrap(), "")
    }
}

#[test]
fn without_files_the_defaults_of_ssh_are_in_force() {
    let place = Place::new();
    let host = place.host("me2@h:2222");
    let expected = Host { port: 2222, ..Host::new("h", "me2", &place.context.home) };
    assert_eq!(host, expected);
    assert_eq!(host.identity_file.first(), Some(&place.context.home.join(".ssh/id_rsa")));
}

#[test]
fn the_first_value_wins_and_identity_files_add_up() {
    let place = Place::new()
        .user("config", "Host h\n Port 1\n IdentityFile ~/a\nHost *\n Port 2\n IdentityFile ~/b\n IdentityFile ~/a\n")
        .system("ssh_config", "Port 3\nUser system\nHashKnownHosts yes\n");
    let host = place.host("h");
    assert_eq!((host.port, host.user.as_str(), host.hash_known_hosts), (1, "system", true));
    assert_eq!(host.identity_file, ["a", "b"].map(|name| place.context.home.join(name)));
    let given = place.load().unwrap().resolve(
        &Destination::parse("you@h").unwrap(),
        &["Port=9".to_owned(), option("IdentityFile", "/with \"blank")],
    );
    let given = given.unwrap();
    assert_eq!((given.port, given.user.as_str()), (9, "you"));
    assert_eq!(given.identity_file.first(), Some(&PathBuf::from("/with \"blank")));
}

#[test]
fn each_setting_knows_its_place() {
    let place =
        Place::new().user("config", "# mine\nInclude more\nHost *\n  User me\n").user("more", "\nHost h\n\tPort 7\n");
    let settings =
        place.load().unwrap().settings(&Destination::parse("h").unwrap(), &["BatchMode yes".into()]).unwrap();
    let shown: Vec<String> =
        settings.iter().map(|set| format!("{} {} ({})", set.keyword, set.value(), set.source)).collect();
    let home = place.context.home.display();
    assert_eq!(
        shown,
        [
            "BatchMode yes (command line)".to_owned(),
            format!("Port 7 ({home}/.ssh/more:3)"),
            format!("User me ({home}/.ssh/config:4)"),
        ]
    );
}

#[test]
fn includes_follow_globs_tildes_variables_and_the_block_they_stand_in() {
    let place = Place::new()
        .user(
            "config",
            "Include conf.d/*.conf ~/.ssh/tilde ${KEYS}x missing\nHost other\n Include block\nHost h\n User last\n",
        )
        .user("conf.d/2.conf", "Port 2\n")
        .user("conf.d/1.conf", "Host nobody\n Port 1\n")
        .user("conf.d/not", "nonsense\n")
        .user("tilde", "Compression yes\n")
        .user("block", "BatchMode yes\nHost h\n BatchMode yes\n");
    let host = place.host("h");
    assert_eq!((host.port, host.compression, host.user.as_str()), (2, true, "last"));
    // A block inside of a file that a block for others includes does not apply either.
    assert!(!host.batch_mode);
    assert!(place.host("other").batch_mode);
}

#[test]
fn what_a_terminal_is_told_and_how_it_is_left_can_be_set() {
    use crate::ssh::host::LogLevel;
    for (text, level, escape) in [
        ("", LogLevel::Info, Some(b'~')),
        ("LogLevel QUIET\nEscapeChar none\n", LogLevel::Quiet, None),
        ("LogLevel fatal\nEscapeChar ^]\n", LogLevel::Error, Some(0x1d)),
        ("LogLevel VERBOSE\nEscapeChar !\n", LogLevel::Debug, Some(b'!')),
        ("LogLevel DEBUG3\n", LogLevel::Trace, Some(b'~')),
    ] {
        let host = Place::new().user("config", text).host("h");
        assert_eq!((host.log_level, host.escape_char), (level, escape), "{text}");
    }
}

#[test]
fn everything_that_can_change_the_configuration_is_a_source() {
    let place = Place::new()
        .user("config", "Include conf.d/*.conf\nInclude single\n")
        .user("conf.d/a.conf", "Include ~/.ssh/deep/*\n")
        .user("single", "");
    let sources = place.load().unwrap().sources();
    let home = place.context.home.join(".ssh");
    for expected in ["config", "conf.d", "conf.d/a.conf", "single", "deep"] {
        assert!(sources.contains(&home.join(expected)), "{expected} in {sources:?}");
    }
    assert!(sources.contains(&place.context.system_file), "{sources:?}");
    let none = Place::new();
    assert!(none.load().unwrap().sources().contains(&none.context.user_file()));
}

#[test]
fn the_system_includes_from_its_own_folder_and_nobodys_home() {
    let place =
        Place::new().system("ssh_config", "Include ssh_config.d/*.conf\n").system("ssh_config.d/a.conf", "Port 5\n");
    assert_eq!(place.host("h").port, 5);
    let place = Place::new().system("ssh_config", "Include ~/x\n");
    assert!(place.resolve("h").unwrap_err().to_string().contains("line 1: bad include path ~/x."));
}

#[test]
fn endless_includes_end() {
    let place = Place::new().user("config", "Include config\n");
    assert!(place.load().unwrap_err().to_string().contains("Too many recursive configuration includes"));
}

#[test]
fn a_file_that_others_can_write_is_refused() {
    let place = Place::new().user("config", "Port 1\n");
    let path = place.context.user_file();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
    assert_eq!(place.load().unwrap_err(), Error::Permissions { path: path.clone() });
    // What -F names is the user's own business.
    assert!(Config::load_from(place.context.clone(), Some(&path)).is_ok());
}

#[test]
fn minus_f_replaces_all_files_and_has_to_exist() {
    let place = Place::new().user("config", "Port 1\n").user("other", "User x\n").system("ssh_config", "Port 2\n");
    let load = |file: &str| Config::load_from(place.context.clone(), Some(Path::new(file)));
    let port = |config: Config| config.resolve(&Destination::parse("h").unwrap(), &[]).unwrap().port;
    assert_eq!(port(load(".ssh/other").unwrap()), 22);
    assert_eq!(port(load("none").unwrap()), 22);
    assert!(load("missing").unwrap_err().to_string().starts_with("Can't open user config file missing:"));
}

#[test]
fn errors_name_file_line_and_reason_as_ssh_does() {
    for (content, expected) in [
        ("Port 22\nFowardX11 yes\n", "line 2: Bad configuration option: fowardx11; did you mean ForwardX11?"),
        ("Host nobody\nNoSuch x\n", "line 2: Bad configuration option: nosuch"),
        ("Port 99999", "line 1: Bad port '99999'; a port is a number from 1 to 65535"),
        ("Host nobody\n ForwardX11 maybe", "line 2: unsupported option \"maybe\"; use yes, no"),
        ("ForwardX11", "line 1: no argument after keyword \"forwardx11\""),
        ("User \"me", "line 1: invalid quotes"),
        ("User me you", "line 1: keyword user extra arguments at end of line"),
        ("ConnectTimeout soon", "line 1: invalid time value."),
        ("ConnectionAttempts many", "line 1: integer value invalid."),
        ("ConnectionAttempts 0", "line 1: Invalid number of ConnectionAttempts; it has to be 1 or more"),
        ("Match nothing x", "line 1: Bad Match condition: Unsupported Match attribute nothing"),
        ("Match host", "line 1: Bad Match condition: Missing Match criteria for host"),
        (
            "Match user x host y all",
            "line 1: Bad Match condition: 'all' cannot be combined with other Match attributes",
        ),
        ("LocalForward 8080", "line 1: Missing target argument."),
        ("SetEnv X", "line 1: Invalid SetEnv; write NAME=value."),
        ("UserKnownHostsFile a none", "line 1: keyword userknownhostsfile \"none\" argument must appear alone."),
        ("IdentityFile ~/%x", "line 1: unknown key %x; write %% for a literal %"),
        ("IdentityFile ${NOT_SET}", "line 1: env var ${NOT_SET} has no value"),
    ] {
        assert_eq!(Place::error(content), format!("/home/.ssh/config: {expected}"), "{content}");
    }
}

#[test]
fn options_of_the_command_line_are_checked_too() {
    let config = Place::new().load().unwrap();
    let fail =
        |option: &str| config.resolve(&Destination::parse("h").unwrap(), &[option.to_owned()]).unwrap_err().to_string();
    assert_eq!(fail("NoSuch=1"), "command-line: line 0: Bad configuration option: nosuch");
    assert_eq!(fail("Host=x"), "command-line: line 0: Host directive not supported as a command-line option");
    assert_eq!(fail("Port=0"), "command-line: line 0: Bad port '0'; a port is a number from 1 to 65535");
    let harmful = Destination { host: "-oProxyCommand=x".into(), ..Destination::default() };
    assert!(matches!(config.resolve(&harmful, &[]), Err(Error::Destination(_))));
}

#[test]
fn unknown_keywords_are_ignored_where_ignoreunknown_says_so() {
    let place = Place::new().user("config", "IgnoreUnknown Use*,Fancy\nUseKeychain yes\nfancy \"x\nPort 4\n");
    assert!(place.resolve("h").is_err(), "broken quotes are an error on every line");
    let place = Place::new().user("config", "IgnoreUnknown Use*,Fancy\nUseKeychain yes\nfancy x y\nPort 4\n");
    assert_eq!(place.host("h").port, 4);
}

#[test]
fn debians_system_file_is_understood() {
    let place = Place::new().system(
        "ssh_config",
        "Include /etc/ssh/ssh_config.d/*.nothing\n\nHost *\n#   ForwardAgent no\n    SendEnv LANG LC_*\n    HashKnownHosts yes\n    GSSAPIAuthentication yes\n",
    );
    let host = place.host("h");
    assert_eq!(host.send_env, ["LANG", "LC_*"]);
    assert!(host.hash_known_hosts);
}

#[test]
fn tokens_and_variables_are_expanded_where_the_manual_allows_it() {
    let place = Place::new().user(
        "config",
        "Host h\n HostName %h.Example.org\n User u\n Port 7\n IdentityFile %d/%u/%i/%l/%L/%h/%n/%p/%r/%k/%%\n \
         IdentityFile ${KEYS}/x\n UserKnownHostsFile ~/%h\n IdentityAgent ~/%r\n RemoteCommand run %h ${KEYS}\n \
         ProxyCommand nc %h %p\n HostKeyAlias Key\n",
    );
    let host = place.host("h");
    let (home, uid) = (place.context.home.display().to_string(), place.context.uid);
    assert_eq!(host.host_name, "h.example.org");
    let file = format!("{home}/me/{uid}/here.example.com/here/h.example.org/h/7/u/key/%");
    assert_eq!(host.identity_file, [PathBuf::from(file), PathBuf::from("/keys/x")]);
    assert_eq!(host.user_known_hosts_file, [place.context.home.join("h.example.org")]);
    assert_eq!(host.identity_agent, IdentityAgent::Socket(place.context.home.join("u")));
    assert_eq!(host.remote_command.as_deref(), Some("run h.example.org ${KEYS}"));
    assert_eq!(host.proxy_command.as_deref(), Some("nc %h %p"));
}

#[test]
fn names_are_looked_up_in_lower_case_and_addresses_in_their_usual_form() {
    for (name, expected) in
        [("WWW.Example.COM", "www.example.com"), ("2001:DB8:0::1", "2001:db8::1"), ("10.0.0.1", "10.0.0.1")]
    {
        let place = Place::new().user("config", &format!("HostName {name}\n"));
        assert_eq!(place.host("h").host_name, expected);
    }
}

#[test]
fn the_agent_may_be_a_variable_or_none() {
    for (value, expected) in [
        ("$KEYS", IdentityAgent::Socket("/keys".into())),
        ("$NOT_SET", IdentityAgent::None),
        ("${KEYS}/agent", IdentityAgent::Socket("/keys/agent".into())),
        ("SSH_AUTH_SOCK", IdentityAgent::Environment),
        ("none", IdentityAgent::None),
    ] {
        let place = Place::new().user("config", &format!("IdentityAgent {value}\n"));
        assert_eq!(place.host("h").identity_agent, expected, "{value}");
    }
}

#[test]
fn a_command_decides_about_a_block_and_is_not_run_without_need() {
    let place = Place::new();
    let ran = place.context.home.join("ran");
    let touch = format!("touch {}", ran.display());
    let place = place
        .user(
            "config",
            &format!(
                "Match host nobody exec \"{touch}\"\n Port 1\nHost nobody\n Include never\n\
             Match exec \"test %h = h\"\n Port 2\nMatch !exec \"false\"\n User ran\n"
            ),
        )
        .user("never", &format!("Match exec \"{touch}\"\n Port 3\n"));
    let host = place.host("h");
    assert_eq!((host.port, host.user.as_str()), (2, "ran"));
    assert!(!ran.exists());
    assert_eq!(place.host("nobody").port, 1);
    assert!(ran.exists());
}

#[test]
fn a_command_that_hangs_is_ended() {
    let mut place = Place::new().user("config", "Match exec \"sleep 1000 & wait\"\n Port 2\n");
    place.context.exec_limit = Duration::from_millis(100);
    let started = Instant::now();
    let error = place.resolve("h").unwrap_err().to_string();
    assert!(error.contains("did not end within"), "{error}");
    assert!(started.elapsed() < Duration::from_secs(60));
}

#[test]
fn aliases_are_what_host_lines_name() {
    let place = Place::new()
        .user("config", "Include more\nHost web db *.wild ?x !no\nHost web\nMatch host m\nhost=\"with blank\"\n")
        .user("more", "Host first\n");
    assert_eq!(place.load().unwrap().aliases(), ["first", "web", "db", "with blank"]);
    let lines: Vec<_> = place.load().unwrap().alias_places().iter().map(|(_, place)| place.line).collect();
    assert_eq!(lines, [1, 2, 2, 5]);
}

#[test]
fn the_configuration_of_this_machine_is_understood() {
    let host = Config::load().unwrap().resolve(&Destination::parse("h").unwrap(), &[]).unwrap();
    assert!(host.identity_file.iter().all(|path| path.is_absolute()));
}
