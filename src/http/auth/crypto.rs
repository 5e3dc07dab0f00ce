//! The two signature algorithms that are served, for the library that reads tokens.
//!
//! The library can bring its own; that bundle holds RSA with an open advisory, and an Ed25519 key that is too short
//! ends the thread. Here a key is checked when it is read, and no other algorithm exists.

use std::sync::Once;

use ed25519_dalek::Signer as _;
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::signature::{Error as SignatureError, Signer, Verifier};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, EncodingKey};
use p256::ecdsa::signature::Verifier as _;

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: signer,
    verifier_factory: verifier,
    key_utils: KeyUtils::new_unimplemented(),
};

/// Makes the two algorithms known to the library; once for the whole program.
pub(super) fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Only this module installs one, and only once.
        let _installed = PROVIDER.install_default();
    });
}

struct Ed25519Verifier(ed25519_dalek::VerifyingKey);

impl Verifier<Vec<u8>> for Ed25519Verifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), SignatureError> {
        let signature = ed25519_dalek::Signature::from_slice(signature);
        let signature = signature.map_err(|_error| SignatureError::new())?;
        self.0.verify_strict(message, &signature).map_err(|_error| SignatureError::new())
    }
}

impl JwtVerifier for Ed25519Verifier {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

struct P256Verifier(p256::ecdsa::VerifyingKey);

impl Verifier<Vec<u8>> for P256Verifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), SignatureError> {
        let signature = p256::ecdsa::Signature::from_slice(signature);
        let signature = signature.map_err(|_error| SignatureError::new())?;
        self.0.verify(message, &signature).map_err(|_error| SignatureError::new())
    }
}

impl JwtVerifier for P256Verifier {
    fn algorithm(&self) -> Algorithm {
        Algorithm::ES256
    }
}

/// Signs development tokens; there is no need for a second algorithm there.
struct Ed25519Signer(ed25519_dalek::SigningKey);

impl Signer<Vec<u8>> for Ed25519Signer {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, SignatureError> {
        Ok(self.0.sign(message).to_bytes().to_vec())
    }
}

impl JwtSigner for Ed25519Signer {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

/// A public key from its 32 bytes; weak ones, under which anybody can sign, are none.
pub(super) fn ed25519(bytes: &[u8]) -> Option<ed25519_dalek::VerifyingKey> {
    let key = ed25519_dalek::VerifyingKey::from_bytes(bytes.try_into().ok()?).ok()?;
    (!key.is_weak()).then_some(key)
}

/// A public key from its point, uncompressed.
pub(super) fn p256(bytes: &[u8]) -> Option<p256::ecdsa::VerifyingKey> {
    p256::ecdsa::VerifyingKey::from_sec1_bytes(bytes).ok()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the library calls it so")]
fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>, Error> {
    let bytes = key.try_get_as_bytes()?;
    match (algorithm, key.family()) {
        (Algorithm::EdDSA, AlgorithmFamily::Ed) => {
            let key = ed25519(bytes).ok_or(ErrorKind::InvalidEddsaKey)?;
            Ok(Box::new(Ed25519Verifier(key)))
        }
        (Algorithm::ES256, AlgorithmFamily::Ec) => {
            let key = p256(bytes).ok_or(ErrorKind::InvalidEcdsaKey)?;
            Ok(Box::new(P256Verifier(key)))
        }
        _ => Err(ErrorKind::InvalidAlgorithm.into()),
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the library calls it so")]
fn signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>, Error> {
    match algorithm {
        Algorithm::EdDSA => {
            let seed = key.as_bytes().try_into().map_err(|_length| ErrorKind::InvalidEddsaKey)?;
            Ok(Box::new(Ed25519Signer(ed25519_dalek::SigningKey::from_bytes(seed))))
        }
        _ => Err(ErrorKind::InvalidAlgorithm.into()),
    }
}
