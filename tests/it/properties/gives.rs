//! What a generated standard gives.

use assistance_toolbox::domain::catalogue::Catalogue;
use assistance_toolbox::domain::facts::Fact;
use assistance_toolbox::domain::measure::{Cap, Gives, Part, Rates, Term, Units, Unpriced};
use assistance_toolbox::domain::money::{Fen, Rounding};
use assistance_toolbox::domain::period::Period;
use assistance_toolbox::domain::ratio::Ratio;
use assistance_toolbox::domain::vocabulary::Level;

use super::measures::text;
use super::params::Params;
use super::places::{BANDS, CAPS, COUNTS, MONEY, PERIODIC, PRICES, RATES, SUMS, bands, price, rate};
use super::tape::Tape;

pub(super) struct Gifts<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) level: Level,
    /// Every part must have a price here and today.
    pub(super) priced: bool,
}

/// Parts, what a payment covers, and its rounding.
pub(super) type Gift = (Vec<Part>, Option<Period>, Rounding);

fn part(gives: Gives) -> Part {
    Part { name: text(), gives, sources: vec![] }
}

fn rounding(tape: &mut Tape) -> Rounding {
    if tape.chance(20) { Rounding::UpToYuan } else { Rounding::HalfUpToFen }
}

impl Gifts<'_> {
    pub(super) fn draw(&self, tape: &mut Tape) -> Gift {
        if tape.chance(12) {
            let name = tape.of(&PERIODIC);
            if !self.priced || self.is_set(name) {
                let amount = Term::Parameter(name.to_owned());
                return (vec![part(Gives::Amount { amount })], None, rounding(tape));
            }
        }
        let period = tape.of(&[Period::Year, Period::Month, Period::Year, Period::Once]);
        let parts = (0..tape.of(&[1, 1, 2])).map(|_| part(self.gives(tape, period))).collect();
        (parts, Some(period), rounding(tape))
    }

    pub(super) fn top_up(&self, tape: &mut Tape, not_heads: Vec<String>) -> Gift {
        let sure = Self { priced: true, ..*self };
        let line = sure.term(tape, &MONEY, |tape| Fen::new(tape.of(&[1000, 2500, 700, 5000])));
        (vec![part(Gives::TopUp { line, not_heads })], Some(Period::Month), rounding(tape))
    }

    pub(super) fn link(&self, tape: &mut Tape) -> Gift {
        (vec![part(self.reimbursement(tape))], Some(Period::Year), rounding(tape))
    }

    fn gives(&self, tape: &mut Tape, period: Period) -> Gives {
        match tape.pick(20) {
            7 | 8 => Gives::ShareOf {
                rate: self.term(tape, &RATES, rate),
                of: self.term(tape, &MONEY, |tape| Fen::new(tape.of(&SUMS))),
            },
            9..=11 => Gives::PerUnit {
                price: self.term(tape, &PRICES, price),
                units: match tape.pick(4) {
                    3 => Units::Term(self.term(tape, &COUNTS, |tape| tape.number(4))),
                    other => Units::Fact([Fact::Cattle, Fact::Sheep, Fact::CropsMu][other]),
                },
                times: tape.of(&[1, 12]),
            },
            12..=16 if period == Period::Year => self.reimbursement(tape),
            17 if !self.priced => Gives::Loan { ceiling: self.term(tape, &MONEY, |_| Fen::new(100_000)) },
            18 | 19 if !self.priced => {
                let practice = tape.chance(50).then_some((Fen::new(100), Fen::new(200)));
                Gives::Unpriced { reason: tape.of(&[Unpriced::CaseByCase, Unpriced::Wage]), practice }
            }
            _ => Gives::Amount { amount: self.term(tape, &MONEY, |tape| Fen::new(tape.of(&SUMS))) },
        }
    }

    fn reimbursement(&self, tape: &mut Tape) -> Gives {
        let person = self.level == Level::Person;
        let factor = if tape.chance(20) { Ratio::new(1, 2).unwrap() } else { Ratio::ONE };
        Gives::Reimbursement {
            basis: if person { Fact::EligibleExpenseYear } else { Fact::NecessarySpendingYear },
            deductible: self.term(tape, &MONEY, |tape| Fen::new(tape.of(&[500, 0, 1000, 2000, 401]))),
            deductible_factor: Term::Fixed(factor),
            rates: match tape.pick(3) {
                2 => Rates::Bands(self.term(tape, &BANDS, bands)),
                _ => Rates::Rate(self.term(tape, &RATES, rate)),
            },
            rate_plus: Term::Fixed(if tape.chance(20) { Ratio::new(1, 10).unwrap() } else { Ratio::ZERO }),
            cap: match tape.pick(3) {
                0 => Cap::None,
                _ => Cap::Most(self.term(tape, &CAPS, |tape| Fen::new(tape.of(&[600, 2000, 1234])))),
            },
        }
    }

    fn term<T>(&self, tape: &mut Tape, names: &[&str], fixed: impl Fn(&mut Tape) -> T) -> Term<T> {
        let name = tape.of(names);
        if tape.chance(35) && (!self.priced || self.is_set(name)) {
            return Term::Parameter(name.to_owned());
        }
        Term::Fixed(fixed(tape))
    }

    fn is_set(&self, name: &str) -> bool {
        Params::new(self.catalogue).is_set(name)
    }
}
