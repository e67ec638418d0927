//! A bad line: a TCP proxy that cuts connections after some bytes in either direction, delays what goes through it, and
//! keeps answers back that were given. What befalls a connection is drawn from a seed, in the order in which they come.
//!
//! It sees TLS alone, so it goes by lengths: much that goes one way since anything came back is a delivery, and what
//! comes back next is its answer.

use crate::chance::Chance;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// More than a greeting and less than a delivery, in bytes.
const DELIVERY: u64 = 16 * 1024;
/// A connection that is cut on its way there, is cut within so many bytes.
const LONGEST_GOING: usize = 400_000;
/// One that is cut on its way back, within so many: an answer to 500 records has some 20,000.
const LONGEST_COMING: usize = 30_000;
/// One that is cut at once is cut in the handshake or in the greeting.
const LONGEST_GREETING: usize = 3_000;
const LONGEST_DELAY: usize = 30;

/// What befalls a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Whole,
    /// Cut after so many bytes from the client.
    CutGoing(usize),
    /// Cut after so many bytes from the server.
    CutComing(usize),
    /// The answer to the delivery with this number is kept back, and the connection cut.
    Unanswered(usize),
}

impl Fate {
    fn drawn(chance: &mut Chance) -> Self {
        match chance.up_to(15) {
            0 => Self::CutGoing(chance.up_to(LONGEST_GREETING)),
            1 => Self::CutComing(chance.up_to(LONGEST_GREETING)),
            2..=5 => Self::CutGoing(chance.up_to(LONGEST_GOING)),
            6..=7 => Self::CutComing(chance.up_to(LONGEST_COMING)),
            8..=11 => Self::Unanswered(chance.up_to(2)),
            _ => Self::Whole,
        }
    }
}

/// What befell connections so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Befallen {
    /// Connections in all while the line was bad.
    pub connections: u64,
    /// Cut on the way to the server.
    pub cut_going: u64,
    /// Cut on the way back.
    pub cut_coming: u64,
    /// Deliveries that the server answered, those among them whose answer was kept back.
    pub answered: u64,
    /// Answers to deliveries that were kept back.
    pub unanswered: u64,
    /// Delays.
    pub delays: u64,
}

#[derive(Debug)]
struct Shared {
    to: SocketAddr,
    bad: AtomicBool,
    ended: AtomicBool,
    chance: Mutex<Chance>,
    answered: AtomicU64,
    connections: AtomicU64,
    cut_going: AtomicU64,
    cut_coming: AtomicU64,
    unanswered: AtomicU64,
    delays: AtomicU64,
}

/// A line to a server. It is good until it is [made bad](Line::worsen), and ends when this is dropped.
#[derive(Debug)]
pub struct Line {
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl Line {
    /// A line to this address, at a free port of this machine.
    ///
    /// # Errors
    /// If there is none.
    pub fn to(to: SocketAddr, seed: u64) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            to,
            bad: AtomicBool::new(false),
            ended: AtomicBool::new(false),
            chance: Mutex::new(Chance::from_seed(seed)),
            answered: AtomicU64::new(0),
            connections: AtomicU64::new(0),
            cut_going: AtomicU64::new(0),
            cut_coming: AtomicU64::new(0),
            unanswered: AtomicU64::new(0),
            delays: AtomicU64::new(0),
        });
        let accepting = Arc::clone(&shared);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if accepting.ended.load(Ordering::SeqCst) {
                    return;
                }
                accepting.begin(client);
            }
        });
        Ok(Self { address, shared })
    }

    /// Where clients reach it.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// From now on connections are cut, delayed and left without an answer.
    pub fn worsen(&self) {
        self.shared.bad.store(true, Ordering::SeqCst);
    }

    /// From now on new connections go through whole.
    pub fn mend(&self) {
        self.shared.bad.store(false, Ordering::SeqCst);
    }

    /// What befell connections so far.
    pub fn befallen(&self) -> Befallen {
        let of = |count: &AtomicU64| count.load(Ordering::SeqCst);
        Befallen {
            connections: of(&self.shared.connections),
            cut_going: of(&self.shared.cut_going),
            cut_coming: of(&self.shared.cut_coming),
            answered: of(&self.shared.answered),
            unanswered: of(&self.shared.unanswered),
            delays: of(&self.shared.delays),
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::SeqCst);
        // So that the thread that waits for the next connection sees it.
        let _ = TcpStream::connect(self.address);
    }
}

impl Shared {
    fn begin(self: &Arc<Self>, client: TcpStream) {
        let bad = self.bad.load(Ordering::SeqCst);
        let (fate, going, coming) = {
            let mut chance = self.chance.lock().unwrap_or_else(PoisonError::into_inner);
            let fate = if bad { Fate::drawn(&mut chance) } else { Fate::Whole };
            (fate, Chance::from_seed(chance.bits()), Chance::from_seed(chance.bits()))
        };
        self.connections.fetch_add(u64::from(bad), Ordering::SeqCst);
        let shared = Arc::clone(self);
        thread::spawn(move || {
            // Where nobody serves, the client is told by the end of the connection.
            let Ok(server) = TcpStream::connect(shared.to) else { return };
            let Ok(ends) = Ends::new(&client, &server) else { return };
            let ends = Arc::new(ends);
            let back = {
                let (shared, ends) = (Arc::clone(&shared), Arc::clone(&ends));
                thread::spawn(move || {
                    let mut pause = Pause { bad, chance: coming };
                    let _ = shared.bring_back(&ends, fate, &mut pause);
                    ends.cut();
                })
            };
            let mut pause = Pause { bad, chance: going };
            let _ = shared.bring_there(&ends, fate, &mut pause);
            ends.cut();
            let _ = back.join();
        });
    }

    fn bring_there(&self, ends: &Ends, fate: Fate, pause: &mut Pause) -> io::Result<()> {
        let mut left = if let Fate::CutGoing(bytes) = fate { bytes } else { usize::MAX };
        let mut piece = vec![0; 16 * 1024];
        loop {
            let length = (&ends.client).read(&mut piece)?;
            if length == 0 {
                return Ok(());
            }
            let passed = length.min(left);
            self.wait(pause);
            // Before it goes: the answer may be there at once.
            ends.since_answer.fetch_add(passed as u64, Ordering::SeqCst);
            (&ends.server).write_all(&piece[..passed])?;
            left -= passed;
            if left == 0 {
                self.cut_going.fetch_add(1, Ordering::SeqCst);
                return Ok(());
            }
        }
    }

    fn bring_back(&self, ends: &Ends, fate: Fate, pause: &mut Pause) -> io::Result<()> {
        let mut left = if let Fate::CutComing(bytes) = fate { bytes } else { usize::MAX };
        let mut answers = 0;
        let mut piece = vec![0; 16 * 1024];
        loop {
            let length = (&ends.server).read(&mut piece)?;
            if length == 0 {
                return Ok(());
            }
            if ends.since_answer.swap(0, Ordering::SeqCst) >= DELIVERY {
                self.answered.fetch_add(1, Ordering::SeqCst);
                if fate == Fate::Unanswered(answers) {
                    self.unanswered.fetch_add(1, Ordering::SeqCst);
                    return Ok(());
                }
                answers += 1;
            }
            let passed = length.min(left);
            self.wait(pause);
            (&ends.client).write_all(&piece[..passed])?;
            left -= passed;
            if left == 0 {
                self.cut_coming.fetch_add(1, Ordering::SeqCst);
                return Ok(());
            }
        }
    }

    fn wait(&self, pause: &mut Pause) {
        if pause.bad && pause.chance.one_in(40) {
            self.delays.fetch_add(1, Ordering::SeqCst);
            thread::sleep(Duration::from_millis(pause.chance.up_to(LONGEST_DELAY) as u64));
        }
    }
}

/// When pieces of a connection are late.
struct Pause {
    bad: bool,
    chance: Chance,
}

/// The two ends of a connection.
struct Ends {
    client: TcpStream,
    server: TcpStream,
    /// Bytes that went to the server since any came back.
    since_answer: AtomicU64,
}

impl Ends {
    fn new(client: &TcpStream, server: &TcpStream) -> io::Result<Self> {
        // It holds back what it is to hold back, and nothing else.
        client.set_nodelay(true)?;
        server.set_nodelay(true)?;
        Ok(Self { client: client.try_clone()?, server: server.try_clone()?, since_answer: AtomicU64::new(0) })
    }

    /// Both ends see that the other is gone.
    fn cut(&self) {
        let _ = self.client.shutdown(Shutdown::Both);
        let _ = self.server.shutdown(Shutdown::Both);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// A server that answers each connection's bytes with as many, and counts what it was brought.
    fn echo() -> SocketAddr {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                thread::spawn(move || io::copy(&mut &stream, &mut &stream));
            }
        });
        address
    }

    /// How many of these bytes came back the same over one connection.
    fn came_back(line: &Line, sent: &[u8]) -> usize {
        let stream = TcpStream::connect(line.address()).unwrap();
        let mut writing = stream.try_clone().unwrap();
        let bytes = sent.to_vec();
        let writer = thread::spawn(move || {
            // It may be cut.
            let _ = writing.write_all(&bytes);
        });
        let (mut back, mut piece) = (Vec::new(), [0; 4096]);
        while let Ok(length @ 1..) = (&stream).read(&mut piece) {
            back.extend_from_slice(&piece[..length]);
            if back.len() == sent.len() {
                break;
            }
        }
        let _ = stream.shutdown(Shutdown::Both);
        writer.join().unwrap();
        assert_eq!(back, sent[..back.len()]);
        back.len()
    }

    #[test]
    fn a_good_line_brings_all_and_a_bad_one_cuts_both_ways_and_keeps_answers_back() {
        let line = Line::to(echo(), 1).unwrap();
        let sent: Vec<u8> = (0..100_000_u32).map(|number| number as u8).collect();
        assert_eq!(came_back(&line, &sent), sent.len());
        line.worsen();
        let back: Vec<usize> = (0..40).map(|_| came_back(&line, &sent)).collect();
        let befallen = line.befallen();
        assert!(back.contains(&sent.len()) && back.iter().any(|came| *came < sent.len()));
        assert_eq!(befallen.connections, 40);
        assert!(befallen.cut_going > 0 && befallen.cut_coming > 0, "{befallen:?}");
        line.mend();
        assert_eq!(came_back(&line, &sent), sent.len());
    }
}
