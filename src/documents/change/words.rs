//! Reasons as a person reads them.

use crate::domain::text::Lang;

/// The reason of a code: why a package does not hold something, or why something is to be reclaimed.
pub fn reason(code: &str, lang: Lang) -> &'static str {
    let (zh, en) = match code {
        "nothing_known" => {
            ("该日没有该户资料，或所在地没有规则", "nothing is known of the household, or its place")
        }
        "no_member" => ("该成员不在户内", "the member is not in the household"),
        "not_in_force" => ("措施不在执行期", "the measure is not in force"),
        "no_identity" => ("未持有身份", "the identity is not held"),
        "condition_not_met" => ("条件不符", "a condition is not met"),
        "not_eligible" => ("没有身份或条件不符", "no identity opens it, or a condition is not met"),
        "not_taken" => ("改享其他措施", "something else is taken instead"),
        "undecided" => ("有情况待核实", "facts that decide it are not known"),
        "depends_on_unknown_amount" => ("取决于未知金额", "it depends on an amount that is not known"),
        "less_due" => ("应发减少", "less is due"),
        "amount_not_known" => ("应发金额待核实", "the amount due is not known"),
        super::SUPPORTED_AGAIN => ("重新符合", "supported again"),
        _ => ("其他原因", "another reason"),
    };
    lang.pick(zh, en)
}
