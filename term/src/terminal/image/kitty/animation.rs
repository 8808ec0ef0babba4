//! The frames of a picture, and which one is shown when.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::super::Picture;

/// The gap of a frame that says none (as with kitty).
const GAP: Duration = Duration::from_millis(40);

/// A shorter gap is shown as this one: no more than 60 frames a second are drawn.
const SHORTEST: Duration = Duration::from_millis(16);

/// The most frames of one picture.
pub(super) const MOST: usize = 1024;

#[derive(Debug)]
struct Frame {
    picture: Arc<Picture>,
    /// How long it is shown; none at all if zero.
    gap: Duration,
}

/// Whether frames follow each other by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Stopped,
    /// At the last frame, more are waited for.
    Loading,
    Looping,
}

/// The frames of a picture, the one that was sent first being the first.
#[derive(Debug)]
pub(super) struct Animation {
    frames: Vec<Frame>,
    current: usize,
    state: State,
    /// How many times it is played; `None` for ever.
    loops: Option<u32>,
    played: u32,
    /// When the current frame was first shown.
    since: Option<Instant>,
}

impl Animation {
    /// An animation of one frame, which has no gap.
    pub(super) fn new(picture: Arc<Picture>) -> Self {
        let frames = vec![Frame { picture, gap: Duration::ZERO }];
        Self { frames, current: 0, state: State::Stopped, loops: None, played: 0, since: None }
    }

    /// How many frames there are.
    pub(super) fn len(&self) -> usize {
        self.frames.len()
    }

    /// What the pixels of all frames take.
    pub(super) fn bytes(&self) -> usize {
        self.frames.iter().map(|frame| frame.picture.pixels().len()).sum()
    }

    /// The frame that is shown.
    pub(super) fn shown(&self) -> Option<&Arc<Picture>> {
        self.frames.get(self.current).map(|frame| &frame.picture)
    }

    /// A frame, counted from 1.
    pub(super) fn frame(&self, number: u32) -> Option<&Arc<Picture>> {
        self.frames.get(index(number)?).map(|frame| &frame.picture)
    }

    /// One more frame.
    pub(super) fn push(&mut self, picture: Arc<Picture>, gap: i32) {
        let gap = if gap == 0 { GAP } else { duration(gap) };
        self.frames.push(Frame { picture, gap });
    }

    /// Another picture for a frame, counted from 1.
    pub(super) fn replace(&mut self, number: u32, picture: Arc<Picture>) {
        if let Some(frame) = index(number).and_then(|index| self.frames.get_mut(index)) {
            frame.picture = picture;
        }
    }

    /// Takes a frame out; false if it is the only one.
    pub(super) fn remove(&mut self, number: u32) -> bool {
        if self.frames.len() < 2 {
            return false;
        }
        let index = index(number.max(1)).unwrap_or(0).min(self.frames.len() - 1);
        drop(self.frames.remove(index));
        if index < self.current || self.current == self.frames.len() {
            self.current -= 1;
        }
        true
    }

    /// How long a frame is shown, in milliseconds: not at all if negative; 0 changes nothing.
    pub(super) fn set_gap(&mut self, number: u32, gap: i32) {
        if gap != 0
            && let Some(frame) = index(number).and_then(|index| self.frames.get_mut(index))
        {
            frame.gap = duration(gap);
        }
    }

    /// Shows a frame, counted from 1, if there is one.
    pub(super) fn go_to(&mut self, number: u32) {
        if let Some(index) = index(number).filter(|index| *index < self.frames.len()) {
            self.current = index;
            self.since = None;
        }
    }

    /// 1 stops, 2 plays and waits at the end for more, 3 plays again and again; `loops` is one more than how many times, 1
    /// for ever. What is 0 changes nothing.
    pub(super) fn play(&mut self, state: u32, loops: u32) {
        let before = self.state;
        match state {
            1 => self.state = State::Stopped,
            2 => self.state = State::Loading,
            3 => self.state = State::Looping,
            _ => {}
        }
        if (1..=3).contains(&state) {
            self.played = 0;
        }
        if before == State::Stopped {
            self.since = None;
        }
        if loops > 0 {
            self.loops = (loops > 1).then(|| loops - 1);
        }
    }

    /// Goes to the frame that is to be shown now. Frames whose time was missed are not made up for: who was away sees the
    /// next one. True if it is another one.
    pub(super) fn advance(&mut self, now: Instant) -> bool {
        let Some(due) = self.due() else {
            self.since = self.since.or(Some(now));
            return false;
        };
        if now < due {
            return false;
        }
        let Some(next) = self.next() else { return false };
        if next <= self.current {
            self.played = self.played.saturating_add(1);
        }
        self.current = next;
        let late = now.saturating_duration_since(due);
        self.since = Some(if late < SHORTEST { due } else { now });
        true
    }

    /// When the next frame is to be shown; `None` if there is none, or nobody saw this one yet.
    pub(super) fn due(&self) -> Option<Instant> {
        let _next = self.next()?;
        let gap = self.frames.get(self.current)?.gap;
        Some(self.since? + if gap.is_zero() { Duration::ZERO } else { gap.max(SHORTEST) })
    }

    /// The frame after this one.
    fn next(&self) -> Option<usize> {
        let later = || (self.current + 1..self.frames.len()).find(|index| self.has_gap(*index));
        let again = || (0..=self.current).find(|index| self.has_gap(*index) && self.frames.len() > 1);
        match self.state {
            State::Stopped => None,
            State::Loading => later(),
            State::Looping => later().or_else(|| {
                let left = self.loops.is_none_or(|loops| self.played + 1 < loops);
                again().filter(|index| left && *index != self.current)
            }),
        }
    }

    fn has_gap(&self, index: usize) -> bool {
        self.frames.get(index).is_some_and(|frame| !frame.gap.is_zero())
    }
}

fn index(number: u32) -> Option<usize> {
    usize::try_from(number).ok()?.checked_sub(1)
}

fn duration(gap: i32) -> Duration {
    Duration::from_millis(u64::try_from(gap).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture() -> Arc<Picture> {
        Picture::new(1, 1, vec![0; 4]).unwrap()
    }

    /// An animation whose frames have these gaps.
    fn animation(gaps: &[i32]) -> Animation {
        let mut animation = Animation::new(picture());
        animation.set_gap(1, gaps[0]);
        gaps[1..].iter().for_each(|gap| animation.push(picture(), *gap));
        animation
    }

    /// The frames shown at these milliseconds.
    fn shown(animation: &mut Animation, times: &[u64]) -> Vec<usize> {
        let begin = Instant::now();
        let at = |time: &u64| begin + Duration::from_millis(*time);
        let frame = |time| {
            let _ = animation.advance(at(time));
            animation.current + 1
        };
        times.iter().map(frame).collect()
    }

    #[test]
    fn frames_are_shown_for_as_long_as_they_say() {
        let mut stopped = animation(&[50, 50]);
        assert_eq!(shown(&mut stopped, &[0, 60, 120]), [1, 1, 1]);
        assert_eq!(stopped.due(), None, "nothing is to be drawn");
        let mut looping = animation(&[50, 100, 0]);
        looping.play(3, 0);
        assert_eq!(shown(&mut looping, &[0, 49, 50, 149, 150, 189, 190]), [1, 1, 2, 2, 3, 3, 1]);
        assert!(looping.due().is_some());
        let mut loading = animation(&[50, 50]);
        loading.play(2, 0);
        assert_eq!(shown(&mut loading, &[0, 50, 500]), [1, 2, 2]);
        assert_eq!(loading.due(), None, "it waits for more");
        loading.push(picture(), 50);
        assert!(loading.due().is_some());
    }

    #[test]
    fn frames_without_a_gap_are_passed_over_and_short_ones_are_drawn_no_more_than_60_times_a_second() {
        let mut skipping = animation(&[-1, 20, -1, 20]);
        skipping.play(3, 0);
        assert_eq!(shown(&mut skipping, &[0, 1, 21, 41]), [1, 2, 4, 2]);
        let mut fast = animation(&[1, 1]);
        fast.play(3, 0);
        assert_eq!(shown(&mut fast, &[0, 1, 15, 16, 31, 32]), [1, 1, 1, 2, 2, 1]);
        let mut nothing = animation(&[-1, -1, -1]);
        nothing.play(3, 0);
        assert_eq!(shown(&mut nothing, &[0, 1, 2]), [1, 1, 1]);
        assert_eq!(nothing.due(), None);
    }

    #[test]
    fn loops_are_counted_and_stopping_forgets_them() {
        let mut twice = animation(&[20, 20]);
        twice.play(3, 3);
        assert_eq!(shown(&mut twice, &[0, 20, 40, 60, 80, 1000]), [1, 2, 1, 2, 2, 2]);
        assert_eq!(twice.due(), None);
        twice.play(1, 0);
        twice.play(3, 0);
        assert_eq!(shown(&mut twice, &[0, 20, 40, 60]), [2, 1, 2, 2]);
    }

    #[test]
    fn who_looks_late_sees_the_next_frame_for_its_whole_time() {
        let mut late = animation(&[50, 50, 50]);
        late.play(3, 0);
        assert_eq!(shown(&mut late, &[0, 10_000, 10_049, 10_050]), [1, 2, 2, 3]);
    }

    #[test]
    fn frames_are_changed_and_taken_out() {
        let mut frames = animation(&[50, 50, 50]);
        frames.go_to(3);
        frames.go_to(4);
        frames.go_to(0);
        assert_eq!(frames.current, 2);
        let other = picture();
        frames.replace(3, Arc::clone(&other));
        assert_eq!(frames.shown(), Some(&other));
        assert!(frames.remove(1));
        assert_eq!((frames.current, frames.shown()), (1, Some(&other)));
        assert!(frames.remove(9));
        assert_eq!(frames.current, 0);
        assert!(!frames.remove(0));
        assert_eq!(frames.len(), 1);
    }
}
