//! A made-up school with a hub that serves, in a folder of its own, with a clock set by hand.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use hub::{
    clock::Clock,
    folder::Folder,
    hub::{FirstSight, Hub},
    import::{self, Kind},
    keyfile::Secret,
    random,
    serve::{self, Serving},
    store::{audit::Actor, packs::Published, people::Summary},
    tls::listener::Limits,
};
use records::{
    agreement::{Agreement, Audience, Group, SignAgain, Statement},
    day::{Day, Moment, SchoolYear},
    pack::{PackContent, PackDraft},
    pairing::PairingCode,
};
use tempfile::TempDir;
use zeroize::Zeroizing;

pub(crate) const PASSPHRASE: &str = "heron lamp basket tide";
/// 14 September 2026, 9:00 in London.
pub(crate) const MORNING: i64 = 1_789_372_800;

pub(crate) struct School {
    pub(crate) dir: TempDir,
    pub(crate) hub: Arc<Hub>,
    pub(crate) first: FirstSight,
    pub(crate) time: Arc<AtomicI64>,
    serving: Option<Serving>,
    pub(crate) desk: SocketAddr,
    pub(crate) kiosks: SocketAddr,
}

impl School {
    pub(crate) async fn open() -> Self {
        Self::with(Limits::default()).await
    }
    pub(crate) async fn with(limits: Limits) -> Self {
        Self::made(limits, None).await
    }
    /// With the file that names a mail server.
    pub(crate) async fn mailing(settings: PathBuf) -> Self {
        Self::made(Limits::default(), Some(settings)).await
    }
    async fn made(limits: Limits, mail: Option<PathBuf>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let time = Arc::new(AtomicI64::new(MORNING));
        let clock = Clock::set_by_hand(time.clone());
        let folder = Folder::new(dir.path().join("data"));
        let first = Hub::create(&folder, "Larkfield Primary School", PASSPHRASE, &clock).unwrap();
        let hub = Hub::open(&folder, &passphrase(PASSPHRASE), clock).unwrap();
        let hub = Arc::new(hub.with_mail(mail));
        let any = "127.0.0.1:0".parse().unwrap();
        let serving = serve::start(hub.clone(), any, any, limits).await.unwrap();
        let (desk, kiosks) = (serving.desk, serving.kiosks);
        Self { dir, hub, first, time, serving: Some(serving), desk, kiosks }
    }
    pub(crate) fn folder(&self) -> Folder {
        Folder::new(self.dir.path().join("data"))
    }
    pub(crate) fn pass(&self, seconds: i64) {
        self.time.fetch_add(seconds, Ordering::SeqCst);
    }
    pub(crate) fn code(&self) -> PairingCode {
        self.hub.offer_code(None, Actor::CommandLine).unwrap()
    }
    pub(crate) fn import(&self, csv: &str) -> Summary {
        self.import_as(csv, None)
    }
    pub(crate) fn import_as(&self, csv: &str, kind: Option<Kind>) -> Summary {
        let file = import::read(csv.as_bytes(), kind).unwrap();
        let summary =
            self.hub.store.import(&file, false, random::bytes, Actor::CommandLine, self.hub.now()).unwrap();
        self.hub.refresh_roster().unwrap();
        summary
    }
    pub(crate) fn publish(&self, draft: &PackDraft) -> u64 {
        match self.hub.publish(draft).unwrap() {
            Published::Now(number) | Published::Before(number) => number,
        }
    }
    /// Ends serving and opens the same folder again, at other ports.
    pub(crate) async fn restart(&mut self) {
        self.serving.take().unwrap().stop().await;
        self.serve_again().await;
    }
    /// A copy of the data folder as it is now.
    pub(crate) async fn back_up(&mut self) -> TempDir {
        self.serving.take().unwrap().stop().await;
        let backup = tempfile::tempdir().unwrap();
        copy(&self.dir.path().join("data"), &backup.path().join("data"));
        self.serve_again().await;
        backup
    }
    /// Puts a copy in the place of the data folder and goes on with it.
    pub(crate) async fn put_back(&mut self, backup: &TempDir) {
        self.serving.take().unwrap().stop().await;
        let data = self.dir.path().join("data");
        fs::rename(&data, self.dir.path().join("lost")).unwrap();
        copy(&backup.path().join("data"), &data);
        self.serve_again().await;
    }
    async fn serve_again(&mut self) {
        let clock = Clock::set_by_hand(self.time.clone());
        self.hub = Arc::new(Hub::open(&self.folder(), &passphrase(PASSPHRASE), clock).unwrap());
        let any = "127.0.0.1:0".parse().unwrap();
        let serving = serve::start(self.hub.clone(), any, any, Limits::default()).await.unwrap();
        (self.desk, self.kiosks) = (serving.desk, serving.kiosks);
        self.serving = Some(serving);
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    fs::set_permissions(to, fs::metadata(from).unwrap().permissions()).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap).filter(|e| e.path().is_file()) {
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

pub(crate) fn passphrase(text: &str) -> Secret {
    Secret::Passphrase(Zeroizing::new(text.to_owned()))
}

pub(crate) const PUPILS: &str = "\
Forename,Surname,UPN,Year Group,Class
Maya,Khan,A823200012001,Year 1,Acorn
Maya,Osei,A823200012002,Year 1,Acorn
Tom,Lowe,A823200012003,Year 2,Acorn
Ivy,Marsh,A823200012004,Year 4,Oak
Noah,Bright,A823200012005,Year 4,Oak
";

pub(crate) fn year() -> SchoolYear {
    SchoolYear { starts: day("2026-09-01"), ends: day("2027-08-31") }
}

pub(crate) fn day(text: &str) -> Day {
    text.parse().unwrap()
}

pub(crate) fn agreement(audience: Audience, version: &str, promises: &[&str]) -> Agreement {
    let statement = |(i, words): (usize, &&str)| Statement {
        name: format!("promise-{i}").parse().unwrap(),
        words: (*words).to_owned(),
        more: vec!["A grown-up helps me.".into()],
        symbol: "ask-first".parse().unwrap(),
    };
    Agreement {
        slug: audience.as_str().parse().unwrap(),
        audience,
        title: format!("Our promise ({audience})"),
        version: version.parse().unwrap(),
        sign_again: SignAgain::Everyone,
        introduction: vec!["This is how we use screens.".into()],
        groups: vec![Group {
            title: None,
            introduction: vec![],
            statements: promises.iter().enumerate().map(statement).collect(),
            scenario: None,
        }],
    }
}

pub(crate) fn ks1(version: &str) -> Agreement {
    agreement(Audience::Ks1, version, &["I ask before I go on a screen.", "I am kind on a screen."])
}

pub(crate) fn draft(agreements: Vec<Agreement>) -> PackDraft {
    PackDraft {
        made: Moment(MORNING - 32_400),
        content: PackContent {
            school_name: "Larkfield Primary School".into(),
            year: year(),
            time_zone: "Europe/London".into(),
            agreements,
            symbols: vec![],
            class_pictures: vec![],
            trusted_adults: vec![],
            helplines: vec![],
            phrases: vec![],
            stickers: vec![],
            tell: None,
            consent: vec![],
            translated_phrases: vec![],
            translated_agreements: vec![],
            colours: None,
            terms: vec![],
            flowcharts: vec![],
            recordings: vec![],
            retention: None,
            adult_consent: vec![],
            registers: vec![],
            surveys: vec![],
            changes: vec![],
        },
        pictures: Default::default(),
        sounds: Default::default(),
        staff_pages: vec![],
    }
}
