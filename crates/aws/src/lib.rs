//! Signs for Amazon Web Services: requests with Signature Version 4 ([`sigv4`]), and what CloudFront's signed cookies and
//! URLs carry ([`cloudfront`]).
//!
//! There is no I/O in it, no clock and no randomness: requests, credentials and the time are arguments.

pub mod cloudfront;
pub mod sigv4;

mod base64;
mod date;
mod hash;
mod json;
mod percent;
