//! Andika, a typeface made for people who learn to read. It is built in: no font of the system is used.

use std::sync::Arc;

use egui::{FontData, FontDefinitions, FontFamily};

/// The family of bold words.
pub(super) const BOLD: &str = "bold";

pub(super) fn install(ctx: &egui::Context) {
    let mut fonts = FontDefinitions::empty();
    let regular = FontData::from_static(include_bytes!("../../../themes/fonts/Andika-Regular.ttf"));
    let bold = FontData::from_static(include_bytes!("../../../themes/fonts/Andika-Bold.ttf"));
    fonts.font_data.insert("andika".into(), Arc::new(regular));
    fonts.font_data.insert("andika-bold".into(), Arc::new(bold));
    fonts.families.insert(FontFamily::Proportional, vec!["andika".into()]);
    fonts.families.insert(FontFamily::Monospace, vec!["andika".into()]);
    fonts.families.insert(FontFamily::Name(BOLD.into()), vec!["andika-bold".into()]);
    ctx.set_fonts(fonts);
}
