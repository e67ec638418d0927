//! Tells a preview of files that change on the disk.

use std::{
    collections::BTreeSet,
    path::PathBuf,
    sync::{Arc, mpsc},
    time::{Duration, Instant},
};

use notify::{Event, EventKind, PollWatcher, RecursiveMode, Watcher, event::AccessKind};

use super::Preview;

/// A program writes a file in several steps; after this much quiet it is taken to be done.
const QUIET: Duration = Duration::from_millis(6);
/// However busy it is, nobody waits longer than this.
const LONGEST: Duration = Duration::from_millis(30);
/// How often to look where the system cannot tell.
const LOOK: Duration = Duration::from_millis(400);

/// Watching, for as long as this is kept.
#[must_use = "watching ends when this is dropped"]
pub struct Watching {
    // Dropped first: with it goes the sender, and so the thread that listens ends.
    watcher: Option<Box<dyn Watcher + Send + Sync>>,
    preview: Arc<Preview>,
}

impl Drop for Watching {
    fn drop(&mut self) {
        drop(self.watcher.take());
        self.preview.look_no_more();
    }
}

/// Watches on threads of its own until what it gives is dropped, and looks at everything in the
/// background. Where the system cannot tell of changes (some network drives), the folders are looked at
/// several times a second.
///
/// # Errors
/// When not even that can be done, in the words of the system.
pub fn start(preview: &Arc<Preview>) -> Result<Watching, notify::Error> {
    let (tell, told) = mpsc::channel();
    let told_by_system = tell.clone();
    let send = move |event: Result<Event, notify::Error>| {
        // Whoever listened may have ended by now.
        let _ = told_by_system.send(event);
    };
    let watched = preview.watched();
    let watcher: Box<dyn Watcher + Send + Sync> = match watching(notify::recommended_watcher(send), &watched)
    {
        Ok(watcher) => Box::new(watcher),
        Err(_) => {
            let send = move |event: Result<Event, notify::Error>| {
                let _ = tell.send(event);
            };
            let asking = PollWatcher::new(send, notify::Config::default().with_poll_interval(LOOK));
            Box::new(watching(asking, &watched)?)
        }
    };
    let looking = Arc::clone(preview);
    std::thread::spawn(move || looking.keep_looking());
    let listening = Arc::clone(preview);
    std::thread::spawn(move || {
        while let Some(files) = gather(&told) {
            if !files.is_empty() {
                listening.changed(&files);
            }
        }
    });
    Ok(Watching { watcher: Some(watcher), preview: Arc::clone(preview) })
}

fn watching<W: Watcher>(watcher: Result<W, notify::Error>, folders: &[PathBuf]) -> Result<W, notify::Error> {
    let mut watcher = watcher?;
    for folder in folders {
        watcher.watch(folder, RecursiveMode::Recursive)?;
    }
    Ok(watcher)
}

/// Waits for a change, then for the end of a burst of them.
fn gather(told: &mpsc::Receiver<Result<Event, notify::Error>>) -> Option<Vec<PathBuf>> {
    let mut files = BTreeSet::new();
    take(told.recv().ok()?, &mut files);
    let until = Instant::now() + LONGEST;
    while Instant::now() < until {
        match told.recv_timeout(QUIET) {
            Ok(event) => take(event, &mut files),
            Err(_) => break,
        }
    }
    Some(files.into_iter().collect())
}

fn take(event: Result<Event, notify::Error>, files: &mut BTreeSet<PathBuf>) {
    let Ok(event) = event else { return };
    let matters = match event.kind {
        EventKind::Access(AccessKind::Close(_)) => true,
        EventKind::Access(_) => false,
        _ => true,
    };
    if matters {
        files.extend(event.paths);
    }
}
