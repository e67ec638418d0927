use std::{
    io::{self, Write as _},
    path::PathBuf,
};

use hub::mail::{letter, send::Post, settings::MailSettings};

use super::Problem;

/// Write to everybody who is named in the file for `serve --mail`, to see whether it arrives.
#[derive(Debug, clap::Args)]
pub(super) struct Mail {
    /// The file
    file: PathBuf,
    /// The school’s name, as the letter gives it
    #[arg(long, value_name = "NAME", default_value = "your school")]
    school_name: String,
}

impl Mail {
    pub(super) fn run(self) -> Result<(), Problem> {
        let told = |why: &dyn std::error::Error| Problem::Told(why.to_string());
        let settings = MailSettings::read(&self.file).map_err(|why| told(&why))?;
        let post = Post::by(&settings).map_err(|why| told(&why))?;
        let letter = letter::trial(&self.school_name);
        let (mut out, mut failed) = (io::stdout().lock(), false);
        for to in settings.to.everybody() {
            match post.send(&letter, to) {
                Ok(()) => writeln!(out, "{to}: {} took it", settings.server)?,
                Err(why) => {
                    failed = true;
                    eprintln!("{to}: {why}");
                }
            }
        }
        if failed {
            return Err(Problem::Told("not every letter went; the lines above say why".into()));
        }
        Ok(())
    }
}
