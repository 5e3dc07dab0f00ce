//! How many sockets there are, in all and of one client.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

use crate::http::limits::SocketLimits;

/// The places for sockets; clones share them.
#[derive(Clone, Debug)]
pub(in crate::http) struct Places {
    most: usize,
    most_per_address: usize,
    taken: Arc<Mutex<Taken>>,
}

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// A place, given back when it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    places: Places,
    address: IpAddr,
}

/// There is no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Full {
    /// For anybody.
    All,
    /// For this client.
    Address,
}

impl Places {
    pub(in crate::http) fn new(limits: &SocketLimits) -> Self {
        let taken = Arc::default();
        Self { most: limits.sockets, most_per_address: limits.per_address, taken }
    }

    /// How many are taken.
    pub(in crate::http) fn taken(&self) -> usize {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).all
    }

    /// Takes a place.
    ///
    /// # Errors
    /// [`Full`].
    pub(super) fn take(&self, address: IpAddr) -> Result<Place, Full> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.all >= self.most {
            return Err(Full::All);
        }
        let own = taken.by_address.get(&address).copied().unwrap_or_default();
        if own >= self.most_per_address {
            return Err(Full::Address);
        }
        taken.by_address.insert(address, own.saturating_add(1));
        taken.all = taken.all.saturating_add(1);
        Ok(Place { places: self.clone(), address })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.all = taken.all.saturating_sub(1);
        let left = taken.by_address.get(&self.address).copied().unwrap_or_default().saturating_sub(1);
        if left == 0 {
            taken.by_address.remove(&self.address);
        } else {
            taken.by_address.insert(self.address, left);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_all_and_by_address_and_given_back() {
        let limits = SocketLimits { sockets: 3, per_address: 2, ..SocketLimits::default() };
        let places = Places::new(&limits);
        let take = |last: u8| places.take(IpAddr::from([192, 0, 2, last]));
        let first = take(1).unwrap();
        let _second = take(1).unwrap();
        assert_eq!(take(1).unwrap_err(), Full::Address);
        let third = take(2).unwrap();
        assert_eq!(take(3).unwrap_err(), Full::All);
        drop(third);
        let _third = take(3).unwrap();
        drop(first);
        let _fourth = take(1).unwrap();
        assert_eq!(places.taken.lock().unwrap().by_address.len(), 2);
    }
}
