//! JUnit XML. There is no schema of JUnit's own. What Jenkins's xUnit plugin demands (`junit-10.xsd`) is the
//! strictest that is in use, and is stated below as a table of elements: children, attributes that must be
//! there, attributes that may. A reader of ours checks the reports against it; python's says that they are XML.

use crate::files::{HOSTILE, hostile, is_fit_for_a_terminal, mixed, ran};
use crate::tools::{Dir, is_there, run};
use std::process::Command;

/// An element, its children, attributes that must be there, attributes that may.
type Rule =
    (&'static str, &'static [&'static str], &'static [&'static str], &'static [&'static str]);

const RULES: [Rule; 6] = [
    ("testsuites", &["testsuite"], &[], &["name", "time", "tests", "failures", "errors"]),
    (
        "testsuite",
        &["testcase"],
        &["name", "tests", "failures", "errors"],
        &[
            "skipped",
            "time",
            "timestamp",
            "hostname",
            "id",
            "package",
            "file",
            "log",
            "url",
            "group",
        ],
    ),
    (
        "testcase",
        &["skipped", "error", "failure", "system-out"],
        &["name"],
        &["classname", "time", "group"],
    ),
    ("failure", &[], &[], &["message", "type"]),
    ("error", &[], &[], &["message", "type"]),
    ("skipped", &[], &[], &["message", "type"]),
];

/// An element with its attributes as they are read, and what it holds.
#[derive(Debug)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    children: Vec<Element>,
}

impl Element {
    fn get(&self, name: &str) -> &str {
        let found = self.attributes.iter().find(|(other, _)| other == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    fn number(&self, name: &str) -> usize {
        self.get(name).parse().unwrap()
    }

    /// How many elements of a name are in it, at any depth.
    fn count(&self, name: &str) -> usize {
        usize::from(self.name == name)
            + self.children.iter().map(|child| child.count(name)).sum::<usize>()
    }
}

/// Reads one element: only what a report has, and strictly that.
fn element(text: &mut &str) -> Element {
    let inner = text.trim_start().strip_prefix('<').unwrap();
    let (tag, rest) = inner.split_once('>').unwrap();
    *text = rest;
    let (tag, is_empty) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
    let (name, mut rest) = tag.split_once(' ').unwrap_or((tag, ""));
    let mut attributes: Vec<(String, String)> = vec![];
    while !rest.trim().is_empty() {
        let (attribute, more) = rest.trim_start().split_once("=\"").unwrap();
        let (value, more) = more.split_once('"').unwrap();
        assert!(!attributes.iter().any(|(other, _)| other == attribute), "{attribute} twice");
        attributes.push((attribute.to_owned(), value_of(value)));
        rest = more;
    }
    let (name, mut children) = (name.to_owned(), vec![]);
    if is_empty {
        return Element { name, attributes, children };
    }
    loop {
        let (before, _) = text.split_once('<').unwrap();
        value_of(before);
        *text = &text[before.len()..];
        if let Some(rest) = text.strip_prefix(&format!("</{name}>")) {
            *text = rest;
            return Element { name, attributes, children };
        }
        children.push(element(text));
    }
}

/// Text with its references resolved. XML 1.0 §2.2: which characters may be there at all.
fn value_of(text: &str) -> String {
    let is_char = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    let mut parts = text.split('&');
    let mut value = parts.next().unwrap().to_owned();
    for part in parts {
        let (name, rest) = part.split_once(';').unwrap();
        value.push(match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            number => char::from_u32(number.strip_prefix('#').unwrap().parse().unwrap()).unwrap(),
        });
        value += rest;
    }
    assert!(value.chars().all(is_char) && !text.contains(['<', '>']), "{text}");
    value
}

fn obeys(element: &Element) {
    let (_, children, must, may) = RULES
        .iter()
        .find(|rule| rule.0 == element.name)
        .copied()
        .unwrap_or(("system-out", &[], &[], &[]));
    for (name, _) in &element.attributes {
        assert!(must.contains(&&name[..]) || may.contains(&&name[..]), "{} {name}", element.name);
    }
    assert!(must.iter().all(|name| element.attributes.iter().any(|(other, _)| other == name)));
    for child in &element.children {
        assert!(children.contains(&&child.name[..]), "{} in {}", child.name, element.name);
        obeys(child);
    }
}

fn read(xml: &str) -> Element {
    is_fit_for_a_terminal(xml);
    let mut rest = xml.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").unwrap();
    let root = element(&mut rest);
    assert!(rest.trim().is_empty() && root.name == "testsuites");
    obeys(&root);
    for suite in &root.children {
        assert_eq!(suite.number("tests"), suite.count("testcase"));
        assert_eq!(suite.number("failures"), suite.count("failure"));
        assert_eq!(suite.number("errors"), suite.count("error"));
        assert_eq!(suite.number("skipped"), suite.count("skipped"));
    }
    for (sum, each) in [("tests", "testcase"), ("failures", "failure"), ("errors", "error")] {
        assert_eq!(root.number(sum), root.count(each), "{sum}");
    }
    root
}

/// Every report of a directory, and of a hostile file.
fn reports() -> [String; 2] {
    let dir = Dir::new();
    mixed(&dir);
    let xml = ran(&["vectors", "run", dir.path("").to_str().unwrap(), "--format", "junit"]).out;
    [xml, hostile(&dir, &["--format", "junit"]).out]
}

#[test]
fn a_report_is_of_the_schema_and_its_sums_are_those_of_its_cases() {
    let [mixed, hostile] = reports().map(|xml| read(&xml));
    let sums = ["tests", "failures", "errors"].map(|sum| mixed.number(sum));
    // the broken file is an error with no case behind it
    assert_eq!((sums, mixed.count("skipped")), ([10, 1, 1], 2));
    let suite = mixed.children.iter().find(|suite| suite.get("name").ends_with("b.json")).unwrap();
    let failed = &suite.children[2];
    assert_eq!(failed.get("name"), "3: wrong on purpose");
    let failure = &failed.children[0];
    assert_eq!(failure.get("type"), "CONFIDENTIALITY");
    assert!(failure.get("message").contains("prime: refused, expected valid"), "{failure:?}");
    let broken = mixed.children.iter().find(|suite| suite.get("name").ends_with("z.json")).unwrap();
    assert!(broken.children[0].children[0].get("message").contains("offset"), "{broken:?}");
    // what XML can say of a hostile comment is there again, the rest is a mark
    let name = hostile.children[0].children[0].get("name").to_owned();
    let expected: String = HOSTILE
        .chars()
        .map(|c| match c {
            '\n' | '\r' | '\t' => c,
            '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
            c if c.is_control() => '\u{fffd}',
            c => c,
        })
        .collect();
    assert_eq!(name, format!("1: {expected}"));
}

#[test]
fn pythons_parser_takes_every_report() {
    const SCRIPT: &str = "import sys, xml.etree.ElementTree as tree\n\
        root = tree.fromstring(sys.stdin.buffer.read())\n\
        print(len(root.findall('.//testcase')), len(root.findall('.//failure')))";
    let python =
        || Command::new(std::env::var_os("JOTLAB_PYTHON").unwrap_or_else(|| "python3".into()));
    if !is_there("python", python().args(["-c", "import xml.etree.ElementTree"])) {
        return;
    }
    for (xml, counts) in reports().iter().zip(["10 1\n", "2 1\n"]) {
        assert_eq!(run(python().args(["-c", SCRIPT]), xml.as_bytes()), counts.as_bytes());
    }
}
