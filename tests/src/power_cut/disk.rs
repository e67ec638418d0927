//! A model of a disk with a cache that forgets: folders and files, what of them is durable, and what a
//! power cut may leave.
//!
//! # What is assumed
//! Pessimistic wherever file systems differ, so that what passes here passes on all of them:
//!
//! - A **sector** of 512 bytes is written whole or not at all.
//! - `fsync` and `fdatasync` of a file make its bytes and its length durable, and **nothing else**: not
//!   its name. (ext4 in practice makes a new file's name durable with it; POSIX does not promise it.)
//! - A **name** (made, renamed, removed) is durable only once its folder was synced. Of the later changes
//!   to a folder's names a cut keeps the first few, in order, as every journal does; different folders
//!   are independent. A rename happens wholly or not at all, also across folders.
//! - A rename over another file does **not** flush the new file's bytes first (ext4 does, by
//!   `auto_da_alloc`; others do not).
//! - New room reads as zeros, never as old rubbish: so do ext4 (`data=ordered`), XFS and btrfs.
//! - The disk does not lie: what `fsync` returned for is durable. A disk that lies cannot be tested
//!   against from here.

use super::file::File;
use super::log::{Call, Event};
use super::snapshot::{Entry, Snapshot};
use crate::chance::Chance;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Why a recording cannot be replayed.
#[derive(Debug, thiserror::Error)]
pub enum DiskError {
    /// A call that the model does not follow.
    #[error(
        "{path}: the program used {why}, which the power-cut replay does not follow; \
         let it use plain writes there, or teach recorder.c and disk.rs this call"
    )]
    Unsupported {
        /// Where.
        path: PathBuf,
        /// Which call.
        why: String,
    },
    /// A change to a file whose making was not seen.
    #[error(
        "{path}: changed, but the recorder never saw it being made; the program probably makes system \
         calls past libc (rustix's default backend, stdio), so the recording is incomplete"
    )]
    NotRecorded {
        /// Where.
        path: PathBuf,
    },
}

type NodeId = usize;

#[derive(Debug)]
enum Node {
    File(File),
    Folder(Folder),
}

/// A folder's names as programs see them, and as the disk has them for certain.
#[derive(Debug, Default)]
struct Folder {
    seen: BTreeMap<OsString, NodeId>,
    durable: BTreeMap<OsString, NodeId>,
}

/// Names that change together or not at all.
#[derive(Debug, Clone)]
struct NameChange {
    steps: Vec<(NodeId, OsString, Option<NodeId>)>,
}

impl NameChange {
    fn touches(&self, folder: NodeId) -> bool {
        self.steps.iter().any(|(at, ..)| *at == folder)
    }
}

/// The disk at one moment of a recording.
#[derive(Debug)]
pub(super) struct Disk {
    root: PathBuf,
    nodes: Vec<Node>,
    by_inode: HashMap<u64, NodeId>,
    pending: Vec<NameChange>,
}

const ROOT: NodeId = 0;

impl Disk {
    /// A disk that holds `snapshot`, durable.
    pub(super) fn new(snapshot: &Snapshot) -> Self {
        let mut disk = Self {
            root: snapshot.root.clone(),
            nodes: vec![Node::Folder(Folder::default())],
            by_inode: HashMap::from([(snapshot.root_inode, ROOT)]),
            pending: Vec::new(),
        };
        for (path, inode, entry) in &snapshot.entries {
            let node = match entry {
                Entry::File(bytes) => Node::File(File::durable(bytes.clone())),
                Entry::Folder => Node::Folder(Folder::default()),
            };
            let id = match disk.by_inode.get(inode) {
                Some(&linked) => linked,
                None => disk.add(*inode, node),
            };
            if let Some((folder, name)) = disk.place(path) {
                disk.change_names(vec![(folder, name.to_os_string(), Some(id))]);
            }
        }
        disk.sync_all();
        disk
    }

    /// Does what a recorded program did.
    pub(super) fn apply(&mut self, event: &Event) -> Result<(), DiskError> {
        let not_recorded = || DiskError::NotRecorded { path: event.path.clone() };
        match &event.call {
            Call::Open { created, truncated, .. } => {
                if *created {
                    let id = self.add(event.inode, Node::File(File::default()));
                    self.name(&event.path, Some(id)).ok_or_else(not_recorded)?;
                } else {
                    let file = self.file(event.inode).ok_or_else(not_recorded)?;
                    if *truncated {
                        file.resize(0);
                    }
                }
            }
            Call::Write { offset, bytes, synced, .. } => {
                self.file(event.inode).ok_or_else(not_recorded)?.write(*offset, bytes, *synced);
            }
            Call::Truncate { length } => self.file(event.inode).ok_or_else(not_recorded)?.resize(*length),
            Call::Fallocate { length } => self.file(event.inode).ok_or_else(not_recorded)?.grow(*length),
            Call::Fsync | Call::Fdatasync => self.sync(event.inode).ok_or_else(not_recorded)?,
            Call::SyncAll => self.sync_all(),
            Call::Mkdir => {
                let id = self.add(event.inode, Node::Folder(Folder::default()));
                self.name(&event.path, Some(id)).ok_or_else(not_recorded)?;
            }
            Call::Unlink | Call::Rmdir => self.name(&event.path, None).ok_or_else(not_recorded)?,
            Call::Rename { to } => self.rename(&event.path, to).ok_or_else(not_recorded)?,
            Call::Link { to } => {
                let id = *self.by_inode.get(&event.inode).ok_or_else(not_recorded)?;
                self.name(to, Some(id)).ok_or_else(not_recorded)?;
            }
            Call::Map if is_shared_memory_of_sqlite(&event.path) => {}
            Call::Map => {
                return Err(DiskError::Unsupported {
                    path: event.path.clone(),
                    why: "a shared, writable mapping (mmap)".to_owned(),
                });
            }
            Call::Unsupported { why } => {
                return Err(DiskError::Unsupported { path: event.path.clone(), why: why.clone() });
            }
            Call::SyncRange | Call::Stdout { .. } | Call::Sent { .. } | Call::Mark { .. } => {}
        }
        Ok(())
    }

    /// Writes what a power cut at this moment leaves, by `chance`, into the empty folder `into`.
    pub(super) fn write_after_a_cut(&self, chance: &mut Chance, into: &Path) -> io::Result<()> {
        let files: Vec<Option<Vec<u8>>> = self
            .nodes
            .iter()
            .map(|node| match node {
                Node::File(file) => Some(file.after_a_cut(chance)),
                Node::Folder(_) => None,
            })
            .collect();
        let names = self.names_after_a_cut(chance);
        let mut folders = vec![(ROOT, into.to_path_buf())];
        while let Some((folder, path)) = folders.pop() {
            for (name, &id) in names.get(&folder).into_iter().flatten() {
                let path = path.join(name);
                match &files[id] {
                    Some(bytes) => fs::write(&path, bytes)?,
                    None => {
                        fs::create_dir(&path)?;
                        folders.push((id, path));
                    }
                }
            }
        }
        Ok(())
    }

    fn names_after_a_cut(&self, chance: &mut Chance) -> BTreeMap<NodeId, BTreeMap<OsString, NodeId>> {
        let mut names: BTreeMap<NodeId, BTreeMap<OsString, NodeId>> = BTreeMap::new();
        let mut lost_from: BTreeMap<NodeId, usize> = BTreeMap::new();
        for (id, node) in self.nodes.iter().enumerate() {
            let Node::Folder(folder) = node else { continue };
            names.insert(id, folder.durable.clone());
            let changes: Vec<usize> =
                (0..self.pending.len()).filter(|&number| self.pending[number].touches(id)).collect();
            let kept = match chance.up_to(2) {
                0 => 0,
                1 => changes.len(),
                _ => chance.up_to(changes.len()),
            };
            lost_from.insert(id, changes.get(kept).copied().unwrap_or(self.pending.len()));
        }
        for (number, change) in self.pending.iter().enumerate() {
            let lost = |folder: &NodeId| lost_from.get(folder).is_some_and(|&first| first <= number);
            if change.steps.iter().any(|(folder, ..)| lost(folder)) {
                // Lost in one folder is lost in the other, with all that came after it there.
                for (folder, ..) in &change.steps {
                    lost_from.entry(*folder).and_modify(|first| *first = number.min(*first));
                }
                continue;
            }
            for (folder, name, target) in &change.steps {
                set(names.entry(*folder).or_default(), name, *target);
            }
        }
        names
    }

    fn add(&mut self, inode: u64, node: Node) -> NodeId {
        self.nodes.push(node);
        let id = self.nodes.len() - 1;
        self.by_inode.insert(inode, id);
        id
    }

    fn file(&mut self, inode: u64) -> Option<&mut File> {
        match &mut self.nodes[*self.by_inode.get(&inode)?] {
            Node::File(file) => Some(file),
            Node::Folder(_) => None,
        }
    }

    fn folder(&self, id: NodeId) -> Option<&Folder> {
        match &self.nodes[id] {
            Node::Folder(folder) => Some(folder),
            Node::File(_) => None,
        }
    }

    /// The folder and last name of a path, as programs see them now.
    fn place<'a>(&self, path: &'a Path) -> Option<(NodeId, &'a OsStr)> {
        let inside = path.strip_prefix(&self.root).ok()?;
        let name = inside.file_name()?;
        let mut folder = ROOT;
        for part in inside.parent()? {
            folder = *self.folder(folder)?.seen.get(part)?;
        }
        Some((folder, name))
    }

    fn name(&mut self, path: &Path, target: Option<NodeId>) -> Option<()> {
        let (folder, name) = self.place(path)?;
        if target.is_none() {
            self.folder(folder)?.seen.get(name)?;
        }
        self.change_names(vec![(folder, name.to_os_string(), target)]);
        Some(())
    }

    fn rename(&mut self, from: &Path, to: &Path) -> Option<()> {
        let (from_folder, from_name) = self.place(from)?;
        let (to_folder, to_name) = self.place(to)?;
        let moved = *self.folder(from_folder)?.seen.get(from_name)?;
        if self.folder(to_folder)?.seen.get(to_name) == Some(&moved) {
            // Two names of one file, or a name onto itself: POSIX says that nothing happens.
            return Some(());
        }
        self.change_names(vec![
            (from_folder, from_name.to_os_string(), None),
            (to_folder, to_name.to_os_string(), Some(moved)),
        ]);
        Some(())
    }

    fn change_names(&mut self, steps: Vec<(NodeId, OsString, Option<NodeId>)>) {
        for (folder, name, target) in &steps {
            if let Node::Folder(folder) = &mut self.nodes[*folder] {
                set(&mut folder.seen, name, *target);
            }
        }
        self.pending.push(NameChange { steps });
    }

    fn sync(&mut self, inode: u64) -> Option<()> {
        let id = *self.by_inode.get(&inode)?;
        match &mut self.nodes[id] {
            Node::File(file) => file.sync(),
            Node::Folder(_) => self.sync_names(id),
        }
        Some(())
    }

    /// Makes a folder's names durable, and with a rename across folders the other folder's up to it.
    fn sync_names(&mut self, folder: NodeId) {
        let mut folders = BTreeSet::from([folder]);
        let mut synced = vec![false; self.pending.len()];
        for (number, change) in self.pending.iter().enumerate().rev() {
            if change.steps.iter().any(|(at, ..)| folders.contains(at)) {
                folders.extend(change.steps.iter().map(|(at, ..)| *at));
                synced[number] = true;
            }
        }
        let mut synced = synced.into_iter();
        for change in std::mem::take(&mut self.pending) {
            if synced.next() == Some(true) {
                self.make_durable(change);
            } else {
                self.pending.push(change);
            }
        }
    }

    fn make_durable(&mut self, change: NameChange) {
        for (folder, name, target) in change.steps {
            if let Node::Folder(folder) = &mut self.nodes[folder] {
                set(&mut folder.durable, &name, target);
            }
        }
    }

    /// Makes everything durable.
    pub(super) fn sync_all(&mut self) {
        for node in &mut self.nodes {
            if let Node::File(file) = node {
                file.sync();
            }
        }
        for change in std::mem::take(&mut self.pending) {
            self.make_durable(change);
        }
    }
}

fn set(names: &mut BTreeMap<OsString, NodeId>, name: &OsStr, target: Option<NodeId>) {
    match target {
        Some(id) => names.insert(name.to_os_string(), id),
        None => names.remove(name),
    };
}

/// SQLite maps the index of its write-ahead log, and builds it anew after a cut: it need not be durable.
pub(super) fn is_shared_memory_of_sqlite(path: &Path) -> bool {
    path.as_os_str().as_encoded_bytes().ends_with(b"-shm")
}
