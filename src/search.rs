//! Searches in whole texts, of which a run makes tens of thousands: many bytes at a time.
//!
//! In: a text. Out: the same as the searches of the standard library give, which begin with more ado than most of our
//! texts are long.

use memchr::{memchr_iter, memmem};

/// Whether a text holds another.
#[must_use]
pub(crate) fn contains(text: &str, part: &str) -> bool {
    memmem::find(text.as_bytes(), part.as_bytes()).is_some()
}

/// The places where a text holds another, in order and apart from each other.
pub(crate) fn places<'t>(text: &'t str, part: &'t str) -> impl Iterator<Item = usize> + 't {
    memmem::find_iter(text.as_bytes(), part.as_bytes())
}

/// The texts between line feeds, as `split('\n')` gives them.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = &str> {
    let ends = memchr_iter(b'\n', text.as_bytes()).chain([text.len()]);
    let mut begin = 0;
    ends.map(move |end| {
        let line = text.get(begin..end).unwrap_or_default();
        begin = end + 1;
        line
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn searches_find_what_those_of_the_standard_library_find(
            text in "[ab\n\r😀]{0,60}",
            part in "[ab\n]{1,3}",
        ) {
            prop_assert_eq!(contains(&text, &part), text.contains(&part));
            let found: Vec<usize> = text.match_indices(&part).map(|(at, _)| at).collect();
            prop_assert_eq!(places(&text, &part).collect::<Vec<_>>(), found);
            prop_assert!(lines(&text).eq(text.split('\n')));
        }
    }
}
