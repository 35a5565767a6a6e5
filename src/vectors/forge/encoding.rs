//! Base64url: one spelling for each byte string, alone and in each part of a token.

use super::{Entry, Smithy, mac_of};
use crate::base64::encode_url;
use serde_json::json;

/// Spellings that look like `AQIDBA` or nearly so: text, which bug takes it.
const REFUSED: [(&str, &str, &str); 17] = [
    ("padded", "AQIDBA==", "catches padding that is taken"),
    ("half-padded", "AQIDBA=", "catches padding that is taken"),
    ("padding-inside", "AQID=BA", "catches decoding that ends at the first ="),
    ("padded-wrongly", "AQIDBA===", "catches padding that is only stripped"),
    ("spare-bits", "AQIDBB", "catches bits behind the last byte that are not looked at"),
    (
        "spare-bits-of-two",
        "AQIDBAV",
        "catches bits behind the last two bytes that are not looked at",
    ),
    ("blank", "AQID BA", "catches blanks that are skipped"),
    ("blank-first", " AQIDBA", "catches blanks that are skipped"),
    ("newline-last", "AQIDBA\n", "catches a newline at the end that is taken"),
    ("newline-inside", "AQID\nBA", "catches lines that are joined"),
    ("tab", "AQID\tBA", "catches blanks that are skipped"),
    ("standard-plus", "AQ+D", "catches the other alphabet"),
    ("standard-slash", "AQ/D", "catches the other alphabet"),
    ("star", "AQ*D", "catches other bytes that count as A"),
    ("star-more", "AQID*BA", "catches other bytes that are skipped"),
    ("one-letter-more", "AQIDB", "catches a letter alone at the end that is dropped"),
    ("not-ascii", "AQIDBÄ", "catches other bytes that are skipped"),
];

pub(super) fn entries(smithy: &Smithy) -> Vec<Entry> {
    let mut entries = vec![];
    for (text, bytes) in [("", ""), ("AA", "00"), ("AQIDBA", "01020304"), ("-_-_", "fbffbf")] {
        entries.push(Entry::new(
            format!("right-{}", if text.is_empty() { "empty" } else { text }),
            "base64url.decode",
            "RFC 4648 §5",
            "what must be taken",
            &format!("hex:{bytes}"),
            json!({ "text": text }),
        ));
    }
    for (id, text, comment) in REFUSED {
        entries.push(Entry::new(
            id,
            "base64url.decode",
            "RFC 7515 §2",
            comment,
            "malformed",
            json!({ "text": text }),
        ));
    }
    tokens(smithy, &mut entries);
    entries
}

/// The same in tokens: the code is good for the text as it stands, so only the decoder can refuse.
fn tokens(smithy: &Smithy, entries: &mut Vec<Entry>) {
    let header = encode_url(br#"{"alg":"HS256"}"#);
    // 1 byte, so that two of its letters' bits are spare
    let payload = encode_url(b"{\"a\":10}");
    let mut push = |id: &str, comment: &str, token: String| {
        let fields = json!({ "token": token, "key": smithy.oct() });
        let result = if id == "token-right" { "success" } else { "malformed" };
        entries.push(Entry::new(id, "jws.verify", "RFC 7515 §5.2", comment, result, fields));
    };
    let signed = |header: &str, payload: &str| {
        let input = format!("{header}.{payload}");
        format!("{input}.{}", mac_of(&smithy.secret, &input))
    };
    let right = signed(&header, &payload);
    push("token-right", "the token that all others here are made from", right.clone());
    let spare = |text: &str| {
        let mut letters = text.to_owned();
        let last = letters.pop().unwrap_or('A');
        // the next letter of the alphabet differs in a spare bit only
        letters.push(char::from(last as u8 + 1));
        letters
    };
    for (part, bent) in [
        ("header", signed(&format!("{header}="), &payload)),
        ("payload", signed(&header, &format!("{payload}="))),
        ("signature", format!("{right}=")),
    ] {
        push(&format!("padding-in-{part}"), "catches padding that is taken in a token", bent);
    }
    for (part, bent) in [
        ("header", signed(&format!(" {header}"), &payload)),
        ("payload", signed(&header, &format!("\n{payload}"))),
        ("signature", format!("{right}\n")),
    ] {
        push(&format!("blank-in-{part}"), "catches blanks that are skipped in a token", bent);
    }
    for (part, bent) in
        [("payload", signed(&header, &spare(&payload))), ("signature", spare(&right))]
    {
        let comment = "catches spare bits that are not looked at: a signature has many spellings";
        push(&format!("spare-bits-in-{part}"), comment, bent);
    }
    push(
        "letter-more-in-payload",
        "catches a letter alone at the end that is dropped",
        signed(&header, "QUJDR"),
    );
}
