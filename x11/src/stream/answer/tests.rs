use proptest::prelude::*;

use super::*;

/// Follows `bytes` in pieces that end at `cuts`. What goes on, and how long each reply and event was that was seen.
fn follow(bytes: &[u8], cuts: &[usize], wanted: &[u64]) -> (Vec<u8>, Vec<usize>, Result<(), Error>) {
    let waiting = Wanted::default();
    for number in wanted {
        assert!(waiting.want(*number));
    }
    let mut answers = Answers::new(ByteOrder::Little);
    let (mut buffer, mut out, mut seen) = (Vec::new(), Vec::new(), Vec::new());
    let mut begin = 0;
    for end in cuts.iter().copied().chain([bytes.len()]) {
        let end = end.clamp(begin, bytes.len());
        buffer.extend_from_slice(&bytes[begin..end]);
        loop {
            let passed = answers.advance(&mut buffer, 4096, &waiting, |answer| match answer {
                Answer::Reply(reply) => {
                    reply[31] = 0xee;
                    seen.push(reply.len());
                }
                Answer::Event(event) => seen.push(event.len()),
            });
            match passed {
                Ok(0) => break,
                Ok(passed) => out.extend(buffer.drain(..passed)),
                Err(error) => return (out, seen, Err(error)),
            }
        }
        begin = end;
    }
    out.extend(buffer);
    (out, seen, Ok(()))
}

fn answer(kind: u8, number: u16, extra: u32) -> Vec<u8> {
    let mut bytes = vec![0; 32 + extra as usize * 4];
    bytes[0] = kind;
    ByteOrder::Little.put_short(&mut bytes, 2, number);
    ByteOrder::Little.put_long(&mut bytes, 4, extra);
    bytes
}

#[test]
fn the_wanted_reply_is_seen_as_a_whole_and_no_other() {
    let event = [vec![2], vec![0xff; 31]].concat();
    let bytes = [answer(1, 6, 3000), event, answer(1, 7, 10), answer(35, 7, 5), answer(1, 7, 0)].concat();
    let mut expected = bytes.clone();
    expected[32 + 12_000 + 32 + 31] = 0xee;
    for cuts in [&[][..], &[1, 31, 12_040, 12_070, 12_100]] {
        assert_eq!(follow(&bytes, cuts, &[7]), (expected.clone(), vec![32, 72, 32], Ok(())));
    }
}

#[test]
fn an_error_is_an_answer_too() {
    let bytes = [answer(0, 7, 0), answer(1, 8, 1)].concat();
    assert_eq!(follow(&bytes, &[], &[7, 8]).1, [36]);
}

#[test]
fn a_wanted_reply_that_is_too_long_ends_the_stream() {
    assert_eq!(follow(&answer(1, 7, 2000), &[], &[7]).2, Err(Error::TooLong));
}

#[test]
fn only_so_many_replies_are_wanted_at_once() {
    let wanted = Wanted::default();
    assert_eq!((0..1000).filter(|number| wanted.want(*number)).count(), WANTED);
}

proptest! {
    #[test]
    fn whatever_comes_is_the_same_however_it_is_cut(
        bytes in prop::collection::vec(prop_oneof![Just(0_u8), Just(1), Just(35), any::<u8>()], 0..2000),
        mut cuts in prop::collection::vec(0..2000_usize, 0..20),
    ) {
        cuts.sort_unstable();
        prop_assert_eq!(follow(&bytes, &cuts, &[0, 1, 257]), follow(&bytes, &[], &[0, 1, 257]));
    }
}
