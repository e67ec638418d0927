//! What the entries of a report come to: how urgent it is, whether it is open.

use records::{
    day::{Day, Moment},
    ids::Slug,
    report_entry::{Author, Deed, ReportEntry, Urgency},
};

/// An answer that was given and not taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Given {
    /// The sentence's name.
    pub(super) sentence: Slug,
    /// Its words, as they were then.
    pub(super) words: String,
    /// The first day on which kiosks have it.
    pub(super) from: Day,
    /// The last one.
    pub(super) until: Day,
    /// Who gave it.
    pub(super) by: Author,
}

/// Where a report stands.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Standing {
    /// How soon something has to be done; none while nobody has said so.
    pub(super) urgency: Option<Urgency>,
    /// Since when it is closed, if it is.
    pub(super) closed: Option<Moment>,
    /// Who goes on with it, if somebody has handed it over.
    pub(super) with: Option<Author>,
    /// The accounts that have stepped aside.
    pub(super) aside: Vec<i64>,
    /// Whether it must not be deleted.
    pub(super) held: bool,
    /// Whether it is in the log of incidents.
    pub(super) incident: bool,
    /// What the child is answered, if anything.
    pub(super) answer: Option<Given>,
    /// Who agreed, since it was closed last, that its time has come.
    pub(super) may_go: Vec<Author>,
}

impl Standing {
    /// Where these entries leave it. `before` is what was said of it before there were entries.
    pub(super) fn of(deeds: &[ReportEntry], before: Option<Urgency>) -> Self {
        let mut standing = Self { urgency: before, ..Self::default() };
        for entry in deeds {
            match &entry.deed {
                Deed::Marked(urgency) => standing.urgency = Some(*urgency),
                Deed::Closed { .. } => standing.closed = Some(entry.at),
                Deed::Reopened { .. } => {
                    standing.closed = None;
                    standing.may_go.clear();
                }
                Deed::MayGo => standing.may_go.push(entry.by.clone()),
                Deed::HandedOver { to, .. } => standing.goes_to(to),
                Deed::SteppedAside { to, .. } => {
                    standing.goes_to(to);
                    standing.aside.push(entry.by.account);
                }
                Deed::Held { .. } => {
                    standing.held = true;
                    standing.may_go.clear();
                }
                Deed::Released { .. } => standing.held = false,
                Deed::Incident { .. } => standing.incident = true,
                Deed::Answered { sentence, words, from, until } => {
                    standing.answer = Some(Given {
                        sentence: sentence.clone(),
                        words: words.clone(),
                        from: *from,
                        until: *until,
                        by: entry.by.clone(),
                    });
                }
                Deed::NoAnswer { .. } => standing.answer = None,
                Deed::Read
                | Deed::Action { .. }
                | Deed::Decision { .. }
                | Deed::Told { .. }
                | Deed::Outcome { .. }
                | Deed::Exported { .. }
                | Deed::Correction { .. } => {}
            }
        }
        standing
    }
    /// Whoever it is given to looks at it, also if they had stepped aside.
    fn goes_to(&mut self, to: &Author) {
        self.aside.retain(|account| *account != to.account);
        self.with = Some(to.clone());
    }
    /// Whether nobody has said yet how soon something has to be done.
    pub(super) const fn is_new(&self) -> bool {
        self.urgency.is_none() && self.closed.is_none()
    }
    /// What puts reports in order: open ones first, of these what nobody has looked at, then by urgency and age; closed
    /// ones by when they were closed, the latest first.
    pub(super) fn place(&self, found: Moment) -> impl Ord + use<> {
        let since = self.closed.map_or(found.0, |closed| -closed.0);
        (self.closed.is_some(), self.urgency.filter(|_| self.closed.is_none()), since)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(at: i64, deed: Deed) -> ReportEntry {
        ReportEntry { at: Moment(at), by: Author { account: 1, name: "dsl".into() }, deed }
    }
    fn closed(at: i64) -> ReportEntry {
        entry(at, Deed::Closed { because: "done".into() })
    }

    #[test]
    fn open_reports_stand_first_what_nobody_has_looked_at_before_all_and_then_the_urgent_and_the_old() {
        let marked = |urgency| Standing::of(&[entry(5, Deed::Marked(urgency))], None);
        let mut all = [
            ("closed early", Standing::of(&[closed(7)], Some(Urgency::Now)), 1),
            ("this week", marked(Urgency::ThisWeek), 2),
            ("today, later", marked(Urgency::Today), 9),
            ("new, later", Standing::of(&[], None), 9),
            ("closed late", Standing::of(&[closed(8)], None), 3),
            ("now", marked(Urgency::Now), 8),
            ("today", marked(Urgency::Today), 4),
            ("new", Standing::of(&[], None), 6),
        ];
        all.sort_by_key(|(_, standing, found)| standing.place(Moment(*found)));
        let order: Vec<_> = all.iter().map(|(name, ..)| *name).collect();
        let expected =
            ["new", "new, later", "now", "today", "today, later", "this week", "closed late", "closed early"];
        assert_eq!(order, expected);
    }

    #[test]
    fn the_last_word_counts_and_opening_again_leaves_it_as_urgent_as_it_was() {
        let again = entry(9, Deed::Reopened { because: "she came back".into() });
        let deeds = [
            entry(1, Deed::Marked(Urgency::ThisWeek)),
            entry(2, Deed::Marked(Urgency::Today)),
            closed(3),
            again,
        ];
        assert_eq!(Standing::of(&deeds[..3], None).closed, Some(Moment(3)));
        let standing = Standing::of(&deeds, None);
        assert_eq!(standing, Standing { urgency: Some(Urgency::Today), ..Standing::default() });
        assert_eq!(Standing::of(&[], Some(Urgency::Now)).urgency, Some(Urgency::Now), "said before entries");
    }

    #[test]
    fn whoever_stepped_aside_stays_so_until_somebody_gives_it_back() {
        let to = |account: i64| Author { account, name: format!("account {account}") };
        let by = |account: i64, deed| ReportEntry { by: to(account), ..entry(1, deed) };
        let aside = by(1, Deed::SteppedAside { to: to(2), because: "It is my sister’s son".into() });
        let on = by(2, Deed::HandedOver { to: to(3), because: "I am away".into() });
        let back = by(3, Deed::HandedOver { to: to(1), because: "It was another boy".into() });
        let deeds = [aside, on, back];
        let standing = |count| Standing::of(&deeds[..count], None);
        assert_eq!((standing(1).with, standing(1).aside), (Some(to(2)), vec![1]));
        assert_eq!((standing(2).with, standing(2).aside), (Some(to(3)), vec![1]));
        assert_eq!((standing(3).with, standing(3).aside), (Some(to(1)), vec![]));
    }
}
