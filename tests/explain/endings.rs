//! A trace of every embedded vector ends in production's value, refused ones included. `Trace::new` refuses
//! others, so that a trace is there is the proof; what production said is asked again here.

use jotlab::explain::render::{Reveal, text};
use jotlab::explain::{End, MAX_MESSAGE_BYTES, Trace, base64, hmac, sha2};
use jotlab::sha2::{Algorithm, backend::Backend};
use jotlab::vectors::{Answer, Implementation, Jotlab, Message, Request, embedded};

/// The trace of a request, where its subject is one of the primitives and its input is not too long.
fn trace(request: &Request) -> Option<Trace> {
    let trace = match request {
        Request::Sha2 { hash, message: Message::Bytes(message) } if fits(message) => {
            sha2::digest(*hash, message)
        }
        Request::Hmac { hash, key, message, .. } if fits(key) && fits(message) => {
            hmac::mac(*hash, key, message)
        }
        Request::Base64UrlEncode { data } if fits(data) => base64::encode(data),
        Request::Base64UrlDecode { text } if fits(text.as_bytes()) => base64::decode(text),
        _ => return None,
    };
    Some(trace.unwrap())
}

fn fits(bytes: &[u8]) -> bool {
    bytes.len() <= MAX_MESSAGE_BYTES
}

#[test]
fn every_trace_ends_as_production_does() {
    let jotlab = Jotlab::new();
    let (mut values, mut refused) = (0, 0);
    for suite in embedded().unwrap() {
        for question in suite.cases.iter().flat_map(|case| &case.questions) {
            let Some(trace) = trace(&question.request) else { continue };
            match (trace.end(), jotlab.answer(&question.request)) {
                // a tag may be asked for in part
                (End::Value(value), Answer::Output(output)) => {
                    assert!(value.starts_with(&output), "{:?}", question.request);
                    values += 1;
                }
                (End::Refused(_), Answer::Refused { .. }) => refused += 1,
                (end, answer) => panic!("{:?}: {end:?}, {answer:?}", question.request),
            }
        }
    }
    assert!(values > 1000 && refused > 10, "{values} values, {refused} refused");
}

/// The steps are the portable text's; where production ran a kernel, the trace says that both agree.
#[test]
fn a_trace_says_which_way_production_took() {
    for algorithm in Algorithm::ALL {
        let trace = sha2::digest(algorithm, b"abc").unwrap();
        let names = Backend::names_for(algorithm);
        assert_eq!(trace.agreed(), names);
        let said = match names[..] {
            ["portable"] => "portable".to_owned(),
            [kernel, "portable"] => format!("it ran {kernel}; the portable steps agree"),
            [kernel, other, "portable"] => {
                format!("it ran {kernel}; the portable steps and {other} agree")
            }
            _ => panic!("{names:?}"),
        };
        let production = format!("as production returned it ({said})");
        assert!(text(&trace, Reveal::Masked).contains(&production), "{production}");
        assert_eq!(trace.ways(), Some(said));
    }
}

#[test]
fn a_refused_text_ends_at_its_group_with_productions_words() {
    for (text, group, error) in [
        ("AAAAA", "b64.g1", "base64 at offset 4: 'A' is left over, a length of 4k + 1 letters"),
        (
            "AB",
            "b64.g0",
            "base64 at offset 1: the last letter 'B' has spare bits that are not zero",
        ),
        ("AAAA\n", "b64.g1", "base64 at offset 4: byte 0x0a is not in the alphabet"),
        ("AAé", "b64.g0", "base64 at offset 2: byte 0xc3 is not in the alphabet"),
        ("AAAAAAé", "b64.g1", "base64 at offset 6: byte 0xc3 is not in the alphabet"),
    ] {
        let trace = base64::decode(text).unwrap();
        assert_eq!(trace.end(), &End::Refused(vec![error.to_owned()]));
        let (_, step) = trace.steps().last().unwrap();
        assert_eq!((step.id.as_str(), step.failure().map(String::as_str)), (group, Some(error)));
    }
}
