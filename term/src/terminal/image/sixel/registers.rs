//! Colour registers.

/// How many there are (xterm's number).
pub(in crate::terminal) const COUNT: usize = 1024;

/// The colours of a VT340 after power-up, red, green and blue in percent.
const POWER_UP: [[u32; 3]; 16] = [
    [0, 0, 0],
    [20, 20, 80],
    [80, 13, 13],
    [20, 80, 20],
    [80, 20, 80],
    [20, 80, 80],
    [80, 80, 20],
    [53, 53, 53],
    [26, 26, 26],
    [33, 33, 60],
    [60, 26, 26],
    [33, 60, 33],
    [60, 33, 60],
    [33, 60, 60],
    [60, 60, 33],
    [80, 80, 80],
];

/// The colour registers; those that nobody defined are black.
#[derive(Debug, Clone)]
pub(in crate::terminal) struct Registers(Vec<[u8; 3]>);

impl Default for Registers {
    fn default() -> Self {
        Self(POWER_UP.iter().map(|color| color.map(percent)).collect())
    }
}

impl Registers {
    /// The colour of a register, opaque.
    pub(super) fn ink(&self, register: u32) -> [u8; 4] {
        let [r, g, b] = self.0.get(index(register)).copied().unwrap_or_default();
        [r, g, b, 255]
    }

    /// Gives a register a colour: hue, lightness and saturation (1), or red, green and blue (2).
    pub(super) fn define(&mut self, register: u32, system: u32, values: [u32; 3]) {
        let color = match (system, values) {
            (1, [hue, lightness, saturation]) => from_hls(hue, lightness, saturation),
            (2, rgb) => rgb.map(percent),
            _ => return,
        };
        let index = index(register);
        if index >= self.0.len() {
            self.0.resize(index + 1, [0; 3]);
        }
        if let Some(place) = self.0.get_mut(index) {
            *place = color;
        }
    }
}

fn index(register: u32) -> usize {
    register as usize % COUNT
}

fn percent(value: u32) -> u8 {
    ((value.min(100) * 255 + 50) / 100) as u8
}

/// DEC's colour circle: blue at 0 degrees, red at 120, green at 240.
fn from_hls(hue: u32, lightness: u32, saturation: u32) -> [u8; 3] {
    let hue = (hue % 360 + 240) % 360;
    let (lightness, saturation) = (lightness.min(100) as f32 / 100.0, saturation.min(100) as f32 / 100.0);
    let chroma = (1.0 - (2.0 * lightness - 1.0).abs()) * saturation;
    let sector = hue as f32 / 60.0;
    let second = chroma * (1.0 - (sector % 2.0 - 1.0).abs());
    let (r, g, b) = match hue / 60 {
        0 => (chroma, second, 0.0),
        1 => (second, chroma, 0.0),
        2 => (0.0, chroma, second),
        3 => (0.0, second, chroma),
        4 => (second, 0.0, chroma),
        _ => (chroma, 0.0, second),
    };
    let base = lightness - chroma / 2.0;
    [r, g, b].map(|channel| ((channel + base) * 255.0).round() as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_given_in_percent_or_on_decs_circle() {
        let table = [
            (2, [100, 50, 0], [255, 128, 0]),
            (2, [101, 1000, u32::MAX], [255, 255, 255]),
            (1, [0, 50, 100], [0, 0, 255]),
            (1, [120, 50, 100], [255, 0, 0]),
            (1, [240, 50, 100], [0, 255, 0]),
            (1, [360, 50, 100], [0, 0, 255]),
            (1, [60, 50, 100], [255, 0, 255]),
            (1, [77, 100, 3], [255, 255, 255]),
            (1, [77, 0, 3], [0, 0, 0]),
            (1, [0, 50, 0], [128, 128, 128]),
        ];
        for (system, values, [r, g, b]) in table {
            let mut registers = Registers::default();
            registers.define(20, system, values);
            assert_eq!(registers.ink(20), [r, g, b, 255], "{system} {values:?}");
        }
    }

    #[test]
    fn there_are_1024_registers_and_the_first_have_the_vt340s_colours() {
        let mut registers = Registers::default();
        assert_eq!(registers.ink(1), [51, 51, 204, 255]);
        assert_eq!(registers.ink(1023), [0, 0, 0, 255]);
        registers.define(u32::MAX, 2, [100; 3]);
        assert_eq!(registers.ink(1023), [255; 4]);
        assert_eq!(registers.0.len(), COUNT);
        registers.define(1, 9, [100; 3]);
        assert_eq!(registers.ink(1), [51, 51, 204, 255]);
    }
}
