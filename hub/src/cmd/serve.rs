use std::{
    io::{self, Write as _},
    net::SocketAddr,
    path::PathBuf,
    sync::Arc,
};

use hub::{
    folder::Folder, hub::HubError, log, mail::settings::MailSettings, report_form, serve,
    tls::listener::Limits,
};
use tokio::signal::unix::{SignalKind, signal};

use super::{Data, Opening, Problem};

/// Serve the desk and the kiosks until told to stop.
#[derive(Debug, clap::Args)]
pub(super) struct Serve {
    #[command(flatten)]
    data: Data,
    /// Where the desk is served; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8443", value_parser = address)]
    desk: SocketAddr,
    /// Where the kiosks are served; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "0.0.0.0:8444", value_parser = address)]
    kiosks: SocketAddr,
    /// Where the form on the web is served, for a reverse proxy on this computer; without it there is none
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    report_form: Option<SocketAddr>,
    /// Serve the form on the web beyond this computer too: it goes there without TLS
    #[arg(long, requires = "report_form")]
    report_form_beyond_this_computer: bool,
    /// The folder of the school's content on this machine: with it the desk prints letters
    #[arg(long, value_name = "DIR")]
    content: Option<PathBuf>,
    /// The folder to which a backup goes each day: on a stick, a second disk or a network drive
    #[arg(long, value_name = "DIR")]
    backups: Option<PathBuf>,
    /// The file that names the school’s mail server and who is written to when nobody opened a box on a school day
    #[arg(long, value_name = "FILE")]
    mail: Option<PathBuf>,
}

/// “192.168.1.5:8443”, “`[::1]`:8443”, or “:8443” for this computer's loopback address.
fn address(text: &str) -> Result<SocketAddr, String> {
    let whole = if text.starts_with(':') { format!("127.0.0.1{text}") } else { text.to_owned() };
    whole.parse().map_err(|_| format!("“{text}” is not an address and port such as 127.0.0.1:8443"))
}

impl Serve {
    pub(super) fn run(self, opening: &Opening) -> Result<(), Problem> {
        let folder = Folder::new(&self.data.data);
        folder.check().map_err(HubError::from)?;
        let lock = folder.lock().map_err(HubError::from)?;
        if let Some(content) = self.content.as_ref().filter(|folder| !folder.join("school.toml").is_file()) {
            let text = format!("{} is no school’s content: there is no school.toml in it", content.display());
            return Err(Problem::Told(text));
        }
        if let Some(mail) = &self.mail {
            MailSettings::read(mail).map_err(|why| Problem::Told(why.to_string()))?;
        }
        let beyond = self.report_form.filter(|form| !form.ip().is_loopback());
        if let (Some(form), false) = (beyond, self.report_form_beyond_this_computer) {
            let text = format!(
                "the form on the web would be served at {form} without TLS, where others on the network can read along. Name this computer’s own address (127.0.0.1:{}) and put a reverse proxy on this computer, or add --report-form-beyond-this-computer",
                form.port()
            );
            return Err(Problem::Told(text));
        }
        let hub = opening.hub_to_serve(&folder, &lock)?;
        let hub = hub.with_content(self.content).with_backups(self.backups);
        let hub = Arc::new(hub.with_mail(self.mail));
        tokio::runtime::Runtime::new()?.block_on(async {
            let (mut terminate, mut interrupt) =
                (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
            let serving = serve::start(hub.clone(), self.desk, self.kiosks, Limits::default()).await?;
            let form = match self.report_form {
                Some(address) => Some(report_form::start(hub, address).await?),
                None => None,
            };
            let mut out = io::stdout();
            writeln!(out, "desk https://{}", serving.desk)?;
            writeln!(out, "kiosks https://{}", serving.kiosks)?;
            if let Some(form) = &form {
                writeln!(out, "report form http://{}", form.address)?;
            }
            out.flush()?;
            log::line("serving");
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if let Some(form) = form {
                form.stop().await;
            }
            serving.stop().await;
            log::line("ended");
            Ok(())
        })
    }
}
