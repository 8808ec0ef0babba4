use super::*;

const COOKIE: &[u8; 16] = b"fake-fake-fake-1";

/// A client's set-up, built by the protocol's text and not by the code under test.
fn client(order: ByteOrder, name: &[u8], data: &[u8]) -> Vec<u8> {
    let number = |number: usize| {
        let number = u16::try_from(number).unwrap();
        match order {
            ByteOrder::Big => number.to_be_bytes(),
            ByteOrder::Little => number.to_le_bytes(),
        }
    };
    let mut bytes = vec![if order == ByteOrder::Big { 0x42 } else { 0x6c }, 0];
    for value in [11, 0, name.len(), data.len(), 0] {
        bytes.extend(number(value));
    }
    for field in [name, data] {
        bytes.extend(field);
        bytes.extend(vec![0; (4 - field.len() % 4) % 4]);
    }
    bytes
}

const ORDERS: [ByteOrder; 2] = [ByteOrder::Big, ByteOrder::Little];

#[test]
fn a_set_up_is_read_whole_in_either_byte_order() {
    for order in ORDERS {
        let mut bytes = client(order, b"MIT-MAGIC-COOKIE-1", COOKIE);
        let length = bytes.len();
        bytes.extend(b"first request");
        let (setup, taken) = Setup::parse(&bytes).unwrap().unwrap();
        assert_eq!((taken, setup.order(), setup.major, setup.minor), (length, order, 11, 0));
        assert!(setup.presents(&Cookie::new(COOKIE.to_vec())));
        assert_eq!(*setup.encode(), bytes[..length]);
    }
}

#[test]
fn a_set_up_that_is_not_all_there_is_waited_for() {
    for order in ORDERS {
        for (name, data) in [(&b"MIT-MAGIC-COOKIE-1"[..], &COOKIE[..]), (b"", b""), (b"abc", b"x"), (b"abcd", b"")] {
            let bytes = client(order, name, data);
            for length in 0..bytes.len() {
                assert_eq!(Setup::parse(&bytes[..length]), Ok(None), "{order:?}, {length} of {}", bytes.len());
            }
            assert!(matches!(Setup::parse(&bytes), Ok(Some((_, taken))) if taken == bytes.len()));
        }
    }
}

#[test]
fn the_first_byte_shows_what_is_not_x11() {
    for byte in [0, b'b', b'L', b'G', 0xff] {
        assert_eq!(Setup::parse(&[byte]), Err(Error::NotX11(byte)));
    }
}

#[test]
fn lengths_beyond_any_real_ones_are_refused_from_the_header_alone() {
    for order in ORDERS {
        for (name, data, good) in
            [(64, 256, true), (65, 0, false), (0, 257, false), (65535, 0, false), (65535, 65535, false)]
        {
            let header = &client(order, &vec![b'n'; name], &vec![b'd'; data])[..HEADER];
            match Setup::parse(header) {
                Ok(None) => assert!(good, "{name}, {data}"),
                Err(Error::TooLong { order: found, .. }) => assert!(!good && found == order, "{name}, {data}"),
                other => panic!("{name}, {data}: {other:?}"),
            }
        }
    }
    assert_eq!(client(ByteOrder::Big, &[b'n'; MAX_NAME], &[b'd'; MAX_DATA]).len(), MAX_LENGTH);
}

#[test]
fn only_the_right_name_with_the_right_cookie_is_admitted() {
    let fake = Cookie::new(COOKIE.to_vec());
    for (name, data, admitted) in [
        (&b"MIT-MAGIC-COOKIE-1"[..], &COOKIE[..], true),
        (b"MIT-MAGIC-COOKIE-1", b"fake-fake-fake-2", false),
        (b"MIT-MAGIC-COOKIE-1", b"fake-fake-fake-", false),
        (b"MIT-MAGIC-COOKIE-1", b"", false),
        (b"MIT-MAGIC-COOKIE-2", COOKIE, false),
        (b"XDM-AUTHORIZATION-1", COOKIE, false),
        (b"", COOKIE, false),
        (b"", b"", false),
    ] {
        let bytes = client(ByteOrder::Little, name, data);
        let (setup, _) = Setup::parse(&bytes).unwrap().unwrap();
        assert_eq!(setup.presents(&fake), admitted, "{name:?} {data:?}");
    }
}

#[test]
fn the_real_cookie_takes_the_fakes_place_whatever_its_length() {
    for order in ORDERS {
        for real in [&b"r"[..], b"real-real-real-1", b"a cookie of seventeen"] {
            let (setup, _) = Setup::parse(&client(order, b"MIT-MAGIC-COOKIE-1", COOKIE)).unwrap().unwrap();
            let rewritten = setup.with(Some(&Cookie::new(real.to_vec())));
            assert_eq!(*rewritten.encode(), client(order, b"MIT-MAGIC-COOKIE-1", real));
        }
    }
}

#[test]
fn without_a_real_cookie_the_set_up_has_no_authorization() {
    for order in ORDERS {
        let (setup, _) = Setup::parse(&client(order, b"MIT-MAGIC-COOKIE-1", COOKIE)).unwrap().unwrap();
        assert_eq!(*setup.with(None).encode(), client(order, b"", b""));
    }
}

#[test]
fn a_refusal_is_what_a_server_would_send() {
    // Status 0, 4 bytes of reason, version 11.0, one unit of four bytes.
    assert_eq!(failed(ByteOrder::Big, "no!"), *b"\0\x04\0\x0b\0\0\0\x01no!\n");
    assert_eq!(failed(ByteOrder::Little, "no!"), *b"\0\x04\x0b\0\0\0\x01\0no!\n");
    assert_eq!(failed(ByteOrder::Little, "no"), *b"\0\x03\x0b\0\0\0\x01\0no\n\0");
    let long = failed(ByteOrder::Big, &"é€".repeat(400));
    assert_eq!((long.len(), long[1], &long[6..8]), (8 + 256, 255, &[0, 64][..]));
    assert!(long[8..8 + 254].iter().all(|byte| *byte == 0xe9));
}

#[test]
fn the_reason_is_read_back_from_a_refusal_only() {
    assert_eq!(refusal(&failed(ByteOrder::Little, "because")).as_deref(), Some("because"));
    assert_eq!(refusal(&failed(ByteOrder::Big, "because")[..10]), None);
    assert_eq!(refusal(b"\x01\0\x0b\0\0\0\0\0"), None);
    assert_eq!(refusal(b""), None);
}

#[test]
fn the_authorization_is_not_shown_by_debug() {
    let (setup, _) = Setup::parse(&client(ByteOrder::Big, b"MIT-MAGIC-COOKIE-1", COOKIE)).unwrap().unwrap();
    let shown = format!("{setup:?}");
    assert!(!shown.contains("102") && !shown.contains("fake"), "{shown}");
}
