//! The reference of the command line is written from the arguments themselves.

use clap::CommandFactory;

use crate::support::root;

/// `UPDATE=1` writes it anew.
#[test]
fn the_reference_of_the_command_line_is_current() {
    let options = clap_markdown::MarkdownOptions::new()
        .title(String::from("The command line"))
        .show_footer(false)
        .show_table_of_contents(false);
    let command = assistance_toolbox::cli::Cli::command();
    let text = clap_markdown::help_markdown_command_custom(&command, &options);
    let text = format!("{}\n", text.trim_end());
    let path = root().join("docs/cli.md");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &text).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == text, "docs/cli.md is not current: `UPDATE=1 cargo test --test it cli_reference`");
}
