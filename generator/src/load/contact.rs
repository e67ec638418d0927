//! Telephone numbers and e-mail addresses of `school.toml`, as what a reader can tap.

use super::{placeholder, settings::Settings};

/// The shortest number that anybody rings: 999.
const FEWEST_DIGITS: usize = 3;

/// The address under which a number is rung (RFC 3966), as in `tel:01632960100;ext=23`. None where the
/// words are no single number: a wrong number is worse than one that cannot be tapped.
pub fn telephone(written: &str) -> Option<String> {
    let lower = written.trim().to_lowercase();
    let letters = lower.find(char::is_alphabetic).unwrap_or(lower.len());
    let (number, tail) = lower.split_at(letters);
    // +44 (0)1632 is rung without the nought from abroad.
    let number = if number.starts_with('+') { number.replace("(0)", "") } else { number.to_owned() };
    let mut digits = String::new();
    for c in number.chars() {
        match c {
            '0'..='9' => digits.push(c),
            '+' if digits.is_empty() => digits.push(c),
            ' ' | '\u{a0}' | '-' | '‑' | '–' | '.' | '(' | ')' | ',' | ';' => {}
            _ => return None,
        }
    }
    if digits.trim_start_matches('+').len() < FEWEST_DIGITS {
        return None;
    }
    if tail.is_empty() {
        return Some(format!("tel:{digits}"));
    }
    let extension = ["extension", "ext", "x"].into_iter().find_map(|word| tail.strip_prefix(word))?;
    let extension = extension.trim_matches([' ', '\u{a0}', '.', ':', '=', ')']);
    let plain = !extension.is_empty() && extension.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| format!("tel:{digits};ext={extension}"))
}

/// A link's address that begins with `tel:` as it is rung; without its spaces where it is no single number.
pub fn rung(address: &str) -> String {
    let number = address.strip_prefix("tel:").unwrap_or(address);
    telephone(number).unwrap_or_else(|| address.replace(' ', ""))
}

/// Where tapping the value of the placeholder `name` leads, if it is a number or an e-mail address.
fn address_of(name: &str, value: &str) -> Option<String> {
    match name.rsplit('.').next() {
        Some("phone") => telephone(value),
        Some("email") if value.contains('@') && !value.contains(char::is_whitespace) => {
            Some(format!("mailto:{value}"))
        }
        _ => None,
    }
}

/// A masked text cut into words and the address that they lead to. Together the words are the filled text.
pub fn parts(masked: &str, settings: &Settings) -> Vec<(String, Option<String>)> {
    let mut out: Vec<(String, Option<String>)> = Vec::new();
    for part in placeholder::parts(masked, settings) {
        let address = part.name.and_then(|name| address_of(&name, &part.words));
        match out.last_mut() {
            Some((words, None)) if address.is_none() => words.push_str(&part.words),
            _ => out.push((part.words, address)),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::telephone;

    #[test]
    fn a_number_is_rung_as_it_is_written_with_its_extension() {
        for (written, rung) in [
            ("01632 960100", "tel:01632960100"),
            ("999", "tel:999"),
            ("(01632) 960 100", "tel:01632960100"),
            ("+44 (0)1632 960100", "tel:+441632960100"),
            ("01632 960100 ext. 23", "tel:01632960100;ext=23"),
            ("01632 960100, extension 23", "tel:01632960100;ext=23"),
            ("01632 960100 x23", "tel:01632960100;ext=23"),
            ("01632960100;ext=23", "tel:01632960100;ext=23"),
        ] {
            assert_eq!(telephone(written).as_deref(), Some(rung), "{written}");
        }
    }

    #[test]
    fn words_that_are_no_single_number_are_not_rung() {
        for written in
            ["ask the office", "0800 1111 or 0800 2222", "12", "", "01632 960100 ext", "0800 1111 / 2222"]
        {
            assert_eq!(telephone(written), None, "{written}");
        }
    }
}
