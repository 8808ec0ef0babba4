// Quads of a terminal: filled, or drawn from an atlas pixel by pixel. Nothing is scaled, so nothing is sampled.

struct Area {
    size: vec2<f32>,
    unused: vec2<f32>,
}

@group(0) @binding(0) var<uniform> area: Area;
@group(1) @binding(0) var masks: texture_2d<f32>;
@group(1) @binding(1) var colors: texture_2d<f32>;
@group(1) @binding(2) var contrast: texture_2d<f32>;

const FILL: u32 = 128u;
const COLOR: u32 = 129u;

struct Vertex {
    @builtin(position) position: vec4<f32>,
    @location(0) pixel: vec2<f32>,
    @location(1) @interpolate(flat) corner: vec2<u32>,
    @location(2) @interpolate(flat) kind: u32,
    @location(3) @interpolate(flat) color: vec4<f32>,
}

@vertex
fn vertex(
    @builtin(vertex_index) index: u32,
    @location(0) origin: vec2<i32>,
    @location(1) size: vec2<u32>,
    @location(2) place: vec2<u32>,
    @location(3) kind: u32,
    @location(4) color: vec4<f32>,
) -> Vertex {
    let corner = vec2<f32>(f32(index & 1u), f32(index >> 1u));
    let pixel = corner * vec2<f32>(size);
    let at = (vec2<f32>(origin) + pixel) / area.size;
    var out: Vertex;
    out.position = vec4<f32>(at.x * 2.0 - 1.0, 1.0 - at.y * 2.0, 0.0, 1.0);
    out.pixel = pixel;
    out.corner = place;
    out.kind = kind;
    out.color = color;
    return out;
}

@fragment
fn fragment(in: Vertex) -> @location(0) vec4<f32> {
    let texel = vec2<i32>(in.corner) + vec2<i32>(floor(in.pixel));
    if in.kind == FILL {
        return vec4<f32>(in.color.rgb, 1.0);
    }
    if in.kind == COLOR {
        return textureLoad(colors, texel, 0);
    }
    let coverage = i32(round(textureLoad(masks, texel, 0).r * 255.0));
    let opacity = textureLoad(contrast, vec2<i32>(coverage, i32(in.kind)), 0).r;
    return vec4<f32>(in.color.rgb, opacity);
}
