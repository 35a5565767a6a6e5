//! The whole journey of a token, in one process over real HTTP: an issuer, two services, a user, forgers, a new
//! key and the end. Each step says what is checked and where, and is checked.
//!
//! | file | what stands there |
//! |---|---|
//! | `house` | the directory, the servers on free ports of this machine, their end |
//! | `journey` | what is asked of the servers, and what the steps hand on |
//! | `steps` | the steps |
//! | `forged` | tokens that must be refused |

mod forged;
mod house;
mod journey;
mod steps;

use crate::client::Clock;
use core::fmt;
use std::sync::Arc;

/// A step of the journey: what is checked, where, and by which standard. The same in each run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its name, for scripts.
    pub name: &'static str,
    /// Who checks.
    pub at: &'static str,
    /// What is checked.
    pub what: &'static str,
    /// The section that says so.
    pub standard: &'static str,
}

/// The steps, in order.
pub fn steps() -> impl ExactSizeIterator<Item = &'static Step> {
    steps::PLAN.iter().map(|(step, _)| step)
}

/// Goes through all steps, and tells each that succeeded with what was seen. In some ten seconds: a token's life
/// and a key set's cache time pass meanwhile, by the clock that is given. Nothing is left behind.
///
/// # Errors
///
/// The first step that did not go as it must; nothing is done after it.
pub fn run(clock: &Arc<dyn Clock>, told: &mut dyn FnMut(&Step, &str)) -> Result<usize, Failure> {
    let beginning = |why| Failure { step: None, why };
    let house = house::House::open(clock).map_err(beginning)?;
    let mut journey = journey::Journey::new(house).map_err(beginning)?;
    for (step, check) in &steps::PLAN {
        let seen = check(&mut journey).map_err(|why| Failure { step: Some(step), why })?;
        told(step, &seen);
    }
    Ok(steps::PLAN.len())
}

/// What did not go as it must.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The step; none if the servers did not start.
    pub step: Option<&'static Step>,
    /// What was seen instead.
    pub why: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let step = self.step.map_or("the servers", |step| step.name);
        write!(f, "{step}: {}", self.why)
    }
}

impl core::error::Error for Failure {}
