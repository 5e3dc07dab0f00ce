//! What could still change an entitlement: undecided measures that could displace it, or make a member
//! a head of it or none.

use std::ops::RangeInclusive;

use super::Builder;
use crate::domain::package::{Beneficiary, Undecided};
use crate::domain::resolve::ResolveError;
use crate::domain::resolve::candidates::{self, Candidate, Doubt, Lines};
use crate::domain::resolve::contest::{self, clash};
use crate::domain::resolve::heads::{Heads, Standing};
use crate::domain::rulebook::{Body, Cluster, PartRules};

impl Builder<'_> {
    /// Places of the undecided measures that could displace the candidate or change its amount.
    pub(super) fn provisional(
        &self,
        candidate: &Candidate,
        undecided: &[Undecided],
    ) -> Result<Vec<usize>, ResolveError> {
        let mut places = Vec::new();
        let Some(cluster) = self.rulebook.cluster(candidate.offer) else { return Ok(places) };
        if !self.has_top_up(cluster) && !self.decision.doubts.iter().any(|doubt| is_in(cluster, doubt)) {
            return Ok(places);
        }
        for doubt in &self.decision.doubts {
            if self.could_change(cluster, candidate, doubt)? {
                let measure = self.measure_of(doubt);
                let row = |row: &Undecided| Some(row.measure) == measure && row.who == doubt.who;
                places.extend(undecided.iter().position(row));
            }
        }
        places.sort_unstable();
        places.dedup();
        Ok(places)
    }

    /// How many heads a top-up may count, from the fewest to the most.
    pub(super) fn possible_heads(
        &self,
        who: Beneficiary,
        not_heads: &[usize],
    ) -> Result<RangeInclusive<u32>, ResolveError> {
        let (mut fewest, mut most) = (0, 0);
        for person in Heads::counted(self.subjects, who) {
            let standing = self.decision.heads.standing(person, not_heads);
            let turns = self.may_turn(person, not_heads)?;
            fewest += u32::from(standing == Standing::Head && !turns);
            most += u32::from(standing != Standing::Taker || turns);
        }
        Ok(fewest..=most)
    }

    fn could_change(
        &self,
        cluster: &Cluster,
        candidate: &Candidate,
        doubt: &Doubt,
    ) -> Result<bool, ResolveError> {
        if self.turns_heads_of(candidate, doubt)? {
            return Ok(true);
        }
        if !cluster.rules.is_empty() || !is_in(cluster, doubt) {
            let turned = |one: &Candidate| self.turns_heads_of(one, doubt);
            return if is_in(cluster, doubt) || self.has_top_up(cluster) {
                self.joined(cluster, candidate, doubt, turned)
            } else {
                Ok(false)
            };
        }
        if (doubt.offer, doubt.who) != (candidate.offer, candidate.who) {
            return Ok(false);
        }
        // An undecided link changes what the links behind it have left to pay.
        if matches!(candidate.lines, Lines::Links(_)) || self.has_unsure_heads(candidate)? {
            return Ok(true);
        }
        for identity in doubt.identities.iter() {
            let would_be = self.would_be(doubt, identity)?;
            // Another standard of the measure that is not worth more, nor before it in a tie, changes nothing.
            let unsure = self.has_unsure_heads(&would_be)?;
            if unsure || !contest::prevails(self.scope(), cluster, candidate, &would_be)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether clashes join the candidate to what a doubt would make or `changes`, over whatever else is
    /// open or undecided: displacing one member of a bundle can change every other one.
    fn joined(
        &self,
        cluster: &Cluster,
        candidate: &Candidate,
        doubt: &Doubt,
        changes: impl Fn(&Candidate) -> Result<bool, ResolveError>,
    ) -> Result<bool, ResolveError> {
        let (mut reached, mut rest) = (Vec::new(), Vec::new());
        for (one, of) in self.unsettled(cluster)? {
            let asked = of.is_some_and(|of| (of.standard, of.who) == (doubt.standard, doubt.who));
            if asked || changes(&one)? { reached.push(one) } else { rest.push(one) }
        }
        while let Some(current) = reached.pop() {
            if current.is(candidate) {
                return Ok(true);
            }
            let (near, far): (Vec<Candidate>, Vec<Candidate>) =
                rest.into_iter().partition(|other| clash(self.rulebook, cluster, &current, other).is_some());
            reached.extend(near);
            rest = far;
        }
        Ok(false)
    }

    /// What is not settled of a cluster, whatever the answers to its doubts are. A candidate that nothing
    /// stands against is taken, and whatever it stands against is not.
    fn unsettled(&self, cluster: &Cluster) -> Result<Vec<(Candidate, Option<&Doubt>)>, ResolveError> {
        let mut all = self.all_in(cluster)?;
        let refuses = |one: &Candidate, other: &Candidate| {
            clash(self.rulebook, cluster, one, other).is_some_and(|clash| clash.forward)
        };
        loop {
            let free = |one: &Candidate| all.iter().all(|(other, _)| other.is(one) || !refuses(other, one));
            let Some(settled) = all.iter().find(|(one, of)| of.is_none() && free(one)).map(|(one, _)| *one)
            else {
                return Ok(all);
            };
            all.retain(|(one, _)| !one.is(&settled) && !refuses(&settled, one));
        }
    }

    /// The candidates of a cluster, and those that its doubts would make.
    fn all_in(&self, cluster: &Cluster) -> Result<Vec<(Candidate, Option<&Doubt>)>, ResolveError> {
        let open = self.decision.candidates.iter().filter(|one| cluster.offers.contains(&one.offer));
        let mut all: Vec<(Candidate, Option<&Doubt>)> = open.map(|one| (*one, None)).collect();
        for doubt in self.decision.doubts.iter().filter(|doubt| is_in(cluster, doubt)) {
            for identity in doubt.identities.iter() {
                all.push((self.would_be(doubt, identity)?, Some(doubt)));
            }
        }
        Ok(all)
    }

    /// Whether the answer to a doubt could change who is a head of a candidate.
    fn turns_heads_of(&self, candidate: &Candidate, doubt: &Doubt) -> Result<bool, ResolveError> {
        self.any_head(candidate, |person, not_heads| self.turns(doubt, person, not_heads))
    }

    fn has_unsure_heads(&self, candidate: &Candidate) -> Result<bool, ResolveError> {
        self.any_head(candidate, |person, not_heads| self.may_turn(person, not_heads))
    }

    fn any_head(
        &self,
        candidate: &Candidate,
        test: impl Fn(usize, &[usize]) -> Result<bool, ResolveError>,
    ) -> Result<bool, ResolveError> {
        let rules = candidate.standards(self.rulebook).filter_map(|place| self.rulebook.standards.get(place));
        for part in rules.flat_map(|rules| &rules.parts) {
            let PartRules::TopUp { not_heads, .. } = part else { continue };
            for person in Heads::counted(self.subjects, candidate.who) {
                if test(person, not_heads)? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Whether it is not settled if a member is a head, where these measures take one out.
    fn may_turn(&self, person: usize, not_heads: &[usize]) -> Result<bool, ResolveError> {
        if matches!(self.decision.heads.standing(person, not_heads), Standing::By(_) | Standing::Unsure) {
            return Ok(true);
        }
        for doubt in &self.decision.doubts {
            if self.turns(doubt, person, not_heads)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether the answer to a doubt could change what the member takes of these measures: by what it
    /// opens, or by what that displaces.
    fn turns(&self, doubt: &Doubt, person: usize, not_heads: &[usize]) -> Result<bool, ResolveError> {
        let Some(cluster) = self.rulebook.cluster(doubt.offer) else { return Ok(false) };
        let who = Beneficiary::Person(person);
        let named = |standard: usize| {
            self.rulebook.measure_of(standard).is_some_and(|measure| not_heads.contains(&measure))
        };
        if cluster.rules.is_empty() {
            if doubt.who != who {
                return Ok(false);
            }
            let offer = self.rulebook.offers.get(doubt.offer);
            if let Some(Body::Cascade { chains, .. }) = offer.map(|offer| &offer.body) {
                // It may make another chain the better one.
                return Ok(chains.iter().flat_map(|chain| &chain.links).any(|link| named(*link)));
            }
            // A further standard of a measure that is taken leaves it taken.
            let standing = self.decision.heads.standing(person, not_heads);
            return Ok(named(doubt.standard) && standing != Standing::Taker);
        }
        for (one, _) in self.unsettled(cluster)? {
            let looked_at = one.who == who && one.standards(self.rulebook).any(named);
            if looked_at && self.joined(cluster, &one, doubt, |_| Ok(false))? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn would_be(
        &self,
        doubt: &Doubt,
        identity: crate::domain::identity::Identity,
    ) -> Result<Candidate, ResolveError> {
        let heads = &self.decision.heads;
        Ok(candidates::would_be(self.rulebook, self.subjects, heads, doubt, identity)?)
    }

    fn measure_of(&self, doubt: &Doubt) -> Option<usize> {
        self.rulebook.measure_of(doubt.standard)
    }

    fn has_top_up(&self, cluster: &Cluster) -> bool {
        cluster.offers.iter().any(|offer| self.rulebook.offers.get(*offer).is_some_and(|offer| offer.top_up))
    }
}

fn is_in(cluster: &Cluster, doubt: &Doubt) -> bool {
    cluster.offers.contains(&doubt.offer)
}
