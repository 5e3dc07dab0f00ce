//! The one place that reads the clock. Everything below takes time as a parameter.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, TimeDelta, Utc};

/// A source of the current time.
pub trait Clock: Send + Sync {
    /// The current instant.
    fn now(&self) -> DateTime<Utc>;

    /// Today in China (UTC+8), where the policies apply.
    fn today(&self) -> NaiveDate {
        let now = self.now();
        FixedOffset::east_opt(8 * 3600)
            .map_or_else(|| now.date_naive(), |zone| now.with_timezone(&zone).date_naive())
    }
}

/// The instant at which a day begins in China.
pub fn begins(day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN).and_utc();
    midnight.checked_sub_signed(TimeDelta::hours(8)).unwrap_or(midnight)
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// A clock that stopped: for work that all happens at one instant.
#[derive(Clone, Copy, Debug)]
pub struct Stopped(pub DateTime<Utc>);

impl Clock for Stopped {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct At(&'static str);

    impl Clock for At {
        fn now(&self) -> DateTime<Utc> {
            self.0.parse().unwrap()
        }
    }

    #[test]
    fn the_day_turns_at_midnight_in_china() {
        assert_eq!(At("2024-05-31T15:59:59Z").today().to_string(), "2024-05-31");
        assert_eq!(At("2024-05-31T16:00:00Z").today().to_string(), "2024-06-01");
        assert_eq!(begins("2024-06-01".parse().unwrap()), At("2024-05-31T16:00:00Z").now());
    }
}
