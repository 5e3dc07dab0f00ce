//! Two places, one extending the other, that set some of the parameters.

use assistance_toolbox::domain::catalogue::{
    ParameterDef, ParameterRow, ParameterType, ParameterValue, Place,
};
use assistance_toolbox::domain::money::Fen;
use assistance_toolbox::domain::period::{Period, Validity};
use assistance_toolbox::domain::ratio::Ratio;
use assistance_toolbox::domain::schedule::Band;

use super::measures::text;
use super::tape::Tape;
use super::tree::LIMITS;
use super::world::{PLACE, day, valid};

/// Amounts in fen; many sums of few of them are equal.
pub(super) const SUMS: [i64; 6] = [1200, 100, 2400, 0, 3600, 50];

pub(super) const MONEY: [&str; 3] = ["sum_a", "sum_b", "sum_c"];
/// Caps, which may be set to none.
pub(super) const CAPS: [&str; 1] = ["cap_a"];
/// Amounts that carry their period.
pub(super) const PERIODIC: [&str; 2] = ["per_a", "per_b"];
pub(super) const RATES: [&str; 2] = ["rate_a", "rate_b"];
pub(super) const PRICES: [&str; 1] = ["price_a"];
pub(super) const BANDS: [&str; 1] = ["bands_a"];
pub(super) const COUNTS: [&str; 1] = ["count_a"];

pub(super) fn rate(tape: &mut Tape) -> Ratio {
    let (numerator, denominator) = tape.of(&[(1, 2), (1, 3), (3, 4), (1, 4), (0, 1), (9, 10)]);
    Ratio::new(numerator, denominator).unwrap()
}

pub(super) fn price(tape: &mut Tape) -> Ratio {
    let (numerator, denominator) = tape.of(&[(100, 1), (50, 1), (100, 3), (5653, 100), (0, 1)]);
    Ratio::new(numerator, denominator).unwrap()
}

pub(super) fn bands(tape: &mut Tape) -> Vec<Band> {
    let first = Band { upto: Some(Fen::new(tape.of(&[1000, 400]))), rate: rate(tape) };
    let last = Band { upto: None, rate: rate(tape) };
    if tape.chance(40) {
        let middle = Band { upto: Some(Fen::new(2500)), rate: rate(tape) };
        return vec![first, middle, last];
    }
    vec![first, last]
}

pub(super) fn draw(tape: &mut Tape) -> (Vec<ParameterDef>, Vec<Place>) {
    let types = [
        (&MONEY[..], ParameterType::Money),
        (&CAPS[..], ParameterType::Money),
        (&PERIODIC[..], ParameterType::Money),
        (&RATES[..], ParameterType::Rate),
        (&PRICES[..], ParameterType::Price),
        (&BANDS[..], ParameterType::Bands),
        (&COUNTS[..], ParameterType::Count),
        (&LIMITS[..], ParameterType::Count),
        (&["closes"][..], ParameterType::Date),
    ];
    let all = types.iter().flat_map(|(names, ty)| names.iter().map(move |name| (*name, *ty)));
    let defs =
        all.map(|(name, ty)| ParameterDef { name: name.to_owned(), ty, text: text() }).collect::<Vec<_>>();
    let mut places = Vec::new();
    for (id, extends) in [("base", None), (PLACE, Some("base".to_owned()))] {
        let mut rows = Vec::new();
        for def in &defs {
            let always = def.name == "closes" && id == "base";
            if always || tape.chance(45) {
                rows.push(row(tape, def, valid("2021-01-01", None)));
                // A later row replaces it, perhaps only after today.
                match tape.pick(8) {
                    6 => rows.push(row(tape, def, valid("2024-06-01", None))),
                    7 => rows.push(row(tape, def, valid("2024-06-02", None))),
                    5 if !always => {
                        rows.last_mut().unwrap().validity = valid("2021-01-01", Some("2024-06-01"));
                    }
                    _ => {}
                }
            }
        }
        let id = id.to_owned();
        places.push(Place { id, name: text(), extends, notes: vec![], parameters: rows, extensions: vec![] });
    }
    (defs, places)
}

fn row(tape: &mut Tape, def: &ParameterDef, validity: Validity) -> ParameterRow {
    let value = match def.ty {
        ParameterType::Money if PERIODIC.contains(&def.name.as_str()) => ParameterValue::Money {
            amount: Fen::new(tape.of(&SUMS)),
            // One period for all rows of a name.
            period: Some(if def.name == "per_a" { Period::Month } else { Period::Year }),
        },
        ParameterType::Money => match tape.pick(6) {
            4 if def.name != "sum_a" && def.name != "cap_a" => {
                ParameterValue::Share { rate: rate(tape), of: "sum_a".to_owned() }
            }
            5 if def.name == "cap_a" => ParameterValue::None,
            _ => ParameterValue::Money { amount: Fen::new(tape.of(&SUMS)), period: None },
        },
        ParameterType::Rate | ParameterType::Factor => ParameterValue::Rate(rate(tape)),
        ParameterType::Price => ParameterValue::Price(price(tape)),
        ParameterType::Bands => ParameterValue::Bands(bands(tape)),
        ParameterType::Date => {
            ParameterValue::Date(day(tape.of(&["2023-12-31", "2024-02-15", "2022-06-01"])))
        }
        ParameterType::Count => ParameterValue::Count(tape.number(5)),
    };
    ParameterRow { name: def.name.clone(), validity, value, sources: vec![] }
}
