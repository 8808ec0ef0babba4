//! What the GPU keeps, and how a frame reaches it.

use std::collections::HashMap;
use std::sync::Arc;

use iced::{Rectangle, Size};
use iced_wgpu::graphics::Viewport;
use iced_wgpu::{primitive, wgpu};

use super::super::contrast::Contrast;
use super::super::glyph::Glyph;
use super::super::pictures::{Bitmap, Layers};
use super::atlas::Atlas;
use super::quad::{self, Quad, Quads};

/// Bytes of a quad in a vertex buffer.
const STRIDE: usize = 20;

/// Frames after which the buffers of a terminal that is no longer drawn are given back.
const PATIENCE: u32 = 240;

/// The same for the bitmaps of lines, of which scrolling pictures leave many behind.
const BITMAP_PATIENCE: u32 = 4;

/// One frame of one terminal.
#[derive(Debug)]
pub(super) struct Frame {
    /// Whose.
    pub(super) key: u64,
    /// Which: a frame that is on the GPU already is not uploaded again.
    pub(super) frame: u64,
    /// The atlas it draws from.
    pub(super) atlas: u64,
    pub(super) glyphs: Arc<Vec<Arc<Glyph>>>,
    pub(super) lines: Vec<(Arc<Quads>, Layers)>,
    pub(super) line_height: u32,
    /// The area of all cells, in physical pixels.
    pub(super) size: Size<u32>,
}

/// What is drawn with which textures.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Draw {
    /// So many quads from the atlas.
    Quads(u32),
    /// One quad, the bitmap of this number.
    Bitmap(u64),
}

/// The quads of a frame as the shader reads them.
#[derive(Debug, Default)]
struct Batch {
    bytes: Vec<u8>,
    draws: Vec<Draw>,
}

impl Batch {
    fn quad(&mut self, quad: &Quad, top: i16, (x, y): (u16, u16)) {
        let bytes = &mut self.bytes;
        bytes.extend(quad.x.to_ne_bytes());
        bytes.extend(top.saturating_add(quad.y).to_ne_bytes());
        bytes.extend(quad.width.to_ne_bytes());
        bytes.extend(quad.height.to_ne_bytes());
        bytes.extend(x.to_ne_bytes());
        bytes.extend(y.to_ne_bytes());
        bytes.extend(u32::from(quad.kind).to_ne_bytes());
        bytes.extend([quad.color.r, quad.color.g, quad.color.b, 255]);
    }

    fn quads(&mut self, quads: &[Quad], top: i16, atlas: &Atlas) {
        for quad in quads {
            self.quad(quad, top, quad.glyph.map_or((0, 0), |glyph| atlas.place(glyph)));
        }
        let count = quads.len() as u32;
        match self.draws.last_mut() {
            Some(Draw::Quads(before)) => *before += count,
            _ => self.draws.push(Draw::Quads(count)),
        }
    }

    fn bitmap(&mut self, bitmap: &Bitmap, top: i16) {
        self.quad(&quad::bitmap(bitmap), top, (0, 0));
        self.draws.push(Draw::Bitmap(bitmap.id()));
    }
}

impl Frame {
    /// All lines. Where none has a picture each follows the other; else pictures divide them into layers.
    fn batch(&self, atlas: &Atlas) -> Batch {
        let count: usize = self.lines.iter().map(|(quads, _)| quads.len()).sum();
        let mut batch = Batch { bytes: Vec::with_capacity(count * STRIDE), draws: Vec::new() };
        let tops = (0..).step_by(self.line_height as usize).map(|top: i32| i16::try_from(top).unwrap_or(i16::MAX));
        let lines = || self.lines.iter().zip(tops.clone());
        lines().for_each(|((quads, _), top)| batch.quads(&quads.backgrounds, top, atlas));
        for ((_, layers), top) in lines() {
            layers.below.iter().for_each(|bitmap| batch.bitmap(bitmap, top));
        }
        lines().for_each(|((quads, _), top)| batch.quads(&quads.text, top, atlas));
        for ((_, layers), top) in lines() {
            layers.above.iter().for_each(|bitmap| batch.bitmap(bitmap, top));
        }
        lines().for_each(|((quads, _), top)| batch.quads(&quads.cursor, top, atlas));
        batch
    }

    fn bitmaps(&self) -> impl Iterator<Item = &Arc<Bitmap>> {
        self.lines.iter().flat_map(|(_, layers)| layers.below.iter().chain(&layers.above))
    }
}

/// The buffers of one terminal.
#[derive(Debug)]
struct Shown {
    frame: u64,
    atlas: (u64, u64),
    quads: wgpu::Buffer,
    draws: Vec<Draw>,
    area: wgpu::Buffer,
    area_group: wgpu::BindGroup,
    idle: u32,
}

/// An atlas and the view of it.
#[derive(Debug)]
struct Kept {
    atlas: Atlas,
    group: (u64, wgpu::BindGroup),
    idle: u32,
}

/// What all terminals share.
#[derive(Debug)]
pub(super) struct Pipeline {
    raw: wgpu::RenderPipeline,
    area_layout: wgpu::BindGroupLayout,
    atlas_layout: wgpu::BindGroupLayout,
    contrast: wgpu::TextureView,
    atlases: HashMap<u64, Kept>,
    terminals: HashMap<u64, Shown>,
    /// Pictures' parts of lines, and for how many frames nobody drew them.
    bitmaps: HashMap<u64, (wgpu::BindGroup, u32)>,
}

impl primitive::Pipeline for Pipeline {
    fn new(device: &wgpu::Device, queue: &wgpu::Queue, format: wgpu::TextureFormat) -> Self {
        let area_layout = device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: Some("terminal area"),
            entries: &[wgpu::BindGroupLayoutEntry {
                binding: 0,
                visibility: wgpu::ShaderStages::VERTEX,
                ty: wgpu::BindingType::Buffer {
                    ty: wgpu::BufferBindingType::Uniform,
                    has_dynamic_offset: false,
                    min_binding_size: None,
                },
                count: None,
            }],
        });
        let atlas_layout = device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: Some("terminal glyphs"),
            entries: &[0, 1, 2].map(texture_entry),
        });
        let raw = render_pipeline(device, format, &[&area_layout, &atlas_layout]);
        Self {
            raw,
            area_layout,
            atlas_layout,
            contrast: contrast_texture(device, queue),
            atlases: HashMap::new(),
            terminals: HashMap::new(),
            bitmaps: HashMap::new(),
        }
    }

    fn trim(&mut self) {
        self.terminals.retain(|_, shown| {
            shown.idle += 1;
            shown.idle < PATIENCE
        });
        self.bitmaps.retain(|_, (_, idle)| {
            *idle += 1;
            *idle < BITMAP_PATIENCE
        });
        self.atlases.retain(|_, kept| {
            kept.idle += 1;
            kept.idle < PATIENCE
        });
    }
}

impl Pipeline {
    /// Brings the atlas of a frame up to date.
    fn atlas(&mut self, frame: &Frame, device: &wgpu::Device, queue: &wgpu::Queue) -> u64 {
        let kept = self.atlases.entry(frame.atlas).or_insert_with(|| {
            let atlas = Atlas::new(device);
            let group = (atlas.version, atlas_group(device, &self.atlas_layout, &atlas, &self.contrast));
            Kept { atlas, group, idle: 0 }
        });
        kept.idle = 0;
        kept.atlas.upload(device, queue, &frame.glyphs);
        if kept.group.0 != kept.atlas.version {
            let group = atlas_group(device, &self.atlas_layout, &kept.atlas, &self.contrast);
            kept.group = (kept.atlas.version, group);
        }
        kept.atlas.version
    }

    /// Uploads a frame that is not there yet.
    fn upload(&mut self, frame: &Frame, device: &wgpu::Device, queue: &wgpu::Queue) {
        let version = self.atlas(frame, device, queue);
        self.upload_bitmaps(frame, device, queue);
        let atlas = (frame.atlas, version);
        if let Some(shown) = self.terminals.get_mut(&frame.key)
            && shown.frame == frame.frame
            && shown.atlas == atlas
        {
            shown.idle = 0;
            return;
        }
        let Some(kept) = self.atlases.get(&frame.atlas) else {
            return;
        };
        let Batch { bytes, draws } = frame.batch(&kept.atlas);
        let layout = &self.area_layout;
        let shown = self.terminals.entry(frame.key).or_insert_with(|| Shown::new(device, layout));
        if shown.quads.size() < bytes.len() as u64 {
            shown.quads = quad_buffer(device, (bytes.len() * 3 / 2).next_multiple_of(4) as u64);
        }
        let mut area = Vec::with_capacity(16);
        for value in [frame.size.width as f32, frame.size.height as f32, 0.0, 0.0] {
            area.extend(value.to_ne_bytes());
        }
        queue.write_buffer(&shown.quads, 0, &bytes);
        queue.write_buffer(&shown.area, 0, &area);
        shown.draws = draws;
        (shown.frame, shown.atlas, shown.idle) = (frame.frame, atlas, 0);
    }
}

impl Pipeline {
    /// Uploads the bitmaps of a frame that are not there yet. One that is wider than a texture may be is left out: no
    /// screen is.
    fn upload_bitmaps(&mut self, frame: &Frame, device: &wgpu::Device, queue: &wgpu::Queue) {
        let most = device.limits().max_texture_dimension_2d;
        for bitmap in frame.bitmaps().filter(|bitmap| bitmap.width().max(bitmap.height()) <= most) {
            let known = self.bitmaps.entry(bitmap.id());
            let (_, idle) =
                known.or_insert_with(|| (bitmap_group(device, queue, &self.atlas_layout, bitmap, &self.contrast), 0));
            *idle = 0;
        }
    }
}

impl Shown {
    fn new(device: &wgpu::Device, layout: &wgpu::BindGroupLayout) -> Self {
        let area = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("terminal area"),
            size: 16,
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let area_group = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("terminal area"),
            layout,
            entries: &[wgpu::BindGroupEntry { binding: 0, resource: area.as_entire_binding() }],
        });
        let quads = quad_buffer(device, 4096 * STRIDE as u64);
        Self { frame: 0, atlas: (0, 0), quads, draws: Vec::new(), area, area_group, idle: 0 }
    }
}

impl primitive::Primitive for Frame {
    type Pipeline = Pipeline;

    fn prepare(
        &self,
        pipeline: &mut Pipeline,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        _bounds: &Rectangle,
        _viewport: &Viewport,
    ) {
        pipeline.upload(self, device, queue);
    }

    fn draw(&self, pipeline: &Pipeline, pass: &mut wgpu::RenderPass<'_>) -> bool {
        let (Some(shown), Some(kept)) = (pipeline.terminals.get(&self.key), pipeline.atlases.get(&self.atlas)) else {
            return true;
        };
        pass.set_pipeline(&pipeline.raw);
        pass.set_bind_group(0, &shown.area_group, &[]);
        pass.set_bind_group(1, &kept.group.1, &[]);
        pass.set_vertex_buffer(0, shown.quads.slice(..));
        let mut at = 0;
        for draw in &shown.draws {
            let count = match draw {
                Draw::Quads(count) => *count,
                Draw::Bitmap(id) => {
                    if let Some((group, _)) = pipeline.bitmaps.get(id) {
                        pass.set_bind_group(1, group, &[]);
                        pass.draw(0..4, at..at + 1);
                        pass.set_bind_group(1, &kept.group.1, &[]);
                    }
                    at += 1;
                    continue;
                }
            };
            pass.draw(0..4, at..at + count);
            at += count;
        }
        true
    }
}

fn quad_buffer(device: &wgpu::Device, size: u64) -> wgpu::Buffer {
    device.create_buffer(&wgpu::BufferDescriptor {
        label: Some("terminal quads"),
        size,
        usage: wgpu::BufferUsages::VERTEX | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    })
}

fn texture_entry(binding: u32) -> wgpu::BindGroupLayoutEntry {
    wgpu::BindGroupLayoutEntry {
        binding,
        visibility: wgpu::ShaderStages::FRAGMENT,
        ty: wgpu::BindingType::Texture {
            sample_type: wgpu::TextureSampleType::Float { filterable: false },
            view_dimension: wgpu::TextureViewDimension::D2,
            multisampled: false,
        },
        count: None,
    }
}

fn atlas_group(
    device: &wgpu::Device,
    layout: &wgpu::BindGroupLayout,
    atlas: &Atlas,
    contrast: &wgpu::TextureView,
) -> wgpu::BindGroup {
    let [masks, colors] = atlas.views();
    let entry = |binding, view| wgpu::BindGroupEntry { binding, resource: wgpu::BindingResource::TextureView(view) };
    device.create_bind_group(&wgpu::BindGroupDescriptor {
        label: Some("terminal glyphs"),
        layout,
        entries: &[entry(0, &masks), entry(1, &colors), entry(2, contrast)],
    })
}

/// A texture with a bitmap, in the place of an atlas.
fn bitmap_group(
    device: &wgpu::Device,
    queue: &wgpu::Queue,
    layout: &wgpu::BindGroupLayout,
    bitmap: &Bitmap,
    contrast: &wgpu::TextureView,
) -> wgpu::BindGroup {
    let size = wgpu::Extent3d { width: bitmap.width(), height: bitmap.height(), depth_or_array_layers: 1 };
    let texture = device.create_texture(&wgpu::TextureDescriptor {
        label: Some("terminal picture"),
        size,
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format: wgpu::TextureFormat::Rgba8Unorm,
        usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
        view_formats: &[],
    });
    let layout_of =
        wgpu::TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(size.width * 4), rows_per_image: None };
    queue.write_texture(texture.as_image_copy(), bitmap.pixels(), layout_of, size);
    let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
    let entry = |binding, view| wgpu::BindGroupEntry { binding, resource: wgpu::BindingResource::TextureView(view) };
    device.create_bind_group(&wgpu::BindGroupDescriptor {
        label: Some("terminal picture"),
        layout,
        entries: &[entry(0, &view), entry(1, &view), entry(2, contrast)],
    })
}

/// The opacity tables of the software painter, so that both give the same pixels.
fn contrast_texture(device: &wgpu::Device, queue: &wgpu::Queue) -> wgpu::TextureView {
    let bytes = Contrast::default().bytes();
    let size = wgpu::Extent3d { width: 256, height: (bytes.len() / 256) as u32, depth_or_array_layers: 1 };
    let texture = device.create_texture(&wgpu::TextureDescriptor {
        label: Some("terminal contrast"),
        size,
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format: wgpu::TextureFormat::R8Unorm,
        usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
        view_formats: &[],
    });
    let layout = wgpu::TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(256), rows_per_image: None };
    queue.write_texture(texture.as_image_copy(), &bytes, layout, size);
    texture.create_view(&wgpu::TextureViewDescriptor::default())
}

fn render_pipeline(
    device: &wgpu::Device,
    format: wgpu::TextureFormat,
    layouts: &[&wgpu::BindGroupLayout],
) -> wgpu::RenderPipeline {
    let layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
        label: Some("terminal"),
        bind_group_layouts: layouts,
        push_constant_ranges: &[],
    });
    let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
        label: Some("terminal"),
        source: wgpu::ShaderSource::Wgsl(include_str!("terminal.wgsl").into()),
    });
    let attributes = wgpu::vertex_attr_array![
        0 => Sint16x2, 1 => Uint16x2, 2 => Uint16x2, 3 => Uint32, 4 => Unorm8x4
    ];
    device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
        label: Some("terminal"),
        layout: Some(&layout),
        vertex: wgpu::VertexState {
            module: &module,
            entry_point: Some("vertex"),
            compilation_options: wgpu::PipelineCompilationOptions::default(),
            buffers: &[wgpu::VertexBufferLayout {
                array_stride: STRIDE as u64,
                step_mode: wgpu::VertexStepMode::Instance,
                attributes: &attributes,
            }],
        },
        fragment: Some(wgpu::FragmentState {
            module: &module,
            entry_point: Some("fragment"),
            compilation_options: wgpu::PipelineCompilationOptions::default(),
            targets: &[Some(wgpu::ColorTargetState {
                format,
                blend: Some(wgpu::BlendState::ALPHA_BLENDING),
                write_mask: wgpu::ColorWrites::ALL,
            })],
        }),
        primitive: wgpu::PrimitiveState {
            topology: wgpu::PrimitiveTopology::TriangleStrip,
            ..wgpu::PrimitiveState::default()
        },
        depth_stencil: None,
        multisample: wgpu::MultisampleState::default(),
        multiview: None,
        cache: None,
    })
}
