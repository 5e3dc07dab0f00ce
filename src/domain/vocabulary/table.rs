//! The rows themselves, one line a fact.

use super::FactType::{Bool, Choice as Pick, Count, Date, Flags, Money, Quantity};
use super::Level::{Household, Person};
use super::{Choice, ChoiceSet, FactDef, FactType, Level};
use crate::domain::facts::Fact;

/// The values of `RelationToHead`.
#[rustfmt::skip]
pub static RELATION: ChoiceSet = ChoiceSet { name: "RelationToHead", zh: "与户主关系", values: &[
    Choice { code: "head", zh: "户主", en: "head" },
    Choice { code: "spouse", zh: "配偶", en: "spouse" },
    Choice { code: "child", zh: "子女", en: "child" },
    Choice { code: "parent", zh: "父母", en: "parent" },
    Choice { code: "grandchild", zh: "孙子女", en: "grandchild" },
    Choice { code: "grandparent", zh: "祖父母", en: "grandparent" },
    Choice { code: "sibling", zh: "兄弟姐妹", en: "sibling" },
    Choice { code: "other", zh: "其他", en: "other" },
]};

/// The values of `DisabilityKind`.
#[rustfmt::skip]
pub static DISABILITY: ChoiceSet = ChoiceSet { name: "DisabilityKind", zh: "残疾类别", values: &[
    Choice { code: "vision", zh: "视力", en: "vision" },
    Choice { code: "hearing", zh: "听力", en: "hearing" },
    Choice { code: "speech", zh: "言语", en: "speech" },
    Choice { code: "limb", zh: "肢体", en: "limb" },
    Choice { code: "intellectual", zh: "智力", en: "intellectual" },
    Choice { code: "mental", zh: "精神", en: "mental" },
    Choice { code: "autism", zh: "孤独症", en: "autism" },
]};

/// The values of `StudyStage`.
#[rustfmt::skip]
pub static STAGE: ChoiceSet = ChoiceSet { name: "StudyStage", zh: "学段", values: &[
    Choice { code: "none", zh: "非在读", en: "not in study" },
    Choice { code: "kindergarten", zh: "幼儿园", en: "kindergarten" },
    Choice { code: "primary", zh: "小学", en: "primary school" },
    Choice { code: "junior", zh: "初中", en: "junior middle school" },
    Choice { code: "senior", zh: "普通高中", en: "senior middle school" },
    Choice { code: "secondary_vocational", zh: "中职", en: "secondary vocational school" },
    Choice { code: "higher_vocational", zh: "高职", en: "higher vocational school" },
    Choice { code: "bachelor", zh: "本科", en: "bachelor" },
    Choice { code: "postgraduate", zh: "研究生", en: "postgraduate" },
]};

/// The values of `StudyMode`.
#[rustfmt::skip]
pub static MODE: ChoiceSet = ChoiceSet { name: "StudyMode", zh: "就读形式", values: &[
    Choice { code: "full_time", zh: "全日制", en: "full-time" },
    Choice { code: "part_time", zh: "非全日制", en: "part-time" },
    Choice { code: "suspended", zh: "休学", en: "suspended" },
]};

/// The values of `Guardianship`.
#[rustfmt::skip]
pub static GUARDIANSHIP: ChoiceSet = ChoiceSet { name: "Guardianship", zh: "监护状况", values: &[
    Choice { code: "none", zh: "正常监护", en: "under guardianship" },
    Choice { code: "orphan", zh: "孤儿", en: "orphan" },
    Choice { code: "de_facto_unattended", zh: "事实无人抚养", en: "de facto unattended" },
]};

/// The values of `LabourCapacity`.
#[rustfmt::skip]
pub static LABOUR: ChoiceSet = ChoiceSet { name: "LabourCapacity", zh: "劳动能力", values: &[
    Choice { code: "full", zh: "普通劳动力", en: "full" },
    Choice { code: "partial", zh: "半劳动力", en: "partial" },
    Choice { code: "weak", zh: "弱劳动力", en: "weak" },
    Choice { code: "none", zh: "无劳动能力", en: "none" },
]};

/// The values of `WorkPlace`.
#[rustfmt::skip]
pub static WORK_PLACE: ChoiceSet = ChoiceSet { name: "WorkPlace", zh: "务工地点", values: &[
    Choice { code: "none", zh: "未务工", en: "not working" },
    Choice { code: "county", zh: "县内", en: "in the county" },
    Choice { code: "city", zh: "市内县外", en: "in the city, outside the county" },
    Choice { code: "province", zh: "省内市外", en: "in the province, outside the city" },
    Choice { code: "outside_province", zh: "省外", en: "outside the province" },
]};

/// The values of `HouseGrade`.
#[rustfmt::skip]
pub static HOUSE_GRADE: ChoiceSet = ChoiceSet { name: "HouseGrade", zh: "住房安全等级", values: &[
    Choice { code: "a", zh: "A级", en: "grade A" },
    Choice { code: "b", zh: "B级", en: "grade B" },
    Choice { code: "c", zh: "C级", en: "grade C" },
    Choice { code: "d", zh: "D级", en: "grade D" },
]};

/// The values of `SuddenEventKind`.
#[rustfmt::skip]
pub static SUDDEN_EVENT: ChoiceSet = ChoiceSet { name: "SuddenEventKind", zh: "突发事件", values: &[
    Choice { code: "none", zh: "无", en: "none" },
    Choice { code: "fire", zh: "火灾", en: "fire" },
    Choice { code: "accident", zh: "意外事故", en: "accident" },
    Choice { code: "serious_illness", zh: "突发重病", en: "sudden serious illness" },
    Choice { code: "other", zh: "其他", en: "other" },
]};

const fn given(
    fact: Fact,
    id: &'static str,
    path: &'static str,
    level: Level,
    ty: FactType,
    names: [&'static str; 4],
) -> FactDef {
    let [zh, en, ask_zh, ask_en] = names;
    FactDef { fact, id, path: Some(path), level, ty, zh, en, ask_zh, ask_en }
}

const fn derived(
    fact: Fact,
    id: &'static str,
    level: Level,
    ty: FactType,
    names: [&'static str; 2],
) -> FactDef {
    let [zh, en] = names;
    FactDef { fact, id, path: None, level, ty, zh, en, ask_zh: "", ask_en: "" }
}

/// Every fact, in the order of [`Fact`].
#[rustfmt::skip]
pub static FACTS: [FactDef; Fact::COUNT] = [
    given(Fact::BirthDate, "birth_date", "birthDate", Person, Date, ["出生日期", "date of birth", "出生日期是哪一天？", "What is the date of birth?"]),
    given(Fact::RelationToHead, "relation_to_head", "relationToHead", Person, Pick(&RELATION), ["与户主关系", "relation to the head", "与户主是什么关系？", "What is the relation to the head of the household?"]),
    given(Fact::Resides, "resides", "resides", Person, Bool, ["共同生活", "lives with the household", "是否共同生活？", "Does this person live with the household?"]),
    given(Fact::InsuredResidentMedical, "insured_resident_medical", "insurance.residentMedical", Person, Bool, ["参加城乡居民基本医疗保险", "resident medical insurance", "本年度是否参加城乡居民基本医疗保险？", "Is the person in resident medical insurance this year?"]),
    given(Fact::EmployeeMedical, "employee_medical", "insurance.employeeMedical", Person, Bool, ["参加职工基本医疗保险", "employee medical insurance", "是否参加职工基本医疗保险？", "Is the person in employee medical insurance?"]),
    given(Fact::InsuredResidentPension, "insured_resident_pension", "insurance.residentPension", Person, Bool, ["参加城乡居民基本养老保险", "resident pension insurance", "是否参加城乡居民基本养老保险？", "Is the person in resident pension insurance?"]),
    given(Fact::EmployeePension, "employee_pension", "insurance.employeePension", Person, Bool, ["参加职工基本养老保险", "employee pension insurance", "是否参加职工基本养老保险？", "Is the person in employee pension insurance?"]),
    given(Fact::DrawsPension, "draws_pension", "insurance.drawsPension", Person, Bool, ["正在领取养老金", "draws a pension", "是否正在领取养老金？", "Does the person already draw a pension?"]),
    given(Fact::DisabilityKinds, "disability_kinds", "disability.kinds", Person, Flags(&DISABILITY), ["残疾类别", "kinds of disability", "有哪些类别的残疾？", "Which kinds of disability does the person have?"]),
    given(Fact::DisabilityGrade, "disability_grade", "disability.grade", Person, Count { most: 4 }, ["残疾等级", "disability grade", "残疾等级是几级（无残疾为0）？", "What is the disability grade (0 for none)?"]),
    given(Fact::DisabilityCertificate, "disability_certificate", "disability.certificate", Person, Bool, ["持有残疾人证", "disability certificate", "是否持有残疾人证？", "Does the person hold a disability certificate?"]),
    given(Fact::LongTermCareNeeded, "long_term_care_needed", "care.longTermNeeded", Person, Bool, ["需要长期照护", "needs long-term care", "是否需要长期照护？", "Does the person need long-term care?"]),
    given(Fact::SelfCareFailed, "self_care_failed", "care.selfCareFailed", Person, Count { most: 6 }, ["生活自理能力未达标项数", "self-care indicators failed", "六项自理能力指标中有几项达不到？", "How many of the six self-care indicators are failed?"]),
    given(Fact::EligibleExpenseYear, "eligible_expense_year", "health.eligibleExpenseYear", Person, Money, ["年度合规自付医疗费用", "eligible expense of the year", "本年度基本医保报销后的合规自付费用是多少？", "How much compliant cost was left to the person this year after basic insurance?"]),
    given(Fact::SeriousIllness, "serious_illness", "health.seriousIllness", Person, Bool, ["患重病", "serious illness", "是否患有重病？", "Does the person have a serious illness?"]),
    given(Fact::Stage, "stage", "study.stage", Person, Pick(&STAGE), ["就读学段", "stage of study", "目前就读哪个学段？", "Which stage of study is the person in?"]),
    given(Fact::Mode, "mode", "study.mode", Person, Pick(&MODE), ["就读形式", "mode of study", "是全日制、非全日制还是休学？", "Is the study full-time, part-time or suspended?"]),
    given(Fact::Boarding, "boarding", "study.boarding", Person, Bool, ["寄宿", "boards at school", "是否寄宿？", "Does the pupil board at school?"]),
    given(Fact::GrantGraded, "grant_graded", "study.grantGraded", Person, Bool, ["已申请助学金并评定", "grant applied for and graded", "是否已申请助学金并经学校评定？", "Was a grant applied for and graded by the school?"]),
    given(Fact::Guardianship, "guardianship", "child.guardianship", Person, Pick(&GUARDIANSHIP), ["监护状况", "guardianship", "是孤儿还是事实无人抚养儿童？", "Is the child an orphan or de facto unattended?"]),
    given(Fact::InInstitution, "in_institution", "care.inInstitution", Person, Bool, ["机构养育（供养）", "in an institution", "是否在机构养育或集中供养？", "Is the person cared for in an institution?"]),
    given(Fact::Labour, "labour", "work.labour", Person, Pick(&LABOUR), ["劳动能力", "labour capacity", "劳动能力如何？", "What is the labour capacity?"]),
    given(Fact::Employed, "employed", "work.employed", Person, Bool, ["已就业", "employed", "是否已就业？", "Is the person in work?"]),
    given(Fact::WorkPlace, "work_place", "work.place", Person, Pick(&WORK_PLACE), ["务工地点", "place of work", "在哪里务工？", "Where does the person work?"]),
    given(Fact::MonthsAway, "months_away", "work.monthsAway", Person, Count { most: 12 }, ["本年外出务工月数", "months worked away this year", "本年在县外务工几个月？", "How many months of the year does the person work away from the county?"]),
    given(Fact::WantsWork, "wants_work", "work.wantsWork", Person, Bool, ["有就业意愿", "wants work", "是否愿意就业？", "Does the person want work?"]),
    given(Fact::WantsTraining, "wants_training", "work.wantsTraining", Person, Bool, ["有培训意愿", "wants training", "是否愿意参加技能培训？", "Does the person want training?"]),
    given(Fact::OwnCountedIncomeMonth, "own_counted_income_month", "ownCountedIncomeMonth", Person, Money, ["本人月核算收入", "own counted income a month", "单人保对象本人每月核算收入是多少？", "What is the person's own counted income a month?"]),
    derived(Fact::Age, "age", Person, Count { most: 150 }, ["年龄", "age"]),
    given(Fact::CountedIncomeYear, "counted_income_year", "income.countedYear", Household, Money, ["年度核算收入", "counted income of the year", "最近一次核查的家庭年核算收入是多少？", "What is the household's counted income of the year by the last review?"]),
    given(Fact::ReviewDate, "review_date", "income.reviewDate", Household, Date, ["核查日期", "date of the review", "最近一次核查是哪一天？", "On which day was the last review?"]),
    given(Fact::PropertyWithinRule, "property_within_rule", "income.propertyWithinRule", Household, Bool, ["财产符合规定", "property within the rule", "家庭财产是否符合当地规定？", "Is the household's property within the local rule?"]),
    given(Fact::NecessarySpendingYear, "necessary_spending_year", "income.necessarySpendingYear", Household, Money, ["年度刚性支出", "necessary spending of the year", "本年度刚性支出是多少？", "How much necessary spending did the household have this year?"]),
    given(Fact::HouseOnly, "house_only", "house.only", Household, Bool, ["唯一住房", "only house", "是否为唯一住房？", "Is it the household's only house?"]),
    given(Fact::HouseGrade, "house_grade", "house.grade", Household, Pick(&HOUSE_GRADE), ["住房安全等级", "safety grade of the house", "住房安全鉴定为哪一级？", "What is the safety grade of the house?"]),
    given(Fact::HouseRebuiltAfterDisaster, "house_rebuilt_after_disaster", "house.rebuiltAfterDisaster", Household, Bool, ["因灾重建住房", "house to be rebuilt after a disaster", "该房是否因灾纳入重建？", "Is the house rebuilt after a disaster?"]),
    given(Fact::WaterSafe, "water_safe", "house.waterSafe", Household, Bool, ["饮水安全", "safe drinking water", "饮水是否安全？", "Is the drinking water safe?"]),
    given(Fact::OwnMeter, "own_meter", "house.ownMeter", Household, Bool, ["单独电表", "own electricity meter", "是否有单独电表？", "Does the household have its own electricity meter?"]),
    given(Fact::CropsMu, "crops_mu", "production.cropsMu", Household, Quantity, ["种植面积（亩）", "crops in mu", "种植多少亩？", "How many mu of crops?"]),
    given(Fact::FruitForestMu, "fruit_forest_mu", "production.fruitForestMu", Household, Quantity, ["林果面积（亩）", "fruit and forest in mu", "林果多少亩？", "How many mu of fruit trees or forest?"]),
    given(Fact::Cattle, "cattle", "production.cattle", Household, Count { most: 100_000 }, ["养牛（头）", "cattle", "养牛多少头？", "How many cattle?"]),
    given(Fact::Pigs, "pigs", "production.pigs", Household, Count { most: 100_000 }, ["养猪（头）", "pigs", "养猪多少头？", "How many pigs?"]),
    given(Fact::Sheep, "sheep", "production.sheep", Household, Count { most: 100_000 }, ["养羊（只）", "sheep", "养羊多少只？", "How many sheep?"]),
    given(Fact::Poultry, "poultry", "production.poultry", Household, Count { most: 1_000_000 }, ["养家禽（只）", "poultry", "养家禽多少只？", "How many poultry?"]),
    given(Fact::Processing, "processing", "production.processing", Household, Bool, ["从事加工业", "processing business", "是否从事加工业？", "Does the household process produce?"]),
    given(Fact::ProductionLoanWanted, "production_loan_wanted", "production.loanWanted", Household, Bool, ["需要生产贷款", "wants a production loan", "是否需要生产性贷款？", "Does the household want a loan for production?"]),
    given(Fact::HasLoan, "has_loan", "production.hasLoan", Household, Bool, ["已有小额信贷", "has a small loan", "是否已有未还的小额信贷？", "Does the household already have a small loan?"]),
    given(Fact::Disaster, "disaster", "events.disaster", Household, Bool, ["遭受自然灾害", "hit by a natural disaster", "是否遭受自然灾害？", "Was the household hit by a natural disaster?"]),
    given(Fact::SuddenEventKind, "sudden_event_kind", "events.suddenKind", Household, Pick(&SUDDEN_EVENT), ["突发事件", "sudden event", "近期发生了什么突发事件？", "Which sudden event happened lately?"]),
    given(Fact::SuddenEventDate, "sudden_event_date", "events.suddenDate", Household, Date, ["突发事件日期", "date of the sudden event", "突发事件是哪一天发生的？", "On which day did the sudden event happen?"]),
    given(Fact::ExPoor, "ex_poor", "exPoor", Household, Bool, ["脱贫户", "formerly registered poor", "是否为脱贫户？", "Was the household registered poor before?"]),
    given(Fact::RiskEliminated, "risk_eliminated", "riskEliminated", Household, Date, ["风险消除日期", "risk recorded as eliminated", "风险消除是哪一天标注的？", "On which day was the risk recorded as eliminated?"]),
    derived(Fact::Heads, "heads", Household, Count { most: 1000 }, ["家庭人口", "heads"]),
    derived(Fact::IncomePerHeadMonth, "income_per_head_month", Household, Money, ["月人均核算收入", "counted income per head and month"]),
    derived(Fact::MonthsSinceIdentity, "months_since_identity", Household, Count { most: 10_000 }, ["取得身份月数", "months since the first identity held now"]),
    derived(Fact::AnyLabourCapacity, "any_labour_capacity", Household, Bool, ["有劳动能力成员", "somebody can work"]),
    derived(Fact::AbleCount, "able_count", Household, Count { most: 1000 }, ["有劳动能力人数", "people who can work"]),
    derived(Fact::EmployedCount, "employed_count", Household, Count { most: 1000 }, ["已就业人数", "people in work"]),
    derived(Fact::Students, "students", Household, Count { most: 1000 }, ["在读人数", "people in study"]),
    derived(Fact::AnyDisabled, "any_disabled", Household, Bool, ["有残疾成员", "somebody is disabled"]),
    derived(Fact::AnyElderly, "any_elderly", Household, Bool, ["有60岁及以上成员", "somebody is 60 or older"]),
    derived(Fact::TekunAtHome, "tekun_at_home", Household, Bool, ["有分散供养特困人员", "a person in extreme hardship lives at home"]),
];
