//! Column maps: tables of other offices, and every mistake of a map.

use assistance_toolbox::documents::reader::Problem;
use assistance_toolbox::documents::registry::{self, Field, Layout, parse_map};
use assistance_toolbox::documents::sheet::{RowProblem, Source};
use assistance_toolbox::domain::facts::Fact;
use assistance_toolbox::domain::registries::{Registry, RegistryRow};
use assistance_toolbox::domain::vocabulary::FACTS;

use super::told;
use crate::support::root;

fn ready(name: &str) -> Layout {
    let text = std::fs::read_to_string(root().join(format!("docs/registry-layouts/{name}.toml"))).unwrap();
    parse_map(&text).unwrap()
}

fn rows(text: &str, layout: &Layout, registry: Registry) -> Vec<Result<RegistryRow, Vec<RowProblem>>> {
    let reader = registry::read(Source::csv(text.as_bytes()), layout, registry).unwrap();
    reader.map(|row| row.map(|(_, row)| row)).collect()
}

#[test]
fn the_roster_of_civil_affairs_is_read_through_its_map() {
    let text = "某县社会救助对象花名册,,,,,,,,,,,,\n\
                序号,户编号,行政区划代码,姓名,公民身份号码,救助类别,保障方式,批准日期,停止日期,\
                与户主（申请人）关系,劳动能力情况,家庭年收入（元）,备注\n\
                1,001,990101001,张三,11010519491231002X,农村低保,整户保,2023年1月1日,长期,本人,丧失,8000,\n\
                2,001,990101001,李四,,非保障对象,—,,,妻,健全,8000,无\n\
                3,002,990101001,王五,,贫困户,整户保,,,长子,健全,8000,无\n";
    let rows = rows(text, &ready("assistance-roster"), Registry::SocialAssistance);
    insta::assert_debug_snapshot!("roster", &rows[..2]);
    let problems = rows[2].as_ref().unwrap_err();
    insta::assert_snapshot!("roster_problems", told(problems));
}

#[test]
fn the_roster_of_monitored_households_is_read_through_its_map() {
    let text = "户编号,村编码,姓名,证件号码,监测对象类别,识别时间,风险消除时间,是否脱贫户,联系人\n\
                M1,990101001203,张三,11010519491231002X,边缘易致贫户,2022.5.1,2023.6.30,否,赵六\n";
    let layout = ready("monitoring-roster");
    assert_eq!(layout.options().worksheet.as_deref(), Some("监测对象"));
    let rows = rows(text, &layout, Registry::Monitoring);
    let row = rows[0].as_ref().unwrap();
    assert!(row.identity.as_ref().unwrap().of_household);
    assert_eq!(row.facts, [(Fact::ExPoor, 0), (Fact::RiskEliminated, 19_538)]);
}

fn mistakes(text: &str) -> String {
    let told = |problem: Problem| {
        let hint = problem.hint.map(|hint| format!(" ({hint})")).unwrap_or_default();
        format!(
            "{}: {}: {} [{}]{hint}",
            problem.line.unwrap_or(0),
            problem.path,
            problem.message,
            problem.code
        )
    };
    parse_map(text).unwrap_err().into_iter().map(told).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_mistake_of_a_map_is_told_at_its_line() {
    let text = r#"
heading_row = 0
other_columns = "drop"
colums = 1
leave_out = ["序号", ""]

[columns]
household_number = "户号"
region = ["村编码", "序号"]
name = 7
age = "年龄"
scope = "方式"

[fixed]
scope = "全户"
region = "990101"

[words.identity]
"农村低保" = "低保户"
"其他" = 1

[words.since]
"不详" = "2024-02-30"
"#;
    insta::assert_snapshot!("map_mistakes", mistakes(text));
    insta::assert_snapshot!("map_syntax", mistakes("heading_row = 2\n[columns\n"));
}

/// The page of the layout names every column, every fact and the maps that are ready.
#[test]
fn the_page_names_everything() {
    let page = std::fs::read_to_string(root().join("docs/registries.md")).unwrap();
    for field in Field::ALL {
        let (code, heading) = field.names();
        assert!(page.contains(&format!("| {heading} | `{code}` |")), "{code}");
    }
    for def in FACTS.iter().filter(|def| def.path.is_some()) {
        assert!(page.contains(&format!("| {} | `{}` |", def.zh, def.id)), "{}", def.id);
    }
    for entry in std::fs::read_dir(root().join("docs/registry-layouts")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(page.contains(&format!("registry-layouts/{name}")), "{name}");
        ready(name.trim_end_matches(".toml"));
    }
}
