//! The glyphs of one size on the GPU.

use std::sync::Arc;

use iced_wgpu::wgpu;

use super::super::glyph::{Glyph, Pixels};
use super::super::glyphs::Id;

/// Width of the textures.
const WIDTH: u32 = 2048;

/// Height they begin with; they double when they are full.
const HEIGHT: u32 = 256;

/// A texture that is filled shelf by shelf.
#[derive(Debug)]
struct Sheet {
    texture: wgpu::Texture,
    format: wgpu::TextureFormat,
    x: u32,
    y: u32,
    shelf: u32,
}

impl Sheet {
    fn new(device: &wgpu::Device, format: wgpu::TextureFormat, height: u32) -> Self {
        let texture = device.create_texture(&wgpu::TextureDescriptor {
            label: Some("terminal glyphs"),
            size: wgpu::Extent3d { width: WIDTH, height, depth_or_array_layers: 1 },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format,
            usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
            view_formats: &[],
        });
        Self { texture, format, x: 0, y: 0, shelf: 0 }
    }

    /// Finds room for a rectangle; `None` when the sheet is full.
    fn place(&mut self, width: u32, height: u32) -> Option<(u16, u16)> {
        if self.x + width > WIDTH {
            self.y += self.shelf;
            (self.x, self.shelf) = (0, 0);
        }
        if width > WIDTH || self.y + height > self.texture.height() {
            return None;
        }
        let place = (u16::try_from(self.x).ok()?, u16::try_from(self.y).ok()?);
        self.x += width;
        self.shelf = self.shelf.max(height);
        Some(place)
    }

    fn write(&self, queue: &wgpu::Queue, place: (u16, u16), size: (u32, u32), bytes: &[u8]) {
        let pixel = self.format.block_copy_size(None).unwrap_or(1);
        queue.write_texture(
            wgpu::TexelCopyTextureInfo {
                texture: &self.texture,
                mip_level: 0,
                origin: wgpu::Origin3d { x: place.0.into(), y: place.1.into(), z: 0 },
                aspect: wgpu::TextureAspect::All,
            },
            bytes,
            wgpu::TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(size.0 * pixel), rows_per_image: None },
            wgpu::Extent3d { width: size.0, height: size.1, depth_or_array_layers: 1 },
        );
    }

    fn view(&self) -> wgpu::TextureView {
        self.texture.create_view(&wgpu::TextureViewDescriptor::default())
    }
}

/// Masks and colour pictures, and where each glyph lies.
#[derive(Debug)]
pub(super) struct Atlas {
    masks: Sheet,
    colors: Sheet,
    places: Vec<(u16, u16)>,
    /// Changes with the textures, whose old views are then worthless.
    pub(super) version: u64,
}

impl Atlas {
    pub(super) fn new(device: &wgpu::Device) -> Self {
        Self {
            masks: Sheet::new(device, wgpu::TextureFormat::R8Unorm, HEIGHT),
            colors: Sheet::new(device, wgpu::TextureFormat::Rgba8Unorm, HEIGHT),
            places: Vec::new(),
            version: 0,
        }
    }

    /// Uploads the glyphs that are not there yet.
    pub(super) fn upload(&mut self, device: &wgpu::Device, queue: &wgpu::Queue, glyphs: &[Arc<Glyph>]) {
        let most = device.limits().max_texture_dimension_2d.min(u32::from(u16::MAX));
        while let Some(glyph) = glyphs.get(self.places.len()) {
            let sheet = match glyph.pixels {
                Pixels::Mask(_) => &mut self.masks,
                Pixels::Color(_) => &mut self.colors,
            };
            match sheet.place(glyph.width, glyph.height) {
                Some(place) => {
                    let (Pixels::Mask(bytes) | Pixels::Color(bytes)) = &glyph.pixels;
                    sheet.write(queue, place, (glyph.width, glyph.height), bytes);
                    self.places.push(place);
                }
                None if sheet.texture.height() * 2 <= most && glyph.width <= WIDTH => {
                    *sheet = Sheet::new(device, sheet.format, sheet.texture.height() * 2);
                    self.refill();
                }
                // No GPU of today gets here with a screen of text: the glyph shows what lies in the corner.
                None => self.places.push((0, 0)),
            }
        }
    }

    /// Begins anew, with textures that have room: what was placed is placed and written again.
    fn refill(&mut self) {
        self.version += 1;
        self.places.clear();
        for sheet in [&mut self.masks, &mut self.colors] {
            (sheet.x, sheet.y, sheet.shelf) = (0, 0, 0);
        }
    }

    pub(super) fn place(&self, id: Id) -> (u16, u16) {
        self.places.get(id.0 as usize).copied().unwrap_or_default()
    }

    pub(super) fn views(&self) -> [wgpu::TextureView; 2] {
        [self.masks.view(), self.colors.view()]
    }
}
