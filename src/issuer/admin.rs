//! What changes the directory: the first key, another key, another user. Each is one write, under the lock;
//! a server that runs on the directory notices.

use super::error::{Error, shown};
use super::keys::{self, Keyring};
use super::live::read;
use super::making::generate;
use super::settings::{Clock, Settings};
use super::store::{Directory, Lock};
use super::users::{self, User, Users};
use crate::jose::{Algorithm, Jwk, MIN_RSA_BITS};
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

/// Adds a key to an issuer's directory: published now, signing after the cache time. `bits` of an RSA modulus: as
/// many as the key before, if not given.
///
/// # Errors
///
/// When there is no issuer in the directory, a file in it is broken or others could use it, or too many keys
/// are published.
pub fn rotate(directory: &Path, clock: &Clock, bits: Option<u64>) -> Result<Rotated, Error> {
    let rotated = rotate_if(&existing(directory)?, clock, bits, |_, _| true)?;
    rotated.ok_or_else(|| Error::Key("no key is due".to_owned()))
}

/// Adds a key if one is due, seen under the lock.
pub(super) fn rotate_if(
    directory: &Directory,
    clock: &Clock,
    bits: Option<u64>,
    is_due: impl Fn(&Keyring, i64) -> bool,
) -> Result<Option<Rotated>, Error> {
    let before = ring(directory)?;
    if !is_due(&before, clock.now()) {
        return Ok(None);
    }
    let bits = bits.or(before.bits()).unwrap_or(MIN_RSA_BITS);
    // making a key takes its time: others may go on meanwhile
    let jwk = generate(before.algorithm(), bits)?;
    let turn = directory.lock()?;
    let ring = ring(directory)?;
    if !is_due(&ring, clock.now()) {
        return Ok(None);
    }
    publish(directory, &turn, clock, &ring, &jwk).map(Some)
}

/// Writes a schedule that holds from the moment of its writing. A set without the key was handed out until
/// then: where the disk took longer than the schedule has it, a later one is written.
fn publish(
    directory: &Directory,
    turn: &Lock,
    clock: &Clock,
    before: &Keyring,
    jwk: &Jwk,
) -> Result<Rotated, Error> {
    let kid = jwk.kid().unwrap_or_default().to_owned();
    let mut allowance = 0;
    loop {
        let (mut ring, begun) = (before.clone(), clock.now());
        let published = begun.saturating_add(allowance);
        let signs_from = ring.rotate(jwk.clone(), published)?;
        directory.write(turn, keys::FILE, ring.to_text().as_bytes())?;
        let written = clock.now();
        if written <= published {
            tracing::info!(kid, signs_from, "a new key is published");
            return Ok(Rotated { kid, signs_from });
        }
        allowance = 2 * (written - begun);
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicI64, Ordering};

    /// Making a key and writing it take seconds here: each look at the clock is some later.
    #[test]
    fn a_key_signs_no_sooner_than_every_set_without_it_is_too_old() {
        for slow in [0, 1, 3, 10] {
            let path =
                std::env::temp_dir().join(format!("jotlab-slow-{}-{slow}", std::process::id()));
            let _absent = std::fs::remove_dir_all(&path);
            let time = std::sync::Arc::new(AtomicI64::new(1000));
            let hand = time.clone();
            let clock = Clock::new(move || hand.fetch_add(slow, Ordering::SeqCst));
            let settings =
                Settings { algorithm: Some(Algorithm::Hs256), ..Settings::new(clock.clone()) };
            start(&Directory::open(&path).unwrap(), &settings).unwrap();
            let rotated = rotate(&path, &clock, None).unwrap();
            let published = time.load(Ordering::SeqCst) - slow;
            let cache = i64::from(settings.cache);
            assert!(rotated.signs_from > published + cache, "{slow}: {rotated:?}, {published}");
            assert!(rotated.signs_from <= published + cache + 1 + 4 * slow, "{slow}: {rotated:?}");
            std::fs::remove_dir_all(path).unwrap();
        }
    }
}
