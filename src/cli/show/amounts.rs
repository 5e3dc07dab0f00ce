//! Exact numbers in words: yuan, rates, and functions of an amount that is not known.

use crate::domain::money::Fen;
use crate::domain::period::Period;
use crate::domain::ratio::Ratio;
use crate::domain::schedule::{Piece, Schedule};
use crate::domain::text::Lang;
use crate::domain::vocabulary::{FactDef, FactType};

/// A decimal needs at most this many places, or it is shown as a fraction.
const MOST_PLACES: u32 = 6;

/// `16,675.00元`.
pub(in crate::cli) fn yuan(amount: Fen, lang: Lang) -> String {
    exact_yuan(amount.exact(), lang)
}

/// An exact number of fen as yuan: with two decimals or more if it needs more, else as a fraction.
pub(super) fn exact_yuan(fen: Ratio, lang: Lang) -> String {
    format!("{}{}", number(fen), lang.pick("元", " yuan"))
}

/// As [`exact_yuan`], without the word: for tables whose title has it.
pub(super) fn number(fen: Ratio) -> String {
    fen.over(Ratio::integer(100)).ok().map_or_else(|| fen.to_string(), |yuan| decimal(yuan, 2))
}

/// `元/月` and so on, with the amount.
pub(super) fn per(amount: &str, period: Period, lang: Lang) -> String {
    let period = match period {
        Period::Month => lang.pick("/月", " a month"),
        Period::Year => lang.pick("/年", " a year"),
        Period::Once => lang.pick("（一次性）", ", once"),
    };
    format!("{amount}{period}")
}

/// `65%`, or `2/3` where no short percentage is exact.
pub(super) fn rate(rate: Ratio) -> String {
    match rate.times(Ratio::integer(100)).ok().and_then(|percent| plain(percent, 0)) {
        Some(percent) => format!("{percent}%"),
        None => rate.to_string(),
    }
}

/// A quantity of a fact: yuan, a number, or thousandths of a unit.
pub(super) fn quantity(value: Ratio, fact: &FactDef, lang: Lang) -> String {
    match fact.ty {
        FactType::Money => exact_yuan(value, lang),
        FactType::Quantity => {
            value.over(Ratio::integer(1000)).map_or_else(|_too_large| value.to_string(), |v| decimal(v, 0))
        }
        _ => decimal(value, 0),
    }
}

/// A function in words, piece by piece: `每年按年度合规自付医疗费用：超过7,500.00元的部分付65%；…`.
pub(super) fn schedule(schedule: &Schedule, fact: &FactDef, period: Period, lang: Lang) -> String {
    let mut told = Vec::new();
    let mut before: Option<Piece> = None;
    for piece in schedule.pieces() {
        told.push(self::piece(piece, before, fact, lang));
        before = Some(piece);
    }
    // That nothing is paid at first is said by where payment begins.
    let nothing =
        schedule.pieces().next().is_some_and(|first| first.value.is_zero() && first.slope.is_zero());
    if nothing && told.len() > 1 {
        told.remove(0);
    }
    let each = match period {
        Period::Month => lang.pick("每月", "a month"),
        Period::Year => lang.pick("每年", "a year"),
        Period::Once => lang.pick("一次性", "once"),
    };
    let of = lang.pick(fact.zh, fact.en);
    match lang {
        Lang::Zh => format!("{each}按{of}：{}", told.join("；")),
        Lang::En => format!("{each}, by {of}: {}", told.join("; ")),
    }
}

fn piece(piece: Piece, before: Option<Piece>, fact: &FactDef, lang: Lang) -> String {
    let start = quantity(piece.start, fact, lang);
    let value = exact_yuan(piece.value, lang);
    let slope = slope(piece.slope, fact, lang);
    let from_zero = piece.start.is_zero();
    // Whether the piece goes on where the one before ended.
    let joined = before.is_some_and(|before| {
        let run = piece.start.minus(before.start).and_then(|run| run.times(before.slope));
        run.and_then(|run| run.plus(before.value)) == Ok(piece.value)
    });
    let flat = piece.slope.is_zero();
    match lang {
        _ if from_zero && flat => value,
        _ if from_zero && piece.value.is_zero() => slope,
        Lang::Zh if from_zero => format!("{value}，{slope}"),
        Lang::Zh if joined && flat => format!("自{start}起不再变，{value}"),
        Lang::Zh if joined => format!("超过{start}的部分{slope}"),
        Lang::Zh if flat => format!("自{start}起{value}"),
        Lang::Zh => format!("自{start}起{value}，超过的部分{slope}"),
        Lang::En if from_zero => format!("{value}, {slope}"),
        Lang::En if joined && flat => format!("from {start} on it stays at {value}"),
        Lang::En if joined => format!("above {start} {slope}"),
        Lang::En if flat => format!("from {start} on {value}"),
        Lang::En => format!("from {start} on {value}, above that {slope}"),
    }
}

fn slope(slope: Ratio, fact: &FactDef, lang: Lang) -> String {
    let less = slope.is_negative();
    let size = if less { slope.negated().unwrap_or(slope) } else { slope };
    let unit = match fact.ty {
        FactType::Money => {
            return match (lang, less) {
                (Lang::Zh, false) => format!("付{}", rate(size)),
                (Lang::Zh, true) => format!("每多1元减{}元", fraction(size)),
                (Lang::En, false) => rate(size),
                (Lang::En, true) => format!("less {} yuan for each yuan more", fraction(size)),
            };
        }
        FactType::Quantity => size.times(Ratio::integer(1000)).unwrap_or(size),
        _ => size,
    };
    let each = exact_yuan(unit, lang);
    match (lang, less) {
        (Lang::Zh, false) => format!("每1个单位{each}"),
        (Lang::Zh, true) => format!("每1个单位减{each}"),
        (Lang::En, false) => format!("{each} for each"),
        (Lang::En, true) => format!("less {each} for each"),
    }
}

fn fraction(value: Ratio) -> String {
    plain(value, 0).unwrap_or_else(|| value.to_string())
}

/// A number with groups of thousands and at least so many decimals; if they never end, two of them and
/// the fraction: `259,166.66…(777500/3)`.
fn decimal(value: Ratio, least: u32) -> String {
    plain(value, least).unwrap_or_else(|| {
        let cut = value.numerator().checked_mul(100).map(|hundredths| hundredths / value.denominator());
        let cut = cut.and_then(|cut| plain(Ratio::new(cut, 100).ok()?, 2));
        cut.map_or_else(|| value.to_string(), |cut| format!("{cut}…({value})"))
    })
}

fn plain(value: Ratio, least: u32) -> Option<String> {
    let (places, scaled) = (least..=MOST_PLACES).find_map(|places| {
        let scaled = value.times(Ratio::integer(10_i64.pow(places))).ok()?;
        (scaled.denominator() == 1).then(|| (places, scaled.numerator()))
    })?;
    let sign = if scaled < 0 { "-" } else { "" };
    let unit = 10_u128.pow(places);
    let (whole, rest) = (scaled.unsigned_abs() / unit, scaled.unsigned_abs() % unit);
    let whole = grouped(&whole.to_string());
    if places == 0 {
        return Some(format!("{sign}{whole}"));
    }
    let width = usize::try_from(places).ok()?;
    Some(format!("{sign}{whole}.{rest:0width$}"))
}

fn grouped(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::facts::Fact;
    use crate::domain::schedule::Band;

    #[test]
    fn numbers_are_exact_and_grouped() {
        let ratio = |numerator, denominator| Ratio::new(numerator, denominator).unwrap();
        assert_eq!(yuan(Fen::new(1_667_500), Lang::Zh), "16,675.00元");
        assert_eq!(exact_yuan(ratio(67_836, 10), Lang::Zh), "67.836元");
        assert_eq!(exact_yuan(ratio(-10_900_000, 3), Lang::En), "-36,333.33…(-109000/3) yuan");
        assert_eq!((rate(ratio(13, 20)), rate(ratio(2, 3))), (String::from("65%"), String::from("2/3")));
        assert_eq!(per("754.00元", Period::Month, Lang::Zh), "754.00元/月");
    }

    #[test]
    fn a_reimbursement_is_told_piece_by_piece() {
        let band = |upto: Option<i64>, rate: i128| Band {
            upto: upto.map(Fen::new),
            rate: Ratio::new(rate, 100).unwrap(),
        };
        let bands = [band(Some(5_000_000), 60), band(None, 65)];
        let given = Schedule::reimbursement(
            Fen::new(1_500_000).exact(),
            &bands,
            Some(Fen::new(9_000_000)),
            Schedule::DEFAULT_RANGE,
        )
        .unwrap();
        let fact = Fact::EligibleExpenseYear.def();
        assert_eq!(
            schedule(&given, fact, Period::Year, Lang::Zh),
            "每年按年度合规自付医疗费用：超过15,000.00元的部分付60%；超过65,000.00元的部分付65%；\
             自157,307.69…(2045000/13)元起不再变，90,000.00元"
        );
    }
}
