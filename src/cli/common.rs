//! Arguments and steps that several subcommands share.

use std::io;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::ValueEnum;

use super::Io;
use super::database::told;
use crate::app::packages::Scope;
use crate::app::policies::Policies;
use crate::documents::reader::expected_one_of;
use crate::domain::period::written_day;
use crate::domain::text::Lang;
use crate::policy_files;

/// Which policies, for a subcommand without a database.
#[derive(Debug, clap::Args)]
pub(super) struct PolicyArgs {
    /// The folder of the policies
    #[arg(long, value_name = "DIR", default_value = "policies")]
    policies: PathBuf,
}

/// Where and when.
#[derive(Debug, clap::Args)]
pub(super) struct ScopeArgs {
    /// The day whose rules and facts count [default: today in China]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(super) on: Option<NaiveDate>,
    /// The place whose rules count, by id [default: the household's own]
    #[arg(long, value_name = "ID")]
    pub(super) place: Option<String>,
}

/// How it is shown.
#[derive(Debug, clap::Args)]
pub(super) struct ShowArgs {
    /// A table to read, or canonical JSON, one document a line
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(super) format: Format,
    #[command(flatten)]
    lang: LangArgs,
}

/// In which language.
#[derive(Debug, clap::Args)]
pub(super) struct LangArgs {
    /// The language of tables [default: the system's, else zh]
    #[arg(long, value_name = "zh|en", value_parser = clap::builder::PossibleValuesParser::new(["zh", "en"]))]
    lang: Option<String>,
}

/// A form of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// A table for a reader.
    Table,
    /// Canonical JSON.
    Json,
}

impl PolicyArgs {
    /// Takes the policies into use; if they have errors, prints them and gives nothing.
    pub(super) fn load(&self, io: &mut Io<'_>) -> io::Result<Option<Policies>> {
        match policy_files::load(&self.policies) {
            Ok(catalogue) => Ok(Some(Policies::new(catalogue))),
            Err(diagnostics) => {
                told(&diagnostics, io)?;
                Ok(None)
            }
        }
    }
}

impl ScopeArgs {
    /// The scope; today is China's.
    pub(super) fn scope(&self, io: &Io<'_>) -> Scope<'_> {
        Scope { place: self.place.as_deref(), on: self.on.unwrap_or_else(|| io.clock.today()) }
    }

    /// What is wrong with `--place`, if anything is.
    pub(super) fn problem(&self, policies: &Policies) -> Option<String> {
        place_problem(self.place.as_deref()?, policies)
    }
}

/// What is wrong with the place of `--place`, if anything is.
pub(super) fn place_problem(place: &str, policies: &Policies) -> Option<String> {
    let places = || policies.catalogue().places.iter().map(|place| place.id.as_str());
    if places().any(|known| known == place) {
        return None;
    }
    let hint = expected_one_of(place, places().collect::<Vec<_>>());
    Some(format!("error: `--place`: no place `{place}` in the policies ({hint})"))
}

impl ShowArgs {
    /// The language.
    pub(super) fn lang(&self, io: &Io<'_>) -> Lang {
        self.lang.lang(io)
    }
}

impl LangArgs {
    /// The language: as asked, else the system's, else Chinese.
    pub(super) fn lang(&self, io: &Io<'_>) -> Lang {
        let asked = self.lang.as_deref().and_then(|lang| lang.parse().ok());
        asked.unwrap_or_else(|| io.lang())
    }
}

/// Chinese for `zh` and where nothing can be told (`C`, `POSIX`); English for every other language.
pub(super) fn of_locale(locale: Option<&str>) -> Lang {
    let language = locale.and_then(|locale| locale.split(['-', '_', '.']).next()).unwrap_or_default();
    match language.to_ascii_lowercase().as_str() {
        "" | "c" | "posix" | "zh" => Lang::Zh,
        _ => Lang::En,
    }
}

/// Reads a day of the calendar.
pub(super) fn day(text: &str) -> Result<NaiveDate, &'static str> {
    written_day(text).ok_or("expected a day of the calendar such as `2024-06-01`")
}

/// Waits for work that awaits the store.
pub(super) fn wait<T>(work: impl Future<Output = T>) -> io::Result<T> {
    Ok(tokio::runtime::Builder::new_current_thread().build()?.block_on(work))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_in_one_way() {
        assert!(day("2024-06-01").is_ok());
        for bad in ["2024-6-1", "2024-06-1", " 2024-06-01", "2024-02-30", "20240601", "24-06-01", ""] {
            assert!(day(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_locale_picks_the_language() {
        for (locale, lang) in [
            (None, Lang::Zh),
            (Some("C"), Lang::Zh),
            (Some("zh-CN"), Lang::Zh),
            (Some("en-GB"), Lang::En),
            (Some("fr-FR"), Lang::En),
        ] {
            assert_eq!(of_locale(locale), lang, "{locale:?}");
        }
    }
}
