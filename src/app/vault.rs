//! The keys for ID numbers: hashing a number so that it can be matched, sealing it so that it can be shown again.
//!
//! There is one key for hashing, which stays for as long as the database does, and numbered ones for sealing, of
//! which the newest seals. The store keeps what comes out of here and never sees a number or a key.

mod file;

pub use file::{KeyFile, KeyFileError};

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use chrono::NaiveDate;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::domain::id_number::IdNumber;
use crate::domain::registries::Registry;
use crate::store::{SealedNumber, Statement};

/// The bytes of a key; they are overwritten when they are no longer used.
type Secret = Zeroizing<[u8; 32]>;

/// How many bytes of randomness stand before a cipher text.
const NONCE: usize = 24;

/// Keys in use.
pub struct Vault {
    hash: Hmac<Sha256>,
    seals: BTreeMap<i64, XChaCha20Poly1305>,
}

/// Whose a sealed number is. A cipher text is bound to it: moved to another row, it opens no more.
#[derive(Clone, Copy)]
pub struct Owner<'a> {
    /// The registry.
    pub registry: Registry,
    /// The household's number in it.
    pub household_no: &'a str,
    /// The keyed hash of the number.
    pub person: &'a str,
}

/// Why a number cannot be sealed or opened. Nothing of it is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The system gives no random numbers.
    #[error("the system gives no random numbers")]
    NoRandom,
    /// The key that sealed it is not there.
    #[error("the number is sealed with key {0}, which the key file does not have")]
    NoKey(i64),
    /// The cipher text was changed, moved from another row, or sealed with another key of the same number.
    #[error("a sealed number does not open: it was changed, or the key file is not the one that sealed it")]
    DoesNotOpen,
}

impl Vault {
    fn new<'a>(hash: &Secret, seals: impl Iterator<Item = (i64, &'a Secret)>) -> Self {
        // A key for hashing may have any length, so this cannot fail; the zero key below is never reached.
        let hash = Hmac::new_from_slice(hash.as_slice());
        let hash = hash.unwrap_or_else(|_length| Hmac::new(&[0; 64].into()));
        let seals = seals.map(|(number, key)| (number, XChaCha20Poly1305::new((&**key).into()))).collect();
        Self { hash, seals }
    }

    /// Who has this number: the same 64 hexadecimal digits for the same number, in both registries, for ever.
    pub fn person(&self, number: &IdNumber) -> String {
        self.keyed("number", &[number.reveal()])
    }

    /// Stands for a person whose number is not known: the same for the same name and date of birth in the same
    /// household of the same registry, and equal to nothing else.
    pub fn person_without_number(
        &self,
        registry: Registry,
        household_no: &str,
        name: &str,
        birth: Option<NaiveDate>,
    ) -> String {
        let birth = birth.map(|day| day.to_string()).unwrap_or_default();
        self.keyed("no number", &[registry.code(), household_no, name, &birth])
    }

    /// By this it is seen that two numbers were hashed with the same key; it tells nothing of the key.
    pub fn check(&self) -> String {
        self.keyed("check", &[])
    }

    /// The number of the key that seals.
    pub fn newest(&self) -> i64 {
        // INVARIANT: a key file has at least one key.
        self.seals.last_key_value().map_or(0, |(number, _)| *number)
    }

    /// Seals a number for its owner with the newest key.
    ///
    /// # Errors
    /// The system gives no random numbers.
    pub fn seal(&self, owner: Owner<'_>, number: &IdNumber) -> Result<SealedNumber, VaultError> {
        let (key, cipher) = self.seals.last_key_value().ok_or(VaultError::NoKey(0))?;
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(|_error| VaultError::NoRandom)?;
        let payload = Payload { msg: number.reveal().as_bytes(), aad: &owner.bytes() };
        let sealed = cipher.encrypt(&XNonce::from(nonce), payload);
        let sealed = sealed.map_err(|_too_long| VaultError::DoesNotOpen)?;
        let text = STANDARD_NO_PAD.encode([nonce.as_slice(), &sealed].concat());
        Ok(SealedNumber { key: *key, text })
    }

    /// Opens a sealed number of its owner. What is shown of it to whom is decided by [`super::numbers`].
    ///
    /// # Errors
    /// [`VaultError`].
    pub(super) fn open(&self, owner: Owner<'_>, sealed: &SealedNumber) -> Result<IdNumber, VaultError> {
        let cipher = self.seals.get(&sealed.key).ok_or(VaultError::NoKey(sealed.key))?;
        let opened = || {
            let bytes = STANDARD_NO_PAD.decode(&sealed.text).ok()?;
            let (nonce, msg) = bytes.split_first_chunk::<NONCE>()?;
            let payload = Payload { msg, aad: &owner.bytes() };
            let number = Zeroizing::new(cipher.decrypt(&XNonce::from(*nonce), payload).ok()?);
            let number = IdNumber::parse(std::str::from_utf8(&number).ok()?).ok()?;
            (self.person(&number) == owner.person).then_some(number)
        };
        opened().ok_or(VaultError::DoesNotOpen)
    }

    /// A hash of parts, of which none can be read as another's end.
    fn keyed(&self, what: &str, parts: &[&str]) -> String {
        let mut mac = self.hash.clone();
        for part in [what].iter().chain(parts) {
            mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            mac.update(part.as_bytes());
        }
        hex::encode(mac.finalize().into_bytes())
    }
}

impl<'a> Owner<'a> {
    /// The owner of the number of a statement.
    pub fn of(registry: Registry, stated: &'a Statement) -> Self {
        Self { registry, household_no: &stated.household_no, person: &stated.person }
    }

    fn bytes(&self) -> Vec<u8> {
        [self.registry.code(), self.household_no, self.person].join("\0").into_bytes()
    }
}

impl fmt::Debug for Vault {
    /// Tells which keys there are, and nothing of them.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<i64> = self.seals.keys().copied().collect();
        formatter.debug_struct("Vault").field("keys", &keys).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault(hash: u8, seals: &[(i64, u8)]) -> Vault {
        let seals: Vec<(i64, Secret)> =
            seals.iter().map(|(number, byte)| (*number, Zeroizing::new([*byte; 32]))).collect();
        Vault::new(&Zeroizing::new([hash; 32]), seals.iter().map(|(number, key)| (*number, key)))
    }

    fn number() -> IdNumber {
        IdNumber::parse("11010519491231002X").unwrap()
    }

    /// The hashes stand in databases, so they must never change.
    #[test]
    fn the_keyed_hash_is_hmac_sha_256_over_parts_with_their_lengths() {
        let mut message = Vec::new();
        for part in ["number", "11010519491231002X"] {
            message.extend(u64::try_from(part.len()).unwrap().to_be_bytes());
            message.extend(part.as_bytes());
        }
        let mut mac = Hmac::<Sha256>::new_from_slice(&[7; 32]).unwrap();
        mac.update(&message);
        let vault = vault(7, &[(1, 1)]);
        assert_eq!(vault.person(&number()), hex::encode(mac.finalize().into_bytes()));
        assert_eq!(vault.person(&number()), vault.person(&IdNumber::parse("110105491231002").unwrap()));
    }

    #[test]
    fn hashes_differ_by_key_and_by_everything_that_they_are_of() {
        let (one, other) = (vault(1, &[(1, 1)]), vault(2, &[(1, 1)]));
        assert_ne!(one.person(&number()), other.person(&number()));
        assert_ne!(one.check(), other.check());
        let birth = NaiveDate::from_ymd_opt(2000, 1, 1);
        let all = [
            one.check(),
            one.person(&number()),
            one.person_without_number(Registry::Monitoring, "1", "甲", birth),
            one.person_without_number(Registry::SocialAssistance, "1", "甲", birth),
            one.person_without_number(Registry::Monitoring, "1甲", "", birth),
            one.person_without_number(Registry::Monitoring, "1", "甲", None),
        ];
        let distinct: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!(distinct.len(), all.len());
    }

    #[test]
    fn a_number_opens_for_its_owner_only() {
        let vault = vault(1, &[(1, 1), (2, 2)]);
        let person = vault.person(&number());
        let owner = Owner { registry: Registry::Monitoring, household_no: "7", person: &person };
        let sealed = vault.seal(owner, &number()).unwrap();
        assert_eq!(sealed.key, 2, "the newest key seals");
        assert_ne!(vault.seal(owner, &number()).unwrap().text, sealed.text, "never the same nonce");
        assert_eq!(vault.open(owner, &sealed), Ok(number()));
        let other = "0".repeat(64);
        for stranger in [
            Owner { registry: Registry::SocialAssistance, ..owner },
            Owner { household_no: "8", ..owner },
            Owner { person: &other, ..owner },
        ] {
            assert_eq!(vault.open(stranger, &sealed), Err(VaultError::DoesNotOpen));
        }
        for place in 0..sealed.text.len() {
            let mut text = sealed.text.clone().into_bytes();
            text[place] = if text[place] == b'A' { b'B' } else { b'A' };
            let changed = SealedNumber { key: 2, text: String::from_utf8(text).unwrap() };
            assert_eq!(vault.open(owner, &changed), Err(VaultError::DoesNotOpen), "{place}");
        }
        assert_eq!(
            vault.open(owner, &SealedNumber { key: 1, ..sealed.clone() }),
            Err(VaultError::DoesNotOpen)
        );
        assert_eq!(vault.open(owner, &SealedNumber { key: 3, ..sealed }), Err(VaultError::NoKey(3)));
    }

    #[test]
    fn nothing_of_a_key_is_shown() {
        assert_eq!(format!("{:?}", vault(171, &[(1, 205), (4, 205)])), "Vault { keys: [1, 4], .. }");
    }
}
