//! `signpost serve`

use std::{
    net::{Ipv4Addr, TcpListener},
    sync::Arc,
};

use axum::{http::Method, middleware};
use clap::Args;

use super::{Common, Ending, show};
use crate::{
    preview::{Look, Preview, Shows, door, news::News, watch, web::Pages},
    tell,
    theme::Theme,
};

#[derive(Debug, Args)]
pub(super) struct Options {
    #[command(flatten)]
    common: Common,
    /// The port to listen on, at this computer alone; 0 for any that is free
    #[arg(long, default_value_t = 4000)]
    port: u16,
}

/// What may be asked of a site that is only looked at.
const LOOKING: &[Method] = &[Method::GET, Method::HEAD];

pub(super) fn run(options: &Options) -> Ending {
    let common = &options.common;
    let listener = match TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)) {
        Ok(listener) => listener,
        Err(why) => {
            show::say(&format!(
                "Port {} cannot be used ({why}). Name another with --port, for example --port 4001.",
                options.port
            ));
            return Ending::Errors;
        }
    };
    if !common.school.is_dir() {
        // The same words as of every other command.
        let (_, problems) = crate::load::tree::read(&common.school);
        show::report(&crate::diagnostic::Report::new(problems), common.format);
        return Ending::Errors;
    }
    let look = common.themes_folder().map_or(Look::Shipped, Look::Folder);
    let preview = match Preview::open(&common.school, look, common.day(), Shows::Public) {
        Ok(preview) => preview,
        Err(error) => return show::failure(&error),
    };
    let shipped = match Theme::embedded() {
        Ok(theme) => theme,
        Err(error) => return show::failure(&error),
    };
    let _watching = match watch::start(&preview) {
        Ok(watching) => watching,
        Err(error) => return show::failure(&error),
    };
    show::report(&preview.report(), common.format);
    let format = common.format;
    let mut told = preview.news();
    std::thread::spawn(move || {
        loop {
            match told.blocking_recv() {
                Ok(news) => {
                    if let News::Findings(report) = &*news {
                        show::report(report, format);
                        show::say_to_people(&format!("{}.", tell::tally(report)), format);
                    }
                }
                Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => {}
                Err(tokio::sync::broadcast::error::RecvError::Closed) => break,
            }
        }
    });
    let routes = Pages::new(Arc::clone(&preview), "/", &shipped).routes();
    let routes = routes.layer(middleware::from_fn_with_state(LOOKING, door::keep));
    match super::listen(listener, routes, |address| {
        show::say(&format!("The site is at http://{address}/  (Ctrl-C ends this)"));
    }) {
        Ok(()) => Ending::Good,
        Err(error) => show::failure(&error),
    }
}
