//! What the hub takes in, over TLS on real sockets, into its encrypted database, each batch on the disk before it is
//! answered. Prints figures beside their limits; asserts nothing about time.
//!
//! ```text
//! cargo bench --locked -p hub --bench sync
//! ```
#![allow(
    clippy::unwrap_used,
    dead_code,
    unreachable_pub,
    reason = "a benchmark may panic, and uses parts of its rooms"
)]

#[path = "../tests/hub/kiosk.rs"]
mod kiosk;
#[path = "../tests/hub/school.rs"]
mod school;

use std::{
    fs,
    net::SocketAddr,
    path::Path,
    time::{Duration, Instant},
};

use http_body_util::{BodyExt as _, Full};
use hub::{
    intake::{self, Contents},
    keyfile::{DatabaseKey, KeyFile},
    random,
    tls::listener::Limits,
};
use hyper::{Request, body::Bytes, client::conn::http1::SendRequest};
use hyper_util::rt::TokioIo;
use records::{
    codec,
    envelope::NamedRecord,
    keys::OpeningKey,
    sync::{BatchReply, Outcome},
};
use rusqlite::{Connection, types::Value};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
};

use kiosk::Kiosk;
use school::{PASSPHRASE, PUPILS, School, draft, ks1, passphrase};

/// So many records has a batch at the most.
const BATCH: usize = 500;
const BATCHES: usize = 20;
const RETURNING: usize = 100;
const WAITING: usize = 50;

fn main() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(measure());
}

async fn measure() {
    // Here all kiosks have one address; in a school each has its own.
    let school = School::with(Limits { per_address: 2 * RETURNING, ..Limits::default() }).await;
    school.import(PUPILS);
    school.publish(&draft(vec![ks1("3.0")]));

    let (mut one, envelopes, batches) = prepared(&school, BATCHES, BATCH).await;
    one.hello(&school).await.unwrap();
    let (address, counted) = counting(school.kiosks).await;
    let mut way = open(&one, address).await;
    let began = Instant::now();
    for batch in batches {
        assert_eq!(deliver(&mut way, batch).await, BATCH);
    }
    let over_tls = began.elapsed();
    drop(way);
    let (sent, answered) = counted.await.unwrap();
    let records = BATCH * BATCHES;
    let bare = bare_inserts(&school);
    let over = 100.0 * (sent as f64 / envelopes as f64 - 1.0);
    println!("| | measured | limit |\n|---|---|---|");
    println!(
        "| records a second, batches of {BATCH}, one kiosk | {:.0} | at least 5,000 |",
        rate(records, over_tls)
    );
    println!("| the same rows into the same tables, nothing else | {:.0} | |", rate(records, bare));
    println!("| times a bare insert | {:.2} | 2 |", over_tls.as_secs_f64() / bare.as_secs_f64());
    println!(
        "| opening an envelope, one processor | {:.0} µs | |",
        opening(&one, &school).as_secs_f64() * 1e6
    );
    println!("| bytes sent over those of the envelopes | {over:.1} % ({answered} bytes came back) | 5 % |");

    let mut kiosks = Vec::new();
    for _ in 0..RETURNING {
        let (kiosk, _, mut batches) = prepared(&school, 1, WAITING).await;
        kiosks.push((kiosk, batches.remove(0)));
    }
    let before = memory();
    let began = Instant::now();
    let back = kiosks.into_iter().map(|(kiosk, batch)| {
        let (address, greeting) = (school.kiosks, codec::encode(&kiosk.greeting()));
        tokio::spawn(async move {
            let mut way = open(&kiosk, address).await;
            ask(&mut way, "/kiosk/hello", greeting).await;
            assert_eq!(deliver(&mut way, batch).await, WAITING);
        })
    });
    let all: Vec<_> = back.collect();
    for kiosk in all {
        kiosk.await.unwrap();
    }
    println!(
        "| {RETURNING} kiosks back at once, {WAITING} records each | {:.2} s | 10 s |",
        began.elapsed().as_secs_f64()
    );
    println!(
        "| memory at the most, the {RETURNING} kiosks in the same process | {} MB ({before} MB before) | 200 MB |",
        memory()
    );
}

/// A paired kiosk with batches that it has still to send, and how many bytes their envelopes have.
async fn prepared(school: &School, batches: usize, of: usize) -> (Kiosk, u64, Vec<Vec<u8>>) {
    let mut kiosk = Kiosk::paired(school).await;
    let person = school.hub.store.people().unwrap()[0].id;
    let mut bytes = 0;
    let made = (0..batches)
        .map(|_| {
            let envelopes: Vec<Vec<u8>> = (0..of)
                .map(|_| {
                    let signature = kiosk.signature(person, &ks1("3.0"), school.hub.now());
                    kiosk.seal(&NamedRecord::Signature(signature))
                })
                .collect();
            bytes += envelopes.iter().map(Vec::len).sum::<usize>() as u64;
            kiosk.batch(envelopes)
        })
        .collect();
    (kiosk, bytes, made)
}

type Way = SendRequest<Full<Bytes>>;

async fn open(kiosk: &Kiosk, address: SocketAddr) -> Way {
    let stream = kiosk.connect(address).await;
    let (sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    sender
}

async fn ask(way: &mut Way, path: &str, body: Vec<u8>) -> Vec<u8> {
    way.ready().await.unwrap();
    let request = Request::post(path).header("host", "hub").header("content-type", "application/cbor");
    let response = way.send_request(request.body(Full::new(Bytes::from(body))).unwrap()).await.unwrap();
    assert!(response.status().is_success(), "{}", response.status());
    response.into_body().collect().await.unwrap().to_bytes().to_vec()
}

/// Sends a batch; how many of its records were stored.
async fn deliver(way: &mut Way, batch: Vec<u8>) -> usize {
    let reply: BatchReply = codec::decode(&ask(way, "/kiosk/batch", batch).await).unwrap();
    reply.outcomes.iter().filter(|one| one.outcome == Outcome::Stored).count()
}

/// How long one envelope takes to open.
fn opening(kiosk: &Kiosk, school: &School) -> Duration {
    let office = OpeningKey::generate(&mut random::system());
    let person = school.hub.store.people().unwrap()[0].id;
    let envelopes: Vec<Vec<u8>> = (0..BATCH)
        .map(|_| {
            let signature = kiosk.signature(person, &ks1("3.0"), school.hub.now());
            kiosk.seal_for(&NamedRecord::Signature(signature), &office.seal_key())
        })
        .collect();
    let began = Instant::now();
    for envelope in &envelopes {
        assert!(matches!(intake::contents(envelope, &office), Contents::Record(_)));
    }
    began.elapsed() / u32::try_from(BATCH).unwrap()
}

/// An address that leads on to another for one connection, and what went over it: there, and back.
async fn counting(to: SocketAddr) -> (SocketAddr, tokio::task::JoinHandle<(u64, u64)>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let counted = tokio::spawn(async move {
        let (mut from, _) = listener.accept().await.unwrap();
        let mut on = TcpStream::connect(to).await.unwrap();
        // It counts, and holds nothing back.
        from.set_nodelay(true).unwrap();
        on.set_nodelay(true).unwrap();
        copy_bidirectional(&mut from, &mut on).await.unwrap()
    });
    (address, counted)
}

/// How long it takes to put what the batches brought into a database of the same kind, in as many transactions.
fn bare_inserts(school: &School) -> Duration {
    let data = school.dir.path().join("data");
    let key = KeyFile::read(&fs::read(data.join("hub.key")).unwrap()).unwrap();
    let key = key.open(&passphrase(PASSPHRASE)).unwrap();
    let from = connect(&data.join("hub.db"), &key);
    let mut to = connect(&data.join("bare.db"), &key);
    let made: Vec<(String, Option<String>)> = from
        .prepare("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type DESC")
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    to.pragma_update(None, "foreign_keys", false).unwrap();
    for (_, sql) in &made {
        to.execute_batch(sql.as_deref().unwrap()).unwrap();
    }
    let tables = ["envelopes", "places", "signatures", "audit"].map(|table| (table, rows(&from, table)));
    let began = Instant::now();
    for number in 0..BATCHES {
        let transaction = to.transaction().unwrap();
        for (table, rows) in &tables {
            let share = rows.len().div_ceil(BATCHES);
            let mine = rows.iter().skip(number * share).take(share);
            let Some(width) = rows.first().map(Vec::len) else { continue };
            let places = vec!["?"; width].join(",");
            let mut insert = transaction.prepare(&format!("INSERT INTO {table} VALUES ({places})")).unwrap();
            for row in mine {
                insert.execute(rusqlite::params_from_iter(row)).unwrap();
            }
        }
        transaction.commit().unwrap();
    }
    began.elapsed()
}

fn rows(of: &Connection, table: &str) -> Vec<Vec<Value>> {
    let mut statement = of.prepare(&format!("SELECT * FROM {table}")).unwrap();
    let width = statement.column_count();
    let rows = statement.query_map([], |row| (0..width).map(|column| row.get(column)).collect()).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

/// As the hub opens its own.
fn connect(path: &Path, key: &DatabaseKey) -> Connection {
    let connection = Connection::open(path).unwrap();
    connection.pragma_update(None, "key", format!("x'{}'", &*key.hex())).unwrap();
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get::<_, String>(0)).unwrap();
    connection.pragma_update(None, "synchronous", "FULL").unwrap();
    connection.pragma_update(None, "secure_delete", true).unwrap();
    connection.pragma_update(None, "temp_store", "MEMORY").unwrap();
    connection
}

fn rate(records: usize, took: Duration) -> f64 {
    records as f64 / took.as_secs_f64()
}

/// The most memory that this process has had, in MB.
fn memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    peak.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap() * 1024 / 1_000_000
}
