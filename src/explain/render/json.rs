//! JSON of the schema `jotlab-trace/1` (`docs/trace.schema.json`), so that others may compare theirs.

use super::super::code::Code;
use super::super::step::{Comparison, Outcome, Stage, Step};
use super::super::trace::{End, Trace};
use super::super::value::{Data, Value};
use super::Reveal;
use serde_json::{Map, Value as Json, json as object};

/// The name of the form, as the member `schema` has it.
pub const SCHEMA: &str = "jotlab-trace/1";

/// The whole trace as one object.
pub fn json(trace: &Trace, reveal: Reveal) -> Json {
    object!({
        "schema": SCHEMA,
        "subject": trace.subject(),
        "title": trace.title(),
        "stages": trace.stages().iter().map(|stage| stage_json(stage, reveal)).collect::<Vec<_>>(),
        "end": end(trace, reveal),
        "agreed": trace.agreed(),
    })
}

fn stage_json(stage: &Stage, reveal: Reveal) -> Json {
    object!({
        "id": stage.id,
        "title": stage.title,
        "section": stage.section,
        "code": stage.code.as_ref().map(code),
        "why": stage.why,
        "steps": stage.steps.iter().map(|step| step_json(step, reveal)).collect::<Vec<_>>(),
    })
}

fn step_json(step: &Step, reveal: Reveal) -> Json {
    let values = |values: &[Value]| values.iter().map(|v| value(v, reveal)).collect::<Vec<_>>();
    let mut members = Map::new();
    members.insert("id".to_owned(), step.id.clone().into());
    members.insert("title".to_owned(), step.title.clone().into());
    members.insert("in".to_owned(), values(&step.inputs).into());
    members.insert("out".to_owned(), values(&step.outputs).into());
    if let Some(why) = &step.why {
        members.insert("why".to_owned(), why.clone().into());
    }
    if let Some((section, place)) = &step.place {
        members.insert("section".to_owned(), (*section).into());
        members.insert("code".to_owned(), code(place));
    }
    if let Some(remark) = &step.remark {
        members.insert("remark".to_owned(), remark.clone().into());
    }
    if let Some(figure) = &step.figure {
        let same = figure.comparison == Comparison::Same;
        members.insert("figure".to_owned(), object!({ "source": figure.source, "same": same }));
    }
    match &step.outcome {
        Outcome::None => {}
        Outcome::Holds => drop(members.insert("holds".to_owned(), true.into())),
        Outcome::Fails(reason) => {
            members.insert("holds".to_owned(), false.into());
            members.insert("reason".to_owned(), reason.clone().into());
        }
    }
    members.into()
}

fn code(code: &Code) -> Json {
    object!({ "file": code.file, "line": code.line })
}

fn value(value: &Value, reveal: Reveal) -> Json {
    let name = &value.name;
    if reveal.hides(value) {
        return object!({ "name": name, "secret": true });
    }
    match &value.data {
        Data::Bytes(bytes) | Data::Word(bytes) => {
            object!({ "name": name, "hex": hex::encode(bytes) })
        }
        Data::Text(text) => object!({ "name": name, "text": text }),
        Data::Number(number) => object!({ "name": name, "number": number.to_string() }),
    }
}

fn end(trace: &Trace, reveal: Reveal) -> Json {
    match (trace.end(), trace.last_value()) {
        (End::Value(_), Some(last)) if reveal.hides(last) => object!({ "secret": true }),
        (End::Value(bytes), Some(Value { data: Data::Text(text), .. })) => {
            object!({ "hex": hex::encode(bytes), "text": text })
        }
        (End::Value(bytes), _) => object!({ "hex": hex::encode(bytes) }),
        (End::Accepted, _) => object!({ "accepted": true }),
        (End::Refused(reasons), _) => object!({ "accepted": false, "reasons": reasons }),
    }
}
