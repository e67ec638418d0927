//! The system's sound device: ALSA on Linux, WASAPI on Windows, and others that the crate beneath knows.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use cpal::{
    FromSample, SampleFormat, SizedSample, Stream, StreamConfig,
    traits::{DeviceTrait as _, HostTrait as _, StreamTrait as _},
};
use zeroize::Zeroizing;

/// A device that plays; it falls silent when it is let go.
pub(super) struct Device {
    queue: Arc<Mutex<Queue>>,
    rate: u32,
    // Plays as long as it is held.
    _stream: Stream,
}

impl Device {
    /// Opens what the system plays on, to play for as long as `turn` holds this number. None where there is
    /// nothing to play on, or it is taken.
    pub(super) fn open(number: u64, turn: Arc<AtomicU64>) -> Option<Self> {
        let device = cpal::default_host().default_output_device()?;
        let supported = device.default_output_config().ok()?;
        let format = supported.sample_format();
        let config: StreamConfig = supported.config();
        let (rate, channels) = (config.sample_rate, usize::from(config.channels).max(1));
        let queue = Arc::new(Mutex::new(Queue::default()));
        let feed = Feed { queue: queue.clone(), number, turn, channels };
        let stream = match format {
            SampleFormat::F32 => feed.stream::<f32>(&device, config),
            SampleFormat::I16 => feed.stream::<i16>(&device, config),
            SampleFormat::I32 => feed.stream::<i32>(&device, config),
            SampleFormat::U16 => feed.stream::<u16>(&device, config),
            SampleFormat::U8 => feed.stream::<u8>(&device, config),
            _ => None,
        }?;
        stream.play().ok()?;
        Some(Self { queue, rate, _stream: stream })
    }

    /// Samples in a second.
    pub(super) const fn rate(&self) -> u32 {
        self.rate
    }

    /// Plays this after what it has already.
    pub(super) fn add(&self, samples: Zeroizing<Vec<f32>>) {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).parts.push_back(samples);
    }
}

/// What the system plays on.
pub(super) fn name() -> Option<String> {
    let device = cpal::default_host().default_output_device()?;
    let name = device.description().ok()?.name().to_owned();
    device.default_output_config().ok()?;
    Some(name)
}

/// What fills the system's buffers.
struct Feed {
    queue: Arc<Mutex<Queue>>,
    number: u64,
    turn: Arc<AtomicU64>,
    channels: usize,
}

impl Feed {
    fn stream<S: SizedSample + FromSample<f32>>(
        self,
        device: &cpal::Device,
        config: StreamConfig,
    ) -> Option<Stream> {
        let fill = move |buffer: &mut [S], _: &cpal::OutputCallbackInfo| {
            let is_on = self.turn.load(Ordering::SeqCst) == self.number;
            let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
            queue.fill(buffer, self.channels, is_on);
        };
        // A device that is unplugged midway asks for nothing more: silence, until the next sentence finds another.
        device.build_output_stream(config, fill, |_| (), None).ok()
    }
}

/// What is still to be played, in parts.
#[derive(Default)]
struct Queue {
    parts: VecDeque<Zeroizing<Vec<f32>>>,
    // How much of the first part is played.
    played: usize,
}

impl Queue {
    /// Fills a buffer with what comes next, the same in each channel; with silence where there is no more, or where
    /// it is no longer wanted.
    fn fill<S: SizedSample + FromSample<f32>>(&mut self, buffer: &mut [S], channels: usize, is_on: bool) {
        if !is_on {
            self.parts.clear();
            self.played = 0;
        }
        for frame in buffer.chunks_mut(channels) {
            frame.fill(S::from_sample(self.next().unwrap_or(0.0)));
        }
    }

    fn next(&mut self) -> Option<f32> {
        loop {
            if let Some(sample) = self.parts.front()?.get(self.played) {
                self.played += 1;
                return Some(*sample);
            }
            self.parts.pop_front();
            self.played = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_follow_one_another_in_both_ears_and_silence_follows_the_last() {
        let mut queue = Queue::default();
        queue.parts.push_back(Zeroizing::new(vec![0.5]));
        queue.parts.push_back(Zeroizing::new(Vec::new()));
        queue.parts.push_back(Zeroizing::new(vec![-0.5, 0.25]));
        let mut buffer = [1.0_f32; 8];
        queue.fill(&mut buffer, 2, true);
        assert_eq!(buffer, [0.5, 0.5, -0.5, -0.5, 0.25, 0.25, 0.0, 0.0]);
    }

    #[test]
    fn what_is_stopped_is_silent_from_the_very_next_samples_on() {
        let mut queue = Queue::default();
        queue.parts.push_back(Zeroizing::new(vec![0.5; 1000]));
        let mut buffer = [0_i16; 4];
        queue.fill(&mut buffer, 1, true);
        assert!(buffer.iter().all(|sample| *sample > 16_000));
        queue.fill(&mut buffer, 1, false);
        assert_eq!(buffer, [0; 4]);
        assert!(queue.parts.is_empty(), "nothing of it is left in memory");
    }
}
