//! The words of a paragraph as pieces of Markdown.

use super::super::inline::{Piece, Place, address, destination, written};
use super::super::lines;
use super::model::{Inline, Look, Paragraph};
use super::write::Writer;

/// A character, or something that stands among characters, with its look and link.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Token {
    what: What,
    look: Look,
    link: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    Char(char),
    Break,
    Ready(String),
}

impl Token {
    fn is_space(&self) -> bool {
        matches!(self.what, What::Char(' ') | What::Break)
    }
}

/// The longest web address that is looked for in words, in characters.
const LONGEST_ADDRESS: usize = 2000;

impl Writer<'_> {
    /// The words of a paragraph for this place; `plain` takes emphasis away.
    pub(super) fn words(&mut self, paragraph: &Paragraph, place: Place, plain: bool) -> String {
        let mut links: Vec<&str> = Vec::new();
        let tokens = self.tokens(paragraph, place, &mut links);
        let tokens = with_addresses(trimmed(tokens));
        let plain = plain || place == Place::Heading;
        let marks = if plain { vec![(0, 0); tokens.len()] } else { emphasis(&tokens) };
        let mut pieces: Vec<Piece> = Vec::with_capacity(tokens.len() + 8);
        let mut at = 0;
        while at < tokens.len() {
            let link = tokens[at].link;
            let run = tokens[at..].iter().take_while(|token| token.link == link).count();
            let url = link.map(|link| links[link]);
            let text: String = tokens[at..at + run]
                .iter()
                .filter_map(|token| if let What::Char(c) = token.what { Some(c) } else { None })
                .collect();
            match url {
                // Programs add the stroke at the end of an address that nobody typed.
                Some(url)
                    if text.trim_end_matches('/') == url.trim_end_matches('/')
                        && address(&text, None).is_some_and(|(_, length)| length == text.len()) =>
                {
                    pieces.push(Piece::Ready(format!("<{text}>")));
                }
                Some(url)
                    if !text.trim().is_empty() || tokens[at..at + run].iter().any(|t| !t.is_space()) =>
                {
                    let lead = tokens[at..at + run].iter().take_while(|token| token.is_space()).count();
                    let tail = tokens[at..at + run].iter().rev().take_while(|token| token.is_space()).count();
                    push(&mut pieces, &tokens, &marks, at..at + lead, place);
                    pieces.push(Piece::Ready("[".to_owned()));
                    push(&mut pieces, &tokens, &marks, at + lead..at + run - tail, place);
                    pieces.push(Piece::Ready(format!("](<{}>)", destination(url))));
                    push(&mut pieces, &tokens, &marks, at + run - tail..at + run, place);
                }
                _ => push(&mut pieces, &tokens, &marks, at..at + run, place),
            }
            at += run;
        }
        written(&pieces, place)
    }

    /// A mark such as "a)" with what Markdown could take for its own escaped.
    pub(super) fn label(&self, label: &str, place: Place) -> String {
        let pieces: Vec<Piece> = label.chars().map(piece).chain([Piece::Char(' ')]).collect();
        written(&pieces, place).trim_end().to_owned()
    }

    fn tokens<'p>(&mut self, paragraph: &'p Paragraph, place: Place, links: &mut Vec<&'p str>) -> Vec<Token> {
        let mut tokens: Vec<Token> = Vec::new();
        for inline in &paragraph.inlines {
            let ready = |ready: String| Token { what: What::Ready(ready), look: Look::default(), link: None };
            match inline {
                Inline::Text(text) => {
                    let link = text.link.as_deref().map(|url| {
                        if links.last() != Some(&url) {
                            links.push(url);
                        }
                        links.len() - 1
                    });
                    let mut seen = String::with_capacity(text.words.len());
                    for c in text.words.chars().filter(|&c| c != '\u{ad}') {
                        lines::push_seen(&mut seen, if c == '\n' { ' ' } else { c });
                    }
                    for c in seen.chars() {
                        let c = if c.is_whitespace() { ' ' } else { c };
                        tokens.push(Token { what: What::Char(c), look: text.look, link });
                    }
                }
                Inline::Break => {
                    let what = if place == Place::Block { What::Break } else { What::Char(' ') };
                    tokens.push(Token { what, look: Look::default(), link: None });
                }
                Inline::Note(note) => tokens.push(ready(format!("[^{}]", self.note(*note)))),
                Inline::Picture { image, alt } => {
                    let name = self.picture(*image, alt, paragraph.no);
                    let alt: Vec<Piece> = alt.chars().map(piece).collect();
                    let alt = written(&alt, Place::Cell);
                    tokens.push(ready(format!("![{alt}](../images/{name})")));
                }
            }
        }
        tokens
    }
}

fn piece(c: char) -> Piece {
    match c {
        '*' => Piece::Stars(1),
        c => Piece::Char(c),
    }
}

fn push(
    pieces: &mut Vec<Piece>,
    tokens: &[Token],
    marks: &[(usize, usize)],
    range: std::ops::Range<usize>,
    place: Place,
) {
    for at in range {
        let (opens, closes) = marks[at];
        if opens > 0 {
            pieces.push(Piece::Emphasis(opens));
        }
        match &tokens[at].what {
            What::Char(c) => pieces.push(piece(*c)),
            What::Break if place == Place::Block => pieces.push(Piece::RowEnd),
            What::Break => pieces.push(Piece::Char(' ')),
            What::Ready(ready) => pieces.push(Piece::Ready(ready.clone())),
        }
        if closes > 0 {
            pieces.push(Piece::Emphasis(closes));
        }
    }
}

/// Without spaces at the ends and beside line ends, and with one where there were several.
fn trimmed(tokens: Vec<Token>) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    for token in tokens {
        let space = token.what == What::Char(' ');
        if space && out.last().is_none_or(Token::is_space) {
            continue;
        }
        if token.what == What::Break {
            while out.last().is_some_and(|before| before.what == What::Char(' ')) {
                out.pop();
            }
            if out.last().is_none_or(Token::is_space) {
                continue;
            }
        }
        out.push(token);
    }
    while out.last().is_some_and(Token::is_space) {
        out.pop();
    }
    out
}

/// Addresses that stand among the words become links.
fn with_addresses(tokens: Vec<Token>) -> Vec<Token> {
    let char_at = |at: usize| match tokens.get(at) {
        Some(Token { what: What::Char(c), link: None, .. }) => Some(*c),
        _ => None,
    };
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        let head: String = (at..at + 4).map_while(char_at).collect();
        if head.eq_ignore_ascii_case("http") || head.starts_with('<') {
            let word: String =
                (at..at + LONGEST_ADDRESS).map_while(char_at).take_while(|c| !c.is_whitespace()).collect();
            let before = match out.last() {
                Some(Token { what: What::Char(c), .. }) => Some(Piece::Char(*c)),
                _ => None,
            };
            if let Some((ready, length)) = address(&word, before.as_ref()) {
                out.push(Token { what: What::Ready(ready), look: Look::default(), link: None });
                at += word[..length].chars().count();
                continue;
            }
        }
        out.push(tokens[at].clone());
        at += 1;
    }
    out
}

/// For each token the stars that stand before and after it.
fn emphasis(tokens: &[Token]) -> Vec<(usize, usize)> {
    let mut marks = vec![(0, 0); tokens.len()];
    let shown = |token: &Token| matches!(token.what, What::Char(_));
    let bold = |token: &Token| shown(token) && token.look.bold;
    let italic = |token: &Token| shown(token) && token.look.italic && !token.look.bold;
    mark_runs(tokens, bold, 2, &mut marks);
    mark_runs(tokens, italic, 1, &mut marks);
    marks
}

fn mark_runs(tokens: &[Token], wanted: impl Fn(&Token) -> bool, stars: usize, marks: &mut [(usize, usize)]) {
    let mut at = 0;
    while at < tokens.len() {
        let link = tokens[at].link;
        // The end of a row between two bold words belongs to them: it has no look of its own.
        let belongs = |place: usize| {
            let inner = tokens[place].what == What::Break
                && place > at
                && tokens.get(place + 1).is_some_and(|next| next.link == link && wanted(next));
            inner || (tokens[place].link == link && wanted(&tokens[place]))
        };
        let run = (at..tokens.len()).take_while(|&place| belongs(place)).count();
        if run == 0 {
            at += 1;
            continue;
        }
        let (mut from, mut to) = (at, at + run);
        at += run;
        while from < to && tokens[from].is_space() {
            from += 1;
        }
        while from < to && tokens[to - 1].is_space() {
            to -= 1;
        }
        let letters = tokens[from..to].iter().any(|t| matches!(t.what, What::Char(c) if c.is_alphanumeric()));
        if letters && can_open(tokens, from, marks) && can_close(tokens, to, marks) {
            marks[from].0 = stars;
            marks[to - 1].1 = stars;
        }
    }
}

fn seen(token: Option<&Token>) -> char {
    match token.map(|token| &token.what) {
        None | Some(What::Break) => ' ',
        Some(What::Char(c)) => *c,
        Some(What::Ready(_)) => '>',
    }
}

fn is_edge(c: char) -> bool {
    !c.is_alphanumeric()
}

/// Whether Markdown would read stars before this token as a beginning (CommonMark, left-flanking).
fn can_open(tokens: &[Token], from: usize, marks: &[(usize, usize)]) -> bool {
    let before = from.checked_sub(1);
    let touches = before.is_some_and(|before| marks[before].1 > 0);
    let at_link = before.is_some_and(|before| tokens[before].link != tokens[from].link);
    let before = if at_link { '[' } else { seen(before.map(|before| &tokens[before])) };
    !touches && (!is_edge(seen(tokens.get(from))) || is_edge(before))
}

/// Whether Markdown would read stars before the token at `to` as an end (right-flanking).
fn can_close(tokens: &[Token], to: usize, marks: &[(usize, usize)]) -> bool {
    let touches = marks.get(to).is_some_and(|mark| mark.0 > 0);
    let at_link = tokens.get(to).is_some_and(|after| after.link != tokens[to - 1].link);
    let after = if at_link { ']' } else { seen(tokens.get(to)) };
    !touches && (!is_edge(seen(tokens.get(to - 1))) || is_edge(after))
}
