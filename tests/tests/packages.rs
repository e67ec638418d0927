//! The Debian packages, made of the programs that are built: what a technician installs, and what starts it.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use tests::{
    process::{Process, our_program, scratch_folder},
    school::{PATIENCE, root, run},
    screen::Screen,
};

/// The packages, taken apart into one folder as a computer would have them.
struct Installed {
    _scratch: tempfile::TempDir,
    folder: PathBuf,
}

impl Installed {
    fn made() -> Self {
        let scratch = scratch_folder().unwrap();
        let built = our_program("signpost-hub", "hub").unwrap();
        let mut make = Command::new(root().join("scripts/packages"));
        make.arg("--as-built").arg("--out").arg(scratch.path());
        make.env("CARGO_TARGET_DIR", built.parent().unwrap().parent().unwrap());
        let told = run("scripts/packages", make).unwrap();
        let folder = scratch.path().join("installed");
        let packages: Vec<PathBuf> = fs::read_dir(scratch.path())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "deb"))
            .collect();
        assert_eq!(packages.len(), 3, "{told}");
        for package in packages {
            let mut unpack = Command::new("dpkg-deb");
            unpack.arg("-x").arg(package).arg(&folder);
            run("dpkg-deb -x", unpack).unwrap();
        }
        Self { _scratch: scratch, folder }
    }

    fn path(&self, of: &str) -> PathBuf {
        self.folder.join(of)
    }

    /// The unit as it is, but for where its programs lie.
    fn unit(&self, of: &str) -> PathBuf {
        let found = ["usr/lib/systemd/system", "lib/systemd/system"].map(|place| self.path(place).join(of));
        let unit = found.iter().find(|path| path.exists()).unwrap_or_else(|| panic!("{of} is not packed"));
        let text = fs::read_to_string(unit).unwrap();
        let here = text.replace("/usr/bin/signpost", &format!("{}/usr/bin/signpost", self.folder.display()));
        let tried = self.folder.join(of);
        fs::write(&tried, here).unwrap();
        tried
    }
}

/// How much of the system a service can reach, from 0 (nothing) to 10, as systemd reckons it.
fn exposure(unit: &Path) -> f32 {
    let mut ask = Command::new("systemd-analyze");
    ask.args(["security", "--offline=yes", "--no-pager"]).arg(unit);
    let told = run("systemd-analyze security", ask).unwrap();
    let overall = told.lines().find(|line| line.contains("Overall exposure level")).unwrap();
    overall.split_whitespace().find_map(|word| word.parse().ok()).unwrap()
}

#[test]
fn what_is_packed_is_what_a_school_computer_needs_and_the_units_are_sound() {
    let installed = Installed::made();
    for program in ["signpost", "signpost-hub", "signpost-kiosk"] {
        let path = installed.path("usr/bin").join(program);
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o7777;
        assert_eq!(mode, 0o755, "{program} runs as whoever starts it, and nobody else changes it");
        let mut asked = Command::new(&path);
        asked.arg("--version");
        assert!(run(program, asked).unwrap().contains(env!("CARGO_PKG_VERSION")));
    }
    for (service, options) in
        [("signpost-hub", "SIGNPOST_HUB_OPTIONS"), ("signpost-kiosk", "SIGNPOST_KIOSK_OPTIONS")]
    {
        let unit = installed.unit(&format!("{service}.service"));
        let mut verify = Command::new("systemd-analyze");
        verify.args(["verify", "--man=no"]).arg(&unit);
        let verified = verify.output().unwrap();
        let told = String::from_utf8_lossy(&verified.stderr).into_owned();
        assert!(verified.status.success() && !told.contains(service), "{told}");
        let text = fs::read_to_string(&unit).unwrap();
        assert!(text.contains("LimitCORE=0"), "what children told is not written to a disk when it fails");
        let defaults = fs::read_to_string(installed.path("etc/default").join(service)).unwrap();
        assert!(text.contains(&format!("${options}")) && defaults.contains(&format!("{options}=")));
        assert!(installed.path("usr/share/doc").join(service).join("technician.md").exists());
        assert!(installed.path(&format!("usr/lib/sysusers.d/{service}.conf")).exists());
    }
    let (hub, kiosk) = (
        exposure(&installed.unit("signpost-hub.service")),
        exposure(&installed.unit("signpost-kiosk.service")),
    );
    assert!(hub < 2.0, "the hub’s unit lets it reach too much: {hub}");
    assert!(kiosk < 6.0, "the kiosk’s unit lets it reach too much: {kiosk}");
}

/// A command as somebody who is not root: cage starts for nobody else.
fn as_nobody(program: &Path) -> Command {
    if !rustix::process::geteuid().is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups", "--"]).arg(program);
    command
}

#[test]
fn under_cage_the_kiosk_fills_the_screen_and_no_key_closes_it() {
    let scratch = scratch_folder().unwrap();
    // Where anybody can read it: built programs may lie in a private place.
    fs::set_permissions(scratch.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let own = scratch.path().join("own");
    fs::create_dir(&own).unwrap();
    if rustix::process::geteuid().is_root() {
        let mut give = Command::new("chown");
        give.arg("nobody").arg(&own);
        run("chown", give).unwrap();
    }
    fs::set_permissions(&own, fs::Permissions::from_mode(0o700)).unwrap();
    let kiosk = scratch.path().join("signpost-kiosk");
    fs::copy(our_program("signpost-kiosk", "kiosk").unwrap(), &kiosk).unwrap();
    let mut screen = Screen::open().unwrap();
    let mut command = as_nobody(Path::new("cage"));
    command.args(["-d", "--"]).arg(&kiosk).args(["run", "--verbose", "--data"]).arg(own.join("data"));
    screen.attach(&mut command);
    command.envs([("HOME", &own), ("XDG_RUNTIME_DIR", &own)]);
    command.envs([("WLR_BACKENDS", "x11"), ("WLR_RENDERER", "pixman")]);
    let mut cage = Process::start(command).unwrap();
    let filled = |screen: &Screen| -> bool {
        // The inside of cage's own screen, which is smaller than the one that it is shown on here.
        let corners = [(2, 2), (1020, 2), (2, 764), (1020, 764)].map(|(x, y)| screen.colour(x, y).unwrap());
        corners.iter().all(|colour| *colour == corners[0] && *colour != [0, 0, 0])
    };
    let deadline = std::time::Instant::now() + PATIENCE;
    while !filled(&screen) {
        assert!(cage.is_running(), "{}", cage.stderr());
        assert!(std::time::Instant::now() < deadline, "{}", cage.stderr());
        std::thread::sleep(Duration::from_millis(100));
    }
    screen.look("cage-1-kiosk").unwrap();
    screen
        .keys_blindly(&["alt+F4", "alt+Tab", "super", "ctrl+alt+Delete", "ctrl+q", "ctrl+w", "F11", "Escape"])
        .unwrap();
    assert!(cage.is_running() && filled(&screen), "{}", cage.stderr());
}
