use std::{
    io::{self, Write as _},
    path::PathBuf,
};

use hub::{stick::folder, store::audit::Actor};

use super::{Data, Opening, Problem};

/// Take what kiosks have put on a USB stick, and put on it what goes back to them.
#[derive(Debug, clap::Args)]
pub(super) struct Stick {
    #[command(flatten)]
    data: Data,
    /// Where the stick is mounted
    #[arg(long = "in", value_name = "DIR")]
    stick: PathBuf,
}

impl Stick {
    pub(super) fn run(self, opening: &Opening) -> Result<(), Problem> {
        let hub = opening.hub(&self.data)?;
        let (outcomes, back) = folder::exchange(&hub, &self.stick, Actor::CommandLine)
            .map_err(|why| Problem::Told(why.to_string()))?;
        let mut out = io::stdout().lock();
        let mut failed = 0;
        for outcome in outcomes {
            match outcome.taken {
                Ok(taken) if taken.kiosk.struck_off.is_some() => {
                    writeln!(out, "{}: struck off; nothing of it was taken", taken.kiosk.name)?;
                }
                Ok(taken) => {
                    let came = taken.came;
                    writeln!(
                        out,
                        "{}: {} records, {} of them new, {} to look at; {} sealed boxes",
                        taken.kiosk.name, came.records, came.fresh, came.aside, came.boxes
                    )?;
                    if came.boxes_later > 0 {
                        writeln!(
                            out,
                            "{}: {} more boxes are to come with the next stick",
                            taken.kiosk.name, came.boxes_later
                        )?;
                    }
                }
                Err(why) => {
                    failed += 1;
                    eprintln!("{}: refused, nothing of it was taken: {why}", outcome.file);
                }
            }
        }
        for one in back {
            match one.written {
                Ok(path) => writeln!(out, "for {}: {}", one.kiosk, path.display())?,
                Err(why) => {
                    failed += 1;
                    eprintln!("for {}: {why}", one.kiosk);
                }
            }
        }
        match failed {
            0 => Ok(()),
            _ => Err(Problem::Told("not everything was done; the lines above say what".into())),
        }
    }
}
