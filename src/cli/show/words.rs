//! Codes of the domain in words.

use crate::domain::catalogue::ParameterValue;
use crate::domain::condition::Answer;
use crate::domain::measure::{Confidence, Goal, MeasureSet, Standing, Unit, Unpriced};
use crate::domain::package::NeedState;
use crate::domain::text::Lang;

use super::amounts::{exact_yuan, per, rate, yuan};
use super::names::Names;

/// Why a part has no price.
pub(super) fn unpriced(reason: &Unpriced, names: &Names<'_>) -> String {
    let lang = names.lang;
    match reason {
        Unpriced::NotSetHere(parameter) => {
            // The name stands on a line of its own: it is long, and is what a place has to set.
            let parameter =
                names.parameter(parameter).replace(&format!(" {parameter}"), &format!("\n{parameter}"));
            match lang {
                Lang::Zh => format!("此地未设定金额：{parameter}"),
                Lang::En => format!("amount not set here: {parameter}"),
            }
        }
        Unpriced::LocalList => lang.pick("按地方目录，未见", "by a local list, not seen").to_owned(),
        Unpriced::CaseByCase => lang.pick("一事一议", "decided case by case").to_owned(),
        Unpriced::Service => lang.pick("服务", "a service").to_owned(),
        Unpriced::InKind => lang.pick("实物或工程", "goods or works").to_owned(),
        Unpriced::Wage => lang.pick("劳动报酬，不计入合计", "a wage for work, in no total").to_owned(),
    }
}

/// The state of a need.
pub(super) const fn need(state: NeedState, lang: Lang) -> &'static str {
    match state {
        NeedState::Covered => lang.pick("已覆盖", "covered"),
        NeedState::Unknown => lang.pick("是否存在不明", "not known"),
        NeedState::Open => lang.pick("待落实", "open"),
        NeedState::Unmet => lang.pick("无措施", "unmet"),
    }
}

/// An answer of a condition.
pub(super) const fn answer(answer: Answer, lang: Lang) -> &'static str {
    match answer {
        Answer::Met => lang.pick("符合", "met"),
        Answer::NotMet => lang.pick("不符合", "not met"),
        Answer::Unknown => lang.pick("未知", "unknown"),
    }
}

/// The set of a measure.
pub(in crate::cli) const fn set(set: MeasureSet, lang: Lang) -> &'static str {
    match set {
        MeasureSet::Differing => lang.pick("标准不同", "differing"),
        MeasureSet::MonitoredOnly => lang.pick("仅监测对象", "monitored only"),
        MeasureSet::Shared => lang.pick("共享", "shared"),
        MeasureSet::SocialAssistanceOnly => lang.pick("仅社会救助", "social assistance only"),
    }
}

/// A goal.
pub(super) const fn goal(goal: Goal, lang: Lang) -> &'static str {
    match goal {
        Goal::BasicNeeds => lang.pick("保基本", "basic needs"),
        Goal::RiskPrevention => lang.pick("防风险", "risk prevention"),
        Goal::Development => lang.pick("促发展", "development"),
    }
}

/// The unit of a measure.
pub(super) const fn unit(unit: Unit, lang: Lang) -> &'static str {
    match unit {
        Unit::Person => lang.pick("按人", "for a person"),
        Unit::Household => lang.pick("按户", "for the household"),
    }
}

/// Whether the paper names a measure.
pub(in crate::cli) const fn standing(standing: Standing, lang: Lang) -> &'static str {
    match standing {
        Standing::Named => lang.pick("论文点名", "named by the paper"),
        Standing::Reconstructed(Confidence::High) => lang.pick("重构（把握高）", "reconstructed (high)"),
        Standing::Reconstructed(Confidence::Medium) => lang.pick("重构（把握中）", "reconstructed (medium)"),
        Standing::Reconstructed(Confidence::Low) => lang.pick("重构（把握低）", "reconstructed (low)"),
    }
}

/// The value of a parameter.
pub(super) fn value(value: &ParameterValue, lang: Lang) -> String {
    match value {
        ParameterValue::Money { amount, period: Some(period) } => per(&yuan(*amount, lang), *period, lang),
        ParameterValue::Money { amount, period: None } => yuan(*amount, lang),
        ParameterValue::Share { rate: share, of } => format!("{} × {of}", rate(*share)),
        ParameterValue::Rate(share) => rate(*share),
        ParameterValue::Price(price) => exact_yuan(*price, lang),
        ParameterValue::Bands(bands) => {
            let told = bands.iter().map(|band| match (band.upto, lang) {
                (Some(upto), Lang::Zh) => format!("至{}：{}", yuan(upto, lang), rate(band.rate)),
                (Some(upto), Lang::En) => format!("to {}: {}", yuan(upto, lang), rate(band.rate)),
                (None, Lang::Zh) => format!("以上：{}", rate(band.rate)),
                (None, Lang::En) => format!("above: {}", rate(band.rate)),
            });
            told.collect::<Vec<_>>().join("\n")
        }
        ParameterValue::Date(day) => day.to_string(),
        ParameterValue::Count(count) => count.to_string(),
        ParameterValue::None => lang.pick("无", "none").to_owned(),
    }
}
