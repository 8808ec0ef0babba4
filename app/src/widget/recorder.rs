//! Takes the next chord instead of doing what it does.

use iced::advanced::layout::{self, Layout};
use iced::advanced::renderer;
use iced::advanced::widget::tree::Tree;
use iced::advanced::widget::{Operation, Widget};
use iced::advanced::{Clipboard, Shell, mouse};
use iced::keyboard::{self, Key, key::Named};
use iced::{Element, Event, Length, Rectangle, Renderer, Size, Theme};

/// Around everything that must not hear of the keys while it records.
pub struct Recorder<'a, Message> {
    content: Element<'a, Message>,
    record: Box<dyn Fn(keyboard::Event) -> Message + 'a>,
}

impl<'a, Message> Recorder<'a, Message> {
    /// Hands every key press but those of modifiers to `record`, and no key to `content`.
    pub fn new(content: impl Into<Element<'a, Message>>, record: impl Fn(keyboard::Event) -> Message + 'a) -> Self {
        Self { content: content.into(), record: Box::new(record) }
    }
}

/// Whether a key only changes what others mean.
fn is_modifier(key: &Key) -> bool {
    let Key::Named(named) = key else { return false };
    matches!(
        named,
        Named::Control
            | Named::Shift
            | Named::Alt
            | Named::AltGraph
            | Named::Super
            | Named::Meta
            | Named::Hyper
            | Named::CapsLock
            | Named::NumLock
            | Named::Fn
    )
}

impl<Message> Widget<Message, Theme, Renderer> for Recorder<'_, Message> {
    fn children(&self) -> Vec<Tree> {
        vec![Tree::new(&self.content)]
    }

    fn diff(&self, tree: &mut Tree) {
        tree.diff_children(std::slice::from_ref(&self.content));
    }

    fn size(&self) -> Size<Length> {
        self.content.as_widget().size()
    }

    fn layout(&mut self, tree: &mut Tree, renderer: &Renderer, limits: &layout::Limits) -> layout::Node {
        self.content.as_widget_mut().layout(child(tree), renderer, limits)
    }

    fn operate(&mut self, tree: &mut Tree, layout: Layout<'_>, renderer: &Renderer, operation: &mut dyn Operation) {
        self.content.as_widget_mut().operate(child(tree), layout, renderer, operation);
    }

    fn update(
        &mut self,
        tree: &mut Tree,
        event: &Event,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        renderer: &Renderer,
        clipboard: &mut dyn Clipboard,
        shell: &mut Shell<'_, Message>,
        viewport: &Rectangle,
    ) {
        let Event::Keyboard(key) = event else {
            let content = self.content.as_widget_mut();
            return content.update(child(tree), event, layout, cursor, renderer, clipboard, shell, viewport);
        };
        if let keyboard::Event::KeyPressed { key: pressed, repeat: false, .. } = key
            && !is_modifier(pressed)
        {
            shell.publish((self.record)(key.clone()));
        }
        shell.capture_event();
    }

    fn draw(
        &self,
        tree: &Tree,
        renderer: &mut Renderer,
        theme: &Theme,
        style: &renderer::Style,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
    ) {
        if let Some(child) = tree.children.first() {
            self.content.as_widget().draw(child, renderer, theme, style, layout, cursor, viewport);
        }
    }

    fn mouse_interaction(
        &self,
        tree: &Tree,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
        renderer: &Renderer,
    ) -> mouse::Interaction {
        tree.children.first().map_or_else(mouse::Interaction::default, |child| {
            self.content.as_widget().mouse_interaction(child, layout, cursor, viewport, renderer)
        })
    }
}

/// The content's part of the tree, which `children` made.
#[expect(clippy::indexing_slicing, reason = "iced calls `children` or `diff` before anything else")]
fn child(tree: &mut Tree) -> &mut Tree {
    &mut tree.children[0]
}

impl<'a, Message: 'a> From<Recorder<'a, Message>> for Element<'a, Message> {
    fn from(recorder: Recorder<'a, Message>) -> Self {
        Self::new(recorder)
    }
}
