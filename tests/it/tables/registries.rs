//! The plain layout of registries: read and written, and every mistake told at its place.

use assistance_toolbox::documents::registry;
use assistance_toolbox::documents::sheet::Source;
use assistance_toolbox::domain::facts::{Fact, days_of};
use assistance_toolbox::domain::id_number::IdNumber;
use assistance_toolbox::domain::identity::{Holder, Identity};
use assistance_toolbox::domain::period::Validity;
use assistance_toolbox::domain::registries::{Registry, RegistryRow, StatedIdentity};
use assistance_toolbox::domain::vocabulary::{FACTS, FactType};
use chrono::{Days, NaiveDate};
use encoding_rs::GB18030;
use proptest::prelude::*;

use super::{GOOD, csv, read, told};

fn day(number: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(1940, 1, 1).unwrap() + Days::new(number)
}

fn fact() -> impl Strategy<Value = (Fact, i64)> {
    let given: Vec<_> = FACTS.iter().filter(|def| def.path.is_some()).collect();
    (prop::sample::select(given), 0..1_000_000_i64).prop_map(|(def, number)| {
        let value = match def.ty {
            FactType::Bool => number % 2,
            FactType::Count { most } => number % (most + 1),
            FactType::Money | FactType::Quantity => number,
            FactType::Date => number % 40_000,
            FactType::Choice(set) => number % i64::try_from(set.values.len()).unwrap(),
            FactType::Flags(set) => number % (1 << set.values.len()),
        };
        (def.fact, value)
    })
}

fn identity(registry: Registry) -> impl Strategy<Value = StatedIdentity> {
    let own: Vec<_> = Identity::ALL.into_iter().filter(|one| one.track() == registry.track()).collect();
    (
        prop::sample::select(own),
        any::<bool>(),
        0..40_000_u64,
        prop::option::of(1..1000_u64),
        "[民批〔〕,;\"=+@ ]{0,5}号?",
    )
        .prop_map(|(identity, of_household, since, days, evidence)| StatedIdentity {
            identity,
            of_household: match identity.holder() {
                Holder::Household => true,
                Holder::Person => false,
                Holder::Either => of_household,
            },
            held: Validity::new(day(since), days.map(|days| day(since + days))).unwrap(),
            evidence: Some(evidence.trim().to_owned()).filter(|text| !text.is_empty()),
        })
}

fn row(registry: Registry) -> impl Strategy<Value = RegistryRow> {
    let number = prop::option::of((0..30_000_u64, 0..1000_u16)).prop_map(|stated| {
        stated.map(|(born, order)| IdNumber::compose("990101", day(born), order).unwrap())
    });
    let place = prop::sample::select(vec!["990101001", "990101001203"]);
    let facts = prop::collection::vec(fact(), 0..6);
    let identity = prop::option::of(identity(registry));
    ("[A-Za-z0-9户-]{1,12}", place, "[张王李赵·\"a ]{0,3}三", number, identity, facts).prop_map(
        |(household_no, region, name, id_number, identity, mut facts)| {
            facts.sort_by_key(|(fact, _)| fact.index());
            facts.dedup_by_key(|(fact, _)| *fact);
            let born = id_number.as_ref().map(IdNumber::birth_date);
            for (_, value) in facts.iter_mut().filter(|(fact, _)| *fact == Fact::BirthDate) {
                *value = born.map_or(*value, days_of);
            }
            let region = region.parse().unwrap();
            let name = name.trim().to_owned();
            RegistryRow { household_no, region, name, id_number, identity, facts }
        },
    )
}

fn registry() -> impl Strategy<Value = (Registry, Vec<RegistryRow>)> {
    prop::sample::select(Registry::ALL.to_vec())
        .prop_flat_map(|registry| (Just(registry), prop::collection::vec(row(registry), 0..12)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn what_is_written_is_read_back((registry, rows) in registry()) {
        let mut written = Vec::new();
        registry::write(&mut written, &rows).unwrap();
        let text = std::str::from_utf8(&written).unwrap().trim_start_matches('\u{feff}');
        let (gb18030, _, _) = GB18030.encode(text);
        for bytes in [&*written, text.as_bytes(), &*gb18030] {
            let (back, problems) = read(Source::csv(bytes), registry);
            prop_assert_eq!(told(&problems), "");
            prop_assert_eq!(back.iter().map(|(_, row)| row.clone()).collect::<Vec<_>>(), rows.clone());
        }
    }
}

#[test]
fn semicolons_tabs_and_codes_are_read() {
    let (expected, _) = csv(GOOD.as_bytes());
    assert_eq!(expected.len(), 1);
    for text in [
        GOOD.replace(',', ";"),
        GOOD.replace(',', "\t"),
        GOOD.replace("户号", " 户 号 ").replace("地区编码", "Region").replace("全户", "household"),
        GOOD.replace("低保", "dibao").replace("2023-01-01", "2023年1月1日"),
    ] {
        let (rows, problems) = csv(text.as_bytes());
        assert_eq!((told(&problems).as_str(), &rows), ("", &expected));
    }
}

/// One file with every kind of mistake: the report names the line and the column of each, and repeats
/// nothing of what stands in the cells.
#[test]
fn every_mistake_is_told_at_its_place() {
    let heading = "户号,地区编码,姓名,身份证号,身份类型,持有范围,起始日期,终止日期,依据,出生日期,残疾类别,\
                   残疾等级,年度核算收入,脱贫户,种植面积（亩）";
    let rows = [
        ",,,,,,,,,,,,,,无",
        "H2,990101,张三,110105194912310021,低保,全户,2023-02-30,,,,,,,,",
        "H3,990101001,张三,110105194902300021,低保,,2023-01-01,2022-12-31,,,,,,,",
        "H4,990101001,张三,1.10105E+17,边缘易致贫户,全户,2023-01-01,,,,,,,,",
        "H5,990101001,张三,1101051949X231002X,贫困户,全家,,,,,,,,,",
        "H6,990101001,张三,1101051949123100,特困,全户,2023-01-01,,,,,,,,",
        "H7,990101001,张三,11010519491231002X,,,2023-01-01,,民批1号,1950-01-01,眼疾,5,12.345,也许,-1",
        "H8,990101001,张11010519491231002X,,,,,,,,,,,,",
        "11010519491231002X,990101001,张三,,,,,,,,,,10000000.01,,",
        "H10,990101001,张三",
        "H11,990101001,张三,,,,,,,,,,,,,多出",
        "H12,990101001,张三,11010519491231002X,低保,本人,2023/1/1,20240101,,1949年12月31日,视力、听力,1,1000.5,是,2.5",
    ];
    let text = format!("{heading}\n{}\n", rows.join("\n"));
    let (good, problems) = csv(text.as_bytes());
    assert_eq!(good.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [13]);
    insta::assert_snapshot!("every_mistake", told(&problems));
    for planted in ["11010519491231002X", "1101051949", "张三", "民批1号", "10000000.01", "眼疾", "H7"]
    {
        assert!(!told(&problems).contains(planted), "`{planted}` is repeated");
    }
}

/// A file without a heading is a row of somebody's data: it is not repeated either.
#[test]
fn headings_are_found_or_told_by_number() {
    let (_, problems) = csv(GOOD.lines().last().unwrap().as_bytes());
    insta::assert_snapshot!("no_heading", told(&problems));
    let (_, problems) = csv(GOOD.replace("持有范围", "户 号").replace("依据", "").as_bytes());
    insta::assert_snapshot!("wrong_headings", told(&problems));
}
