//! A file of Wycheproof's: every key parsed before its signatures are verified, good ones and bad ones.

use crate::interleave::{Bar, Contender, Table};
use aws_lc_rs::signature as aws;
use graviola::signing::rsa as graviola_rsa;
use jotlab::cpu::Ifma;
use jotlab::rsa::encoding::{self, Form, Key};
use jotlab::rsa::pkcs1v15;
use jotlab::sha2::Algorithm;
use ring::signature as ring;
use serde::Deserialize;
use std::hint::black_box;

const FILE: &str = include_str!("../../../vectors/wycheproof/rsa_signature_2048_sha256_test.json");

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    test_groups: Vec<Group>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Group {
    public_key_asn: String,
    tests: Vec<Test>,
}

#[derive(Deserialize)]
struct Test {
    msg: String,
    sig: String,
}

/// Key (PKCS #1), message, signature.
struct Case {
    key: Vec<u8>,
    message: Vec<u8>,
    signature: Vec<u8>,
}

fn cases() -> Vec<Case> {
    let file: File = serde_json::from_str(FILE).expect("the file is one of Wycheproof's");
    let bytes = |hex: &str| -> Vec<u8> {
        let digit = |i| u8::from_str_radix(&hex[i..i + 2], 16).expect("two hex digits");
        (0..hex.len()).step_by(2).map(digit).collect()
    };
    let mut cases = vec![];
    for group in &file.test_groups {
        for test in &group.tests {
            let key = bytes(&group.public_key_asn);
            cases.push(Case { key, message: bytes(&test.msg), signature: bytes(&test.sig) });
        }
    }
    cases
}

fn ours(case: &Case) -> bool {
    let Ok(Key::Public(key)) = encoding::from_der(Form::Pkcs1Public, &case.key) else {
        return false;
    };
    let digest = Algorithm::Sha256.digest(&case.message);
    pkcs1v15::verify(&key, &digest, &case.signature).is_ok()
}

fn aws_lc(case: &Case) -> bool {
    let key = aws::ParsedPublicKey::new(&aws::RSA_PKCS1_2048_8192_SHA256, &case.key);
    key.is_ok_and(|key| key.verify_sig(&case.message, &case.signature).is_ok())
}

fn with_ring(case: &Case) -> bool {
    let key = ring::UnparsedPublicKey::new(&ring::RSA_PKCS1_2048_8192_SHA256, &case.key);
    key.verify(&case.message, &case.signature).is_ok()
}

fn graviola(case: &Case) -> bool {
    let key = graviola_rsa::VerifyingKey::from_pkcs1_der(&case.key);
    key.is_ok_and(|key| key.verify_pkcs1_sha256(&case.signature, &case.message).is_ok())
}

pub(crate) fn rows(table: &mut Table) {
    let cases = cases();
    let taken = |verify: fn(&Case) -> bool| black_box(&cases).iter().filter(|c| verify(c)).count();
    assert!(taken(ours) > 0 && taken(ours) == taken(aws_lc));
    let contenders = [
        Contender::new("jotlab", || taken(ours)),
        Contender::new("aws-lc", || taken(aws_lc)),
        Contender::new("ring", || taken(with_ring)),
        Contender::new("graviola", || taken(graviola)),
    ];
    table
        .compare(format!("Wycheproof RSA-2048, {} cases", cases.len()), contenders)
        .needs(Ifma::detect().is_some())
        .bar(Bar::Ratio(1.5));
}
