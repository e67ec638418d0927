//! A phone with an authenticator app, made from RFC 6238 apart from the hub's own code.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use std::thread::sleep;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const STEP: u64 = 30;
const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A phone that knows one account's key.
#[derive(Debug, Clone)]
pub struct Phone {
    key: Vec<u8>,
    shown: u64,
}

impl Phone {
    /// As somebody types the key that the page shows, in base 32. What is no letter of it is passed over.
    pub fn with_key(typed: &str) -> Self {
        let values = typed.chars().filter_map(|c| LETTERS.find(c.to_ascii_uppercase()));
        let (mut key, mut held, mut bits) = (Vec::new(), 0_usize, 0);
        for value in values {
            held = (held << 5) | value;
            bits += 5;
            if bits >= 8 {
                bits -= 8;
                key.push(u8::try_from((held >> bits) & 0xff).unwrap_or_default());
            }
        }
        Self { key, shown: 0 }
    }

    /// A code that is good now and was not shown before: the one of now, of the half minute before or after. Where all
    /// three were shown, it waits for the next.
    pub fn code(&mut self) -> String {
        loop {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs()) / STEP;
            // The one before may end while it is typed: it is not offered.
            if let Some(step) = (now..=now + 1).find(|step| *step > self.shown) {
                self.shown = step;
                return self.of(step);
            }
            sleep(Duration::from_millis(500));
        }
    }

    fn of(&self, step: u64) -> String {
        let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(&self.key) else { return String::new() };
        mac.update(&step.to_be_bytes());
        let sum = mac.finalize().into_bytes();
        let at = usize::from(sum[19] & 15);
        let number = sum[at..at + 4].iter().fold(0_u32, |number, byte| (number << 8) | u32::from(*byte));
        format!("{:06}", (number & 0x7fff_ffff) % 1_000_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_shows_the_codes_of_rfc_6238() {
        let phone = Phone::with_key("GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert_eq!(phone.key, b"12345678901234567890");
        assert_eq!((phone.of(1).as_str(), phone.of(1_234_567_890 / STEP).as_str()), ("287082", "005924"));
    }
}
