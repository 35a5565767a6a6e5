//! An adapter for `jotlab crosscheck`: it puts a Rust implementation behind the protocol xcheck/1.
//!
//! ```text
//! jotlab crosscheck run -- cargo run --release     as src/main.rs of a crate that depends on yours
//! rustc -O adapter.rs && jotlab crosscheck run -- ./adapter
//! ```
//!
//! Questions come on stdin and answers leave on stdout, one JSON object a line. As it stands it asks the
//! plain SHA-256 at the end, so that it runs at once. To check an implementation of your own, write
//! `impl Implementation for` it, name it in `main`, and delete `Plain`. Other operations (`hmac`,
//! `rsa.pkcs1v15.verify`, …) are further arms of `ok`, declared in `hello`. stdout belongs to the protocol:
//! print with `eprintln!`. Only `std` is used.

use std::collections::HashMap;
use std::io::{self, BufRead, Write};

/// What is to be checked.
trait Implementation {
    /// What reports call it.
    const NAME: &'static str;
    /// The hashes that it has, of SHA-224, SHA-256, SHA-384, SHA-512, SHA-512/224 and SHA-512/256.
    const HASHES: &'static [&'static str];
    /// The digest of the pieces, one after the other: each is one call where yours takes a stream.
    fn sha2(&self, alg: &str, pieces: &mut dyn Iterator<Item = &[u8]>) -> Vec<u8>;
}

fn main() -> io::Result<()> {
    serve(&Plain)
}

/// Why there are no members of `ok`.
enum Not {
    /// The input is refused, the right answer to a bad one: a code, and words.
    #[allow(dead_code)]
    Refused(String, String),
    /// It broke.
    Error(String),
    /// It cannot be asked here, although the operation was declared.
    Skipped(String),
}

/// The members of `ok`, as JSON.
fn ok<I: Implementation>(it: &I, request: &Request) -> Result<String, Not> {
    match request.text("op")? {
        "hello" => Ok(hello::<I>()),
        "sha2" => sha2(it, request),
        other => Err(Not::Skipped(format!("no operation {other}"))),
    }
}

fn hello<I: Implementation>() -> String {
    format!(
        concat!(
            r#"{{"name":{:?},"version":"0","protocol":1,"ops":{{"sha2":{:?}}},"#,
            r#""limits":{{"max_msg":1073741824,"rsa_bits":[1024,16384]}},"window":64,"features":[]}}"#
        ),
        I::NAME,
        I::HASHES
    )
}

fn sha2<I: Implementation>(it: &I, request: &Request) -> Result<String, Not> {
    if request.0.contains_key("bits") {
        return Err(Not::Skipped("whole bytes only".to_owned()));
    }
    let alg = request.text("alg")?;
    let digest = if request.0.contains_key("repeat") {
        let piece = bytes(request.text("repeat")?)?;
        // whole pieces, so that one of a byte is not slow
        let piece = piece.repeat(65536_usize.div_ceil(piece.len().max(1)));
        let mut left =
            request.text("bytes")?.parse::<u64>().map_err(|e| Not::Error(e.to_string()))?;
        let pieces = std::iter::from_fn(|| {
            let length = left.min(piece.len() as u64);
            left -= length;
            (length > 0).then(|| &piece[..length as usize])
        });
        it.sha2(alg, &mut { pieces })
    } else {
        let name = if request.0.contains_key("msg") { "msg" } else { "chunks" };
        let pieces = request.0.get(name).into_iter().flatten().map(|piece| bytes(piece));
        let pieces = pieces.collect::<Result<Vec<_>, _>>()?;
        it.sha2(alg, &mut pieces.iter().map(Vec::as_slice))
    };
    Ok(format!(r#"{{"md":"{}"}}"#, hex(&digest)))
}

/// Answers every line of stdin.
fn serve<I: Implementation>(it: &I) -> io::Result<()> {
    let mut questions = io::BufReader::with_capacity(1 << 16, io::stdin());
    let mut answers = io::BufWriter::with_capacity(1 << 16, io::stdout());
    let mut line = String::new();
    while questions.read_line(&mut line)? > 0 {
        if !line.trim().is_empty() {
            writeln!(answers, "{}", answer(it, &line))?;
        }
        line.clear();
        // no answer waits for the next question
        if questions.buffer().is_empty() {
            answers.flush()?;
        }
    }
    answers.flush()
}

fn answer<I: Implementation>(it: &I, line: &str) -> String {
    let request = Request::read(line);
    let id = request.text("id").unwrap_or("0").to_owned();
    match ok(it, &request) {
        Ok(members) => format!(r#"{{"id":{id},"ok":{members}}}"#),
        Err(Not::Refused(code, why)) => {
            format!(r#"{{"id":{id},"reject":{},"why":{}}}"#, quoted(&code), quoted(&why))
        }
        Err(Not::Error(why)) => format!(r#"{{"id":{id},"error":{}}}"#, quoted(&why)),
        Err(Not::Skipped(why)) => format!(r#"{{"id":{id},"skip":{}}}"#, quoted(&why)),
    }
}

fn quoted(text: &str) -> String {
    let plain = |c: char| if c == '"' || c == '\\' || c.is_control() { '?' } else { c };
    format!("\"{}\"", text.chars().map(plain).collect::<String>())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(hex: &str) -> Result<Vec<u8>, Not> {
    let digits: Option<Vec<u32>> = hex.chars().map(|c| c.to_digit(16)).collect();
    match digits {
        Some(digits) if digits.len() % 2 == 0 => {
            Ok(digits.chunks(2).map(|pair| (pair[0] << 4 | pair[1]) as u8).collect())
        }
        _ => Err(Not::Error("no hex".to_owned())),
    }
}

/// The members of a line. `std` reads no JSON, and requests are flat: members of an object within the
/// object count as members of it, and a list is several values of one name.
struct Request(HashMap<String, Vec<String>>);

impl Request {
    fn read(line: &str) -> Request {
        let (mut members, mut name) = (HashMap::<String, Vec<String>>::new(), String::new());
        let mut rest = line.trim_end();
        while let Some(first) = rest.chars().next() {
            if "{}[],: \t".contains(first) {
                rest = &rest[1..];
            } else if first == '"' {
                let text = string(&mut rest);
                rest = rest.trim_start_matches(' ');
                if rest.starts_with(':') {
                    members.insert(text.clone(), vec![]);
                    name = text;
                } else {
                    members.entry(name.clone()).or_default().push(text);
                }
            } else {
                let (word, behind) =
                    rest.split_at(rest.find([',', ']', '}', ' ']).unwrap_or(rest.len()));
                members.entry(name.clone()).or_default().push(word.to_owned());
                rest = behind;
            }
        }
        Request(members)
    }

    fn text(&self, name: &str) -> Result<&str, Not> {
        let first = self.0.get(name).and_then(|values| values.first());
        first.map(String::as_str).ok_or_else(|| Not::Error(format!("no member {name}")))
    }
}

/// Takes a text off the front. Escapes beyond the basic plane are two of four digits each.
fn string(rest: &mut &str) -> String {
    let (mut units, mut chars) = (vec![], rest.char_indices().skip(1));
    let mut end = rest.len();
    while let Some((at, c)) = chars.next() {
        let unit = match c {
            '"' => {
                end = at + 1;
                break;
            }
            '\\' => match chars.next().map_or('?', |(_, c)| c) {
                'b' => 8,
                'f' => 12,
                'n' => 10,
                'r' => 13,
                't' => 9,
                'u' => chars
                    .by_ref()
                    .take(4)
                    .fold(0, |n, (_, c)| n << 4 | c.to_digit(16).unwrap_or(0) as u16),
                other => other as u16,
            },
            other => {
                units.extend_from_slice(other.encode_utf16(&mut [0; 2]));
                continue;
            }
        };
        units.push(unit);
    }
    *rest = &rest[end..];
    String::from_utf16_lossy(&units)
}

// ---- SHA-256 as in FIPS 180-4: an example, to be replaced by yours ----

struct Plain;

impl Implementation for Plain {
    const NAME: &'static str = "plain SHA-256";
    const HASHES: &'static [&'static str] = &["SHA-256"];

    fn sha2(&self, _alg: &str, pieces: &mut dyn Iterator<Item = &[u8]>) -> Vec<u8> {
        let (mut state, mut waiting, mut length) = (roots(2), vec![], 0_u64);
        for piece in pieces {
            length += piece.len() as u64;
            waiting.extend_from_slice(piece);
            let whole = waiting.len() / 64 * 64;
            waiting[..whole].chunks(64).for_each(|block| compress(&mut state, block));
            waiting.drain(..whole);
        }
        waiting.push(0x80);
        waiting.resize((waiting.len() + 8).div_ceil(64) * 64 - 8, 0);
        waiting.extend_from_slice(&(length * 8).to_be_bytes());
        waiting.chunks(64).for_each(|block| compress(&mut state, block));
        state.iter().flat_map(|word| word.to_be_bytes()).collect()
    }
}

const K: [u32; 64] = roots(3);

/// Of the first primes: 32 bits of the fraction of the square or cube root.
const fn roots<const N: usize>(degree: u32) -> [u32; N] {
    let (mut words, mut found, mut prime) = ([0; N], 0, 2_u128);
    while found < N {
        let mut divisor = 2;
        while prime % divisor != 0 {
            divisor += 1;
        }
        if divisor == prime {
            let (mut root, mut bit) = (0_u128, 1 << 40);
            while bit > 0 {
                // below 2^41, and its cube below 2^123
                if (root | bit).pow(degree) <= prime << (32 * degree) {
                    root |= bit;
                }
                bit >>= 1;
            }
            words[found] = root as u32;
            found += 1;
        }
        prime += 1;
    }
    words
}

fn compress(state: &mut [u32; 8], block: &[u8]) {
    let mut w = [0_u32; 64];
    for (word, bytes) in w.iter_mut().zip(block.chunks(4)) {
        *word = bytes.iter().fold(0, |word, byte| word << 8 | u32::from(*byte));
    }
    for t in 16..64 {
        let (x, y) = (w[t - 15], w[t - 2]);
        let s0 = x.rotate_right(7) ^ x.rotate_right(18) ^ x >> 3;
        let s1 = y.rotate_right(17) ^ y.rotate_right(19) ^ y >> 10;
        w[t] = w[t - 16].wrapping_add(s0).wrapping_add(w[t - 7]).wrapping_add(s1);
    }
    let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = *state;
    for (w, k) in w.iter().zip(&K) {
        let s1 = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
        let t1 = h.wrapping_add(s1).wrapping_add(e & f ^ !e & g).wrapping_add(*k).wrapping_add(*w);
        let s0 = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
        let t2 = s0.wrapping_add(a & b ^ a & c ^ b & c);
        (h, g, f, e, d, c, b, a) = (g, f, e, d.wrapping_add(t1), c, b, a, t1.wrapping_add(t2));
    }
    for (word, round) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
        *word = word.wrapping_add(round);
    }
}
