//! A line of text that is being typed.

/// The text and the place of the cursor in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Before the cursor.
    before: String,
    /// Behind it.
    behind: String,
}

impl Line {
    /// A text with the cursor at its end.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self { before: text.to_owned(), behind: String::new() }
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}{}", self.before, self.behind)
    }

    /// What stands before the cursor.
    #[must_use]
    pub fn before(&self) -> &str {
        &self.before
    }

    /// Types a character.
    pub fn insert(&mut self, character: char) {
        self.before.push(character);
    }

    /// Types a text that may have lines: they are parts of one answer here.
    pub fn paste(&mut self, text: &str) {
        let lines = text.replace("\r\n", "\n").replace(['\r', '\t'], "\n");
        let words: Vec<&str> =
            lines.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let is_shown = |c: &char| !crate::python::is_hidden(*c);
        self.before.extend(words.join(" ").chars().filter(is_shown));
    }

    /// Deletes the character before the cursor.
    pub fn backspace(&mut self) {
        self.before.pop();
    }

    /// Deletes the character at the cursor.
    pub fn delete(&mut self) {
        let mut rest = self.behind.chars();
        rest.next();
        self.behind = rest.as_str().to_owned();
    }

    /// One character to the left.
    pub fn left(&mut self) {
        if let Some(character) = self.before.pop() {
            self.behind.insert(0, character);
        }
    }

    /// One character to the right.
    pub fn right(&mut self) {
        let mut rest = self.behind.chars();
        if let Some(character) = rest.next() {
            self.before.push(character);
            self.behind = rest.as_str().to_owned();
        }
    }

    /// To the beginning.
    pub fn home(&mut self) {
        self.behind.insert_str(0, &std::mem::take(&mut self.before));
    }

    /// To the end.
    pub fn end(&mut self) {
        self.before.push_str(&std::mem::take(&mut self.behind));
    }

    /// Deletes everything before the cursor.
    pub fn delete_before(&mut self) {
        self.before.clear();
    }

    /// Deletes everything behind the cursor.
    pub fn delete_behind(&mut self) {
        self.behind.clear();
    }

    /// Deletes the word before the cursor.
    pub fn delete_word(&mut self) {
        let kept = self.before.trim_end();
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let word = kept.trim_end_matches(is_part);
        let end = if word.len() < kept.len() {
            word.len()
        } else {
            kept.char_indices().next_back().map_or(0, |(at, _)| at)
        };
        self.before.truncate(end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_edited_at_its_cursor() {
        let mut line = Line::new("order");
        line.left();
        line.insert('é');
        assert_eq!((line.before(), line.text().as_str()), ("ordeé", "ordeér"));
        line.backspace();
        line.delete();
        assert_eq!(line.text(), "orde");
        line.home();
        line.insert('x');
        line.right();
        assert_eq!(line.before(), "xo");
        line.end();
        line.right();
        line.delete();
        assert_eq!(line.before(), "xorde");
        line.delete_before();
        line.left();
        line.backspace();
        assert_eq!(line.text(), "");
    }

    #[test]
    fn lines_are_pasted_as_one() {
        let mut line = Line::new("()");
        line.left();
        line.paste("order_id: uuid,\r\n  total:\tdecimal\u{1b}[2J\n\n");
        assert_eq!(line.text(), "(order_id: uuid, total: decimal[2J)");
    }

    #[test]
    fn words_are_deleted_one_by_one() {
        let mut line = Line::new("order_id: uuid, 日本  ");
        for rest in ["order_id: uuid, ", "order_id: uuid", "order_id: ", "order_id", "", ""] {
            line.delete_word();
            assert_eq!(line.text(), rest);
        }
    }

    #[test]
    fn the_rest_of_a_line_is_deleted() {
        let mut line = Line::new("ab");
        line.left();
        line.delete_behind();
        assert_eq!(line.text(), "a");
    }
}
