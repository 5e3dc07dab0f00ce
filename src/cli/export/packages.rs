//! `export packages`.

use std::io;

use super::{Filled, Heading, OutArgs};
use crate::app::households::{self, StoredPackageError};
use crate::app::packages::Resolved;
use crate::cli::common::ScopeArgs;
use crate::cli::database::{Stored, StoredArgs};
use crate::cli::show::{ToldLine, told_lines};
use crate::cli::{Exit, Io};
use crate::documents::table::Value;
use crate::domain::package::{Beneficiary, Entitlement};
use crate::domain::region::Region;
use crate::domain::text::Lang;
use crate::store::AsKnown;

/// Arguments of `export packages`.
#[derive(Debug, clap::Args)]
pub(super) struct PackagesArgs {
    /// The households' keys [default: all]
    households: Vec<String>,
    /// Only the households of this town, by code; a village, or anything wider, does as well
    #[arg(long, conflicts_with = "households")]
    town: Option<Region>,
    #[command(flatten)]
    scope: ScopeArgs,
    #[command(flatten)]
    out: OutArgs,
    #[command(flatten)]
    stored: StoredArgs,
}

const HEADINGS: [Heading; 14] = [
    ("户号", "household"),
    ("地区编码", "town"),
    ("成员", "member"),
    ("姓名", "name"),
    ("措施编码", "measure code"),
    ("措施", "measure"),
    ("标准", "standard"),
    ("身份类型", "identity"),
    ("金额（元）", "amount (yuan)"),
    ("期间", "period"),
    ("数额说明", "how much"),
    ("状态", "state"),
    ("依据", "source"),
    ("日期", "on"),
];

pub(super) fn run(args: &PackagesArgs, io: &mut Io<'_>) -> io::Result<Exit> {
    let Stored { store, policies } = match args.stored.open(io)? {
        Ok(stored) => stored,
        Err(exit) => return Ok(exit),
    };
    if let Some(problem) = args.scope.problem(&policies) {
        writeln!(io.err, "{problem}")?;
        return Ok(Exit::BadInput);
    }
    let on = args.scope.scope(io).on;
    let place = args.scope.place.as_deref();
    let deed = ("Command.export.packages", args.town.as_ref(), &*store);
    args.out.write(deed, ("帮扶包", "packages"), &HEADINGS, io, |table, lang| {
        let mut filled = Filled::default();
        let keys = match args.households.as_slice() {
            [] => households::keys(&store, on, args.town.as_ref())?,
            named => named.to_vec(),
        };
        for key in keys {
            let scope = crate::app::packages::Scope { place, on };
            let resolved = match households::package_of(&policies, &store, &key, scope, AsKnown::Now) {
                Ok((resolved, _save)) => resolved,
                Err(StoredPackageError::Store(error)) => return Err(error.into()),
                Err(error) => {
                    filled.left_out.push(format!("household {key}: {error}"));
                    continue;
                }
            };
            for (entitlement, state) in entitlements(&resolved, lang) {
                for line in told_lines(&resolved, entitlement, lang) {
                    let who = Who::of(&resolved, entitlement.who, lang);
                    table.row(&row(&resolved, &who, &line, &state))?;
                    filled.rows += 1;
                }
            }
        }
        Ok(filled)
    })
}

/// What is taken, and what may be taken instead of one another, with how sure each is.
fn entitlements(resolved: &Resolved, lang: Lang) -> Vec<(&Entitlement, String)> {
    let taken = resolved.package.entitlements.iter().map(|one| {
        let sure = one.provisional.is_empty();
        (one, if sure { lang.pick("确定", "settled") } else { lang.pick("暂定", "provisional") }.to_owned())
    });
    let choices = resolved.package.alternatives.iter().flat_map(|choice| (1..).zip(&choice.bundles));
    let possible = choices.flat_map(|(number, bundle)| {
        let state = format!("{} {number}", lang.pick("备选", "alternative"));
        bundle.entitlements.iter().map(move |one| (one, state.clone()))
    });
    taken.chain(possible).collect()
}

/// Whom an entitlement is for.
struct Who<'a> {
    key: &'a str,
    name: Option<&'a str>,
}

impl<'a> Who<'a> {
    fn of(resolved: &'a Resolved, who: Beneficiary, lang: Lang) -> Self {
        let Beneficiary::Person(index) = who else {
            return Self { key: lang.pick("全户", "household"), name: None };
        };
        let member = resolved.household.members.get(index);
        Self {
            key: member.map_or("", |member| member.key.as_str()),
            name: member.and_then(|member| member.name.as_deref()),
        }
    }
}

fn row<'a>(
    resolved: &'a Resolved,
    who: &Who<'a>,
    line: &'a ToldLine<'_>,
    state: &'a str,
) -> [Value<'a>; HEADINGS.len()] {
    [
        resolved.household.key.as_str().into(),
        resolved.household.town.as_ref().map(Region::as_str).into(),
        who.key.into(),
        who.name.into(),
        line.measure.id.as_str().into(),
        line.name.into(),
        line.standard.into(),
        line.identity.into(),
        line.payment.into(),
        line.period.into(),
        line.told.as_str().into(),
        state.into(),
        line.sources.as_str().into(),
        resolved.rulebook.on.into(),
    ]
}
