//! The program: reads the arguments, runs the command, ends with its exit code.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use assistance_toolbox::app::clock::SystemClock;
use assistance_toolbox::cli::{Cli, Exit, Io};
use clap::Parser;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let mut input = io::stdin().lock();
    let mut out = BufWriter::new(io::stdout().lock());
    let mut err = io::stderr();
    let mut io = Io {
        input: &mut input,
        out: &mut out,
        err: &mut err,
        clock: &SystemClock,
        locale: sys_locale::get_locale(),
    };
    let ended = cli.run(&mut io).and_then(|exit| out.flush().map(|()| exit));
    match ended {
        Ok(exit) => ExitCode::from(exit.code()),
        // Whoever reads has seen enough: `| head` is no failure.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            // If standard error is closed too, the exit code is all that is left.
            let _closed = writeln!(err, "error: cannot write: {error}");
            ExitCode::from(Exit::Failed.code())
        }
    }
}
