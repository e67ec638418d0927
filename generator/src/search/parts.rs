//! Writes the parts of an index. What each holds is told in the [module above](super).

use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

use super::{Known, Word, page::Page};

/// How large a part is about, in bytes: small enough that a search on an old phone fetches little, large
/// enough that a site of 1,000 pages has a few hundred files.
const DICTIONARY: usize = 4096;
const LISTS: usize = 6144;
const PAGES: usize = 4096;
/// Headings of one page that a result may show, in bytes of text.
const HEADINGS: usize = 1500;

/// Sixty-four signs that need no escape in a script.
const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Parts together of so many bytes are handed over: enough for several threads, and little to keep.
const TOGETHER: usize = 512 * 1024;

/// Takes a finished file of an index, by its name.
pub(super) type Take<'t, E> = &'t (dyn Fn(String, Vec<u8>) -> Result<(), E> + Sync);

/// Hands over the parts of an index as they are made, so that they are never in memory all at once.
pub(super) struct Parts<'t, E> {
    take: Take<'t, E>,
    waiting: Vec<(String, Vec<u8>)>,
    bytes: usize,
    failed: Option<E>,
}

impl<'t, E: Send> Parts<'t, E> {
    pub(super) fn new(take: Take<'t, E>) -> Self {
        Self { take, waiting: Vec::new(), bytes: 0, failed: None }
    }

    /// Adds a part under the name of its bytes, so that a part that did not change keeps its name and no
    /// browser ever mixes two builds. Gives the name.
    pub(super) fn add(&mut self, data: &str) -> String {
        let digest = Sha256::digest(data.as_bytes());
        let name: String =
            digest.iter().take(10).map(|byte| char::from(SIGNS[usize::from(*byte & 63)])).collect();
        let bytes = format!("signpostPart(\"{name}\",{data});\n").into_bytes();
        self.bytes += bytes.len();
        self.waiting.push((format!("{name}.js"), bytes));
        if self.bytes > TOGETHER {
            self.hand_over();
        }
        name
    }

    fn hand_over(&mut self) {
        self.bytes = 0;
        let waiting = std::mem::take(&mut self.waiting);
        let taken = waiting.into_par_iter().try_for_each(|(name, bytes)| (self.take)(name, bytes));
        if let Err(why) = taken {
            self.failed.get_or_insert(why);
        }
    }

    /// Hands over the last of them.
    pub(super) fn finish(mut self) -> Result<(), E> {
        self.hand_over();
        self.failed.map_or(Ok(()), Err)
    }
}

/// A string as a script writes it.
fn quoted(text: &str) -> String {
    // Strings always serialise.
    serde_json::to_string(text).unwrap_or_default()
}

/// Adds words in order, each with how much it shares with the one before, in parts that begin anew.
/// Gives for each part its first word, the number of that word and the part's name.
pub(super) fn dictionary<'w, E: Send>(
    files: &mut Parts<'_, E>,
    words: impl Iterator<Item = (&'w str, usize)>,
) -> Vec<(String, usize, String)> {
    let mut parts = Vec::new();
    let mut data = String::new();
    let mut first: Option<(&str, usize)> = None;
    let mut last = "";
    for (number, (word, pages)) in words.enumerate() {
        // An entry has six bytes, as measured on English.
        if ends_before(word, data.len(), DICTIONARY, 6)
            && let Some((word, number)) = first.take()
        {
            parts.push((word.to_owned(), number, files.add(&quoted(&std::mem::take(&mut data)))));
        }
        if first.is_none() {
            first = Some((word, number));
            last = "";
        }
        let shared = last.char_indices().zip(word.chars()).take_while(|((_, a), b)| a == b).take(25);
        let (letters, bytes) =
            shared.fold((0, 0), |(letters, _), ((at, letter), _)| (letters + 1, at + letter.len_utf8()));
        data.push(capital(letters));
        data.push_str(&word[bytes..]);
        data.push(capital(pages.max(1).ilog2() as usize));
        last = word;
    }
    if let Some((word, number)) = first {
        parts.push((word.to_owned(), number, files.add(&quoted(&data))));
    }
    parts
}

/// Folded words hold no capitals, so that these stand between them.
fn capital(number: usize) -> char {
    char::from(SIGNS[number.min(25)])
}

/// Adds the places of all words, in the order of words. Gives for each part the number of its first word
/// and its name.
pub(super) fn lists<E: Send>(files: &mut Parts<'_, E>, words: &[Word]) -> Vec<(usize, String)> {
    let mut parts = Vec::new();
    let lists = words.iter().map(|word| (&*word.word, &*word.list));
    cut(lists, LISTS, " ", |first, data| parts.push((first, files.add(&quoted(data)))));
    parts
}

/// One word's places, of each the page's number and how much the word counts there, 0 to 3: steps from page to
/// page, each with that.
pub(super) fn list(places: impl Iterator<Item = (u32, u8)>) -> String {
    let mut out = String::new();
    let mut next = 0;
    for (page, counts) in places {
        let mut value = (page - next) * 4 + u32::from(counts);
        next = page + 1;
        loop {
            let (digit, rest) = (value & 31, value >> 5);
            let sign = if rest == 0 { digit } else { digit | 32 };
            out.push(char::from(SIGNS[sign as usize]));
            if rest == 0 {
                break;
            }
            value = rest;
        }
    }
    out
}

/// Adds what results show of pages. Gives for each part the number of its first page and its name.
pub(super) fn pages<E: Send>(files: &mut Parts<'_, E>, pages: &[Known]) -> Vec<(usize, String)> {
    let mut parts = Vec::new();
    let records = pages.iter().map(|page| (&*page.address, &*page.record));
    cut(records, PAGES, ",", |first, data| parts.push((first, files.add(&format!("[{data}]")))));
    parts
}

/// `[address, title, summary, anchor, heading, anchor, heading, …]`
pub(super) fn record(page: &Page) -> String {
    let mut fields = vec![page.address.as_str(), page.title.as_str(), page.summary.as_str()];
    let mut room = HEADINGS;
    for section in page.sections.iter().filter(|section| !section.anchor.is_empty()) {
        let size = section.anchor.len() + section.words.len();
        if size > room {
            break;
        }
        room -= size;
        fields.extend([section.anchor.as_str(), section.words.as_str()]);
    }
    // Strings always serialise.
    serde_json::to_string(&fields).unwrap_or_default()
}

/// Joins named pieces into parts of about `size` bytes; gives each with the number of its first piece.
fn cut<'p>(
    pieces: impl Iterator<Item = (&'p str, &'p str)> + Clone,
    size: usize,
    between: &str,
    mut found: impl FnMut(usize, &str),
) {
    let (count, bytes) =
        pieces.clone().fold((0, 0), |(count, bytes), (_, piece)| (count + 1, bytes + piece.len()));
    let average = bytes / count.max(1);
    let mut data = String::new();
    let mut first = 0;
    for (number, (name, piece)) in pieces.enumerate() {
        if number > 0 && ends_before(name, data.len() + piece.len(), size, average) {
            found(first, &data);
            data.clear();
            first = number;
        } else if number > 0 {
            data.push_str(between);
        }
        data.push_str(piece);
    }
    if count > 0 {
        found(first, &data);
    }
}

/// Whether a part of so many bytes ends before this piece. It is the piece's name that decides, between
/// half the size and one and a half: so a new word moves the seams near it and no others, and the other
/// parts keep their names.
fn ends_before(name: &str, length: usize, size: usize, piece: usize) -> bool {
    // FNV-1a, which is short and the same everywhere.
    let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325, mix);
    let one_in = (size / 4 / piece.max(1)).max(1) as u64;
    length > size + size / 2 || length > size / 2 && (hash >> 20).is_multiple_of(one_in)
}
