//! How much one client may ask for in a time, weighed by what it costs.
//!
//! A bucket of a client holds so many units and fills again by so many a second (the generic cell rate algorithm: of
//! each bucket only the time is kept at which it will be full). Who is known has a bucket of their own, wherever they
//! come from; all others share that of their address.

use std::{
    collections::HashMap,
    hash::{BuildHasher as _, RandomState},
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::{
    client::Client,
    error::{Reason, Refusal},
};
use crate::app::access::Actor;

/// Buckets that are kept. Those that are full again are forgotten; clients for whom no place is left share one.
const MOST_BUCKETS: usize = 100_000;

/// How much one client may ask for. A request costs 1 and what its document costs: see [`super::guard::Weight`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Units a second; 0 is no limit. 1,000.
    pub per_second: u32,
    /// Units that may be spent at once. 60,000.
    pub burst: u32,
}

impl Default for Rate {
    fn default() -> Self {
        Self { per_second: 1_000, burst: 60_000 }
    }
}

/// The buckets.
#[derive(Debug)]
pub(super) struct Rates {
    rate: Rate,
    most: usize,
    hashes: RandomState,
    full_at: Mutex<HashMap<Key, Instant>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Key {
    /// By the hash of the subject: nothing of people is kept here.
    Actor(u64),
    Address(IpAddr),
    /// All for whom there is no place.
    Rest,
}

impl Rates {
    pub(super) fn new(rate: Rate) -> Self {
        Self { rate, most: MOST_BUCKETS, hashes: RandomState::new(), full_at: Mutex::default() }
    }

    /// Takes units from the bucket of whoever asks.
    ///
    /// # Errors
    /// There are not so many in it: [`Reason::RateLimited`], with the time after which there are.
    pub(super) fn charge(
        &self,
        client: Client,
        actor: Option<&Actor>,
        units: usize,
        now: Instant,
    ) -> Result<(), Refusal> {
        let key = match actor {
            Some(actor) => Key::Actor(self.hashes.hash_one(actor.subject())),
            None => Key::Address(client.address),
        };
        self.take(key, units, now).map_err(|wait| {
            let seconds = wait.as_secs().saturating_add(1);
            let message = format!("too much was asked for: try again in {seconds} s");
            Refusal::new(Reason::RateLimited, message).for_seconds(seconds)
        })
    }

    fn take(&self, key: Key, units: usize, now: Instant) -> Result<(), Duration> {
        if self.rate.per_second == 0 {
            return Ok(());
        }
        // What costs more than a bucket holds takes a full one, but for the unit that the request itself took.
        let most = self.rate.burst.saturating_sub(1).max(1);
        let units = u32::try_from(units).unwrap_or(u32::MAX).min(most);
        let time = |units: u32| Duration::from_secs(units.into()) / self.rate.per_second;
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        let key = if full_at.contains_key(&key) || has_room(&mut full_at, self.most, now) {
            key
        } else {
            Key::Rest
        };
        let before = full_at.get(&key).copied().unwrap_or(now).max(now);
        let after = before.checked_add(time(units)).unwrap_or(before);
        let over = after.saturating_duration_since(now).saturating_sub(time(self.rate.burst));
        if over > Duration::ZERO {
            return Err(over);
        }
        full_at.insert(key, after);
        Ok(())
    }
}

fn has_room(full_at: &mut HashMap<Key, Instant>, most: usize, now: Instant) -> bool {
    if full_at.len() >= most {
        full_at.retain(|_, at| *at > now);
    }
    full_at.len() < most
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rates(per_second: u32, burst: u32) -> Rates {
        Rates::new(Rate { per_second, burst })
    }

    fn key(last: u8) -> Key {
        Key::Address(IpAddr::from([192, 0, 2, last]))
    }

    #[test]
    fn a_burst_is_let_through_and_then_so_many_a_second() {
        let (rates, start) = (rates(10, 100), Instant::now());
        assert_eq!(rates.take(key(1), 60, start), Ok(()));
        assert_eq!(rates.take(key(1), 41, start), Err(Duration::from_millis(100)));
        // What was refused costs nothing.
        assert_eq!(rates.take(key(1), 40, start), Ok(()));
        assert_eq!(rates.take(key(1), 1, start), Err(Duration::from_millis(100)));
        assert_eq!(rates.take(key(2), 100, start), Ok(()));
        let later = start + Duration::from_secs(1);
        assert_eq!(rates.take(key(1), 10, later), Ok(()));
        assert!(rates.take(key(1), 1, later).is_err());
        // It fills to the brim and no further.
        let much_later = start + Duration::from_secs(1_000);
        assert_eq!(rates.take(key(1), 60, much_later), Ok(()));
        assert_eq!(rates.take(key(1), 40, much_later), Ok(()));
        assert!(rates.take(key(1), 1, much_later).is_err());
    }

    #[test]
    fn what_is_dearer_than_a_bucket_takes_a_full_one() {
        let (rates, start) = (rates(10, 100), Instant::now());
        assert_eq!(rates.take(key(1), 1_000_000, start), Ok(()));
        assert!(rates.take(key(1), 1_000_000, start + Duration::from_secs(9)).is_err());
        assert_eq!(rates.take(key(1), 1_000_000, start + Duration::from_secs(10)), Ok(()));
        assert_eq!(super::Rates::new(Rate { per_second: 0, burst: 1 }).take(key(1), 9, start), Ok(()));
    }

    #[test]
    fn the_number_of_buckets_is_bounded() {
        let (mut rates, start) = (rates(10, 100), Instant::now());
        rates.most = 3;
        for client in 0..200 {
            let _over = rates.take(key(client), 60, start);
        }
        assert!(rates.full_at.lock().unwrap().len() <= 4);
        // Those without a place share one; those with a place keep theirs.
        assert!(rates.take(key(199), 60, start).is_err());
        assert_eq!(rates.take(key(0), 40, start), Ok(()));
        // Full buckets are forgotten.
        assert_eq!(rates.take(key(199), 100, start + Duration::from_secs(11)), Ok(()));
    }

    proptest! {
        /// Against a plain bucket that is filled unit by unit.
        #[test]
        fn it_is_a_bucket(steps in prop::collection::vec((0_u64..40, 1_usize..30), 1..60)) {
            let (rates, start) = (rates(10, 50), Instant::now());
            // Tenths of a second pass; each brings one unit.
            let (mut now, mut level) = (0, 50);
            for (ticks, units) in steps {
                now += ticks;
                level = 50.min(level + usize::try_from(ticks).unwrap());
                let let_in = rates.take(key(1), units, start + Duration::from_millis(now * 100)).is_ok();
                prop_assert_eq!(let_in, units <= level);
                if let_in {
                    level -= units;
                }
            }
        }
    }
}
