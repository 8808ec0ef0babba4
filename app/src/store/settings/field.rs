//! One setting's value, whatever its type: what the file, the settings screen and [`super::Settings`] exchange.

use super::choice::Choice;
use super::{Scrollback, Settings};

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// On or off.
    Switch(bool),
    /// A number in the setting's unit.
    Number(f64),
    /// One of a few words.
    Word(&'static str),
    /// A text.
    Text(String),
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Switch(on) => f.write_str(if *on { "true" } else { "false" }),
            Self::Number(number) => write!(f, "{number}"),
            Self::Word(word) => f.write_str(word),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// Where in [`Settings`] a setting is.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Reads it.
    pub get: fn(&Settings) -> Value,
    /// Changes it; a value of another type, which no caller has, changes nothing.
    pub set: fn(&mut Settings, &Value),
}

/// A type that a setting can have.
pub(super) trait Type: Sized {
    /// Its value.
    fn value(&self) -> Value;
    /// The value of this type, if it is one.
    fn of(value: &Value) -> Option<Self>;
    /// Takes the value if it is one of this type.
    fn take(&mut self, value: &Value) {
        if let Some(value) = Self::of(value) {
            *self = value;
        }
    }
}

impl Type for bool {
    fn value(&self) -> Value {
        Value::Switch(*self)
    }

    fn of(value: &Value) -> Option<Self> {
        if let Value::Switch(on) = value { Some(*on) } else { None }
    }
}

impl Type for f32 {
    fn value(&self) -> Value {
        Value::Number(f64::from(*self))
    }

    fn of(value: &Value) -> Option<Self> {
        if let Value::Number(number) = value { Some(*number as f32) } else { None }
    }
}

impl Type for u32 {
    fn value(&self) -> Value {
        Value::Number(f64::from(*self))
    }

    fn of(value: &Value) -> Option<Self> {
        if let Value::Number(number) = value { Some(*number as u32) } else { None }
    }
}

impl Type for String {
    fn value(&self) -> Value {
        Value::Text(self.clone())
    }

    fn of(value: &Value) -> Option<Self> {
        if let Value::Text(text) = value { Some(text.clone()) } else { None }
    }
}

impl<T: Choice> Type for T {
    fn value(&self) -> Value {
        Value::Word(self.word())
    }

    fn of(value: &Value) -> Option<Self> {
        if let Value::Word(word) = value { <T as Choice>::of(word) } else { None }
    }
}

impl Type for Scrollback {
    fn value(&self) -> Value {
        match self {
            Self::Lines(lines) => Value::Number(*lines as f64),
            Self::Unlimited => Value::Word(Self::UNLIMITED),
        }
    }

    fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) => Some(Self::Lines(*number as usize)),
            Value::Word(_) => Some(Self::Unlimited),
            _ => None,
        }
    }
}
