//! What touchscreens say: every sentence of the model school has its recording, and a school hears what is missing.

use std::{collections::BTreeSet, fs, path::Path};

use generator::{load::voice as folder, theme::Theme, voice};
use records::{pack::PackDraft, sound::Sound, voice::BRITISH};

use crate::workshop::{Workshop, said};

fn draft(workshop: &Workshop) -> PackDraft {
    let output = workshop.signpost(&[
        "build",
        "--school",
        "school",
        "--out",
        "out",
        "--only",
        "pack",
        "--date",
        "2026-11-22",
    ]);
    assert!(output.status.success(), "{}", said(&output));
    PackDraft::read(&fs::read(workshop.out().join("pack/school.packdraft")).unwrap()).unwrap()
}

#[test]
fn every_sentence_that_the_model_school_says_has_a_recording_that_is_heard() {
    let workshop = Workshop::model();
    let checked = workshop.check();
    let spoken = voice::spoken(&checked.school, &Theme::embedded().unwrap()).unwrap();
    let spoken: Vec<_> = spoken.into_iter().filter(voice::Spoken::is_expected).collect();
    let (mut faults, mut seconds) = (Vec::new(), 0.0);
    for sentence in &spoken {
        let Some(recorded) = checked.school.voice.recordings.get(&sentence.name()) else {
            faults.push(format!("no recording: {}", sentence.words));
            continue;
        };
        let sound = match Sound::read(&recorded.bytes) {
            Ok(sound) => sound,
            Err(why) => {
                faults.push(format!("“{}”: {why}", sentence.words));
                continue;
            }
        };
        let lasts = recorded.recording.lasts;
        seconds += f64::from(sound.lasts()) / 1000.0;
        let letters = sentence.words.chars().filter(|c| c.is_alphanumeric()).count() as f32;
        let pace = letters / (sound.lasts() as f32 / 1000.0);
        let starts = &recorded.recording.words;
        let words = sentence.words.split_whitespace().count();
        let mut fault = |what: String| faults.push(format!("“{}”: {what}", sentence.words));
        if !(-24.0..-9.0).contains(&sound.loudness()) {
            fault(format!("its loudness is {}", sound.loudness()));
        }
        if sound.peak() >= 1.0 {
            fault(format!("it is cut off at {}", sound.peak()));
        }
        if !(2.0..19.0).contains(&pace) {
            fault(format!("{pace} letters a second"));
        }
        if sound.lasts().abs_diff(lasts) > 60 {
            fault(format!("it lasts {}, not {lasts}", sound.lasts()));
        }
        if starts.len() != words || !starts.is_sorted() || starts.last().is_some_and(|last| *last >= lasts) {
            fault(format!("the times of its words: {starts:?}"));
        }
    }
    assert!(faults.is_empty(), "run scripts/voice/make: {faults:#?}");
    println!("{} sentences, {seconds:.0} s of speech", spoken.len());

    let wanted: BTreeSet<String> = spoken.iter().map(|one| folder::file_of(&one.name())).collect();
    let there = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../content/voice")).unwrap();
    let there = there.map(|entry| format!("voice/{}", entry.unwrap().file_name().to_string_lossy()));
    let stale: Vec<String> = there.filter(|name| name.ends_with(".ogg") && !wanted.contains(name)).collect();
    assert!(stale.is_empty(), "nothing says these any more: {stale:?}");
}

#[test]
fn the_pack_carries_each_recording_once_and_stays_small() {
    let workshop = Workshop::model();
    let draft = draft(&workshop);
    assert_eq!(draft.content.recordings.len(), draft.sounds.len());
    let promise = records::voice::name(BRITISH, "I am kind on a screen.");
    assert!(draft.content.recordings.iter().any(|one| one.sentence == promise && one.words.len() == 6));
    let bytes: usize = draft.sounds.values().map(Vec::len).sum();
    assert!(bytes < 10_000_000, "{bytes} bytes of sound");
}

#[test]
fn a_school_that_changes_a_promise_is_told_that_nobody_has_recorded_it() {
    let workshop = Workshop::model();
    let before = draft(&workshop).sounds.len();
    workshop.change("agreements/ks1.md", "I am kind on a screen.", "I am kind online.");
    workshop.change("agreements/ks1.md", "version = \"3.1\"", "version = \"3.2\"");
    let report = workshop.check().report;
    let found: Vec<_> = report.diagnostics().iter().filter(|d| d.code == "voice-missing").collect();
    let [found] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((found.file.as_str(), found.spot.as_ref().unwrap().line), ("agreements/ks1.md", 19));
    assert!(found.what.contains("“I am kind online.”"), "{}", found.what);
    assert!(found.mend.contains("voice/own"), "{}", found.mend);
    assert_eq!(draft(&workshop).sounds.len(), before - 1, "the old words are said nowhere");
    let listed = workshop.signpost(&["voice", "--school", "school", "--date", "2026-11-22"]);
    let listed = String::from_utf8(listed.stdout).unwrap();
    assert!(listed.contains("1 of them have no recording"), "{listed}");
    assert!(listed.contains("\"I am kind online.\" = \"\""), "{listed}");
}

#[test]
fn a_teachers_own_recording_comes_before_the_one_that_was_made() {
    let workshop = Workshop::model();
    let own = wav(6000);
    workshop.write("voice/own/kind.wav", &own);
    workshop.write("voice/own/recordings.toml", "\"I am kind on a screen.\" = \"kind.wav\"\n");
    assert!(!workshop.codes().iter().any(|code| code.starts_with("voice-")));
    let draft = draft(&workshop);
    let promise = records::voice::name(BRITISH, "I am kind on a screen.");
    assert_eq!(draft.sounds[&promise], own);
    let recording = draft.content.recordings.iter().find(|one| one.sentence == promise).unwrap();
    assert_eq!((recording.lasts, recording.words.len()), (1000, 0), "its words are lit by their length");
}

#[test]
fn own_recordings_that_nobody_would_hear_are_told_each_at_its_line() {
    let workshop = Workshop::model();
    workshop.write("voice/own/quiet.wav", wav(2));
    workshop.write("voice/own/kind.wav", wav(6000));
    workshop.write("voice/own/broken.m4a", "no sound");
    workshop.write(
        "voice/own/recordings.toml",
        "\"Sad\" = \"quiet.wav\"\n\"Scared\" = \"broken.m4a\"\n\"Cross\" = \"gone.wav\"\n\
         \"I am kind on a sceen.\" = \"kind.wav\"\n\"Hello\" = \"kind.wav\"\n",
    );
    let report = workshop.check().report;
    let found: Vec<_> = report
        .diagnostics()
        .iter()
        .filter(|d| d.code.starts_with("voice-"))
        .map(|d| (d.code, d.spot.as_ref().unwrap().line, format!("{} {}", d.what, d.mend)))
        .collect();
    let told = |line: usize, code: &str, words: &str| {
        assert!(
            found.iter().any(|(c, l, all)| (*c, *l) == (code, line) && all.contains(words)),
            "{found:#?}"
        );
    };
    told(1, "voice-unusable", "so quiet that nobody hears it");
    told(2, "voice-unusable", "not a sound file");
    told(3, "voice-unusable", "no such file in voice/own");
    told(4, "voice-of-nothing", "If you meant “I am kind on a screen.”");
    told(5, "voice-of-nothing", "No touchscreen says “Hello”");
    assert_eq!(found.len(), 5);
    workshop.write("voice/own/recordings.toml", "\"Sad\" = quiet.wav\n");
    assert!(workshop.codes().contains(&"broken-settings"));
}

#[test]
fn a_school_without_the_folder_is_silent_and_told_nothing() {
    let workshop = Workshop::model();
    fs::remove_dir_all(workshop.school().join("voice")).unwrap();
    assert!(!workshop.codes().iter().any(|code| code.starts_with("voice-")));
    assert!(draft(&workshop).sounds.is_empty());
}

/// A second of a tone so loud, as a WAV file.
pub(crate) fn wav(loud: i16) -> Vec<u8> {
    let tone = |n: u32| if (n / 20).is_multiple_of(2) { loud } else { -loud };
    let data: Vec<u8> = (0..8000).flat_map(|n| tone(n).to_le_bytes()).collect();
    let mut file = b"RIFF".to_vec();
    file.extend(16_036_u32.to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    file.extend([1, 0, 1, 0]);
    file.extend(8000_u32.to_le_bytes());
    file.extend(16_000_u32.to_le_bytes());
    file.extend([2, 0, 16, 0]);
    file.extend(b"data");
    file.extend(16_000_u32.to_le_bytes());
    file.extend(data);
    file
}
