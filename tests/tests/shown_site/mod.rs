//! The model school's website, built, opened from a folder or served as any web host does.
#![allow(clippy::unwrap_used, dead_code, reason = "a test may panic; each test takes what it needs")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
    time::{Duration, Instant},
};

use tests::{
    browser::Browser,
    process::{Process, free_port, our_program},
    school::copy,
};

/// The repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The model school, built into a folder; gives back the site. It is built once for all tests of a program: its PDFs
/// take half a minute of a processor.
pub(crate) fn built(out: &Path) -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let built = BUILT.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(env!("CARGO_CRATE_NAME"));
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        built_from(&root().join("content"), &folder);
        folder
    });
    copy(built, out).unwrap();
    out.join("site")
}

/// Builds a school into a folder; gives back the site.
pub(crate) fn built_from(school: &Path, out: &Path) -> PathBuf {
    let made = Command::new(our_program("signpost", "generator").unwrap())
        .args(["build", "--only", "site", "--date", "2026-11-22", "--school"])
        .arg(school)
        .arg("--out")
        .arg(out)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    out.join("site")
}

/// A plain web server, which knows nothing of Signpost, for a folder; gives back its address.
pub(crate) fn served(folder: &Path) -> (Process, String) {
    served_at(folder, free_port().unwrap())
}

/// As [`served`], at this port.
pub(crate) fn served_at(folder: &Path, port: u16) -> (Process, String) {
    let mut command = Command::new("python3");
    command
        .args(["-u", "-m", "http.server", &port.to_string(), "--bind", "127.0.0.1", "--directory"])
        .arg(folder);
    let mut server = Process::start(command).unwrap();
    let ready = |line: &str| line.contains("Serving HTTP").then_some(());
    server.wait_for("that it serves", Duration::from_secs(120), ready).unwrap();
    (server, format!("http://127.0.0.1:{port}/"))
}

/// The pages of a site by path.
pub(crate) fn in_file_order(site: &Path) -> Vec<String> {
    let mut all = Vec::new();
    let mut folders = vec![site.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "html") {
                all.push(path.strip_prefix(site).unwrap().display().to_string());
            }
        }
    }
    all.sort();
    all
}

/// A page's address when it is opened from its folder.
pub(crate) fn address_of(site: &Path, page: &str) -> String {
    format!("file://{}/{page}", site.display())
}

/// Waits until a script of the page gives `true`.
pub(crate) async fn until(browser: &Browser, script: &str) {
    let began = Instant::now();
    loop {
        if browser.client().execute(script, vec![]).await.is_ok_and(|answer| answer == true) {
            return;
        }
        let waited = began.elapsed();
        assert!(waited < Duration::from_secs(120), "after {waited:?} not yet: {script}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Presses a key and lets it go.
pub(crate) async fn press(browser: &Browser, key: &str) {
    tests::keyboard::press(browser, key).await.unwrap();
}
