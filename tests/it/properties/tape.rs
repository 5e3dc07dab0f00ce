//! A tape of random bytes that the generators read their choices from. A byte of 0 is always the
//! plainest choice, so that a shrunk tape is a small case.

/// Choices, read from front to back; behind the end every choice is the plainest.
pub(super) struct Tape {
    bytes: Vec<u8>,
    at: usize,
}

impl Tape {
    pub(super) fn new(bytes: Vec<u8>) -> Self {
        Self { bytes, at: 0 }
    }

    /// A number below `n`.
    pub(super) fn pick(&mut self, n: usize) -> usize {
        let byte = self.bytes.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        usize::from(byte) % n.max(1)
    }

    /// A number below `n`, as a value.
    pub(super) fn number(&mut self, n: usize) -> i64 {
        i64::try_from(self.pick(n)).unwrap()
    }

    /// Yes in `of` out of 100 cases.
    pub(super) fn chance(&mut self, of: usize) -> bool {
        self.pick(100) >= 100 - of
    }

    /// One of these; the first is the plainest.
    pub(super) fn of<T: Clone>(&mut self, choices: &[T]) -> T {
        let index = self.pick(choices.len());
        choices[index].clone()
    }

    /// The numbers below `n` in some order.
    pub(super) fn order(&mut self, n: usize) -> Vec<usize> {
        let mut left: Vec<usize> = (0..n).collect();
        (0..n).map(|_| left.remove(self.pick(left.len()))).collect()
    }
}
