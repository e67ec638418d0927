//! What stands on a kiosk's screen that cannot start: whom to find, instead of a black glass.

use std::time::{Duration, Instant};

use egui::{Align, FontId, Layout, RichText, ViewportCommand};
use kiosk::look::Tokens;

/// For so long it is read. Then the program ends, whoever keeps it running starts it anew, and it may go better.
const SHOWN: Duration = Duration::from_secs(30);

/// A window that says why.
pub(super) struct Stuck {
    why: String,
    since: Instant,
}

impl Stuck {
    pub(super) fn because(why: String) -> Self {
        Self { why, since: Instant::now() }
    }
}

impl eframe::App for Stuck {
    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        let tokens = Tokens::get();
        let ctx = ui.ctx().clone();
        let left = SHOWN.saturating_sub(self.since.elapsed());
        if left.is_zero() {
            return ctx.send_viewport_cmd(ViewportCommand::Close);
        }
        ctx.request_repaint_after(left);
        let words = |words: &str, size: f32| {
            RichText::new(words).font(FontId::proportional(size)).color(tokens.colour.ink.0)
        };
        ui.with_layout(Layout::top_down(Align::Center), |ui| {
            ui.add_space(ui.available_height() * 0.25);
            ui.label(words("This screen needs a grown-up’s help", tokens.size.title));
            ui.add_space(tokens.size.title);
            ui.label(words("Please tell a teacher.", tokens.size.body));
            ui.add_space(tokens.size.title);
            ui.label(words(&format!("For the technician: {}", self.why), tokens.size.small));
        });
    }

    fn clear_color(&self, _visuals: &egui::Visuals) -> [f32; 4] {
        Tokens::get().colour.paper.0.to_normalized_gamma_f32()
    }
}
