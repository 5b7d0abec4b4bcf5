//! What others published about signatures: AWS's test suite, the worked examples of the Amazon S3 API Reference, and cases
//! for CloudFront's signed cookies and URLs.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "this is all test code")]
#![allow(unreachable_pub, reason = "`pub` in the support module says what the tests may use")]

mod aws_suite;
mod cloudfront;
mod s3_documentation;
mod support;
