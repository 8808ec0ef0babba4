//! One setting: its name, what it is for, and what changes it.

use iced::widget::{column, container, row};
use iced::{Alignment, Element, Length};

use super::{Data, Message};
use crate::store::schemes::Ground;
use crate::store::settings::Value;
use crate::store::settings::table::{Kind, Setting};
use crate::theme::space;
use crate::widget::checkbox::checkbox;
use crate::widget::segments::segments;
use crate::widget::swatch::swatch;
use crate::widget::switch::switch;
use crate::widget::{Button, Icon, elided, field, label, tooltip};

/// Width of a field for a text, and for a number, in logical pixels.
const TEXT: f32 = 220.0;
const NUMBER: f32 = 96.0;

/// Reads what was typed into a setting's field.
///
/// # Errors
/// What the setting expects.
pub(super) fn parse(setting: &Setting, text: &str) -> Result<Value, String> {
    match setting.kind {
        Kind::Number { least, most, whole, word, .. } => {
            if let Some(word) = word.filter(|word| text.trim().eq_ignore_ascii_case(word)) {
                return Ok(Value::Word(word));
            }
            let number = text.trim().replace(',', ".").parse::<f64>().ok();
            let number = number.filter(|number| (least..=most).contains(number) && (!whole || number.fract() == 0.0));
            let kind = if whole { "A whole number" } else { "A number" };
            number.map(Value::Number).ok_or_else(|| format!("{kind} from {least} to {most}"))
        }
        _ => Ok(Value::Text(text.to_owned())),
    }
}

/// The setting; `draft` is what was typed and not taken over yet.
pub(super) fn view<'a>(
    setting: &'static Setting,
    data: Data<'a>,
    draft: Option<&'a str>,
    narrow: bool,
) -> Element<'a, Message> {
    let reset = setting.is_changed(data.settings).then(|| {
        let button = Button::new(Icon::Undo2.sized(14.0)).ghost().padding(space::XS).on_press(Message::Reset(setting));
        tooltip::below(button, "Back to the default")
    });
    let title = row![label::strong(setting.title), reset].spacing(space::XS).align_y(Alignment::Center);
    let problem = draft.and_then(|draft| parse(setting, draft).err()).map(label::error);
    let texts = column![container(title).height(22), label::hint(setting.explanation), problem].spacing(2.0);
    let control = control(setting, data, draft);
    if narrow {
        return column![texts.width(Length::Fill), control].spacing(space::S).into();
    }
    let control = container(control).max_width(360);
    row![texts.width(Length::Fill), control].spacing(space::L).align_y(Alignment::Center).into()
}

fn control<'a>(setting: &'static Setting, data: Data<'a>, draft: Option<&'a str>) -> Element<'a, Message> {
    match (setting.kind, (setting.field.get)(data.settings)) {
        (Kind::Switch, Value::Switch(on)) => switch(on).on_press(Message::Set(setting, Value::Switch(!on))).into(),
        (Kind::Choice(words), Value::Word(chosen)) => {
            let words = words.iter().map(|word| (word.word, word.label));
            segments(words, chosen, move |word| Message::Set(setting, Value::Word(word)))
        }
        (Kind::Number { unit, word, .. }, value) => number(setting, unit, word, &value, draft),
        (Kind::Scheme, Value::Text(name)) => scheme(setting, &name, data),
        (Kind::Family, Value::Text(name)) => family(&name),
        (_, value) => typed(setting, &value, draft, TEXT),
    }
}

/// A field whose text is taken over by Enter or by the button that appears beside it: half a number may be a number too.
fn typed<'a>(setting: &'static Setting, value: &Value, draft: Option<&'a str>, width: f32) -> Element<'a, Message> {
    let current = value.to_string();
    let text = draft.unwrap_or(&current);
    let wrong = parse(setting, text).is_err();
    let input = field::field("", text)
        .on_input(move |text| Message::Drafted(setting, text))
        .on_submit(Message::Committed(setting))
        .padding([space::XS + 2.0, space::S])
        .invalid(wrong);
    let take = draft.filter(|draft| *draft != current).map(|_| {
        let button = Button::new(Icon::Check.sized(14.0)).padding(space::S);
        tooltip::below(button.on_press_maybe((!wrong).then_some(Message::Committed(setting))), "Take over (Enter)")
    });
    row![container(input).width(width), take].spacing(space::XS).align_y(Alignment::Center).into()
}

fn number<'a>(
    setting: &'static Setting,
    unit: &'static str,
    word: Option<&'static str>,
    value: &Value,
    draft: Option<&'a str>,
) -> Element<'a, Message> {
    let other = word.map(|word| {
        let chosen = *value == Value::Word(word);
        let default = (setting.field.get)(&crate::store::Settings::default());
        let message = Message::Set(setting, if chosen { default } else { Value::Word(word) });
        checkbox(chosen, capital(word)).on_press(message)
    });
    let number = (!matches!(value, Value::Word(_))).then(|| {
        row![typed(setting, value, draft, NUMBER), label::hint(unit)].spacing(space::S).align_y(Alignment::Center)
    });
    row![number, other].spacing(space::M).align_y(Alignment::Center).into()
}

fn capital(word: &str) -> String {
    let mut characters = word.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// A button that leads to a list.
fn lead<'a>(content: impl Into<Element<'a, Message>>, message: Message) -> Element<'a, Message> {
    let content = row![content.into(), Icon::ChevronRight.sized(14.0).style(label::muted_style)];
    Button::new(content.spacing(space::S).align_y(Alignment::Center))
        .padding([space::XS, space::S])
        .on_press(message)
        .into()
}

fn scheme<'a>(setting: &Setting, name: &str, data: Data<'a>) -> Element<'a, Message> {
    let ground = if setting.key == "light" { Ground::Light } else { Ground::Dark };
    let title = data.schemes.get(name).map_or_else(|| format!("{name} (missing)"), |scheme| scheme.title.clone());
    let palette = data.schemes.palette(name, ground);
    let content = row![swatch(&palette), label::body(title)].spacing(space::S).align_y(Alignment::Center);
    lead(content, Message::Schemes(ground))
}

fn family<'a>(name: &str) -> Element<'a, Message> {
    let name = if name.is_empty() { "JetBrains Mono (bundled)" } else { name };
    lead(container(elided::body(name.to_owned())).width(200), Message::Families)
}
