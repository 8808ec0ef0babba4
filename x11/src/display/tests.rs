use super::*;

fn parse(name: &str) -> Result<Display, Error> {
    Display::parse_where(name, |_| false)
}

fn tcp(host: &str) -> Address {
    Address::Tcp(host.to_owned())
}

#[test]
fn every_form_of_a_display_name_is_understood() {
    for (name, address, number, screen) in [
        (":0", Address::Local, 0, 0),
        (":0.1", Address::Local, 0, 1),
        (":65535", Address::Local, 65535, 0),
        ("unix:0", Address::Local, 0, 0),
        ("unix:0.0", Address::Local, 0, 0),
        ("unix/:7", Address::Local, 7, 0),
        ("local/:7", Address::Local, 7, 0),
        ("unix/anything:7.2", Address::Local, 7, 2),
        ("host/unix:10.0", Address::Local, 10, 0),
        ("localhost:10.0", tcp("localhost"), 10, 0),
        ("host:0.1", tcp("host"), 0, 1),
        ("tcp/host:0", tcp("host"), 0, 0),
        ("inet/host:0", tcp("host"), 0, 0),
        ("inet6/[::1]:3", tcp("::1"), 3, 0),
        ("tcp/:0", tcp("localhost"), 0, 0),
        ("192.0.2.7:12.3", tcp("192.0.2.7"), 12, 3),
        ("[::1]:0", tcp("::1"), 0, 0),
        ("[fe80::1%eth0]:1.2", tcp("fe80::1%eth0"), 1, 2),
        ("::1:0", tcp("::1"), 0, 0),
        (":::5", tcp("::"), 5, 0),
        ("2001:db8::7:0", tcp("2001:db8::7"), 0, 0),
        ("host:59535", tcp("host"), 59535, 0),
    ] {
        let display = parse(name).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((&display.address, display.number, display.screen), (&address, number, screen), "{name}");
        assert_eq!(display.to_string(), name);
    }
}

#[test]
fn what_is_no_display_name_is_said_to_be_none() {
    for name in [
        "",
        ":",
        "0",
        "host",
        ":x",
        ":-1",
        ":+1",
        ": 0",
        ":0.",
        ":0.x",
        ":0.-1",
        ":0.0.0",
        ":0x",
        ":.1",
        "host:",
        "host::0",
        "::0",
        "[::1:0",
        "::1]:0",
        "[host]:0",
        "[]:0",
        "ho st:0",
        "decnet/host:0",
        "ho\0st:0",
        ":0\n",
        ":0.99999999999",
    ] {
        assert_eq!(parse(name), Err(Error::Malformed(name.to_owned())), "{name:?}");
    }
}

#[test]
fn a_number_that_cannot_be_is_refused_with_the_limit() {
    for (name, limit) in
        [(":65536", 65535), (":99999999999999999999", 65535), ("host:59536", 59535), ("host:65535", 59535)]
    {
        assert_eq!(parse(name), Err(Error::TooLarge { name: name.to_owned(), limit }), "{name}");
    }
}

#[test]
fn a_path_names_a_socket_and_its_number() {
    let launchd = "/private/tmp/com.apple.launchd.ab.cd/org.xquartz:0";
    for (name, there, path, number, screen) in [
        (launchd, true, launchd, 0, 0),
        (launchd, false, launchd, 0, 0),
        ("/run/org.xquartz:4.1", false, "/run/org.xquartz:4", 4, 1),
        ("/run/x.1", true, "/run/x.1", 0, 0),
        ("/run/x.1", false, "/run/x", 0, 1),
        ("unix:/tmp/.X11-unix/X5", true, "/tmp/.X11-unix/X5", 5, 0),
        ("/tmp/.X11-unix/X5.2", false, "/tmp/.X11-unix/X5", 5, 2),
    ] {
        let display = Display::parse_where(name, |_| there).unwrap();
        assert_eq!(display.address, Address::Socket(PathBuf::from(path)), "{name}");
        assert_eq!((display.number, display.screen), (number, screen), "{name}");
    }
}

#[test]
fn an_unset_or_empty_variable_says_what_to_do() {
    assert_eq!(Display::from_value(None), Err(Error::Unset));
    assert_eq!(Display::from_value(Some(OsString::new())), Err(Error::Unset));
    assert_eq!(Display::from_value(Some(":3".into())).unwrap().number(), 3);
    assert!(Error::Unset.to_string().contains("host's settings"));
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_not_text_is_malformed() {
    use std::os::unix::ffi::OsStringExt as _;
    let value = OsString::from_vec(vec![b':', 0xff]);
    assert!(matches!(Display::from_value(Some(value)), Err(Error::Malformed(_))));
}

#[test]
fn an_error_makes_control_characters_visible() {
    let error = parse(":0\x1b[31m").unwrap_err();
    assert!(!error.to_string().contains('\x1b'), "{error}");
}
