//! Pages that a Markdown file holds.

use super::{Drawing, Site, SiteError, changes, flow, html, view};
use crate::{
    load::document::{Document, Kind},
    print,
};

impl Site<'_> {
    pub(super) fn page(&self, document: &Document) -> Result<Drawing, SiteError> {
        let address = document.address();
        let title = document.title(&self.school.settings);
        let summary = view::summary(self.school, document);
        let mut context = self.frame(&address, &title, &summary)?;
        let root = "../".repeat(address.split('/').filter(|part| !part.is_empty()).count());
        let labels = self.labels();
        let place = self.place(document, &root, &labels, 0);
        context.insert("summary", &summary);
        context.insert("in_brief", &view::in_brief(self.school, document));
        context.insert("contents", &view::contents(document));
        context.insert("facts", &self.facts(document));
        self.offer_languages(&mut context, document, &root);
        let governed = matches!(document.kind, Kind::Policy | Kind::Agreement)
            || document.kind == Kind::Flowchart && document.matter.owner.is_some();
        context.insert("governed", &governed);
        let changes =
            self.school.is_changed(document).then(|| html::href(&root, &changes::address(document)));
        context.insert("changes", &changes.unwrap_or_default());
        if let Some(print) = self.school.prints.get(&print::file_of(document)) {
            context.insert("pdf", &view::Pdf::of(print));
        }
        let template = match document.kind {
            Kind::Home => {
                let (introduction, sections) = view::sections(document, &place);
                context.insert("introduction", &introduction);
                context.insert("sections", &sections);
                "home.html"
            }
            Kind::Policy | Kind::Guide => {
                context.insert("html", &html::render(&document.body.pieces, &place));
                context.insert("kind", document.kind.folder());
                let readers = (document.kind == Kind::Guide).then_some(document.matter.readers.as_str());
                context.insert("readers", readers.unwrap_or_default());
                "page.html"
            }
            Kind::Poster => {
                context.insert("html", &html::render(&document.body.pieces, &place));
                let paper: Vec<_> = document.matter.paper.iter().map(|paper| paper.as_str()).collect();
                let print = |sheet| self.school.prints.get(&print::file_of_poster(document, sheet));
                let sheets: Vec<_> =
                    paper.iter().filter_map(|sheet| Some(view::Sheet::of(sheet, print(sheet)?))).collect();
                context.insert("paper", &paper);
                context.insert("sheets", &sheets);
                if let Some(print) = self.school.prints.get(&print::file_of_screen(document)) {
                    context.insert("screen", &view::Pdf::of(print));
                }
                let layout = document.matter.layout.as_ref().map(|layout| layout.value.as_str());
                context.insert("layout", layout.unwrap_or_default());
                "poster.html"
            }
            Kind::Flowchart => {
                let chart_words = flow::ChartWords {
                    title: format!("{}: {title}", self.word("flowcharts.drawing")),
                    back: self.word("flowcharts.back"),
                };
                context.insert("flow", &flow::of(document, &place, &chart_words));
                "flowchart.html"
            }
            Kind::Agreement => {
                let introduction =
                    document.promises.as_ref().map(|p| p.introduction.clone()).unwrap_or_default();
                context.insert("introduction", &html::render(&document.body.pieces[introduction], &place));
                context.insert("groups", &view::groups(document, &place, None));
                let audience = document.matter.audience.as_ref().map(|a| a.value.to_string());
                context.insert("audience", &audience.unwrap_or_default());
                "agreement.html"
            }
        };
        let file = if address.is_empty() { "index.html".to_owned() } else { format!("{address}/index.html") };
        Ok((template, file, context))
    }
}
