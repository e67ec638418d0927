//! Memory that stays this program's own.

/// No copy of this program's memory comes onto a disk, and no other program of the same user looks in: names, a child’s
/// mark and what a child tells may be in it. Where the system refuses a part of it, the program is no worse off than before.
#[cfg(target_os = "linux")]
pub fn keep_private() {
    use rustix::{
        mm::{MlockAllFlags, mlockall},
        process::{DumpableBehavior, Resource, Rlimit, geteuid, getrlimit, set_dumpable_behavior, setrlimit},
    };
    // Neither may be taken back. The second counts also where the system hands a core to a program that collects them.
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    // Nothing of it is swapped out, where the system lets the program hold whatever it needs: by the package's unit, or
    // because it is root's. Under a limit, a program that has reached it is given no more memory and dies.
    if getrlimit(Resource::Memlock).current.is_none() || geteuid().is_root() {
        let _ = mlockall(MlockAllFlags::CURRENT | MlockAllFlags::FUTURE | MlockAllFlags::ONFAULT);
    }
}

/// Elsewhere what is let go is overwritten as well, and that is all.
#[cfg(not(target_os = "linux"))]
pub fn keep_private() {}
