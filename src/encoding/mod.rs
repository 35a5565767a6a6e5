//! How keys are written: DER (X.690) and PEM (RFC 7468). Strict both ways: one spelling for each value.

pub mod der;
pub mod pem;
