//! One picture laid onto another: how the frames of an animation are made of parts.

use std::sync::Arc;

use super::super::{Area, Picture};
use super::{Command, Data, Failure};

/// What is to be worked out for a command, without the lock.
#[derive(Debug)]
pub(in crate::terminal) enum Work {
    /// A picture, or a frame that is laid onto others.
    Decode(Result<Data, Failure>, Option<Result<Canvas, Failure>>),
    /// A part of a frame is laid onto another one.
    Compose(Canvas, Arc<Picture>, Area),
}

impl Work {
    /// Does it.
    pub(in crate::terminal) fn run(self) -> Result<Arc<Picture>, Failure> {
        match self {
            Self::Decode(data, None) => data.and_then(Data::decode),
            Self::Decode(data, Some(canvas)) => {
                let canvas = canvas?;
                let part = data.and_then(Data::decode)?;
                if part.width() > canvas.size.0 || part.height() > canvas.size.1 {
                    return Err(Failure::LargeFrame);
                }
                let area = Area { x: 0, y: 0, width: part.width(), height: part.height() };
                canvas.lay(&part, area)
            }
            Self::Compose(canvas, source, part) => canvas.lay(&source, part),
        }
    }
}

/// Two pictures of which one gets a part of the other. Working it out takes as long as the pictures are large.
#[derive(Debug)]
pub(in crate::terminal) struct Canvas {
    /// The size of a frame.
    pub(super) size: (u32, u32),
    /// What is there before; without it the colour.
    pub(super) base: Option<Arc<Picture>>,
    /// Red, green, blue, alpha.
    pub(super) color: [u8; 4],
    /// Where the part begins.
    pub(super) at: (u32, u32),
    /// The part takes the place of what was there, also where it lets that shine through.
    pub(super) replaces: bool,
}

impl Canvas {
    /// Lays `part` of `picture` onto it; what does not fit is cut off.
    pub(super) fn lay(self, picture: &Picture, part: Area) -> Result<Arc<Picture>, Failure> {
        let (width, height) = self.size;
        let mut pixels = match &self.base {
            Some(base) => base.pixels().to_vec(),
            None => self.color.repeat(width as usize * height as usize),
        };
        let columns = part.width.min(width.saturating_sub(self.at.0)) as usize;
        let lines = part.height.min(height.saturating_sub(self.at.1));
        let opaque = self.replaces || picture.opaque();
        for line in 0..lines {
            let from = offset(picture.width(), part.x, part.y + line);
            let to = offset(width, self.at.0, self.at.1 + line);
            let source = picture.pixels().get(from..from + columns * 4);
            let (Some(source), Some(target)) = (source, pixels.get_mut(to..to + columns * 4)) else { continue };
            if opaque {
                target.copy_from_slice(source);
            } else {
                let (over, under) = (source.as_chunks::<4>().0, target.as_chunks_mut::<4>().0);
                over.iter().zip(under).for_each(|(over, under)| *under = blend(*over, *under));
            }
        }
        Picture::new(width, height, pixels).ok_or(Failure::Outside)
    }
}

/// The byte at which a pixel begins.
fn offset(width: u32, x: u32, y: u32) -> usize {
    (y as usize * width as usize + x as usize) * 4
}

/// One pixel over another; their colours are not multiplied with their alphas.
fn blend(over: [u8; 4], under: [u8; 4]) -> [u8; 4] {
    let [.., alpha] = over.map(u32::from);
    let [.., below] = under.map(u32::from);
    // In 255ths of 255ths.
    let (above, shines) = (alpha * 255, below * (255 - alpha));
    let whole = above + shines;
    if whole == 0 {
        return [0; 4];
    }
    let mix = |over: u8, under: u8| {
        let sum = u32::from(over) * above + u32::from(under) * shines;
        u8::try_from((sum + whole / 2) / whole).unwrap_or(u8::MAX)
    };
    let ([r, g, b, _], [u, v, w, _]) = (over, under);
    [mix(r, u), mix(g, v), mix(b, w), u8::try_from((whole + 127) / 255).unwrap_or(u8::MAX)]
}

/// Two rectangles of one size, in the frame that is copied from and in the one that is changed.
pub(super) fn rectangles(command: &Command, size: (u32, u32)) -> Result<(Area, (u32, u32)), Failure> {
    let extent = |wanted: u32, whole: u32| if wanted == 0 { whole } else { wanted };
    let (width, height) = (extent(command.extent.0, size.0), extent(command.extent.1, size.1));
    let fits = |(x, y): (u32, u32)| {
        x.checked_add(width).is_some_and(|end| end <= size.0) && y.checked_add(height).is_some_and(|end| end <= size.1)
    };
    let (from, to) = (command.offset, command.from);
    if !fits(from) || !fits(to) {
        return Err(Failure::Outside);
    }
    let same = command.cells.0 == command.cells.1;
    if same && from.0.abs_diff(to.0) < width && from.1.abs_diff(to.1) < height {
        return Err(Failure::Overlap);
    }
    Ok((Area { x: from.0, y: from.1, width, height }, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width: u32, pixels: &[[u8; 4]]) -> Arc<Picture> {
        Picture::new(width, u32::try_from(pixels.len()).unwrap() / width, pixels.concat()).unwrap()
    }

    const RED: [u8; 4] = [255, 0, 0, 255];
    const BLUE: [u8; 4] = [0, 0, 255, 255];

    fn canvas(base: Option<Arc<Picture>>, at: (u32, u32), replaces: bool) -> Canvas {
        Canvas { size: (2, 2), base, color: [1, 2, 3, 4], at, replaces }
    }

    fn whole(picture: &Picture) -> Area {
        Area { x: 0, y: 0, width: picture.width(), height: picture.height() }
    }

    #[test]
    fn a_part_lies_where_it_shall_and_is_cut_to_the_frame() {
        let part = picture(2, &[RED, BLUE, BLUE, BLUE]);
        let color = [1, 2, 3, 4];
        let table = [
            ((0, 0), [RED, BLUE, BLUE, BLUE]),
            ((1, 0), [color, RED, color, BLUE]),
            ((0, 1), [color, color, RED, BLUE]),
            ((2, 0), [color; 4]),
            ((0, u32::MAX), [color; 4]),
        ];
        for (at, expected) in table {
            let frame = canvas(None, at, false).lay(&part, whole(&part)).unwrap();
            assert_eq!(frame.pixels(), expected.concat(), "{at:?}");
        }
    }

    #[test]
    fn what_shines_through_is_mixed_unless_it_replaces() {
        let base = picture(2, &[BLUE, BLUE, [0, 0, 0, 0], [0, 0, 200, 128]]);
        let clear = [9, 9, 9, 0];
        let part = picture(2, &[[255, 0, 0, 128], clear, [255, 0, 0, 128], [100, 0, 0, 128]]);
        let mixed = canvas(Some(base.clone()), (0, 0), false).lay(&part, whole(&part)).unwrap();
        let expected = [[128, 0, 127, 255], BLUE, [255, 0, 0, 128], [67, 0, 66, 192]];
        assert_eq!(mixed.pixels(), expected.concat());
        let replaced = canvas(Some(base), (0, 0), true).lay(&part, whole(&part)).unwrap();
        assert_eq!(replaced.pixels(), part.pixels());
    }

    #[test]
    fn rectangles_lie_within_the_frames_and_not_on_themselves() {
        let parse = |keys: &str| rectangles(&Command::parse(keys.as_bytes()).unwrap(), (10, 8));
        let area = |x, y, width, height| Area { x, y, width, height };
        assert_eq!(parse("r=1,c=2"), Ok((area(0, 0, 10, 8), (0, 0))));
        assert_eq!(parse("r=1,c=2,w=3,h=2,X=7,Y=6,x=1,y=2"), Ok((area(7, 6, 3, 2), (1, 2))));
        assert_eq!(parse("r=1,c=2,w=3,X=8"), Err(Failure::Outside));
        assert_eq!(parse("r=1,c=2,h=9"), Err(Failure::Outside));
        assert_eq!(parse("r=1,c=2,w=1,h=1,y=4294967295"), Err(Failure::Outside));
        assert_eq!(parse("r=2,c=2,w=3,h=2,x=2,y=1"), Err(Failure::Overlap));
        assert_eq!(parse("r=2,c=2,w=3,h=2,x=3,y=1"), Ok((area(0, 0, 3, 2), (3, 1))));
    }
}
