//! TLS: the school's own certificate authority, the two ports' settings, and the accepting of
//! connections with limits, so that a slow client costs the others nothing.

pub mod authority;
pub mod kiosk_certificate;
pub mod listener;
