//! What cameras and programs write into a picture's file, as far as it is text.

/// Shorter runs of letters are chance.
const SHORTEST: usize = 6;

/// The texts in the parts of a JPEG or PNG file that hold no pixels.
pub(super) fn texts(bytes: &[u8]) -> Vec<String> {
    let parts = if bytes.starts_with(b"\x89PNG") { png(bytes) } else { jpeg(bytes) };
    parts.into_iter().flat_map(runs).collect()
}

/// APP1 (Exif, XMP), APP13 (IPTC) and comments.
fn jpeg(bytes: &[u8]) -> Vec<&[u8]> {
    let mut out = Vec::new();
    let mut at = 2;
    while let Some([0xff, marker, high, low]) =
        bytes.get(at..at + 4).and_then(|head| <[u8; 4]>::try_from(head).ok())
    {
        let length = usize::from(high) << 8 | usize::from(low);
        if marker == 0xda || length < 2 {
            break;
        }
        if matches!(marker, 0xe1 | 0xed | 0xfe) {
            out.extend(bytes.get(at + 4..at + 2 + length));
        }
        at += 2 + length;
    }
    out
}

fn png(bytes: &[u8]) -> Vec<&[u8]> {
    let mut out = Vec::new();
    let mut at = 8;
    while let Some(head) = bytes.get(at..at + 8) {
        let length = head[..4].iter().fold(0usize, |sum, byte| sum << 8 | usize::from(*byte));
        let Some(end) = (at + 8).checked_add(length) else { break };
        if matches!(&head[4..], b"tEXt" | b"iTXt" | b"eXIf") {
            out.extend(bytes.get(at + 8..end));
        }
        at = end.saturating_add(4);
    }
    out
}

fn runs(bytes: &[u8]) -> Vec<String> {
    String::from_utf8_lossy(bytes)
        .split(|c: char| c.is_control() || c == '\u{fffd}')
        .filter(|run| run.chars().count() >= SHORTEST)
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_in_a_photograph_is_read_and_its_pixels_are_not() {
        let mut file = vec![0xff, 0xd8, 0xff, 0xfe, 0, 17];
        file.extend(b"Amelia on swing");
        file.extend([0xff, 0xda, 0, 2]);
        file.extend(b"Archie in the pixels");
        assert_eq!(texts(&file), ["Amelia on swing"]);
        assert!(texts(&file[..9]).is_empty());
        assert!(texts(b"\x89PNG\r\n\x1a\n\xff\xff\xff\xfftEXt").is_empty());
    }
}
