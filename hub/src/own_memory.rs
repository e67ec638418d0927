//! What this program does so that its memory stays its own.

use std::alloc::System;

use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
use zeroizing_alloc::ZeroAlloc;

/// Whatever is let go is overwritten, so that nothing that a page showed can be found in memory that nothing uses any more.
#[global_allocator]
static MEMORY: ZeroAlloc<System> = ZeroAlloc(System);

/// No copy of this program's memory comes onto a disk, and no other program of the same user looks in: keys and reports may be in it.
/// Where the system refuses a part of it, the program is no worse off than before.
pub(crate) fn keep_private() {
    // Neither may be taken back. The second counts also where the system hands a core to a program that collects them.
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
}
