//! The first page: who has signed which agreement; for the holder of a role, the safeguarding desk; for others, the
//! registers that are for them.

use std::sync::Arc;

use axum::{
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};

use records::visitor::AT_THE_ENTRANCE;

use super::{
    Desk, backups, published, registers, safeguarding,
    view::{self, Card},
    visit::{self, Room},
};
use crate::store::accounts::Duty;

pub(super) async fn home(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    visit::page(desk, &headers, Room::Everybody, |visit| {
        match visit.account.duty {
            Duty::Office => {}
            Duty::Holder(_) => return Ok(Redirect::to(safeguarding::ADDRESS).into_response()),
            Duty::Technician | Duty::Governor | Duty::Staff => {
                return Ok(Redirect::to(registers::ADDRESS).into_response());
            }
        }
        let hub = &visit.desk.hub;
        let pack = hub.pack()?;
        let mut cards = Vec::new();
        if let Some(pack) = &pack {
            let visitors = hub.store.visitors()?;
            for agreement in &pack.content.agreements {
                if AT_THE_ENTRANCE.contains(&agreement.audience) {
                    cards.push(Card::of_visitors(agreement, &visitors, &pack.content.year, &hub.zone()?));
                    continue;
                }
                cards.push(Card::new(agreement, &hub.store.register(agreement, &pack.content.year)?));
            }
        }
        let mut context = visit.context("registers")?;
        context.insert("cards", &cards);
        context.insert("year", &pack.as_ref().map(|pack| view::year(&pack.content.year)).unwrap_or_default());
        let again = pack.as_ref().map(|pack| view::asked_again(&pack.content.year).in_words());
        context.insert("again_from", &again.unwrap_or_default());
        context.insert("year_over", &view::year_over(pack.as_deref(), hub.today()?));
        context.insert("people", &hub.store.people()?.iter().filter(|p| p.left.is_none()).count());
        context.insert("kiosks", &hub.store.kiosks()?.iter().filter(|k| k.struck_off.is_none()).count());
        context.insert("take_down", &published::to_take_down(&visit)?);
        context.insert("backup", &backups::last(hub)?);
        context.insert("to_do", &registers::to_do(&visit)?);
        context.insert("quick", &registers::quick(&visit)?);
        visit.show("home.html", &context)
    })
    .await
}
