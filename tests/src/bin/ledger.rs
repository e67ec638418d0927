//! A small program that keeps lines, for trying out the fault tools: it is right or wrong about the disk in
//! well-known ways, so that the tools can show that they tell the one from the other.
//!
//! `ledger FOLDER WAY` reads a line at a time and says `kept LINE` when it takes it to be safe. The ways:
//!
//! | way | how a line is kept | safe |
//! |---|---|---|
//! | `full` | SQLite, write-ahead log, synchronous=FULL | yes |
//! | `normal` | the same, synchronous=NORMAL | no |
//! | `appended-and-synced` | at the end of a file, `fdatasync` | yes |
//! | `appended` | at the end of a file | no |
//! | `appended-by-four` | four threads at the end of one file at once, `fdatasync` in each | yes |
//! | `promised` | at the end of a file, but only when the next line comes | not even from a kill |
//! | `renamed-and-synced` | a file for each: written, synced, renamed, folder synced | yes |
//! | `renamed` | the same, folder not synced | no |
//! | `copied` | a file for each, by `std::fs::copy` | the recorder refuses it |
//! | `renamed-past-libc` | a file for each, renamed by a system call of its own | the recorder notices |
//! | `synced-past-libc` | a file for each, its folder synced by such a call | only strace notices |
//!
//! With a third word, `network`, the lines come by a TCP connection to the port that it names, and the
//! answers go back there.

use rusqlite::Connection;
use std::error::Error;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(folder), Some(way)) = (arguments.next(), arguments.next()) else {
        return Err("usage: ledger FOLDER WAY".into());
    };
    let mut ledger = Ledger::open(PathBuf::from(folder), &way)?;
    if arguments.next().as_deref() == Some("network") {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        println!("ready {}", listener.local_addr()?.port());
        let (connection, _) = listener.accept()?;
        serve(&mut ledger, BufReader::new(&connection), &connection)
    } else {
        println!("ready");
        serve(&mut ledger, std::io::stdin().lock(), std::io::stdout().lock())
    }
}

fn serve(ledger: &mut Ledger, lines: impl BufRead, mut answers: impl Write) -> Result<(), Box<dyn Error>> {
    for line in lines.lines() {
        let line = line?;
        ledger.keep(&line)?;
        answers.write_all(format!("kept {line}\n").as_bytes())?;
    }
    Ok(())
}

enum Ledger {
    Rows(Connection),
    Lines { file: File, synced: bool },
    ByFour { file: File },
    Promised { file: File, held_back: String },
    Files { folder: PathBuf, how: Naming },
}

#[derive(Clone, Copy)]
enum Naming {
    Rename { synced: bool },
    Copy,
    RenamePastLibc,
    SyncPastLibc,
}

impl Ledger {
    fn open(folder: PathBuf, way: &str) -> Result<Self, Box<dyn Error>> {
        let files = |how| Ledger::Files { folder: folder.clone(), how };
        Ok(match way {
            "full" | "normal" => Self::Rows(open_database(&folder.join("ledger.db"), way)?),
            "appended" => Self::Lines { file: open_file(&folder)?, synced: false },
            "appended-and-synced" => Self::Lines { file: open_file(&folder)?, synced: true },
            "appended-by-four" => Self::ByFour { file: open_file(&folder)? },
            "promised" => Self::Promised { file: open_file(&folder)?, held_back: String::new() },
            "renamed" => files(Naming::Rename { synced: false }),
            "renamed-and-synced" => files(Naming::Rename { synced: true }),
            "copied" => files(Naming::Copy),
            "renamed-past-libc" => files(Naming::RenamePastLibc),
            "synced-past-libc" => files(Naming::SyncPastLibc),
            other => return Err(format!("no such way: {other}").into()),
        })
    }

    fn keep(&mut self, line: &str) -> Result<(), Box<dyn Error>> {
        match self {
            Self::Rows(database) => {
                database
                    .execute("INSERT INTO kept (line) VALUES (?1) ON CONFLICT (line) DO NOTHING", [line])?;
            }
            Self::Lines { file, synced } => {
                file.write_all(format!("{line}\n").as_bytes())?;
                if *synced {
                    file.sync_data()?;
                }
            }
            Self::ByFour { file } => {
                let file = &*file;
                std::thread::scope(|scope| {
                    let threads = ["a", "b", "c", "d"].map(|thread| {
                        scope.spawn(move || {
                            let mut file = file;
                            file.write_all(format!("{line}-{thread}\n{line}\n").as_bytes())?;
                            file.sync_data()
                        })
                    });
                    threads
                        .into_iter()
                        .try_for_each(|it| it.join().unwrap_or_else(|panic| resume_unwind(panic)))
                })?;
            }
            Self::Promised { file, held_back } => {
                file.write_all(held_back.as_bytes())?;
                *held_back = format!("{line}\n");
            }
            Self::Files { folder, how } => keep_as_file(folder, line, *how)?,
        }
        Ok(())
    }
}

fn keep_as_file(folder: &Path, line: &str, how: Naming) -> Result<(), Box<dyn Error>> {
    let (new, kept) = (folder.join("new"), folder.join(format!("{line}.kept")));
    let mut file = File::create(&new)?;
    file.write_all(line.as_bytes())?;
    file.sync_all()?;
    match how {
        Naming::Rename { synced } => {
            fs::rename(&new, &kept)?;
            if synced {
                File::open(folder)?.sync_all()?;
            }
        }
        Naming::Copy => {
            fs::copy(&new, &kept)?;
        }
        Naming::RenamePastLibc => rustix::fs::rename(&new, &kept)?,
        Naming::SyncPastLibc => {
            fs::rename(&new, &kept)?;
            rustix::fs::fsync(File::open(folder)?)?;
        }
    }
    Ok(())
}

fn open_file(folder: &Path) -> Result<File, Box<dyn Error>> {
    let file = File::options().create(true).append(true).open(folder.join("ledger.txt"))?;
    file.sync_all()?;
    File::open(folder)?.sync_all()?;
    Ok(file)
}

fn open_database(path: &Path, synchronous: &str) -> rusqlite::Result<Connection> {
    let database = Connection::open(path)?;
    database.pragma_update(None, "journal_mode", "WAL")?;
    database.pragma_update(None, "synchronous", synchronous)?;
    // Small, so that cuts meet checkpoints and a log that begins anew.
    database.pragma_update(None, "wal_autocheckpoint", 40)?;
    database.execute_batch(
        "CREATE TABLE IF NOT EXISTS kept (line TEXT PRIMARY KEY NOT NULL) STRICT, WITHOUT ROWID",
    )?;
    Ok(database)
}
