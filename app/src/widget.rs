//! Widgets that more than one screen or tab uses, drawn in the colours and sizes of [`crate::theme`].

pub mod banner;
pub mod beside;
pub mod button;
pub mod card;
pub mod checkbox;
pub mod chip;
pub(crate) mod delegate;
pub mod elided;
pub mod field;
pub mod focus;
pub mod gate;
pub mod handle;
pub mod icon;
pub mod keys;
pub mod label;
pub mod menu;
pub mod recorder;
pub mod reorder;
pub mod scroll;
pub mod segments;
pub mod swatch;
pub mod switch;
pub mod terminal;
pub mod tooltip;
pub mod unless_taken;

pub use banner::Banner;
pub use beside::Beside;
pub use button::Button;
pub use focus::Focus;
pub use handle::Handle;
pub use icon::Icon;
pub use keys::keys;
pub use unless_taken::unless_taken;
