//! One household, from facts to package: the figures of the README.

#![expect(clippy::expect_used, reason = "a benchmark that cannot run shall say so and stop")]

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use assistance_toolbox::documents::household::{Format, parse};
use assistance_toolbox::domain::resolve::{decide, resolve};
use assistance_toolbox::domain::rulebook::Rulebook;
use assistance_toolbox::policy_files;
use criterion::{Criterion, criterion_group, criterion_main};

/// The allocator of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn benches(criterion: &mut Criterion) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    let catalogue = policy_files::load(&root).expect("the policies of the repository are valid");
    let catalogue = Arc::new(catalogue);
    let on = "2024-06-01".parse().expect("a date");
    criterion.bench_function("compile huaibei", |bencher| {
        bencher.iter(|| Rulebook::compile(black_box(&catalogue), "huaibei", on).expect("huaibei compiles"));
    });
    for case in ["h1", "h3", "h4", "h6"] {
        let text =
            std::fs::read_to_string(root.join(format!("cases/{case}.toml"))).expect("the case is there");
        let household = parse(&text, Format::Toml, &catalogue).expect("the case is valid");
        let place = household.place.clone().expect("the case names its place");
        let rulebook = Rulebook::compile(&catalogue, &place, on).expect("the place compiles");
        criterion.bench_function(&format!("resolve {case}"), |bencher| {
            bencher.iter(|| resolve(black_box(&rulebook), black_box(&household)).expect("it resolves"));
        });
        criterion.bench_function(&format!("decide {case}"), |bencher| {
            bencher.iter(|| decide(black_box(&rulebook), black_box(&household)).expect("it decides"));
        });
    }
}

criterion_group!(resolution, benches);
criterion_main!(resolution);
