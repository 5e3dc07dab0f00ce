//! Tables from outside: what offices export is read, and no file, however broken, does harm.

mod exports;
mod maps;
mod poison;
mod registries;
mod rolls;
mod workbooks;

use std::io::Read;

use assistance_toolbox::documents::registry::{self, Layout};
use assistance_toolbox::documents::sheet::{RowProblem, Source};
use assistance_toolbox::domain::registries::{Registry, RegistryRow};

/// A registry with one row in which everything is right.
const GOOD: &str = "户号,地区编码,姓名,身份证号,身份类型,持有范围,起始日期,终止日期,依据\n\
                    H1,990101001,张三,11010519491231002X,低保,全户,2023-01-01,,民批〔2023〕1号\n";

/// The rows of a registry in the plain layout, or its problems.
fn read(source: Source<'_>, registry: Registry) -> (Vec<(u64, RegistryRow)>, Vec<RowProblem>) {
    let (mut rows, mut problems) = (Vec::new(), Vec::new());
    match registry::read(source, &Layout::plain(), registry) {
        Err(found) => problems = found,
        Ok(reader) => {
            for row in reader {
                match row {
                    Ok(row) => rows.push(row),
                    Err(found) => problems.extend(found),
                }
            }
        }
    }
    (rows, problems)
}

fn csv(bytes: &[u8]) -> (Vec<(u64, RegistryRow)>, Vec<RowProblem>) {
    read(Source::csv(bytes), Registry::SocialAssistance)
}

/// The problems as they are printed.
fn told(problems: &[RowProblem]) -> String {
    let lines: Vec<String> = problems.iter().map(RowProblem::to_string).collect();
    lines.join("\n")
}

/// What is read ends after so many bytes of a pattern that begins again and again.
struct Endless {
    start: Vec<u8>,
    pattern: Vec<u8>,
    given: usize,
    bytes: usize,
}

impl Endless {
    fn new(start: &str, pattern: &str, bytes: usize) -> Self {
        Self { start: start.as_bytes().to_vec(), pattern: pattern.as_bytes().to_vec(), given: 0, bytes }
    }
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = buffer.len().min(self.bytes - self.given);
        for place in &mut buffer[..count] {
            let at = self.given;
            *place = match self.start.get(at) {
                Some(byte) => *byte,
                None => self.pattern[(at - self.start.len()) % self.pattern.len()],
            };
            self.given += 1;
        }
        Ok(count)
    }
}
