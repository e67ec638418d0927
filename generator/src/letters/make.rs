//! Makes the letters: one PDF for each family, or all of them in one.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicUsize, Ordering},
};

use jiff::civil::Date;
use press::print::{
    Fault, Press, Printed,
    document::{Block, Document as Paper, Inline},
    letter::{Face, Letter, Mailing},
};
use records::{day::Day, language::Language};
use unicode_normalization::UnicodeNormalization as _;

use super::{
    families::{Families, Family, Home},
    fill::{Fill, is_from_right},
    table::Shown,
    words::Words,
};
use crate::{
    diagnostic::{Diagnostic, Severity},
    load::{
        School,
        document::Document,
        language::{self, Direction},
        letter::{Merged, own_column},
        markdown,
        placeholder::fill_left,
    },
    print::{
        self, PrintError,
        faults::{Lost, told},
        tongue::Tongue,
    },
    site::tongue,
    theme::Theme,
};

/// The most letters that go into one file together: they take 470 MB to set, and five times as many 5 GB.
pub const MOST_IN_A_FILE: usize = 300;

/// Into how many files letters go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A file for each family.
    Each,
    /// One file for the printer; several of a very long list.
    Together,
}

/// Letters that are ready to be written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Made {
    /// Each file's bytes by its name; none where there are errors among the findings.
    pub files: BTreeMap<String, Vec<u8>>,
    /// How many letters they are.
    pub letters: usize,
    /// How many sides of paper.
    pub pages: usize,
    /// How many letters have no postal address, and go home with the child.
    pub by_hand: usize,
    /// How many are in two languages.
    pub translated: usize,
    /// What was found.
    pub problems: Vec<Diagnostic>,
}

/// Is told how many letters are made.
pub type Told<'t> = &'t (dyn Fn(usize) + Sync);

/// A letter's text in one language, ready to be filled for each family.
struct Text {
    language: Language,
    direction: Direction,
    title: String,
    blocks: Vec<Block>,
    notice: String,
    /// Words of this language; none for the school's own.
    tongue: Option<Tongue>,
}

/// Makes the letters of one text for families.
///
/// # Errors
/// [`PrintError`], when the theme is at fault.
pub fn make(
    school: &School,
    theme: &Theme,
    letter: &Document,
    list: &Families,
    day: Date,
    shape: Shape,
    told: Told<'_>,
) -> Result<Made, PrintError> {
    let words = Words::of(theme)?;
    let press = print::press(school, theme)?;
    let known = tongue::known(theme)?;
    let mut pictures = BTreeMap::new();
    let mut texts = vec![text_of(school, letter, None, String::new(), &mut pictures)];
    for translation in letter.translations.iter().filter(|translation| !translation.page.matter.draft) {
        let tongue = Tongue::of(theme, &known, &translation.language)?;
        let notice = if translation.is_checked() { String::new() } else { tongue.unchecked.clone() };
        texts.push(text_of(school, &translation.page, Some(tongue), notice, &mut pictures));
    }
    let logo = print::logo(school, theme).map(|(name, bytes)| {
        pictures.insert(name.clone(), bytes.to_vec());
        name
    });
    let mut making =
        Making { school, letter, list, day, words, press, texts, pictures, logo, problems: Vec::new() };
    making.problems = making.faults_of_texts();
    let letters: Vec<Letter> = list.families.iter().filter_map(|family| making.letter(family)).collect();
    making.missing_translations(&known);
    if making.problems.iter().any(|problem| problem.severity == Severity::Error) {
        return Ok(Made { problems: making.problems, ..Made::default() });
    }
    let made = Made {
        letters: letters.len(),
        by_hand: list.families.iter().filter(|family| family.address.is_empty()).count(),
        translated: letters.iter().filter(|letter| letter.faces.len() > 1).count(),
        ..Made::default()
    };
    Ok(match shape {
        Shape::Each => making.each(&letters, made, told),
        Shape::Together => making.together(letters, made, told),
    })
}

fn text_of(
    school: &School,
    page: &Document,
    tongue: Option<Tongue>,
    notice: String,
    pictures: &mut BTreeMap<String, Vec<u8>>,
) -> Text {
    let mut own = print::body(school, page, 2);
    pictures.append(&mut own.pictures);
    // A school's own language that is no tag was told with the settings.
    let own_language = || school.settings.language.parse().unwrap_or_else(|_| Language::english());
    let language = page.language.clone().unwrap_or_else(own_language);
    Text {
        direction: language::direction(&language),
        language,
        title: page.title(&school.settings),
        blocks: own.blocks,
        notice,
        tongue,
    }
}

struct Making<'m> {
    school: &'m School,
    letter: &'m Document,
    list: &'m Families,
    day: Date,
    words: Words,
    press: Press,
    texts: Vec<Text>,
    pictures: BTreeMap<String, Vec<u8>>,
    logo: Option<String>,
    problems: Vec<Diagnostic>,
}

impl Making<'_> {
    /// What cannot be printed of the letter's own words, whoever gets it.
    fn faults_of_texts(&self) -> Vec<Diagnostic> {
        let pages = std::iter::once(self.letter)
            .chain(self.letter.translations.iter().map(|translation| &translation.page));
        let pages: Vec<&Document> = pages.collect();
        let mut problems = Vec::new();
        for text in &self.texts {
            let page =
                pages.iter().find(|page| page.language.as_ref() == text.tongue.as_ref().map(|t| &t.language));
            let Some(page) = page else { continue };
            let face = Face {
                subject: vec![Inline::plain(text.title.clone())],
                body: text.blocks.clone(),
                ..Face::default()
            };
            problems.extend(
                self.press.letter_faults(&face).iter().map(|fault| told(&page.source, fault, Lost::Letter)),
            );
        }
        problems
    }

    /// The letter to a family; what cannot be printed of the list is told at its cell.
    fn letter(&mut self, family: &Family) -> Option<Letter> {
        let before = self.problems.len();
        for (text, range) in &family.cells {
            let Some((at, letter)) = self.press.lacks(text) else { continue };
            let there = range.start + at..range.start + at + letter.len_utf8();
            let place =
                if self.list.table.text(there.clone()) == letter.to_string() { there } else { range.clone() };
            self.problems.push(self.list.table.error(
                "print-letter",
                place,
                Shown::Cell,
                format!(
                    "The fonts for print have no “{letter}” (U+{:04X}), so this letter cannot be printed.",
                    u32::from(letter)
                ),
                "Take it out of the list, or write the name in other letters.",
            ));
        }
        let pupil = format!("{} {}", family.forename, family.surname);
        let whom = || self.words.to.replace("{pupil}", &pupil);
        let mut lines =
            vec![family.addressee.clone().or_else(|| family.salutation.clone()).unwrap_or_else(whom)];
        if family.address.is_empty() {
            // Whoever hands the letters out goes by the child and the class.
            if family.addressee.is_some() || family.salutation.is_some() {
                lines.push(pupil.clone());
            }
            lines.push(family.class.clone());
        } else {
            lines.extend(family.address.iter().cloned());
        }
        let Some(address) = self.press.address(&lines) else {
            let last = family.cells.last().map_or(family.line.clone(), |(_, range)| range.clone());
            let cells = family.cells.iter().find(|(text, _)| family.address.first() == Some(text));
            self.problems.push(self.list.table.error(
                "list-address",
                cells.map_or(last, |(_, range)| range.clone()),
                Shown::Cell,
                format!("This name and address take {} lines or more, and do not fit the window of an envelope even in small type.", lines.len()),
                "Shorten it to six lines: name, house and street, town, postcode.",
            ));
            return None;
        };
        if self.problems.len() > before {
            return None;
        }
        let mut texts = vec![&self.texts[0]];
        texts.extend(self.translation_for(family));
        let second = texts.get(1).and_then(|text| text.tongue.as_ref());
        let over = second.map(|tongue| (tongue.language.to_string(), tongue.over.clone()));
        let mut faces: Vec<Face> = texts.iter().map(|text| self.face(text, family, &pupil)).collect();
        if let Some(first) = faces.first_mut() {
            first.over = over;
            if let (Home::Other(language, _), 1) = (&family.home, texts.len()) {
                first.notice = self
                    .words
                    .no_translation
                    .replace("{language}", self.list.name_of(language))
                    .replace("{phone}", &self.school.settings.phone);
            }
        }
        Some(Letter { address: address.lines, address_size: address.size, faces })
    }

    /// The text in the family's language; none for English, and where there is none.
    fn translation_for(&self, family: &Family) -> Option<&Text> {
        let Home::Other(wanted, _) = &family.home else { return None };
        let texts = || self.texts.iter().skip(1);
        let same = texts().find(|text| text.language == *wanted);
        same.or_else(|| texts().find(|text| language::primary(&text.language) == language::primary(wanted)))
    }

    fn face(&self, text: &Text, family: &Family, pupil: &str) -> Face {
        let day = |day: Date| match &text.tongue {
            Some(tongue) => tongue.day(day),
            None => Day::from(day).in_words(),
        };
        let value = |name: &str| {
            let merged = Merged::ALL.into_iter().find(|merged| merged.as_str() == name);
            Some(match merged {
                Some(Merged::PupilName) => pupil.to_owned(),
                Some(Merged::PupilFirstName) => family.forename.clone(),
                Some(Merged::PupilClass) => family.class.clone(),
                Some(Merged::FamilyName) => family.salutation.clone()?,
                Some(Merged::FamilyCode) => family.code.as_ref()?.groups().join("\u{a0}"),
                Some(Merged::Day) => day(self.day),
                None => {
                    let own = family.own.get(own_column(name)?)?;
                    date(own).map_or_else(|| own.clone(), day)
                }
            })
        };
        let signed = self.letter.matter.signed_by.as_ref();
        let signed = signed.and_then(|who| self.school.settings.person(&who.value));
        let fill = Fill {
            value: &value,
            code: family.code.as_ref().map(records::family_code::FamilyCode::groups),
            direction: text.direction,
            signed: signed.map(|person| (person.name.clone(), person.role.clone())),
        };
        Face {
            language: text.language.to_string(),
            dated: day(self.day),
            subject: vec![Inline::plain(fill.text(&text.title))],
            body: fill.letter(&text.blocks),
            notice: text.notice.clone(),
            over: None,
        }
    }

    /// Languages that families speak and the letter is not in, told once each with how many they are.
    fn missing_translations(&mut self, known: &BTreeMap<String, tongue::Known>) {
        let mut missing: BTreeMap<&Language, (usize, &std::ops::Range<usize>)> = BTreeMap::new();
        for family in &self.list.families {
            let table = &self.list.table;
            match &family.home {
                Home::Other(language, range) if self.translation_for(family).is_none() => {
                    missing.entry(language).or_insert((0, range)).0 += 1;
                }
                Home::Unknown(range) => self.problems.push(
                    table
                        .error(
                            "list-language",
                            range.clone(),
                            Shown::Cell,
                            "This is no language that Signpost knows, so this family gets the letter in English alone.",
                            "Write its English name or its tag, such as Polish or pl; nothing, where it is English.",
                        )
                        .as_warning(),
                ),
                _ => {}
            }
        }
        let file = |language: &Language| self.letter.source.path.replace(".md", &format!(".{language}.md"));
        let mut told = Vec::new();
        for (language, (count, range)) in missing {
            let name = self.list.name_of(language);
            let has = if count == 1 { "1 family gets".to_owned() } else { format!("{count} families get") };
            let own = tongue::find(known, language).map_or("", |known| known.name.as_str());
            told.push(
                self.list
                    .table
                    .error(
                        "letter-untranslated",
                        range.clone(),
                        Shown::Cell,
                        format!("There is no translation into {name} ({own}): {has} this letter in English, and it says whom to ring."),
                        format!("Have it translated, and put that beside it as {}.", file(language)),
                    )
                    .as_warning(),
            );
        }
        self.problems.extend(told);
    }

    fn mailing(&self, title: String, ident: &str, letters: Vec<Letter>, two_sided: bool) -> Mailing {
        let settings = &self.school.settings;
        let mut from = settings.address.clone();
        from.extend(
            [settings.phone.clone(), settings.email.clone()].into_iter().filter(|line| !line.is_empty()),
        );
        Mailing {
            document: Paper {
                title,
                school: settings.name.clone(),
                language: self.texts[0].language.to_string(),
                address: format!("{}/letters/{}/{ident}", settings.website, self.letter.slug),
                logo: self.logo.clone(),
                day: (self.day.year(), self.day.month(), self.day.day()),
                page_words: (self.words.page.clone(), String::new()),
                pictures: self.pictures.clone(),
                ..Paper::default()
            },
            from,
            two_sided,
            letters,
        }
    }

    fn each(self, letters: &[Letter], mut made: Made, done: Told<'_>) -> Made {
        let count = AtomicUsize::new(0);
        let numbered: Vec<(usize, &Letter)> = letters.iter().enumerate().collect();
        let printed = print::side_by_side(&numbered, |(at, letter)| {
            let title = letter.faces.first().map(|face| Inline::text(&face.subject)).unwrap_or_default();
            let mailing = self.mailing(title, &(at + 1).to_string(), vec![(*letter).clone()], false);
            let printed = self.press.letters(&mailing).map_err(|faults| self.refused(&faults));
            done(count.fetch_add(1, Ordering::Relaxed) + 1);
            printed
        });
        for (name, printed) in self.names().into_iter().zip(printed) {
            match printed {
                Ok(printed) => {
                    made.pages += printed.pages;
                    made.files.insert(name, printed.bytes);
                }
                Err(mut problems) => made.problems.append(&mut problems),
            }
        }
        self.finished(made)
    }

    /// In as few files as may be: what the engine needs to set one grows faster than its letters, and the
    /// computer of an office is not large.
    fn together(self, letters: Vec<Letter>, mut made: Made, done: Told<'_>) -> Made {
        let files = letters.len().div_ceil(MOST_IN_A_FILE).max(1);
        // Of the same size, or nearly.
        let size = letters.len().div_ceil(files).max(1);
        let mut from = 0;
        for (number, part) in letters.chunks(size).enumerate() {
            let (title, ident, name) = if files == 1 {
                (self.title(), "all".to_owned(), format!("{}.pdf", self.letter.slug))
            } else {
                let (first, last) = (from + 1, from + part.len());
                let digits = letters.len().to_string().len();
                (
                    format!("{} ({first}–{last})", self.title()),
                    format!("all-{}", number + 1),
                    format!("{}-{first:0digits$}-to-{last:0digits$}.pdf", self.letter.slug),
                )
            };
            match self.in_one(title, &ident, part, made.translated > 0) {
                Ok(printed) => {
                    made.pages += printed.pages;
                    made.files.insert(name, printed.bytes);
                }
                Err(mut problems) => made.problems.append(&mut problems),
            }
            from += part.len();
            done(from);
        }
        self.finished(made)
    }

    /// The letter's title; what differs from family to family is left open.
    fn title(&self) -> String {
        fill_left(&self.texts[0].title, |_| Some("…".to_owned()))
    }

    fn in_one(
        &self,
        title: String,
        ident: &str,
        letters: &[Letter],
        two_sided: bool,
    ) -> Result<Printed, Vec<Diagnostic>> {
        // Letters on one side of a sheet each need no empty backs between them. Whether they are is known when
        // they are set.
        let mut mailing = self.mailing(title, ident, letters.to_vec(), two_sided);
        let mut printed = self.press.letters(&mailing);
        if !two_sided && printed.as_ref().is_ok_and(|printed| printed.pages > letters.len()) {
            mailing.two_sided = true;
            printed = self.press.letters(&mailing);
        }
        printed.map_err(|faults| self.refused(&faults))
    }

    fn refused(&self, faults: &[Fault]) -> Vec<Diagnostic> {
        faults.iter().map(|fault| told(&self.letter.source, fault, Lost::Letter)).collect()
    }

    /// Nothing is written of letters of which one cannot be printed.
    fn finished(self, mut made: Made) -> Made {
        if !made.problems.is_empty() {
            made.files.clear();
        }
        made.problems.extend(self.problems);
        made
    }

    /// A name for each file: its number in the list, the class and the child, in letters that every disk takes.
    fn names(&self) -> Vec<String> {
        let digits = self.list.families.len().to_string().len().max(2);
        let name = |(at, family): (usize, &Family)| {
            let whole = format!("{} {} {}", family.class, family.surname, family.forename);
            format!("{:0digits$}-{}.pdf", at + 1, plain(&whole)).replace("-.pdf", ".pdf")
        };
        self.list.families.iter().enumerate().map(name).collect()
    }
}

/// Words as a file's name: small Latin letters and hyphens, at most 60 of them.
fn plain(words: &str) -> String {
    let spelt: String = words
        .nfkd()
        .flat_map(char::to_lowercase)
        .map(|letter| match letter {
            'ł' => 'l',
            'ø' => 'o',
            'đ' | 'ð' => 'd',
            'ı' => 'i',
            other => other,
        })
        .filter(|letter| letter.is_ascii() || is_from_right(*letter))
        .map(|letter| if letter.is_ascii() { letter } else { ' ' })
        .collect();
    markdown::slug(&spelt).chars().take(60).collect::<String>().trim_end_matches('-').to_owned()
}

/// A day as spreadsheets write it: `2026-10-02`, or `02/10/2026`.
fn date(text: &str) -> Option<Date> {
    if let Ok(day) = text.parse::<Day>() {
        return Some(day.date());
    }
    let parts: Vec<&str> = text.split('/').collect();
    let [day, month, year] = parts.as_slice() else { return None };
    (year.len() == 4).then_some(())?;
    Day::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok().map(Day::date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_in_letters_that_every_disk_takes() {
        assert_eq!(plain("Oak Łuczak Zoë"), "oak-luczak-zoe");
        assert_eq!(plain("Oak O’Hara-Smith أحمد"), "oak-ohara-smith");
        assert_eq!(plain("李 明"), "");
    }

    #[test]
    fn days_are_known_as_spreadsheets_write_them() {
        assert_eq!(date("2026-10-02"), date("02/10/2026"));
        assert_eq!(date("31/02/2026"), None);
        assert_eq!(date("2 October"), None);
    }
}
