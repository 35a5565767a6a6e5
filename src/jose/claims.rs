//! Claims (RFC 7519 §4): what a verified token says.

use super::json::type_name;
use super::numeric_date::NumericDate;
use core::fmt;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser::SerializeSeq};
use serde_json::{Map, Value};

/// The registered claims, and all others as they came. A struct of your own that derives `Deserialize`
/// does as well.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Claims {
    /// Issuer (RFC 7519 §4.1.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
    /// Subject (RFC 7519 §4.1.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub: Option<String>,
    /// Audience (RFC 7519 §4.1.3).
    #[serde(skip_serializing_if = "Audience::is_empty")]
    pub aud: Audience,
    /// Expiration time (RFC 7519 §4.1.4).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exp: Option<NumericDate>,
    /// Not before (RFC 7519 §4.1.5).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nbf: Option<NumericDate>,
    /// Issued at (RFC 7519 §4.1.6).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iat: Option<NumericDate>,
    /// Token identifier (RFC 7519 §4.1.7).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jti: Option<String>,
    /// Every other claim.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// The claims that have a field here (RFC 7519 §4.1).
pub(super) const REGISTERED: [&str; 7] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];

impl<'de> Deserialize<'de> for Claims {
    /// As serde would derive it, member by member; its form for `flatten` first keeps a copy of each claim that has
    /// no field here.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> de::Visitor<'de> for Members {
            type Value = Claims;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("claims")
            }

            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Claims, A::Error> {
                let (mut claims, mut seen) = (Claims::default(), [false; REGISTERED.len()]);
                while let Some(name) = map.next_key()? {
                    let place = match name {
                        Name::Registered(place) => place,
                        Name::Other(name) => {
                            claims.other.insert(name, map.next_value()?);
                            continue;
                        }
                    };
                    let name = REGISTERED[place];
                    if core::mem::replace(&mut seen[place], true) {
                        return Err(de::Error::duplicate_field(name));
                    }
                    match name {
                        "iss" => claims.iss = map.next_value()?,
                        "sub" => claims.sub = map.next_value()?,
                        "aud" => claims.aud = map.next_value()?,
                        "exp" => claims.exp = map.next_value()?,
                        "nbf" => claims.nbf = map.next_value()?,
                        "iat" => claims.iat = map.next_value()?,
                        _ => claims.jti = map.next_value()?,
                    }
                }
                Ok(claims)
            }
        }

        deserializer.deserialize_map(Members)
    }
}

/// The name of a claim: its place among the registered ones, or itself.
enum Name {
    Registered(usize),
    Other(String),
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl de::Visitor<'_> for Text {
            type Value = Name;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a claim")
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<Name, E> {
                let place = REGISTERED.iter().position(|registered| *registered == name);
                Ok(place.map_or_else(|| Name::Other(name.to_owned()), Name::Registered))
            }
        }

        deserializer.deserialize_identifier(Text)
    }
}

/// `aud`: one string or an array of strings (RFC 7519 §4.1.3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audience(pub Vec<String>);

impl Audience {
    /// Whether there is no audience at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The audiences in a value of `aud`.
    ///
    /// # Errors
    ///
    /// With the name of what was found, when it is neither a string nor a non-empty array of strings.
    pub fn from_value(value: &Value) -> Result<Audience, &'static str> {
        match value {
            Value::String(one) => Ok(Audience(vec![one.clone()])),
            Value::Array(many) if many.is_empty() => Err("an empty array"),
            Value::Array(many) => many
                .iter()
                .map(|one| one.as_str().map(str::to_owned).ok_or("an array of more than strings"))
                .collect::<Result<_, _>>()
                .map(Audience),
            other => Err(type_name(other)),
        }
    }
}

impl Serialize for Audience {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0[..] {
            [one] => serializer.serialize_str(one),
            many => {
                let mut array = serializer.serialize_seq(Some(many.len()))?;
                many.iter().try_for_each(|one| array.serialize_element(one))?;
                array.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Audience {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Audience::from_value(&value)
            .map_err(|found| de::Error::custom(format_args!("aud is {found}, not strings")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_audience_is_strings() {
        let audience = |text: &str| serde_json::from_str::<Audience>(text);
        assert_eq!(audience(r#""me""#).unwrap().0, ["me"]);
        assert_eq!(audience(r#"["me","you"]"#).unwrap().0, ["me", "you"]);
        for wrong in ["1", r#"["me",1]"#, "[]", "null", "{}"] {
            assert!(audience(wrong).is_err(), "{wrong}");
        }
    }

    /// What serde would derive, as a judge.
    #[derive(Debug, PartialEq, Deserialize)]
    struct Derived {
        iss: Option<String>,
        sub: Option<String>,
        #[serde(default)]
        aud: Audience,
        exp: Option<NumericDate>,
        nbf: Option<NumericDate>,
        iat: Option<NumericDate>,
        jti: Option<String>,
        #[serde(flatten)]
        other: Map<String, Value>,
    }

    #[test]
    fn claims_are_read_as_serde_would_derive_them() {
        for text in [
            "{}",
            r#"{"iss":"a","sub":"b","aud":"c","exp":1,"nbf":2.5,"iat":3,"jti":"d","x":[1],"y":null}"#,
            r#"{"iss":null,"exp":null,"jti":null}"#,
            r#"{"aud":["c","d"],"Iss":"no","other":{"other":1},"":0}"#,
            r#"{"iss":null,"iss":"x"}"#,
            r#"{"iss":"x","iss":null}"#,
            r#"{"exp":null,"exp":1}"#,
            r#"{"aud":"c","aud":"c"}"#,
            r#"{"aud":null}"#,
            r#"{"aud":[]}"#,
            r#"{"iss":1}"#,
            r#"{"exp":"1"}"#,
            r#"{"x":1,"x":2}"#,
            "[]",
            "1",
        ] {
            let derived = serde_json::from_str::<Derived>(text);
            match (serde_json::from_str::<Claims>(text), derived) {
                (Ok(Claims { iss, sub, aud, exp, nbf, iat, jti, other }), Ok(derived)) => {
                    let read = Derived { iss, sub, aud, exp, nbf, iat, jti, other };
                    assert_eq!(read, derived, "{text}");
                }
                (read, derived) => {
                    let (read, derived) = (read.is_ok(), derived.is_ok());
                    assert!(!read && !derived, "{text}: {read}, but {derived} as derived");
                }
            }
        }
        // a name that is a number is none, whatever its place
        let numbered = [(0_u64, "a"), (1, "b")];
        let numbered = de::value::MapDeserializer::<_, de::value::Error>::new(numbered.into_iter());
        assert!(Claims::deserialize(numbered).is_err());
    }
}
