//! Logging in with a ticket, beside ssh: a realm of its own, and a server of OpenSSH's that takes its tickets.

use std::process::{Command, Output};

use testbed::Realm;
use testbed::sshd::Options;

use crate::client::{Bench, text};

/// A realm, and a server of it that takes tickets and keys.
struct Kerberos {
    realm: Realm,
    bench: Bench,
}

impl Kerberos {
    fn new(options: Options) -> Self {
        let realm = Realm::start(&testbed::sshd::user_name()).unwrap();
        let mut bench = Bench::with(realm.server(options));
        bench.environment.extend(realm.environment("none"));
        Self { realm, bench }
    }

    /// `program` with the tickets in `cache`.
    fn command(&self, program: &str, cache: &str, arguments: &[&str]) -> Command {
        let mut command = self.bench.command(program);
        let _ = command.envs(self.realm.environment(cache)).args(["-o", "GSSAPIAuthentication=yes"]).args(arguments);
        command
    }

    fn ours(&self, cache: &str, arguments: &[&str]) -> Output {
        self.command("tetherm", cache, arguments).output().unwrap()
    }

    /// What both programs say and leave, which has to be the same.
    fn alike(&self, cache: &str, arguments: &[&str]) -> (Option<i32>, String, String) {
        let words = |program| {
            let output = self.command(program, cache, arguments).output().unwrap();
            (output.status.code(), text(&output.stdout), text(&output.stderr))
        };
        let (ours, mut theirs) = (words("tetherm"), words("ssh"));
        // A method that only patched servers and clients have; russh drops the names that it does not know.
        theirs.2 = theirs.2.replace("gssapi-keyex,", "");
        assert_eq!(ours, theirs, "{arguments:?}");
        ours
    }
}

#[test]
fn a_ticket_logs_in_and_is_handed_on_only_where_that_is_asked_for() {
    let kerberos = Kerberos::new(Options::default().line("PubkeyAuthentication no"));
    kerberos.realm.ticket("cache", &["-f"]).unwrap();
    // Of a key that is not there nothing is said, for it does not come to that.
    kerberos.bench.configure(&kerberos.bench.sshd.known_hosts().unwrap(), &kerberos.bench.path("no-key"));
    let (status, out, said) = kerberos.alike("cache", &["box", "echo in; echo ${KRB5CCNAME-none}"]);
    assert_eq!((status, out.as_str(), said.as_str()), (Some(0), "in\nnone\n", ""));
    assert!(kerberos.bench.sshd.log().contains("Accepted gssapi-with-mic for"), "{}", kerberos.bench.sshd.log());
    for arguments in [&["-o", "GSSAPIDelegateCredentials=yes"][..], &["-K"]] {
        let output = kerberos.ours("cache", &[arguments, &["box", "klist"]].concat());
        let (out, said) = (text(&output.stdout), text(&output.stderr));
        assert!(out.contains("krbtgt/TESTBED.EXAMPLE@TESTBED.EXAMPLE"), "{arguments:?}: {out}{said}");
        assert_eq!(said, "");
    }
    for (letters, expected) in [(["-K", "-k"], "\n"), (["-k", "-K"], "set\n")] {
        let (_, out, _) = kerberos.alike("cache", &[&letters[..], &["box", "echo ${KRB5CCNAME+set}"]].concat());
        assert_eq!(out, expected, "{letters:?}");
    }
    let (status, _, _) = kerberos.alike("cache", &["-o", "GSSAPIAuthentication=no", "box", "true"]);
    assert_eq!(status, Some(0), "the first value counts");
}

#[test]
fn without_a_ticket_it_fails_as_ssh_does_and_v_tells_why() {
    let kerberos = Kerberos::new(Options::default().line("PubkeyAuthentication no"));
    let (status, _, said) = kerberos.alike("none", &["-o", "BatchMode=yes", "box", "true"]);
    assert_eq!(status, Some(255));
    assert!(said.ends_with("Permission denied (gssapi-with-mic).\r\n"), "{said}");
    let told = text(&kerberos.ours("none", &["-v", "box", "true"]).stderr);
    assert!(told.contains("Kerberos: No Kerberos credentials available"), "{told}");
    // One that is not this user's, and a server that the realm does not know.
    kerberos.realm.ticket("cache", &[]).unwrap();
    kerberos.realm.admit("somebody-else@TESTBED.EXAMPLE\n").unwrap();
    let (status, _, said) = kerberos.alike("cache", &["-o", "BatchMode=yes", "box", "true"]);
    assert_eq!(status, Some(255), "{said}");
    let unknown = &["-v", "-o", "GSSAPIServerIdentity=127.0.0.2", "box", "true"];
    let told = text(&kerberos.ours("cache", unknown).stderr);
    assert!(told.contains("host/127.0.0.2@TESTBED.EXAMPLE not found in Kerberos database"), "{told}");
    // A principal of which there is no ticket.
    let told = text(&kerberos.ours("cache", &["-v", "-o", "GSSAPIClientIdentity=other", "box", "true"]).stderr);
    assert!(told.contains("Permission denied") && told.contains("other@TESTBED.EXAMPLE"), "{told}");
}

#[test]
fn a_person_at_a_terminal_is_told_what_to_do() {
    let kerberos = Kerberos::new(Options::default().line("PubkeyAuthentication no"));
    for (arguments, words) in [
        ("-o GSSAPIAuthentication=yes box", "Run kinit to get a ticket"),
        ("box", "The server takes only Kerberos: run kinit, and set GSSAPIAuthentication yes"),
    ] {
        let shown = kerberos.bench.in_terminal(arguments, "");
        assert!(shown.contains(words), "{shown}");
    }
    // Where another way leads in, a machine without tickets is nothing to speak of: Debian's ssh asks for them everywhere.
    let kerberos = Kerberos::new(Options::default());
    std::fs::write(kerberos.bench.sshd.authorized_keys(), "").unwrap();
    let shown = kerberos.bench.in_terminal("-o GSSAPIAuthentication=yes box", "");
    assert!(shown.contains("in the host's authorized_keys") && !shown.contains("kinit"), "{shown}");
}

#[test]
fn where_the_ticket_does_not_do_the_next_method_has_its_turn() {
    let kerberos = Kerberos::new(Options::default());
    let arguments = ["box", "echo in"];
    let (status, out, said) = kerberos.alike("none", &arguments);
    assert_eq!((status, out.as_str(), said.as_str()), (Some(0), "in\n", ""));
    // One that the server refuses after it was exchanged.
    kerberos.realm.ticket("cache", &[]).unwrap();
    kerberos.realm.admit("somebody-else@TESTBED.EXAMPLE\n").unwrap();
    let (status, out, said) = kerberos.alike("cache", &arguments);
    assert_eq!((status, out.as_str(), said.as_str()), (Some(0), "in\n", ""));
    assert!(kerberos.bench.sshd.log().contains("Accepted publickey for"));
    // And first of all where both would do.
    kerberos.realm.admit(&format!("{}@TESTBED.EXAMPLE\n", kerberos.bench.sshd.user())).unwrap();
    let told = text(&kerberos.ours("cache", &[&["-v"][..], &arguments].concat()).stderr);
    assert!(told.contains("using \"gssapi-with-mic\""), "{told}");
    let preferred = ["-v", "-o", "PreferredAuthentications=publickey,gssapi-with-mic"];
    let told = text(&kerberos.ours("cache", &[&preferred[..], &arguments].concat()).stderr);
    assert!(told.contains("using \"publickey\""), "{told}");
}

#[test]
fn a_ticket_may_be_one_of_several_methods() {
    for chain in ["gssapi-with-mic,publickey", "publickey,gssapi-with-mic"] {
        let kerberos = Kerberos::new(Options::default().line(format!("AuthenticationMethods {chain}")));
        kerberos.realm.ticket("cache", &[]).unwrap();
        let (status, out, said) = kerberos.alike("cache", &["box", "echo in"]);
        assert_eq!((status, out.as_str(), said.as_str()), (Some(0), "in\n", ""), "{chain}");
    }
}
