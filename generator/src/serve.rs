//! Shows a built site on this computer while it is being written. For one
//! person at one desk: it listens on the loopback address alone.

use std::{
    fs,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use walkdir::WalkDir;

/// The longest request head taken, in bytes.
const LONGEST_HEAD: u64 = 16 * 1024;
/// Asked by the page for the number of the build; it loads itself again when that rises.
const BUILD_NUMBER: &str = "/.signpost/build";
/// Put into pages by this server alone; built pages hold no script.
const RELOAD: &str = "<script>(()=>{let n;setInterval(async()=>{try{const r=await(await fetch('/.signpost/build')).text();if(n!==undefined&&r!==n)location.reload();n=r}catch{}},700)})()</script>";

/// A listening server.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    site: PathBuf,
    build: AtomicU64,
}

/// An answer to a request.
#[derive(Debug, PartialEq, Eq)]
struct Answer {
    status: &'static str,
    kind: &'static str,
    location: Option<String>,
    body: Vec<u8>,
}

impl Server {
    /// Listens at `port` of the loopback address; 0 means any that is free.
    ///
    /// # Errors
    /// When the port is taken or not allowed.
    pub fn listen(port: u16, site: PathBuf) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address, site, build: AtomicU64::new(1) })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Makes open pages load themselves again.
    pub fn tell_of_new_build(&self) {
        self.build.fetch_add(1, Ordering::Relaxed);
    }

    /// Answers for ever, each visitor on a thread.
    pub fn run(&self) {
        std::thread::scope(|threads| {
            for stream in self.listener.incoming().filter_map(Result::ok) {
                threads.spawn(move || {
                    // A browser that goes away in the middle is no fault.
                    let _ = self.answer(stream);
                });
            }
        });
    }

    fn answer(&self, mut stream: TcpStream) -> io::Result<()> {
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        stream.set_write_timeout(Some(Duration::from_secs(5)))?;
        let mut head = BufReader::new(stream.try_clone()?.take(LONGEST_HEAD));
        let mut request = String::new();
        head.read_line(&mut request)?;
        let mut host = String::new();
        loop {
            let mut line = String::new();
            if head.read_line(&mut line)? == 0 || line.trim().is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("host")
            {
                host = value.trim().to_owned();
            }
        }
        let mut words = request.split_whitespace();
        let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let answer = self.answer_to(method, target, &host);
        let location = answer.location.map(|to| format!("Location: {to}\r\n")).unwrap_or_default();
        write!(
            stream,
            "HTTP/1.1 {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n{location}Connection: close\r\n\r\n",
            answer.status,
            answer.kind,
            answer.body.len(),
        )?;
        if method != "HEAD" {
            stream.write_all(&answer.body)?;
        }
        stream.flush()
    }

    fn answer_to(&self, method: &str, target: &str, host: &str) -> Answer {
        let plain = |status, text: &str| Answer {
            status,
            kind: "text/plain; charset=utf-8",
            location: None,
            body: text.into(),
        };
        // A page of another site that points its name at this computer gets nothing.
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        if !["localhost", "127.0.0.1"].contains(&name) {
            return plain("403 Forbidden", "Open this at http://127.0.0.1 on this computer.");
        }
        if !["GET", "HEAD"].contains(&method) {
            return plain("405 Method Not Allowed", "This only shows pages.");
        }
        let path = target.split(['?', '#']).next().unwrap_or_default();
        if path == BUILD_NUMBER {
            return plain("200 OK", &self.build.load(Ordering::Relaxed).to_string());
        }
        let Some(inside) = inside(path) else {
            return plain("400 Bad Request", "There is no such address.");
        };
        let file = self.site.join(&inside);
        if file.is_dir() && !path.ends_with('/') {
            return Answer { location: Some(format!("{path}/")), ..plain("301 Moved Permanently", "") };
        }
        let file = if file.is_dir() { file.join("index.html") } else { file };
        match fs::read(&file) {
            Ok(bytes) => page("200 OK", kind(&file), bytes),
            Err(_) => match fs::read(self.site.join("404.html")) {
                Ok(bytes) => page("404 Not Found", kind(Path::new("404.html")), bytes),
                Err(_) => plain(
                    "404 Not Found",
                    "There is nothing here yet. See what the window with “signpost serve” says.",
                ),
            },
        }
    }
}

fn page(status: &'static str, kind: &'static str, mut body: Vec<u8>) -> Answer {
    if kind.starts_with("text/html") {
        body.extend_from_slice(RELOAD.as_bytes());
    }
    Answer { status, kind, location: None, body }
}

/// The path within the site that an address names; none for one that would
/// lead out of it or that no file of a site has.
fn inside(path: &str) -> Option<PathBuf> {
    let path = path.strip_prefix('/')?;
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            let digits = std::str::from_utf8(&digits).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    let text = String::from_utf8(bytes).ok()?;
    let mut out = PathBuf::new();
    for part in text.split('/').filter(|part| !part.is_empty()) {
        let strange = part.starts_with('.') || part.contains(['\\', ':', '\0']);
        if strange {
            return None;
        }
        out.push(part);
    }
    Some(out)
}

fn kind(file: &Path) -> &'static str {
    match file.extension().and_then(|ending| ending.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

/// A number that changes when any file in these folders does, `out` left aside.
pub fn fingerprint(folders: &[PathBuf], out: &Path) -> u64 {
    let mut hash = DefaultHasher::new();
    let out = fs::canonicalize(out).ok();
    for folder in folders {
        let walk = WalkDir::new(folder).sort_by_file_name().into_iter().filter_entry(|entry| {
            let hidden = entry.depth() > 0 && entry.file_name().to_string_lossy().starts_with('.');
            !hidden && (out.is_none() || fs::canonicalize(entry.path()).ok() != out)
        });
        for entry in walk.filter_map(Result::ok) {
            // A folder's own time changes when the output beside it is swapped.
            if !entry.file_type().is_file() {
                continue;
            }
            entry.path().hash(&mut hash);
            if let Ok(about) = entry.metadata() {
                about.len().hash(&mut hash);
                about.modified().ok().hash(&mut hash);
            }
        }
    }
    hash.finish()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn an_address_never_leads_out_of_the_site() {
        for bad in [
            "/../secret",
            "/%2e%2e/secret",
            "/a/..%2f..%2fsecret",
            "/..\\secret",
            "/C:/x",
            "/%00",
            "/%ff",
            "/%2",
            "secret",
            "/.signpost-output",
        ] {
            assert_eq!(inside(bad), None, "{bad}");
        }
        assert_eq!(inside("/policies/online-safety/"), Some(PathBuf::from("policies/online-safety")));
    }

    #[test]
    fn only_this_computer_is_answered_and_only_questions() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("index.html"), "<p>Hello").unwrap();
        let server = Server::listen(0, folder.path().to_owned()).unwrap();
        assert!(server.address().ip().is_loopback());
        let host = server.address().to_string();
        assert!(server.answer_to("GET", "/", &host).body.starts_with(b"<p>Hello"));
        assert_eq!(server.answer_to("GET", "/", "evil.example").status, "403 Forbidden");
        assert_eq!(server.answer_to("POST", "/", &host).status, "405 Method Not Allowed");
        assert_eq!(server.answer_to("GET", "/nowhere", &host).status, "404 Not Found");
    }
}
