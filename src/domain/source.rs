//! Where a policy fact is known from. Every fact of a catalogue carries at least one source.

use super::text::Lang;

/// How sure a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tag {
    /// Printed in the source paper.
    Paper,
    /// Read in a document of the list of sources.
    Document,
    /// General knowledge, not checked against a document; shown as unverified.
    Knowledge,
    /// A choice of this toolbox; shown as such.
    Assumption,
}

impl Tag {
    /// The code of files and the API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Paper => "paper",
            Self::Document => "document",
            Self::Knowledge => "knowledge",
            Self::Assumption => "assumption",
        }
    }

    /// The word shown to a person.
    pub const fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Paper => lang.pick("论文", "paper"),
            Self::Document => lang.pick("文件", "document"),
            Self::Knowledge => lang.pick("常识（未核实）", "knowledge (unverified)"),
            Self::Assumption => lang.pick("假设", "assumption"),
        }
    }
}

/// One source of one fact: `document: S02 art 30` is tag, document and detail.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Source {
    /// How sure it is.
    pub tag: Tag,
    /// The document's id in the list of sources, for [`Tag::Document`].
    pub document: Option<String>,
    /// The clause, table or reason; may be empty for [`Tag::Paper`].
    pub detail: String,
    /// The Chinese wording of `detail`; none where it needs none.
    pub zh: Option<String>,
}

impl Source {
    /// The clause, table or reason in a language.
    pub fn detail_in(&self, lang: Lang) -> &str {
        lang.pick(self.zh.as_deref().unwrap_or(&self.detail), &self.detail)
    }
}

/// One entry of the list of sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its id, `S02`.
    pub id: String,
    /// Its title and number, as printed.
    pub title: String,
    /// Where it was read.
    pub read_at: String,
    /// Whether it is an official publication.
    pub official: bool,
}
