//! Writes the table of the portal's files, empty when `portal/graphiql/build` has not been run.

use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    // The folder above, since a missing folder would make every build start over.
    println!("cargo::rerun-if-changed=portal/graphiql");
    // The migrations are read at compile time by a macro that cargo does not see through.
    println!("cargo::rerun-if-changed=migrations");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or("cargo names no folder of the crate")?);
    let table = portal(&root.join("portal/graphiql/dist"))?;
    fs::write(
        PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo names no folder for output")?).join("portal.rs"),
        table,
    )?;
    Ok(())
}

fn portal(folder: &Path) -> Result<String, Box<dyn Error>> {
    let mut files = Vec::new();
    if folder.is_dir() {
        for entry in fs::read_dir(folder)? {
            files.push(entry?.path());
        }
    }
    files.sort();
    let mut table = "/// The files of the portal.\nstatic FILES: &[File] = &[\n".to_owned();
    for file in files {
        let Some(name) = file.file_name().and_then(|name| name.to_str()) else { continue };
        let Some(media) = file.extension().and_then(|extension| media(extension.to_str()?)) else { continue };
        writeln!(table, "    ({name:?}, {media:?}, include_bytes!({:?})),", file.display().to_string())?;
    }
    table.push_str("];\n");
    Ok(table)
}

fn media(extension: &str) -> Option<&'static str> {
    match extension {
        "html" => Some("text/html; charset=utf-8"),
        "js" => Some("text/javascript; charset=utf-8"),
        "css" => Some("text/css; charset=utf-8"),
        _ => None,
    }
}
