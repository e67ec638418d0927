//! Photographs: judged by their first bytes, decoded within limits, turned upright, made smaller and
//! encoded anew. What a camera or a program wrote beside the picture cannot come along, because only
//! its pixels do.

use std::io::Cursor;

use image::{
    ColorType, DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder as _, Limits,
    codecs::{
        jpeg::{JpegDecoder, JpegEncoder},
        png::{CompressionType, FilterType, PngDecoder, PngEncoder},
    },
    imageops::FilterType as Kernel,
    metadata::Orientation,
};

/// The most pixels taken: more than the usual picture of any telephone (12 to 24 million), and few enough
/// that a small file made to unfold into gigabytes does no harm.
pub const MOST_PIXELS: u64 = 40_000_000;
/// The most memory that one decoded picture may take, in bytes.
const MOST_MEMORY: u64 = 256 * 1024 * 1024;
/// The widths that are made of every picture wide enough, in pixels: a phone, a sharp phone or a laptop,
/// and a sharp laptop.
pub const WIDTHS: [u32; 3] = [480, 960, 1600];
/// JPEG quality, 1 to 100. At 82 no difference shows at arm's length.
const QUALITY: u8 = 82;
/// Names everything that decides the bytes of a result: raise its number when one of these changes.
pub const SETTINGS: &str = "signpost photograph 1";

/// Why a file is not taken as a photograph. The text says what is wrong in plain words.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
pub enum PhotographError {
    /// Neither kind that is read here.
    #[error("it is neither a PNG nor a JPEG picture")]
    NotOne,
    /// Over [`MOST_PIXELS`], or too much memory once it is unfolded.
    #[error("it has {width} × {height} pixels, more than the {} million that are taken", MOST_PIXELS / 1_000_000)]
    TooLarge {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// It ends before the picture does.
    #[error("it is cut off: its end is missing")]
    CutOff,
    /// It cannot be decoded.
    #[error("it is damaged ({0})")]
    Broken(String),
}

/// How a picture's bytes are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For what a camera took.
    Jpeg,
    /// For drawings, and for pictures with clear parts.
    Png,
}

impl Format {
    /// What such files end in.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
        }
    }
    /// The format that a file's first bytes show.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            _ => None,
        }
    }
}

/// What can be said of a picture without decoding it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sight {
    /// How it is written.
    pub format: Format,
    /// Pixels across, once it is upright.
    pub width: u32,
    /// Pixels down, once it is upright.
    pub height: u32,
    /// Whether it says where it was taken.
    pub holds_place: bool,
    /// Bytes of memory that it takes once it is decoded.
    pub memory: u64,
}

/// One size of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Size {
    /// How it is written.
    pub format: Format,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Judges a picture by what stands before its pixels, and by whether its end is there.
///
/// # Errors
/// The first fault found.
pub fn look(bytes: &[u8]) -> Result<Sight, PhotographError> {
    let format = Format::of(bytes).ok_or(PhotographError::NotOne)?;
    match format {
        Format::Jpeg if jpeg_has_end(bytes) => sight(format, &mut jpeg(bytes)?),
        Format::Png if png_has_end(bytes) == Some(true) => sight(format, &mut png(bytes)?),
        Format::Jpeg | Format::Png => Err(PhotographError::CutOff),
    }
}

/// The picture in every width of [`WIDTHS`] that is smaller than it, smallest first; a smaller picture
/// also in its own width. Nothing is ever made larger. The same bytes always give the same bytes.
///
/// # Errors
/// As [`look`], and when the picture cannot be decoded.
pub fn sizes(bytes: &[u8]) -> Result<Vec<Size>, PhotographError> {
    let sight = look(bytes)?;
    let (picture, orientation) = match sight.format {
        Format::Jpeg => decoded(jpeg(bytes)?)?,
        Format::Png => decoded(png(bytes)?)?,
    };
    let mut from = plain(picture);
    let sideways = lies_sideways(orientation);
    let mut pictures = Vec::new();
    for width in widths(sight.width).into_iter().rev() {
        let height = scaled(sight.height, width, sight.width);
        let (across, down) = if sideways { (height, width) } else { (width, height) };
        from = smaller(from, across, down);
        let mut upright = from.clone();
        upright.apply_orientation(orientation);
        pictures.push(upright);
    }
    let format = pictures.first().map_or(Ok(sight.format), |largest| best_format(largest, sight.format))?;
    pictures.reverse();
    let write = |picture: DynamicImage| {
        let (width, height) = (picture.width(), picture.height());
        Ok(Size { format, width, height, bytes: written(picture, format)? })
    };
    pictures.into_iter().map(write).collect()
}

/// One size of a picture that fits a square of `side` pixels, in the middle of it, on a `ground` colour,
/// as a PNG file: for the icon of a school whose logo is no drawing.
///
/// # Errors
/// As [`sizes`].
pub fn icon(bytes: &[u8], side: u32, ground: [u8; 3]) -> Result<Vec<u8>, PhotographError> {
    let sizes = sizes(bytes)?;
    let fits = sizes.iter().find(|size| size.width.min(size.height) >= side).or(sizes.last());
    let picture = image::load_from_memory(&fits.ok_or(PhotographError::NotOne)?.bytes).map_err(broken)?;
    let picture = picture.resize(side, side, Kernel::CatmullRom).into_rgba8();
    let mut icon =
        image::RgbaImage::from_pixel(side, side, image::Rgba([ground[0], ground[1], ground[2], 255]));
    let (left, top) = ((side - picture.width().min(side)) / 2, (side - picture.height().min(side)) / 2);
    image::imageops::overlay(&mut icon, &picture, left.into(), top.into());
    written(DynamicImage::ImageRgb8(DynamicImage::ImageRgba8(icon).into_rgb8()), Format::Png)
}

fn broken(error: image::ImageError) -> PhotographError {
    let message = error.to_string();
    PhotographError::Broken(message.chars().filter(|c| !c.is_control()).take(120).collect())
}

fn jpeg(bytes: &[u8]) -> Result<JpegDecoder<Cursor<&[u8]>>, PhotographError> {
    JpegDecoder::new(Cursor::new(bytes)).map_err(broken)
}

fn png(bytes: &[u8]) -> Result<PngDecoder<Cursor<&[u8]>>, PhotographError> {
    PngDecoder::with_limits(Cursor::new(bytes), limits()).map_err(broken)
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    limits
}

fn sight(format: Format, decoder: &mut impl ImageDecoder) -> Result<Sight, PhotographError> {
    let (width, height) = decoder.dimensions();
    let memory = decoder.total_bytes();
    if u64::from(width) * u64::from(height) > MOST_PIXELS || memory > MOST_MEMORY {
        return Err(PhotographError::TooLarge { width, height });
    }
    let sideways = lies_sideways(decoder.orientation().map_err(broken)?);
    let (width, height) = if sideways { (height, width) } else { (width, height) };
    // What cannot be read is not published either, so a fault in it is none of the picture.
    let exif = decoder.exif_metadata().ok().flatten().unwrap_or_default();
    let xmp = decoder.xmp_metadata().ok().flatten().unwrap_or_default();
    let holds_place = exif_holds_place(&exif) || xmp.windows(7).any(|part| part == b"GPSLati");
    Ok(Sight { format, width, height, holds_place, memory })
}

fn decoded(mut decoder: impl ImageDecoder) -> Result<(DynamicImage, Orientation), PhotographError> {
    let orientation = decoder.orientation().map_err(broken)?;
    decoder.set_limits(limits()).map_err(broken)?;
    let picture = DynamicImage::from_decoder(decoder).map_err(broken)?;
    Ok((picture, orientation))
}

fn lies_sideways(orientation: Orientation) -> bool {
    matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    )
}

/// Eight bits a channel, and clear parts only where there are some.
fn plain(picture: DynamicImage) -> DynamicImage {
    match picture.color() {
        ColorType::L8 | ColorType::Rgb8 => picture,
        ColorType::L16 => DynamicImage::ImageLuma8(picture.into_luma8()),
        ColorType::Rgb16 | ColorType::Rgb32F => DynamicImage::ImageRgb8(picture.into_rgb8()),
        _ => {
            let pixels = picture.into_rgba8();
            if pixels.as_raw().chunks_exact(4).all(|pixel| pixel[3] == u8::MAX) {
                DynamicImage::ImageRgb8(DynamicImage::ImageRgba8(pixels).into_rgb8())
            } else {
                DynamicImage::ImageRgba8(pixels)
            }
        }
    }
}

/// The widths to make of a picture this wide. One that hardly differs from the picture's own is left out.
fn widths(own: u32) -> Vec<u32> {
    let mut widths: Vec<u32> =
        WIDTHS.into_iter().filter(|width| width * 5 <= own.saturating_mul(4)).collect();
    if WIDTHS.last().is_some_and(|most| own < *most) || widths.is_empty() {
        widths.push(own);
    } else if let Some(most) = WIDTHS.last().filter(|most| !widths.contains(most)) {
        widths.push(*most);
    }
    widths
}

fn scaled(length: u32, to: u32, from: u32) -> u32 {
    let exact = (u64::from(length) * u64::from(to) + u64::from(from) / 2) / u64::from(from.max(1));
    u32::try_from(exact).unwrap_or(length).max(1)
}

/// A quick average down to twice the size, then a careful one.
fn smaller(picture: DynamicImage, width: u32, height: u32) -> DynamicImage {
    if (picture.width(), picture.height()) == (width, height) {
        return picture;
    }
    let near = if picture.width() / 2 > width && picture.height() / 2 > height {
        weighed(picture).thumbnail_exact(width * 2, height * 2)
    } else {
        weighed(picture)
    };
    unweighed(near.resize_exact(width, height, Kernel::CatmullRom))
}

/// Colours by how much of them is seen, so that a clear edge does not darken when pixels are averaged.
fn weighed(picture: DynamicImage) -> DynamicImage {
    let DynamicImage::ImageRgba8(mut pixels) = picture else { return picture };
    for pixel in pixels.pixels_mut() {
        let alpha = u16::from(pixel[3]);
        for channel in 0..3 {
            pixel[channel] = u8::try_from((u16::from(pixel[channel]) * alpha + 127) / 255).unwrap_or(u8::MAX);
        }
    }
    DynamicImage::ImageRgba8(pixels)
}

fn unweighed(picture: DynamicImage) -> DynamicImage {
    let DynamicImage::ImageRgba8(mut pixels) = picture else { return picture };
    for pixel in pixels.pixels_mut() {
        let alpha = u16::from(pixel[3]);
        for channel in 0..3 {
            let whole = (u16::from(pixel[channel]) * 255 + alpha / 2).checked_div(alpha).unwrap_or(0);
            pixel[channel] = u8::try_from(whole).unwrap_or(u8::MAX);
        }
    }
    DynamicImage::ImageRgba8(pixels)
}

/// A JPEG stays one. A PNG becomes one only where it is a photograph in the clothes of a drawing: nothing
/// clear in it, and more than twice as large.
fn best_format(largest: &DynamicImage, format: Format) -> Result<Format, PhotographError> {
    if format == Format::Jpeg || largest.color().has_alpha() {
        return Ok(format);
    }
    let as_png = written(largest.clone(), Format::Png)?.len();
    let as_jpeg = written(largest.clone(), Format::Jpeg)?.len();
    Ok(if as_png > as_jpeg * 2 { Format::Jpeg } else { Format::Png })
}

fn written(picture: DynamicImage, format: Format) -> Result<Vec<u8>, PhotographError> {
    let mut out = Vec::new();
    let (width, height) = (picture.width(), picture.height());
    let colour = ExtendedColorType::from(picture.color());
    match format {
        Format::Jpeg => JpegEncoder::new_with_quality(&mut out, QUALITY).write_image(
            picture.as_bytes(),
            width,
            height,
            colour,
        ),
        Format::Png => PngEncoder::new_with_quality(&mut out, CompressionType::Default, FilterType::Adaptive)
            .write_image(picture.as_bytes(), width, height, colour),
    }
    .map_err(broken)?;
    Ok(out)
}

/// Whether the mark of a JPEG's end follows the beginning of its pixels (ISO/IEC 10918-1, B.1.1.3): a
/// small picture that a camera put into the head of a file has an end of its own.
fn jpeg_has_end(bytes: &[u8]) -> bool {
    let mut at = 2;
    let pixels = loop {
        match bytes.get(at..at + 2) {
            Some([0xff, 0xff]) => at += 1,
            Some([0xff, 0xda]) => break at,
            Some([0xff, _]) => {
                let Some([high, low]) = bytes.get(at + 2..at + 4) else { return false };
                at += 2 + usize::from(u16::from_be_bytes([*high, *low]));
            }
            _ => return false,
        }
    };
    bytes.get(pixels..).is_some_and(|rest| rest.windows(2).rev().any(|two| two == [0xff, 0xd9]))
}

/// Whether the chunks of a PNG follow one another to its end (PNG, 3rd edition, 5.3).
fn png_has_end(bytes: &[u8]) -> Option<bool> {
    let mut at = 8usize;
    loop {
        let length: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
        let kind = bytes.get(at + 4..at + 8)?;
        at = at.checked_add(12)?.checked_add(u32::from_be_bytes(length) as usize)?;
        if kind == b"IEND" {
            return Some(at <= bytes.len());
        }
    }
}

/// Whether the first directory of an Exif block (TIFF 6.0, section 2) leads to one about the place
/// (Exif 2.32, 4.6.3: tag 0x8825).
fn exif_holds_place(exif: &[u8]) -> bool {
    let found = || -> Option<bool> {
        let little = match exif.get(..2)? {
            b"II" => true,
            b"MM" => false,
            _ => return None,
        };
        let word = |at: usize| -> Option<u16> {
            let two: [u8; 2] = exif.get(at..at.checked_add(2)?)?.try_into().ok()?;
            Some(if little { u16::from_le_bytes(two) } else { u16::from_be_bytes(two) })
        };
        let four: [u8; 4] = exif.get(4..8)?.try_into().ok()?;
        let table = if little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) } as usize;
        for entry in 0..usize::from(word(table)?) {
            if word(table.checked_add(2 + entry * 12)?)? == 0x8825 {
                return Some(true);
            }
        }
        Some(false)
    };
    found().unwrap_or(false)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;
    use image::{Rgb, RgbImage, Rgba, RgbaImage};

    /// Red at its left, blue at its right, and a green mark at the top left.
    fn scene(width: u32, height: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, y| match (x * 4 / width, y * 4 / height) {
            (0, 0) => Rgb([20, 200, 60]),
            (0 | 1, _) => Rgb([200, 30, 30]),
            _ => Rgb([30, 40, 200]),
        })
    }

    fn taken(picture: RgbImage) -> Vec<u8> {
        written(DynamicImage::ImageRgb8(picture), Format::Jpeg).unwrap()
    }

    fn with_exif(photo: &[u8], orientation: u8) -> Vec<u8> {
        let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x02\0".to_vec();
        exif.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
        exif.extend(b"\x25\x88\x04\0\x01\0\0\0\x00\0\0\0\0\0\0\0GPS 53.7N 1.9W");
        let mut out = photo[..2].to_vec();
        for (marker, body) in [(0xe1, &exif[..]), (0xfe, b"Mia, Acorn class")] {
            out.extend([0xff, marker]);
            out.extend(u16::try_from(body.len() + 2).unwrap().to_be_bytes());
            out.extend_from_slice(body);
        }
        out.extend_from_slice(&photo[2..]);
        out
    }

    #[test]
    fn where_a_photograph_was_taken_does_not_reach_the_site() {
        let photo = with_exif(&taken(scene(64, 32)), 1);
        assert!(look(&photo).unwrap().holds_place);
        for size in sizes(&photo).unwrap() {
            let text = String::from_utf8_lossy(&size.bytes);
            assert!(!text.contains("GPS") && !text.contains("Mia") && !text.contains("Exif"));
            assert!(!look(&size.bytes).unwrap().holds_place);
        }
        let hidden = [&taken(scene(64, 32))[..], b"Mia, Acorn class"].concat();
        assert!(!sizes(&hidden).unwrap()[0].bytes.ends_with(b"class"));
    }

    #[test]
    fn a_picture_taken_with_the_phone_on_its_side_stands_upright() {
        for orientation in 1..=8 {
            let way = Orientation::from_exif(orientation).unwrap();
            // What the camera wrote: the scene turned the other way round.
            let mut stored = DynamicImage::ImageRgb8(scene(80, 40));
            stored.apply_orientation(match way {
                Orientation::Rotate90 => Orientation::Rotate270,
                Orientation::Rotate270 => Orientation::Rotate90,
                other => other,
            });
            let photo = with_exif(&taken(stored.into_rgb8()), orientation);
            let size = sizes(&photo).unwrap().remove(0);
            assert_eq!((size.width, size.height), (80, 40), "orientation {orientation}");
            let seen = image::load_from_memory(&size.bytes).unwrap().into_rgb8();
            let (mark, left, right) = (seen.get_pixel(5, 5), seen.get_pixel(5, 30), seen.get_pixel(70, 5));
            assert!(mark[1] > 120 && left[0] > 120 && right[2] > 120, "orientation {orientation}");
        }
    }

    #[test]
    fn a_large_picture_comes_in_three_widths_and_a_small_one_is_never_made_larger() {
        let wide = |width: u32, height: u32| {
            let sizes = sizes(&taken(scene(width, height))).unwrap();
            sizes.into_iter().map(|size| (size.width, size.height)).collect::<Vec<_>>()
        };
        assert_eq!(wide(2400, 1200), [(480, 240), (960, 480), (1600, 800)]);
        assert_eq!(wide(1700, 850), [(480, 240), (960, 480), (1600, 800)]);
        assert_eq!(wide(1000, 500), [(480, 240), (1000, 500)]);
        assert_eq!(wide(300, 150), [(300, 150)]);
        assert_eq!(wide(1, 900), [(1, 900)]);
    }

    #[test]
    fn a_drawing_stays_sharp_and_clear_and_a_photograph_in_a_png_becomes_small() {
        let clear = RgbaImage::from_fn(40, 40, |x, _| Rgba([255, 255, 255, if x < 20 { 0 } else { 255 }]));
        let clear = written(DynamicImage::ImageRgba8(clear), Format::Png).unwrap();
        assert_eq!(sizes(&clear).unwrap()[0].format, Format::Png);
        let flat = written(DynamicImage::ImageRgb8(scene(640, 320)), Format::Png).unwrap();
        assert_eq!(sizes(&flat).unwrap()[0].format, Format::Png);
        let noise = RgbImage::from_fn(256, 256, |x, y| {
            let n = (x * 7919 + y * 104_729) ^ (x * y);
            Rgb([(n % 251) as u8, (n % 241) as u8, (n % 239) as u8])
        });
        let noise = written(DynamicImage::ImageRgb8(noise), Format::Png).unwrap();
        assert_eq!(sizes(&noise).unwrap()[0].format, Format::Jpeg);
    }

    #[test]
    fn a_clear_edge_does_not_darken_when_a_drawing_is_made_smaller() {
        let edge = RgbaImage::from_fn(4000, 40, |x, _| {
            if x < 2001 { Rgba([0, 0, 0, 0]) } else { Rgba([255, 255, 255, 255]) }
        });
        let edge = written(DynamicImage::ImageRgba8(edge), Format::Png).unwrap();
        for size in sizes(&edge).unwrap() {
            let seen = image::load_from_memory(&size.bytes).unwrap().into_rgba8();
            assert!(seen.pixels().all(|p| p[3] < 8 || p[0] > 240), "a dark rim at {}", size.width);
        }
    }

    #[test]
    fn a_picture_that_would_unfold_into_gigabytes_is_refused_before_it_is_decoded() {
        // 50 million grey pixels in some hundred kilobytes: the head of a PNG alone says how large it is.
        let mut head = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        head.extend(10_000u32.to_be_bytes());
        head.extend(5_000u32.to_be_bytes());
        head.extend([8, 0, 0, 0, 0]);
        let small = written(DynamicImage::ImageLuma8(image::GrayImage::new(100, 50)), Format::Png).unwrap();
        let checksum = crc(&head[12..]);
        let bomb = [&head[..], &checksum.to_be_bytes(), &small[33..]].concat();
        assert_eq!(look(&bomb), Err(PhotographError::TooLarge { width: 10_000, height: 5_000 }));
        assert_eq!(sizes(&bomb), Err(PhotographError::TooLarge { width: 10_000, height: 5_000 }));
    }

    /// The checksum of PNG chunks (PNG, 3rd edition, annex D).
    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |mut sum, byte| {
            sum ^= u32::from(*byte);
            for _ in 0..8 {
                sum = if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 };
            }
            sum
        })
    }

    #[test]
    fn a_picture_that_is_cut_off_or_damaged_anywhere_is_refused_or_shown_and_nothing_falls_over() {
        let photo = with_exif(&taken(scene(32, 16)), 6);
        let drawing = written(DynamicImage::ImageRgb8(scene(32, 16)), Format::Png).unwrap();
        for whole in [&photo, &drawing] {
            for length in 0..whole.len() {
                assert!(sizes(&whole[..length]).is_err(), "{length} of {}", whole.len());
            }
            for at in 0..whole.len() {
                let mut changed = whole.clone();
                changed[at] ^= 0x55;
                let _ = sizes(&changed);
            }
        }
        assert_eq!(look(b"GIF89a"), Err(PhotographError::NotOne));
    }

    #[test]
    fn the_same_photograph_always_gives_the_same_bytes() {
        let photo = with_exif(&taken(scene(700, 500)), 3);
        assert_eq!(sizes(&photo).unwrap(), sizes(&photo).unwrap());
    }

    #[test]
    fn an_icon_is_a_whole_square_whatever_the_shape_of_the_logo() {
        let icon = icon(&taken(scene(400, 200)), 180, [251, 247, 239]).unwrap();
        let icon = image::load_from_memory(&icon).unwrap().into_rgb8();
        assert_eq!(icon.dimensions(), (180, 180));
        assert_eq!(icon.get_pixel(90, 5).0, [251, 247, 239]);
        assert!(icon.get_pixel(20, 100)[0] > 120);
    }
}
