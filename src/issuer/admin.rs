//! What changes the directory: the first key, another key, another user. Each is one write, under the lock;
//! a server that runs on the directory notices.

use super::error::{Error, shown};
use super::keys::{self, Keyring};
use super::live::read;
use super::making::generate;
use super::settings::Settings;
use super::store::Directory;
use super::users::{self, User, Users};
use crate::jose::{Algorithm, MIN_RSA_BITS};
use std::path::Path;

/// A key that was added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotated {
    /// Its `kid`.
    pub kid: String,
    /// When it begins to sign, in seconds since 1970.
    pub signs_from: i64,
}

/// What to do with a user whose name is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// Leave him as he is, and refuse.
    Keep,
    /// Put the new one in his place.
    Replace,
}

/// Adds a key to an issuer's directory at a time, in seconds since 1970: published from now on, signing after
/// the cache time. `bits` of an RSA modulus: as many as the key before, if not given.
///
/// # Errors
///
/// When there is no issuer in the directory, a file in it is broken or others could use it, or too many keys
/// are published.
pub fn rotate(directory: &Path, now: i64, bits: Option<u64>) -> Result<Rotated, Error> {
    let directory = existing(directory)?;
    rotate_if(&directory, now, bits, |_| true)?
        .ok_or_else(|| Error::Key("no key is due".to_owned()))
}

/// Adds a key if one is due, seen under the lock.
pub(super) fn rotate_if(
    directory: &Directory,
    now: i64,
    bits: Option<u64>,
    is_due: impl Fn(&Keyring) -> bool,
) -> Result<Option<Rotated>, Error> {
    let before = ring(directory)?;
    if !is_due(&before) {
        return Ok(None);
    }
    let bits = bits.or(before.bits()).unwrap_or(MIN_RSA_BITS);
    // making a key takes its time: others may go on meanwhile
    let jwk = generate(before.algorithm(), bits)?;
    let kid = jwk.kid().unwrap_or_default().to_owned();
    let turn = directory.lock()?;
    let mut ring = ring(directory)?;
    if !is_due(&ring) {
        return Ok(None);
    }
    let signs_from = ring.rotate(jwk, now)?;
    directory.write(&turn, keys::FILE, ring.to_text().as_bytes())?;
    tracing::info!(kid, signs_from, "a new key is published");
    Ok(Some(Rotated { kid, signs_from }))
}

fn ring(directory: &Directory) -> Result<Keyring, Error> {
    let known = read(directory, keys::FILE, Keyring::parse)?.map(|(ring, _)| ring);
    known.ok_or_else(|| {
        let file = shown(&directory.file(keys::FILE));
        Error::Key(format!("{file} is not there: an issuer that starts makes it"))
    })
}

/// The keys of an issuer that starts: those of its directory, or a first one; its times made known.
pub(super) fn start(directory: &Directory, settings: &Settings) -> Result<Keyring, Error> {
    let times = [settings.cache, settings.token_lifetime];
    let turn = directory.lock()?;
    let now = settings.clock.now();
    let known = read(directory, keys::FILE, Keyring::parse)?.map(|(ring, _)| ring);
    let (ring, changed) = if let Some(mut ring) = known {
        check_algorithm(directory, &ring, settings.algorithm)?;
        let changed = ring.adopt(times, now);
        (ring, changed)
    } else {
        let algorithm = settings.algorithm.unwrap_or(Algorithm::Rs256);
        let first = generate(algorithm, settings.bits.unwrap_or(MIN_RSA_BITS))?;
        (Keyring::new(algorithm, first, now, times), true)
    };
    if changed {
        directory.write(&turn, keys::FILE, ring.to_text().as_bytes())?;
    }
    Ok(ring)
}

fn check_algorithm(
    directory: &Directory,
    ring: &Keyring,
    asked: Option<Algorithm>,
) -> Result<(), Error> {
    let known = ring.algorithm();
    match asked {
        Some(asked) if asked != known => Err(Error::Setting(format!(
            "{} has keys for {known}, not for {asked}: take another directory",
            shown(&directory.file(keys::FILE))
        ))),
        _ => Ok(()),
    }
}

/// Adds a user to an issuer's directory, which is made if it is not there.
///
/// # Errors
///
/// When his name is there already and is to be kept, a file is broken or others could use it, or there are
/// too many users.
pub fn add_user(directory: &Path, user: User, existing: Existing) -> Result<(), Error> {
    let directory = Directory::open(directory)?;
    let turn = directory.lock()?;
    let known = read(&directory, users::FILE, Users::parse)?;
    let mut users = known.map_or_else(Users::default, |(users, _)| users);
    if users.contains(user.name()) && existing == Existing::Keep {
        return Err(Error::User("there is a user of this name already".to_owned()));
    }
    drop(users.insert(user));
    if users.len() > users::MAX_USERS {
        return Err(Error::User(format!("there are {} users already", users::MAX_USERS)));
    }
    directory.write(&turn, users::FILE, users.to_text().as_bytes())
}

/// A directory that must be there already.
fn existing(path: &Path) -> Result<Directory, Error> {
    std::fs::metadata(path).map_err(Error::io("look at", path))?;
    Directory::open(path)
}
