//! What a dry run found, as tables in zh or en, or as JSON.

use std::io;

use serde_json::{Value, json};

use super::super::Io;
use super::super::common::{Format, ShowArgs};
use super::super::show::{Grid, identity_name, yuan};
use crate::app::dry_run::{Cost, Fares, Group, Tally, Trial};
use crate::documents::package::canonical;
use crate::domain::money::Fen;
use crate::domain::period::Period;
use crate::domain::text::Lang;

const FARES: [Fares; 4] = [Fares::Gains, Fares::Loses, Fares::Otherwise, Fares::Unchanged];

const fn code(fares: Fares) -> &'static str {
    match fares {
        Fares::Gains => "gains",
        Fares::Loses => "loses",
        Fares::Otherwise => "otherwise",
        Fares::Unchanged => "unchanged",
    }
}

const fn word(fares: Fares, lang: Lang) -> &'static str {
    match fares {
        Fares::Gains => lang.pick("受益", "gain"),
        Fares::Loses => lang.pick("减少", "lose"),
        Fares::Otherwise => lang.pick("内容不同、金额相同", "hold something else of the same amount"),
        Fares::Unchanged => lang.pick("不变", "unchanged"),
    }
}

const fn period_word(period: Period, lang: Lang) -> &'static str {
    match period {
        Period::Month => lang.pick("每月", "a month"),
        Period::Year => lang.pick("每年", "a year"),
        Period::Once => lang.pick("一次性", "once"),
    }
}

const fn period_code(period: Period) -> &'static str {
    match period {
        Period::Month => "month",
        Period::Year => "year",
        Period::Once => "once",
    }
}

/// Prints it.
pub(super) fn print(tally: &Tally, trial: &Trial, show: &ShowArgs, io: &mut Io<'_>) -> io::Result<()> {
    if show.format == Format::Json {
        let bytes = canonical(&document(tally, trial)).map_err(io::Error::other)?;
        io.out.write_all(&bytes)?;
        return writeln!(io.out);
    }
    let lang = show.lang(io);
    let (on, households) = (trial.on, tally.households);
    match lang {
        Lang::Zh => writeln!(io.out, "试算 {on}：{households}户")?,
        Lang::En => writeln!(io.out, "dry run on {on}: {households} households")?,
    }
    for fares in FARES {
        let count = tally.fares.get(&fares).copied().unwrap_or_default();
        writeln!(io.out, "  {}: {count}", word(fares, lang))?;
    }
    for (count, told) in [
        (tally.without_place, lang.pick("无所在地，未试算", "without a place, not tried")),
        (tally.not_exact, lang.pick("无法精确计算", "without an exact package")),
    ] {
        if count > 0 {
            writeln!(io.out, "  {told}: {count}")?;
        }
    }
    costs(tally, trial, lang, io)?;
    shifts(tally, lang, io)?;
    sample(tally, lang, io)
}

fn costs(tally: &Tally, trial: &Trial, lang: Lang, io: &mut Io<'_>) -> io::Result<()> {
    let mut grid = Grid::dense(&[
        (25, lang.pick("范围", "of")),
        (10, lang.pick("周期", "period")),
        (17, lang.pick("现行", "now")),
        (17, lang.pick("拟议", "proposed")),
        (16, lang.pick("差额", "difference")),
    ]);
    for ((group, period), cost) in &tally.costs {
        let named = match group {
            Group::All => lang.pick("合计", "all").to_owned(),
            Group::Identity(code) => code.parse().map_or_else(
                |_error| (*code).to_owned(),
                |identity| identity_name(trial.before.catalogue(), identity, lang).to_owned(),
            ),
            Group::Town(Some(town)) => format!("{} {town}", lang.pick("乡镇", "town")),
            Group::Town(None) => lang.pick("无乡镇", "no town").to_owned(),
        };
        let difference = Fen::new(cost.after.value().saturating_sub(cost.before.value()));
        let money = |fen| yuan(fen, lang);
        let period = period_word(*period, lang).to_owned();
        grid.row([named, period, money(cost.before), money(cost.after), money(difference)]);
    }
    grid.print(lang.pick("费用", "Cost"), io.out)
}

fn shifts(tally: &Tally, lang: Lang, io: &mut Io<'_>) -> io::Result<()> {
    let mut grid = Grid::dense(&[
        (10, lang.pick("措施", "measure")),
        (34, lang.pick("原标准", "was")),
        (34, lang.pick("改为", "becomes")),
        (13, lang.pick("项数", "entitlements")),
    ]);
    for (shift, count) in &tally.shifts {
        let or_none = |standard: &Option<String>| standard.clone().unwrap_or_else(|| "—".to_owned());
        grid.row([shift.measure.clone(), or_none(&shift.was), or_none(&shift.becomes), count.to_string()]);
    }
    grid.print(lang.pick("变动的待遇", "Entitlements that change"), io.out)
}

fn sample(tally: &Tally, lang: Lang, io: &mut Io<'_>) -> io::Result<()> {
    let mut grid = Grid::dense(&[
        (30, lang.pick("户", "household")),
        (17, lang.pick("结果", "result")),
        (47, lang.pick("金额", "amounts")),
    ]);
    for one in &tally.sample {
        let amount = |(period, Cost { before, after }): &(Period, Cost)| {
            format!("{} {} → {}", period_word(*period, lang), yuan(*before, lang), yuan(*after, lang))
        };
        let amounts = one.costs.iter().map(amount).collect::<Vec<_>>().join("\n");
        grid.row([one.household.clone(), word(one.fares, lang).to_owned(), amounts]);
    }
    grid.print(lang.pick("变动家庭示例", "Some of the households that change"), io.out)
}

fn document(tally: &Tally, trial: &Trial) -> Value {
    let costs = |costs: &mut dyn Iterator<Item = (Value, Period, &Cost)>| -> Vec<Value> {
        let cost = |(of, period, cost): (Value, Period, &Cost)| {
            json!({
                "of": of, "period": period_code(period),
                "before": cost.before.value(), "after": cost.after.value(),
            })
        };
        costs.map(cost).collect()
    };
    let of = |group: &Group| match group {
        Group::All => json!({ "all": true }),
        Group::Identity(code) => json!({ "identity": code }),
        Group::Town(town) => json!({ "town": town }),
    };
    let fares = FARES.map(|fares| (code(fares), tally.fares.get(&fares).copied().unwrap_or_default()));
    json!({
        "on": trial.on.to_string(),
        "before": trial.before.catalogue().hash.to_string(),
        "after": trial.after.catalogue().hash.to_string(),
        "households": tally.households,
        "fares": fares.into_iter().map(|(code, count)| (code.to_owned(), json!(count))).collect::<serde_json::Map<_, _>>(),
        "without_place": tally.without_place,
        "not_exact": tally.not_exact,
        "costs": costs(&mut tally.costs.iter().map(|((group, period), cost)| (of(group), *period, cost))),
        "shifts": tally.shifts.iter().map(|(shift, count)| json!({
            "measure": shift.measure, "was": shift.was, "becomes": shift.becomes, "entitlements": count,
        })).collect::<Vec<_>>(),
        "sample": tally.sample.iter().map(|one| json!({
            "household": one.household, "fares": code(one.fares),
            "costs": costs(&mut one.costs.iter().map(|(period, cost)| (Value::Null, *period, cost))),
        })).collect::<Vec<_>>(),
    })
}
