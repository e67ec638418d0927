//! `signpost` alone: the office's page.

use std::{
    net::{Ipv4Addr, TcpListener},
    path::PathBuf,
    process::{Command, Stdio},
    sync::Arc,
};

use clap::Args;
use jiff::civil::Date;

use super::{Ending, show};
use crate::{
    office::{self, Office},
    preview::Look,
    theme::Theme,
};

#[derive(Debug, Default, Args)]
pub(super) struct Options {
    /// The school's folder [default: the one of the last time]
    #[arg(long, value_name = "DIR")]
    school: Option<PathBuf>,
    /// Themes to use instead of the built-in ones
    #[arg(long, value_name = "DIR")]
    themes: Option<PathBuf>,
    /// The day that pages are drawn for, as in 2026-09-14 [default: today]
    #[arg(long, value_name = "DAY", value_parser = super::day)]
    date: Option<Date>,
    /// The port to listen on, at this computer alone; 0 for any that is free
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Only print the address
    #[arg(long)]
    no_browser: bool,
    /// Put an icon that opens this page into the menu and onto the desktop of whoever runs this, and end
    #[arg(long)]
    icon: bool,
}

/// Puts the icon there.
fn icon() -> Ending {
    let put = std::env::current_exe().and_then(|program| {
        let theme = Theme::embedded().map_err(std::io::Error::other)?;
        office::icon::put(&program, theme.symbol("signpost").unwrap_or_default())
    });
    match put {
        Ok(files) => {
            let files: Vec<_> = files.iter().map(|file| file.display().to_string()).collect();
            show::say(&format!("“Signpost” is now in your menu: {}.", files.join(", ")));
            Ending::Good
        }
        Err(why) => {
            show::say(&format!("The icon could not be put there: {why}."));
            Ending::Errors
        }
    }
}

pub(super) fn run(options: &Options) -> Ending {
    if options.icon {
        return icon();
    }
    let listener = match TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)) {
        Ok(listener) => listener,
        Err(why) => {
            show::say(&format!("Port {} cannot be used ({why}). Name another with --port.", options.port));
            return Ending::Errors;
        }
    };
    let port = listener.local_addr().map_or(options.port, |address| address.port());
    let themes = options.themes.clone().or_else(|| std::env::var_os("SIGNPOST_THEMES").map(PathBuf::from));
    let office = match Office::new(port, themes.map_or(Look::Shipped, Look::Folder), options.date) {
        Ok(office) => office,
        Err(error) => return show::failure(&error),
    };
    match &options.school {
        Some(school) => {
            if let Err(trouble) = office.open(school) {
                show::say(&trouble);
            }
        }
        None => office.open_last(),
    }
    let ended = super::listen(listener, office::routes(Arc::clone(&office)), |_| {
        show::say("Signpost is open in your browser. Leave this window open while you work; Ctrl-C ends it.");
        show::say(&format!("If no page came up, open this address: {}", office.key().address()));
        if !options.no_browser {
            open_browser(&office.key().address_once());
        }
    });
    match ended {
        Ok(()) => Ending::Good,
        Err(error) => show::failure(&error),
    }
}

/// Asks the system to open an address. Where it cannot, the printed address is there.
fn open_browser(address: &str) {
    let program = if cfg!(target_os = "macos") {
        "open"
    } else if cfg!(windows) {
        "explorer"
    } else if std::env::var_os("DISPLAY").is_some() || std::env::var_os("WAYLAND_DISPLAY").is_some() {
        "xdg-open"
    } else {
        return;
    };
    let mut command = Command::new(program);
    command.arg(address).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    if let Ok(mut child) = command.spawn() {
        std::thread::spawn(move || child.wait());
    }
}
