//! `export ledger`.

use std::io;

use super::{Filled, Heading, OutArgs};
use crate::cli::database::{Stored, StoredArgs};
use crate::cli::show::identity_name;
use crate::cli::{Exit, Io};
use crate::documents::table::Value;
use crate::domain::money::Fen;
use crate::domain::text::Lang;
use crate::store::Entry;

/// Arguments of `export ledger`.
#[derive(Debug, clap::Args)]
pub(super) struct LedgerArgs {
    /// The households' keys [default: all that have a chain]
    households: Vec<String>,
    #[command(flatten)]
    out: OutArgs,
    #[command(flatten)]
    stored: StoredArgs,
}

const HEADINGS: [Heading; 17] = [
    ("户号", "household"),
    ("序号", "entry"),
    ("事项", "what"),
    ("冲销序号", "takes back"),
    ("冲销原因", "reason"),
    ("成员", "member"),
    ("措施编码", "measure code"),
    ("措施", "measure"),
    ("身份类型", "identity"),
    ("期间", "period"),
    ("金额（元）", "paid (yuan)"),
    ("合规费用（元）", "expense (yuan)"),
    ("发放日期", "day"),
    ("部门", "department"),
    ("经办", "recorded by"),
    ("入账时间", "recorded at"),
    ("哈希", "hash"),
];

/// How many keys of households are fetched at a time.
const AT_A_TIME: u32 = 1000;

pub(super) fn run(args: &LedgerArgs, io: &mut Io<'_>) -> io::Result<Exit> {
    let Stored { store, policies } = match args.stored.open(io)? {
        Ok(stored) => stored,
        Err(exit) => return Ok(exit),
    };
    let catalogue = policies.catalogue();
    let deed = ("Command.export.ledger", None, &*store);
    args.out.write(deed, ("发放台账", "ledger"), &HEADINGS, io, |table, lang| {
        let mut filled = Filled::default();
        let mut keys = args.households.clone();
        let all = keys.is_empty();
        if all {
            keys = store.ledger_households(None, AT_A_TIME).wait()?;
        }
        while let Some(last) = keys.last().cloned() {
            for key in &keys {
                for entry in store.ledger(key).wait()? {
                    let words = Words::of(&entry, lang);
                    // What is counted in no money has a line as well.
                    for line in &entry.lines {
                        let measure = catalogue.measures.iter().find(|known| known.id == line.measure);
                        let identity = entry.identity.parse().ok();
                        let row: [Value<'_>; HEADINGS.len()] = [
                            key.as_str().into(),
                            Value::Count(entry.seq),
                            words.what.into(),
                            entry.reverses.as_ref().map_or(Value::Empty, |(entry, _)| Value::Count(*entry)),
                            entry.reverses.as_ref().map(|(_, reason)| reason.as_str()).into(),
                            entry.beneficiary.as_deref().unwrap_or(lang.pick("全户", "household")).into(),
                            line.measure.as_str().into(),
                            measure.map(|measure| measure.name.get(lang)).into(),
                            identity
                                .map_or(entry.identity.as_str(), |one| identity_name(catalogue, one, lang))
                                .into(),
                            words.period.as_str().into(),
                            line.paid.map(|paid| words.signed(paid)).into(),
                            entry.expense.into(),
                            entry.day.into(),
                            entry.department.as_str().into(),
                            entry.actor.as_str().into(),
                            words.recorded.as_str().into(),
                            words.hash.as_str().into(),
                        ];
                        table.row(&row)?;
                        filled.rows += 1;
                    }
                }
            }
            if !all {
                break;
            }
            keys = store.ledger_households(Some(last), AT_A_TIME).wait()?;
        }
        Ok(filled)
    })
}

/// What of an entry has to be put into words.
struct Words {
    takes_back: bool,
    what: &'static str,
    period: String,
    recorded: String,
    hash: String,
}

impl Words {
    fn of(entry: &Entry, lang: Lang) -> Self {
        Self {
            takes_back: entry.reverses.is_some(),
            what: match entry.reverses {
                None => lang.pick("发放", "delivery"),
                Some(_) => lang.pick("冲销", "taken back"),
            },
            period: entry.covers.to_string(),
            recorded: entry.recorded_at.to_rfc3339(),
            hash: entry.hash.to_string(),
        }
    }

    /// What is taken back is below zero, so that the column adds up to what stands.
    fn signed(&self, paid: Fen) -> Fen {
        if self.takes_back { Fen::new(paid.value().saturating_neg()) } else { paid }
    }
}
