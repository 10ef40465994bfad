//! How a file's lines end, taken off before a merge and put back after it.
//!
//! In: the text of a file. Out: its lines, and an [`Ending`]: byte order mark, line ends, final newline.
//! A lone carriage return is no line end here; it stays in its line.

/// What a file has around its lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ending {
    /// Begins with a byte order mark.
    bom: bool,
    /// Most lines end in `\r\n`; nothing where there is no line end at all.
    crlf: Option<bool>,
    /// The last line is ended too.
    last: bool,
}

const BOM: char = '\u{feff}';

/// A text without its ending: every line, the last one too, ends in `\n`.
pub(super) fn take(text: &str) -> (String, Ending) {
    let body = text.strip_prefix(BOM);
    let bom = body.is_some();
    let body = body.unwrap_or(text);
    let all = body.matches('\n').count();
    let crlf = body.matches("\r\n").count();
    let ending = Ending {
        bom,
        crlf: (all > 0).then_some(crlf * 2 > all),
        last: body.is_empty() || body.ends_with('\n'),
    };
    let mut lines = body.replace("\r\n", "\n");
    if !ending.last {
        lines.push('\n');
    }
    (lines, ending)
}

impl Ending {
    /// The ending of a merged file: what the user changed stays, the rest follows.
    ///
    /// `last_is_yours` says that the merged text ends in the line that the user's file ends in.
    pub(super) fn merged(base: Self, yours: Self, theirs: Self, last_is_yours: bool) -> Self {
        let pick = |b: bool, y: bool, t: bool| if y == b { t } else { y };
        let crlf = if yours.crlf == base.crlf { theirs.crlf } else { yours.crlf };
        Self {
            bom: pick(base.bom, yours.bom, theirs.bom),
            crlf: crlf.or(theirs.crlf),
            last: if yours.last == base.last { theirs.last } else { yours.last || !last_is_yours },
        }
    }

    /// The same, with a newline behind the last line.
    pub(super) fn closed(self) -> Self {
        Self { last: true, ..self }
    }

    /// The lines as a file.
    pub(super) fn put<'a>(self, lines: impl IntoIterator<Item = &'a str>) -> String {
        let end = if self.crlf == Some(true) { "\r\n" } else { "\n" };
        let mut text = if self.bom { BOM.to_string() } else { String::new() };
        let mut last_line = "";
        for line in lines {
            text.push_str(line);
            text.push_str(end);
            last_line = line;
        }
        if !self.last && !last_line.is_empty() {
            text.truncate(text.len() - end.len());
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_off_is_put_back() {
        for text in
            ["", "a\n", "a", "a\r\nb\r\n", "a\r\nb", "\u{feff}a\n", "\u{feff}", "\n", "a\n\n"]
        {
            let (lines, ending) = take(text);
            assert_eq!(ending.put(lines.split_terminator('\n')), text, "{text:?}");
        }
    }

    #[test]
    fn the_majority_decides_for_mixed_lines() {
        assert_eq!(take("a\r\nb\r\nc\n").1.put(["a", "b", "c"]), "a\r\nb\r\nc\r\n");
        assert_eq!(take("a\r\nb\nc\n").1.put(["a", "b", "c"]), "a\nb\nc\n");
        assert_eq!(take("a\r\rb\n").0, "a\r\rb\n");
    }
}
