//! The enums of income: items, where work is done, and what rule sets are for.

use async_graphql::Enum;

/// A receipt or a cost of twelve months.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "crate::domain::income::Item")]
pub enum IncomeItem {
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "crate::domain::income::items::Side")]
pub enum IncomeSide {
    /// Money that came in.
    Receipt,
    /// Money that went out.
    Cost,
}

/// Where a statement holds an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "crate::domain::income::items::Record")]
pub enum IncomeRecord {
    /// In a job of a person.
    Work,
    /// In the schooling of a person.
    Study,
    /// In a business.
    Business,
    /// In property that brings receipts.
    Property,
    /// By itself, in the list of items.
    Listed,
}

/// Where somebody works, as seen from the city 市域.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "crate::domain::income::items::Workplace")]
pub enum Workplace {
    /// 市域内: inside.
    InsideCity,
    /// 市域外: outside.
    OutsideCity,
}

/// What a rule asks of an entry beside its amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "crate::domain::income::items::Circumstance")]
pub enum IncomeCircumstance {
    /// Where the work is done.
    Workplace,
    /// The stage of study.
    Stage,
    /// The mode of study.
    Mode,
    /// Whether there is evidence.
    Evidence,
}

/// What a rule set is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "crate::domain::income::rules::Role")]
pub enum IncomeRole {
    /// One of the two arithmetics of Table 1: in use where the two policies stand side by side.
    Apart,
    /// The one arithmetic of both policies: in use where they are joined.
    Unified,
    /// Another reading, or a further figure: for information.
    Reading,
}

/// The policy that uses a rule set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "crate::domain::income::rules::TrackOfRules")]
pub enum IncomeTrack {
    /// Social assistance 社会救助.
    SocialAssistance,
    /// Monitoring against a return to poverty 防止返贫监测.
    Monitoring,
    /// Both.
    Both,
}

/// What is asked where something is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum IncomeAsked {
    /// Whether the statement is complete.
    Complete,
    /// The amount of an entry.
    Amount,
    /// Where the work is done.
    Workplace,
    /// The stage of study.
    Stage,
    /// The mode of study.
    Mode,
    /// Whether there is evidence.
    Evidence,
}
