//! Remembers which school was open last, in the person's own settings folder.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

fn file() -> Option<PathBuf> {
    let folder = env::var_os("XDG_CONFIG_HOME")
        .or_else(|| env::var_os("APPDATA"))
        .map(PathBuf::from)
        .or_else(|| Some(env::home_dir()?.join(".config")))?;
    Some(folder.join("signpost/last-school.txt"))
}

/// The school of the last time.
pub(super) fn last() -> Option<PathBuf> {
    let text = fs::read_to_string(file()?).ok()?;
    let folder = PathBuf::from(text.trim_end_matches('\n'));
    folder.join("school.toml").is_file().then_some(folder)
}

/// Remembers a school. Where that cannot be written, the next time asks again.
pub(super) fn remember(school: &Path) {
    let Some(file) = file() else { return };
    if let Some(folder) = file.parent() {
        let _ = fs::create_dir_all(folder).and_then(|()| fs::write(&file, format!("{}\n", school.display())));
    }
}
