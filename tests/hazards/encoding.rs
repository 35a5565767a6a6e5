//! Base64url has one spelling of every byte string (RFC 7515 §2, RFC 4648 §3.5), and a token one structure.
//! Where a header or payload is misspelt, the signature is over the misspelling.

use super::*;
use jotlab::base64::Reason as Letter;
use jotlab::jose::{MAX_TOKEN_BYTES, Part, Reason, Signer};
use std::collections::BTreeSet;

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// How many last letters a lenient decoder would take for the signature, and which are taken here.
fn last_letters(token: &str, keys: &JwkSet, spare_bits: u32) -> (usize, Vec<char>) {
    let (rest, last) = token.split_at(token.len() - 1);
    let at = |letter: u8| LETTERS.iter().position(|&other| other == letter).unwrap();
    let spellings: BTreeSet<u8> = LETTERS
        .iter()
        .copied()
        .filter(|&letter| at(letter) >> spare_bits == at(last.as_bytes()[0]) >> spare_bits)
        .collect();
    let taken = spellings.iter().filter(|&&letter| {
        let token = format!("{rest}{}", char::from(letter));
        match verify(&token, keys, &strict()) {
            Ok(_) => true,
            Err(VerifyError::Malformed(error)) => {
                let reason = Reason::Base64(Letter::SpareBits(letter));
                assert_eq!(error, Malformed { part: Part::Signature, offset: rest.len(), reason });
                false
            }
            Err(other) => panic!("{other:?}"),
        }
    });
    (spellings.len(), taken.map(|&letter| char::from(letter)).collect())
}

/// RFC 4648 §3.5: 43 letters have 2 spare bits, 342 letters have 4.
#[test]
fn spare_bits_of_the_signature() {
    let (hs, rs) = (good_hs256(), good_rs256());
    assert_eq!(last_letters(&hs, &secret(), 2), (4, vec![hs.chars().last().unwrap()]));
    assert_eq!(last_letters(&rs, &rsa_public(), 4), (16, vec![rs.chars().last().unwrap()]));
}

/// RFC 4648 §3.5, in the signed parts.
#[test]
fn spare_bits_of_header_and_payload() {
    // one byte more than whole groups: the last letter has 4 spare bits
    let header = r#"{"alg":"HS256","x":1}"#.to_owned() + " ";
    let payload = CLAIMS.to_owned() + " ";
    let (header, payload) = (encode_url(header.as_bytes()), encode_url(payload.as_bytes()));
    assert_eq!((header.len() % 4, payload.len() % 4), (2, 2));
    assert!(check(&mac_token(SECRET, &header, &payload)).is_ok());
    let misspelt = |text: &str| {
        let (rest, last) = text.split_at(text.len() - 1);
        let at = LETTERS.iter().position(|&letter| letter == last.as_bytes()[0]).unwrap();
        let letter = LETTERS[at + 1];
        (format!("{rest}{}", char::from(letter)), Reason::Base64(Letter::SpareBits(letter)))
    };
    let (text, reason) = misspelt(&header);
    let offset = header.len() - 1;
    let error = malformed(&mac_token(SECRET, &text, &payload));
    assert_eq!(error, Malformed { part: Part::Header, offset, reason });
    let (text, reason) = misspelt(&payload);
    let offset = header.len() + payload.len();
    let error = malformed(&mac_token(SECRET, &header, &text));
    assert_eq!(error, Malformed { part: Part::Payload, offset, reason });
}

/// The parts of a good token, their names, and where each begins.
fn parts() -> [(Part, usize, String); 3] {
    let token = good_hs256();
    let mut offset = 0;
    let mut names = [Part::Header, Part::Payload, Part::Signature].into_iter();
    let parts = token.split('.').map(|text| {
        let part = (names.next().unwrap(), offset, text.to_owned());
        offset += text.len() + 1;
        part
    });
    parts.collect::<Vec<_>>().try_into().unwrap()
}

/// A token in which one part is written otherwise; a signature over a part is over what is written.
fn with_part(index: usize, text: &str) -> String {
    let mut texts = parts().map(|(_, _, text)| text);
    texts[index] = text.into();
    let [header, payload, signature] = &texts;
    match index {
        2 => format!("{header}.{payload}.{signature}"),
        _ => mac_token(SECRET, header, payload),
    }
}

/// RFC 7515 §2: no padding, white space or other characters, in any part, at any place.
#[test]
fn bytes_outside_the_alphabet() {
    let strange = [
        "=", "==", " ", "\n", "\r\n", "\t", "\u{feff}", "+", "/", "\0", ",", "%3D", "é",
        "\u{200b}", "\u{7f}", "~", "*",
    ];
    for (index, (part, start, text)) in parts().into_iter().enumerate() {
        for inserted in strange {
            for at in [0, 1, text.len() / 2, text.len()] {
                let misspelt = format!("{}{inserted}{}", &text[..at], &text[at..]);
                let error = malformed(&with_part(index, &misspelt));
                let reason = Reason::Base64(Letter::NotInAlphabet(inserted.as_bytes()[0]));
                assert_eq!(error, Malformed { part, offset: start + at, reason }, "{inserted:?}");
            }
        }
    }
}

/// RFC 4648 §4: one letter is six bits, and no octet.
#[test]
fn length_one_more_than_a_multiple_of_four() {
    for (index, (part, start, text)) in parts().into_iter().enumerate() {
        let whole = text.len() / 4 * 4;
        let misspelt = format!("{}A", &text[..whole]);
        let error = malformed(&with_part(index, &misspelt));
        let reason = Reason::Base64(Letter::LoneLetter(b'A'));
        assert_eq!(error, Malformed { part, offset: start + whole, reason });
    }
}

/// White space around a token is not passed over.
#[test]
fn whitespace_around_the_token() {
    let token = good_hs256();
    for other in [" ", "\n", "\r\n", "\t", "\u{feff}", "\0"] {
        assert_eq!(malformed(&format!("{other}{token}")).offset, 0);
        assert_eq!(malformed(&format!("{token}{other}")).offset, token.len());
    }
}

/// The relaxation takes right padding, says so, and takes no other spelling.
#[test]
fn padding_by_name_only() {
    let token = good_hs256() + "=";
    let allowed = strict().allow(Relaxation::Base64Padding);
    assert!(verify(&token, &secret(), &allowed).is_ok());
    assert_eq!(relaxed(&token, &secret(), &allowed), [Relaxation::Base64Padding]);
    assert_eq!(relaxed(&good_hs256(), &secret(), &allowed), []);
    let others = Relaxation::ALL.into_iter().filter(|one| *one != Relaxation::Base64Padding);
    let others = others.fold(strict(), Policy::allow);
    assert!(matches!(verify(&token, &secret(), &others), Err(VerifyError::Malformed(_))));
    for wrong in ["==", "===", "=.", " =", "=\n"] {
        let token = good_hs256() + wrong;
        assert!(matches!(verify(&token, &secret(), &allowed), Err(VerifyError::Malformed(_))));
    }
}

/// RFC 7515 §7.1: three parts; and what something else looks like.
#[test]
fn other_structures() {
    let flattened = Signer::new(&secret().keys()[0], Algorithm::Hs256, &strict())
        .and_then(|signer| signer.flattened(CLAIMS.as_bytes(), jotlab::jose::Content::Attached));
    let flattened = flattened.unwrap().to_string();
    let five = format!("{}.{}", good_hs256(), "AAAA.AAAA");
    for (token, looks) in [
        (flattened.as_str(), "JSON serialization"),
        (&format!(" \n{flattened}"), "JSON serialization"),
        (&five, "JWE"),
        ("", "empty"),
        (".", "fewer"),
        ("eyJ", "fewer"),
        (&format!("{}.AAAA", good_hs256()), "more than three"),
        (&format!("{}.", good_hs256()), "more than three"),
        (&format!("{five}.AAAA"), "more than three"),
    ] {
        let error = malformed(token);
        assert_eq!(error.part, Part::Token);
        let Reason::Structure(what) = error.reason else { panic!("{error}") };
        assert!(what.contains(looks), "{token:?}: {what}");
    }
    assert_eq!(malformed("..").part, Part::Header);
}

/// RFC 7515 §5.2 step 8: what was received is verified, nothing is written anew.
#[test]
fn reencoding_instead_of_the_received_bytes() {
    let header = " {\t\"typ\" : \"JWT\" ,\r\n \"\\u0061lg\":\"\\u0048S256\", \"n\":1.0e0 } \n";
    let payload = "{ \"exp\" : 2.0000003E9,\n\n\t\"name\":\"\\u00e9\\/\" }\r\n";
    assert!(check(&hs256(header, payload)).is_ok());
    let reordered = hs256(r#"{"typ":"JWT","alg":"HS256"}"#, r#"{"z":1,"exp":2000000300,"a":2}"#);
    assert!(check(&reordered).is_ok());
}

/// 1 MiB are the most: the cap stands before any work.
#[test]
fn token_over_one_mebibyte() {
    let of_length = |length: usize| {
        let [(_, _, header), _, (_, _, signature)] = parts();
        let payload = "A".repeat(length - header.len() - signature.len() - 2);
        format!("{header}.{payload}.{signature}")
    };
    let error = malformed(&of_length(MAX_TOKEN_BYTES + 1));
    assert_eq!(error.reason, Reason::TooLong(MAX_TOKEN_BYTES + 1));
    let longest = of_length(MAX_TOKEN_BYTES);
    match check(&longest) {
        Err(VerifyError::Signature(_)) => {}
        // a payload of 4k + 1 letters is none
        Err(VerifyError::Malformed(error)) => assert_eq!(error.part, Part::Payload),
        other => panic!("{other:?}"),
    }
    let json = format!("{{{}", " ".repeat(MAX_TOKEN_BYTES));
    let error = Jws::json(&json).unwrap_err();
    assert_eq!(error.reason, Reason::TooLong(MAX_TOKEN_BYTES + 1));
}
