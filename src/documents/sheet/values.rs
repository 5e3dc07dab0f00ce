//! What a cell says, as values.

use chrono::NaiveDate;

use super::{Cell, CellKind, Fault, codes};
use crate::domain::money::{Fen, MoneyError};

/// A day: `2024-06-30`, `2024/6/30`, `2024.6.30`, `20240630`, `2024年6月30日`, or a date of the spreadsheet.
///
/// # Errors
/// No day of the calendar.
pub fn date(cell: Cell<'_>) -> Result<NaiveDate, Fault> {
    day(cell.plain()?).ok_or_else(|| Fault::new(codes::BAD_DATE, "expected a day such as `2024-06-30`"))
}

fn day(text: &str) -> Option<NaiveDate> {
    let (year, month, day) = if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        (text.get(..4)?, text.get(4..6)?, text.get(6..)?)
    } else if let Some((year, rest)) = text.split_once('年') {
        let (month, day) = rest.split_once('月')?;
        (year, month, day.strip_suffix('日')?)
    } else {
        let between = text.get(4..5).filter(|between| matches!(*between, "-" | "/" | "."))?;
        let (year, rest) = text.split_once(between)?;
        let (month, day) = rest.split_once(between)?;
        (year, month, day)
    };
    let number = |text: &str, digits: std::ops::RangeInclusive<usize>| {
        let plain = digits.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        if plain { text.parse::<u32>().ok() } else { None }
    };
    let year = i32::try_from(number(year, 4..=4)?).ok()?;
    let date = NaiveDate::from_ymd_opt(year, number(month, 1..=2)?, number(day, 1..=2)?)?;
    (1800..=2200).contains(&year).then_some(date)
}

/// An amount of yuan from 0 with at most two decimals.
///
/// # Errors
/// No such amount.
pub fn yuan(cell: Cell<'_>) -> Result<Fen, Fault> {
    Fen::from_yuan(number(cell)?).map_err(|error| {
        let message = match error {
            MoneyError::Malformed => "expected yuan with at most two decimals, such as `67.84`",
            MoneyError::Negative => "an amount cannot be negative",
            MoneyError::TooLarge => "an amount cannot exceed 1,000,000,000 yuan",
        };
        Fault::new(codes::BAD_AMOUNT, message)
    })
}

/// A whole number from 0.
///
/// # Errors
/// No such number, or one above `most`.
pub fn whole(cell: Cell<'_>, most: i64) -> Result<i64, Fault> {
    let text = number(cell)?;
    let plain = text.len() <= 15 && text.bytes().all(|byte| byte.is_ascii_digit());
    let found = if plain { text.parse().ok().filter(|number| *number <= most) } else { None };
    found.ok_or_else(|| Fault::new(codes::BAD_NUMBER, format!("expected a whole number from 0 to {most}")))
}

/// A number from 0 with at most three decimals, in thousandths.
///
/// # Errors
/// No such number, or one above `most` thousandths.
pub fn quantity(cell: Cell<'_>, most: i64) -> Result<i64, Fault> {
    let text = number(cell)?;
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str, most: usize| {
        (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let found = if digits(whole, 12) && digits(decimals, 3) {
        format!("{whole}{decimals:0<3}").parse().ok().filter(|thousandths| *thousandths <= most)
    } else {
        None
    };
    found.ok_or_else(|| {
        let message = format!("expected a number up to {} with at most three decimals", most / 1000);
        Fault::new(codes::BAD_NUMBER, message)
    })
}

/// Yes or no: 是 and 否, 有 and 无, `yes` and `no`, `true` and `false`, 1 and 0.
///
/// # Errors
/// Neither.
pub fn truth(cell: Cell<'_>) -> Result<bool, Fault> {
    const WORDS: [(&str, &str); 5] =
        [("是", "否"), ("有", "无"), ("yes", "no"), ("true", "false"), ("1", "0")];
    let text = cell.plain()?;
    let is = |word: &str| word.eq_ignore_ascii_case(text);
    let found = WORDS.iter().find_map(|(yes, no)| if is(yes) { Some(true) } else { is(no).then_some(false) });
    found.ok_or_else(|| Fault::new(codes::BAD_TRUTH, "expected `是` or `否`"))
}

/// The text of a cell that is no date.
fn number(cell: Cell<'_>) -> Result<&str, Fault> {
    let text = cell.plain()?;
    if matches!(cell.kind, CellKind::Date | CellKind::Truth) {
        return Err(Fault::new(codes::BAD_NUMBER, "expected a number, found a date or a yes-or-no cell"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(text: &str) -> Cell<'_> {
        Cell { kind: CellKind::Text, text }
    }

    #[test]
    fn days_are_read_in_every_form_and_only_whole() {
        let expected = NaiveDate::from_ymd_opt(2024, 1, 2).unwrap();
        for text in ["2024-01-02", "2024/1/2", "2024.1.2", "20240102", "2024年1月2日", "2024年01月02日"]
        {
            assert_eq!(date(cell(text)), Ok(expected), "{text}");
        }
        for text in [
            "",
            "2024",
            "2024-01",
            "2024-02-30",
            "24-1-2",
            "2024-1/2",
            "2024-01-02 08:00:00",
            "+2024-01-02",
            "2024年1月2",
            "０２",
            "9999-01-01",
            "2024-1-",
            "45293",
            "1/2/2024",
            "2024-001-02",
        ] {
            assert_eq!(date(cell(text)).map_err(|fault| fault.code), Err(codes::BAD_DATE), "{text}");
        }
    }

    #[test]
    fn numbers_keep_to_their_range() {
        assert_eq!(whole(cell("12"), 12), Ok(12));
        assert_eq!(quantity(cell("2.5"), 10_000), Ok(2500));
        assert_eq!(quantity(cell("10"), 10_000), Ok(10_000));
        for text in ["13", "-1", "1.0", "", "1e1", "99999999999999999999"] {
            assert!(whole(cell(text), 12).is_err(), "{text}");
        }
        for text in ["10.001", "1.2345", ".5", "5.", "-1", "99999999999999"] {
            assert!(quantity(cell(text), 10_000).is_err(), "{text}");
        }
        assert_eq!(truth(cell("是")), Ok(true));
        assert_eq!(truth(cell("No")), Ok(false));
        assert!(truth(cell("maybe")).is_err());
        let date = Cell { kind: CellKind::Date, text: "2024-01-02" };
        assert!(yuan(date).is_err());
    }
}
