//! `school.toml`: names, people, helplines and terms, stated once.

use std::{cell::RefCell, collections::BTreeMap};

use jiff::civil::Date;
use records::{day::Day, digest::Digest, keys::VerifyKey, retention::RetentionRules};

use super::{
    markdown,
    print_for::{self, PrintFor},
    toml_reader::{self, Located, Reader},
};
use crate::{
    diagnostic::Diagnostic,
    look::{Look, Own, TINTS},
    source::Source,
};

/// What `school.toml` says. Where it was missing or wrong there is a finding, and an empty value here.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The school's full name.
    pub name: String,
    /// Its name in a sentence.
    pub short_name: String,
    /// Its motto.
    pub motto: Option<String>,
    /// Its values, a word or two each.
    pub values: Vec<String>,
    /// Postal address, a line each.
    pub address: Vec<String>,
    /// The office's telephone number.
    pub phone: String,
    /// The office's e-mail address.
    pub email: String,
    /// Where the site is published, without a slash at its end.
    pub website: String,
    /// A short address for posters.
    pub short_address: Option<String>,
    /// BCP 47 tag of the content's language.
    pub language: String,
    /// IANA name of the school's time zone.
    pub time_zone: String,
    /// First and last day of the school year.
    pub year: Option<(Date, Date)>,
    /// Terms in the order written.
    pub terms: Vec<Term>,
    /// Names of the products that the school uses, by what they do: filter, monitoring, records, …
    pub systems: Vec<(String, String)>,
    /// What the school has settled for itself and says on several pages: a number, a time, a place.
    pub rules: Vec<(String, String)>,
    /// People by key, in the order written.
    pub people: Vec<Person>,
    /// Classes in the order written.
    pub classes: Vec<Class>,
    /// Helplines by key, in the order written.
    pub helplines: Vec<Helpline>,
    /// How many there are of whom something is printed for, as far as that is said.
    pub copies: BTreeMap<PrintFor, u32>,
    /// The school's own look.
    pub look: Look,
    /// The hub's public key, by which files of its making are known.
    pub hub_key: Option<VerifyKey>,
    /// Whether the headteacher is the designated safeguarding lead as well: then what is told about a grown-up at school
    /// goes to others.
    pub headteacher_is_dsl: bool,
    /// Where somebody can report a concern in writing, at the hub, if the school has that.
    pub report_form: Option<String>,
    /// What is known of how accessible the site is.
    pub accessibility: Option<Accessibility>,
    /// Pictures named here, to be checked.
    pub pictures: Vec<Located<String>>,
    /// Whether the file could be read far enough to check others against it.
    pub usable: bool,
    /// The file, to tell where something in it is wrong.
    pub source: Option<Source>,
    /// What `{{ … }}` stands for.
    values_by_name: BTreeMap<String, String>,
}

/// A term.
#[derive(Debug, Clone)]
pub struct Term {
    /// What it is called.
    pub name: String,
    /// First and last day for children.
    pub days: Option<(Date, Date)>,
}

/// Somebody of the school.
#[derive(Debug, Clone)]
pub struct Person {
    /// The key in `[people]`.
    pub key: String,
    /// As people address them.
    pub name: String,
    /// What they do.
    pub role: String,
    /// Whether children are pointed to them.
    pub trusted_adult: bool,
    /// Their picture, a symbol.
    pub picture: Option<String>,
    /// Whether they are a governor.
    pub governor: bool,
    /// What they look after as a governor.
    pub checks: Option<String>,
    /// A number of their own, where they have one.
    pub phone: Option<String>,
    /// An address of their own, where they have one.
    pub email: Option<String>,
}

/// What is known of how accessible the site is; only what somebody made sure of.
#[derive(Debug, Clone, Default)]
pub struct Accessibility {
    /// When the statement was first written.
    pub prepared: Option<Date>,
    /// When it was last looked through.
    pub reviewed: Option<Date>,
    /// When the site was last tested, if it was.
    pub tested: Option<Date>,
    /// By whom and how.
    pub tested_how: Option<String>,
    /// What is known not to work for everyone, a sentence each.
    pub problems: Vec<String>,
}

/// A class.
#[derive(Debug, Clone)]
pub struct Class {
    /// Its name.
    pub name: String,
    /// Its picture, a symbol.
    pub picture: Option<String>,
}

/// Somebody outside the school to turn to.
#[derive(Debug, Clone)]
pub struct Helpline {
    /// The key in `[helplines]`.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Its number.
    pub phone: Option<String>,
    /// Its page.
    pub web: Option<String>,
    /// `children`, `families` or `staff`.
    pub audience: String,
    /// When somebody last made sure of it.
    pub checked: Option<Date>,
}

impl Settings {
    /// What `{{ name }}` stands for.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.values_by_name.get(name).map(String::as_str)
    }

    /// Lets pages say how long things are kept, in the words of the rules that the hub goes by: a policy that
    /// promised another time would be a promise that is broken.
    pub(super) fn state_kept(&mut self, rules: &RetentionRules) {
        for rule in &rules.rules {
            let name = format!("kept.{}", rule.kept.as_str().replace('-', "_"));
            self.values_by_name.insert(name, rule.period.to_string());
        }
    }

    /// All names that `{{ … }}` may hold.
    pub fn value_names(&self) -> impl Iterator<Item = &str> {
        self.values_by_name.keys().map(String::as_str)
    }

    /// An error at a value of `school.toml`.
    pub fn source_error<T>(
        &self,
        code: &'static str,
        at: &Located<T>,
        what: String,
        mend: String,
    ) -> Diagnostic {
        match &self.source {
            Some(source) => source.error(code, at.range.clone(), what, mend),
            None => Diagnostic::file_error(code, "school.toml", what, mend),
        }
    }

    /// How many copies of a print there should be; none where nobody said.
    pub fn copies(&self, whom: PrintFor) -> Option<u32> {
        let said = self.copies.get(&whom).copied();
        said.or_else(|| match whom {
            PrintFor::Classrooms => u32::try_from(self.classes.len()).ok().filter(|classes| *classes > 0),
            PrintFor::Entrances | PrintFor::Offices | PrintFor::Folder => Some(1),
            _ => None,
        })
    }

    /// The person with this key.
    pub fn person(&self, key: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.key == key)
    }
}

/// Reads `school.toml`.
pub fn read(source: &Source, problems: &mut Vec<Diagnostic>) -> Settings {
    let whole = 0..source.text.len();
    let before = problems.len();
    let parsed = toml_reader::parse(source, whole.clone(), problems);
    let broken = problems[before..].iter().any(|problem| problem.code == "broken-settings");
    let found = RefCell::new(Vec::new());
    let reader = parsed.reader(source, 0, 0..0, &found);
    let mut settings = settings(&reader);
    reader.finish("school.toml");
    settings.usable = !broken;
    settings.source = Some(source.clone());
    settings.values_by_name = values(&settings);
    if !broken {
        // A line that cannot be understood takes others with it; what they
        // seem to lack is told once that line is mended.
        problems.append(&mut found.into_inner());
    }
    settings
}

fn settings(reader: &Reader<'_, '_>) -> Settings {
    let pictures = RefCell::new(Vec::new());
    let picture = |reader: &Reader<'_, '_>| {
        let located = reader.text("picture")?;
        pictures.borrow_mut().push(located.clone());
        Some(located.value)
    };
    let must = |key, what| reader.need_text(key, what).map(|l| l.value).unwrap_or_default();
    let may = |key| reader.text(key).map(|l| l.value);
    let name = must("name", "the school’s full name, shown on every page");
    Settings {
        short_name: may("short_name").unwrap_or_else(|| name.clone()),
        name,
        motto: may("motto"),
        values: reader.list("values"),
        address: reader.list("address"),
        phone: must("phone", "the number that families ring"),
        email: reader
            .need_text("email", "the office’s address, for questions about the site")
            .map(|written| mail(reader, written))
            .unwrap_or_default(),
        website: website(reader),
        short_address: may("short_address"),
        language: language(reader),
        time_zone: time_zone(reader),
        year: year(reader),
        systems: reader.own_words("systems"),
        rules: reader.own_words("rules"),
        people: reader.named("people", |key, reader| person(key, reader, picture(reader))),
        terms: reader.rows("terms", term),
        classes: reader.rows("classes", |reader| Class {
            name: reader.need_text("name", "what the class is called").map(|l| l.value).unwrap_or_default(),
            picture: picture(reader),
        }),
        helplines: reader.named("helplines", helpline),
        copies: reader.table("print", print_for::counts).unwrap_or_default(),
        look: reader.table("look", look).unwrap_or_default(),
        hub_key: reader.table("hub", hub_key).flatten(),
        headteacher_is_dsl: reader.flag("headteacher_is_dsl"),
        report_form: address(reader, "report_form", "https://report.larkfield.example"),
        accessibility: reader.table("accessibility", |reader| Accessibility {
            prepared: reader
                .need_day("prepared", "the day on which the statement was first written")
                .map(|l| l.value),
            reviewed: reader.day("reviewed").map(|l| l.value),
            tested: reader.day("tested").map(|l| l.value),
            tested_how: reader.text("tested_how").map(|l| l.value),
            problems: reader.list("problems"),
        }),
        pictures: pictures.into_inner(),
        usable: true,
        source: None,
        values_by_name: BTreeMap::new(),
    }
}

/// An e-mail address; one that is none is told, and kept: what stands on pages is the office's to put right.
fn mail(reader: &Reader<'_, '_>, written: Located<String>) -> String {
    let is_one = written.value.split_once('@').is_some_and(|(who, place)| {
        let plain = |part: &str| !part.is_empty() && !part.contains(|c: char| c == '@' || c.is_whitespace());
        plain(who) && plain(place) && place.contains('.')
    });
    if !is_one {
        reader.tell(reader.source().error(
            "not-an-address",
            written.range,
            format!("“{}” is no e-mail address.", written.value),
            "Write one address alone, for example \"office@larkfield.example\".",
        ));
    }
    written.value
}

fn website(reader: &Reader<'_, '_>) -> String {
    if !reader.has("website") {
        let _ = reader.need_text("website", "the address where this site is published");
    }
    address(reader, "website", "https://www.larkfield.example").unwrap_or_default()
}

/// An address of a website, without a slash at its end, that may be left out.
fn address(reader: &Reader<'_, '_>, key: &'static str, example: &str) -> Option<String> {
    let site = reader.text(key)?;
    let host = site.value.strip_prefix("https://").or_else(|| site.value.strip_prefix("http://"));
    if host.is_none_or(|h| h.is_empty() || h.contains(char::is_whitespace)) {
        reader.tell(reader.source().error(
            "not-an-address",
            site.range,
            format!("“{}” is not the address of a website.", site.value),
            match bare(&site.value) {
                Some(host) => format!("Write it in full: \"https://{host}\"."),
                None => format!("Write it in full, for example \"{example}\"."),
            },
        ));
        return None;
    }
    Some(site.value.trim_end_matches('/').to_owned())
}

/// An address that lacks nothing but its beginning.
fn bare(written: &str) -> Option<&str> {
    let is_one =
        written.contains('.') && !written.contains(|c: char| c.is_whitespace() || matches!(c, ':' | '@'));
    (is_one && !written.starts_with('/')).then_some(written)
}

fn language(reader: &Reader<'_, '_>) -> String {
    let Some(tag) = reader.text("language") else { return "en-GB".to_owned() };
    match tag.value.parse::<records::language::Language>() {
        Ok(_) => tag.value,
        Err(_) => {
            reader.tell(reader.source().error(
                "unknown-language",
                tag.range,
                format!("“{}” is no language tag.", tag.value),
                "Write \"en-GB\" for British English.",
            ));
            "en-GB".to_owned()
        }
    }
}

fn time_zone(reader: &Reader<'_, '_>) -> String {
    let usual = || "Europe/London".to_owned();
    let Some(zone) = reader.text("time_zone") else { return usual() };
    if jiff::tz::TimeZone::get(&zone.value).is_ok() {
        return zone.value;
    }
    reader.tell(reader.source().error(
        "unknown-time-zone",
        zone.range,
        format!("“{}” is no time zone.", zone.value),
        "Write \"Europe/London\" for the United Kingdom.",
    ));
    usual()
}

fn look(reader: &Reader<'_, '_>) -> Look {
    Look {
        logo: reader.text("logo"),
        light: own_colours(reader),
        dark: reader.table("dark", own_colours).unwrap_or_default(),
    }
}

fn own_colours(reader: &Reader<'_, '_>) -> Own {
    let colour = |key| {
        let text: Located<String> = reader.text(key)?;
        let Ok(value) = text.value.parse() else {
            reader.tell(reader.source().error(
                "not-a-colour",
                text.range,
                format!("“{}” is no colour.", text.value),
                "Write it as # and six of the characters 0-9 and A-F, for example \"#0F5C4D\".",
            ));
            return None;
        };
        Some(Located { value, range: text.range })
    };
    Own { main: colour("main"), accent: colour("accent"), tints: TINTS.map(colour) }
}

/// A public key has the length of a digest, and is written in the same way.
fn hub_key(reader: &Reader<'_, '_>) -> Option<VerifyKey> {
    let key = reader.need_text("key", "the hub’s public key")?;
    match key.value.parse::<Digest>() {
        Ok(bytes) => Some(VerifyKey::from_bytes(*bytes.as_bytes())),
        Err(_) => {
            reader.tell(reader.source().error(
                "not-a-key",
                key.range,
                "This is not the hub’s public key: that has 64 of the characters 0-9 and a-f.",
                "Copy it from the hub, all of it.",
            ));
            None
        }
    }
}

fn person(key: &str, reader: &Reader<'_, '_>, picture: Option<String>) -> Person {
    let trusted_adult = reader.flag("trusted_adult");
    if trusted_adult && !reader.has("picture") {
        reader.missing("picture", "children find a trusted adult by their picture");
    }
    Person {
        key: key.to_owned(),
        name: reader.need_text("name", "who it is").map(|l| l.value).unwrap_or_default(),
        role: reader.need_text("role", "what they do").map(|l| l.value).unwrap_or_default(),
        trusted_adult,
        picture,
        governor: reader.flag("governor"),
        checks: reader.text("checks").map(|l| l.value),
        phone: reader.text("phone").map(|l| l.value),
        email: reader.text("email").map(|written| mail(reader, written)),
    }
}

fn year(reader: &Reader<'_, '_>) -> Option<(Date, Date)> {
    if !reader.has("year") {
        reader.missing_part("year", "the first and last day of the school year, which signatures belong to");
    }
    let (from, to) = reader.table("year", |reader| {
        let from = reader.need_day("starts", "the first day of the school year");
        (from, reader.need_day("ends", "the last day of the school year"))
    })?;
    let (from, to) = (from?, to?);
    if to.value <= from.value {
        reader.tell(reader.source().error(
            "year-ends-before-it-starts",
            to.range,
            "The school year ends before it starts.",
            "Put the first day after “starts” and the last day after “ends”.",
        ));
        return None;
    }
    Some((from.value, to.value))
}

fn term(reader: &Reader<'_, '_>) -> Term {
    let name = reader.need_text("name", "what the term is called").map(|l| l.value).unwrap_or_default();
    let starts = reader.need_day("starts", "its first day");
    let ends = reader.need_day("ends", "its last day");
    Term { name, days: starts.zip(ends).map(|(starts, ends)| (starts.value, ends.value)) }
}

fn helpline(key: &str, reader: &Reader<'_, '_>) -> Helpline {
    let name = reader.need_text("name", "what it is called").map(|l| l.value).unwrap_or_default();
    let phone = reader.text("phone").map(|l| l.value);
    let web = reader.text("web").map(|l| l.value);
    if phone.is_none() && web.is_none() {
        reader.missing("phone", "a helpline needs a number, or a page after “web”");
    }
    let audience = reader.need_text("for", "whom it is for: children, families or staff");
    if let Some(a) = &audience
        && !["children", "families", "staff"].contains(&a.value.as_str())
    {
        reader.tell(reader.source().error(
            "unknown-audience",
            a.range.clone(),
            format!("“{}” is nobody that a helpline can be for.", a.value),
            "Write \"children\", \"families\" or \"staff\".",
        ));
    }
    let audience = audience.map(|l| l.value).unwrap_or_default();
    Helpline {
        key: key.to_owned(),
        name,
        phone,
        web,
        audience,
        checked: reader.day("checked").map(|l| l.value),
    }
}

fn values(settings: &Settings) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    let mut put = |name: String, value: &str| {
        if !value.is_empty() {
            out.insert(name, value.to_owned());
        }
    };
    put("school.name".to_owned(), &settings.name);
    put("school.short_name".to_owned(), &settings.short_name);
    put("school.phone".to_owned(), &settings.phone);
    put("school.email".to_owned(), &settings.email);
    put("school.website".to_owned(), &settings.website);
    put("school.motto".to_owned(), settings.motto.as_deref().unwrap_or_default());
    put("school.short_address".to_owned(), settings.short_address.as_deref().unwrap_or_default());
    put("school.address".to_owned(), &settings.address.join(", "));
    if let Some((starts, ends)) = settings.year {
        put("year.starts".to_owned(), &Day::from(starts).in_words());
        put("year.ends".to_owned(), &Day::from(ends).in_words());
    }
    for term in &settings.terms {
        let Some((starts, ends)) = term.days else { continue };
        let name = markdown::slug(&term.name);
        put(format!("terms.{name}.starts"), &Day::from(starts).in_words());
        put(format!("terms.{name}.ends"), &Day::from(ends).in_words());
    }
    for (part, words) in [("systems", &settings.systems), ("rules", &settings.rules)] {
        for (name, value) in words {
            put(format!("{part}.{name}"), value);
        }
    }
    for person in &settings.people {
        put(format!("people.{}.name", person.key), &person.name);
        put(format!("people.{}.role", person.key), &person.role);
        put(format!("people.{}.phone", person.key), person.phone.as_deref().unwrap_or_default());
        put(format!("people.{}.email", person.key), person.email.as_deref().unwrap_or_default());
    }
    for line in &settings.helplines {
        put(format!("helplines.{}.name", line.key), &line.name);
        put(format!("helplines.{}.phone", line.key), line.phone.as_deref().unwrap_or_default());
        put(format!("helplines.{}.web", line.key), line.web.as_deref().unwrap_or_default());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_a_rule_and_a_term_are_named_once_and_stand_everywhere() {
        let text = "name = \"A\"\nphone = \"1\"\nemail = \"a@b.example\"\nwebsite = \"https://a.example\"\n\
            [year]\nstarts = 2026-09-01\nends = 2027-08-31\n\
            [[terms]]\nname = \"Autumn\"\nstarts = 2026-09-03\nends = 2026-12-18\n\
            [systems]\nfilter = \"Hedgerow\"\n[rules]\nlock_after = \"five minutes\"\nempty = 5\n";
        let mut problems = Vec::new();
        let settings =
            read(&Source::from_bytes("school.toml", text.as_bytes()).expect("it is UTF-8"), &mut problems);
        assert_eq!(settings.value("systems.filter"), Some("Hedgerow"));
        assert_eq!(settings.value("rules.lock_after"), Some("five minutes"));
        assert_eq!(settings.value("terms.autumn.starts"), Some("3 September 2026"));
        assert_eq!(settings.value("year.ends"), Some("31 August 2027"));
        assert_eq!(settings.value("rules.empty"), None);
        assert_eq!(problems.iter().map(|p| p.code).collect::<Vec<_>>(), ["wrong-value"]);
    }
}
