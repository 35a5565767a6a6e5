//! The answers of one file, put to the tests of another.

use crate::vectors::formats::ReadError;
use crate::vectors::formats::node::{JsonPath, Node};
use serde_json::Value;
use std::collections::HashMap;

/// Members of a test that are answers.
const ANSWERS: [&str; 5] = ["md", "mac", "testPassed", "resultsArray", "signature"];
/// Members of a test that are questions. `signature` is one where it is to be verified.
const PROMPTS: [&str; 5] = ["msg", "message", "seed", "largeMsg", "key"];

fn tests(set: &Value) -> impl Iterator<Item = &Value> {
    let groups = set.get("testGroups").and_then(Value::as_array).into_iter().flatten();
    groups.flat_map(|group| group.get("tests").and_then(Value::as_array).into_iter().flatten())
}

/// Whether every test is bare of questions.
pub(super) fn has_no_prompts(set: &Value) -> bool {
    tests(set).next().is_some()
        && tests(set).all(|test| !PROMPTS.iter().any(|name| test.get(name).is_some()))
}

/// Whether the first test has its answer. In a prompt of `sigVer` a signature is a question.
pub(super) fn has_answers(set: &Value) -> bool {
    let is_verification = set
        .get("mode")
        .and_then(Value::as_str)
        .is_some_and(|mode| mode.eq_ignore_ascii_case("sigver"));
    let answered = |name: &&&str| !(is_verification && **name == "signature");
    tests(set)
        .next()
        .is_some_and(|test| ANSWERS.iter().filter(answered).any(|name| test.get(name).is_some()))
}

/// A prompt with the answers put in, group by group and test by test.
pub(super) fn joined(file: &str, prompt: &Value, answers: &Value) -> Result<Value, ReadError> {
    let mut by_test: HashMap<String, Value> = HashMap::new();
    let mut by_group: HashMap<String, Value> = HashMap::new();
    let root = Node::new(file, JsonPath::root().key("expectedResults"), answers);
    for group in root.get("testGroups")?.items()? {
        for test in group.get("tests")?.items()? {
            by_test.insert(test.get("tcId")?.name()?, test.value.clone());
        }
        let mut members = group.value.clone();
        if let Some(members) = members.as_object_mut() {
            members.remove("tests");
        }
        by_group.insert(group.get("tgId")?.name()?, members);
    }
    let mut joined = prompt.clone();
    let root = Node::new(file, JsonPath::root(), prompt);
    let groups = joined.get_mut("testGroups").and_then(Value::as_array_mut).into_iter().flatten();
    for (group, node) in groups.zip(root.get("testGroups")?.items()?) {
        let tests = group.get_mut("tests").and_then(Value::as_array_mut).into_iter().flatten();
        for (test, node) in tests.zip(node.get("tests")?.items()?) {
            let id = node.get("tcId")?;
            let answer = by_test.get(&id.name()?);
            let answer = answer.ok_or_else(|| id.fault("there is no answer to this test"))?;
            add(test, answer);
        }
        if let Some(more) = by_group.get(&node.get("tgId")?.name()?) {
            add(group, more);
        }
    }
    Ok(joined)
}

/// Adds members that are not there.
fn add(to: &mut Value, from: &Value) {
    if let (Some(to), Some(from)) = (to.as_object_mut(), from.as_object()) {
        for (name, value) in from {
            to.entry(name.clone()).or_insert_with(|| value.clone());
        }
    }
}
