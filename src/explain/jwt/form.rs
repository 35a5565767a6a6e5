//! From a text to three parts, their bytes, and what those mean (RFC 7515 §7.1, §5.2 steps 1 to 7).

use crate::explain::code::{Code, code};
use crate::explain::step::{Stage, Step};
use crate::explain::value::Value;
use crate::jose::{Header, Jws, Malformed, Part, PartReader, PayloadForm, Policy, json};
use serde_json::{Map, Value as Json};

const SPLIT: Code = code!("jose/jws.rs", "let mut points = memchr_iter(b'.', token.as_bytes());");
const DECODE: Code = code!("jose/jws.rs", "match base64::decode_url(letters) {");
const HEADER: Code = code!("jose/jws.rs", "match Header::parse(header) {");
const PAYLOAD: Code = code!("jose/jws.rs", "PayloadForm::Raw => Ok(Payload::Raw(");

/// Characters of a part that its row shows.
const BEGIN: usize = 48;

pub(super) fn stages(token: &str, policy: &Policy, stages: &mut Vec<Stage>) -> Option<()> {
    let parts = Jws::split(token);
    stages.push(split(token, parts.as_ref()));
    let parts = parts.ok()?;
    let mut decode = Decode { reader: PartReader::new(policy.relaxations()), steps: vec![] };
    let whole = decode.all(parts);
    let why = "Base64url only carries bytes through places that take letters alone: anybody can undo it, \
               nothing is hidden. The bytes are what somebody wrote, blanks and line breaks too. Nothing of \
               what they say is believed yet.";
    let stage =
        Stage::new("jwt.decode", "from letters to bytes to JSON", "RFC 7515 §5.2 steps 2 to 7");
    stages.push(stage.code(DECODE).why(why).steps(decode.steps));
    whole
}

fn split(token: &str, parts: Result<&[&str; 3], &Malformed>) -> Stage {
    let why = "A compact token is three texts with points between: what it says of itself, what it says, and \
               the signature over both.";
    let stage = Stage::new("jwt.split", "three parts", "RFC 7515 §7.1").code(SPLIT).why(why);
    let parts = match parts {
        Ok(parts) => parts,
        Err(error) => {
            let step = Step::new("jwt.split", "the token")
                .inputs([Value::begin_of("token", token, 2 * BEGIN)])
                .outcome(Err(error.to_string()));
            return stage.step(step);
        }
    };
    let mut offset = 0;
    let names = ["header", "payload", "signature"];
    let steps = names.into_iter().zip(parts).map(|(name, text)| {
        let at = offset;
        offset += text.len() + 1;
        Step::new(format!("jwt.split.{name}"), format!("the {name}"))
            .inputs([Value::text("text", *text)])
            .outputs([
                Value::number("offset", at),
                Value::number("length", text.len()),
                Value::begin_of("begins", text, BEGIN),
            ])
    });
    stage.table(&["offset", "length", "begins"]).steps(steps)
}

/// The three parts decoded in production's order; the last step is the one that was refused, if one was.
struct Decode {
    reader: PartReader,
    steps: Vec<Step>,
}

impl Decode {
    fn all(&mut self, [header, payload, signature]: [&str; 3]) -> Option<()> {
        let payload_at = header.len() + 1;
        let signature_at = payload_at + payload.len() + 1;
        let form = self.header(header)?;
        self.payload(payload_at, payload, form)?;
        let step = Step::new("jwt.decode.signature", "the signature");
        let why = "Bytes without meaning of their own: they are only ever compared.";
        let bytes = self.reader.decode(Part::Signature, signature_at, signature);
        self.told(step.why(why), signature, bytes).map(drop)
    }

    fn header(&mut self, text: &str) -> Option<PayloadForm> {
        let step = Step::new("jwt.decode.header", "the header");
        let decoded = self.reader.decode(Part::Header, 0, text);
        let bytes = self.told(step, text, decoded)?;
        let step = self.steps.pop()?;
        let step = step.place("RFC 7515 §5.2 steps 2 to 4", HEADER);
        match Header::parse(bytes) {
            Ok(header) => {
                self.steps.push(meaning(step.outcome(Ok(())), header.members()));
                Some(header.payload_form())
            }
            Err(error) => {
                self.steps.push(step.outcome(Err(Malformed::header(error).to_string())));
                None
            }
        }
    }

    fn payload(&mut self, at: usize, text: &str, form: PayloadForm) -> Option<()> {
        let step = Step::new("jwt.decode.payload", "the payload");
        if form == PayloadForm::Raw {
            let step = step
                .place("RFC 7797 §3", PAYLOAD)
                .remark("the header has b64 false: the payload stands in the token as it is");
            return self.told(step, text, Ok(text.as_bytes().to_vec())).map(drop);
        }
        let decoded = self.reader.decode(Part::Payload, at, text);
        let bytes = self.told(step, text, decoded)?;
        if let (Ok(members), Some(step)) = (json::parse_object(&bytes), self.steps.pop()) {
            self.steps.push(meaning(step, &members));
        }
        Some(())
    }

    /// Adds the step of a part: its letters, its bytes, or why there are none.
    fn told(
        &mut self,
        step: Step,
        text: &str,
        bytes: Result<Vec<u8>, Malformed>,
    ) -> Option<Vec<u8>> {
        let step = step.inputs([Value::text("letters", text)]);
        let (step, bytes) = match bytes {
            Ok(bytes) => (step.outputs([Value::bytes("bytes", &bytes[..])]), Some(bytes)),
            Err(error) => (step.outcome(Err(error.to_string())), None),
        };
        let remark = bytes.as_deref().and_then(line_break);
        self.steps.push(match remark {
            Some(remark) => step.remark(remark),
            None => step,
        });
        bytes
    }
}

/// What the bytes mean as JSON: without blanks, its members sorted.
fn meaning(step: Step, members: &Map<String, Json>) -> Step {
    step.outputs([Value::text("means", Json::Object(members.clone()).to_string())])
}

/// Line breaks in a part that is text: as RFC 7515 §A.1 has them.
fn line_break(bytes: &[u8]) -> Option<String> {
    str::from_utf8(bytes).ok()?;
    let at = bytes.iter().position(|byte| matches!(byte, b'\r' | b'\n'))?;
    let name = match bytes[at..] {
        [b'\r', b'\n', ..] => "CR LF (0d 0a)",
        [b'\r', ..] => "a CR (0d)",
        _ => "a line feed (0a)",
    };
    Some(format!(
        "{name} at byte {at}: it means nothing in JSON and was signed like any other byte, so whoever writes \
         this JSON anew without it has another message"
    ))
}
