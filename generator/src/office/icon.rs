//! An icon that opens the office's page, for whoever has never seen a terminal. The technician puts it there
//! once (the Desktop Entry Specification 1.5 of freedesktop.org).

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

/// The name of the launcher's file.
const FILE: &str = "signpost.desktop";

/// Puts an icon into this person's menu and onto their desktop, where there is one. Gives what was written.
///
/// # Errors
/// In the words of the system.
pub fn put(program: &Path, drawing: &[u8]) -> io::Result<Vec<PathBuf>> {
    let home = env::home_dir().ok_or_else(|| io::Error::other("nobody knows your own folder"))?;
    let data = env::var_os("XDG_DATA_HOME").map_or_else(|| home.join(".local/share"), PathBuf::from);
    let picture = data.join("icons/hicolor/scalable/apps/signpost.svg");
    write(&picture, drawing)?;
    let entry = entry(program);
    let menu = data.join("applications").join(FILE);
    write(&menu, entry.as_bytes())?;
    let mut written = vec![menu];
    let desktop = env::var_os("XDG_DESKTOP_DIR").map_or_else(|| home.join("Desktop"), PathBuf::from);
    if desktop.is_dir() {
        let on_desktop = desktop.join(FILE);
        write(&on_desktop, entry.as_bytes())?;
        written.push(on_desktop);
    }
    #[cfg(unix)]
    for file in &written {
        use std::os::unix::fs::PermissionsExt as _;
        // A desktop starts only what is marked as a program.
        fs::set_permissions(file, fs::Permissions::from_mode(0o755))?;
    }
    Ok(written)
}

fn write(file: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(file, bytes)
}

/// The launcher. It opens a window of its own, which says that Signpost is at work and ends it when closed.
fn entry(program: &Path) -> String {
    format!(
        "[Desktop Entry]\nType=Application\nVersion=1.5\nName=Signpost\n\
         Comment=The school’s policies, agreements and guides: write, check, publish\n\
         Exec={} office\nIcon=signpost\nTerminal=true\nCategories=Office;\n",
        quoted(&program.to_string_lossy())
    )
}

/// A word of `Exec`: in quotation marks, with what would mean something else escaped, and once more for the file.
fn quoted(word: &str) -> String {
    let mut out = String::from("\"");
    for letter in word.chars() {
        match letter {
            '"' | '`' | '$' => out.extend(["\\\\".to_owned(), letter.to_string()]),
            '\\' => out.push_str("\\\\\\\\"),
            '%' => out.push_str("%%"),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_in_a_folder_with_spaces_and_signs_is_still_found() {
        assert_eq!(quoted("/opt/My Programs/signpost"), "\"/opt/My Programs/signpost\"");
        assert_eq!(quoted("/a 100%/$x/signpost"), "\"/a 100%%/\\\\$x/signpost\"");
        assert!(entry(Path::new("/usr/bin/signpost")).contains("\nExec=\"/usr/bin/signpost\" office\n"));
    }
}
