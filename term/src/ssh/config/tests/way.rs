//! The hosts on the way to a host.

use super::*;

impl Place {
    fn reach(&self, destination: &str) -> Result<Host, Error> {
        self.load()?.reach(&Destination::parse(destination)?, &[])
    }
}

#[test]
fn jump_hosts_have_their_own_settings_and_the_first_its_own_jump_hosts() {
    let place = Place::new().user(
        "config",
        "Host target\n ProxyJump one,me@two:2222\nHost one\n HostName 10.0.0.1\n User first\n ProxyJump zero\n\
         Host two\n ProxyJump never\n ProxyCommand never\n IdentityFile /two\nHost zero\n Port 7",
    );
    let target = place.reach("target").unwrap();
    let hops: Vec<_> = target.jumps.iter().map(|jump| jump.hop().to_string()).collect();
    assert_eq!(hops, ["me@zero:7", "first@10.0.0.1", "me@two:2222"]);
    assert!(target.jumps.iter().all(|jump| jump.toward.as_deref() == Some("target") && jump.jumps.is_empty()));
    let [_, _, two] = &target.jumps[..] else { panic!("{hops:?}") };
    assert_eq!(two.identity_file, [std::path::Path::new("/two")]);
    assert_eq!((&two.proxy_command, &two.proxy_jump), (&None, &None), "it is reached through the one before it");

    // What the command line says is for the host alone, and no jump host is one.
    let config = place.load().unwrap();
    let options = ["Port=99".to_owned(), "ProxyJump=none".to_owned()];
    let direct = config.reach(&Destination::parse("target").unwrap(), &options).unwrap();
    assert_eq!((direct.port, direct.jumps.len()), (99, 0));
    let options = ["Port=99".to_owned(), "ProxyJump=ssh://a@b:5".to_owned()];
    let through = config.reach(&Destination::parse("target").unwrap(), &options).unwrap();
    assert_eq!(through.jumps.iter().map(|jump| jump.hop().to_string()).collect::<Vec<_>>(), ["a@b:5"]);
}

#[test]
fn a_host_that_is_its_own_jump_host_is_an_error() {
    let place = Place::new().user("config", "Host *\n ProxyJump bastion");
    let error = place.reach("target").unwrap_err().to_string();
    assert!(error.ends_with("config: line 2: jumphost loop via bastion"), "{error}");
    let place = Place::new().user("config", "Host a\n ProxyJump b\nHost b\n ProxyJump a");
    assert!(place.reach("a").unwrap_err().to_string().contains("jumphost loop"), "a circle");
    let place = Place::new().user("config", "Host bastion\n ProxyJump none\nHost *\n ProxyJump bastion");
    assert_eq!(place.reach("target").unwrap().jumps.len(), 1);
}
