//! What the registered members mean, and which section says so.

/// Name, meaning, section: of headers (RFC 7515, RFC 7797) and claims (RFC 7519).
const MEMBERS: [(&str, &str, &str); 22] = [
    ("alg", "the algorithm that it claims to be signed with", "RFC 7515 §4.1.1"),
    ("typ", "what kind of token it is", "RFC 7515 §4.1.9"),
    ("cty", "what kind of content it carries", "RFC 7515 §4.1.10"),
    ("kid", "the name of the key; only a name", "RFC 7515 §4.1.4"),
    ("jku", "where keys are said to be: never followed here", "RFC 7515 §4.1.2"),
    ("jwk", "a key that came along: never believed here", "RFC 7515 §4.1.3"),
    ("x5u", "where a certificate is said to be: never followed here", "RFC 7515 §4.1.5"),
    ("x5c", "certificates that came along: never believed here", "RFC 7515 §4.1.6"),
    ("x5t", "the thumbprint of a certificate", "RFC 7515 §4.1.7"),
    ("x5t#S256", "the thumbprint of a certificate", "RFC 7515 §4.1.8"),
    ("crit", "members that must be understood, or the token is refused", "RFC 7515 §4.1.11"),
    ("b64", "whether the payload is base64url", "RFC 7797 §3"),
    ("iss", "who says so: the issuer", "RFC 7519 §4.1.1"),
    ("sub", "whom it is about: the subject", "RFC 7519 §4.1.2"),
    ("aud", "whom it is for: nobody else may take it", "RFC 7519 §4.1.3"),
    ("exp", "from then on it is refused, in seconds since 1970", "RFC 7519 §4.1.4"),
    ("nbf", "before then it is refused, in seconds since 1970", "RFC 7519 §4.1.5"),
    ("iat", "when it was issued, in seconds since 1970", "RFC 7519 §4.1.6"),
    ("jti", "a name of its own, so that a replay can be seen", "RFC 7519 §4.1.7"),
    ("scope", "what it lets somebody do", "RFC 8693 §4.2"),
    ("azp", "the party that it was issued to", "OpenID Connect Core"),
    ("nonce", "ties it to one request", "OpenID Connect Core"),
];

/// What a registered member means, with its section.
pub(super) fn meaning(name: &str) -> Option<(&'static str, &'static str)> {
    MEMBERS.iter().find(|(known, ..)| *known == name).map(|(_, says, section)| (*says, *section))
}
