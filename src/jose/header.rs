//! The JOSE header (RFC 7515 §4): what a token says of itself, before anything of it is believed.

use super::algorithm::Algorithm;
use super::header_error::HeaderError;
use super::json::{self, type_name};
use super::relaxation::{Relaxation, Relaxations};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::sync::OnceLock;

/// Names that RFC 7515 §4.1 registers; `crit` must not list them (§4.1.11).
const REGISTERED: [&str; 11] =
    ["alg", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit"];
/// Members with rules of their own.
const RULED: [&str; 5] = ["alg", "kid", "typ", "crit", "b64"];
/// Extensions that are understood, so that `crit` may list them.
const UNDERSTOOD: [&str; 1] = ["b64"];

/// A header that obeys RFC 7515 §4. Whether it may be believed is another question: see
/// [`Verified`](super::Verified).
#[derive(Clone, Debug)]
pub struct Header {
    alg: Text,
    kid: Option<Text>,
    typ: Option<Text>,
    payload: PayloadForm,
    members: AllMembers,
    relaxed: Option<Relaxation>,
}

/// All members: put together when they are first asked for.
#[derive(Clone, Debug, Default)]
struct AllMembers {
    /// The text of a header that is protected as a whole.
    text: Vec<u8>,
    read: OnceLock<Map<String, Value>>,
}

/// How the payload was signed (RFC 7797 §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayloadForm {
    /// As its base64url text: the default.
    Encoded,
    /// As it is: `b64` is false.
    Raw,
}

impl Header {
    /// Reads the JSON of a protected header.
    ///
    /// # Errors
    ///
    /// When it is not a strict JSON object or breaks a rule of RFC 7515 §4 or RFC 7797.
    #[inline(always)]
    pub fn parse(json: impl Into<Vec<u8>>) -> Result<Header, HeaderError> {
        let text = json.into();
        let members = json::Members::parse(&text)?;
        let found = members.get_each(RULED);
        let header = Self::new(&found, |name| members.get(name).is_some())?;
        let members = AllMembers { text, read: OnceLock::new() };
        Ok(Header { members, ..header })
    }

    /// Joins the protected and the unprotected header of a JSON serialization (RFC 7515 §7.2.1).
    ///
    /// # Errors
    ///
    /// When they share a name, when the unprotected one has what must be protected, and as
    /// [`parse`](Header::parse).
    pub fn join(
        protected: Option<Map<String, Value>>,
        unprotected: Option<Map<String, Value>>,
        relaxations: Relaxations,
    ) -> Result<Header, HeaderError> {
        let (protected, unprotected) =
            (protected.unwrap_or_default(), unprotected.unwrap_or_default());
        // RFC 7515 §7.2.1: the names must be disjoint
        if let Some(name) = unprotected.keys().find(|name| protected.contains_key(*name)) {
            return Err(HeaderError::InBoth(name.clone()));
        }
        // RFC 7515 §4.1.11 and RFC 7797 §3: integrity protected, or they protect nothing
        if let Some(name) = ["crit", "b64"].into_iter().find(|name| unprotected.contains_key(*name))
        {
            return Err(HeaderError::Unprotected(name));
        }
        let mut relaxed = None;
        if unprotected.contains_key("alg") {
            if !relaxations.allows(Relaxation::UnprotectedAlg) {
                return Err(HeaderError::Unprotected("alg"));
            }
            relaxed = Some(Relaxation::UnprotectedAlg);
        }
        let mut members = protected.clone();
        members.extend(unprotected);
        // crit and b64 are protected ones, as was just seen
        let found = RULED.map(|name| members.get(name));
        let header = Self::new(&found, |name| protected.contains_key(name))?;
        let members = AllMembers { text: vec![], read: OnceLock::from(members) };
        Ok(Header { members, relaxed, ..header })
    }

    /// The rules on the members that have some.
    #[inline(always)]
    fn new<M: MemberValue>(
        [alg, kid, typ, crit, b64]: &[Option<M>; RULED.len()],
        is_protected: impl Fn(&str) -> bool,
    ) -> Result<Header, HeaderError> {
        let critical = match crit {
            Some(crit) => critical(crit, &is_protected)?,
            None => vec![],
        };
        let payload = match b64 {
            Some(b64) => payload_form(b64, &critical)?,
            None => PayloadForm::Encoded,
        };
        Ok(Header {
            payload,
            alg: string(alg.as_ref(), "alg")?.ok_or(HeaderError::Missing("alg"))?,
            kid: string(kid.as_ref(), "kid")?,
            // RFC 8725 §3.11: it keeps tokens of one kind from passing for another, so the signer's word counts
            typ: string(typ.as_ref(), "typ")?.filter(|_| is_protected("typ")),
            members: AllMembers::default(),
            relaxed: None,
        })
    }

    /// `alg` as it stands (RFC 7515 §4.1.1). It never decides alone which algorithm is used.
    pub fn alg(&self) -> &str {
        &self.alg
    }

    /// `kid` (RFC 7515 §4.1.4): an opaque name, compared and nothing else.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// `typ` of the protected header (RFC 7515 §4.1.9): an unprotected one is among the
    /// [`members`](Header::members) and counts for nothing.
    pub fn typ(&self) -> Option<&str> {
        self.typ.as_deref()
    }

    /// How the payload was signed.
    pub fn payload_form(&self) -> PayloadForm {
        self.payload
    }

    /// All members, protected and unprotected. `jwk`, `jku`, `x5u` and `x5c` are here and nowhere else:
    /// nothing ever takes a key from them.
    pub fn members(&self) -> &Map<String, Value> {
        let AllMembers { text, read } = &self.members;
        read.get_or_init(|| json::parse_object(text).unwrap_or_default())
    }

    /// The relaxation that this header needed.
    pub(super) fn relaxed(&self) -> Option<Relaxation> {
        self.relaxed
    }
}

/// The names in `crit`, all rules of RFC 7515 §4.1.11 obeyed.
fn critical(
    crit: &impl MemberValue,
    is_protected: impl Fn(&str) -> bool,
) -> Result<Vec<String>, HeaderError> {
    let wrong = |why| Err(HeaderError::Crit(why));
    let Value::Array(names) = crit.value() else { return wrong("is not an array") };
    if names.is_empty() {
        return wrong("is empty");
    }
    let mut seen: Vec<String> = vec![];
    for name in names {
        let Value::String(name) = name else { return wrong("holds something that is no string") };
        if seen.contains(&name) {
            return wrong("names a member twice");
        }
        if REGISTERED.contains(&name.as_str()) {
            return wrong("names a member that RFC 7515 itself registers");
        }
        if !is_protected(&name) {
            return wrong("names a member that is not in the protected header");
        }
        if !UNDERSTOOD.contains(&name.as_str()) {
            return Err(HeaderError::NotUnderstood(name));
        }
        seen.push(name);
    }
    Ok(seen)
}

/// RFC 7797 §3 and §6.
fn payload_form(b64: &impl MemberValue, critical: &[String]) -> Result<PayloadForm, HeaderError> {
    match b64.value() {
        Value::Bool(true) => Ok(PayloadForm::Encoded),
        Value::Bool(false) if critical.iter().any(|name| name == "b64") => Ok(PayloadForm::Raw),
        Value::Bool(false) => Err(HeaderError::B64NotCritical),
        other => {
            Err(HeaderError::Type { name: "b64", expected: "a boolean", found: type_name(&other) })
        }
    }
}

#[inline(always)]
fn string<M: MemberValue>(
    member: Option<&M>,
    name: &'static str,
) -> Result<Option<Text>, HeaderError> {
    let Some(member) = member else { return Ok(None) };
    match member.text() {
        Some(text) => Ok(Some(kept(&text))),
        None => {
            Err(HeaderError::Type { name, expected: "a string", found: type_name(&member.value()) })
        }
    }
}

/// A string of the header, with no memory of its own for a value that most tokens have.
type Text = Cow<'static, str>;

fn kept(text: &str) -> Text {
    match (Algorithm::from_name(text), text) {
        (Some(algorithm), _) => Cow::Borrowed(algorithm.name()),
        (None, "JWT") => Cow::Borrowed("JWT"),
        (None, "at+jwt") => Cow::Borrowed("at+jwt"),
        (None, _) => Cow::Owned(text.to_owned()),
    }
}

/// A member of a header: out of the text of a token, or out of a map.
trait MemberValue {
    fn text(&self) -> Option<Cow<'_, str>>;
    fn value(&self) -> Value;
}

impl MemberValue for json::Raw<'_> {
    fn text(&self) -> Option<Cow<'_, str>> {
        json::Raw::text(*self)
    }

    fn value(&self) -> Value {
        json::Raw::value(*self)
    }
}

impl MemberValue for &Value {
    fn text(&self) -> Option<Cow<'_, str>> {
        self.as_str().map(Cow::Borrowed)
    }

    fn value(&self) -> Value {
        (*self).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(json: &str) -> HeaderError {
        Header::parse(json.as_bytes()).unwrap_err()
    }

    #[test]
    fn crit_is_obeyed_in_full() {
        for (json, why) in [
            (r#"{"alg":"HS256","crit":"b64","b64":true}"#, "is not an array"),
            (r#"{"alg":"HS256","crit":[],"b64":true}"#, "is empty"),
            (r#"{"alg":"HS256","crit":[1]}"#, "holds something that is no string"),
            (r#"{"alg":"HS256","crit":["b64","b64"],"b64":true}"#, "names a member twice"),
            (r#"{"alg":"HS256","crit":["alg"]}"#, "names a member that RFC 7515 itself registers"),
            (
                r#"{"alg":"HS256","crit":["b64"]}"#,
                "names a member that is not in the protected header",
            ),
        ] {
            assert_eq!(refused(json), HeaderError::Crit(why), "{json}");
        }
        let unknown =
            r#"{"alg":"HS256","crit":["http://example.invalid/x"],"http://example.invalid/x":1}"#;
        assert!(matches!(refused(unknown), HeaderError::NotUnderstood(_)));
        let b64 = Header::parse(br#"{"alg":"HS256","crit":["b64"],"b64":false}"#).unwrap();
        assert_eq!(b64.payload_form(), PayloadForm::Raw);
        assert_eq!(refused(r#"{"alg":"HS256","b64":false}"#), HeaderError::B64NotCritical);
        assert!(matches!(refused(r#"{"alg":"HS256","b64":"false"}"#), HeaderError::Type { .. }));
    }

    #[test]
    fn unprotected_members_cannot_override_or_protect() {
        let object = |json: &str| json::parse_object(json.as_bytes()).unwrap();
        let join = |protected: &str, unprotected: &str| {
            Header::join(Some(object(protected)), Some(object(unprotected)), Relaxations::none())
        };
        assert_eq!(
            join(r#"{"alg":"HS256"}"#, r#"{"alg":"HS256"}"#).unwrap_err(),
            HeaderError::InBoth("alg".into())
        );
        for (name, member) in
            [("crit", r#""crit":["b64"]"#), ("b64", r#""b64":true"#), ("alg", r#""alg":"HS256""#)]
        {
            let error = join("{}", &format!("{{{member}}}")).unwrap_err();
            assert_eq!(error, HeaderError::Unprotected(name));
        }
        assert_eq!(join(r#"{"alg":"HS256"}"#, r#"{"kid":"1"}"#).unwrap().kid(), Some("1"));
    }
}
