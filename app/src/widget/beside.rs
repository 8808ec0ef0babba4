//! Two things side by side where there is room, else one above the other.
//!
//! Panes get narrow: a sentence squeezed beside its buttons, or a field of one letter, serves nobody.

use iced::advanced::layout::{Layout, Limits, Node};
use iced::advanced::renderer;
use iced::advanced::widget::operation::Operation;
use iced::advanced::widget::tree::Tree;
use iced::advanced::{Clipboard, Shell, Widget, mouse, overlay};
use iced::{Element, Event, Length, Point, Rectangle, Renderer, Size, Theme, Vector};

use crate::theme::space;

/// The share of the width that is enough for the first, however narrow the whole is.
const MOST: f32 = 0.6;

/// What matters, and at its right what is done about it; there, or below it where the first would get too narrow.
#[expect(missing_debug_implementations, reason = "holds elements")]
pub struct Beside<'a, Message> {
    /// What matters, and what is done about it.
    children: [Element<'a, Message>; 2],
    /// The narrowest that the first is left, in logical pixels.
    least: f32,
    spacing: f32,
}

impl<'a, Message> Beside<'a, Message> {
    /// `aside` goes below where `main` would get narrower than `least` logical pixels.
    pub fn new(main: impl Into<Element<'a, Message>>, aside: impl Into<Element<'a, Message>>, least: f32) -> Self {
        Self { children: [main.into(), aside.into()], least, spacing: space::S }
    }

    /// The room between both, in logical pixels.
    #[must_use]
    pub fn spacing(mut self, spacing: f32) -> Self {
        self.spacing = spacing;
        self
    }
}

impl<Message> Widget<Message, Theme, Renderer> for Beside<'_, Message> {
    fn children(&self) -> Vec<Tree> {
        self.children.iter().map(Tree::new).collect()
    }

    fn diff(&self, tree: &mut Tree) {
        tree.diff_children(&self.children);
    }

    fn size(&self) -> Size<Length> {
        Size::new(Length::Fill, Length::Shrink)
    }

    fn layout(&mut self, tree: &mut Tree, renderer: &Renderer, limits: &Limits) -> Node {
        let [main, aside] = &mut self.children;
        let [main_tree, aside_tree] = tree.children.as_mut_slice() else { return Node::new(Size::ZERO) };
        let whole = limits.loose().max();
        let lay = |element: &mut Element<'_, Message>, tree: &mut Tree, width: f32| {
            let limits = Limits::new(Size::ZERO, Size::new(width, whole.height));
            element.as_widget_mut().layout(tree, renderer, &limits)
        };
        let aside = lay(aside, aside_tree, whole.width);
        let right = whole.width - aside.size().width;
        let left = right - self.spacing;
        // What keeps most of the width gains little by all of it.
        if left >= self.least.min(whole.width * MOST) {
            let main = lay(main, main_tree, left);
            let height = main.size().height.max(aside.size().height);
            let middle = |node: &Node| (height - node.size().height) / 2.0;
            let (main_y, aside_y) = (middle(&main), middle(&aside));
            let nodes = vec![main.move_to(Point::new(0.0, main_y)), aside.move_to(Point::new(right, aside_y))];
            return Node::with_children(Size::new(whole.width, height), nodes);
        }
        let main = lay(main, main_tree, whole.width);
        let below = main.size().height + self.spacing;
        let height = below + aside.size().height;
        let nodes = vec![main, aside.move_to(Point::new(right.max(0.0), below))];
        Node::with_children(Size::new(whole.width, height), nodes)
    }

    fn operate(&mut self, tree: &mut Tree, layout: Layout<'_>, renderer: &Renderer, operation: &mut dyn Operation) {
        operation.container(None, layout.bounds());
        operation.traverse(&mut |operation| {
            for ((child, tree), layout) in self.children.iter_mut().zip(&mut tree.children).zip(layout.children()) {
                child.as_widget_mut().operate(tree, layout, renderer, operation);
            }
        });
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
        for ((child, tree), layout) in self.children.iter_mut().zip(&mut tree.children).zip(layout.children()) {
            child.as_widget_mut().update(tree, event, layout, cursor, renderer, clipboard, shell, viewport);
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
        let children = self.children.iter().zip(&tree.children).zip(layout.children());
        let of = |((child, tree), layout): ((&Element<'_, Message>, &Tree), Layout<'_>)| {
            child.as_widget().mouse_interaction(tree, layout, cursor, viewport, renderer)
        };
        children.map(of).max().unwrap_or_default()
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
        for ((child, tree), layout) in self.children.iter().zip(&tree.children).zip(layout.children()) {
            child.as_widget().draw(tree, renderer, theme, style, layout, cursor, viewport);
        }
    }

    fn overlay<'b>(
        &'b mut self,
        tree: &'b mut Tree,
        layout: Layout<'b>,
        renderer: &Renderer,
        viewport: &Rectangle,
        translation: Vector,
    ) -> Option<overlay::Element<'b, Message, Theme, Renderer>> {
        overlay::from_children(&mut self.children, tree, layout, renderer, viewport, translation)
    }
}

impl<'a, Message: 'a> From<Beside<'a, Message>> for Element<'a, Message> {
    fn from(beside: Beside<'a, Message>) -> Self {
        Self::new(beside)
    }
}

#[cfg(test)]
mod tests {
    use iced::widget::{container, space};
    use iced_test::simulator;

    use super::*;
    use crate::widget::label;

    /// Where the main and the aside text are, in a box of this width.
    fn places(width: f32) -> (Rectangle, Rectangle) {
        let aside = iced::widget::row![label::body("aside"), space().width(150)];
        let beside: Element<'_, ()> = Beside::new(label::body("main"), aside, 100.0).into();
        let mut ui = simulator(container(beside).width(width));
        let mut place = |text: &str| ui.find(text).expect("it is shown").bounds();
        (place("main"), place("aside"))
    }

    #[test]
    fn what_is_done_about_it_stands_beside_where_there_is_room_and_else_below() {
        let (main, aside) = places(400.0);
        assert!(aside.x > main.x + main.width && (aside.y - main.y).abs() < 1.0, "{main:?} {aside:?}");
        let (main, aside) = places(240.0);
        assert!(aside.y >= main.y + main.height, "{main:?} {aside:?}");
        assert!(aside.x >= 0.0 && aside.x + 150.0 < 240.0, "{aside:?}");
    }
}
