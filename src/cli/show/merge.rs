//! Rows that differ only in whom they are about, told once.

/// Groups entries with equal rows, in the order of their first appearance; each group has everybody
/// it is about.
pub(super) fn merge<const N: usize>(
    entries: impl IntoIterator<Item = (String, Vec<[String; N]>)>,
) -> Vec<(Vec<String>, Vec<[String; N]>)> {
    let mut groups: Vec<(Vec<String>, Vec<[String; N]>)> = Vec::new();
    for (who, rows) in entries {
        match groups.iter_mut().find(|(_, known)| *known == rows) {
            Some((everybody, _)) => everybody.push(who),
            None => groups.push((vec![who], rows)),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_rows_are_told_once() {
        let entry = |who: &str, row: &str| (who.to_owned(), vec![[row.to_owned()]]);
        let groups = merge([entry("p1", "a"), entry("p2", "b"), entry("p3", "a")]);
        let told: Vec<_> = groups.iter().map(|(who, rows)| (who.join("+"), rows[0][0].as_str())).collect();
        assert_eq!(told, [(String::from("p1+p3"), "a"), (String::from("p2"), "b")]);
    }
}
