//! Scaling: the mean of what a pixel covers, and between two pixels a mixture of both.

use std::ops::Range;
use std::sync::Arc;

use iced::Size;
use term::terminal::Rgb;
use term::terminal::image::{Picture, Piece};

/// How much of the selection's colour is laid over a selected picture, of 256.
const TINT: u32 = 112;

/// Draws the line's slice of a piece into `pixels`, which begin `left` pixels from the left of the line and are `width`
/// pixels wide.
pub(super) fn draw(piece: &Piece, cell: Size<u32>, left: u32, pixels: &mut [u8], width: u32) {
    let frame = piece.frame;
    // The picture's edges on the screen, rounded as those of its neighbours.
    let place = |start: i32, length: u32, was: u16, is: u32| {
        let edge = |at: i64| (at * i64::from(is)).div_euclid(i64::from(was.max(1)));
        let start = i64::from(start);
        let (from, to) = (edge(start), edge(start + i64::from(length)));
        from..to.max(from + 1)
    };
    let across = place(frame.left, frame.width, frame.cell.0, cell.width);
    let down = place(frame.top, frame.height, frame.cell.1, cell.height);
    let shown = |columns: u16| i64::from(columns) * i64::from(cell.width);
    let columns = across.start.max(shown(piece.columns.start))..across.end.min(shown(piece.columns.end));
    let lines = down.start.max(0)..down.end.min(i64::from(cell.height));
    if columns.is_empty() || lines.is_empty() {
        return;
    }
    let begin = usize::try_from(columns.start - i64::from(left)).unwrap_or(0);
    let natural = (i64::from(piece.source.width), i64::from(piece.source.height));
    if natural == (across.end - across.start, down.end - down.start) {
        return copy(piece, (&across, &down), (&columns, &lines), pixels, (begin, width as usize));
    }
    let (picture, source) = reduced(piece, &across, &down);
    let horizontal = Taps::new(source.0.clone(), &across, &columns, picture.width());
    let vertical = Taps::new(source.1.clone(), &down, &lines, picture.height());
    let mut rows = Rows { picture: &picture, taps: &horizontal, known: Vec::new() };
    let mut line = vec![[0_f32; 4]; horizontal.0.len()];
    for (y, taps) in (lines.start..).zip(&vertical.0) {
        rows.mix(taps, &mut line);
        let start = (usize::try_from(y).unwrap_or(0) * width as usize + begin) * 4;
        let target = pixels.get_mut(start..start + line.len() * 4).unwrap_or_default();
        for (below, pixel) in target.as_chunks_mut::<4>().0.iter_mut().zip(&line) {
            lay(below, *pixel, piece.tint);
        }
    }
}

/// Draws a piece that is shown pixel by pixel.
fn copy(
    piece: &Piece,
    (across, down): (&Range<i64>, &Range<i64>),
    (columns, lines): (&Range<i64>, &Range<i64>),
    pixels: &mut [u8],
    (begin, width): (usize, usize),
) {
    let offset = |at: i64, from: u32| usize::try_from(at).unwrap_or(0) + from as usize;
    let (source, _) = piece.picture.pixels().as_chunks::<4>();
    let (pixels, _) = pixels.as_chunks_mut::<4>();
    let length = offset(columns.end - columns.start, 0);
    for y in lines.clone() {
        let from = offset(y - down.start, piece.source.y) * piece.picture.width() as usize
            + offset(columns.start - across.start, piece.source.x);
        let row = source.get(from..from + length).unwrap_or_default();
        let to = offset(y, 0) * width + begin;
        let target = pixels.get_mut(to..to + length).unwrap_or_default();
        for (below, &[r, g, b, alpha]) in target.iter_mut().zip(row) {
            if alpha == 255 && piece.tint.is_none() {
                *below = [r, g, b, 255];
            } else {
                let visible = f32::from(alpha) / 255.0;
                let [r, g, b] = [r, g, b].map(|channel| f32::from(channel) * visible);
                lay(below, [r, g, b, f32::from(alpha)], piece.tint);
            }
        }
    }
}

/// A picture at most twice as large as it is shown, and the source area in it, in fractions of its pixels.
fn reduced(piece: &Piece, across: &Range<i64>, down: &Range<i64>) -> (Arc<Picture>, (Range<f32>, Range<f32>)) {
    let area = piece.source;
    let mut picture = Arc::clone(&piece.picture);
    let span = |start: u32, length: u32| start as f32..(start + length) as f32;
    let (mut x, mut y) = (span(area.x, area.width), span(area.y, area.height));
    let (width, height) = ((across.end - across.start) as f32, (down.end - down.start) as f32);
    while (x.end - x.start) > 2.0 * width && (y.end - y.start) > 2.0 * height {
        picture = picture.half();
        x = x.start / 2.0..x.end / 2.0;
        y = y.start / 2.0..y.end / 2.0;
    }
    (picture, (x, y))
}

/// For each pixel of the screen the first pixel of the picture that counts, and how much that and its followers count.
struct Taps(Vec<Tap>);

struct Tap {
    first: usize,
    weights: Vec<f32>,
}

impl Taps {
    /// `source` is shown at `place`, of which `wanted` is asked for; `length` pixels there are.
    fn new(source: Range<f32>, place: &Range<i64>, wanted: &Range<i64>, length: u32) -> Self {
        let ratio = (source.end - source.start) / (place.end - place.start) as f32;
        let reach = ratio.max(1.0);
        // What lies outside the source is not seen, not even as a fringe.
        let first = source.start.floor();
        let last = (source.end.ceil() - 1.0).min(length as f32 - 1.0).max(first);
        let tap = |at: i64| {
            let center = source.start + ((at - place.start) as f32 + 0.5) * ratio;
            let from = (center - reach).floor().clamp(first, last);
            let to = (center + reach).ceil().clamp(first, last);
            let weight = |pixel: f32| (1.0 - ((pixel + 0.5 - center) / reach).abs()).max(0.0);
            let count = (to - from) as usize + 1;
            let mut weights: Vec<f32> = (0..count).map(|step| weight(from + step as f32)).collect();
            let sum: f32 = weights.iter().sum();
            match sum > 0.0 {
                true => weights.iter_mut().for_each(|weight| *weight /= sum),
                false => weights.fill(1.0 / count as f32),
            }
            Tap { first: from as usize, weights }
        };
        Self(wanted.clone().map(tap).collect())
    }
}

/// Rows of a picture, scaled to their width when they are first asked for. Colours are multiplied by their opacity.
struct Rows<'a> {
    picture: &'a Picture,
    taps: &'a Taps,
    known: Vec<(usize, Vec<[f32; 4]>)>,
}

impl Rows<'_> {
    /// A pixel row of the screen.
    fn mix(&mut self, tap: &Tap, line: &mut [[f32; 4]]) {
        self.known.retain(|(y, _)| *y >= tap.first);
        line.fill([0.0; 4]);
        for (y, weight) in (tap.first..).zip(&tap.weights).filter(|(_, weight)| **weight > 0.0) {
            if !self.known.iter().any(|(known, _)| *known == y) {
                let row = self.scale(y);
                self.known.push((y, row));
            }
            let row = self.known.iter().find(|(known, _)| *known == y);
            for (sum, pixel) in line.iter_mut().zip(row.into_iter().flat_map(|(_, row)| row)) {
                for (sum, channel) in sum.iter_mut().zip(pixel) {
                    *sum += channel * weight;
                }
            }
        }
    }

    fn scale(&self, y: usize) -> Vec<[f32; 4]> {
        let width = self.picture.width() as usize;
        let (pixels, _) = self.picture.pixels().as_chunks::<4>();
        let row = pixels.get(y * width..(y + 1) * width).unwrap_or_default();
        let pixel = |tap: &Tap| {
            let mut sum = [0.0; 4];
            let covered = row.get(tap.first..).unwrap_or_default();
            for (&[r, g, b, alpha], weight) in covered.iter().zip(&tap.weights) {
                let visible = f32::from(alpha) * weight;
                for (sum, channel) in sum.iter_mut().zip([r, g, b]) {
                    *sum += f32::from(channel) * visible / 255.0;
                }
                let [_, _, _, sum] = &mut sum;
                *sum += visible;
            }
            sum
        };
        self.taps.0.iter().map(pixel).collect()
    }
}

/// Lays a pixel, whose colours are multiplied by its opacity, over one whose are not.
fn lay(below: &mut [u8; 4], [r, g, b, alpha]: [f32; 4], tint: Option<Rgb>) {
    if alpha <= 0.0 {
        return;
    }
    let [red, green, blue, under] = *below;
    let left = f32::from(under) * (255.0 - alpha) / 255.0;
    let sum = alpha + left;
    let mix = |above: f32, below: u8, tint: Option<u8>| {
        let tinted = match tint {
            Some(tint) => {
                let share = TINT as f32 / 256.0;
                above * (1.0 - share) + f32::from(tint) * alpha / 255.0 * share
            }
            None => above,
        };
        ((tinted * 255.0 + f32::from(below) * left) / sum).round().clamp(0.0, 255.0) as u8
    };
    *below = [
        mix(r, red, tint.map(|tint| tint.r)),
        mix(g, green, tint.map(|tint| tint.g)),
        mix(b, blue, tint.map(|tint| tint.b)),
        sum.round().clamp(0.0, 255.0) as u8,
    ];
}
