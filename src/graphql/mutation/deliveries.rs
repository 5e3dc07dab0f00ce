//! Recording what was delivered, and taking it back.

use async_graphql::{Context, Object};

use crate::app::deliveries::{Batch, Recorded, Reversal, Sight, Whole};
use crate::domain::ledger::Delivery;
use crate::graphql::context::{Admitted, Api};
use crate::graphql::error::{Kind, Refusal};
use crate::graphql::input::delivery::{DeliveryInput, LONGEST_KEY, ReverseDeliveryInput, reason, text};
use crate::graphql::types::delivery::{
    RecordDeliveriesPayload, RecordDeliveryPayload, RecordOutcome, ReverseDeliveryPayload,
};
use crate::graphql::weight::list;

/// The most deliveries of one list.
const MOST: usize = 1_000;

/// Recording what was delivered, and taking it back.
#[derive(Default)]
pub struct DeliveryMutation;

#[Object]
impl DeliveryMutation {
    /// Records a delivery. It is held against the package of the first day of its period and against what was
    /// delivered before; what would double is refused, and the earlier delivery is named.
    async fn record_delivery<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(desc = "The delivery.")] input: DeliveryInput,
    ) -> Result<RecordDeliveryPayload<'c>, Refusal> {
        let admitted = Api::admit_mutation(ctx).await?;
        let delivery = read(&admitted, input, "input")?;
        let (_, mut results) = record(admitted, vec![delivery], Whole::AllOrNone).await?;
        results.pop().ok_or_else(|| Refusal::internal("a delivery without an answer"))
    }

    /// Records up to 1,000 deliveries in their order; each is decided in sight of those before it.
    #[graphql(complexity = "list(deliveries.len(), child_complexity)")]
    async fn record_deliveries<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(desc = "The deliveries, from 1 to 1,000.")] deliveries: Vec<DeliveryInput>,
        #[graphql(
            default = true,
            desc = "Whether nothing is recorded if one of them is refused; otherwise those are recorded that can be."
        )]
        all_or_none: bool,
    ) -> Result<RecordDeliveriesPayload<'c>, Refusal> {
        let admitted = Api::admit_mutation(ctx).await?;
        if !(1..=MOST).contains(&deliveries.len()) {
            let message = format!("expected from 1 to {MOST} deliveries");
            return Err(Refusal::input(Kind::ListSize, "deliveries", message));
        }
        let numbered = deliveries.into_iter().enumerate();
        let deliveries = numbered.map(|(at, input)| read(&admitted, input, &format!("deliveries[{at}]")));
        let deliveries = deliveries.collect::<Result<Vec<_>, _>>()?;
        let whole = if all_or_none { Whole::AllOrNone } else { Whole::WhatCan };
        let (kept, results) = record(admitted, deliveries, whole).await?;
        let count =
            |outcome: RecordOutcome| results.iter().filter(|result| result.outcome() == outcome).count();
        Ok(RecordDeliveriesPayload {
            kept,
            recorded: count(RecordOutcome::Recorded),
            repeated: count(RecordOutcome::Repeated),
            refused: count(RecordOutcome::Refused),
            results,
        })
    }

    /// Takes a delivery back by a second entry: what it took is free again, and a claim leaves its account.
    async fn reverse_delivery<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(desc = "Which delivery, and why.")] input: ReverseDeliveryInput,
    ) -> Result<ReverseDeliveryPayload<'c>, Refusal> {
        let Admitted { api, pass } = Api::admit_mutation(ctx).await?;
        let reversal = Reversal {
            key: text(input.key, LONGEST_KEY, Kind::MalformedKey, "input.key")?,
            household: input.household.clone(),
            entry: input.number,
            reason: reason(input.reason, "input.reason")?,
            day: api.day(input.day),
            sight: Sight::default(),
        };
        let reversed = api.records().reverse(&pass, api.policies(), reversal).await;
        let reversed = reversed.map_err(|error| Refusal::internal(&error.to_string()))?;
        Ok(ReverseDeliveryPayload::new(api, pass, input.household, reversed))
    }
}

fn read(admitted: &Admitted<'_>, input: DeliveryInput, path: &str) -> Result<Delivery, Refusal> {
    let Admitted { api, pass } = admitted;
    input.read(api.policies().catalogue(), pass.scope.department(), api.day(None), path)
}

async fn record(
    admitted: Admitted<'_>,
    deliveries: Vec<Delivery>,
    whole: Whole,
) -> Result<(bool, Vec<RecordDeliveryPayload<'_>>), Refusal> {
    let Admitted { api, pass } = admitted;
    let named: Vec<(String, String)> =
        deliveries.iter().map(|one| (one.household.clone(), one.key.clone())).collect();
    let batch = api.records().deliver(&pass, api.policies(), deliveries, whole).await;
    let Batch { results, kept } = batch.map_err(|error| Refusal::internal(&error.to_string()))?;
    let payload = |(named, result): ((String, String), Recorded)| {
        RecordDeliveryPayload::new(api, pass.clone(), named, result, kept)
    };
    Ok((kept, named.into_iter().zip(results).map(payload).collect()))
}
