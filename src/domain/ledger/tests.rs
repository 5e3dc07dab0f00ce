use super::*;

#[test]
fn periods_are_read_and_written() {
    for (text, kind, first, end, months) in [
        ("2024-06", CoversKind::Month, "2024-06-01", "2024-07-01", 1),
        ("2024-12", CoversKind::Month, "2024-12-01", "2025-01-01", 1),
        ("2024", CoversKind::Year, "2024-01-01", "2025-01-01", 12),
        ("2024-06-15", CoversKind::Day, "2024-06-15", "2025-01-01", 12),
    ] {
        let covers: Covers = text.parse().unwrap();
        assert_eq!(covers.to_string(), text);
        assert_eq!(covers.kind(), kind);
        assert_eq!(covers.first_day().to_string(), first);
        assert_eq!(covers.end().to_string(), end);
        assert_eq!(covers.months().len(), months);
    }
    for bad in ["", "24", "2024-6", "2024-13", "2024-02-30", "2024-06-15-1", "２０２４", "2024-", "+024"]
    {
        assert_eq!(bad.parse::<Covers>(), Err(CoversError), "{bad}");
    }
}

#[test]
fn a_link_depends_on_everything_before_it() {
    let first = link(ChainHash::START, b"one");
    assert_ne!(first, link(ChainHash::START, b"two"));
    assert_ne!(link(first, b"two"), link(link(ChainHash::START, b"0ne"), b"two"));
    assert_eq!(
        first.to_string(),
        // SHA-256 of 32 zero bytes and "one", by another program.
        "4e233ba6ac7032d3894ecea5974fd96176e564b024af45747eb46357af8d2401"
    );
}
