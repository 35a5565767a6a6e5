//! Every intermediate value that the standards print equals what the traces say.

use super::{compared, shown};
use jotlab::explain::{Value, base64, hmac, sha2};
use jotlab::vectors::embedded_file;
use jotlab::vectors::figures::model::Operation;

fn operations(file: &str) -> Vec<Operation> {
    let suite = embedded_file(file).unwrap().read().unwrap();
    let figures = suite.cases.into_iter().filter_map(|case| case.figure);
    figures.map(|figure| figure.operation).collect()
}

#[test]
fn padding_schedules_rounds_and_hash_values_of_sha2() {
    let (mut cases, mut rounds) = (0, 0);
    for operation in operations("rfc/fips180-4.json") {
        let Operation::Sha2(figure) = operation else { continue };
        let (Some(message), Some(steps)) = (&figure.msg, &figure.steps) else { continue };
        let name = figure.alg.0.command_name();
        let trace = sha2::digest(figure.alg.0, &message.0).unwrap();
        // the blocks of the padding are the message's last ones: here all of them
        let (_, pad) = trace.step(&format!("{name}.pad")).unwrap();
        let padded: String = pad.outputs.iter().map(Value::hex).collect();
        assert!(hex::encode(&steps.padded.0).ends_with(&padded));
        for (b, block) in steps.blocks.iter().enumerate() {
            for (t, word) in block.schedule.iter().enumerate() {
                assert_eq!(shown(&trace, &format!("{name}.b{b}.w{t}"), "W"), *word);
            }
            for (i, word) in block.after.iter().enumerate() {
                let (_, step) = trace.step(&format!("{name}.b{b}.h")).unwrap();
                assert_eq!(step.outputs[i].hex(), *word, "{name} block {b} H{i}");
            }
            rounds += block.rounds.len();
        }
        let stated: usize = steps.blocks.iter().map(|block| block.rounds.len()).sum();
        assert_eq!(compared(&trace), stated);
        cases += 1;
    }
    // "abc" and a message of two blocks by 32-bit words, and by 64-bit words
    assert!(cases >= 3 && rounds >= 64 + 128 + 80, "{cases} cases, {rounds} rounds");
}

#[test]
fn pads_and_inner_digests_of_rfc_4231() {
    let mut cases = 0;
    for operation in operations("rfc/rfc4231.json") {
        let Operation::Hmac(figure) = operation else { continue };
        let steps = figure.steps.as_ref().expect("every case prints its steps");
        let trace = hmac::mac(figure.alg.0, &figure.key.0, &figure.msg.0).unwrap();
        let [k0, ipad, opad, inner, tag] =
            [&steps.k0, &steps.ipad, &steps.opad, &steps.inner, &figure.tag]
                .map(|h| hex::encode(&h.0));
        assert_eq!(shown(&trace, "hmac.k0", "K0"), k0);
        assert_eq!(shown(&trace, "hmac.ipad", "K0 ⊕ ipad"), ipad);
        assert_eq!(shown(&trace, "hmac.opad", "K0 ⊕ opad"), opad);
        assert_eq!(shown(&trace, "hmac.inner", "inner"), inner);
        assert!(shown(&trace, "hmac.outer", "tag").starts_with(&tag));
        assert_eq!(compared(&trace), 4);
        cases += 1;
    }
    assert_eq!(cases, 28);
}

#[test]
fn the_illustrations_of_rfc_4648() {
    let mut cases = 0;
    for operation in operations("rfc/rfc4648.json") {
        let Operation::Base64(figure) = operation else { continue };
        let Some(url) = &figure.url else { continue };
        let trace = base64::encode(&figure.data.0).unwrap();
        assert_eq!(shown(&trace, "b64.text", "text"), hex::encode(url));
        let trace = base64::decode(url).unwrap();
        assert_eq!(shown(&trace, "b64.bytes", "bytes"), hex::encode(&figure.data.0));
        cases += 1;
    }
    assert!(cases >= 8, "{cases}");
}
