//! `token`: keys and tokens for development.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::database::configuration;
use super::{Exit, Io};
use crate::app::access::{Actor, Claims};
use crate::domain::region::Region;
use crate::http::auth::development::{DevelopmentKey, Terms};

/// The arguments of `token`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Make a private key that only you can read, `token-key.json`, and the key set that the service checks its
    /// tokens with, `jwks.json`
    NewKey(NewKeyArgs),
    /// Print a token for development, signed with a key that `new-key` made
    Issue(IssueArgs),
}

#[derive(Debug, clap::Args)]
struct NewKeyArgs {
    /// Where to; the folder is made if it is missing, a key that is there stays
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
}

#[derive(Debug, clap::Args)]
struct IssueArgs {
    /// The file of the private key
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// For whom: an account, not a person's ID number
    #[arg(long, value_name = "ACCOUNT")]
    sub: String,
    /// What they do; may be given several times
    #[arg(long = "role", required = true, value_name = "ROLE",
          value_parser = clap::builder::PossibleValuesParser::new(
              ["portal", "caseworker", "officer", "coordinator", "auditor", "operator"]))]
    roles: Vec<String>,
    /// Their department, by its id in `policies/departments.toml`
    #[arg(long, value_name = "ID")]
    department: Option<String>,
    /// Their region, by code: they see what lies in it
    #[arg(long, value_name = "CODE")]
    region: Option<Region>,
    /// For how long, from now on
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=1440))]
    minutes: u32,
    /// Who issues it [default: `ASSISTANCE_TOKEN_ISSUER`]
    #[arg(long, value_name = "NAME")]
    issuer: Option<String>,
    /// Whom it is for [default: `ASSISTANCE_TOKEN_AUDIENCE`]
    #[arg(long, value_name = "NAME")]
    audience: Option<String>,
}

pub(super) fn run(args: &Args, io: &mut Io<'_>) -> io::Result<Exit> {
    match &args.command {
        Command::NewKey(args) => new_key(args, io),
        Command::Issue(args) => issue(args, io),
    }
}

fn new_key(args: &NewKeyArgs, io: &mut Io<'_>) -> io::Result<Exit> {
    let key = match DevelopmentKey::new() {
        Ok(key) => key,
        Err(error) => return refuse(io, Exit::Failed, &error.to_string()),
    };
    let (private, public) = (args.dir.join("token-key.json"), args.dir.join("jwks.json"));
    for path in [&private, &public] {
        if path.exists() {
            return refuse(io, Exit::BadInput, &format!("`{}` is there already", path.display()));
        }
    }
    let set = format!("{:#}\n", key.key_set());
    let written = make(&args.dir).map_err(|error| (args.dir.as_path(), error)).and_then(|()| {
        key.write(&private).map_err(|error| (private.as_path(), error))?;
        write_new(&public, &set).map_err(|error| (public.as_path(), error))
    });
    if let Err((path, error)) = written {
        return refuse(io, Exit::Failed, &format!("cannot write `{}`: {error}", path.display()));
    }
    writeln!(io.out, "{}", private.display())?;
    writeln!(io.out, "{}", public.display())?;
    Ok(Exit::Done)
}

fn make(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn write_new(path: &Path, text: &str) -> io::Result<()> {
    fs::OpenOptions::new().write(true).create_new(true).open(path)?.write_all(text.as_bytes())
}

fn issue(args: &IssueArgs, io: &mut Io<'_>) -> io::Result<Exit> {
    let Some(config) = configuration(io)? else { return Ok(Exit::BadInput) };
    let issuer = args.issuer.clone().or(config.token_issuer);
    let audience = args.audience.clone().or(config.token_audience);
    let (Some(issuer), Some(audience)) = (issuer, audience) else {
        let message = "name `--issuer` and `--audience`, or configure `ASSISTANCE_TOKEN_ISSUER` and \
                       `ASSISTANCE_TOKEN_AUDIENCE`";
        return refuse(io, Exit::BadInput, message);
    };
    let claims = Claims {
        subject: &args.sub,
        roles: &args.roles,
        department: args.department.as_deref(),
        region: args.region.as_ref().map(Region::as_str),
    };
    let actor = match Actor::new(&claims) {
        Ok(actor) => actor,
        Err(error) => return refuse(io, Exit::BadInput, &error.to_string()),
    };
    let key = match DevelopmentKey::read(&args.key) {
        Ok(Ok(key)) => key,
        Ok(Err(error)) => return refuse(io, Exit::BadInput, &format!("`--key`: {error}")),
        Err(error) => {
            let message = format!("cannot read `{}`: {error}", args.key.display());
            return refuse(io, Exit::BadInput, &message);
        }
    };
    let terms = Terms { issuer: &issuer, audience: &audience, from: io.clock.now(), minutes: args.minutes };
    match key.issue(&actor, terms) {
        Ok(token) => {
            writeln!(io.out, "{token}")?;
            Ok(Exit::Done)
        }
        Err(error) => refuse(io, Exit::Failed, &error.to_string()),
    }
}

fn refuse(io: &mut Io<'_>, exit: Exit, message: &str) -> io::Result<Exit> {
    writeln!(io.err, "error: {message}")?;
    Ok(exit)
}
