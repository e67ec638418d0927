//! A scan of a paper: what the office may bring, and what is kept of it. Pure: bytes in, bytes out.
//!
//! What it is is seen by its bytes, never by its name. A picture is decoded and written anew, so that nothing is kept
//! but what is seen on it: no place, no time, no name of a camera. A PDF is kept as it is; nothing here reads it.

use std::io::Cursor;

use image::{
    DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder as _, ImageError, ImageFormat, ImageReader,
    Limits, codecs::jpeg::JpegEncoder, codecs::png::PngEncoder, imageops::FilterType,
};

/// The most bytes of a scan, as it is brought.
pub const MOST: usize = 10 * 1024 * 1024;
/// The longest side that is kept of a picture, in points: A4 at 300 to the inch. A larger one is made smaller.
const SIDE: u32 = 3508;
/// The longest side of a picture by which somebody is known, in points: three times what a phone shows.
const PORTRAIT: u32 = 360;
/// No picture has a longer side than this, in points: A3 at 600 to the inch has less.
const SIDE_MOST: u32 = 12_000;
/// What decoding one picture may take of memory, in bytes.
const MEMORY: u64 = 512 * 1024 * 1024;
/// Of 100: writing on a photograph is read as well as before.
const QUALITY: u8 = 85;

/// What a PDF begins with.
const PDF: &[u8] = b"%PDF-";
/// What a JPEG begins with.
const JPEG: &[u8] = &[0xff, 0xd8, 0xff];
/// What a PNG begins with.
const PNG: &[u8] = &[0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a];

/// What a scan is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A document.
    Pdf,
    /// A photograph.
    Jpeg,
    /// A picture.
    Png,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Pdf, Self::Jpeg, Self::Png];

    /// Its name in the database, and the end of a file's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Jpeg => "jpeg",
            Self::Png => "png",
        }
    }
    /// As people call it.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Pdf => "PDF",
            Self::Jpeg => "photograph (JPEG)",
            Self::Png => "picture (PNG)",
        }
    }
    /// What a browser is told that it is.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }
    /// What bytes begin like this.
    fn of(bytes: &[u8]) -> Option<Self> {
        let begins = |kind: &Self| {
            bytes.starts_with(match kind {
                Self::Pdf => PDF,
                Self::Jpeg => JPEG,
                Self::Png => PNG,
            })
        };
        Self::ALL.into_iter().find(begins)
    }
}

/// A name that no kind has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a scan is of no known kind")]
pub struct UnknownKind;

impl std::str::FromStr for Kind {
    type Err = UnknownKind;
    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(UnknownKind)
    }
}

/// Why a file is not kept, with what to do instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Too long.
    #[error(
        "the scan is larger than {} MB. Scan it again in grey at 200 or 300 dots to the inch, or photograph it with fewer points",
        MOST / (1024 * 1024)
    )]
    TooLarge,
    /// Neither a PDF nor a JPEG nor a PNG, whatever its name says.
    #[error(
        "the file is neither a PDF nor a JPEG nor a PNG, whatever its name says. Save the scan as a PDF, or take a photograph as JPEG (on an iPhone: Settings, Camera, Formats, Most Compatible)"
    )]
    OtherKind,
    /// A picture was asked for.
    #[error(
        "the file is no picture that can be shown: take a JPEG or a PNG (on an iPhone: Settings, Camera, Formats, Most Compatible)"
    )]
    NoPicture,
    /// It begins like a picture, and cannot be read to its end.
    #[error("the picture cannot be read: it is damaged or cut short. Scan or photograph the paper again")]
    Damaged,
    /// More points than any sheet needs.
    #[error("the picture has too many points to be read here. Scan it again at 200 or 300 dots to the inch")]
    TooManyPoints,
}

/// A scan that may be kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Scan {
    kind: Kind,
    bytes: Vec<u8>,
}

impl std::fmt::Debug for Scan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Scan({}, {} bytes)", self.kind.as_str(), self.bytes.len())
    }
}

impl Scan {
    /// Looks at what was brought. Takes as long as a picture takes to decode and encode: a second or two for a large one.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn read(bytes: &[u8]) -> Result<Self, Refused> {
        if bytes.len() > MOST {
            return Err(Refused::TooLarge);
        }
        let kind = Kind::of(bytes).ok_or(Refused::OtherKind)?;
        let bytes = match kind {
            Kind::Pdf => bytes.to_vec(),
            Kind::Jpeg => written_anew(bytes, ImageFormat::Jpeg)?,
            Kind::Png => written_anew(bytes, ImageFormat::Png)?,
        };
        Ok(Self { kind, bytes })
    }

    /// What it is.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// What is kept.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// A picture by which somebody is known: made small, upright, and nothing kept but what is seen on it. A JPEG.
///
/// # Errors
/// [`Refused`]; a PDF is no picture.
pub fn portrait(bytes: &[u8]) -> Result<Vec<u8>, Refused> {
    if bytes.len() > MOST {
        return Err(Refused::TooLarge);
    }
    let format = match Kind::of(bytes) {
        Some(Kind::Jpeg) => ImageFormat::Jpeg,
        Some(Kind::Png) => ImageFormat::Png,
        Some(Kind::Pdf) | None => return Err(Refused::NoPicture),
    };
    let picture = upright(bytes, format, PORTRAIT)?;
    encoded(&picture, ImageFormat::Jpeg).map_err(|error| refused(&error))
}

/// The picture and nothing that came with it, upright, no larger than a sheet needs.
fn written_anew(bytes: &[u8], format: ImageFormat) -> Result<Vec<u8>, Refused> {
    let picture = upright(bytes, format, SIDE)?;
    encoded(&picture, format).map_err(|error| refused(&error))
}

/// A picture as it was held when it was taken, with no side longer than this.
fn upright(bytes: &[u8], format: ImageFormat, side: u32) -> Result<DynamicImage, Refused> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(SIDE_MOST), Some(SIDE_MOST));
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| refused(&error))?;
    // A phone that was held upright says so beside the picture, and that is about to go.
    let turned = decoder.orientation().map_err(|error| refused(&error))?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|error| refused(&error))?;
    picture.apply_orientation(turned);
    if picture.width().max(picture.height()) > side {
        picture = picture.resize(side, side, FilterType::Triangle);
    }
    Ok(picture)
}

/// In grey where it is grey, else in colour; what is seen through stands on white, as it does on a screen.
fn encoded(picture: &DynamicImage, format: ImageFormat) -> Result<Vec<u8>, ImageError> {
    let (width, height) = (picture.width(), picture.height());
    let (pixels, colours) = if picture.color().has_color() {
        (on_white(picture).into_raw(), ExtendedColorType::Rgb8)
    } else if picture.color().has_alpha() {
        (DynamicImage::ImageRgb8(on_white(picture)).to_luma8().into_raw(), ExtendedColorType::L8)
    } else {
        (picture.to_luma8().into_raw(), ExtendedColorType::L8)
    };
    let mut bytes = Vec::new();
    match format {
        ImageFormat::Png => PngEncoder::new(&mut bytes).write_image(&pixels, width, height, colours)?,
        _ => {
            JpegEncoder::new_with_quality(&mut bytes, QUALITY).write_image(&pixels, width, height, colours)?
        }
    }
    Ok(bytes)
}

fn on_white(picture: &DynamicImage) -> image::RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let seen = picture.to_rgba8();
    image::RgbImage::from_fn(seen.width(), seen.height(), |x, y| {
        let [red, green, blue, cover] = seen.get_pixel(x, y).0;
        let over = |one: u8| {
            let sum = u16::from(one) * u16::from(cover) + 255 * (255 - u16::from(cover));
            u8::try_from(sum / 255).unwrap_or(u8::MAX)
        };
        image::Rgb([over(red), over(green), over(blue)])
    })
}

fn refused(error: &ImageError) -> Refused {
    if matches!(error, ImageError::Limits(_)) { Refused::TooManyPoints } else { Refused::Damaged }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// A sheet that is dark at its left half, as this format has it.
    fn sheet(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let half =
            |x: u32| if x < width / 2 { image::Rgb([20, 30, 40]) } else { image::Rgb([250, 250, 250]) };
        let picture = image::RgbImage::from_fn(width, height, |x, _| half(x));
        let mut bytes = Vec::new();
        DynamicImage::ImageRgb8(picture).write_to(&mut Cursor::new(&mut bytes), format).unwrap();
        bytes
    }

    /// With what a phone writes beside a picture: that it lay on its side, and where it was.
    fn from_a_phone(jpeg: &[u8]) -> Vec<u8> {
        // TIFF, little end first: one entry, orientation 6, that is turned by a quarter; then words that nobody asked for.
        let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0".to_vec();
        exif.extend(b"GPS 51.5007N 0.1246W, the phone of Mrs Nair");
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        [&jpeg[..2], &[0xff, 0xe1], &length[..], &exif[..], &jpeg[2..]].concat()
    }

    fn opened(scan: &Scan) -> DynamicImage {
        image::load_from_memory(scan.bytes()).unwrap()
    }

    #[test]
    fn a_photograph_keeps_what_is_seen_upright_and_nothing_of_where_and_by_whom_it_was_taken() {
        let brought = from_a_phone(&sheet(40, 20, ImageFormat::Jpeg));
        assert!(brought.windows(3).any(|three| three == b"GPS"));
        let scan = Scan::read(&brought).unwrap();
        assert_eq!(scan.kind(), Kind::Jpeg);
        for word in [&b"GPS"[..], b"Nair", b"Exif"] {
            assert!(!scan.bytes().windows(word.len()).any(|window| window == word), "{word:?} is kept");
        }
        let seen = opened(&scan).to_luma8();
        assert_eq!((seen.width(), seen.height()), (20, 40), "it stands upright");
        assert!(
            seen.get_pixel(10, 3).0[0] < 90 && seen.get_pixel(10, 36).0[0] > 200,
            "and is not upside down"
        );
    }

    #[test]
    fn a_picture_stays_a_picture_and_what_is_seen_through_stands_on_white() {
        let clear = image::RgbaImage::from_pixel(8, 8, image::Rgba([0, 0, 0, 0]));
        let mut bytes = Vec::new();
        DynamicImage::ImageRgba8(clear).write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
        let scan = Scan::read(&bytes).unwrap();
        assert_eq!((scan.kind(), opened(&scan).to_rgb8().get_pixel(4, 4).0), (Kind::Png, [255, 255, 255]));
    }

    #[test]
    fn a_large_picture_is_made_as_large_as_a_sheet_needs() {
        let scan = Scan::read(&sheet(4000, 40, ImageFormat::Png)).unwrap();
        assert_eq!(opened(&scan).width(), SIDE);
    }

    #[test]
    fn a_document_is_kept_as_it_is() {
        let document = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n%%EOF\n";
        let scan = Scan::read(document).unwrap();
        assert_eq!((scan.kind(), scan.bytes()), (Kind::Pdf, &document[..]));
    }

    #[test]
    fn what_is_no_scan_is_refused_with_what_to_do() {
        let cut = sheet(200, 200, ImageFormat::Png);
        let bomb = {
            // A head that says 60,000 by 60,000 points.
            let mut bytes = sheet(8, 8, ImageFormat::Png);
            bytes[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
            bytes[20..24].copy_from_slice(&60_000_u32.to_be_bytes());
            let sum = crc(&bytes[12..29]).to_be_bytes();
            bytes[29..33].copy_from_slice(&sum);
            bytes
        };
        let told = |bytes: &[u8]| Scan::read(bytes).unwrap_err();
        assert_eq!(told(b"<html><script>alert(1)</script>"), Refused::OtherKind);
        assert_eq!(told(b" %PDF-1.7 begins later"), Refused::OtherKind);
        assert_eq!(told(b"GIF89a"), Refused::OtherKind);
        assert_eq!(told(&[]), Refused::OtherKind);
        assert_eq!(told(&cut[..cut.len() / 2]), Refused::Damaged);
        assert_eq!(told(&[JPEG, b"no picture at all"].concat()), Refused::Damaged);
        assert_eq!(told(&bomb), Refused::TooManyPoints);
        assert_eq!(told(&vec![b'%'; MOST + 1]), Refused::TooLarge);
        for refused in [Refused::TooLarge, Refused::OtherKind, Refused::Damaged, Refused::TooManyPoints] {
            let words = refused.to_string().to_lowercase();
            assert!(words.contains("scan") || words.contains("photograph"), "{words}");
        }
        assert!(Refused::TooLarge.to_string().contains("10 MB"));
    }

    /// The check sum of a part of a PNG.
    fn crc(bytes: &[u8]) -> u32 {
        bytes.iter().fold(!0, |sum, byte| {
            (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
                if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 }
            })
        }) ^ !0
    }
}
