//! Two traces beside each other: which bits of which step are not the same.

use super::trace::Trace;
use super::value::{Data, Value};

/// A step that both traces have.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Its id.
    pub id: String,
    /// What it is.
    pub title: String,
    /// What came out of it, in both.
    pub values: Vec<[Value; 2]>,
    /// Whether all that went in and came out is the same.
    pub same: bool,
    /// Bits of the bytes, words and numbers that came out which are not the same.
    pub changed: u64,
    /// Bits of the bytes, words and numbers that came out: none where only text did.
    pub bits: u64,
}

/// The steps that both traces have, in the order of the first, whether they differ or not.
pub fn difference(one: &Trace, other: &Trace) -> Vec<Difference> {
    let both = one.steps().filter_map(|(_, step)| Some((step, other.step(&step.id)?.1)));
    both.map(|(step, theirs)| {
        let pairs = step.outputs.iter().zip(&theirs.outputs).filter(|(a, b)| a.name == b.name);
        let values: Vec<[Value; 2]> = pairs.map(|(a, b)| [a.clone(), b.clone()]).collect();
        let counted: Vec<(u64, u64)> = values.iter().map(|[a, b]| changed(a, b)).collect();
        Difference {
            id: step.id.clone(),
            title: step.title.clone(),
            values,
            same: step.inputs == theirs.inputs && step.outputs == theirs.outputs,
            changed: counted.iter().map(|counted| counted.0).sum(),
            bits: counted.iter().map(|counted| counted.1).sum(),
        }
    })
    .collect()
}

/// How many bits are not the same, and how many there are; what one has more counts as changed. Text tells the same
/// in words, and has no bits of its own.
fn changed(a: &Value, b: &Value) -> (u64, u64) {
    let (Some(a), Some(b)) = (bytes(a), bytes(b)) else { return (0, 0) };
    let common: u64 = a.iter().zip(&b).map(|(x, y)| u64::from((x ^ y).count_ones())).sum();
    let bits = 8 * a.len().max(b.len()) as u64;
    (common + 8 * a.len().abs_diff(b.len()) as u64, bits)
}

fn bytes(value: &Value) -> Option<Vec<u8>> {
    match &value.data {
        Data::Bytes(bytes) | Data::Word(bytes) => Some(bytes.clone()),
        Data::Text(_) => None,
        Data::Number(number) => Some(number.to_bytes_be()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::base64;
    use crate::explain::sha2::digest;
    use crate::sha2::Algorithm;

    #[test]
    fn one_bit_of_the_message_reaches_half_of_all_bits_within_sixteen_rounds() {
        let one = digest(Algorithm::Sha256, b"abc").unwrap();
        let other = digest(Algorithm::Sha256, b"abb").unwrap();
        let steps = difference(&one, &other);
        let round = |t: usize| {
            let id = format!("sha256.b0.r{t}");
            steps.iter().find(|step| step.id == id).map(|step| (step.changed, step.bits)).unwrap()
        };
        assert_eq!(round(0), (3, 256));
        assert!((16..64).all(|t| (90..166).contains(&round(t).0)));
        let same = difference(&one, &one);
        assert!(same.iter().all(|step| step.same && step.changed == 0));
    }

    #[test]
    fn text_has_no_bits_of_its_own() {
        let [one, other] = [b"abc", b"abd"].map(|bytes| base64::encode(bytes).unwrap());
        let steps = difference(&one, &other);
        let step = |id: &str| {
            let step = steps.iter().find(|step| step.id == id).unwrap();
            (step.same, step.changed, step.bits)
        };
        assert_eq!(step("b64.input"), (false, 3, 24));
        assert_eq!(step("b64.g0"), (false, 0, 0));
        let message = difference(
            &digest(Algorithm::Sha256, b"abc").unwrap(),
            &digest(Algorithm::Sha256, b"abd").unwrap(),
        );
        assert_eq!((message[0].changed, message[0].bits), (3, 24));
    }
}
