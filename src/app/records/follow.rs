//! Following the changes of households as they are recorded, by this process or another one.
//!
//! One poll of the database a second serves everybody who follows: whoever waits polls, unless somebody else just did.
//! What is found is handed on through a bounded channel. Who reads too slowly is told that something was missed, and
//! nobody waits for them.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use futures_util::Stream;
use futures_util::stream::unfold;
use tokio::sync::Mutex;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::broadcast::{Receiver, Sender, channel};
use tokio::time::{Instant, sleep};

use super::Records;
use crate::app::access::{Pass, Reach, Scope};
use crate::app::audit::Outcome;
use crate::documents::household::is_key;
use crate::domain::region::Region;
use crate::store::{ChainEvent, EventKind, EventQuery, Store, StoreError};

/// How often the database is asked.
const POLL: Duration = Duration::from_secs(1);
/// How many changes wait for a slow reader.
const MOST_WAITING: usize = 1024;
/// How many are read at a time: few enough that a reader who keeps up misses none.
const PAGE: u32 = 256;

/// Which changes to follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Followed {
    /// Only of this household.
    pub household: Option<String>,
    /// Only of households in this region.
    pub region: Option<Region>,
    /// First those that are recorded after this position; `None` begins now.
    pub after: Option<i64>,
}

/// What somebody who follows is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A change.
    Event(Arc<ChainEvent>),
    /// Changes were missed, because they were read too slowly.
    Missed,
}

/// Where changes come from.
pub(super) struct Hub {
    store: Arc<Store>,
    sender: Sender<Arc<ChainEvent>>,
    polled: Mutex<Polled>,
}

/// How far the database was read.
struct Polled {
    position: i64,
    at: Option<Instant>,
}

impl Hub {
    pub(super) fn new(store: Arc<Store>) -> Self {
        let (sender, _) = channel(MOST_WAITING);
        Self { store, sender, polled: Mutex::new(Polled { position: 0, at: None }) }
    }

    /// Begins to follow; answers the position after which changes come.
    async fn follow(&self) -> Result<(Receiver<Arc<ChainEvent>>, i64), StoreError> {
        let mut polled = self.polled.lock().await;
        if self.sender.receiver_count() == 0 {
            // Nobody followed, so nobody has asked for what happened meanwhile.
            polled.position = self.store.last_event().await?;
        }
        Ok((self.sender.subscribe(), polled.position))
    }

    /// Asks the database, unless somebody is asking or just did; answers whether there is more at once.
    async fn poll(&self) -> bool {
        let Ok(mut polled) = self.polled.try_lock() else { return false };
        if polled.at.is_some_and(|at| at.elapsed() < POLL / 2) {
            return false;
        }
        match self.store.events_after(EventKind::Change, polled.position, PAGE).await {
            Ok(events) => {
                let more = u32::try_from(events.len()).is_ok_and(|count| count >= PAGE);
                polled.at = (!more).then(Instant::now);
                for event in events {
                    polled.position = event.position;
                    // Nobody may be left who follows.
                    let _followers = self.sender.send(Arc::new(event));
                }
                more
            }
            Err(error) => {
                polled.at = Some(Instant::now());
                tracing::error!(%error, "changes of households cannot be followed");
                false
            }
        }
    }
}

/// Somebody who follows.
struct Follower {
    hub: Arc<Hub>,
    receiver: Receiver<Arc<ChainEvent>>,
    scope: Scope,
    followed: Followed,
    /// Up to where changes were handed out.
    position: i64,
    /// Changes of before that are still to be handed out.
    backlog: VecDeque<ChainEvent>,
    /// Whether the database has more of before.
    behind: bool,
    /// Whether the last poll left something unread.
    more: bool,
}

impl Follower {
    async fn next(&mut self) -> Option<Notice> {
        loop {
            if let Some(event) = self.backlog.pop_front() {
                self.position = event.position;
                return Some(Notice::Event(Arc::new(event)));
            }
            if self.behind {
                self.catch_up().await;
                continue;
            }
            let received = tokio::select! {
                received = self.receiver.recv() => received,
                // What was read is handed out before more is read, so that nobody is swamped by one poll.
                () = sleep(if self.more { Duration::ZERO } else { POLL }) => {
                    self.more = self.hub.poll().await;
                    continue;
                }
            };
            match received {
                Ok(event) if self.fits(&event) => {
                    self.position = event.position;
                    return Some(Notice::Event(event));
                }
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => return Some(Notice::Missed),
                Err(RecvError::Closed) => return None,
            }
        }
    }

    /// Reads on in what was recorded before.
    async fn catch_up(&mut self) {
        let within = match self.scope.within(self.followed.region.as_ref()) {
            Reach::Nowhere => {
                self.behind = false;
                return;
            }
            Reach::Within(region) => Some(region),
            Reach::Everywhere => None,
        };
        let query = EventQuery {
            kind: EventKind::Change,
            household: self.followed.household.clone(),
            within,
            after: self.position,
            first: PAGE,
        };
        match self.hub.store.events(query).await {
            Ok(page) => {
                self.behind = page.more;
                self.backlog.extend(page.items);
            }
            Err(error) => {
                tracing::error!(%error, "changes of households cannot be read");
                sleep(POLL).await;
            }
        }
    }

    fn fits(&self, event: &ChainEvent) -> bool {
        let town = event.event.town.as_ref();
        let inside = |region: &Region| town.is_some_and(|town| region.contains(town));
        event.position > self.position
            && self.followed.household.as_ref().is_none_or(|household| *household == event.household)
            && self.followed.region.as_ref().is_none_or(inside)
            && self.scope.covers_town(town)
    }
}

impl Records {
    /// The changes of the households that the caller may see, as they are recorded; the beginning is recorded in the
    /// audit log.
    ///
    /// # Errors
    /// The database; without a record nothing is shown.
    pub async fn follow(
        &self,
        pass: &Pass,
        followed: Followed,
    ) -> Result<impl Stream<Item = Notice> + use<>, StoreError> {
        let (receiver, now) = self.hub.follow().await?;
        let household = followed.household.clone().filter(|key| is_key(key));
        let object = household.or(followed.region.as_ref().map(ToString::to_string));
        self.record(&pass.caller, (pass.what, object.as_deref(), Outcome::Shown)).await?;
        let begin = Follower {
            hub: Arc::clone(&self.hub),
            receiver,
            scope: pass.scope.clone(),
            position: followed.after.unwrap_or(now),
            behind: followed.after.is_some(),
            backlog: VecDeque::new(),
            more: false,
            followed,
        };
        Ok(unfold(begin, async |mut follower| {
            let notice = follower.next().await?;
            Some((notice, follower))
        }))
    }
}
