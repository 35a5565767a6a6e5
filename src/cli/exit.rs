//! Exit codes, the same in every command, and the error that carries one.

use core::fmt;
use core::time::Duration;

/// A second signal that comes so soon is the first one again: `timeout` sends its own to the process and to its group.
pub(super) const SAME_WORD: Duration = Duration::from_millis(500);

/// How a command ends. The order is the order of precedence where several apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Exit {
    /// 0: verified, or everything that ran passed.
    Yes,
    /// 4: the signature is good, the claims are refused.
    ClaimsRefused,
    /// 7: a case that ran before is not run any more.
    CoverageLost,
    /// 1: the signature does not verify, vectors failed, digests differ.
    No,
    /// 6: an adapter crashed or hung.
    Adapter,
    /// 5: the key is unusable for this, none matches, or more than one does; or the algorithm is refused.
    Key,
    /// 3: a malformed token, key or vector file.
    Malformed,
    /// 2: usage, or an input that cannot be read.
    Usage,
}

impl Exit {
    /// How another jotlab ended, by its code; one that a signal ended gave no result.
    pub(super) fn of_child(code: Option<i32>) -> Exit {
        let all = [
            Exit::Yes,
            Exit::ClaimsRefused,
            Exit::CoverageLost,
            Exit::No,
            Exit::Adapter,
            Exit::Key,
            Exit::Malformed,
        ];
        let same = |exit: &Exit| code == Some(i32::from(exit.code()));
        all.into_iter().find(same).unwrap_or(Exit::Usage)
    }

    /// The number that the process exits with.
    pub(super) const fn code(self) -> u8 {
        match self {
            Exit::Yes => 0,
            Exit::No => 1,
            Exit::Usage => 2,
            Exit::Malformed => 3,
            Exit::ClaimsRefused => 4,
            Exit::Key => 5,
            Exit::Adapter => 6,
            Exit::CoverageLost => 7,
        }
    }
}

/// Why a command cannot give a result.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub(super) exit: Exit,
    pub(super) message: String,
    pub(super) hint: Option<String>,
}

impl Fault {
    /// A fault with its exit code.
    pub(super) fn new(exit: Exit, message: impl fmt::Display) -> Fault {
        Fault { exit, message: message.to_string(), hint: None }
    }

    /// Wrong usage, or an input that cannot be read.
    pub(super) fn usage(message: impl fmt::Display) -> Fault {
        Self::new(Exit::Usage, message)
    }

    /// A malformed input.
    pub(super) fn malformed(message: impl fmt::Display) -> Fault {
        Self::new(Exit::Malformed, message)
    }

    /// The next command to try.
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Fault {
        self.hint = Some(hint.into());
        self
    }
}

/// What a command gives.
pub(super) type Done = Result<Exit, Fault>;
