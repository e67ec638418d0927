//! The box: locked, or opened with all reports in it.

use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use records::{
    report::{Role, Route},
    tell::Tell,
};

use super::{
    Asking, Held, Open, change,
    entered::Unsent,
    lost, opened,
    recovery::OwnSheet,
    role,
    standing::Standing,
    unlocked,
    view::{self, AsideRow, Card, EntryRow, OpeningRow},
};
use crate::{
    clock,
    desk::{
        listing::{Listing, in_address},
        unlocked::Now,
        view as desk_view,
        visit::{self, Room, Trouble, Visit},
    },
    keyfile::PASSPHRASE_MIN,
};

/// The address of the file.
const FILE: &str = "/safeguarding/reports.csv";

/// Which of the reports are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
enum Shown {
    /// Those about which something is still to be done.
    Open,
    /// Those that are closed.
    Closed,
    /// What came in a flood by the form on the web, or from a machine.
    Apart,
    /// All.
    All,
}

impl Shown {
    fn of(which: &Listing) -> Self {
        match which.show.as_str() {
            "closed" => Self::Closed,
            "apart" => Self::Apart,
            "all" => Self::All,
            _ => Self::Open,
        }
    }
    /// Whether a report is one of them. Somebody who said how soon, or closed it, has taken it out of the flood.
    fn holds(self, (standing, held): &(Standing, Held)) -> bool {
        let is_apart = standing.is_new() && held.is_apart();
        match self {
            Self::Open => standing.closed.is_none() && !is_apart,
            Self::Closed => standing.closed.is_some(),
            Self::Apart => is_apart,
            Self::All => true,
        }
    }
}

/// Begin, unlock, or the reports: whichever it is now.
pub(in crate::desk) async fn desk((State(desk), headers): Asking, Query(which): Query<Listing>) -> Response {
    visit::page(desk, &headers, Room::Safeguarding, move |visit| match opened(&visit)? {
        Some(open) => shown(&visit, &open, "", &which, ""),
        None => locked(&visit, role(&visit)?, ""),
    })
    .await
}

/// Before the box is open, nothing tells whether there is anything in it.
pub(super) fn locked(visit: &Visit, role: Role, message: &str) -> Result<Response, Trouble> {
    locked_with(visit, role, message, &Unsent::default())
}

/// The same, for somebody who has typed something about a report: the page keeps it until the box is open.
pub(super) fn locked_with(
    visit: &Visit,
    role: Role,
    message: &str,
    unsent: &Unsent,
) -> Result<Response, Trouble> {
    let hub = &visit.desk.hub;
    let keys = hub.store.role_keys()?;
    let mine = keys.iter().find(|s| s.public.role == role && s.account == visit.account.id);
    let is_held = keys.iter().any(|stored| stored.public.role == role);
    let now = hub.now();
    let offered = unlocked(visit).offered(visit.account.id, role, Now::of(hub)).is_some();
    let granted = lost::lost(visit).granted(visit.account.id, role, now).is_some();
    let mut context = visit.context("reports")?;
    context.insert("message", message);
    context.insert("taking_over", &offered);
    context.insert("granted", &granted);
    context.insert("least", &PASSPHRASE_MIN);
    context.insert("role", super::title(role));
    let pack = hub.pack()?;
    let tell = pack.as_ref().and_then(|pack| pack.content.tell.as_ref());
    context.insert("reads", &view::reads(role, tell));
    let zone = hub.zone()?;
    context.insert("own_sheet", &OwnSheet::of(visit, role, &keys, &zone)?);
    context.insert("held", &mine.is_some());
    let template = match mine {
        // Whoever is given the key anew has lost the passphrase, or will not need it any more.
        Some(_) if (offered || granted) && unsent.report.is_empty() => "box_begin.html",
        Some(stored) => {
            let opened = stored.opened.map(|moment| desk_view::when(moment, &zone));
            context.insert("opened", &opened.unwrap_or_default());
            context.insert("unsent", unsent);
            "box_locked.html"
        }
        None if is_held && !offered && !granted => "box_taken.html",
        None => "box_begin.html",
    };
    visit.show(template, &context)
}

/// Opens what has come for this role, then shows the reports that are open.
pub(super) fn reports(visit: &Visit, open: &Open, message: &str) -> Result<Response, Trouble> {
    shown(visit, open, message, &Listing::default(), "")
}

/// The reports again, for somebody whose file was not made: what they typed stays.
pub(super) fn not_taken(
    visit: &Visit,
    open: &Open,
    which: &Listing,
    because: &str,
    why: &str,
) -> Result<Response, Trouble> {
    super::refused(StatusCode::BAD_REQUEST, shown(visit, open, why, which, because))
}

/// The reports that are meant, in the order that is asked for. `all` are those that this visitor goes on with.
pub(super) fn meant<'h>(
    all: &'h [(Standing, Held)],
    which: &Listing,
    tell: Option<&Tell>,
    zone: &jiff::tz::TimeZone,
) -> Vec<(&'h Held, Card)> {
    let shown = Shown::of(which);
    let cards =
        all.iter().filter(|one| shown.holds(one)).map(|(_, held)| (held, Card::new(held, tell, zone)));
    let mut cards: Vec<_> = cards
        .filter(|(held, card)| {
            let entries = EntryRow::all(&held.deeds, zone);
            which.is_named(card.texts().into_iter().chain(entries.iter().flat_map(EntryRow::texts)))
        })
        .collect();
    match which.sort.as_str() {
        "new" => cards.sort_by_key(|(held, _)| std::cmp::Reverse(held.report.day)),
        "old" => cards.sort_by_key(|(held, _)| held.report.day),
        // By what waits, as they came.
        _ => {}
    }
    cards
}

fn shown(
    visit: &Visit,
    open: &Open,
    message: &str,
    which: &Listing,
    because: &str,
) -> Result<Response, Trouble> {
    let (hub, role) = (&visit.desk.hub, open.role);
    let unopened = hub.open_box(&open.ring, visit.account.id, false)?;
    let tell = hub.pack()?.and_then(|pack| pack.content.tell.clone());
    let (aside, all): (Vec<_>, Vec<_>) =
        super::all(visit, open)?.into_iter().partition(|(_, held)| held.is_aside_for(visit));
    let count = |shown: Shown| all.iter().filter(|one| shown.holds(one)).count();
    let (apart, closed) = (count(Shown::Apart), count(Shown::Closed));
    let waiting = all.iter().filter(|one| one.0.is_new() && !Shown::Apart.holds(one)).count();
    let zone = visit.desk.hub.zone()?;
    let found = meant(&all, which, tell.as_ref(), &zone);
    let cards: Vec<_> = which.page(&found).lines.iter().map(|(_, card)| card).collect();
    let keys = hub.store.role_keys()?;
    let missing: Vec<_> = Role::ALL
        .into_iter()
        .filter(|role| keys.iter().all(|key| key.public.role != *role))
        .map(super::title)
        .collect();
    let mine = keys.iter().find(|stored| stored.public.role == role);
    let others = keys.iter().filter(|s| s.public.role == role && s.account != visit.account.id);
    let others: Vec<&str> = others.map(|stored| stored.holder.as_str()).collect();
    let mut context = visit.context("reports")?;
    context.insert("own_sheet", &OwnSheet::of(visit, role, &keys, &zone)?);
    context.insert("key_is_due", &change::is_due(visit, role)?);
    context.insert("message", message);
    context.insert("others", &others);
    context.insert("role", super::title(role));
    context.insert("waiting", &waiting);
    context.insert("open_count", &(all.len() - closed - apart));
    context.insert("apart_count", &apart);
    context.insert("closed_count", &closed);
    context.insert("show", &Shown::of(which));
    context.insert("cards", &cards);
    context.insert("because", because);
    context.insert("in_all", &in_address(&[("name", which.name.trim()), ("show", "all")]));
    which.tell(visit, &mut context, (super::ADDRESS, FILE), &found)?;
    let aside: Vec<_> = aside.iter().map(|(standing, held)| AsideRow::new(held, standing)).collect();
    context.insert("aside", &aside);
    context.insert("incidents", &all.iter().filter(|(standing, _)| standing.incident).count());
    context.insert("counted", &role.reads(Route::Safeguarding));
    context.insert("unopened", &unopened);
    context.insert("missing", &missing);
    let today = clock::day(hub.now(), &zone);
    let openings = keys.iter().filter(|stored| reads_with(stored.public.role, role));
    let openings: Vec<_> = openings.map(|stored| OpeningRow::new(stored, today, &zone)).collect();
    context.insert("openings", &openings);
    context.insert("asks", &tell.is_some());
    context.insert("fingerprint", &mine.map(|stored| stored.public.key.fingerprint()).unwrap_or_default());
    visit.show("reports.html", &context)
}

/// Whether two roles are both readers of a route.
fn reads_with(one: Role, other: Role) -> bool {
    Route::ALL.into_iter().any(|route| one.reads(route) && other.reads(route))
}
