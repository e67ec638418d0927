//! Every picture is there, can be drawn, and says what it shows.

use crate::{
    diagnostic::Diagnostic,
    load::{
        School,
        document::Document,
        link, markdown,
        nearest::did_you_mean,
        piece::{Event, Tag, TagEnd},
    },
    source::Source,
    theme::Theme,
};

/// Pictures of a page.
pub(super) fn check(school: &School, theme: &Theme, document: &Document) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for heading in &document.body.headings {
        let Some(symbol) = &heading.symbol else { continue };
        if symbol.is_empty() {
            problems.push(document.source.error(
                "statement-without-picture",
                document.source.find_within(heading.range.clone(), "symbol"),
                "No picture is named after “symbol=”, so those who cannot read yet have none to follow.",
                "Write its name right after the equals sign, without a space, as in symbol=kind-messages.",
            ));
        } else if !exists(school, theme, symbol) {
            let place = document.source.find_within(heading.range.clone(), &format!("symbol={symbol}"));
            problems.push(document.source.error(
                "missing-symbol",
                place,
                format!("There is no picture called “{symbol}”."),
                near_symbol(school, theme, symbol),
            ));
        }
    }
    for (at, (event, range)) in document.body.pieces.iter().enumerate() {
        let Event::Start(Tag::Image(image)) = event else { continue };
        let pieces = &document.body.pieces[at..];
        let end = pieces.iter().position(|(e, _)| matches!(e, Event::End(TagEnd::Image))).unwrap_or(0);
        let place = document.source.find_within(range.clone(), &image.file);
        let mut tell = |code, what: String, mend: String| {
            problems.push(document.source.error(code, place.clone(), what, mend))
        };
        if markdown::words_of(&pieces[..end]).is_empty() {
            tell(
                "picture-without-words",
                "This picture does not say what it shows, so people who cannot see it miss it.".to_owned(),
                "Write that between the square brackets: ![Two children at a laptop](…).".to_owned(),
            );
        }
        if image.file.contains(':') || image.file.starts_with('/') {
            tell(
                "picture-from-elsewhere",
                "Pages show only the school’s own pictures, never one from another site.".to_owned(),
                "Put the file into the folder “images” and name it here, as in ../images/hall.jpg."
                    .to_owned(),
            );
            continue;
        }
        let path = link::joined(&document.source.path, &image.file).unwrap_or_else(|| image.file.to_string());
        let shipped = path
            .strip_prefix("symbols/")
            .and_then(|f| f.strip_suffix(".svg"))
            .is_some_and(|s| theme.symbol(s).is_some());
        if !shipped && !school.pictures.contains_key(&path) {
            let near = did_you_mean(
                &path,
                school.pictures.keys().map(String::as_str),
                "Put the picture into the folder “images” of the school.",
            );
            tell("missing-picture", format!("There is no picture {path}."), near);
        }
    }
    problems
}

/// Pictures that `school.toml` names, and the school's own drawings themselves.
pub(super) fn check_settings(school: &School, theme: &Theme) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for picture in &school.settings.pictures {
        if !exists(school, theme, &picture.value) {
            let mend = near_symbol(school, theme, &picture.value);
            let what = format!("There is no picture called “{}”.", picture.value);
            problems.push(school.settings.source_error("missing-symbol", picture, what, mend));
        }
    }
    for form in &school.forms {
        for picture in form.pictures.iter().filter(|picture| !exists(school, theme, &picture.value)) {
            problems.push(form.source.error(
                "missing-symbol",
                picture.range.clone(),
                format!("There is no picture called “{}”.", picture.value),
                near_symbol(school, theme, &picture.value),
            ));
        }
    }
    for document in &school.documents {
        if let Some(symbol) =
            document.matter.symbol.as_ref().filter(|symbol| !exists(school, theme, &symbol.value))
        {
            problems.push(document.source.error(
                "missing-symbol",
                symbol.range.clone(),
                format!("There is no picture called “{}”.", symbol.value),
                near_symbol(school, theme, &symbol.value),
            ));
        }
    }
    for name in school.own_symbols() {
        // One that takes the place of a shipped symbol shows the same thing.
        let said =
            school.symbol_alts.contains_key(name) || theme.symbol_alt(name).is_some() || name == "logo";
        if !said {
            problems.push(Diagnostic::file_error(
                "symbol-without-words",
                format!("symbols/{name}.svg"),
                "Nothing says what this picture shows, so people who cannot see it miss it.",
                format!(
                    "Add two lines to symbols/symbols.toml: [{name}] and under it alt = \"What it shows.\""
                ),
            ));
        }
    }
    for (path, bytes) in &school.pictures {
        if let Some(problem) = broken(path, bytes) {
            problems.push(problem);
        }
    }
    problems
}

fn broken(path: &str, bytes: &[u8]) -> Option<Diagnostic> {
    if !path.to_lowercase().ends_with(".svg") {
        // Photographs are judged where they are made ready.
        return None;
    }
    let error = press::picture::check(bytes).err()?;
    let what = format!("This drawing cannot be used: {error}.");
    let mend = "Save it again as a plain SVG drawing with a viewBox, without scripts, links, styles or text.";
    let press::picture::PictureError::Broken { line, column, .. } = error else {
        return Some(Diagnostic::file_error("broken-symbol", path, what, mend));
    };
    let source = Source::from_bytes(path, bytes).ok()?;
    let at = source.line_range(line);
    let start = (at.start + column.saturating_sub(1)).min(at.end);
    Some(source.error("broken-symbol", start..start + 1, what, mend))
}

fn exists(school: &School, theme: &Theme, symbol: &str) -> bool {
    theme.symbol(symbol).is_some() || school.pictures.contains_key(&format!("symbols/{symbol}.svg"))
}

fn near_symbol(school: &School, theme: &Theme, symbol: &str) -> String {
    let mut names = theme.symbol_names();
    names.extend(school.own_symbols());
    did_you_mean(
        symbol,
        names,
        format!("Draw one and put it into the folder “symbols” as {symbol}.svg, or name another."),
    )
}
