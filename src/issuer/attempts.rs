//! How many attempts are heard: so many of an address and so many for a name in a period, in bounded memory.

use super::settings::Limits;
use crate::sha2::Algorithm;
use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};

/// The most addresses, and the most names, that are remembered. Beyond it the oldest is forgotten.
const MAX_ENTRIES: usize = 4096;

/// The attempts of the current periods.
#[derive(Debug)]
pub(super) struct Attempts {
    limits: Limits,
    addresses: Table<IpAddr>,
    // a digest: names of strangers can be long
    names: Table<[u8; 32]>,
}

impl Attempts {
    pub(super) fn new(limits: Limits) -> Attempts {
        Attempts { limits, addresses: Table::default(), names: Table::default() }
    }

    /// Counts an attempt of an address; `Err` with the seconds to wait where there were too many.
    pub(super) fn of_address(&mut self, address: IpAddr, now: i64) -> Result<(), i64> {
        let Limits { per_address, period, .. } = self.limits;
        self.addresses.take(network(address), per_address, period, now)
    }

    /// Counts an attempt for a name, before it is known how it ends.
    pub(super) fn for_name(&mut self, name: &str, now: i64) -> Result<(), i64> {
        let Limits { per_name, period, .. } = self.limits;
        self.names.take(key(name), per_name, period, now)
    }

    /// The attempt for a name was its owner's: it is not counted.
    pub(super) fn was_good(&mut self, name: &str) {
        if let Some(window) = self.names.windows.get_mut(&key(name)) {
            window.count = window.count.saturating_sub(1);
        }
    }
}

/// Who has one address of IPv6 has 2⁶⁴ of them: the network counts.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        v4 @ IpAddr::V4(_) => v4,
    }
}

fn key(name: &str) -> [u8; 32] {
    let mut key = [0; 32];
    key.copy_from_slice(Algorithm::Sha256.digest(name.as_bytes()).as_bytes());
    key
}

#[derive(Debug)]
struct Table<K> {
    windows: HashMap<K, Window>,
}

/// A period that began with an attempt.
#[derive(Clone, Copy, Debug)]
struct Window {
    start: i64,
    count: u32,
}

impl<K> Default for Table<K> {
    fn default() -> Self {
        Table { windows: HashMap::new() }
    }
}

impl<K: Copy + Eq + Hash> Table<K> {
    fn take(&mut self, key: K, most: u32, period: u32, now: i64) -> Result<(), i64> {
        let period = i64::from(period);
        // a clock that was set back begins a new period too
        let is_over = |window: &Window| !(0..period).contains(&now.saturating_sub(window.start));
        if self.windows.len() >= MAX_ENTRIES && !self.windows.contains_key(&key) {
            self.windows.retain(|_, window| !is_over(window));
            let oldest = self.windows.iter().min_by_key(|(_, window)| window.start);
            if let (Some((&oldest, _)), true) = (oldest, self.windows.len() >= MAX_ENTRIES) {
                self.windows.remove(&oldest);
            }
        }
        let window = self.windows.entry(key).or_insert(Window { start: now, count: 0 });
        if is_over(window) {
            *window = Window { start: now, count: 0 };
        }
        if window.count >= most {
            return Err(window.start + period - now);
        }
        window.count += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempts() -> Attempts {
        Attempts::new(Limits { per_address: 3, per_name: 2, period: 60 })
    }

    #[test]
    fn an_address_is_heard_so_often_and_again_in_the_next_period() {
        let mut attempts = attempts();
        let [a, b] = ["192.0.2.1", "192.0.2.2"].map(|address| address.parse().unwrap());
        for now in [100, 110, 120] {
            assert_eq!(attempts.of_address(a, now), Ok(()));
        }
        assert_eq!(attempts.of_address(a, 130), Err(30));
        assert_eq!(attempts.of_address(b, 130), Ok(()));
        assert_eq!(attempts.of_address(a, 160), Ok(()));
        // a clock that was set back keeps nobody out
        assert_eq!(attempts.of_address(a, 5), Ok(()));
    }

    #[test]
    fn a_network_of_ipv6_is_one_and_a_mapped_address_is_that_of_ipv4() {
        let mut attempts = attempts();
        for last in 1..=3u16 {
            let address = format!("2001:db8::{last}").parse().unwrap();
            assert_eq!(attempts.of_address(address, 0), Ok(()));
        }
        assert!(attempts.of_address("2001:db8::ffff".parse().unwrap(), 0).is_err());
        assert!(attempts.of_address("2001:db8:0:1::1".parse().unwrap(), 0).is_ok());
        let [mapped, plain] = ["::ffff:192.0.2.1", "192.0.2.1"].map(|a| a.parse().unwrap());
        assert_eq!(network(mapped), network(plain));
    }

    #[test]
    fn good_attempts_for_a_name_are_not_counted() {
        let mut attempts = attempts();
        for _ in 0..10 {
            assert_eq!(attempts.for_name("alice", 0), Ok(()));
            attempts.was_good("alice");
        }
        assert_eq!(attempts.for_name("alice", 0), Ok(()));
        assert_eq!(attempts.for_name("alice", 1), Ok(()));
        assert_eq!(attempts.for_name("alice", 2), Err(58));
        assert_eq!(attempts.for_name("bob", 2), Ok(()));
    }

    #[test]
    fn a_flood_of_names_fills_no_memory_and_lets_nobody_go() {
        let mut attempts = attempts();
        for number in 0..i64::try_from(3 * MAX_ENTRIES).unwrap() {
            assert_eq!(attempts.for_name(&number.to_string(), number / 1000), Ok(()));
        }
        assert_eq!(attempts.names.windows.len(), MAX_ENTRIES);
        let _first = attempts.for_name("alice", 20);
        let _second = attempts.for_name("alice", 20);
        assert!(attempts.for_name("alice", 20).is_err());
    }
}
