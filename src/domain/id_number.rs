//! Citizen identity numbers (公民身份号码, GB 11643): checked, made comparable, and masked.

use std::fmt;

use chrono::NaiveDate;

/// A checked citizen identity number of 18 characters. Numbers of 15 digits are brought to 18.
///
/// It shows itself masked only: neither `Display` nor `Debug` tells the middle.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IdNumber(String);

/// What is wrong with a number. It never repeats the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdNumberError {
    /// Not 18 or 15 characters long.
    #[error("expected 18 characters, or 15 digits of an old number")]
    Length,
    /// A character that is no digit, other than a final X.
    #[error("expected digits, with X as the last character at most")]
    Character,
    /// The spreadsheet made a rounded number of it (`1.10101E+17`), whose digits are lost.
    #[error("the spreadsheet stored a rounded number: export the column as text")]
    Rounded,
    /// The seventh to fourteenth characters are no date of birth.
    #[error("the date of birth in the number does not exist")]
    BirthDate,
    /// The last character does not fit the others.
    #[error("the check character does not fit the number")]
    Check,
}

/// Sex as it stands in a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sex {
    /// Female: the 17th digit is even.
    Female,
    /// Male: the 17th digit is odd.
    Male,
}

impl IdNumber {
    /// Reads a number as people write it: spaces around it are ignored, `x` counts as `X`, and 15
    /// digits become 18 (born in 19..). ASCII and full-width digits are alike.
    ///
    /// # Errors
    /// [`IdNumberError`].
    pub fn parse(text: &str) -> Result<Self, IdNumberError> {
        let text: String = text.trim().chars().map(narrow).collect();
        if text.contains('.') || text.chars().any(|char| char == 'E') {
            return Err(IdNumberError::Rounded);
        }
        let number = match text.chars().count() {
            18 => text,
            15 => {
                if !text.bytes().all(|byte| byte.is_ascii_digit()) {
                    return Err(IdNumberError::Character);
                }
                let (region, rest) = text.split_at_checked(6).ok_or(IdNumberError::Character)?;
                let long = format!("{region}19{rest}");
                let check = check_character(&long).ok_or(IdNumberError::Character)?;
                format!("{long}{check}")
            }
            _ => return Err(IdNumberError::Length),
        };
        let (body, last) = number.split_at_checked(17).ok_or(IdNumberError::Character)?;
        if !last.chars().all(|char| char == 'X' || char.is_ascii_digit()) {
            return Err(IdNumberError::Character);
        }
        let check = check_character(body).ok_or(IdNumberError::Character)?;
        birth_date(&number).ok_or(IdNumberError::BirthDate)?;
        if last.chars().eq([check]) { Ok(Self(number)) } else { Err(IdNumberError::Check) }
    }

    /// Makes the number of a person: six digits of the region, date of birth, three digits of order.
    /// `None` if the region has another length or the order more than three digits.
    pub fn compose(region: &str, birth: NaiveDate, order: u16) -> Option<Self> {
        let body = format!("{region}{}{order:03}", birth.format("%Y%m%d"));
        let check = check_character(&body)?;
        (body.len() == 17).then(|| Self(format!("{body}{check}")))
    }

    /// The whole number. Personal data: for storing encrypted, hashing and permitted display only.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The number as it is shown: the first six and the last four characters.
    pub fn masked(&self) -> String {
        let (front, back) = (self.0.get(..6).unwrap_or_default(), self.0.get(14..).unwrap_or_default());
        format!("{front}********{back}")
    }

    /// The date of birth.
    pub fn birth_date(&self) -> NaiveDate {
        // INVARIANT: every constructor checked that the date exists.
        birth_date(&self.0).unwrap_or_default()
    }

    /// The sex.
    pub fn sex(&self) -> Sex {
        let odd = self.0.as_bytes().get(16).is_some_and(|digit| digit % 2 == 1);
        if odd { Sex::Male } else { Sex::Female }
    }
}

impl fmt::Display for IdNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.masked())
    }
}

impl fmt::Debug for IdNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "IdNumber({})", self.masked())
    }
}

/// Full-width forms, as Chinese input methods write them, as ASCII; lower case as upper case.
fn narrow(char: char) -> char {
    let code = u32::from(char);
    let ascii = if (0xFF01..=0xFF5E).contains(&code) { char::from_u32(code - 0xFEE0) } else { None };
    ascii.unwrap_or(char).to_ascii_uppercase()
}

fn birth_date(number: &str) -> Option<NaiveDate> {
    let year = number.get(6..10)?.parse().ok()?;
    let month = number.get(10..12)?.parse().ok()?;
    let day = number.get(12..14)?.parse().ok()?;
    NaiveDate::from_ymd_opt(year, month, day).filter(|_| (1800..=2200).contains(&year))
}

/// The check character over 17 digits (ISO 7064, MOD 11-2).
fn check_character(body: &str) -> Option<char> {
    let mut sum = 0;
    for char in body.chars() {
        sum = (sum + char.to_digit(10)?) * 2 % 11;
    }
    char::from_digit((12 - sum) % 11, 10).or(Some('X'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the standard itself.
    const EXAMPLE: &str = "11010519491231002X";

    #[test]
    fn the_standards_example_is_read_and_shown_masked() {
        let number = IdNumber::parse(EXAMPLE).unwrap();
        assert_eq!(number.masked(), "110105********002X");
        assert_eq!(format!("{number} {number:?}"), "110105********002X IdNumber(110105********002X)");
        assert_eq!(number.birth_date(), NaiveDate::from_ymd_opt(1949, 12, 31).unwrap());
        assert_eq!(number.sex(), Sex::Female);
        assert_eq!(IdNumber::parse(" 11010519491231002x\t"), Ok(number.clone()));
        assert_eq!(IdNumber::parse("１１０１０５１９４９１２３１００２Ｘ"), Ok(number.clone()));
        assert_eq!(IdNumber::parse("110105491231002"), Ok(number));
    }

    #[test]
    fn every_wrong_digit_and_every_neighbours_swapped_are_noticed() {
        for place in 0..17 {
            for digit in b'0'..=b'9' {
                let mut bytes = EXAMPLE.as_bytes().to_vec();
                if bytes[place] != digit {
                    bytes[place] = digit;
                    assert!(IdNumber::parse(std::str::from_utf8(&bytes).unwrap()).is_err());
                }
            }
            let mut bytes = EXAMPLE.as_bytes().to_vec();
            if bytes[place] != bytes[place + 1] {
                bytes.swap(place, place + 1);
                assert!(IdNumber::parse(std::str::from_utf8(&bytes).unwrap()).is_err());
            }
        }
    }

    #[test]
    fn what_is_wrong_is_told_apart() {
        for (text, error) in [
            ("", IdNumberError::Length),
            ("1101051949123100", IdNumberError::Length),
            ("1.10101E+17", IdNumberError::Rounded),
            ("1.1010519491231E+17", IdNumberError::Rounded),
            ("11010519491231002Y", IdNumberError::Character),
            ("1101051949X231002X", IdNumberError::Character),
            ("身份证号码十五个字都在这里了吗", IdNumberError::Character),
            ("110105194902300021", IdNumberError::BirthDate),
            ("110105194912310021", IdNumberError::Check),
        ] {
            assert_eq!(IdNumber::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn a_composed_number_is_a_right_one() {
        for order in [0, 1, 2, 999] {
            let birth = NaiveDate::from_ymd_opt(2012, 2, 29).unwrap();
            let number = IdNumber::compose("990101", birth, order).unwrap();
            assert_eq!(IdNumber::parse(number.reveal()), Ok(number.clone()));
            assert_eq!(number.birth_date(), birth);
        }
        assert_eq!(IdNumber::compose("99010", NaiveDate::default(), 1), None);
        assert_eq!(IdNumber::compose("990101", NaiveDate::default(), 1000), None);
    }
}
