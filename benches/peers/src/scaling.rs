//! How cost grows: rows without bars, each beside the first of its kind, so that the ratio is how many times
//! as much the work takes.

use crate::interleave::{Contender, Table};
use crate::jwt::Side;
use crate::keys::Keys;
use jotlab::jose;
use jotlab::rsa::{PrivateKey, pkcs1v15};
use jotlab::sha2::Algorithm;
use std::hint::black_box;
use std::thread;

pub(crate) fn rows(table: &mut Table) {
    messages(table);
    batches(table);
    key_sizes(table);
}

fn messages(table: &mut Table) {
    let message = vec![0x61; 1 << 20];
    for (name, size) in [("32 B", 32), ("1 KiB", 1 << 10), ("32 KiB", 1 << 15), ("1 MiB", 1 << 20)]
    {
        let one =
            Contender::new("jotlab", || Algorithm::Sha256.digest(black_box(&message[..size])));
        table.compare(format!("scaling: SHA-256, {name}"), [one]).bytes(size);
    }
}

fn batches(table: &mut Table) {
    let side = Side::rs256(&Keys::generate(2048));
    let token = side.token();
    let verify = |tokens: &[&str]| {
        let verdicts = jose::verify_many(black_box(tokens), &side.keys, &side.policy);
        assert!(verdicts.iter().all(Result::is_ok));
    };
    for size in [1, 8, 64, 4096] {
        let tokens = vec![token.as_str(); size];
        let one = Contender::new("one thread", || verify(&tokens));
        let two = Contender::new("two threads", || {
            thread::scope(|scope| {
                let (left, right) = tokens.split_at(size / 2);
                scope.spawn(|| verify(left));
                verify(right);
            });
        });
        table.compare(format!("scaling: {size} tokens, RS256"), [two, one]);
    }
}

fn key_sizes(table: &mut Table) {
    for bits in [2048, 3072, 4096] {
        let key = PrivateKey::generate(bits).expect("the system gives random bytes");
        let digest = Algorithm::Sha256.digest(b"message");
        let signature = pkcs1v15::sign(&key, &digest).expect("the key is long enough");
        let verify = Contender::new("jotlab", || {
            pkcs1v15::verify(key.public(), &digest, black_box(&signature)).unwrap();
        });
        table.compare(format!("scaling: RSA-{bits} verify"), [verify]);
        let sign = Contender::new("jotlab", || pkcs1v15::sign(&key, black_box(&digest)).unwrap());
        table.compare(format!("scaling: RSA-{bits} sign"), [sign]);
    }
}
