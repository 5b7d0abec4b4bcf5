//! The public API: one program, so that the crate is linked once. Each module tests one concern.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "this is all test code")]
#![allow(unreachable_pub, reason = "`pub` in the support modules says what the tests may use")]

mod claims;
mod claims_header;
mod compatible_cookies;
mod conditions;
mod configuration;
mod configuration_answers;
mod configuration_providers;
mod configuration_rules;
mod configuration_sign_in;
mod configuration_warnings;
mod configuration_warnings_order;
mod cors;
mod credentials;
mod curves;
mod endpoints;
mod explanations;
mod identity_headers;
mod image_frames;
mod key_sets;
mod keys_needed;
mod origin_signing;
mod pages;
mod parts;
mod paths;
mod policy_model;
mod policy_order;
mod policy_rules;
mod remembered_tokens;
mod remembered_tokens_model;
mod requirements;
mod rule_options;
mod secrets;
mod sign_in_choice;
mod sign_in_flow;
mod sign_in_loops;
mod sign_in_pages;
mod sign_in_refresh;
mod sign_in_session;
mod sign_out;
mod signatures;
mod support;
mod times;
mod token_format;
mod token_header;
