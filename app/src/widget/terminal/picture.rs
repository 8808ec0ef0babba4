//! Putting the rasterised glyphs of one cluster together and scaling colour pictures.

use cosmic_text::{SwashContent, SwashImage};

use super::glyph::Pixels;
use super::mask::Mask;

/// Pixels placed against an origin on the baseline: `left` to the right of it, `top` above it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Pixels from the origin to the left edge.
    pub left: i32,
    /// Pixels from the baseline up to the top edge.
    pub top: i32,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// The pixels.
    pub pixels: Pixels,
}

impl Picture {
    /// Takes a rasterised glyph whose own origin lies `x` to the right of and `y` below the cluster's.
    #[must_use]
    pub fn new(image: SwashImage, x: i32, y: i32) -> Option<Self> {
        let placement = image.placement;
        let pixels = match image.content {
            SwashContent::Mask => Pixels::Mask(image.data),
            SwashContent::Color => Pixels::Color(image.data),
            SwashContent::SubpixelMask => return None,
        };
        (placement.width > 0 && placement.height > 0).then_some(Self {
            left: placement.left + x,
            top: placement.top - y,
            width: placement.width,
            height: placement.height,
            pixels,
        })
    }
}

/// Joins the glyphs of a cluster: masks are merged; where there is a colour picture, it alone is the cluster.
#[must_use]
pub fn compose(mut pictures: Vec<Picture>) -> Option<Picture> {
    if pictures.len() < 2 {
        return pictures.pop();
    }
    if let Some(index) = pictures.iter().position(|picture| matches!(picture.pixels, Pixels::Color(_))) {
        return Some(pictures.swap_remove(index));
    }
    let left = pictures.iter().map(|picture| picture.left).min()?;
    let top = pictures.iter().map(|picture| picture.top).max()?;
    let right = pictures.iter().map(|picture| picture.left + picture.width as i32).max()?;
    let bottom = pictures.iter().map(|picture| picture.top - picture.height as i32).min()?;
    let mut mask = Mask::new((right - left) as u32, (top - bottom) as u32);
    for picture in pictures {
        if let Pixels::Mask(coverage) = picture.pixels {
            let part = Mask::from_coverage(picture.width, picture.height, coverage);
            mask.merge(&part, picture.left - left, top - picture.top);
        }
    }
    let pixels = Pixels::Mask(mask.coverage().to_vec());
    Some(Picture { left, top, width: mask.width(), height: mask.height(), pixels })
}

/// Scales a colour picture to fit `width` by `height` pixels, keeping its proportions. Each pixel is the mean of those
/// it covers, weighed by their alpha, which is what keeps small emoji legible.
#[must_use]
pub fn fit(picture: &Picture, width: u32, height: u32) -> Option<Picture> {
    let Pixels::Color(source) = &picture.pixels else {
        return None;
    };
    if picture.width == 0 || picture.height == 0 || width == 0 || height == 0 {
        return None;
    }
    let scale = (width as f32 / picture.width as f32).min(height as f32 / picture.height as f32);
    let across = ((picture.width as f32 * scale).round() as u32).clamp(1, width);
    let down = ((picture.height as f32 * scale).round() as u32).clamp(1, height);
    let mut pixels = Vec::with_capacity(across as usize * down as usize * 4);
    for y in 0..down {
        let rows = span(y, down, picture.height);
        for x in 0..across {
            pixels.extend(mean(source, picture.width, span(x, across, picture.width), rows));
        }
    }
    Some(Picture { left: 0, top: 0, width: across, height: down, pixels: Pixels::Color(pixels) })
}

/// Makes a mask wider or narrower about its origin, keeping its height. Colour pictures stay as they are.
#[must_use]
pub fn stretch(picture: Picture, factor: f32) -> Picture {
    let Pixels::Mask(coverage) = &picture.pixels else {
        return picture;
    };
    if (factor - 1.0).abs() < 0.02 || picture.width == 0 || factor <= 0.0 {
        return picture;
    }
    let left = (picture.left as f32 * factor).floor() as i32;
    let right = ((picture.left + picture.width as i32) as f32 * factor).ceil() as i32;
    let width = (right - left).max(1) as u32;
    let mut pixels = Vec::with_capacity(width as usize * picture.height as usize);
    for row in coverage.chunks_exact(picture.width as usize) {
        pixels.extend((left..left + width as i32).map(|x| {
            let start = x as f32 / factor - picture.left as f32;
            mean_of_span(row, start, start + 1.0 / factor)
        }));
    }
    Picture { left, width, pixels: Pixels::Mask(pixels), ..picture }
}

/// The mean coverage between two places of a row, of which nothing lies outside.
fn mean_of_span(row: &[u8], from: f32, to: f32) -> u8 {
    let (first, last) = (from.floor() as i32, to.ceil() as i32);
    let sum: f32 = (first..last)
        .map(|x| {
            let covered = usize::try_from(x).ok().and_then(|x| row.get(x)).copied().unwrap_or(0);
            let share = (to.min(x as f32 + 1.0) - from.max(x as f32)).max(0.0);
            share * f32::from(covered)
        })
        .sum();
    (sum / (to - from)).round().clamp(0.0, 255.0) as u8
}

/// The part of `source` pixels that pixel `index` of `count` covers.
fn span(index: u32, count: u32, source: u32) -> (f32, f32) {
    let step = source as f32 / count as f32;
    (index as f32 * step, (index + 1) as f32 * step)
}

/// The mean of a rectangle whose edges may cut through pixels.
fn mean(source: &[u8], width: u32, columns: (f32, f32), rows: (f32, f32)) -> [u8; 4] {
    let overlap = |index: u32, (from, to): (f32, f32)| (to.min(index as f32 + 1.0) - from.max(index as f32)).max(0.0);
    let (mut color, mut alpha, mut area) = ([0.0_f32; 3], 0.0_f32, 0.0_f32);
    for y in rows.0 as u32..rows.1.ceil() as u32 {
        for x in columns.0 as u32..(columns.1.ceil() as u32).min(width) {
            let start = (y * width + x) as usize * 4;
            let Some(&[r, g, b, a]) = source.get(start..start + 4) else {
                continue;
            };
            let weight = overlap(x, columns) * overlap(y, rows);
            let visible = weight * f32::from(a);
            for (sum, channel) in color.iter_mut().zip([r, g, b]) {
                *sum += visible * f32::from(channel);
            }
            alpha += visible;
            area += weight;
        }
    }
    if alpha <= 0.0 || area <= 0.0 {
        return [0; 4];
    }
    let [r, g, b] = color.map(|sum| (sum / alpha).round() as u8);
    [r, g, b, (alpha / area).round() as u8]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn color(width: u32, height: u32, pixels: Vec<u8>) -> Picture {
        Picture { left: 0, top: 0, width, height, pixels: Pixels::Color(pixels) }
    }

    #[test]
    fn transparent_pixels_do_not_darken_the_mean() {
        let scaled = fit(&color(2, 1, vec![200, 100, 50, 255, 0, 0, 0, 0]), 1, 1).expect("a picture");
        assert_eq!(scaled.pixels, Pixels::Color(vec![200, 100, 50, 128]));
    }

    #[test]
    fn proportions_are_kept() {
        let scaled = fit(&color(136, 128, vec![255; 136 * 128 * 4]), 16, 18).expect("a picture");
        assert_eq!((scaled.width, scaled.height), (16, 15));
    }

    #[test]
    fn stretching_keeps_the_ink_and_the_origin() {
        let bar = Picture { left: 2, top: 1, width: 2, height: 1, pixels: Pixels::Mask(vec![255, 255]) };
        let wide = stretch(bar.clone(), 2.0);
        assert_eq!((wide.left, wide.width, wide.pixels), (4, 4, Pixels::Mask(vec![255; 4])));
        let narrow = stretch(bar.clone(), 0.5);
        assert_eq!((narrow.left, narrow.width, narrow.pixels), (1, 1, Pixels::Mask(vec![255])));
        assert_eq!(stretch(bar.clone(), 1.0), bar);
    }

    #[test]
    fn masks_of_a_cluster_are_merged_in_place() {
        let dot = |left, top, value| Picture { left, top, width: 1, height: 1, pixels: Pixels::Mask(vec![value]) };
        let joined = compose(vec![dot(0, 1, 10), dot(1, 3, 20)]).expect("a picture");
        assert_eq!((joined.left, joined.top, joined.width, joined.height), (0, 3, 2, 3));
        assert_eq!(joined.pixels, Pixels::Mask(vec![0, 20, 0, 0, 10, 0]));
    }
}
