//! What is in a recording: from a file's bytes to samples.

use std::io::Cursor;

use symphonia::core::{
    codecs::audio::AudioDecoderOptions,
    errors::Error,
    formats::{FormatOptions, TrackType, probe::Hint},
    io::MediaSourceStream,
    meta::MetadataOptions,
};

/// The longest that is taken of a recording, in seconds: nobody listens to more on one screen.
pub const SECONDS_MAX: u32 = 120;

/// Why bytes are no recording that can be played.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotASound {
    /// No form that is known, or damaged.
    #[error(
        "it is not a sound file of a kind that can be played (Ogg Vorbis, WAV, MP3 or M4A), or it is damaged"
    )]
    Unreadable,
    /// There is nothing in it.
    #[error("there is no sound in it")]
    Empty,
    /// Longer than [`SECONDS_MAX`].
    #[error("it is longer than {SECONDS_MAX} seconds")]
    TooLong,
}

/// One voice, as samples.
#[derive(Debug, Clone, PartialEq)]
pub struct Sound {
    /// Samples in a second.
    pub rate: u32,
    /// The samples, between -1 and 1: several channels mixed into one.
    pub samples: Vec<f32>,
}

impl Sound {
    /// Reads a recording: Ogg Vorbis, WAV, MP3, or AAC in an M4A file.
    ///
    /// # Errors
    /// [`NotASound`].
    pub fn read(bytes: &[u8]) -> Result<Self, NotASound> {
        let source = MediaSourceStream::new(Box::new(Cursor::new(bytes.to_vec())), Default::default());
        let (hint, options) = (Hint::new(), FormatOptions::default());
        let mut file = symphonia::default::get_probe()
            .probe(&hint, source, options, MetadataOptions::default())
            .map_err(|_| NotASound::Unreadable)?;
        let track = file.default_track(TrackType::Audio).ok_or(NotASound::Unreadable)?;
        let (track_id, about) = (track.id, track.codec_params.clone());
        let about = about.as_ref().and_then(|about| about.audio()).ok_or(NotASound::Unreadable)?;
        let mut decoder = symphonia::default::get_codecs()
            .make_audio_decoder(about, &AudioDecoderOptions::default())
            .map_err(|_| NotASound::Unreadable)?;
        let mut sound = Self { rate: 0, samples: Vec::new() };
        let mut chunk: Vec<f32> = Vec::new();
        loop {
            let packet = match file.next_packet() {
                Ok(Some(packet)) => packet,
                Ok(None) => break,
                Err(_) => return Err(NotASound::Unreadable),
            };
            if packet.track_id != track_id {
                continue;
            }
            let decoded = match decoder.decode(&packet) {
                Ok(decoded) => decoded,
                // A damaged packet is left out, as every player does.
                Err(Error::DecodeError(_)) => continue,
                Err(_) => return Err(NotASound::Unreadable),
            };
            sound.rate = decoded.spec().rate();
            let channels = decoded.num_planes().max(1);
            decoded.copy_to_vec_interleaved(&mut chunk);
            sound.samples.extend(chunk.chunks(channels).map(|one| one.iter().sum::<f32>() / channels as f32));
            if sound.samples.len() as u64 > u64::from(sound.rate) * u64::from(SECONDS_MAX) {
                return Err(NotASound::TooLong);
            }
        }
        if sound.rate == 0 || sound.samples.is_empty() { Err(NotASound::Empty) } else { Ok(sound) }
    }

    /// How long it takes, in milliseconds.
    pub fn lasts(&self) -> u32 {
        let milliseconds = self.samples.len() as u64 * 1000 / u64::from(self.rate.max(1));
        u32::try_from(milliseconds).unwrap_or(u32::MAX)
    }

    /// How loud it is where it is loudest: the root mean square of the loudest 300 ms, in decibels below the most
    /// that a file can hold. A voice recorded well has about -20, and what nobody hears is under -50.
    pub fn loudness(&self) -> f32 {
        let stretch = (self.rate as usize * 3 / 10).max(1);
        let power = |part: &[f32]| part.iter().map(|s| s * s).sum::<f32>() / part.len() as f32;
        let most = self.samples.chunks(stretch).map(power).fold(0.0, f32::max);
        10.0 * most.max(1e-12).log10()
    }

    /// The largest sample; 1 or more was cut off.
    pub fn peak(&self) -> f32 {
        self.samples.iter().fold(0.0, |most, sample| most.max(sample.abs()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    /// A WAV file of 16 bits with so many channels.
    fn wav(samples: &[i16], channels: u16) -> Vec<u8> {
        let data: Vec<u8> = samples.iter().flat_map(|s| s.to_le_bytes()).collect();
        let length = u32::try_from(data.len()).unwrap();
        let mut file = b"RIFF".to_vec();
        file.extend((36 + length).to_le_bytes());
        file.extend(b"WAVEfmt ");
        file.extend(16_u32.to_le_bytes());
        for part in [1_u16, channels] {
            file.extend(part.to_le_bytes());
        }
        file.extend(8000_u32.to_le_bytes());
        file.extend((16_000 * u32::from(channels)).to_le_bytes());
        file.extend((2 * channels).to_le_bytes());
        file.extend(16_u16.to_le_bytes());
        file.extend(b"data");
        file.extend(length.to_le_bytes());
        file.extend(data);
        file
    }

    #[test]
    fn a_recording_in_two_channels_is_one_voice() {
        let sound = Sound::read(&wav(&[8000, 16000].repeat(8000), 2)).unwrap();
        assert_eq!((sound.rate, sound.samples.len(), sound.lasts()), (8000, 8000, 1000));
        assert!((sound.peak() - 12_000.0 / 32_768.0).abs() < 0.001, "{}", sound.peak());
        assert!((sound.loudness() - -8.7).abs() < 0.1, "{}", sound.loudness());
    }

    #[test]
    fn silence_is_told_from_a_voice() {
        assert!(Sound::read(&wav(&[3; 8000], 1)).unwrap().loudness() < -70.0);
        assert_eq!(Sound::read(&wav(&[], 1)), Err(NotASound::Empty));
    }

    #[test]
    fn what_is_no_sound_is_refused_and_nothing_else_happens() {
        assert_eq!(Sound::read(b""), Err(NotASound::Unreadable));
        assert_eq!(Sound::read(&[0x5A; 5000]), Err(NotASound::Unreadable));
        let whole = wav(&[8000; 4000], 1);
        for end in (0..whole.len()).step_by(97) {
            // Whatever it is taken for, it ends.
            let _ = Sound::read(&whole[..end]);
        }
        let long = wav(&vec![9; 8000 * (SECONDS_MAX as usize + 1)], 1);
        assert_eq!(Sound::read(&long), Err(NotASound::TooLong));
    }
}
