//! PBKDF2: counts and lengths at their borders, and passwords that are not just some letters.

use super::{Entry, ForgeError, Smithy};
use crate::pbkdf2;
use crate::sha2::Algorithm;
use serde_json::json;

/// What a case is made of.
struct Recipe {
    hash: Algorithm,
    password: Vec<u8>,
    salt: Vec<u8>,
    count: u32,
    bytes: usize,
}

impl Recipe {
    fn entry(&self, id: String, comment: &str) -> Result<Entry, ForgeError> {
        let Recipe { hash, password, salt, count, bytes } = self;
        let mut key = vec![0; *bytes];
        pbkdf2::derive(*hash, password, salt, *count, &mut key)?;
        let fields = json!({
            "alg": hash.name(), "password": hex::encode(password), "salt": hex::encode(salt),
            "count": count, "dk_len": bytes,
        });
        let result = format!("hex:{}", hex::encode(&key));
        Ok(Entry::new(id, "pbkdf2", "RFC 8018 §5.2", comment, &result, fields))
    }
}

pub(super) fn entries(smithy: &Smithy) -> Result<Vec<Entry>, ForgeError> {
    let mut entries = vec![];
    for hash in Algorithm::ALL {
        usual(smithy, hash, &mut entries)?;
        inputs(smithy, hash, &mut entries)?;
    }
    // one hash is enough for what is slow or long
    let plain = |count, bytes| Recipe {
        hash: Algorithm::Sha256,
        password: b"password".to_vec(),
        salt: smithy.source.bytes("stretch/salt", 16),
        count,
        bytes,
    };
    let comment = "catches a count of 16 bits";
    entries.push(plain(0x1_0001, 32).entry("sha256-count-65537".to_owned(), comment)?);
    let comment = "catches a number of the block in one byte: there are 257";
    entries.push(plain(1, 256 * 32 + 1).entry("sha256-257-blocks".to_owned(), comment)?);
    Ok(entries)
}

fn usual(smithy: &Smithy, hash: Algorithm, entries: &mut Vec<Entry>) -> Result<(), ForgeError> {
    let (name, length) = (hash.command_name(), hash.digest_bytes());
    for (count, bytes, comment) in [
        (1, length, "catches a count that is off by one"),
        (2, length, "catches the last code in the place of the sum of all"),
        (3, length, "catches a sum that is no exclusive or"),
        (2, 1, "catches a block that is cut from the wrong end"),
        (2, length - 1, "catches a length that is off by one"),
        (2, length + 1, "catches a key of one block only"),
        (2, 3 * length, "catches a block's number that is the same, or begins at 0"),
    ] {
        let salt = smithy.source.bytes(&format!("stretch/salt/{name}"), 16);
        let recipe = Recipe { hash, password: b"password".to_vec(), salt, count, bytes };
        entries.push(recipe.entry(format!("{name}-{count}-for-{bytes}"), comment)?);
    }
    Ok(())
}

fn inputs(smithy: &Smithy, hash: Algorithm, entries: &mut Vec<Entry>) -> Result<(), ForgeError> {
    let name = hash.command_name();
    let some = |length| smithy.source.bytes(&format!("stretch/password/{name}"), length);
    let salt = || smithy.source.bytes("stretch/salt", 16);
    let block = hash.block_bytes();
    for (id, password, salt, comment) in [
        ("empty-password", vec![], salt(), "catches a password of no bytes that is refused"),
        ("empty-salt", b"password".to_vec(), vec![], "catches a salt of no bytes that is refused"),
        (
            "nul-in-password",
            b"pass\0word".to_vec(),
            salt(),
            "catches a password that ends at a zero",
        ),
        (
            "nul-in-salt",
            b"password".to_vec(),
            b"sa\0lt".to_vec(),
            "catches a salt that ends at a zero",
        ),
        ("password-of-a-block", some(block), salt(), "catches a border that is off by one"),
        ("long-password", some(block + 1), salt(), "catches a long password that is cut"),
        ("long-salt", b"password".to_vec(), some(2 * block + 1), "catches a salt that is cut"),
        ("spaces", b" password ".to_vec(), salt(), "catches a password that is trimmed"),
        ("upper-case", b"PassWord".to_vec(), salt(), "catches letters whose case is folded"),
    ] {
        let recipe = Recipe { hash, password, salt, count: 2, bytes: hash.digest_bytes() };
        entries.push(recipe.entry(format!("{name}-{id}"), comment)?);
    }
    Ok(())
}
