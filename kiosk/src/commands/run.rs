//! `signpost-kiosk run`

use std::{error::Error, time::Instant};

use super::stuck::Stuck;
use clap::Args;
use kiosk::{
    folder::Folder,
    look::{Assets, Tokens},
    running::Running,
    system::{self, as_x11},
    window::Window,
};

#[derive(Debug, Args)]
pub(super) struct Show {
    #[command(flatten)]
    data: super::Data,
    #[command(flatten)]
    sticks: super::Sticks,
    /// Open a window instead of filling the screen: for people without a touchscreen.
    #[arg(long)]
    windowed: bool,
    /// How many millimetres a point takes on this screen: its width in millimetres divided by its
    /// width in points. Buttons are then at least 25 mm on it. Without this, the system is asked.
    #[arg(long, value_name = "MM")]
    mm_per_px: Option<f32>,
    /// Tell on standard error when the first frame is there.
    #[arg(long)]
    verbose: bool,
}

pub(super) fn execute(arguments: &Show, started: Instant) -> Result<(), Box<dyn Error>> {
    if let Some(mm) = arguments.mm_per_px.filter(|mm| !(0.05..=2.0).contains(mm)) {
        return Err(format!(
            "--mm-per-px {mm}: a point of a screen takes between 0.05 and 2 millimetres. Divide the screen's width in millimetres by its width in points"
        )
        .into());
    }
    let folder = Folder::at(&arguments.data.data)?;
    let sticks = arguments.sticks.place();
    let viewport = egui::ViewportBuilder::default()
        .with_title("Signpost")
        .with_app_id("signpost-kiosk")
        .with_inner_size([1280.0, 800.0])
        .with_min_inner_size([640.0, 480.0])
        .with_fullscreen(!arguments.windowed)
        .with_decorations(arguments.windowed);
    let options = eframe::NativeOptions {
        viewport,
        event_loop_builder: Some(Box::new(as_x11)),
        // No colour runs into another here, and it is reckoned for each point of each frame.
        dithering: false,
        ..Default::default()
    };
    let (stays_open, told) = (!arguments.windowed, arguments.verbose.then_some(started));
    let given = arguments.mm_per_px;
    eframe::run_native(
        "signpost-kiosk",
        options,
        Box::new(move |creation| {
            let ctx = creation.egui_ctx.clone();
            let pixels_per_point = ctx.pixels_per_point();
            let mut running = match Running::start(folder, move || ctx.request_repaint()) {
                Ok(running) => running,
                // Nobody stands before a black glass; but of two on one folder the second one goes.
                Err(why) if stays_open && !why.is_in_use() => {
                    eprintln!("signpost-kiosk: {why}");
                    Assets::new(&creation.egui_ctx, Tokens::get().target.mm_per_point);
                    return Ok(Box::new(Stuck::because(why.to_string())));
                }
                Err(why) => return Err(why.into()),
            };
            running.sticks = sticks;
            running.speak_aloud();
            for problem in &running.problems {
                eprintln!("signpost-kiosk: {problem}");
            }
            let asked = || system::millimetres_per_pixel().map(|mm| mm * pixels_per_point);
            let mm = given.or_else(asked).unwrap_or(Tokens::get().target.mm_per_point);
            let assets = Assets::new(&creation.egui_ctx, mm);
            Ok(Box::new(Window::new(running, assets, stays_open, told)))
        }),
    )
    .map_err(|error| match error {
        eframe::Error::AppCreation(error) => error.to_string(),
        other => {
            format!("no window could be opened: {other}. Without a display, use: signpost-kiosk headless")
        }
    })?;
    Ok(())
}
