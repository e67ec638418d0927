//! Pages that a Markdown file holds.

use records::language::Language;

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
            // A letter is on no site; whoever writes it sees it so.
            Kind::Policy | Kind::Guide | Kind::Letter => {
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
                context.insert("to_sign", &self.sheets_to_sign(document, None, &root));
                "agreement.html"
            }
        };
        let file = if address.is_empty() { "index.html".to_owned() } else { format!("{address}/index.html") };
        Ok((template, file, context))
    }

    /// The sheets to sign of an agreement: in English and in each language, or with one language alone.
    pub(super) fn sheets_to_sign(
        &self,
        english: &Document,
        only: Option<&Language>,
        root: &str,
    ) -> Vec<view::SheetToSign> {
        let sheet = |words: String, with: Option<(&Language, print::Sheet)>| {
            let print = self.school.prints.get(&print::file_of_sheet_to_sign(english, with))?;
            Some(view::SheetToSign::of(words, print, root))
        };
        let in_english = only.is_none().then(|| sheet(self.word("agreement.sheet"), None)).flatten();
        let languages = english.published_translations().map(|translation| &translation.language);
        let languages = languages.filter(|language| only.is_none_or(|only| only == *language));
        let with = languages.flat_map(|language| {
            let name = self.tongues.get(language).map_or(language.as_str(), |tongue| tongue.name.as_str());
            print::Sheet::ALL.into_iter().filter_map(move |shape| {
                let words = match shape {
                    print::Sheet::TwoSides => self.word("agreement.sheet_two_sides"),
                    print::Sheet::Beside => self.word("agreement.sheet_beside"),
                };
                sheet(words.replace("{language}", name), Some((language, shape)))
            })
        });
        in_english.into_iter().chain(with).collect()
    }
}
