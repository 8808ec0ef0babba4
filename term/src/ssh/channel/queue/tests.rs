//! What a queue takes, keeps and gives back.

use super::*;

fn queue(channels: usize) -> (Arc<Queue>, Vec<crate::ssh::channel::Counted>) {
    let load = Arc::new(Load::default());
    let counted = (0..channels).map(|_| load.count()).collect();
    (Queue::new(load), counted)
}

fn data(bytes: usize) -> Message {
    Message::Data(vec![7; bytes])
}

async fn next(queue: &Arc<Queue>) -> Option<Message> {
    std::future::poll_fn(|cx| queue.poll_next(cx)).await
}

#[tokio::test]
async fn the_server_is_held_while_enough_waits_and_let_go_once() {
    let (queue, _counted) = queue(2);
    queue.push(data(ENOUGH - LOW)).await.unwrap();
    assert!(!queue.hold().is_held());
    queue.push(data(LOW)).await.unwrap();
    assert!(queue.hold().is_held());
    // Not before little is left: each time costs a packet.
    let _ = next(&queue).await;
    assert!(queue.hold().is_held());
    let _ = next(&queue).await;
    assert!(!queue.hold().is_held());
    queue.push(data(ENOUGH)).await.unwrap();
    assert!(queue.hold().is_held());
    queue.abandon();
    assert!(!queue.hold().is_held());
}

#[tokio::test]
async fn a_channel_alone_is_never_closed_for_what_waits() {
    let (queue, _counted) = queue(1);
    let admission = || queue.lock().admission(&queue.load);
    queue.push(data(ROOM)).await.unwrap();
    assert_eq!(admission(), Admission::Head);
    queue.push(data(ROOM_ALONE - ROOM)).await.unwrap();
    queue.lock().moved = Instant::now().checked_sub(PAUSE).unwrap();
    assert_eq!(admission(), Admission::Tail);
    queue.lock().file_bytes = LIMIT;
    queue.lock().waited();
    assert_eq!(admission(), Admission::Wait(PAUSE));
    queue.lock().file_bytes = 0;
    queue.lock().tail_bytes = TAIL;
    queue.lock().waited();
    assert_eq!(admission(), Admission::Wait(PAUSE));
}

#[tokio::test]
async fn beside_others_it_waits_only_where_something_would_be_lost() {
    let (queue, _counted) = queue(2);
    let admission = || queue.lock().admission(&queue.load);
    queue.push(data(ROOM)).await.unwrap();
    queue.lock().moved = Instant::now().checked_sub(BLINK).unwrap();
    assert_eq!(admission(), Admission::Tail);
    queue.lock().file_bytes = LIMIT;
    assert!(matches!(admission(), Admission::Wait(limit) if limit <= PATIENCE));
    queue.lock().moved = Instant::now().checked_sub(PATIENCE).unwrap();
    assert_eq!(admission(), Admission::Refused(Refused::Full));
    // What is still to be written fills the file, too.
    queue.lock().file_bytes = LIMIT - BLOCK as u64;
    queue.lock().tail_bytes = BLOCK;
    assert_eq!(admission(), Admission::Refused(Refused::Full));
    queue.lock().file_bytes = 0;
    queue.lock().tail_bytes = TAIL;
    assert_eq!(admission(), Admission::Wait(PATIENCE));
    queue.lock().waited();
    assert_eq!(admission(), Admission::Refused(Refused::Full));
    queue.abandon();
    assert_eq!(admission(), Admission::Refused(Refused::Abandoned));
}

#[tokio::test]
async fn what_went_through_the_file_comes_out_in_order_and_the_file_goes() {
    let (queue, _counted) = queue(2);
    let messages = (0..60_u8).map(|number| vec![number; 300_000]);
    for bytes in messages.clone() {
        queue.push(Message::Data(bytes)).await.unwrap();
        assert!(queue.waiting().0 <= MEMORY);
    }
    queue.push(Message::ExitStatus(7)).await.unwrap();
    queue.finish();
    assert!(queue.waiting().1 > 0, "nothing is in the file");
    let mut all = Vec::new();
    let mut status = None;
    while let Some(message) = next(&queue).await {
        match message {
            Message::Data(bytes) => all.extend(bytes),
            other => status = Some(other),
        }
    }
    assert!(all == messages.flatten().collect::<Vec<u8>>(), "{} bytes", all.len());
    assert_eq!(status, Some(Message::ExitStatus(7)));
    assert_eq!(queue.waiting(), (0, 0));
    assert!(queue.lock().spill.is_none());
}

#[tokio::test]
async fn a_fast_user_is_waited_for_in_steps_and_its_backlog_goes_away() {
    let (queue, _counted) = queue(2);
    let admission = || queue.lock().admission(&queue.load);
    queue.push(data(2 * ROOM)).await.unwrap();
    queue.lock().moved = Instant::now();
    assert_eq!(admission(), Admission::Wait(BLINK));
    // Half of it is taken, and less than that may come.
    assert!(queue.lock().take().is_some());
    assert_eq!(admission(), Admission::Head);
    queue.push(data(ROOM)).await.unwrap();
    queue.push(data(ROOM)).await.unwrap();
    queue.lock().moved = Instant::now();
    assert_eq!(admission(), Admission::Wait(BLINK));
    assert_eq!(queue.lock().pace.credit, 0);
}

#[test]
fn a_pace_is_what_is_taken_while_there_is_something_to_take() {
    let start = Instant::now();
    for (bytes, slow) in [(FAST / 2, true), (FAST * 2, false)] {
        let mut pace = Pace::default();
        for step in 0..=4 {
            pace.took(bytes / 4, start + PERIOD / 4 * step);
        }
        assert_eq!(pace.slow, slow, "{bytes} bytes");
    }
}

#[tokio::test]
async fn a_terminal_that_is_sent_noise_is_waited_for_until_it_does_not_move() {
    let (queue, _counted) = queue(2);
    queue.attend();
    let admission = || queue.lock().admission(&queue.load);
    queue.push(data(ROOM)).await.unwrap();
    for still in [0, 20, 200] {
        let mut inner = queue.lock();
        inner.pace.slow = true;
        inner.pace.credit = BLOCK;
        inner.moved = Instant::now().checked_sub(Duration::from_millis(still)).unwrap();
        drop(inner);
        assert!(matches!(admission(), Admission::Wait(_)), "{still} ms");
    }
    queue.lock().moved = Instant::now().checked_sub(HESITATION).unwrap();
    assert_eq!(admission(), Admission::Tail);
    // What it left behind meanwhile is not in the others' way once it moves again.
    queue.lock().moved = Instant::now();
    queue.lock().file_bytes = 1;
    assert_eq!(admission(), Admission::Tail);
}
