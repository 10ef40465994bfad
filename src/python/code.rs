//! Fragments of Python put together from parts that are valid by themselves.

use std::fmt::{self, Display};

use minijinja::Value;
use serde::{Serialize, Serializer};

/// A type whose text is valid Python in the position that it is named for.
///
/// Only types of [`crate::python`] implement it: this is what keeps raw text out of [`py!`].
pub trait Python: Display + sealed::Sealed {}

pub(super) mod sealed {
    /// Keeps [`super::Python`] to this module tree.
    pub trait Sealed {}
}

/// Lets a value into [`py!`]; fails to compile for anything but a [`Python`] type.
pub fn checked<T: Python + ?Sized>(part: &T) -> &T {
    part
}

/// A fragment of Python: an expression, a type annotation or some statements.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(String);

impl Code {
    /// Text that this crate itself writes down; never text of a contract.
    #[must_use]
    pub fn of(text: &'static str) -> Self {
        Self(text.to_owned())
    }

    /// A whole number.
    #[must_use]
    pub fn int(value: i128) -> Self {
        Self(value.to_string())
    }

    /// A float; nothing for those that Python has no literal for.
    #[must_use]
    pub fn float(value: f64) -> Option<Self> {
        super::float_literal(value).map(Self)
    }

    /// `True` or `False`.
    #[must_use]
    pub fn boolean(value: bool) -> Self {
        Self::of(if value { "True" } else { "False" })
    }

    /// For [`py!`] alone, which checks the parts, and for the layers of this module.
    #[doc(hidden)]
    #[must_use]
    pub fn assembled(text: String) -> Self {
        Self(text)
    }

    /// Joins fragments with a separator of ours.
    #[must_use]
    pub fn join<'a>(parts: impl IntoIterator<Item = &'a Code>, separator: &'static str) -> Self {
        let parts: Vec<&str> = parts.into_iter().map(Code::as_str).collect();
        Self(parts.join(separator))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is no text at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Assembles [`Code`]: a format string of ours whose holes take only [`Python`] types.
macro_rules! py {
    ($format:literal $(, $part:expr)* $(,)?) => {
        $crate::python::Code::assembled(format!($format $(, $crate::python::checked(&$part))*))
    };
}
pub(crate) use py;

/// Makes a type printable in templates and in [`py!`].
///
/// The engine prints "safe" strings only; serialising through a safe [`Value`] is what marks these.
macro_rules! python_text {
    ($($name:ty),+) => {$(
        impl $crate::python::code::sealed::Sealed for $name {}
        impl $crate::python::Python for $name {}
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let text = minijinja::Value::from_safe_string(self.to_string());
                serde::Serialize::serialize(&text, serializer)
            }
        }
    )+};
}
pub(super) use python_text;

impl Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl sealed::Sealed for Code {}
impl Python for Code {}

impl<T: Python + ?Sized> sealed::Sealed for &T {}
impl<T: Python + ?Sized> Python for &T {}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Value::from_safe_string(self.0.clone()).serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::{Identifier, StrLiteral};

    #[test]
    fn code_is_assembled_from_checked_parts() {
        let name = Identifier::parse("order_id").unwrap();
        let code = py!("{}={}", name, StrLiteral::new("a\"b"));
        assert_eq!(code.as_str(), "order_id='a\"b'");
        assert_eq!(
            Code::join(&[code.clone(), code], ", ").as_str(),
            "order_id='a\"b', order_id='a\"b'"
        );
    }
}
