//! The words of one block as Markdown: emphasis and addresses kept, everything else escaped.

use super::Notes;

/// Where the words will stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// A paragraph or a list item.
    Block,
    /// After the marks of a heading.
    Heading,
    /// Between the bars of a table.
    Cell,
}

/// A piece of a row of words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Char(char),
    /// Markdown that stays as it is.
    Ready(String),
    /// One or two asterisks, of which it is not yet known whether they are emphasis.
    Stars(usize),
    /// Emphasis that has its other half.
    Emphasis(usize),
    /// The end of a row.
    RowEnd,
}

/// Rows of words as Markdown. Rows are parted by hard line breaks.
pub(super) fn markdown(rows: &[String], place: Place, line: usize, notes: &mut Notes) -> String {
    let mut pieces = Vec::new();
    let mut lost = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        if at > 0 {
            pieces.push(Piece::RowEnd);
        }
        read(row, line, &mut pieces, &mut lost, notes);
    }
    if !lost.is_empty() {
        notes.doubt(
            line,
            format!("the source has lost the address of the link at {}", lost.join(", ")),
            "find the address and make it a link again, or leave it as words",
        );
    }
    pair_stars(&mut pieces);
    written(&pieces, place)
}

/// Pieces as Markdown: what is not meant to be Markdown is escaped.
pub(super) fn written(pieces: &[Piece], place: Place) -> String {
    let mut out = String::new();
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Ready(ready) => out.push_str(ready),
            Piece::Emphasis(stars) => out.push_str(&"*".repeat(*stars)),
            Piece::Stars(stars) => out.push_str(&"\\*".repeat(*stars)),
            Piece::RowEnd => out.push_str("\\\n"),
            Piece::Char(c) => push_escaped(&mut out, *c, pieces, at, place),
        }
    }
    out
}

/// Cuts a row into pieces; runs of spaces become one.
///
/// What links said that lead nowhere is added to `lost`.
fn read(row: &str, line: usize, pieces: &mut Vec<Piece>, lost: &mut Vec<String>, notes: &mut Notes) {
    let mut rest = row.trim();
    while let Some(c) = rest.chars().next() {
        if let Some((ready, length)) = address(rest, pieces.last()) {
            pieces.push(Piece::Ready(ready));
            rest = &rest[length..];
            continue;
        }
        if c == '['
            && let Some(link) = link(rest)
        {
            match link.target {
                Target::Web(url) => {
                    pieces.push(Piece::Ready("[".to_owned()));
                    pieces.extend(link.text.chars().map(Piece::Char));
                    pieces.push(Piece::Ready(format!("](<{}>)", destination(&url))));
                }
                Target::Nowhere => {
                    pieces.extend(link.text.chars().map(Piece::Char));
                    lost.push(format!("“{}”", link.text));
                }
                Target::Other(target) => {
                    pieces.extend(link.text.chars().map(Piece::Char));
                    notes.drop(line, target, "the address of a link that leads to no page on the web");
                }
            }
            rest = &rest[link.length..];
            continue;
        }
        if c == '*' {
            let stars = rest.chars().take_while(|&next| next == '*').count();
            pieces.push(Piece::Stars(stars));
            rest = &rest[stars..];
            continue;
        }
        let space = c.is_whitespace();
        if !space {
            pieces.push(Piece::Char(c));
        } else if !matches!(pieces.last(), Some(Piece::Char(' '))) {
            pieces.push(Piece::Char(' '));
        }
        rest = &rest[c.len_utf8()..];
    }
}

/// The most bytes of a web address that is looked for.
const LONGEST_ADDRESS: usize = 2000;
/// The most bytes of the words of a link.
const LONGEST_LINK: usize = 400;

/// The beginning of the text: to search it all, from every place, would take the square of its length.
fn near(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}

/// An address as it stands between `(<` and `>)`: Markdown would read `&copy` in it as a sign, and `{{` as
/// a word of the school's.
pub(super) fn destination(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    let mut chars = url.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '&' if chars.peek().is_some_and(|next| next.is_alphabetic() || *next == '#') => {
                out.push_str("\\&")
            }
            '<' | '>' | '{' | '}' | '|' | '\\' | '`' => out.push_str(&format!("%{:02X}", u32::from(c))),
            c if c.is_control() => {}
            c if c.is_whitespace() => out.push_str("%20"),
            c => out.push(c),
        }
    }
    out
}

/// A web address at the beginning of the text, as a Markdown address, and how long it is.
pub(super) fn address(text: &str, before: Option<&Piece>) -> Option<(String, usize)> {
    let begins = |text: &str| {
        ["http://", "https://"]
            .iter()
            .any(|scheme| text.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme)))
    };
    let fits = |c: char| !c.is_whitespace() && !matches!(c, '<' | '>' | '`' | '\\') && !c.is_control();
    if let Some(inner) = text.strip_prefix('<') {
        let end = near(inner, LONGEST_ADDRESS).find('>')?;
        let url = &inner[..end];
        let known = begins(url) || url.to_ascii_lowercase().starts_with("mailto:");
        let whole = known && url.len() > 9 && url.chars().all(fits) && !url.contains("{{");
        return whole.then(|| (format!("<{url}>"), end + 2));
    }
    if !begins(text) || matches!(before, Some(Piece::Char(c)) if c.is_alphanumeric()) {
        return None;
    }
    let end = text.find(|c: char| !fits(c) || matches!(c, '*' | '"' | '”' | '’')).unwrap_or(text.len());
    let url = text[..end].trim_end_matches(['.', ',', ';', ':', ')', ']', '!', '?', '\'', '|']);
    (url.len() > 9 && !url.contains("{{")).then(|| (format!("<{url}>"), url.len()))
}

struct Link<'a> {
    text: &'a str,
    target: Target,
    length: usize,
}

enum Target {
    Web(String),
    Nowhere,
    Other(String),
}

/// `[words](address)` at the beginning of the text.
fn link(text: &str) -> Option<Link<'_>> {
    let close = near(text, LONGEST_LINK).find("](").filter(|&close| close > 1)?;
    let words = &text[1..close];
    let inner = &text[close + 2..];
    let end = near(inner, LONGEST_ADDRESS).find(')')?;
    let target = inner[..end].trim();
    if words.contains(['[', ']', '<', '*', '{'])
        || words.contains("://")
        || target.contains(['(', '<', '>', '{', '\\'])
    {
        return None;
    }
    let length = close + 2 + end + 1;
    let web = ["http://", "https://", "mailto:"].iter().any(|scheme| target.starts_with(scheme));
    let target = if target.trim_start_matches('#').is_empty() {
        Target::Nowhere
    } else if web && !target.contains(char::is_whitespace) {
        Target::Web(target.to_owned())
    } else {
        Target::Other(target.to_owned())
    };
    Some(Link { text: words, target, length })
}

/// Finds the halves of emphasis that Markdown will read as such; other stars are words.
fn pair_stars(pieces: &mut [Piece]) {
    let neighbour = |pieces: &[Piece], at: Option<usize>| match at.and_then(|at| pieces.get(at)) {
        None | Some(Piece::RowEnd) => ' ',
        Some(Piece::Char(c)) => *c,
        Some(Piece::Ready(ready)) if ready == "[" => '[',
        Some(Piece::Ready(_)) => '>',
        Some(Piece::Stars(_) | Piece::Emphasis(_)) => '*',
    };
    let edge = |c: char| c == ' ' || c.is_ascii_punctuation() && c != '*' || "“”‘’".contains(c);
    let mut open: Vec<(usize, usize)> = Vec::new();
    for at in 0..pieces.len() {
        let Piece::Stars(stars) = pieces[at] else { continue };
        if stars > 2 {
            continue;
        }
        let before = neighbour(pieces, at.checked_sub(1));
        let after = neighbour(pieces, Some(at + 1));
        let closes = !before.is_whitespace()
            && before != '*'
            && (edge(after) && (before.is_alphanumeric() || edge(before)));
        let opens = after.is_alphanumeric() && edge(before);
        let partner = if closes { open.iter().rposition(|&(_, size)| size == stars) } else { None };
        if let Some(partner) = partner {
            let (start, _) = open[partner];
            open.truncate(partner);
            pieces[start] = Piece::Emphasis(stars);
            pieces[at] = Piece::Emphasis(stars);
        } else if opens && open.iter().all(|&(_, size)| size != stars) {
            open.push((at, stars));
        } else if opens {
            // The one before has no end; this one may have.
            open.retain(|&(_, size)| size != stars);
            open.push((at, stars));
        }
    }
}

/// Writes a character so that Markdown shows it.
fn push_escaped(out: &mut String, c: char, pieces: &[Piece], at: usize, place: Place) {
    let next = match pieces.get(at + 1) {
        Some(Piece::Char(next)) => Some(*next),
        Some(Piece::RowEnd) | None => None,
        Some(_) => Some('*'),
    };
    let before = match at.checked_sub(1).map(|before| &pieces[before]) {
        Some(Piece::Char(before)) => Some(*before),
        Some(Piece::RowEnd) | None => None,
        Some(_) => Some('*'),
    };
    if c == '{' && place == Place::Heading {
        // At the end of a heading even an escaped brace would be taken for its attributes.
        out.push_str("&#123;");
        return;
    }
    let row_start = before.is_none();
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let special = match c {
        '\\' | '`' | '<' | '[' | ']' | '~' | '{' => true,
        '_' => !(word(before) && word(next)),
        '&' => next.is_some_and(|next| next.is_alphabetic() || next == '#'),
        '|' => place == Place::Cell || row_start,
        '#' => row_start || place == Place::Heading,
        '>' | ':' | '$' => row_start,
        '-' | '+' | '=' => row_start && !word(next),
        '.' | ')' => {
            place == Place::Block && (next.is_none() || next == Some(' ')) && number_before(pieces, at)
        }
        '!' => next == Some('['),
        _ => false,
    };
    if special {
        out.push('\\');
    }
    out.push(c);
}

/// Whether there are only digits between the beginning of the row and this place: "1." would be a list.
fn number_before(pieces: &[Piece], at: usize) -> bool {
    let mut digits = 0;
    for piece in pieces[..at].iter().rev() {
        match piece {
            Piece::Char(c) if c.is_ascii_digit() && digits < 10 => digits += 1,
            Piece::RowEnd => break,
            _ => return false,
        }
    }
    digits > 0
}

#[cfg(test)]
mod tests {
    use super::{Notes, Place, markdown};

    fn block(text: &str) -> String {
        markdown(&[text.to_owned()], Place::Block, 1, &mut Notes::default())
    }

    #[test]
    fn characters_that_mean_something_in_markdown_stay_characters() {
        for (text, expected) in [
            ("* hats", "\\* hats"),
            ("2 * 3 * 4", "2 \\* 3 \\* 4"),
            ("snake_case _x_", "snake_case \\_x\\_"),
            ("# hats", "\\# hats"),
            ("+ hats", "\\+ hats"),
            ("1. hats", "1\\. hats"),
            ("a < b [c] `d`", "a \\< b \\[c\\] \\`d\\`"),
            ("{{ name }}", "\\{\\{ name }}"),
            ("R&D &amp; Q & A", "R\\&D \\&amp; Q & A"),
            ("> so", "\\> so"),
            ("--- so", "\\--- so"),
        ] {
            assert_eq!(block(text), expected);
        }
    }

    #[test]
    fn emphasis_of_the_source_stays_and_lone_stars_are_words() {
        assert_eq!(block("wear **a hat**, *always*"), "wear **a hat**, *always*");
        assert_eq!(block("‘**a hat**’ here"), "‘**a hat**’ here");
        assert_eq!(block("a hat* and a coat"), "a hat\\* and a coat");
        assert_eq!(block("**no end"), "\\*\\*no end");
    }

    #[test]
    fn addresses_become_links_and_links_to_nowhere_become_words() {
        assert_eq!(block("See https://larkfield.example/a_b."), "See <https://larkfield.example/a_b>.");
        assert_eq!(block("<http://larkfield.example/#x>"), "<http://larkfield.example/#x>");
        assert_eq!(block("the [hat list](#) here"), "the hat list here");
        assert_eq!(block("[hats](https://h.example)"), "[hats](<https://h.example>)");
        assert_eq!(
            block("[hats](https://h.example/?a=1&copy=2)"),
            "[hats](<https://h.example/?a=1\\&copy=2>)"
        );
    }
}
