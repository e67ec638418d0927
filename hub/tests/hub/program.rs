//! The program as the technician meets it: its commands, what they print, how they refuse.

use std::{
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    os::unix::{fs::MetadataExt as _, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use hub::folder::Folder;
use tempfile::TempDir;

use crate::{
    kiosk::Kiosk,
    report_work::opened_database,
    school::{MORNING, PASSPHRASE, PUPILS, draft, ks1},
};

/// A data folder with its passphrase file, and the program to run on it.
pub(crate) struct Program {
    pub(crate) dir: TempDir,
}

/// A serving hub, which is ended with the test.
pub(crate) struct Running {
    pub(crate) child: Child,
    pub(crate) desk: SocketAddr,
    pub(crate) kiosks: SocketAddr,
}
impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Program {
    pub(crate) fn new() -> Self {
        let program = Self { dir: tempfile::tempdir().unwrap() };
        std::fs::write(program.path("passphrase"), format!("{PASSPHRASE}\n")).unwrap();
        program
    }
    pub(crate) fn made() -> (Self, String) {
        let program = Self::new();
        let made = program.run(&["init", "--school-name", "Larkfield Primary School"]);
        assert!(made.status.success(), "{made:?}");
        (program, text(&made.stdout))
    }
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_signpost-hub"));
        command.args(arguments).arg("--data").arg(self.path("data"));
        command.env("SIGNPOST_HUB_PASSPHRASE_FILE", self.path("passphrase")).stdin(Stdio::null());
        command
    }
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }
    pub(crate) fn good(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    }
    pub(crate) fn refused(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert!(output.stdout.is_empty());
        text(&output.stderr)
    }
    pub(crate) fn serve(&self) -> Running {
        self.serve_logging_to(Stdio::null())
    }
    fn serve_logging_to(&self, log: Stdio) -> Running {
        let mut child = self
            .command(&["serve", "--desk", ":0", "--kiosks", ":0"])
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut address = |name: &str| {
            let line = lines.next().unwrap().unwrap();
            line.strip_prefix(&format!("{name} https://")).unwrap().parse().unwrap()
        };
        let (desk, kiosks) = (address("desk"), address("kiosks"));
        Running { child, desk, kiosks }
    }
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What a line of the form “name: value” says.
pub(crate) fn value<'t>(output: &'t str, name: &str) -> &'t str {
    let line = output.lines().find_map(|l| l.strip_prefix(name)?.strip_prefix(": "));
    line.unwrap_or_else(|| panic!("no “{name}: ” in {output}"))
}

pub(crate) fn write(path: &Path, bytes: impl AsRef<[u8]>) -> String {
    std::fs::write(path, bytes).unwrap();
    path.to_str().unwrap().to_owned()
}

#[tokio::test]
async fn from_nothing_to_a_paired_kiosk_with_the_program_alone() {
    let (program, made) = Program::made();
    assert_eq!(value(&made, "sign-in name"), "office");
    assert_eq!(value(&made, "recovery key").len(), 39);
    assert!(program.path("data/school-ca.pem").exists());
    let pack = write(&program.path("pack"), draft(vec![ks1("3.0")]).write());
    assert_eq!(value(&program.good(&["publish", &pack]), "pack"), "1");
    let list = write(&program.path("pupils.csv"), PUPILS);
    let imported = program.good(&["roster", "import", &list]);
    assert_eq!(
        (value(&imported, "pupils"), value(&imported, "joined"), value(&imported, "left")),
        ("5", "5", "0")
    );
    let mut running = program.serve();
    assert_eq!(running.desk.ip().to_string(), "127.0.0.1");
    let paired = program.good(&["pair", "--name", "Oak classroom"]);
    let address = value(&paired, "address");
    assert_eq!(address, format!("https://{}", running.kiosks));
    let mut kiosk = Kiosk::new("kiosk");
    kiosk.pair(running.kiosks, &value(&paired, "code").parse().unwrap()).await.unwrap();
    assert!(program.good(&["kiosks"]).contains("Oak classroom"));
    assert!(program.refused(&["serve"]).contains("already serves"));
    let device = kiosk.identity.device.to_string();
    program.good(&["strike-off", &device]);
    assert!(program.refused(&["strike-off", &device]).contains("no kiosk"));
    let process = rustix::process::Pid::from_child(&running.child);
    rustix::process::kill_process(process, rustix::process::Signal::TERM).unwrap();
    assert!(running.child.wait().unwrap().success(), "ends cleanly when told to");
    let again = program.serve();
    assert_ne!(again.desk.port(), 0);
}

#[tokio::test]
async fn a_hub_whose_log_lies_on_a_full_disk_serves_all_the_same() {
    let (program, _) = Program::made();
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let mut running = program.serve_logging_to(full.into());
    let code = value(&program.good(&["pair"]), "code").parse().unwrap();
    // That it was paired is a line of the log.
    Kiosk::new("Oak classroom").pair(running.kiosks, &code).await.unwrap();
    assert!(running.child.try_wait().unwrap().is_none());
}

#[test]
fn a_wrong_passphrase_is_told_kindly_and_the_recovery_key_opens_the_hub() {
    let (program, made) = Program::made();
    write(&program.path("passphrase"), "heron lamp basket tied");
    let told = program.refused(&["kiosks"]);
    assert!(told.contains("does not open the hub") && told.contains("nothing was changed"), "{told}");
    let sheet = write(&program.path("recovery"), value(&made, "recovery key"));
    program.good(&["kiosks", "--recovery-key-file", &sheet]);
    let new = write(&program.path("new"), "marble quiet otter lane");
    program.good(&["passphrase", "--recovery-key-file", &sheet, "--new-passphrase-file", &new]);
    program.good(&["kiosks", "--passphrase-file", &new]);
    write(&program.path("passphrase"), PASSPHRASE);
    assert!(program.refused(&["kiosks"]).contains("does not open the hub"));
    let other = write(&program.path("other"), "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF-GGGG-HHHH");
    assert!(program.refused(&["kiosks", "--recovery-key-file", &other]).contains("printed for this school"));
}

#[test]
fn the_passphrase_can_come_from_systemd() {
    let (program, _) = Program::made();
    let credentials = program.path("credentials");
    std::fs::create_dir(&credentials).unwrap();
    write(&credentials.join("hub-passphrase"), PASSPHRASE);
    let mut command = program.command(&["kiosks"]);
    command.env_remove("SIGNPOST_HUB_PASSPHRASE_FILE").env("CREDENTIALS_DIRECTORY", &credentials);
    assert!(command.output().unwrap().status.success());
    let mut command = program.command(&["kiosks"]);
    let nobody = command.env_remove("SIGNPOST_HUB_PASSPHRASE_FILE").output().unwrap();
    assert!(text(&nobody.stderr).contains("no terminal to ask at"));
}

#[test]
fn a_list_with_mistakes_names_every_line_and_imports_nothing() {
    let (program, _) = Program::made();
    let list = format!("{}/tests/lists/broken.csv", env!("CARGO_MANIFEST_DIR"));
    let told = program.refused(&["roster", "import", &list]);
    for line in 3..=8 {
        assert!(told.contains(&format!("\n  line {line}")), "{told}");
    }
    assert!(told.contains("nothing was imported"));
    let list = write(&program.path("pupils.csv"), PUPILS);
    assert_eq!(value(&program.good(&["roster", "import", &list]), "joined"), "5");
}

#[test]
fn refusals_say_what_is_wrong_and_how_to_mend_it() {
    let (program, _) = Program::made();
    for (arguments, words) in [
        (&["init", "--school-name", "Again"][..], "already holds a hub"),
        (&["publish", "no-such-file"], "cannot read no-such-file"),
        (&["account", "add", "Office"], "already an account"),
        (&["account", "add", "Mrs Okafor"], "an account's name has"),
        (&["account", "password", "nobody"], "no account named"),
        (&["serve", "--desk", "192.0.2.1:1", "--kiosks", ":0"], "cannot listen at"),
    ] {
        let told = program.refused(arguments);
        assert!(told.contains(words), "{arguments:?}: {told}");
    }
    let torn = write(&program.path("torn"), &draft(vec![ks1("3.0")]).write()[..200]);
    assert!(program.refused(&["publish", &torn]).contains("damaged"));
    let mut older = draft(vec![ks1("3.0")]);
    older.made.0 = MORNING - 20 * 86_400;
    let (new, old) = (draft(vec![ks1("3.0")]).write(), older.write());
    let (new, old) = (write(&program.path("new"), new), write(&program.path("old"), old));
    program.good(&["publish", &new]);
    assert_eq!(value(&program.good(&["publish", &new]), "pack"), "1", "the same again is no second pack");
    assert!(program.refused(&["publish", &old]).contains("older pack is never published"));
    let empty = Program::new();
    assert!(empty.refused(&["serve"]).contains("holds no hub"));
    write(&empty.path("passphrase"), "short");
    assert!(empty.refused(&["init", "--school-name", "S"]).contains("too short"));
    assert!(!empty.path("data").exists(), "nothing was made");
}

#[test]
fn an_account_gets_a_password_for_one_sign_in() {
    let (program, _) = Program::made();
    let added = program.good(&["account", "add", "r.adeyemi"]);
    assert_eq!(value(&added, "sign-in name"), "r.adeyemi");
    let again = program.good(&["account", "password", "r.adeyemi"]);
    assert_ne!(value(&added, "sign-in password"), value(&again, "sign-in password"));
}

#[test]
fn a_hub_that_dies_of_a_fault_leaves_no_copy_of_its_keys() {
    let (program, _) = Program::made();
    let running = program.serve();
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", running.child.id())).unwrap();
    let core = limits.lines().find(|l| l.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().collect::<Vec<_>>()[4..6], ["0", "0"], "{core}");
}

/// Some systems collect cores whatever the limit. Of a program that forbids it, the system says that all it has is
/// root's: so it is run as somebody else here, and looked at while it waits for its passphrase.
#[test]
fn no_other_program_of_the_same_user_looks_into_a_hub_and_no_core_of_it_is_collected() {
    const NOBODY: u32 = 65_534;
    let program = Program { dir: tempfile::tempdir().unwrap() };
    let waits = program.path("passphrase");
    assert!(Command::new("mkfifo").arg(&waits).status().unwrap().success());
    let myself = std::fs::metadata(program.dir.path()).unwrap().uid();
    let arguments = ["init", "--school-name", "Larkfield Primary School"];
    let mut command = program.command(&arguments);
    if myself == 0 {
        let hub = program.path("hub");
        std::fs::copy(env!("CARGO_BIN_EXE_signpost-hub"), &hub).unwrap();
        for path in [program.dir.path(), &waits] {
            std::os::unix::fs::chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
        }
        command = Command::new(hub);
        command.args(arguments).arg("--data").arg(program.path("data")).arg("--passphrase-file").arg(&waits);
        command.uid(NOBODY).gid(NOBODY).current_dir(program.dir.path());
    }
    let mut child = command.stdout(Stdio::null()).spawn().unwrap();
    // This comes back once the hub reads there.
    let passphrase = std::fs::File::options().write(true).open(&waits).unwrap();
    let owner = std::fs::metadata(format!("/proc/{}/environ", child.id())).unwrap().uid();
    child.kill().unwrap();
    child.wait().unwrap();
    drop(passphrase);
    assert_eq!(owner, 0);
}

#[test]
fn a_log_in_which_one_byte_was_changed_is_found_by_its_chain_and_one_that_was_cut_by_its_checkpoint() {
    let (program, _) = Program::made();
    program.good(&["account", "add", "p.nair"]);
    program.good(&["account", "add", "r.adeyemi"]);
    let shown = program.good(&["audit", "checkpoint"]);
    let paper = shown.trim().strip_prefix("checkpoint: ").unwrap().to_owned();
    assert!(program.good(&["audit", "check"]).starts_with("whole: "));
    program.good(&["account", "add", "later"]);
    let whole = program.good(&["audit", "check", "--against", &paper]);
    assert!(whole.contains("and as on paper up to entry"), "{whole}");
    // As it is typed from paper.
    program.good(&["audit", "check", "--against", &paper.to_uppercase().replace(": ", " :  ")]);

    let database = opened_database(&Folder::new(program.path("data")));
    let number: i64 = paper.split(':').next().unwrap().parse().unwrap();
    let one = |column: &str| -> String {
        let select = format!("SELECT {column} FROM audit WHERE seq = ?");
        database.query_row(&select, [number], |row| row.get(0)).unwrap()
    };
    let (before, mut bytes) = (one("what"), one("what").into_bytes());
    bytes[0] ^= 1;
    let set =
        |what: &str| database.execute("UPDATE audit SET what = ? WHERE seq = ?", (what, number)).unwrap();
    set(&String::from_utf8(bytes).unwrap());
    let told = program.refused(&["audit", "check"]);
    assert!(told.contains(&format!("audit entry {number} was changed")), "{told}");
    set(&before);
    program.good(&["audit", "check", "--against", &paper]);

    // Whoever takes the end away leaves a chain that holds. The paper knows.
    database.execute("DELETE FROM audit WHERE seq >= ?", [number]).unwrap();
    program.good(&["audit", "check"]);
    let told = program.refused(&["audit", "check", "--against", &paper]);
    assert!(told.contains("it was cut, or an older copy was put back"), "{told}");
    // And an end that is written anew is another than on paper.
    program.good(&["account", "add", "somebody-else"]);
    let told = program.refused(&["audit", "check", "--against", &paper]);
    assert!(told.contains("is another than on paper"), "{told}");
    let usage = program.run(&["audit", "check", "--against", "12: 8c1f"]);
    assert_eq!(usage.status.code(), Some(2));
}
