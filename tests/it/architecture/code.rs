//! The code of a file, as far as an architecture test has to understand it.

/// A file with comments, strings and tests blanked out; lines stay where they are.
pub(super) struct Code {
    plain: String,
    test_lines: usize,
}

impl Code {
    pub(super) fn new(text: &str) -> Self {
        let (plain, test_lines) = without_tests(&without_text(text));
        Self { plain, test_lines }
    }

    pub(super) fn lines_without_tests(&self) -> usize {
        self.plain.lines().count() - self.test_lines
    }

    /// The lines on which a word or path occurs, also as a part of `use a::{b, c}`.
    pub(super) fn lines_of(&self, word: &str) -> impl Iterator<Item = usize> {
        let mut lines: Vec<usize> = occurrences(&self.plain, word).map(|at| self.line(at)).collect();
        if let Some((path, last)) = word.rsplit_once("::") {
            let braced = self.braced(path).filter(|(_, name)| name == last);
            lines.extend(braced.map(|(at, _)| self.line(at)));
        }
        lines.into_iter()
    }

    /// The top modules that are named, with their lines; `depth` is that of the file's module.
    pub(super) fn top_modules(&self, depth: usize) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        for root in ["crate".to_owned(), vec!["super"; depth].join("::")] {
            for at in occurrences(&self.plain, &format!("{root}::")) {
                // A longer chain of `super` is another root.
                if !self.plain[..at].ends_with("super::") {
                    found.push((self.line(at), ident(&self.plain[at + root.len() + 2..])));
                }
            }
            found.extend(self.braced(&root).map(|(at, name)| (self.line(at), name)));
        }
        found.retain(|(_, name)| !name.is_empty());
        found
    }

    /// The names directly inside the braces of `path::{…}`.
    fn braced<'a>(&'a self, path: &str) -> impl Iterator<Item = (usize, String)> + 'a {
        let opening = format!("{path}::{{");
        let length = opening.len();
        occurrences(&self.plain, &opening).collect::<Vec<_>>().into_iter().flat_map(move |at| {
            let inside = &self.plain[at + length..];
            let mut names = vec![ident(inside.trim_start())];
            let mut depth = 0_i32;
            for (place, char) in inside.char_indices() {
                match char {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => names.push(ident(inside[place + 1..].trim_start())),
                    _ => {}
                }
            }
            names.into_iter().map(move |name| (at, name))
        })
    }

    fn line(&self, at: usize) -> usize {
        self.plain[..at].matches('\n').count() + 1
    }
}

fn ident(text: &str) -> String {
    text.chars().take_while(|char| is_word(*char)).collect()
}

fn is_word(char: char) -> bool {
    char.is_alphanumeric() || char == '_'
}

/// Where a word stands by itself.
fn occurrences<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    text.match_indices(word).map(|(at, _)| at).filter(move |at| {
        let after = text[at + word.len()..].chars().next();
        let open = word.ends_with(':') || word.ends_with('{');
        !text[..*at].ends_with(is_word) && (open || !after.is_some_and(is_word))
    })
}

/// Blanks comments, strings and characters.
fn without_text(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut plain = String::with_capacity(text.len());
    let mut at = 0;
    while at < bytes.len() {
        let rest = &text[at..];
        let length = text_length(rest, plain.chars().next_back().is_some_and(is_word));
        if length == 0 {
            let char = rest.chars().next().unwrap();
            plain.push(char);
            at += char.len_utf8();
        } else {
            blank(&rest[..length], &mut plain);
            at += length;
        }
    }
    plain
}

fn blank(text: &str, plain: &mut String) {
    plain.extend(text.chars().map(|char| if char == '\n' { '\n' } else { ' ' }));
}

/// How long the comment, string or character is that the text begins with; 0 if it begins with none.
fn text_length(text: &str, inside_word: bool) -> usize {
    if text.starts_with("//") {
        return text.find('\n').unwrap_or(text.len());
    }
    if text.starts_with("/*") {
        let mut depth = 0;
        for (at, _) in text.char_indices() {
            if text[at..].starts_with("/*") {
                depth += 1;
            } else if text[at..].starts_with("*/") {
                depth -= 1;
                if depth == 0 {
                    return at + 2;
                }
            }
        }
        return text.len();
    }
    if text.starts_with('r') && !inside_word {
        let hashes = text[1..].chars().take_while(|char| *char == '#').count();
        if text[1 + hashes..].starts_with('"') {
            let end = format!("\"{}", "#".repeat(hashes));
            let body = 2 + hashes;
            return text[body..].find(&end).map_or(text.len(), |at| body + at + end.len());
        }
    }
    if text.starts_with('"') {
        return quoted(text, '"');
    }
    // A character, not a lifetime: its quote closes after one character or an escape.
    if text.starts_with("'\\") || (text.starts_with('\'') && text.chars().nth(2) == Some('\'')) {
        return quoted(text, '\'');
    }
    0
}

fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, char) in text.char_indices().skip(1) {
        match char {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if char == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Blanks the items under `#[cfg(test)]`; answers how many lines they are, too.
fn without_tests(text: &str) -> (String, usize) {
    const MARK: &str = "#[cfg(test)]";
    let mut plain = String::with_capacity(text.len());
    let (mut rest, mut lines) = (text, 0);
    while let Some(at) = rest.find(MARK) {
        let (before, item) = rest.split_at(at);
        plain.push_str(before);
        let (item, after) = item.split_at(MARK.len() + item_length(&item[MARK.len()..]));
        lines += item.matches('\n').count() + 1;
        blank(item, &mut plain);
        rest = after;
    }
    plain.push_str(rest);
    (plain, lines)
}

/// An item ends with its first `;` outside braces, or with the brace that closes its first one.
fn item_length(text: &str) -> usize {
    let mut depth = 0;
    for (at, char) in text.char_indices() {
        match char {
            ';' if depth == 0 => return at + 1,
            '{' => depth += 1,
            '}' if depth == 1 => return at + 1,
            '}' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}
