//! `catalogue`: the measures, and which identity opens which at a place and date.

use std::io;

use chrono::NaiveDate;

use super::common::{Format, PolicyArgs, ShowArgs, day, place_problem};
use super::show::{Grid, identity_name, paragraph, set, standing};
use super::{Exit, Io};
use crate::app::policies::Policies;
use crate::documents::package::canonical;
use crate::domain::identity::{Identity, IdentitySet};
use crate::domain::measure::{MeasureSet, Standing};
use crate::domain::rulebook::Rulebook;
use crate::domain::text::Lang;

/// The arguments of `catalogue`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The place whose rules count, by id
    #[arg(long, value_name = "ID", default_value = "baseline")]
    place: String,
    /// The day whose rules count [default: today in China]
    #[arg(long, value_name = "DATE", value_parser = day)]
    on: Option<NaiveDate>,
    #[command(flatten)]
    show: ShowArgs,
    #[command(flatten)]
    policies: PolicyArgs,
}

pub(super) fn run(args: &Args, io: &mut Io<'_>) -> io::Result<Exit> {
    let Some(policies) = args.policies.load(io)? else { return Ok(Exit::Failed) };
    if let Some(problem) = place_problem(&args.place, &policies) {
        writeln!(io.err, "{problem}")?;
        return Ok(Exit::BadInput);
    }
    let on = args.on.unwrap_or_else(|| io.clock.today());
    let rulebook = match policies.rulebook(&args.place, on) {
        Ok(rulebook) => rulebook,
        Err(error) => {
            writeln!(io.err, "error: {error}")?;
            return Ok(Exit::Failed);
        }
    };
    let lang = args.show.lang(io);
    if args.show.format == Format::Json {
        io.out.write_all(&canonical(&document(&rulebook)).map_err(io::Error::other)?)?;
        writeln!(io.out)?;
    } else {
        table(&policies, &rulebook, lang, io)?;
    }
    Ok(Exit::Done)
}

fn table(policies: &Policies, rulebook: &Rulebook, lang: Lang, io: &mut Io<'_>) -> io::Result<()> {
    let catalogue = policies.catalogue();
    if let Some(place) = rulebook.place() {
        writeln!(io.out, "{} {} · {}", place.name.get(lang), place.id, rulebook.on)?;
    }
    let mut columns = vec![
        (32, lang.pick("措施", "measure")),
        (12, lang.pick("类", "set")),
        (18, lang.pick("来历", "standing")),
    ];
    columns.extend(LETTERS.iter().map(|letter| (1, *letter)));
    let mut grid = Grid::dense(&columns);
    for (place, measure) in catalogue.measures.iter().enumerate() {
        let (opened, extended) = rulebook.opened(place);
        let mut cells = vec![
            format!("{} {}", measure.id, measure.name.get(lang)),
            set(measure.set, lang).to_owned(),
            standing(measure.standing, lang).to_owned(),
        ];
        cells.extend(Identity::ALL.into_iter().map(|identity| {
            let mark = if extended.contains(identity) {
                "+"
            } else if opened.contains(identity) {
                "●"
            } else {
                ""
            };
            mark.to_owned()
        }));
        grid.row(cells);
    }
    grid.print(
        lang.pick(
            "措施与身份（● 可享受，+ 因延伸可享受）",
            "Measures and identities (● open, + by extension)",
        ),
        io.out,
    )?;
    let reach = |identities: IdentitySet| rulebook.reach(identities).count();
    let names = Identity::ALL.into_iter().zip(LETTERS).map(|(identity, letter)| {
        let name = identity_name(catalogue, identity, lang);
        format!("{letter} {name} {}", reach(IdentitySet::of(identity)))
    });
    let names: Vec<String> = names.collect();
    writeln!(io.out)?;
    paragraph(lang.pick("可及项数：", "reach: "), &names.join(lang.pick("；", "; ")), io.out)?;
    let (social, monitored) = (reach(IdentitySet::SOCIAL_ASSISTANCE), reach(IdentitySet::MONITORING));
    let both = reach(IdentitySet::SOCIAL_ASSISTANCE.union(IdentitySet::MONITORING));
    let shared = social + monitored - both;
    let tracks = match lang {
        Lang::Zh => format!("社会救助{social}；监测{monitored}；合并{both}；共有{shared}"),
        Lang::En => {
            format!("social assistance {social}; monitoring {monitored}; both {both}; in common {shared}")
        }
    };
    paragraph(lang.pick("按政策：", "by track: "), &tracks, io.out)?;
    let counts: Vec<String> =
        SETS.iter().map(|one| format!("{} {}", set(*one, lang), in_set(rulebook, *one))).collect();
    let all = catalogue.measures.len();
    let by_paper = named(rulebook);
    let counts = counts.join(lang.pick("；", "; "));
    let text = match lang {
        Lang::Zh => format!("{all}项：{counts}。论文点名{by_paper}项，重构{}项。", all - by_paper),
        Lang::En => {
            format!("{all}: {counts}. Named by the paper {by_paper}, reconstructed {}.", all - by_paper)
        }
    };
    paragraph("", &text, io.out)
}

/// The letters of the seven identity types, in order.
const LETTERS: [&str; 7] = ["T", "D", "E", "R", "u", "b", "s"];

/// The four sets.
const SETS: [MeasureSet; 4] =
    [MeasureSet::Differing, MeasureSet::MonitoredOnly, MeasureSet::Shared, MeasureSet::SocialAssistanceOnly];

fn in_set(rulebook: &Rulebook, set: MeasureSet) -> usize {
    rulebook.catalogue.measures.iter().filter(|measure| measure.set == set).count()
}

fn named(rulebook: &Rulebook) -> usize {
    rulebook.catalogue.measures.iter().filter(|measure| measure.standing == Standing::Named).count()
}

fn document(rulebook: &Rulebook) -> serde_json::Value {
    use serde_json::json;
    let codes = |identities: IdentitySet| -> Vec<&str> { identities.iter().map(Identity::code).collect() };
    let measures = rulebook.catalogue.measures.iter().enumerate().map(|(place, measure)| {
        let (opened, extended) = rulebook.opened(place);
        json!({
            "id": measure.id,
            "code": measure.code,
            "zh": measure.name.zh,
            "en": measure.name.en,
            "opened": codes(opened),
            "byExtension": codes(extended),
        })
    });
    let reach = |identities: IdentitySet| rulebook.reach(identities).count();
    let single: serde_json::Map<String, serde_json::Value> = Identity::ALL
        .into_iter()
        .map(|identity| (identity.code().to_owned(), json!(reach(IdentitySet::of(identity)))))
        .collect();
    json!({
        "catalogue": rulebook.catalogue.hash.to_string(),
        "place": rulebook.place().map(|place| place.id.as_str()),
        "on": rulebook.on.to_string(),
        "measures": measures.collect::<serde_json::Value>(),
        "reach": {
            "byIdentity": single,
            "socialAssistance": reach(IdentitySet::SOCIAL_ASSISTANCE),
            "monitoring": reach(IdentitySet::MONITORING),
            "both": reach(IdentitySet::SOCIAL_ASSISTANCE.union(IdentitySet::MONITORING)),
        },
        "named": named(rulebook),
        "reconstructed": rulebook.catalogue.measures.len() - named(rulebook),
    })
}
