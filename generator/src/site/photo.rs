//! Takes out of a photograph what nobody meant to publish: where it was taken,
//! with which camera, and whatever a program wrote beside the picture.

/// The same picture without its metadata; none for what is no whole PNG or
/// JPEG, because nobody could say what else is in it.
pub(crate) fn without_metadata(bytes: &[u8]) -> Option<Vec<u8>> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") { png(bytes) } else { jpeg(bytes) }
}

/// Keeps every chunk but those that hold text, time or camera data (PNG 3rd edition, 11.3).
fn png(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = bytes.get(..8)?.to_vec();
    let mut at = 8;
    loop {
        let length = u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?) as usize;
        let chunk = bytes.get(at..at.checked_add(length)?.checked_add(12)?)?;
        let kind = &chunk[4..8];
        if ![&b"tEXt"[..], b"zTXt", b"iTXt", b"eXIf", b"tIME"].contains(&kind) {
            out.extend_from_slice(chunk);
        }
        at += chunk.len();
        if kind == b"IEND" {
            return Some(out);
        }
    }
}

/// Drops comments and application segments, but JFIF (APP0), colour profiles
/// (APP2) and Adobe's colour mark (APP14), without which colours go wrong.
/// The one thing kept of Exif is the orientation, written anew.
fn jpeg(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = bytes.strip_prefix(&[0xff, 0xd8]).map(|_| vec![0xff, 0xd8])?;
    let mut at = 2;
    loop {
        if *bytes.get(at)? != 0xff {
            return None;
        }
        let marker = *bytes.get(at + 1)?;
        if marker == 0xff {
            at += 1; // Any number of fill bytes may stand before a marker.
            continue;
        }
        if marker == 0xd9 {
            // Whatever follows the end of the picture (a film, another picture) stays behind.
            out.extend([0xff, 0xd9]);
            return Some(out);
        }
        let length = u16::from_be_bytes(bytes.get(at + 2..at + 4)?.try_into().ok()?) as usize;
        let segment = bytes.get(at..at + 2 + length)?;
        let application = (0xe0..=0xef).contains(&marker);
        if marker == 0xe1
            && let Some(orientation) = orientation(segment.get(4..)?)
        {
            out.extend_from_slice(&exif_of(orientation));
        } else if !(application && ![0xe0, 0xe2, 0xee].contains(&marker) || marker == 0xfe) {
            out.extend_from_slice(segment);
        }
        at += segment.len();
        if marker == 0xda {
            let scan = &bytes[at..];
            let ends = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xd0..=0xd7 | 0xff);
            let length = scan.windows(2).position(ends)?;
            out.extend_from_slice(&scan[..length]);
            at += length;
        }
    }
}

/// The orientation (1 to 8) in an Exif segment, if it says one other than upright.
fn orientation(exif: &[u8]) -> Option<u8> {
    let tiff = exif.strip_prefix(b"Exif\0\0")?;
    let little = match tiff.get(..2)? {
        b"II" => true,
        b"MM" => false,
        _ => return None,
    };
    let word = |at: usize| -> Option<u16> {
        let two: [u8; 2] = tiff.get(at..at + 2)?.try_into().ok()?;
        Some(if little { u16::from_le_bytes(two) } else { u16::from_be_bytes(two) })
    };
    let long = |at: usize| -> Option<usize> {
        let four: [u8; 4] = tiff.get(at..at + 4)?.try_into().ok()?;
        Some(if little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) } as usize)
    };
    let table = long(4)?;
    for entry in 0..usize::from(word(table)?) {
        let at = table.checked_add(2 + entry * 12)?;
        if word(at)? == 0x0112 {
            let value = u8::try_from(word(at + 8)?).ok()?;
            return (2..=8).contains(&value).then_some(value);
        }
    }
    None
}

/// An Exif segment that says nothing but the orientation.
fn exif_of(orientation: u8) -> Vec<u8> {
    let mut out = vec![0xff, 0xe1, 0, 34];
    out.extend_from_slice(b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0");
    out.push(orientation);
    out.extend_from_slice(&[0; 6]);
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn photograph() -> Vec<u8> {
        let mut out = std::io::Cursor::new(Vec::new());
        let picture = image::RgbImage::from_fn(16, 8, |x, y| image::Rgb([x as u8 * 9, y as u8 * 9, 90]));
        picture.write_to(&mut out, image::ImageFormat::Jpeg).unwrap();
        out.into_inner()
    }

    fn with_segment(photo: &[u8], marker: u8, body: &[u8]) -> Vec<u8> {
        let mut out = photo[..2].to_vec();
        out.extend([0xff, marker]);
        out.extend(u16::try_from(body.len() + 2).unwrap().to_be_bytes());
        out.extend_from_slice(body);
        out.extend_from_slice(&photo[2..]);
        out
    }

    #[test]
    fn where_a_photograph_was_taken_does_not_reach_the_site() {
        let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x02\0".to_vec();
        exif.extend(b"\x12\x01\x03\0\x01\0\0\0\x06\0\0\0");
        exif.extend(b"\x25\x88\x04\0\x01\0\0\0\x00\0\0\0\0\0\0\0GPS 53.7N 1.9W");
        let photo = with_segment(&with_segment(&photograph(), 0xe1, &exif), 0xfe, b"Mia, Acorn class");
        let clean = without_metadata(&photo).unwrap();
        let text = String::from_utf8_lossy(&clean);
        assert!(!text.contains("GPS") && !text.contains("Mia"));
        assert_eq!(image::load_from_memory(&clean).unwrap(), image::load_from_memory(&photo).unwrap());
        let kept = orientation(&clean[6..]);
        assert_eq!(kept, Some(6), "a picture taken upright must not lie on its side");
    }

    #[test]
    fn a_cut_off_photograph_is_not_taken_and_what_hides_behind_one_stays_behind() {
        let photo = photograph();
        for length in 0..photo.len() {
            assert_eq!(without_metadata(&photo[..length]), None);
        }
        let followed = [&photo[..], b"Mia, Acorn class"].concat();
        assert_eq!(without_metadata(&followed), Some(photo));
        assert_eq!(without_metadata(b"\x89PNG\r\n\x1a\nxx"), None);
    }
}
