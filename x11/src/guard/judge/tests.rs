use std::time::Duration;

use super::*;
use crate::guard::presence::ENTITLED;
use crate::guard::{Kin, Ledger};
use crate::setup::ByteOrder;
use crate::stream::{Requests, Step};

const OWN: u32 = 0x0040_0001;
const FOREIGN: u32 = 0x0060_0001;
const ROOT: u32 = 0x123;
const XINPUT: u8 = 131;
const XKB: u8 = 135;

fn known() -> Known {
    let mut extensions = [None; 128];
    extensions[usize::from(XINPUT - 128)] = Some(Extension::XInput);
    extensions[usize::from(XKB - 128)] = Some(Extension::Xkb);
    let atoms: Vec<u32> = (0..Atoms::names().count()).map(|at| 300 + u32::try_from(at).unwrap()).collect();
    Known { extensions, atoms: Atoms::new(&atoms).unwrap(), wm_check: FOREIGN + 7 }
}

/// A request whose fields, from byte 4 on, are these.
fn request(order: ByteOrder, opcode: u8, minor: u8, fields: &[u32]) -> Vec<u8> {
    let mut bytes = vec![0; 4 + fields.len() * 4];
    bytes[..2].copy_from_slice(&[opcode, minor]);
    let units = u16::try_from(bytes.len() / 4).unwrap();
    order.put_short(&mut bytes, 2, units);
    for (at, field) in fields.iter().enumerate() {
        order.put_long(&mut bytes, 4 + at * 4, *field);
    }
    bytes
}

/// What becomes of a request of a program whose user has just clicked, or has not.
fn judged(order: ByteOrder, mut bytes: Vec<u8>, clicked: bool) -> Vec<u8> {
    let (known, kin, ledger, presence) = (known(), Kin::default(), Ledger::default(), Presence::default());
    let member = kin.join(0x0040_0000, 0x001f_ffff);
    let greeting = Greeting { base: 0x0040_0000, mask: 0x001f_ffff, roots: vec![ROOT], ..Greeting::default() };
    let now = Instant::now();
    if clicked {
        let mut event = [0; 32];
        event[0] = 4;
        presence.see(order, &event, &known, now);
    }
    let entry = ledger.open();
    let guard = Guard { known: &known, greeting: &greeting, member: &member, presence: &presence, entry: &entry };
    match Requests::new(order).with_long().advance(&mut bytes, |request| guard.judge(request, now)).unwrap() {
        Step::Pass(length) => {
            assert_eq!(length, bytes.len());
            bytes
        }
        Step::Replace { pass, skip, with } => {
            assert_eq!((pass, skip), (0, bytes.len()));
            with.bytes().to_vec()
        }
    }
}

#[test]
fn a_request_without_its_fields_is_never_passed_by_a_row_that_looks_at_them() {
    // Each core request that has a row, as short as can be: denied, or made something that does nothing.
    for opcode in [1, 2, 4, 7, 8, 12, 18, 19, 20, 24, 25, 26, 31, 42, 44, 62, 64, 73, 93, 100, 109, 113, 116] {
        for order in [ByteOrder::Big, ByteOrder::Little] {
            let passed = judged(order, request(order, opcode, 0, &[]), true);
            // A grab whose time cannot be changed is one that the server finds too short.
            assert!(matches!(passed[0], 0 | 127) || matches!(opcode, 26 | 31), "{opcode}: {passed:?}");
        }
    }
}

#[test]
fn own_windows_pass_and_foreign_ones_do_not_in_either_order_and_form() {
    for order in [ByteOrder::Big, ByteOrder::Little] {
        for opcode in [4, 8, 10, 12, 61] {
            let own = request(order, opcode, 0, &[OWN, 0, 0]);
            assert_eq!(judged(order, own.clone(), false), own);
            for id in [FOREIGN, ROOT] {
                assert_eq!(judged(order, request(order, opcode, 0, &[id, 0, 0]), false)[0], 127, "{opcode}");
            }
            // In the long form every field is four bytes further on.
            let mut long = request(order, opcode, 0, &[4, FOREIGN, 0]);
            order.put_short(&mut long, 2, 0);
            assert_eq!(judged(order, long, false)[0], 127, "{opcode}, long");
        }
    }
}

#[test]
fn a_window_gets_a_background_and_keeps_its_other_values() {
    for order in [ByteOrder::Big, ByteOrder::Little] {
        let create = |mask: u32, values: &[u32]| {
            let fields = [&[OWN, ROOT, 0, 0, 0, 0, mask][..], values].concat();
            request(order, 1, 24, &fields)
        };
        // CWBitGravity and CWEventMask.
        let (plain, with) = (create(0x0810, &[1, 2]), create(0x0812, &[0, 1, 2]));
        assert_eq!(judged(order, plain, false), with);
        assert_eq!(judged(order, create(0x0811, &[0, 1, 2]), false), with);
        for kept in [create(0x0802, &[7, 8]), create(0x0001, &[1]), create(0x0003, &[0, 7]), create(0x0001, &[OWN])] {
            assert_eq!(judged(order, kept.clone(), false), kept);
        }
        assert_eq!(judged(order, create(0x0001, &[FOREIGN]), false)[0], 0);
    }
}

#[test]
fn listening_is_taken_out_of_what_is_heard_of_foreign_windows() {
    let order = ByteOrder::Big;
    let listen = |window, mask| judged(order, request(order, 2, 0, &[window, EVENT_MASK, mask]), false);
    let mask = |bytes: &[u8]| order.long(bytes, 12).unwrap();
    assert_eq!(mask(&listen(ROOT, 0x01ff_ffff)), 0x00ea_8030 | 0x0001_0000);
    assert_eq!(mask(&listen(OWN, 0x01ff_ffff)), 0x01ff_ffff);
    // Another attribute of a foreign window.
    assert_eq!(judged(order, request(order, 2, 0, &[ROOT, BACK_PIXEL, 7]), false)[0], 127);
}

#[test]
fn raw_events_are_taken_out_of_xinput() {
    let order = ByteOrder::Little;
    let select = |window, mask: u32| {
        // Device 1, one unit of mask.
        let bytes = judged(order, request(order, XINPUT, 46, &[window, 1, 1 | 1 << 16, mask]), false);
        order.long(&bytes, 16).unwrap()
    };
    assert_eq!(select(OWN, u32::MAX), 0xfe3e_1fff);
    assert_eq!(select(ROOT, u32::MAX), 0x0002_1e03);
    // A mask that says to be longer than the request.
    assert_eq!(judged(order, request(order, XINPUT, 46, &[ROOT, 1, 1 | 9 << 16, 0]), false)[0], 0);
}

#[test]
fn keys_are_taken_out_of_what_the_keyboard_extension_tells() {
    let order = ByteOrder::Little;
    let select = |which: u16, clear: u16, all: u16| {
        let fields = [0x0100 | u32::from(which) << 16, u32::from(clear) | u32::from(all) << 16, 0];
        judged(order, request(order, XKB, 1, &fields), false)
    };
    let lists = |bytes: &[u8]| (order.short(bytes, 8).unwrap(), order.short(bytes, 10).unwrap());
    assert_eq!(lists(&select(0x0fff, 0, 0x0fff)), (0x0600, 0x09ff));
    assert_eq!(lists(&select(0x0006, 0, 0x0006)), (0, 0x0006));
    assert_eq!(select(0x0400, 0, 0)[0], 0);
}

#[test]
fn a_refused_selection_is_answered_as_by_an_owner_who_will_not() {
    let order = ByteOrder::Big;
    let clipboard = 300;
    let convert = |selection| request(order, 24, 0, &[OWN, selection, 31, 77, 5]);
    let mut expected = request(order, 25, 0, &[OWN, 0, 0, 5, OWN, clipboard, 31, 0, 0, 0]);
    expected[12] = 31;
    assert_eq!(judged(order, convert(clipboard), false), expected);
    assert_eq!(judged(order, convert(clipboard), true), convert(clipboard));
    assert_eq!(judged(order, convert(4711), false), convert(4711), "a role on the desktop");
}

#[test]
fn the_user_is_there_for_ten_seconds() {
    let (known, presence, now) = (known(), Presence::default(), Instant::now());
    let order = ByteOrder::Little;
    let see = |kind: u8| {
        let mut event = [0; 32];
        event[0] = kind;
        presence.see(order, &event, &known, now);
    };
    see(2 | 0x80);
    see(6);
    assert!(!presence.is_used(now), "made up by another client, or a mere movement");
    see(4);
    assert!(presence.is_used(now + ENTITLED * 2), "the button is held");
    see(5);
    assert!(presence.is_used(now + ENTITLED - Duration::from_millis(1)) && !presence.is_used(now + ENTITLED));
}

#[test]
fn what_is_newer_than_the_rules_is_refused() {
    let order = ByteOrder::Little;
    for (opcode, minor) in [(XINPUT, 62), (XKB, 101), (200, 0), (128, 0)] {
        assert_eq!(judged(order, request(order, opcode, minor, &[OWN]), true)[0], 0, "{opcode}, {minor}");
    }
}

#[test]
fn the_name_of_a_hidden_extension_becomes_one_that_no_server_has() {
    let order = ByteOrder::Little;
    let query = |name: &[u8]| {
        let mut bytes = request(order, 98, 0, &[0, 0, 0]);
        order.put_short(&mut bytes, 4, u16::try_from(name.len()).unwrap());
        bytes[8..8 + name.len()].copy_from_slice(name);
        judged(order, bytes, false)[8..8 + name.len()].to_vec()
    };
    assert_eq!(
        (query(b"SHAPE"), query(b"XTEST"), query(b"SHAPE\0")),
        (b"SHAPE".to_vec(), b"-TEST".to_vec(), b"-HAPE\0".to_vec())
    );
}
