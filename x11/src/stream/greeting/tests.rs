use super::*;

/// An answer of a server with a vendor of 5 letters, one pixmap format and two screens, of which the first has two depths.
fn greeting(order: ByteOrder) -> Vec<u8> {
    let mut bytes = vec![0; 40 + 8 + 8 + 40 + (8 + 24) + 8 + 40];
    bytes[0] = 1;
    let units = u16::try_from((bytes.len() - 8) / 4).unwrap();
    order.put_short(&mut bytes, 6, units);
    order.put_long(&mut bytes, 12, 0x0040_0000);
    order.put_long(&mut bytes, 16, 0x001f_ffff);
    order.put_short(&mut bytes, 2, 11);
    order.put_long(&mut bytes, 8, 12_101_007);
    order.put_short(&mut bytes, 24, 5);
    bytes[40..45].copy_from_slice(b"Maker");
    bytes[28] = 2;
    bytes[29] = 1;
    let screen = 56;
    order.put_long(&mut bytes, screen, 0x123);
    order.put_short(&mut bytes, screen + 20, 1024);
    order.put_short(&mut bytes, screen + 22, 768);
    bytes[screen + 39] = 2;
    order.put_short(&mut bytes, screen + 40 + 2, 1);
    let second = screen + 40 + 32 + 8;
    order.put_long(&mut bytes, second, 0x456);
    bytes
}

#[test]
fn ids_and_roots_are_found_in_either_order() {
    for order in [ByteOrder::Big, ByteOrder::Little] {
        let bytes = greeting(order);
        assert_eq!(Greeting::length(order, &bytes), Some(bytes.len()));
        let expected = Greeting {
            base: 0x0040_0000,
            mask: 0x001f_ffff,
            roots: vec![0x123, 0x456],
            vendor: "Maker".to_owned(),
            release: 12_101_007,
            protocol: (11, 0),
            screens: vec![(1024, 768), (0, 0)],
        };
        assert_eq!(Greeting::parse(order, &bytes), Some(expected));
        for length in 0..bytes.len() {
            assert_eq!(Greeting::parse(order, &bytes[..length]), None, "cut at {length}");
        }
    }
}

#[test]
fn a_refusal_is_no_greeting() {
    let bytes = crate::setup::failed(ByteOrder::Big, "no");
    assert_eq!(Greeting::parse(ByteOrder::Big, &bytes), None);
}
