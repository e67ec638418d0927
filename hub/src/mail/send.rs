//! Carries a letter to the school's mail server. Never without TLS.

use std::{fs, path::PathBuf, time::Duration};

use lettre::{
    Address, Message, SmtpTransport, Transport as _,
    message::{Mailbox, header::ContentType},
    transport::smtp::{
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
        extension::ClientId,
    },
};

use super::{
    letter::Letter,
    settings::{MailSettings, SettingsError},
};

/// A server that is busy answers late; one that is not there is not waited for until the next day.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why a letter did not go.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The settings.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The authority that is to be trusted.
    #[error("the certificate in {0} cannot be used: {1}")]
    Trust(PathBuf, String),
    /// The letter cannot be made.
    #[error("the letter cannot be written: {0}")]
    Letter(#[from] lettre::error::Error),
    /// The server.
    #[error("{server} did not take it: {why}")]
    Server {
        /// Which.
        server: String,
        /// What it said, or what kept us from it, with what lies behind that.
        why: String,
    },
}

/// The way to the server.
#[derive(Debug)]
pub struct Post {
    server: String,
    from: Address,
    transport: SmtpTransport,
}

impl Post {
    /// Makes ready. Nothing goes over the network yet.
    ///
    /// # Errors
    /// [`SendError::Settings`] and [`SendError::Trust`].
    pub fn by(settings: &MailSettings) -> Result<Self, SendError> {
        let mut tls = TlsParameters::builder(settings.server.clone());
        if let Some(path) = &settings.trust {
            let pem = fs::read(path).map_err(|why| SettingsError::Read(path.clone(), why))?;
            let certificate =
                Certificate::from_pem(&pem).map_err(|why| SendError::Trust(path.clone(), told(&why)))?;
            tls = tls.add_root_certificate(certificate);
        }
        let tls = tls.build_rustls().map_err(|why| failed(&settings.server, &why))?;
        let tls = if settings.starttls() { Tls::Required(tls) } else { Tls::Wrapper(tls) };
        let mut transport = SmtpTransport::builder_dangerous(settings.server.clone())
            .port(settings.port)
            .tls(tls)
            .timeout(Some(PATIENCE))
            // This computer's own name is nobody's business.
            .hello_name(ClientId::Domain(settings.from.domain().to_owned()));
        if let (Some(user), Some(password)) = (&settings.user, settings.password()?) {
            transport = transport.credentials(Credentials::new(user.clone(), password.to_string()));
        }
        Ok(Self {
            server: settings.server.clone(),
            from: settings.from.clone(),
            transport: transport.build(),
        })
    }

    /// Sends a letter to one reader.
    ///
    /// # Errors
    /// [`SendError`]: then it did not arrive at the server, or the server refused it.
    pub fn send(&self, letter: &Letter, to: &Address) -> Result<(), SendError> {
        let message = Message::builder()
            .from(Mailbox::new(Some("Signpost".to_owned()), self.from.clone()))
            .to(Mailbox::new(None, to.clone()))
            .subject(&letter.subject)
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text.clone())?;
        self.transport.send(&message).map_err(|why| failed(&self.server, &why))?;
        Ok(())
    }
}

fn failed(server: &str, why: &lettre::transport::smtp::Error) -> SendError {
    SendError::Server { server: server.to_owned(), why: told(why) }
}

/// An error with what lies behind it: “connection error” alone helps nobody.
fn told(error: &dyn std::error::Error) -> String {
    let mut told = error.to_string();
    let mut behind = error.source();
    while let Some(error) = behind {
        let more = error.to_string();
        if !told.contains(&more) {
            told = format!("{told}: {more}");
        }
        behind = error.source();
    }
    told
}
