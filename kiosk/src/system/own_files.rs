//! Files and folders that this account alone may read. Where rights are not said with a file, those of the folder that
//! the technician made hold.

use std::{
    fs::{DirBuilder, OpenOptions},
    io,
    path::Path,
};

/// What is opened so is readable by this account alone, if it is made by it.
pub(crate) fn own(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options
}

/// Makes a folder, and those above it, where they are not there yet.
///
/// # Errors
/// What the system says.
pub(crate) fn create_folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.recursive(true).create(path)
}
