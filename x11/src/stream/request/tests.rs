use proptest::prelude::*;

use super::*;

const ORDERS: [ByteOrder; 2] = [ByteOrder::Big, ByteOrder::Little];

/// A request with a body of zeros.
fn request(order: ByteOrder, opcode: u8, minor: u8, units: u16) -> Vec<u8> {
    let mut bytes = vec![0; usize::from(units) * 4];
    bytes[..2].copy_from_slice(&[opcode, minor]);
    order.put_short(&mut bytes, 2, units);
    bytes
}

/// The same in the long form.
fn long(order: ByteOrder, opcode: u8, units: u32) -> Vec<u8> {
    let mut bytes = vec![0; units as usize * 4];
    bytes[0] = opcode;
    order.put_long(&mut bytes, 4, units);
    bytes
}

/// Follows `bytes` as a bridge does that gets them in pieces that end at `cuts`, through a buffer of 64 KiB. What goes on,
/// and the opcodes that were judged.
fn follow(
    mut requests: Requests,
    bytes: &[u8],
    cuts: &[usize],
    mut judge: impl FnMut(&mut Request<'_>) -> Verdict,
) -> (Vec<u8>, Vec<u8>, Result<(), Error>) {
    let (mut buffer, mut out, mut judged) = (Vec::new(), Vec::new(), Vec::new());
    let mut begin = 0;
    for end in cuts.iter().copied().chain([bytes.len()]) {
        let end = end.clamp(begin, bytes.len());
        for piece in bytes[begin..end].chunks(1 << 15) {
            buffer.extend_from_slice(piece);
            assert!(buffer.len() <= 1 << 16, "more is held back than a bridge holds");
            loop {
                let step = requests.advance(&mut buffer, |request| {
                    judged.push(request.opcode());
                    judge(request)
                });
                match step {
                    Ok(Step::Pass(0)) => break,
                    Ok(Step::Pass(pass)) => out.extend(buffer.drain(..pass)),
                    Ok(Step::Replace { pass, skip, with }) => {
                        out.extend(buffer.drain(..pass));
                        drop(buffer.drain(..skip));
                        out.extend(with.bytes());
                    }
                    Err(error) => return (out, judged, Err(error)),
                }
            }
        }
        begin = end;
    }
    (out, judged, Ok(()))
}

#[test]
fn each_request_is_judged_once_and_in_its_order() {
    for order in ORDERS {
        let bytes = [
            request(order, 1, 0, 8),
            request(order, 72, 0, 0xffff),
            request(order, 38, 0, 2),
            request(order, 43, 0, 1),
        ]
        .concat();
        let mut numbers = Vec::new();
        let (out, judged, result) = follow(Requests::new(order), &bytes, &[1, 3, 40, 300_000], |request| {
            numbers.push(request.number);
            Verdict::Pass
        });
        assert_eq!((out, judged, result), (bytes, vec![1, 72, 38, 43], Ok(())));
        assert_eq!(numbers, [1, 2, 3, 4]);
    }
}

#[test]
fn a_denied_request_keeps_its_length_and_a_replaced_one_its_place() {
    for order in ORDERS {
        let bytes = [request(order, 1, 0, 3), request(order, 2, 0, 5), request(order, 3, 0, 1)].concat();
        let other = request(order, 25, 0, 11);
        let (out, ..) = follow(Requests::new(order), &bytes, &[], |request| match request.opcode() {
            1 => {
                request.fail();
                Verdict::Pass
            }
            2 => Verdict::Replace(Replacement::new(&other).unwrap()),
            _ => Verdict::Pass,
        });
        assert_eq!(out, [request(order, 0, 0, 3), other, request(order, 3, 0, 1)].concat());
    }
}

#[test]
fn a_request_that_is_too_long_to_be_replaced_is_refused() {
    let order = ByteOrder::Big;
    let bytes = request(order, 24, 0, 2000);
    let with = Replacement::new(&[0; 4]).unwrap();
    let (out, ..) = follow(Requests::new(order), &bytes, &[], |_| Verdict::Replace(with));
    assert_eq!(out, request(order, 0, 0, 2000));
}

#[test]
fn a_length_of_zero_ends_the_stream_until_long_requests_are_switched_on() {
    const BIG: u8 = 133;
    for order in ORDERS {
        let enable = request(order, BIG, 0, 1);
        let big = long(order, 72, 100_000);
        let follow = |bytes: &[Vec<u8>]| {
            let requests = Requests::new(order).with_big_requests(BIG);
            let (out, _, result) = follow(requests, &bytes.concat(), &[5, 11, 12], |_| Verdict::Pass);
            (out.len(), result)
        };
        assert_eq!(follow(&[enable.clone(), big.clone()]), (400_004, Ok(())));
        assert_eq!(follow(std::slice::from_ref(&big)), (0, Err(Error::Length)));
        // What the server does not take for its switch is none here.
        for not in [request(order, BIG, 1, 1), request(order, BIG, 0, 2), request(order, BIG - 1, 0, 1)] {
            assert_eq!(follow(&[not.clone(), big.clone()]), (not.len(), Err(Error::Length)));
        }
        for units in [0, 1, LONGEST + 1, u32::MAX] {
            let mut short = long(order, 72, 2);
            order.put_long(&mut short, 4, units);
            assert_eq!(follow(&[enable.clone(), short]), (4, Err(Error::Length)), "{units}");
        }
    }
}

#[test]
fn fields_are_where_the_protocol_has_them_in_either_form() {
    for order in ORDERS {
        for (mut bytes, extra) in [(request(order, 73, 2, 5), 0), (long(order, 73, 6), 4)] {
            bytes[1] = 2;
            order.put_long(&mut bytes, 4 + extra, 0x0102_0304);
            order.put_short(&mut bytes, 16 + extra, 0x0506);
            let _ = follow(Requests::new(order).with_long(), &bytes, &[], |request| {
                assert_eq!((request.minor(), request.long(4), request.short(16)), (2, Some(0x0102_0304), Some(0x0506)));
                assert_eq!((request.long(20), request.byte(19)), (None, Some(0)));
                Verdict::Pass
            });
        }
    }
}

proptest! {
    #[test]
    fn whatever_comes_is_the_same_however_it_is_cut(
        bytes in prop::collection::vec(prop_oneof![Just(0_u8), Just(1), Just(2), Just(133), any::<u8>()], 0..3000),
        mut cuts in prop::collection::vec(0..3000_usize, 0..20),
        big in any::<bool>(),
    ) {
        cuts.sort_unstable();
        let order = if big { ByteOrder::Big } else { ByteOrder::Little };
        let judge = |request: &mut Request<'_>| {
            match request.opcode() % 5 {
                0 => request.fail(),
                1 => return Verdict::Replace(Replacement::new(&[127, 0, 0, 1]).unwrap()),
                2 => request.put_long(8, u32::MAX),
                3 => request.clear(6, &[0xff; 40]),
                _ => {}
            }
            Verdict::Pass
        };
        let begin = || Requests::new(order).with_big_requests(133);
        prop_assert_eq!(follow(begin(), &bytes, &cuts, judge), follow(begin(), &bytes, &[], judge));
    }
}
