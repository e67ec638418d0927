//! The form on the web, by which anybody can tell the school something: on a port of its own, for a reverse proxy.
//!
//! It asks what kiosks ask, and it keeps nothing of whoever sends it but what they wrote: no cookie, no address, no
//! browser's name, no line in a log. What comes is sealed at once and lies in a box of the hub's own.
//!
//! 1. [`sent`]: what somebody typed, as a report; [`pace`]: a flood is slowed and set apart, and never refused.
//! 2. [`own_box`], [`keeping`]: the box in which the number of reports does not show.
//! 3. [`pages`]: what is shown; [`listener`]: connections, and what a client may hold.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use axum::{Router, extract::DefaultBodyLimit, middleware, routing::get};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use crate::{hub::Hub, log, serve::ServeError};

pub mod keeping;
mod listener;
pub mod own_box;
mod pace;
mod pages;
mod sent;

/// Far more than the form takes: what is too long comes back to whoever typed it.
const BODY_MAX: usize = 256 * 1024;
/// How often the box is written though nobody comes by.
const TICK: Duration = Duration::from_secs(10 * 60);
/// However often the form is opened, the box is written no more often than this for it.
const OPENED_EVERY: Duration = Duration::from_secs(5);

/// What all pages share.
struct Form {
    hub: Arc<Hub>,
    pages: tera::Tera,
    words: serde_json::Value,
    pace: Mutex<pace::Pace>,
    touched: Mutex<Option<Instant>>,
}

/// A form that is served.
#[derive(Debug)]
pub struct ReportForm {
    /// Where a reverse proxy finds it.
    pub address: SocketAddr,
    stop: watch::Sender<bool>,
    tasks: [JoinHandle<()>; 2],
}

impl ReportForm {
    /// Ends it: what is under way is answered first.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        for task in self.tasks {
            let _ = task.await;
        }
    }
}

/// Begins to serve the form.
///
/// # Errors
/// [`ServeError`].
pub async fn start(hub: Arc<Hub>, address: SocketAddr) -> Result<ReportForm, ServeError> {
    let cannot = |error| ServeError::Listen(address, error);
    let listener = TcpListener::bind(address).await.map_err(cannot)?;
    let bound = listener.local_addr().map_err(cannot)?;
    let (stop, stopped) = watch::channel(false);
    let tasks = [
        tokio::spawn(listener::serve(listener, router(hub.clone())?, stopped.clone())),
        tokio::spawn(tick(hub, stopped)),
    ];
    Ok(ReportForm { address: bound, stop, tasks })
}

fn router(hub: Arc<Hub>) -> Result<Router, tera::Error> {
    let form = Form {
        hub,
        pages: pages::load()?,
        words: pages::words(),
        pace: Mutex::default(),
        touched: Mutex::default(),
    };
    Ok(Router::new()
        .route("/", get(pages::form).post(pages::send))
        .route("/term-dates", get(pages::away))
        .route("/symbols/{name}", get(pages::symbol))
        .route("/fonts/{name}", get(pages::font))
        .route("/form.css", get(pages::styles))
        .route("/leave.js", get(pages::script))
        .route("/icon.svg", get(pages::icon))
        .fallback(pages::nothing_here)
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(middleware::from_fn(pages::with_headers))
        .with_state(Arc::new(form)))
}

/// Writes the box every ten minutes, whether somebody came by or not.
async fn tick(hub: Arc<Hub>, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        let writing = hub.clone();
        let _ = tokio::task::spawn_blocking(move || touch(&writing)).await;
        tokio::select! {
            () = tokio::time::sleep(TICK) => {}
            _ = stopped.changed() => {}
        }
    }
}

fn touch(hub: &Hub) {
    match hub.touch_own_box() {
        Ok(()) | Err(keeping::KeepError::NoReader) => {}
        Err(error) => log::line(&format!("the box of the form on the web cannot be written: {error}")),
    }
}
