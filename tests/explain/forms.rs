//! What the forms promise: 80 columns, a schema, no script, no secret, no steering, nothing overwritten.

use jotlab::explain::render::{self, Reveal};
use jotlab::explain::{Trace, base64, hmac, sha2};
use jotlab::sha2::Algorithm;
use serde_json::Value;
use std::process::{Command, Output};

const SCHEMA: &str = include_str!("../../docs/trace.schema.json");

fn traces() -> Vec<Trace> {
    let mut traces: Vec<Trace> =
        Algorithm::ALL.iter().map(|a| sha2::digest(*a, &[b'x'; 200]).unwrap()).collect();
    traces.push(hmac::mac(Algorithm::Sha512, b"Jefe", b"what do ya want\nfor nothing?").unwrap());
    traces.push(base64::encode(b"{\"alg\":\"HS256\"}..").unwrap());
    traces.push(base64::decode("eyJh\u{1b}[31m").unwrap());
    traces
}

fn jotlab(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_jotlab")).args(arguments).output().unwrap()
}

#[test]
fn text_fits_a_terminal_of_80_columns() {
    for trace in traces() {
        for line in render::text(&trace, Reveal::Secrets).lines() {
            let columns = line.chars().count();
            // a line of code may end where it ends; a figure's mark stands behind its row
            assert!(columns <= 80, "{columns} columns: {line}");
        }
    }
}

#[test]
fn json_has_the_members_that_the_schema_names() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    assert_eq!(schema["properties"]["schema"]["const"], render::SCHEMA);
    for trace in traces() {
        let json = render::json(&trace, Reveal::Masked);
        members(&json, &schema);
        for stage in json["stages"].as_array().unwrap() {
            members(stage, &schema["$defs"]["stage"]);
            for step in stage["steps"].as_array().unwrap() {
                members(step, &schema["$defs"]["step"]);
                for value in ["in", "out"].iter().flat_map(|side| step[side].as_array().unwrap()) {
                    members(value, &schema["$defs"]["value"]);
                }
            }
        }
    }
}

/// All that are required are there, and none that is not named.
fn members(value: &Value, schema: &Value) {
    let named = schema["properties"].as_object().unwrap();
    let value = value.as_object().unwrap();
    for required in schema["required"].as_array().unwrap() {
        assert!(value.contains_key(required.as_str().unwrap()), "no {required} in {value:?}");
    }
    assert!(value.keys().all(|key| named.contains_key(key)), "{value:?}");
}

#[test]
fn secrets_are_masked_in_every_form_unless_asked_for() {
    let trace = hmac::mac(Algorithm::Sha256, b"a secret", b"text").unwrap();
    let forms = |reveal| {
        [
            render::text(&trace, reveal),
            render::json(&trace, reveal).to_string(),
            render::html(&trace, reveal),
            render::beside(&trace, &trace, reveal),
        ]
    };
    let plain = |form: &String| form.replace([' ', '\n'], "");
    // the key, and the key under both pads
    for secret in ["61207365637265", "571645535544534236", "3d7c2f393f2e3928"] {
        assert!(forms(Reveal::Masked).iter().all(|form| !plain(form).contains(secret)), "{secret}");
    }
    let revealed = forms(Reveal::Secrets);
    assert!(revealed.iter().all(|form| plain(form).contains("61207365637265")));
}

#[test]
fn a_page_is_whole_without_script_and_without_anything_from_elsewhere() {
    let trace = base64::decode("eyJh<script>alert(1)</script>\u{202e}").unwrap();
    let page = render::html(&trace, Reveal::Masked);
    for forbidden in ["<script", "\u{202e}", "http://", "https://", "src=", "@import", "url("] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    assert!(page.contains("&lt;script&gt;"));
    assert!(page.starts_with("<!doctype html>") && page.contains("lang=\"en\""));
}

#[test]
fn files_are_written_once() {
    let directory = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("explain-files");
    let _absent = std::fs::remove_dir_all(&directory);
    std::fs::create_dir_all(&directory).unwrap();
    let path = directory.join("round.svg");
    let arguments = ["explain", "sha256", "abc", "--svg", path.to_str().unwrap()];
    assert!(jotlab(&arguments).status.success());
    let picture = std::fs::read_to_string(&path).unwrap();
    assert!(picture.contains("54da50e8") && picture.contains("08909ae5"), "{picture}");
    assert_eq!(jotlab(&arguments).status.code(), Some(2));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), picture);
}

#[test]
fn a_part_a_check_and_a_comparison() {
    let at = jotlab(&["explain", "sha256", "abc", "--at", "sha256.b0.r0"]);
    let text = String::from_utf8(at.stdout).unwrap();
    assert!(text.contains("T1 54da50e8") && !text.contains("round 1"), "{text}");
    assert_eq!(jotlab(&["explain", "sha256", "abc", "--at", "sha256.b9"]).status.code(), Some(2));
    let check = jotlab(&["explain", "sha256", "abc", "--check"]);
    let text = String::from_utf8(check.stdout).unwrap();
    assert!(text.contains("64 steps are as NIST prints them"), "{text}");
    let diff = jotlab(&["explain", "sha256", "abc", "--diff", "abd"]);
    let text = String::from_utf8(diff.stdout).unwrap();
    assert!(text.contains("r63") && text.contains("of  256 bits"), "{text}");
    let refused = jotlab(&["explain", "base64url", "--decode", "AB"]);
    assert_ne!(refused.status.code(), Some(0));
}
