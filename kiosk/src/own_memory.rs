//! What this program does so that its memory stays its own, beside what the system is asked for.

use std::alloc::System;

use zeroizing_alloc::ZeroAlloc;

/// Whatever is let go is overwritten, so that nothing of one child can be found in memory that nothing uses any more.
#[global_allocator]
static MEMORY: ZeroAlloc<System> = ZeroAlloc(System);
