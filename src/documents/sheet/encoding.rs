//! The encodings in which offices save CSV.

use encoding_rs::GB18030;

/// An encoding of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Gb18030,
}

/// The byte order mark of UTF-8.
pub(super) const BOM: &[u8] = b"\xef\xbb\xbf";

impl Encoding {
    /// The encoding of a stretch of a file; `None` while it is plain ASCII, which both write alike. UTF-8
    /// wins where the stretch is valid in it: of texts in GB18030, none but a few short words are.
    /// What is neither counts as UTF-8, so that the line of the broken character is told.
    pub(super) fn of(stretch: &[u8]) -> Option<Self> {
        if stretch.is_ascii() {
            return None;
        }
        let utf8 = std::str::from_utf8(stretch).map_err(|error| error.error_len());
        // A character that is cut off by the end of the stretch is no mistake.
        if matches!(utf8, Ok(_) | Err(None)) {
            return Some(Self::Utf8);
        }
        let mut decoder = GB18030.new_decoder_without_bom_handling();
        let room = decoder.max_utf8_buffer_length_without_replacement(stretch.len()).unwrap_or_default();
        let mut text = String::with_capacity(room);
        let (result, _read) = decoder.decode_to_string_without_replacement(stretch, &mut text, false);
        let broken = matches!(result, encoding_rs::DecoderResult::Malformed(..));
        Some(if broken { Self::Utf8 } else { Self::Gb18030 })
    }

    /// Its name, for messages.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Gb18030 => "GB18030",
        }
    }

    /// Adds a cell to a text, or leaves the text as it is and answers `false`.
    pub(super) fn decode(self, cell: &[u8], text: &mut String) -> bool {
        match self {
            Self::Utf8 => std::str::from_utf8(cell).map(|cell| text.push_str(cell)).is_ok(),
            Self::Gb18030 => GB18030
                .decode_without_bom_handling_and_without_replacement(cell)
                .map(|cell| text.push_str(&cell))
                .is_some(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf8_wins_and_a_cut_off_character_is_no_mistake() {
        let text = "户号,姓名\n";
        let (gb, _, _) = GB18030.encode(text);
        assert_eq!(Encoding::of(b"household_no,name\n"), None);
        assert_eq!(Encoding::of(text.as_bytes()), Some(Encoding::Utf8));
        assert_eq!(Encoding::of(&text.as_bytes()[..5]), Some(Encoding::Utf8));
        assert_eq!(Encoding::of(&gb), Some(Encoding::Gb18030));
        assert_eq!(Encoding::of(&gb[..3]), Some(Encoding::Gb18030));
        let mut broken = text.as_bytes().to_vec();
        broken[1] = 0xff;
        assert_eq!(Encoding::of(&broken), Some(Encoding::Utf8), "so that the place is told");
    }
}
