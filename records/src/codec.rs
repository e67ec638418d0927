//! Encoding to and from bytes: CBOR (RFC 8949) arrays, fields in a fixed order.
//!
//! A field, once given a number, keeps it; a new field takes the next number and is optional, so
//! that a reader of an earlier version still understands what it knows.

use minicbor::{Decode, Encode};
use zeroize::Zeroizing;

/// Why bytes could not be read as what they should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The bytes are not CBOR of the expected shape, or break a rule of the type.
    #[error("the data is damaged or not what it should be ({0})")]
    Malformed(String),
    /// Something follows after a complete value.
    #[error("the data is damaged: {0} bytes follow after its end")]
    Trailing(usize),
}

/// The bytes of a value.
pub fn encode<T: Encode<()>>(value: &T) -> Vec<u8> {
    minicbor::to_vec(value)
        .expect("writing to a Vec cannot fail, and no type of this crate refuses to be encoded")
}

/// The bytes of a value that must not stay in memory: they are wiped when dropped, and so is every
/// smaller buffer that they outgrew on the way.
pub fn encode_secret<T: Encode<()>>(value: &T) -> Zeroizing<Vec<u8>> {
    let mut wiping = Wiping(Zeroizing::new(Vec::with_capacity(1024)));
    minicbor::encode(value, &mut wiping)
        .expect("writing to a Vec cannot fail, and no type of this crate refuses to be encoded");
    wiping.0
}

/// A buffer that grows by moving: a `Vec` that grows by itself leaves its old bytes behind.
struct Wiping(Zeroizing<Vec<u8>>);

impl minicbor::encode::Write for Wiping {
    type Error = std::convert::Infallible;

    fn write_all(&mut self, bytes: &[u8]) -> Result<(), Self::Error> {
        let needed = self.0.len() + bytes.len();
        if needed > self.0.capacity() {
            let mut larger = Zeroizing::new(Vec::with_capacity(needed.max(self.0.capacity() * 2)));
            larger.extend_from_slice(&self.0);
            self.0 = larger;
        }
        self.0.extend_from_slice(bytes);
        Ok(())
    }
}

/// Reads one value that takes up all of `bytes`.
///
/// # Errors
/// [`DecodeError`] if the bytes are not exactly one value of the type.
pub fn decode<'b, T: Decode<'b, ()>>(bytes: &'b [u8]) -> Result<T, DecodeError> {
    let mut decoder = minicbor::Decoder::new(bytes);
    let value = decoder.decode().map_err(|e| DecodeError::Malformed(e.to_string()))?;
    match bytes.len() - decoder.position() {
        0 => Ok(value),
        more => Err(DecodeError::Trailing(more)),
    }
}

/// Lets a validated text type travel as a CBOR text string, checked again when it is read.
macro_rules! text_codec {
    ($type:ty) => {
        impl<C> minicbor::Encode<C> for $type {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut minicbor::Encoder<W>,
                _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.str(&self.to_string())?;
                Ok(())
            }
        }
        impl<'b, C> minicbor::Decode<'b, C> for $type {
            fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
                let at = d.position();
                d.str()?.parse().map_err(|e| minicbor::decode::Error::message(e).at(at))
            }
        }
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(d)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use text_codec;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_encoded_like_anything_else_however_long_it_is() {
        for length in [0, 1, 1000, 1024, 5000, 70_000] {
            let value = vec!["ab".repeat(length), "c".to_owned()];
            assert_eq!(*encode_secret(&value), encode(&value));
        }
    }
}
