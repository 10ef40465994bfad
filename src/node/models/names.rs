//! The names in a model's module: which ones a field or a class cannot have, and what a type is called where
//! a field has its name.

use std::collections::BTreeSet;

use crate::python::{Identifier, NameProblem};

/// What `BaseModel` brings along; a field of such a name hides it, or is refused outright.
const BASE_MODEL: [&str; 28] = [
    "construct",
    "copy",
    "dict",
    "from_orm",
    "json",
    "model_computed_fields",
    "model_config",
    "model_construct",
    "model_copy",
    "model_dump",
    "model_dump_json",
    "model_extra",
    "model_fields",
    "model_fields_set",
    "model_json_schema",
    "model_parametrized_name",
    "model_post_init",
    "model_rebuild",
    "model_validate",
    "model_validate_json",
    "model_validate_strings",
    "parse_file",
    "parse_obj",
    "parse_raw",
    "schema",
    "schema_json",
    "update_forward_refs",
    "validate",
];

/// Beginnings of names that pydantic keeps for itself.
const PROTECTED: [&str; 2] = ["model_dump", "model_validate"];

/// Names that the body of a class calls: a field of such a name would be called instead.
const CALLED: [&str; 9] =
    ["Annotated", "BaseModel", "ConfigDict", "Decimal", "Field", "Literal", "UTC", "UUID", "uuid4"];

/// Types that a field may be named like, and what they are called where one is.
const HIDEABLE: [(&str, &str); 9] = [
    ("bool", "BoolType"),
    ("bytes", "BytesType"),
    ("date", "DateType"),
    ("datetime", "DateTimeType"),
    ("float", "FloatType"),
    ("int", "IntType"),
    ("object", "ObjectType"),
    ("str", "StrType"),
    ("timedelta", "TimeDeltaType"),
];

/// Types with parts: a second name of one would stand for the type without them, to a type checker.
const GENERIC: [&str; 3] = ["dict", "list", "tuple"];

/// Why a field cannot have its name.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refused {
    pub(super) reason: String,
    pub(super) help: String,
}

/// The name of a field, where Python and pydantic both accept it.
pub(super) fn field_name(text: &str) -> Result<Identifier, Refused> {
    let refused = |reason: &str, help: &str| {
        Err(Refused { reason: reason.to_owned(), help: help.to_owned() })
    };
    let name = Identifier::parse(text).map_err(|problem| Refused {
        reason: format!("the name {problem}"),
        help: if problem == NameProblem::Keyword {
            format!("rename it, such as `{text}_value`")
        } else {
            "use letters, digits and underscores, such as `order_id`".to_owned()
        },
    })?;
    if text.starts_with('_') {
        return refused(
            "pydantic takes a name with a leading underscore for a private attribute",
            "drop the underscore",
        );
    }
    if BASE_MODEL.contains(&text) {
        let help = format!("rename it, such as `{text}_value`");
        return refused("it would hide what every pydantic model has under that name", &help);
    }
    if let Some(prefix) = PROTECTED.iter().find(|prefix| text.starts_with(**prefix)) {
        let reason = format!("pydantic keeps names that begin with `{prefix}` for itself");
        return refused(&reason, "rename it");
    }
    if GENERIC.contains(&text) {
        let help = format!("rename it after what it holds, such as `{text}_of_items`");
        return refused("other fields could no longer be annotated with that type", &help);
    }
    if CALLED.contains(&text) {
        return refused("the class itself uses that name", "rename it, in lower case");
    }
    Ok(name)
}

/// Whether a module that holds a model uses the name for something else, so that no class can have it there.
#[must_use]
pub fn is_taken(class: &str) -> bool {
    CALLED.contains(&class)
        || GENERIC.contains(&class)
        || class == "annotations"
        || HIDEABLE.iter().any(|(name, other)| class == *name || class == *other)
}

/// What types are called in a model that has certain fields.
///
/// In the body of a class, a field hides a type of its name: `date: date | None = None` says that the type is
/// `None | None`, to pydantic and mypy alike. Such a type gets a second name above the class.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypeNames {
    hidden: BTreeSet<&'static str>,
}

impl TypeNames {
    /// The names of types in a model with these fields.
    #[must_use]
    pub fn beside<'a>(fields: impl IntoIterator<Item = &'a str>) -> Self {
        let hidden = |field: &str| HIDEABLE.iter().find(|(name, _)| *name == field);
        Self { hidden: fields.into_iter().filter_map(hidden).map(|(name, _)| *name).collect() }
    }

    /// What a type is called in the body of the class.
    #[must_use]
    pub fn of(&self, name: &'static str) -> Identifier {
        self.alias(name).unwrap_or_else(|| Identifier::ours(name))
    }

    /// The second name of a type, where a field has its first.
    #[must_use]
    pub fn alias(&self, name: &'static str) -> Option<Identifier> {
        let (_, alias) = HIDEABLE.iter().find(|(hideable, _)| *hideable == name)?;
        self.hidden.contains(name).then(|| Identifier::ours(alias))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_pydantic_refuses_are_refused() {
        for bad in [
            "_a",
            "copy",
            "json",
            "validate",
            "model_config",
            "model_dump_x",
            "Field",
            "a-b",
            "",
            "list",
            "tuple",
            "dict",
        ] {
            let refused = field_name(bad).unwrap_err();
            assert!(!refused.help.is_empty() && !refused.reason.is_empty(), "{bad}");
        }
        assert_eq!(field_name("class").unwrap_err().help, "rename it, such as `class_value`");
        for good in ["order_id", "model_name", "date", "self", "annotations", "uuid"] {
            assert!(field_name(good).is_ok(), "{good}");
        }
    }

    #[test]
    fn only_hidden_types_have_a_second_name() {
        let names = TypeNames::beside(["date", "order_id"]);
        assert_eq!(names.of("date").as_str(), "DateType");
        assert_eq!(names.of("datetime").as_str(), "datetime");
        assert_eq!(names.alias("str"), None);
    }

    #[test]
    fn second_names_are_taken_too() {
        assert!(is_taken("DateType") && is_taken("Field") && is_taken("annotations"));
        assert!(!is_taken("ModelOrder"));
    }
}
