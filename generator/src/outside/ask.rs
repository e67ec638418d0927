//! Asks the web. It sends the address, a name that says what asks, and nothing of the school.

use std::{
    collections::BTreeMap,
    io,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use jiff::civil::Date;
use ureq::{
    Agent,
    tls::{RootCerts, TlsConfig},
};
use url::Url;

use super::{Answer, Silence, kept::Kept, links::Link};

/// How long one address may take.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// So many websites are asked at once, each for one page after the other.
const AT_ONCE: usize = 8;

/// An address may send on so many times.
const HOPS: usize = 8;

/// Asks for each link that did not answer lately, and writes down which did.
///
/// # Errors
/// When what answered could not be written down; what came back is then lost only for the next time.
pub fn all(links: Vec<Link>, school: &Path, day: Date) -> (Vec<(Link, Answer)>, io::Result<()>) {
    let mut kept = Kept::read(school);
    let mut answers = Vec::with_capacity(links.len());
    let mut by_host: BTreeMap<String, Vec<Link>> = BTreeMap::new();
    for link in links {
        if kept.counts(&link.url, day) {
            answers.push((link, Answer::There));
        } else {
            by_host.entry(host(&link.url)).or_default().push(link);
        }
    }
    let agent = agent();
    let waiting = Mutex::new(by_host.into_values());
    let found = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
                    let Some(links) = next else { return };
                    for link in links {
                        let answer = one(&agent, &link.url);
                        found.lock().unwrap_or_else(PoisonError::into_inner).push((link, answer));
                    }
                }
            });
        }
    });
    for (link, answer) in found.into_inner().unwrap_or_else(PoisonError::into_inner) {
        if answer == Answer::There {
            kept.answered(&link.url, day);
        }
        answers.push((link, answer));
    }
    answers.sort_by(|(a, _), (b, _)| a.url.cmp(&b.url));
    (answers, kept.write(school, day))
}

fn host(url: &str) -> String {
    Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
}

fn agent() -> Agent {
    let tls = TlsConfig::builder()
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .root_certs(RootCerts::PlatformVerifier)
        .build();
    let config = Agent::config_builder()
        .tls_config(tls)
        .timeout_global(Some(PATIENCE))
        .max_redirects(0)
        .http_status_as_error(false)
        .user_agent("Signpost (looks whether links still lead somewhere)")
        .build();
    config.into()
}

/// Asks for one address and follows where it sends.
fn one(agent: &Agent, url: &str) -> Answer {
    let Ok(first) = Url::parse(url) else { return Answer::Silent(Silence::NoSuchName) };
    let mut at = first.clone();
    let mut for_good = true;
    for _ in 0..HOPS {
        let answer = match agent.get(at.as_str()).call() {
            Ok(answer) => answer,
            Err(error) => return Answer::Silent(why(&error)),
        };
        let status = answer.status().as_u16();
        if !matches!(status, 301 | 302 | 303 | 307 | 308) {
            return arrived(status, &first, &at, for_good);
        }
        for_good &= matches!(status, 301 | 308);
        let to = answer.headers().get("location").and_then(|to| to.to_str().ok());
        match to.and_then(|to| at.join(to).ok()) {
            Some(to) => at = to,
            None => return Answer::Silent(Silence::Trouble(status)),
        }
    }
    Answer::Silent(Silence::Circle)
}

fn arrived(status: u16, first: &Url, at: &Url, for_good: bool) -> Answer {
    match status {
        404 | 410 => Answer::Gone(status),
        500.. => Answer::Silent(Silence::Trouble(status)),
        // It turns programs away, or asks who one is: a person may well be let in.
        400.. => Answer::There,
        _ if for_good && !same(first, at) => Answer::Moved(at.to_string()),
        _ => Answer::There,
    }
}

/// Whether two addresses differ by a slash at the end at most.
fn same(one: &Url, other: &Url) -> bool {
    one.as_str().trim_end_matches('/') == other.as_str().trim_end_matches('/')
}

fn why(error: &ureq::Error) -> Silence {
    use ureq::Error;
    match error {
        Error::HostNotFound => Silence::NoSuchName,
        Error::Timeout(_) => Silence::TooSlow,
        Error::Rustls(_) | Error::Tls(_) | Error::Pem(_) => Silence::Certificate,
        // rustls tells of a bad certificate while the connection is used.
        Error::Io(error) if error.get_ref().is_some_and(|inner| inner.is::<rustls::Error>()) => {
            Silence::Certificate
        }
        _ => Silence::NotReached,
    }
}
