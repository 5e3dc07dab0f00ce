//! The items of an income statement: one table of receipts and costs that rule sets speak of.
//!
//! What counts and what does not stands in `policies/income`; here stands only what an item is called and
//! where a statement holds it.

use crate::domain::vocabulary::{Choice, ChoiceSet, Level};

/// A receipt or a cost of twelve months.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Item {
    /// 工资性收入: pay that was received, pay of a public welfare post included.
    Wages,
    /// 辅助性就业收入: pay of recognised auxiliary employment of persons with a disability.
    AuxiliaryWages,
    /// 拖欠或承诺未发的工资: pay that was promised and not received.
    UnpaidWages,
    /// 生产经营毛收入: gross receipts of production or business.
    BusinessGross,
    /// 财产性收入: rent, interest, dividends and the like.
    PropertyReceipts,
    /// 经常性转移收入: maintenance and other receipts that recur.
    RecurrentTransfers,
    /// 中央确定的基础养老金: the centrally set part of the resident basic pension.
    BasicPensionCentral,
    /// 其他养老金: local additions, the account part and other pensions.
    PensionOther,
    /// 国家规定的优待抚恤金: preferential and bereavement pensions set by the state.
    PreferentialPension,
    /// 其他抚恤金: other bereavement payments.
    OtherBereavement,
    /// 计划生育奖励扶助金: awards and aid of family planning.
    FamilyPlanningAward,
    /// 奖学金: scholarships.
    Scholarship,
    /// 国家助学金: the state student grant.
    StateGrant,
    /// 见义勇为奖励金: awards for bravery.
    BraveryAward,
    /// 经常性社会救助款物: recurrent social assistance, such as dibao money and disability allowances.
    AssistanceRecurrent,
    /// 一次性社会救助款物: social assistance paid once.
    AssistanceOneOff,
    /// 临时救助金: temporary assistance.
    TemporaryAssistance,
    /// 救灾款物: disaster money and goods.
    DisasterMoney,
    /// 一次性捐赠: donations made once.
    OneOffDonation,
    /// 家庭成员间馈赠: gifts between members of the household.
    GiftsBetweenMembers,
    /// 婚丧嫁娶礼金: gifts at weddings and funerals.
    WeddingFuneralGifts,
    /// 政府或单位代缴款: contributions that government or an employer pays on somebody's behalf.
    PaidOnBehalf,
    /// 定向减支补贴: subsidies that only lessen a named expense, such as fee waivers and reimbursements.
    ExpenseRelief,
    /// 理赔收入: claims paid by an insurance.
    InsuranceClaims,
    /// 非收入性所得: what is no income, such as compensation for a demolished house.
    NonIncome,
    /// 务工食宿费: board and lodging at work.
    BoardAndLodging,
    /// 务工交通费: travel to the place of work.
    TravelToWork,
    /// 生产经营成本: operating cost.
    OperatingCost,
    /// 生产性固定资产折旧: depreciation of productive fixed assets.
    Depreciation,
    /// 生产税: production tax.
    ProductionTax,
    /// 财产性收入相关费用: fees that go with property receipts.
    PropertyCosts,
    /// 经常性转移支出: recurrent payments: tax, social insurance, maintenance paid.
    TransferPayments,
    /// 大病、慢性病自付费用: own payments for a serious or long illness.
    IllnessOwnPayment,
    /// 残疾康复费用: rehabilitation of a disability, paid oneself.
    Rehabilitation,
    /// 必要辅助器具费用: necessary assistive devices, paid oneself.
    AssistiveDevices,
    /// 学费: tuition.
    Tuition,
    /// 住宿费: lodging at school.
    SchoolLodging,
    /// 就学交通费: travel to school.
    SchoolTravel,
    /// 合规自付支出: compliant own payments as the monitoring system records them.
    CompliantOwnPayment,
}

/// Whether an item adds or takes away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// Money that came in.
    Receipt,
    /// Money that went out.
    Cost,
}

/// Where a statement holds an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Record {
    /// A job of a person: its place, pay and costs.
    Work,
    /// The schooling of a person: stage, mode and costs.
    Study,
    /// A business, with its costs.
    Business,
    /// Property that brings receipts, with its costs.
    Property,
    /// By itself, in the list of items.
    Listed,
}

/// Where somebody works, as seen from the city 市域.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Workplace {
    /// Inside.
    InsideCity,
    /// Outside.
    OutsideCity,
}

/// What is asked of an entry beside its amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Circumstance {
    /// Where the work is done.
    Workplace,
    /// The stage of study.
    Stage,
    /// The mode of study.
    Mode,
    /// Whether there is evidence.
    Evidence,
}

/// One row of the table of items.
#[derive(Debug)]
pub struct ItemDef {
    /// The item.
    pub item: Item,
    /// Its name in files and canonical documents.
    pub id: &'static str,
    /// Whether it adds or takes away.
    pub side: Side,
    /// Where a statement holds it.
    pub record: Record,
    /// The key under which the record holds it; the id for a listed item.
    pub key: &'static str,
    /// `Person`: persons only; `Household`: persons or the household.
    pub level: Level,
    /// Its label in Chinese.
    pub zh: &'static str,
    /// Its label in English.
    pub en: &'static str,
}

/// The codes of `Workplace`.
#[rustfmt::skip]
pub static WORKPLACE: ChoiceSet = ChoiceSet { name: "Workplace", zh: "务工地点（市域）", values: &[
    Choice { code: "inside_city", zh: "市域内", en: "inside the city" },
    Choice { code: "outside_city", zh: "市域外", en: "outside the city" },
]};

impl Workplace {
    /// Both, in the order of [`WORKPLACE`].
    pub const ALL: [Self; 2] = [Self::InsideCity, Self::OutsideCity];
}

impl Item {
    /// The item's row.
    pub fn def(self) -> &'static ItemDef {
        // INVARIANT: the table has one row per item, in order; a test below holds it.
        ITEMS.iter().find(|def| def.item == self).unwrap_or(&ITEMS[0])
    }

    /// The item of this name, in any case of letters.
    pub fn by_id(id: &str) -> Option<Self> {
        ITEMS.iter().find(|def| def.id.eq_ignore_ascii_case(id)).map(|def| def.item)
    }

    /// What a rule can ask of an entry of this item.
    pub fn circumstances(self) -> &'static [Circumstance] {
        match self.def().record {
            Record::Work => &[Circumstance::Workplace],
            Record::Study => &[Circumstance::Stage, Circumstance::Mode],
            Record::Listed if self == Self::IllnessOwnPayment => &[Circumstance::Evidence],
            Record::Business | Record::Property | Record::Listed => &[],
        }
    }
}

const fn def(
    item: Item,
    id: &'static str,
    side: Side,
    (record, key): (Record, &'static str),
    level: Level,
    [zh, en]: [&'static str; 2],
) -> ItemDef {
    ItemDef { item, id, side, record, key, level, zh, en }
}

use Level::{Household as Either, Person};
use Record::{Business, Property, Study, Work};
use Side::{Cost, Receipt};

const fn listed(item: Item, id: &'static str, side: Side, level: Level, names: [&'static str; 2]) -> ItemDef {
    def(item, id, side, (Record::Listed, id), level, names)
}

/// The items, in the order of [`Item`].
#[rustfmt::skip]
pub static ITEMS: [ItemDef; 39] = [
    def(Item::Wages, "wages", Receipt, (Work, "wages"), Person, ["工资性收入", "wages"]),
    listed(Item::AuxiliaryWages, "auxiliary_wages", Receipt, Person, ["辅助性就业收入", "wages of auxiliary employment"]),
    listed(Item::UnpaidWages, "unpaid_wages", Receipt, Person, ["拖欠或承诺未发的工资", "wages promised, not paid"]),
    def(Item::BusinessGross, "business_gross", Receipt, (Business, "gross"), Either, ["生产经营毛收入", "gross business receipts"]),
    def(Item::PropertyReceipts, "property_receipts", Receipt, (Property, "receipts"), Either, ["财产性收入", "property receipts"]),
    listed(Item::RecurrentTransfers, "recurrent_transfers", Receipt, Either, ["经常性转移收入", "recurrent transfers"]),
    listed(Item::BasicPensionCentral, "basic_pension_central", Receipt, Person, ["中央确定的基础养老金", "basic pension, central part"]),
    listed(Item::PensionOther, "pension_other", Receipt, Person, ["其他养老金", "other pension"]),
    listed(Item::PreferentialPension, "preferential_pension", Receipt, Person, ["国家规定的优待抚恤金", "state preferential pension"]),
    listed(Item::OtherBereavement, "other_bereavement", Receipt, Person, ["其他抚恤金", "other bereavement payment"]),
    listed(Item::FamilyPlanningAward, "family_planning_award", Receipt, Either, ["计划生育奖励扶助金", "family planning award"]),
    listed(Item::Scholarship, "scholarship", Receipt, Person, ["奖学金", "scholarship"]),
    listed(Item::StateGrant, "state_grant", Receipt, Person, ["国家助学金", "state student grant"]),
    listed(Item::BraveryAward, "bravery_award", Receipt, Person, ["见义勇为奖励金", "award for bravery"]),
    listed(Item::AssistanceRecurrent, "assistance_recurrent", Receipt, Either, ["经常性社会救助款物", "recurrent social assistance"]),
    listed(Item::AssistanceOneOff, "assistance_one_off", Receipt, Either, ["一次性社会救助款物", "one-off social assistance"]),
    listed(Item::TemporaryAssistance, "temporary_assistance", Receipt, Either, ["临时救助金", "temporary assistance"]),
    listed(Item::DisasterMoney, "disaster_money", Receipt, Either, ["救灾款物", "disaster money"]),
    listed(Item::OneOffDonation, "one_off_donation", Receipt, Either, ["一次性捐赠", "one-off donation"]),
    listed(Item::GiftsBetweenMembers, "gifts_between_members", Receipt, Either, ["家庭成员间馈赠", "gifts between members"]),
    listed(Item::WeddingFuneralGifts, "wedding_funeral_gifts", Receipt, Either, ["婚丧嫁娶礼金", "wedding and funeral gifts"]),
    listed(Item::PaidOnBehalf, "paid_on_behalf", Receipt, Either, ["政府或单位代缴款", "paid on somebody's behalf"]),
    listed(Item::ExpenseRelief, "expense_relief", Receipt, Either, ["定向减支补贴", "relief of a named expense"]),
    listed(Item::InsuranceClaims, "insurance_claims", Receipt, Either, ["理赔收入", "insurance claims"]),
    listed(Item::NonIncome, "non_income", Receipt, Either, ["非收入性所得", "what is no income"]),
    def(Item::BoardAndLodging, "board_and_lodging", Cost, (Work, "boardAndLodging"), Person, ["务工食宿费", "board and lodging at work"]),
    def(Item::TravelToWork, "travel_to_work", Cost, (Work, "travel"), Person, ["务工交通费", "travel to work"]),
    def(Item::OperatingCost, "operating_cost", Cost, (Business, "operatingCost"), Either, ["生产经营成本", "operating cost"]),
    def(Item::Depreciation, "depreciation", Cost, (Business, "depreciation"), Either, ["生产性固定资产折旧", "depreciation of productive assets"]),
    def(Item::ProductionTax, "production_tax", Cost, (Business, "productionTax"), Either, ["生产税", "production tax"]),
    def(Item::PropertyCosts, "property_costs", Cost, (Property, "costs"), Either, ["财产性收入相关费用", "costs of property"]),
    listed(Item::TransferPayments, "transfer_payments", Cost, Either, ["经常性转移支出", "recurrent payments"]),
    listed(Item::IllnessOwnPayment, "illness_own_payment", Cost, Person, ["大病、慢性病自付费用", "own payment for illness"]),
    listed(Item::Rehabilitation, "rehabilitation", Cost, Person, ["残疾康复费用", "rehabilitation"]),
    listed(Item::AssistiveDevices, "assistive_devices", Cost, Person, ["必要辅助器具费用", "assistive devices"]),
    def(Item::Tuition, "tuition", Cost, (Study, "tuition"), Person, ["学费", "tuition"]),
    def(Item::SchoolLodging, "school_lodging", Cost, (Study, "lodging"), Person, ["学校住宿费", "lodging at school"]),
    def(Item::SchoolTravel, "school_travel", Cost, (Study, "travel"), Person, ["就学交通费", "travel to school"]),
    listed(Item::CompliantOwnPayment, "compliant_own_payment", Cost, Either, ["合规自付支出", "compliant own payment"]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_table_has_every_item_once_and_in_order() {
        assert!(ITEMS.is_sorted_by_key(|def| def.item));
        let ids: BTreeSet<&str> = ITEMS.iter().map(|def| def.id).collect();
        assert_eq!(ids.len(), ITEMS.len());
        // The last item of the enum is the last of the table.
        assert_eq!(ITEMS.last().map(|def| def.item), Some(Item::CompliantOwnPayment));
        for def in &ITEMS {
            assert_eq!((def.item.def().id, Item::by_id(def.id)), (def.id, Some(def.item)));
        }
    }

    #[test]
    fn every_record_has_its_keys_once() {
        let keys: BTreeSet<(String, &str)> =
            ITEMS.iter().map(|def| (format!("{:?}", def.record), def.key)).collect();
        assert_eq!(keys.len(), ITEMS.len());
        assert_eq!(WORKPLACE.values.len(), Workplace::ALL.len());
    }
}
