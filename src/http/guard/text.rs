//! Counting over raw text: no recursion, one pass, nothing allocated.

use serde_json::Value;

use super::super::{
    error::{Reason, Refusal},
    limits::Limits,
};

/// Checks a document's text: bytes, brackets, tokens, directives and the length of names.
///
/// A string that does not end is refused here, since what follows it could be read in two ways.
///
/// # Errors
/// The first limit that the text is over, or a string without an end.
pub fn text(document: &str, limits: &Limits) -> Result<(), Refusal> {
    if document.len() > limits.document_bytes {
        let message = format!("the document is over {} bytes", limits.document_bytes);
        return Err(Refusal::new(Reason::DocumentTooLarge, message));
    }
    if document.contains('\0') || document.contains("\\u0000") {
        return Err(nul());
    }
    let mut counts = Counts { limits, tokens: 0, directives: 0, brackets: 0 };
    let mut rest = document.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        rest = match byte {
            b' ' | b'\t' | b'\n' | b'\r' | b',' => tail,
            b'#' => skip(tail, |byte| byte != b'\n' && byte != b'\r'),
            _ => counts.token(byte, rest, tail)?,
        };
    }
    Ok(())
}

/// Checks that JSON text nests objects and arrays at most `limit` levels deep.
///
/// # Errors
/// The text nests deeper. Text that is not JSON may pass: it is only counted here.
pub fn json(text: &[u8], limit: usize) -> Result<(), Refusal> {
    let mut depth: usize = 0;
    let mut rest = text;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        match byte {
            b'{' | b'[' => {
                depth = depth.saturating_add(1);
                if depth > limit {
                    return Err(Refusal::new(Reason::JsonTooDeep, "the JSON of the request nests too deep"));
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            // A string without an end leaves nothing to count; the JSON parser will refuse it.
            b'"' => rest = quoted(tail).unwrap_or_default(),
            _ => {}
        }
    }
    Ok(())
}

/// Checks that no text in a value holds the character NUL.
///
/// # Errors
/// One does.
pub fn value(value: &Value) -> Result<(), Refusal> {
    match value {
        Value::String(text) if text.contains('\0') => Err(nul()),
        Value::Array(items) => items.iter().try_for_each(self::value),
        Value::Object(fields) => fields.values().try_for_each(self::value),
        _ => Ok(()),
    }
}

fn nul() -> Refusal {
    Refusal::new(Reason::NulCharacter, "a text holds the character NUL, which no text here has")
}

struct Counts<'l> {
    limits: &'l Limits,
    tokens: usize,
    directives: usize,
    brackets: usize,
}

impl Counts<'_> {
    /// Counts the token that starts with `first`, and returns what follows it. `rest` is `first` and `tail`.
    fn token<'t>(&mut self, first: u8, rest: &'t [u8], tail: &'t [u8]) -> Result<&'t [u8], Refusal> {
        self.tokens = self.tokens.saturating_add(1);
        if self.tokens > self.limits.tokens {
            let message = format!("the document has more than {} tokens", self.limits.tokens);
            return Err(Refusal::new(Reason::TooManyTokens, message));
        }
        match first {
            b'(' | b'[' | b'{' => {
                self.brackets = self.brackets.saturating_add(1);
                if self.brackets > self.limits.brackets {
                    let message =
                        format!("the document nests brackets deeper than {} levels", self.limits.brackets);
                    return Err(Refusal::new(Reason::BracketsTooDeep, message));
                }
            }
            // A bracket that closes none is a syntax error, so the count need not tell the kinds apart.
            b')' | b']' | b'}' => self.brackets = self.brackets.saturating_sub(1),
            b'@' => {
                self.directives = self.directives.saturating_add(1);
                if self.directives > self.limits.directives {
                    let message = format!("the document has more than {} directives", self.limits.directives);
                    return Err(Refusal::new(Reason::TooManyDirectives, message));
                }
            }
            b'"' => {
                return string(tail)
                    .ok_or_else(|| Refusal::new(Reason::Syntax, "syntax error: a string has no end"));
            }
            b'.' => return Ok(skip(tail, |byte| byte == b'.')),
            b'-' | b'0'..=b'9' => {
                return Ok(skip(tail, |byte| name_byte(byte) || matches!(byte, b'.' | b'+' | b'-')));
            }
            // A byte outside ASCII stands in no token but a string: the parser refuses it.
            _ if !first.is_ascii() => return Ok(skip(tail, |byte| !byte.is_ascii())),
            _ if name_byte(first) => {
                let after = skip(tail, name_byte);
                if rest.len().saturating_sub(after.len()) > self.limits.name_bytes {
                    let message = format!("a name in the document is over {} bytes", self.limits.name_bytes);
                    return Err(Refusal::new(Reason::NameTooLong, message));
                }
                return Ok(after);
            }
            _ => {}
        }
        Ok(tail)
    }
}

/// What follows a string whose first quote has been read; `None` if it has no end.
fn string(tail: &[u8]) -> Option<&[u8]> {
    if let Some(block) = tail.strip_prefix(b"\"\"") {
        return block_string(block);
    }
    let after = quoted(tail)?;
    let inside = tail.get(..tail.len().saturating_sub(after.len()))?;
    // A line ends a string, so such a string has no end: what follows must not be hidden in it.
    (!inside.iter().any(|byte| matches!(byte, b'\n' | b'\r'))).then_some(after)
}

/// What follows the closing quote, a backslash taking the next byte with it.
fn quoted(mut tail: &[u8]) -> Option<&[u8]> {
    loop {
        match tail {
            [b'"', after @ ..] => return Some(after),
            [b'\\', _, after @ ..] | [_, after @ ..] => tail = after,
            [] => return None,
        }
    }
}

/// What follows the three closing quotes; `\"""` does not close.
fn block_string(mut tail: &[u8]) -> Option<&[u8]> {
    loop {
        match tail {
            [b'"', b'"', b'"', after @ ..] => return Some(after),
            [b'\\', b'"', b'"', b'"', after @ ..] | [_, after @ ..] => tail = after,
            [] => return None,
        }
    }
}

fn skip(mut bytes: &[u8], while_true: impl Fn(u8) -> bool) -> &[u8] {
    while let Some((&byte, tail)) = bytes.split_first()
        && while_true(byte)
    {
        bytes = tail;
    }
    bytes
}

const fn name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
