//! What was chosen in the teacher's panel, in a file of its own.

use std::{fs, path::PathBuf};

use records::day::Moment;

use super::{Folder, FolderError, read_if_there, write_whole};
use crate::machine::Settings;

const FILE: &str = "settings.json";

/// What a folder had to say of the settings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FoundSettings {
    /// What holds now.
    pub settings: Settings,
    /// Where a file that could not be read was set aside.
    pub set_aside: Option<PathBuf>,
}

impl FoundSettings {
    /// The settings of a folder. Where there are none, the usual ones; a file that cannot be understood is set aside
    /// as it is, and the usual ones hold.
    ///
    /// # Errors
    /// [`FolderError::Io`].
    pub fn read(folder: &Folder, now: Moment) -> Result<Self, FolderError> {
        let path = folder.path(FILE);
        let Some(bytes) = read_if_there(&path)? else { return Ok(Self::default()) };
        if let Ok(settings) = serde_json::from_slice(&bytes) {
            return Ok(Self { settings, set_aside: None });
        }
        let room = folder.path("set-aside");
        let io = |path: PathBuf| move |source| FolderError::Io { path, source };
        fs::create_dir_all(&room).map_err(io(room.clone()))?;
        let aside = room.join(format!("settings-{}.json", now.0));
        fs::rename(&path, &aside).map_err(io(path))?;
        Ok(Self { settings: Settings::default(), set_aside: Some(aside) })
    }
}

/// Keeps the settings: the old file stands, or the new one.
///
/// # Errors
/// [`FolderError::Io`].
pub fn write_settings(folder: &Folder, settings: &Settings) -> Result<(), FolderError> {
    let text = serde_json::to_vec_pretty(settings).expect("plain values have no form that JSON lacks");
    write_whole(&folder.path(FILE), &text)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::machine::{Hours, Mode, Pace, Scanning, SwitchKey, TextSize};

    fn room() -> (tempfile::TempDir, Folder) {
        let room = tempfile::tempdir().unwrap();
        let folder = Folder::at(room.path()).unwrap();
        (room, folder)
    }

    #[test]
    fn what_was_chosen_is_there_after_a_restart() {
        let (_room, folder) = room();
        assert_eq!(FoundSettings::read(&folder, Moment(0)).unwrap(), FoundSettings::default());
        let class = records::ids::ClassId::from_bytes([7; 16]);
        for mode in [Mode::Everybody, Mode::Class(None), Mode::Class(Some(class)), Mode::OpenEvening] {
            let settings = Settings {
                mode,
                next_child: true,
                sound: false,
                text: TextSize::Double,
                high_contrast: true,
                reduced_motion: true,
                scanning: Scanning::OneSwitch,
                pace: Pace::Slow,
                choose_key: Some(SwitchKey::F7),
                next_key: Some(SwitchKey::PageDown),
                language: Some("pl".parse().unwrap()),
                hours: Some(Hours::USUAL),
            };
            write_settings(&folder, &settings).unwrap();
            let found = FoundSettings::read(&folder, Moment(0)).unwrap();
            assert_eq!(found, FoundSettings { settings, set_aside: None });
        }
    }

    #[test]
    fn a_damaged_file_is_set_aside_as_it_was_and_the_usual_settings_hold() {
        for damage in [
            "",
            "{",
            "17",
            r#"{"mode":"disco"}"#,
            r#"{"hours":[40,20]}"#,
            r#"{"text":"300%"}"#,
            r#"{"choose_key":"Q"}"#,
            r#"{"language":"Polish"}"#,
        ] {
            let (_room, folder) = room();
            fs::write(folder.path(FILE), damage).unwrap();
            let found = FoundSettings::read(&folder, Moment(17)).unwrap();
            assert_eq!(found.settings, Settings::default(), "{damage}");
            assert_eq!(fs::read_to_string(found.set_aside.unwrap()).unwrap(), damage);
            assert_eq!(FoundSettings::read(&folder, Moment(18)).unwrap(), FoundSettings::default());
        }
    }

    #[test]
    fn a_file_of_an_older_or_newer_program_keeps_what_is_understood() {
        let (_room, folder) = room();
        fs::write(folder.path(FILE), r#"{"sound":false,"perfume":"rose"}"#).unwrap();
        let found = FoundSettings::read(&folder, Moment(0)).unwrap();
        assert_eq!(found.settings, Settings { sound: false, ..Settings::default() });
    }
}
