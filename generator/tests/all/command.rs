//! The command line: what it says and how it ends.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use crate::workshop::{Workshop, said};

#[test]
fn wrong_usage_ends_with_two_and_a_word_of_help() {
    let workshop = Workshop::small();
    for words in
        [&["bild"][..], &["build", "--only", "everything"], &["build", "--date", "2026-02-30"], &["publish"]]
    {
        let output = workshop.signpost(words);
        assert_eq!(output.status.code(), Some(2), "{words:?}: {}", said(&output));
    }
}

#[test]
fn a_new_school_builds_as_it_is() {
    let workshop = Workshop::small();
    let new = workshop.signpost(&["new", "fresh"]);
    assert!(new.status.success(), "{}", said(&new));
    let built = workshop.signpost(&["build", "--school", "fresh"]);
    assert!(built.status.success(), "{}", said(&built));
    assert!(workshop.path().join("fresh/out/site/index.html").exists());
    // Nobody has approved its pages yet, and that is all there is to say: the output is not taken for content.
    let again = workshop.signpost(&["check", "--school", "fresh", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&again.stdout).unwrap();
    let found = report["problems"].as_array().unwrap();
    let folders = ["policies/", "agreements/"];
    for one in found {
        let file = one["file"].as_str().unwrap();
        assert!(one["code"] == "not-stated" && folders.iter().any(|area| file.starts_with(area)), "{one}");
    }
    assert_eq!(found.len(), 18, "each policy and each agreement says so once");
    let taken = workshop.signpost(&["new", "fresh"]);
    assert_eq!(taken.status.code(), Some(1));
}

#[test]
fn a_school_with_a_name_of_its_own_is_not_published_with_people_and_numbers_of_the_model_school() {
    let workshop = Workshop::model();
    workshop.change("school.toml", "name = \"Larkfield Primary School\"", "name = \"Thornbeck School\"");
    let publish = [
        "publish",
        "--school",
        "school",
        "--to",
        "public",
        "--date",
        "2026-11-22",
        "--no-pdf",
        "--format",
        "json",
    ];
    let told = |words: &[&str]| -> Vec<(String, String, String)> {
        let report: serde_json::Value = serde_json::from_slice(&workshop.signpost(words).stdout).unwrap();
        let word = |one: &serde_json::Value, key: &str| one[key].as_str().unwrap().to_owned();
        let kept = report["problems"].as_array().unwrap().iter().filter(|one| one["file"] == "school.toml");
        kept.map(|one| (word(one, "severity"), word(one, "text"), word(one, "what"))).collect()
    };
    let refused = told(&publish);
    let lines = |of: &str| -> Vec<String> {
        refused.iter().filter(|one| one.0 == of).map(|one| one.1.clone()).collect()
    };
    for line in [
        "name = \"Mrs Ruth Adeyemi\"",
        "name = \"Mrs Helen Sarkar\"",
        "phone = \"01632 960100\"",
        "phone = \"01632 960142\"",
        "email = \"office@larkfield.example\"",
        "website = \"https://www.larkfield.example\"",
        "short_address = \"larkfield.example/tell\"",
    ] {
        assert_eq!(lines("error").iter().filter(|told| *told == line).count(), 1, "{line}: {refused:#?}");
    }
    assert!(!refused.iter().any(|one| one.1.contains("0800 1111")), "Childline is real: {refused:#?}");
    assert!(!workshop.path().join("public/site").exists());
    // In the preview and in a build the same is a warning: a new school can be looked at as it grows.
    let built = told(&["check", "--school", "school", "--date", "2026-11-22", "--format", "json"]);
    assert!(built.iter().all(|one| one.0 == "warning") && built.len() == refused.len(), "{built:#?}");
    // The list of what must be published still names the model's website: nothing is there.
    let check = said(&workshop.signpost(&["check", "--school", "school", "--date", "2026-11-22"]));
    assert!(check.contains("required-document-missing"), "{check}");
    for (models, own) in [
        ("Mrs Ruth Adeyemi", "Mrs Hanna Brook"),
        ("Ms Priya Nair", "Mrs Olwen Pryce"),
        ("Mr Tom Ashworth", "Mr Jon Reed"),
        ("Miss Amina Yusuf", "Miss Ada Lowe"),
        ("Dr Martin Ferris", "Dr Sam Holt"),
        ("Mrs Joan Whitlock", "Mrs Eve Marsh"),
        ("Mrs Kasia Nowak", "Mrs Ivy Stone"),
        ("Mr Lewis Grant", "Mr Max Field"),
        ("Mr Idris Bevan", "Mr Rhys Lane"),
        ("Mrs Helen Sarkar", "Mrs Nell Ford"),
        ("larkfield.example", "thornbeck.example"),
        ("01632 9601", "01632 9605"),
        ("Larkfield Lane", "Thornbeck Lane"),
    ] {
        workshop.change("school.toml", models, own);
    }
    let published = workshop.signpost(&publish);
    assert!(published.status.success(), "{}", said(&published));
}

#[test]
fn programs_get_json_and_nothing_else() {
    let workshop = Workshop::with("bad-school");
    let output =
        workshop.signpost(&["check", "--school", "school", "--format", "json", "--date", "2026-11-22"]);
    assert_eq!(output.status.code(), Some(1));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(output.stderr.is_empty());
    let problems = report["problems"].as_array().unwrap();
    let errors = problems.iter().filter(|p| p["severity"] == "error").count();
    assert_eq!(report["errors"], errors);
    assert!(problems.iter().any(|p| p["line"].is_u64() && p["column"].is_u64() && p["file"].is_string()));
}

#[test]
fn a_school_that_is_not_there_is_told_kindly() {
    let output = Workshop::small().signpost(&["build", "--school", "nowhere"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("There is no folder here"), "{}", said(&output));
}

#[test]
fn who_asks_for_print_alone_is_told_where_it_is() {
    let output = Workshop::small().signpost(&["build", "--school", "school", "--only", "print"]);
    assert!(output.status.success());
    assert!(said(&output).contains("beside each page"));
}

fn ask(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn an_edit_shows_in_the_browser_without_another_command() {
    let workshop = Workshop::small();
    let mut command =
        workshop.command(&["serve", "--school", "school", "--port", "0", "--date", "2026-11-22"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().unwrap()));
    let address = lines
        .find_map(|line| Some(line.unwrap().split_once("http://")?.1.split('/').next()?.to_owned()))
        .unwrap();
    std::thread::spawn(move || lines.for_each(drop));
    let shown = ask(&address, "/policies/online/");
    assert!(shown.starts_with("HTTP/1.1 200") && shown.contains("How we keep children safe."));
    assert!(ask(&address, "/policies/online").contains("location: /policies/online/"));
    assert!(ask(&address, "/../school/school.toml").starts_with("HTTP/1.1 404"));
    assert!(ask(&address, "/nothing/").starts_with("HTTP/1.1 404"));
    workshop.change("policies/online.md", "How we keep children safe.", "Quite other words.");
    let began = Instant::now();
    let changed = loop {
        if ask(&address, "/policies/online/").contains("Quite other words.") {
            break true;
        }
        if began.elapsed() > Duration::from_secs(20) {
            break false;
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(changed, "the edit never showed");
}

#[test]
fn a_theme_of_ones_own_is_used_and_a_broken_one_leaves_the_old_site() {
    let workshop = Workshop::small();
    let theme = workshop.path().join("themes");
    crate::workshop::copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../themes"), &theme);
    let words = theme.join("web/words.en.toml");
    let text = fs::read_to_string(&words).unwrap();
    fs::write(&words, text.replace("\"Report a concern\"", "\"Tell us\"")).unwrap();
    let build = ["build", "--school", "school", "--out", "out", "--themes", "themes", "--date", "2026-11-22"];
    assert!(workshop.signpost(&build).status.success());
    assert!(workshop.page("index.html").contains(">Tell us</a>"));

    let before = crate::workshop::files(&workshop.out());
    fs::write(&words, text.replace("skip = ", "hop = ")).unwrap();
    let output = workshop.signpost(&build);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("skip"), "{}", said(&output));
    assert_eq!(crate::workshop::files(&workshop.out()), before);
}

#[cfg(target_os = "linux")]
#[test]
fn the_icon_stands_in_the_menu_and_on_the_desktop_and_starts_this_program() {
    let workshop = Workshop::small();
    let home = workshop.path().join("home");
    fs::create_dir_all(home.join("Desktop")).unwrap();
    let mut command = workshop.command(&["office", "--icon"]);
    command.env("HOME", &home).env_remove("XDG_DATA_HOME").env_remove("XDG_DESKTOP_DIR");
    let put = command.output().unwrap();
    assert!(put.status.success(), "{}", said(&put));
    for file in [".local/share/applications/signpost.desktop", "Desktop/signpost.desktop"] {
        let launcher = fs::read_to_string(home.join(file)).unwrap();
        let program = env!("CARGO_BIN_EXE_signpost");
        assert!(launcher.contains(&format!("\nExec=\"{program}\" office\n")), "{launcher}");
    }
    assert!(home.join(".local/share/icons/hicolor/scalable/apps/signpost.svg").is_file());
}
