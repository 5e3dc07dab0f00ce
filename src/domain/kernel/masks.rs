//! Sets of candidates as masks of 64 bits.

use super::MAX_CANDIDATES;

/// The numbers in a mask, ascending.
pub(super) fn members(mask: u64) -> impl Iterator<Item = usize> {
    let mut rest = mask;
    std::iter::from_fn(move || {
        let number = (rest != 0).then(|| number_of(rest));
        rest &= rest.wrapping_sub(1);
        number
    })
}

/// The lowest number in a mask, 64 if it is empty.
pub(super) fn number_of(mask: u64) -> usize {
    usize::try_from(mask.trailing_zeros()).unwrap_or(MAX_CANDIDATES)
}

/// The mask of one number; empty from 64 on.
pub(super) fn bit(number: usize) -> u64 {
    u32::try_from(number).ok().and_then(|number| 1_u64.checked_shl(number)).unwrap_or(0)
}

/// The mask of the first so many numbers; all from 64 on.
pub(super) fn first(count: usize) -> u64 {
    bit(count).wrapping_sub(1)
}

pub(super) fn of(masks: &[u64; MAX_CANDIDATES], node: usize) -> u64 {
    masks.get(node).copied().unwrap_or(0)
}
