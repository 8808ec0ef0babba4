//! What a widget around another leaves to that one.

/// Writes the methods of [`Widget`](iced::advanced::Widget) that are named, so that the widget in the field `$content`
/// does them. It is `transparent` where the outer widget is nothing to the widgets' tree, and `parent` where that has a
/// state of its own.
macro_rules! delegate {
    ($content:tt, $how:ident: $($method:ident),+ $(,)?) => {
        $($crate::widget::delegate::delegate!(@$method $content $how);)+
    };
    (@tree $tree:ident transparent) => { $tree };
    (@tree $tree:ident parent) => { $crate::widget::delegate::child_ref($tree) };
    (@tree_mut $tree:ident transparent) => { $tree };
    (@tree_mut $tree:ident parent) => { $crate::widget::delegate::child($tree) };
    (@tag $content:tt $how:ident) => {
        fn tag(&self) -> iced::advanced::widget::tree::Tag {
            self.$content.as_widget().tag()
        }
    };
    (@state $content:tt $how:ident) => {
        fn state(&self) -> iced::advanced::widget::tree::State {
            self.$content.as_widget().state()
        }
    };
    (@children $content:tt transparent) => {
        fn children(&self) -> Vec<iced::advanced::widget::Tree> {
            self.$content.as_widget().children()
        }
    };
    (@children $content:tt parent) => {
        fn children(&self) -> Vec<iced::advanced::widget::Tree> {
            vec![iced::advanced::widget::Tree::new(&self.$content)]
        }
    };
    (@diff $content:tt transparent) => {
        fn diff(&self, tree: &mut iced::advanced::widget::Tree) {
            self.$content.as_widget().diff(tree);
        }
    };
    (@diff $content:tt parent) => {
        fn diff(&self, tree: &mut iced::advanced::widget::Tree) {
            tree.diff_children(std::slice::from_ref(&self.$content));
        }
    };
    (@size $content:tt $how:ident) => {
        fn size(&self) -> iced::Size<iced::Length> {
            self.$content.as_widget().size()
        }

        fn size_hint(&self) -> iced::Size<iced::Length> {
            self.$content.as_widget().size_hint()
        }
    };
    (@layout $content:tt $how:ident) => {
        fn layout(
            &mut self,
            tree: &mut iced::advanced::widget::Tree,
            renderer: &iced::Renderer,
            limits: &iced::advanced::layout::Limits,
        ) -> iced::advanced::layout::Node {
            let tree = $crate::widget::delegate::delegate!(@tree_mut tree $how);
            self.$content.as_widget_mut().layout(tree, renderer, limits)
        }
    };
    (@operate $content:tt $how:ident) => {
        fn operate(
            &mut self,
            tree: &mut iced::advanced::widget::Tree,
            layout: iced::advanced::Layout<'_>,
            renderer: &iced::Renderer,
            operation: &mut dyn iced::advanced::widget::Operation,
        ) {
            let tree = $crate::widget::delegate::delegate!(@tree_mut tree $how);
            self.$content.as_widget_mut().operate(tree, layout, renderer, operation);
        }
    };
    (@draw $content:tt $how:ident) => {
        fn draw(
            &self,
            tree: &iced::advanced::widget::Tree,
            renderer: &mut iced::Renderer,
            theme: &iced::Theme,
            style: &iced::advanced::renderer::Style,
            layout: iced::advanced::Layout<'_>,
            cursor: iced::advanced::mouse::Cursor,
            viewport: &iced::Rectangle,
        ) {
            let tree = $crate::widget::delegate::delegate!(@tree tree $how);
            self.$content.as_widget().draw(tree, renderer, theme, style, layout, cursor, viewport);
        }
    };
    (@mouse_interaction $content:tt $how:ident) => {
        fn mouse_interaction(
            &self,
            tree: &iced::advanced::widget::Tree,
            layout: iced::advanced::Layout<'_>,
            cursor: iced::advanced::mouse::Cursor,
            viewport: &iced::Rectangle,
            renderer: &iced::Renderer,
        ) -> iced::advanced::mouse::Interaction {
            let tree = $crate::widget::delegate::delegate!(@tree tree $how);
            self.$content.as_widget().mouse_interaction(tree, layout, cursor, viewport, renderer)
        }
    };
    (@overlay $content:tt $how:ident) => {
        fn overlay<'b>(
            &'b mut self,
            tree: &'b mut iced::advanced::widget::Tree,
            layout: iced::advanced::Layout<'b>,
            renderer: &iced::Renderer,
            viewport: &iced::Rectangle,
            translation: iced::Vector,
        ) -> Option<iced::advanced::overlay::Element<'b, Message, iced::Theme, iced::Renderer>> {
            let tree = $crate::widget::delegate::delegate!(@tree_mut tree $how);
            self.$content.as_widget_mut().overlay(tree, layout, renderer, viewport, translation)
        }
    };
}

use iced::advanced::widget::Tree;

pub(crate) use delegate;

/// The only child of a tree, which `children` made.
#[expect(clippy::indexing_slicing, reason = "iced calls `children` or `diff` before anything else")]
pub(crate) fn child_ref(tree: &Tree) -> &Tree {
    &tree.children[0]
}

/// The same, to be changed.
#[expect(clippy::indexing_slicing, reason = "iced calls `children` or `diff` before anything else")]
pub(crate) fn child(tree: &mut Tree) -> &mut Tree {
    &mut tree.children[0]
}
