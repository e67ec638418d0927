//! From the samples in a second that a recording has to those that a sound device takes.

use std::f32::consts::PI;

/// On each side of a sample, how many others it is made of.
const REACH: isize = 12;

/// The same sound with another number of samples in a second, without tones that were not in it.
pub(super) fn resample(samples: &[f32], from: u32, to: u32) -> Vec<f32> {
    if from == 0 || to == 0 {
        return Vec::new();
    }
    let step = f64::from(from) / f64::from(to);
    // Where there will be fewer samples, what they cannot hold is left out.
    let width = (1.0 / step).min(1.0) as f32;
    let reach = (REACH as f32 / width).ceil() as isize;
    let count = (samples.len() as u64 * u64::from(to) / u64::from(from)) as usize;
    let one = |number: usize| {
        let at = number as f64 * step;
        let middle = at.floor() as isize;
        let part = (at - at.floor()) as f32;
        let (mut sum, mut weights) = (0.0, 0.0);
        for offset in 1 - reach..=reach {
            let weight = kernel((offset as f32 - part) * width);
            weights += weight;
            let place = usize::try_from(middle + offset).ok();
            sum += weight * place.and_then(|place| samples.get(place)).copied().unwrap_or_default();
        }
        if weights == 0.0 { 0.0 } else { sum / weights }
    };
    (0..count).map(one).collect()
}

/// A windowed sinc: 1 in the middle, and nothing beyond [`REACH`].
fn kernel(at: f32) -> f32 {
    let edge = at / REACH as f32;
    if edge.abs() >= 1.0 {
        return 0.0;
    }
    let window = 0.5 + 0.5 * (PI * edge).cos();
    if at.abs() < 1e-6 { window } else { window * (PI * at).sin() / (PI * at) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(hertz: f32, rate: u32, seconds: f32) -> Vec<f32> {
        let count = (rate as f32 * seconds) as usize;
        (0..count).map(|n| (2.0 * PI * hertz * n as f32 / rate as f32).sin()).collect()
    }

    #[test]
    fn a_tone_stays_the_same_tone_at_whatever_rate_the_device_has() {
        for (from, to) in [(24_000, 48_000), (24_000, 44_100), (48_000, 44_100), (44_100, 24_000)] {
            let made = resample(&tone(1000.0, from, 0.1), from, to);
            let wanted = tone(1000.0, to, 0.1);
            assert!(made.len().abs_diff(wanted.len()) <= 1, "{from} to {to}");
            let worst = made.iter().zip(&wanted).skip(200).take(wanted.len() - 400);
            let worst = worst.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(worst < 0.02, "{from} to {to}: off by {worst}");
        }
    }

    #[test]
    fn a_tone_that_the_device_cannot_hold_is_left_out_and_not_turned_into_another() {
        let made = resample(&tone(15_000.0, 48_000, 0.1), 48_000, 24_000);
        let loudest = made[200..made.len() - 200].iter().fold(0.0_f32, |most, s| most.max(s.abs()));
        assert!(loudest < 0.05, "{loudest}");
        assert!(resample(&[], 24_000, 48_000).is_empty());
    }
}
