//! Stored ID numbers: shown only through the one door that leaves an audit entry, and sealed anew.

use std::sync::Arc;

use super::access::{Denied, Pass};
use super::audit::{self, Outcome};
use super::clock::Clock;
use super::vault::{Owner, Vault, VaultError};
use crate::documents::household::is_key;
use crate::domain::id_number::IdNumber;
use crate::store::{ListedPerson, Resealing, Store, StoreError};

/// The ID numbers of a store.
pub struct Numbers {
    store: Arc<Store>,
    vault: Arc<Vault>,
    clock: Arc<dyn Clock>,
}

/// Why a number is not handed out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// It was not said what for.
    #[error("say what the number is needed for")]
    NoPurpose,
    /// Nobody knows who asks.
    #[error("a number is shown to somebody known only")]
    Nobody,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The keys.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl Numbers {
    /// The numbers of a store, under its keys.
    pub fn new(store: Arc<Store>, vault: Arc<Vault>, clock: Arc<dyn Clock>) -> Self {
        Self { store, vault, clock }
    }

    /// The whole number of a member of a stored household, for a caller whom a rule admits to it, who says what for,
    /// and in whose scope the row lies that states it. `None` if there is none that the caller may see. The audit
    /// entry is written before.
    ///
    /// # Errors
    /// [`NumberError`]; without a record nothing is shown.
    pub async fn reveal(
        &self,
        pass: &Pass,
        household: &str,
        member: &str,
    ) -> Result<Option<IdNumber>, NumberError> {
        // What is no key may be something that must not be recorded.
        let object = (is_key(household) && is_key(member)).then(|| format!("{household}/{member}"));
        if pass.caller.purpose.is_none() {
            self.record(pass, object.as_deref(), Outcome::Refused(Denied::NoPurpose)).await?;
            return Err(NumberError::NoPurpose);
        }
        let mut stated = match &object {
            None => Vec::new(),
            Some(_) => self.store.listed_of_member(household, member).await?,
        };
        stated.retain(|listed| listed.statement.number.is_some());
        let known = !stated.is_empty();
        stated.retain(|listed| pass.scope.covers_town(Some(&listed.statement.region)));
        let outcome = match (stated.is_empty(), known) {
            (false, _) => Outcome::Shown,
            (true, true) => Outcome::OutOfScope,
            (true, false) => Outcome::NotFound,
        };
        self.record(pass, object.as_deref(), outcome).await?;
        Ok(stated.first().map(|listed| opened(&self.vault, listed)).transpose()?.flatten())
    }

    async fn record(&self, pass: &Pass, object: Option<&str>, outcome: Outcome) -> Result<(), NumberError> {
        let entry = audit::record(&self.store, &pass.caller, (pass.what, object, outcome), self.clock.now());
        entry.ok_or(NumberError::Nobody)?.await?;
        Ok(())
    }
}

/// How many numbers are sealed anew in one transaction: others wait for it no longer than a moment.
const PART: u32 = 1_000;

/// Seals every stored number with the newest key that it is not sealed with; answers how many. Cut off, it goes on
/// where it was when it is started again.
///
/// # Errors
/// The database, or a number that does not open.
pub fn reseal(store: &Store, vault: &Arc<Vault>) -> Result<u64, NumberError> {
    let (mut count, mut after) = (0, None);
    loop {
        let failed = Arc::new(std::sync::Mutex::new(None));
        let with = {
            let (vault, failed) = (Arc::clone(vault), Arc::clone(&failed));
            move |listed: &ListedPerson| match sealed_anew(&vault, listed) {
                Ok(sealed) => Some(sealed),
                Err(error) => {
                    if let Ok(mut failed) = failed.lock() {
                        *failed = Some(error);
                    }
                    None
                }
            }
        };
        let part = Resealing { key: vault.newest(), after, most: PART };
        let Some(done) = store.reseal(part, with).wait()? else {
            let error = failed.lock().ok().and_then(|mut failed| failed.take());
            return Err(error.unwrap_or(VaultError::DoesNotOpen).into());
        };
        count += done.count;
        let Some(last) = done.last else { return Ok(count) };
        after = Some(last);
    }
}

fn sealed_anew(vault: &Vault, listed: &ListedPerson) -> Result<crate::store::SealedNumber, VaultError> {
    let number = opened(vault, listed)?.ok_or(VaultError::DoesNotOpen)?;
    vault.seal(Owner::of(listed.registry, &listed.statement), &number)
}

fn opened(vault: &Vault, listed: &ListedPerson) -> Result<Option<IdNumber>, VaultError> {
    let stated = &listed.statement;
    let sealed = stated.number.as_ref();
    sealed.map(|sealed| vault.open(Owner::of(listed.registry, stated), sealed)).transpose()
}
