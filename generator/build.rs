//! Builds the themes and the model school into the program, so that it works alone, and lets it know what it
//! was built from, so that it takes nothing that another program made for its own work.

use std::{
    collections::hash_map::DefaultHasher,
    env,
    fmt::Write as _,
    fs,
    hash::Hasher as _,
    io,
    path::{Path, PathBuf},
};

fn main() -> io::Result<()> {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let prints = env::var_os("CARGO_FEATURE_PRINT").is_some();
    let mut code = String::new();
    let mut embedded = DefaultHasher::new();
    for (name, folder) in [("THEMES", "../themes"), ("MODEL_SCHOOL", "../content")] {
        let folder = here.join(folder);
        println!("cargo:rerun-if-changed={}", folder.display());
        let mut files = Vec::new();
        collect(&folder, &mut files)?;
        files.sort();
        let _ = writeln!(code, "static {name}: &[(&str, &[u8])] = &[");
        for file in files {
            let inside = file.strip_prefix(&folder).unwrap_or(&file);
            let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
            // TTF files are for the kiosk, which brings its own, and for print.
            if !prints && inside.extension().is_some_and(|ending| ending == "ttf") {
                continue;
            }
            let path = fs::canonicalize(&file)?;
            embedded.write(parts.join("/").as_bytes());
            embedded.write(&fs::read(&path)?);
            let _ = writeln!(
                code,
                "    ({:?}, include_bytes!({:?})),",
                parts.join("/"),
                path.display().to_string()
            );
        }
        code.push_str("];\n");
    }
    println!("cargo:rustc-env=SIGNPOST_SOURCES={:016x}", sources(&here)?);
    println!("cargo:rustc-env=SIGNPOST_EMBEDDED={:016x}", embedded.finish());
    println!("cargo:rustc-env=SIGNPOST_PRINTS={prints}");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("embedded.rs"), code)
}

/// A number that differs when the sources of the program do, or the versions of what it stands on.
fn sources(here: &Path) -> io::Result<u64> {
    let mut hasher = DefaultHasher::new();
    let mut files = vec![here.join("../Cargo.lock")];
    for folder in ["src", "../press/src", "../records/src"] {
        collect(&here.join(folder), &mut files)?;
        println!("cargo:rerun-if-changed={}", here.join(folder).display());
    }
    files.sort();
    for file in files {
        hasher.write(&fs::read(file)?);
    }
    println!("cargo:rerun-if-changed={}", here.join("../Cargo.lock").display());
    Ok(hasher.finish())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if hidden || entry.file_name() == "out" {
            continue;
        }
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
