//! How keys are written: DER (X.690) and PEM (RFC 7468); and the fields of a form. Strict: one spelling for each
//! value, errors with offsets.

pub mod der;
pub mod form;
pub mod pem;
