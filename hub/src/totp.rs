//! The codes of authenticator apps: RFC 6238 with SHA-1, six digits, thirty seconds, which is what all apps know.

use hmac::{Hmac, KeyInit as _, Mac as _};
use records::day::Moment;
use sha1::Sha1;
use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::random;

/// How long a code is good, in seconds.
const STEP: i64 = 30;
/// How many steps a phone's clock may be ahead or behind.
const SKEW: i64 = 1;
const DIGITS: u32 = 6;

/// What a phone and the hub share: 160 random bits, as RFC 4226 asks for.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Secret([u8; 20]);

impl Secret {
    /// A new one.
    pub fn generate() -> Self {
        Self(random::bytes())
    }
    /// As it is stored.
    pub const fn as_bytes(&self) -> &[u8; 20] {
        &self.0
    }
    /// From its bytes.
    pub const fn from_bytes(bytes: [u8; 20]) -> Self {
        Self(bytes)
    }
    /// To be typed into a phone: eight groups of four letters and digits.
    pub fn typed(&self) -> String {
        let text = data_encoding::BASE32.encode(&self.0);
        (0..8).map(|i| &text[i * 4..i * 4 + 4]).collect::<Vec<_>>().join(" ")
    }
    /// What the QR code says: whose it is, at which school.
    pub fn address(&self, school: &str, account: &str) -> String {
        // A long name would make a code that phones read badly.
        let school: String = school.chars().take(40).collect();
        let (issuer, secret) = (escaped(&school), data_encoding::BASE32_NOPAD.encode(&self.0));
        format!("otpauth://totp/{issuer}:{}?secret={secret}&issuer={issuer}", escaped(account))
    }
    /// The step that a typed code belongs to: the one of now or a neighbour, later than `after`. None where it is no
    /// such code: a step that was used, and every one before it, is used up.
    pub fn step_of(&self, typed: &str, now: Moment, after: i64) -> Option<i64> {
        let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
        let here = now.0.div_euclid(STEP);
        let fits = |step: &i64| bool::from(self.code(*step).as_bytes().ct_eq(typed.as_bytes()));
        (here - SKEW..=here + SKEW).filter(|step| *step > after).find(fits)
    }
    /// The code of a step.
    pub fn code(&self, step: i64) -> String {
        let number = self.truncated(step) % 10_u32.pow(DIGITS);
        format!("{number:06}")
    }
    fn truncated(&self, step: i64) -> u32 {
        let mut mac = Hmac::<Sha1>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        mac.update(&step.to_be_bytes());
        let sum: [u8; 20] = mac.finalize().into_bytes().into();
        let at = usize::from(sum[19] & 0x0f);
        u32::from_be_bytes([sum[at] & 0x7f, sum[at + 1], sum[at + 2], sum[at + 3]])
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

/// As a part of an address: all but letters and digits as `%xx`.
fn escaped(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~');
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rfc() -> Secret {
        Secret::from_bytes(*b"12345678901234567890")
    }

    #[test]
    fn the_codes_are_those_of_rfc_6238() {
        // Appendix B, SHA-1: eight digits, of which six are the last.
        let vectors: [(i64, u32); 6] = [
            (59, 94_287_082),
            (1_111_111_109, 7_081_804),
            (1_111_111_111, 14_050_471),
            (1_234_567_890, 89_005_924),
            (2_000_000_000, 69_279_037),
            (20_000_000_000, 65_353_130),
        ];
        for (time, expected) in vectors {
            let step = time / STEP;
            assert_eq!(rfc().truncated(step) % 100_000_000, expected, "{time}");
            assert_eq!(rfc().code(step), format!("{:06}", expected % 1_000_000), "{time}");
        }
        // RFC 4226, appendix D.
        let counters = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583"];
        for (counter, expected) in (0..).zip(counters) {
            assert_eq!(rfc().code(counter), expected);
        }
    }

    #[test]
    fn a_phone_may_be_one_step_off_and_no_more() {
        let (secret, now) = (rfc(), Moment(3000));
        let here = 100;
        for (off, good) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            let found = secret.step_of(&secret.code(here + off), now, 0);
            assert_eq!(found, good.then_some(here + off), "{off}");
        }
        assert_eq!(secret.step_of(" 12 34", now, 0), None);
        assert_eq!(secret.step_of("", now, 0), None);
        let spaced = secret.code(here);
        let spaced = format!("{} {}", &spaced[..3], &spaced[3..]);
        assert_eq!(secret.step_of(&spaced, now, 0), Some(here), "as phones show it");
    }

    #[test]
    fn a_code_that_was_used_is_good_no_more_and_neither_is_one_before_it() {
        let (secret, now) = (rfc(), Moment(3000));
        assert_eq!(secret.step_of(&secret.code(100), now, 100), None);
        assert_eq!(secret.step_of(&secret.code(99), now, 100), None);
        assert_eq!(secret.step_of(&secret.code(101), now, 100), Some(101));
    }

    #[test]
    fn a_phone_is_told_whose_code_it_is() {
        let address = rfc().address("St Mary’s & St Paul’s", "p.nair");
        assert!(address.starts_with("otpauth://totp/St%20Mary%E2%80%99s%20%26%20"), "{address}");
        assert!(
            address.contains(":p.nair?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=St%20"),
            "{address}"
        );
        assert_eq!(rfc().typed(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    }
}
