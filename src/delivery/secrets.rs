//! Randomness, generated passwords, and passwords sealed until they are delivered.

use std::io::Write as _;
use std::path::Path;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use secrecy::{ExposeSecret as _, SecretString};

/// Where random values come from: a parameter, so that tests can tell what happens.
pub trait Randomness: Send + Sync {
    /// Fills the buffer.
    fn fill(&self, buffer: &mut [u8]);

    /// A number from 0 up to but not including 1.
    fn fraction(&self) -> f64 {
        let mut bytes = [0; 4];
        self.fill(&mut bytes);
        f64::from(u32::from_le_bytes(bytes)) / (f64::from(u32::MAX) + 1.0)
    }

    /// A number from 0 up to but not including `bound`, without bias; 0 if the bound is 0.
    fn below(&self, bound: usize) -> usize {
        let Ok(bound) = u32::try_from(bound) else {
            return 0;
        };
        if bound == 0 {
            return 0;
        }
        // Values of the last, incomplete run of `bound` are drawn again.
        let limit = u32::MAX - u32::MAX % bound;
        loop {
            let mut bytes = [0; 4];
            self.fill(&mut bytes);
            let drawn = u32::from_le_bytes(bytes);
            if drawn < limit {
                return (drawn % bound) as usize;
            }
        }
    }
}

/// The operating system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandomness;

impl Randomness for SystemRandomness {
    fn fill(&self, buffer: &mut [u8]) {
        rand::fill(buffer);
    }
}

/// Makes a password of `length` characters in which every class of characters (lower case, upper
/// case, digits, others) that the alphabet has occurs at least once, as password policies ask.
pub(super) fn generate_password(
    random: &dyn Randomness,
    length: usize,
    alphabet: &str,
) -> SecretString {
    let characters: Vec<char> = alphabet.chars().collect();
    let mut drawn: Vec<char> = Vec::with_capacity(length);
    for class in [
        char::is_ascii_lowercase as fn(&char) -> bool,
        char::is_ascii_uppercase,
        char::is_ascii_digit,
        |character: &char| !character.is_ascii_alphanumeric(),
    ] {
        let members: Vec<char> = characters.iter().copied().filter(class).collect();
        if let Some(character) = members.get(random.below(members.len())) {
            drawn.push(*character);
        }
    }
    while drawn.len() < length {
        let Some(character) = characters.get(random.below(characters.len())) else {
            break;
        };
        drawn.push(*character);
    }
    for index in (1..drawn.len()).rev() {
        drawn.swap(index, random.below(index + 1));
    }
    SecretString::from(drawn.into_iter().take(length).collect::<String>())
}

/// Why a password could not be sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The key file cannot be read or written.
    #[error("the sealing key {path} cannot be used: {message}")]
    KeyFile {
        /// The file.
        path: String,
        /// Why.
        message: String,
    },
    /// The sealed bytes were not made by this key for this resource.
    #[error(
        "a sealed password cannot be opened: the sealing key is not the one it was sealed with"
    )]
    Unopenable,
    /// The cipher refused; never expected.
    #[error("a password cannot be sealed")]
    Cipher,
}

/// Seals passwords with AES-256-GCM; the resource's id is authenticated with them.
pub struct Sealer {
    key: RandomizedNonceKey,
}

impl Sealer {
    /// A sealer with this key of 32 bytes.
    ///
    /// # Errors
    /// [`SealError::Cipher`] if the key has another length.
    pub fn new(key: &[u8]) -> Result<Self, SealError> {
        RandomizedNonceKey::new(&AES_256_GCM, key)
            .map(|key| Self { key })
            .map_err(|_| SealError::Cipher)
    }

    /// Reads the key file, or makes one that only its owner can read.
    ///
    /// # Errors
    /// [`SealError::KeyFile`] names the file and the reason.
    pub fn from_file(path: &Path, random: &dyn Randomness) -> Result<Self, SealError> {
        let failed = |message: String| SealError::KeyFile {
            path: path.display().to_string(),
            message,
        };
        match std::fs::read(path) {
            Ok(key) if key.len() == 32 => Self::new(&key),
            Ok(key) => Err(failed(format!("it holds {} bytes, not 32", key.len()))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let mut key = [0; 32];
                random.fill(&mut key);
                write_private(path, &key).map_err(|error| failed(error.to_string()))?;
                Self::new(&key)
            }
            Err(error) => Err(failed(error.to_string())),
        }
    }

    /// Seals a password for a resource.
    ///
    /// # Errors
    /// [`SealError::Cipher`], which is not expected to happen.
    pub fn seal(&self, resource_id: &str, password: &SecretString) -> Result<Vec<u8>, SealError> {
        let mut sealed = password.expose_secret().as_bytes().to_vec();
        let nonce = self
            .key
            .seal_in_place_append_tag(Aad::from(resource_id.as_bytes()), &mut sealed)
            .map_err(|_| SealError::Cipher)?;
        let mut whole = nonce.as_ref().to_vec();
        whole.append(&mut sealed);
        Ok(whole)
    }

    /// Opens what [`Sealer::seal`] made for the same resource.
    ///
    /// # Errors
    /// [`SealError::Unopenable`] if key, resource or bytes do not match.
    pub fn open(&self, resource_id: &str, sealed: &[u8]) -> Result<SecretString, SealError> {
        let (nonce, rest) = sealed
            .split_at_checked(NONCE_LEN)
            .ok_or(SealError::Unopenable)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| SealError::Unopenable)?;
        let mut bytes = rest.to_vec();
        let plain = self
            .key
            .open_in_place(nonce, Aad::from(resource_id.as_bytes()), &mut bytes)
            .map_err(|_| SealError::Unopenable)?;
        let text = std::str::from_utf8(plain).map_err(|_| SealError::Unopenable)?;
        Ok(SecretString::from(text))
    }
}

fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::{Randomness, Sealer, SystemRandomness, generate_password};
    use secrecy::{ExposeSecret as _, SecretString};

    #[test]
    fn a_generated_password_has_every_class_of_its_alphabet() {
        for _ in 0..200 {
            let password = generate_password(&SystemRandomness, 8, "abcXYZ123-_");
            let text = password.expose_secret();
            assert_eq!(text.chars().count(), 8);
            assert!(text.chars().any(|c| c.is_ascii_lowercase()), "{text}");
            assert!(text.chars().any(|c| c.is_ascii_uppercase()), "{text}");
            assert!(text.chars().any(|c| c.is_ascii_digit()), "{text}");
            assert!(text.chars().any(|c| c == '-' || c == '_'), "{text}");
        }
    }

    #[test]
    fn a_sealed_password_opens_for_its_resource_and_key_only() {
        let sealer = Sealer::new(&[7; 32]).unwrap();
        let sealed = sealer
            .seal("user-1", &SecretString::from("grün & 1"))
            .unwrap();
        assert!(!sealed.windows(4).any(|window| window == b"& 1"));
        assert_eq!(
            sealer.open("user-1", &sealed).unwrap().expose_secret(),
            "grün & 1"
        );
        assert!(sealer.open("user-2", &sealed).is_err());
        assert!(
            Sealer::new(&[8; 32])
                .unwrap()
                .open("user-1", &sealed)
                .is_err()
        );
        assert!(sealer.open("user-1", &sealed[..5]).is_err());
    }

    #[test]
    fn the_key_file_is_made_once_and_is_private() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("seal.key");
        let first = Sealer::from_file(&path, &SystemRandomness).unwrap();
        let sealed = first.seal("u", &SecretString::from("p")).unwrap();
        let second = Sealer::from_file(&path, &SystemRandomness).unwrap();
        assert_eq!(second.open("u", &sealed).unwrap().expose_secret(), "p");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn below_stays_below() {
        for bound in 1..50 {
            for _ in 0..50 {
                assert!(SystemRandomness.below(bound) < bound);
            }
        }
        assert_eq!(SystemRandomness.below(0), 0);
    }
}
