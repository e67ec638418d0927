//! Where a hub is, as somebody types it or copies it from what the hub shows.

use std::net::Ipv6Addr;

/// The text is no address of a hub.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "“{}” is no address of a hub. It is written HOST:PORT, such as 192.168.1.10:8444; “signpost-hub pair” shows it beside the code",
    .0.escape_debug()
)]
pub struct NotAnAddress(String);

/// Host and port of an address, which may have `https://` before it and a slash after it.
pub(super) fn host_and_port(text: &str) -> Result<&str, NotAnAddress> {
    const SCHEME: &str = "https://";
    let plain = text.trim();
    let plain = match plain.get(..SCHEME.len()) {
        Some(scheme) if scheme.eq_ignore_ascii_case(SCHEME) => &plain[SCHEME.len()..],
        _ => plain,
    };
    let plain = plain.strip_suffix('/').unwrap_or(plain);
    match plain.rsplit_once(':') {
        Some((host, port)) if is_host(host) && is_port(port) => Ok(plain),
        _ => Err(NotAnAddress(text.to_owned())),
    }
}

fn is_host(host: &str) -> bool {
    match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None => !host.is_empty() && host.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '.' | '_')),
    }
}

fn is_port(port: &str) -> bool {
    port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port > 0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_address_is_taken_with_and_without_what_a_browser_puts_around_it() {
        for (text, plain) in [
            ("hub:8444", "hub:8444"),
            ("https://office-pc.local:8444/", "office-pc.local:8444"),
            ("https://[fd00::1]:8444", "[fd00::1]:8444"),
        ] {
            assert_eq!(host_and_port(text).unwrap(), plain);
        }
    }
}
