//! Signs of picture fonts: a box to tick is a letter of Wingdings.

/// The sign that a reader sees, where the font is one of pictures.
///
/// Gives nothing for a font of letters, and an empty text for a picture that Unicode has no sign for.
/// The places are those of the fonts' own tables; Word moves them into U+F000 to U+F0FF.
pub(super) fn seen(font: &str, c: char) -> Option<&'static str> {
    let place = u32::from(c) & 0xff;
    let moved = ('\u{f000}'..='\u{f0ff}').contains(&c);
    match font.to_lowercase().as_str() {
        "wingdings" => Some(match place {
            0x20 => " ",
            0x28 | 0x29 => "☎",
            0x2a | 0x2b => "✉",
            0x4a => "☺",
            0x6c | 0x9f | 0x9e => "•",
            0x6d | 0xa1 => "○",
            0x6e | 0xa7 => "▪",
            0x6f | 0x70 | 0x71 | 0x72 | 0xa8 => "☐",
            0x76 | 0xd8 => "➢",
            0xdf => "←",
            0xe0 | 0xe8 => "→",
            0xfb => "✗",
            0xfc => "✓",
            0xfd => "☒",
            0xfe => "☑",
            _ => "",
        }),
        "wingdings 2" => Some(match place {
            0x20 => " ",
            0x50 => "✓",
            0x4f => "✗",
            0x2a | 0xa3 => "☐",
            0x52 => "☑",
            0x53 | 0x54 => "☒",
            _ => "",
        }),
        "webdings" => Some(match place {
            0x20 => " ",
            0x61 => "✓",
            0x63 | 0x67 => "☐",
            0x72 => "✗",
            _ => "",
        }),
        "symbol" if moved || c.is_ascii() => match place {
            0xb7 => Some("•"),
            0xae => Some("→"),
            0xa3 => Some("≤"),
            0xb3 => Some("≥"),
            0xb0 => Some("°"),
            0xb4 => Some("×"),
            0xb1 => Some("±"),
            0xd3 => Some("©"),
            0xd2 => Some("®"),
            _ if moved => Some(""),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::seen;

    #[test]
    fn a_box_drawn_with_a_picture_font_is_a_box() {
        assert_eq!(seen("Wingdings", '\u{f0a8}'), Some("☐"));
        assert_eq!(seen("Wingdings", 'o'), Some("☐"));
        assert_eq!(seen("Calibri", 'o'), None);
    }
}
