#[test]
fn real() {
    match assistance_toolbox::policy_files::check(std::path::Path::new("policies")) {
        Ok((c, w)) => {
            for w in w {
                println!("{w}");
            }
            println!("{} {}", c.hash, c.measures.len());
        }
        Err(e) => {
            for e in &e {
                println!("{e}");
            }
            panic!()
        }
    }
}
