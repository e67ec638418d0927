//! A small program that keeps what was told as a report box does, and gives it away in one well-known way, so that the
//! tools that look for such traces can show that they find them.
//!
//! `leaky FOLDER WAY` reads a line at a time, which is nothing or a child's words, and says `kept`. The ways:
//!
//! | way | what gives it away |
//! |---|---|
//! | `none` | nothing: a file of one size is written whole each time, and nobody can read it |
//! | `longer` | the file is a byte longer where something was told |
//! | `moment` | the file is written where something was told, and only then |
//! | `log` | a line of a log says that somebody told |
//! | `elsewhere` | a file outside the folder says that somebody told |
//! | `said` | a line on standard error says that somebody told |
//! | `table` | a table holds the words |
//! | `gone` | the words are written into a file that is taken away again |
//! | `memory` | the words are let go, not overwritten |

use rusqlite::Connection;
use std::error::Error;
use std::fs::{self, File};
use std::io::{self, BufRead, Read, Write};
use std::path::{Path, PathBuf};

const SIZE: usize = 4096;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(folder), Some(way)) = (arguments.next(), arguments.next()) else {
        return Err("usage: leaky FOLDER WAY".into());
    };
    let folder = PathBuf::from(folder);
    // As a box is there before anybody comes.
    keep(&folder, "none", String::new())?;
    println!("ready");
    let mut let_go = Vec::new();
    for line in io::stdin().lock().lines() {
        let line = line?;
        let_go.extend(keep(&folder, &way, line)?);
        println!("kept");
    }
    // So that the compiler does not find out that nobody reads it.
    println!("{}", let_go.len());
    Ok(())
}

fn keep(folder: &Path, way: &str, told: String) -> Result<Option<Box<[u8]>>, Box<dyn Error>> {
    let is_told = !told.is_empty();
    match way {
        "log" if is_told => {
            let mut log = File::options().create(true).append(true).open(folder.join("log"))?;
            log.write_all(b"somebody told\n")?;
        }
        "elsewhere" if is_told => {
            let path = std::env::temp_dir().join(format!("leaky-{}", std::process::id()));
            fs::write(&path, b"somebody told\n")?;
            fs::remove_file(&path)?;
        }
        "said" if is_told => eprintln!("somebody told"),
        "table" => {
            let table = Connection::open(folder.join("told.db"))?;
            table.execute_batch("CREATE TABLE IF NOT EXISTS told (words TEXT NOT NULL) STRICT")?;
            if is_told {
                table.execute("INSERT INTO told VALUES (?1)", [&told])?;
            }
        }
        "gone" if is_told => {
            let path = folder.join("note");
            File::create(&path)?.write_all(told.as_bytes())?;
            fs::remove_file(&path)?;
        }
        _ => {}
    }
    if way != "moment" || is_told {
        let mut bytes = vec![0; SIZE + usize::from(way == "longer" && is_told)];
        File::open("/dev/urandom")?.read_exact(&mut bytes)?;
        let (path, new) = (folder.join("box"), folder.join("box.new"));
        let mut file = File::create(&new)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        fs::rename(&new, &path)?;
    }
    Ok((way == "memory").then(|| told.into_bytes().into_boxed_slice()))
}
