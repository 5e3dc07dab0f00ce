//! Chinese wordings of sources.

use super::super::diagnostic::{Findings, codes};
use super::super::draft::Draft;
use super::super::names::Names;

/// Wordings that no source uses. Silent while anything is unread: it may hold the source.
pub(in super::super) fn unused(draft: &Draft<'_>, names: &Names, findings: &mut Findings) {
    if !draft.troubled.is_empty() {
        return;
    }
    for read in draft.wordings.iter().filter(|read| !names.wordings.is_used(&read.item.en)) {
        let message = format!("no source says `{}`", read.item.en);
        let hint = "take it out, or write it as the source does";
        findings.add(read.site, codes::UNUSED_WORDING, message, hint);
    }
}
