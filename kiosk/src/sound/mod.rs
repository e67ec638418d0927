//! The voice: plays recordings on whatever the system has, on a thread of its own.
//!
//! Nobody waits for it. Where there is no sound device, or it is unplugged, there is silence and nothing else
//! changes. What belongs to the system stands in [`device`].

mod device;
mod resample;

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{self, Receiver, RecvTimeoutError, Sender},
    },
    thread,
    time::Duration,
};

use records::sound::Sound;
use zeroize::Zeroizing;

use crate::machine::PAUSE;
use device::Device;

/// How long the system may take to play what it was handed, after the last sample.
const DRAIN: Duration = Duration::from_millis(300);

/// What is to be said, and whose turn it is.
struct Order {
    turn: u64,
    recordings: Vec<Arc<[u8]>>,
}

/// Says recordings. When it is let go, its thread falls silent and ends.
pub struct Speaker {
    orders: Sender<Order>,
    turn: Arc<AtomicU64>,
}

impl Speaker {
    /// Starts its thread. The sound device is opened when there is something to say, and closed after it.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start() -> io::Result<(Self, thread::JoinHandle<()>)> {
        let (orders, inbox) = mpsc::channel();
        let turn = Arc::new(AtomicU64::new(0));
        let shared = turn.clone();
        let thread = thread::Builder::new().name("voice".into()).spawn(move || serve(&inbox, &shared))?;
        Ok((Self { orders, turn }, thread))
    }

    /// Says these, one after another, in the place of whatever is being said.
    pub fn say(&self, recordings: Vec<Arc<[u8]>>) {
        let turn = self.turn.fetch_add(1, Ordering::SeqCst) + 1;
        // A thread that is gone is silent already.
        let _ = self.orders.send(Order { turn, recordings });
    }

    /// Stops at once: from the next samples on that the system asks for.
    pub fn hush(&self) {
        self.say(Vec::new());
    }
}

impl Drop for Speaker {
    fn drop(&mut self) {
        self.turn.fetch_add(1, Ordering::SeqCst);
    }
}

fn serve(inbox: &Receiver<Order>, turn: &Arc<AtomicU64>) {
    let mut next = inbox.recv().ok();
    while let Some(order) = next {
        // Whoever touches the speaker three times hears it once.
        let order = inbox.try_iter().last().unwrap_or(order);
        next = match play(&order, turn) {
            Some((device, lasts)) => {
                let answer = inbox.recv_timeout(lasts);
                drop(device);
                match answer {
                    Ok(order) => Some(order),
                    Err(RecvTimeoutError::Timeout) => inbox.recv().ok(),
                    Err(RecvTimeoutError::Disconnected) => None,
                }
            }
            None => inbox.recv().ok(),
        };
    }
}

/// Begins to play; gives back the device that plays, and how long it will.
fn play(order: &Order, turn: &Arc<AtomicU64>) -> Option<(Device, Duration)> {
    let is_on = || turn.load(Ordering::SeqCst) == order.turn;
    if order.recordings.is_empty() || !is_on() {
        return None;
    }
    let device = Device::open(order.turn, turn.clone())?;
    let rate = device.rate();
    let mut samples = 0;
    for recording in order.recordings.iter().take_while(|_| is_on()) {
        // What cannot be read is not said: the words are on the screen.
        let Ok(sound) = Sound::read(recording) else { continue };
        let sound = Zeroizing::new(sound.samples).to_rate(sound.rate, rate);
        samples += sound.len();
        device.add(sound);
        let pause = usize::try_from(PAUSE * u64::from(rate) / 1000).unwrap_or_default();
        samples += pause;
        device.add(Zeroizing::new(vec![0.0; pause]));
    }
    Some((device, Duration::from_secs_f64(samples as f64 / f64::from(rate.max(1))) + DRAIN))
}

trait ToRate {
    fn to_rate(self, from: u32, to: u32) -> Zeroizing<Vec<f32>>;
}

impl ToRate for Zeroizing<Vec<f32>> {
    fn to_rate(self, from: u32, to: u32) -> Zeroizing<Vec<f32>> {
        if from == to { self } else { Zeroizing::new(resample::resample(&self, from, to)) }
    }
}

/// What this machine plays on, in the system's words; none where it has nothing to play on.
pub fn device_name() -> Option<String> {
    device::name()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    #[test]
    fn a_voice_that_is_told_to_say_what_is_no_sound_says_nothing_and_ends() {
        let (speaker, thread) = Speaker::start().unwrap();
        speaker.say(vec![Arc::from(&b"no sound at all"[..])]);
        speaker.hush();
        speaker.hush();
        drop(speaker);
        thread.join().unwrap();
    }
}
