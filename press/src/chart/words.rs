//! How wide words are, near enough, and where they are broken into lines.

/// Width of a text in pixels at this size of letters. The style sheet chooses the face, so this is the
/// width of a rather wide one: text may be narrower than its box, never wider.
pub(super) fn width(text: &str, size: f64) -> f64 {
    let em = |c: char| match c {
        ' ' => 0.30,
        'i' | 'j' | 'l' | 't' | 'f' | 'r' | 'I' | '.' | ',' | ':' | ';' | '!' | '|' | '\'' | '’' | '‘'
        | '(' | ')' => 0.38,
        'm' | 'w' | 'M' | 'W' | '@' | '…' | '—' => 0.92,
        c if c.is_ascii_uppercase() => 0.70,
        c if c.is_ascii() => 0.58,
        _ => 0.72,
    };
    text.chars().map(em).sum::<f64>() * size
}

/// Lines no wider than `most`, unless a single word is.
pub(super) fn wrapped(text: &str, size: f64, most: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width(line, size) + width(" ", size) + width(word, size) <= most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn words_are_broken_between_words_and_none_is_lost() {
        let lines = wrapped("Take the device away and keep it switched off", 16.0, 160.0);
        assert!(lines.len() > 1);
        assert_eq!(lines.join(" "), "Take the device away and keep it switched off");
        assert_eq!(wrapped("", 16.0, 160.0), Vec::<String>::new());
    }
}
