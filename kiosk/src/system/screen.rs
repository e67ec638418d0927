//! How large the screen really is, as far as the system knows: buttons are to be wide enough for a child's finger.

/// On Wayland too the window is one of X11, which every such desktop shows.
#[cfg(target_os = "linux")]
pub fn as_x11(builder: &mut eframe::EventLoopBuilder<eframe::UserEvent>) {
    use winit::platform::x11::EventLoopBuilderExtX11 as _;
    builder.with_x11();
}

/// Elsewhere there is one kind of window.
#[cfg(not(target_os = "linux"))]
pub fn as_x11(_builder: &mut eframe::EventLoopBuilder<eframe::UserEvent>) {}

/// How many millimetres one of the screen's own points takes; none where the system does not say, or says what no screen
/// can be. Of several screens the first one counts, on which the kiosk opens.
#[cfg(target_os = "linux")]
pub fn millimetres_per_pixel() -> Option<f32> {
    use x11rb::{connection::Connection as _, protocol::randr::ConnectionExt as _};
    let (connection, number) = x11rb::connect(None).ok()?;
    let root = connection.setup().roots.get(number)?.root;
    let all = connection.randr_get_monitors(root, true).ok()?.reply().ok()?.monitors;
    let screen = all.iter().find(|screen| screen.primary).or(all.first())?;
    believed(
        (f32::from(screen.width), f32::from(screen.height)),
        (screen.width_in_millimeters as f32, screen.height_in_millimeters as f32),
    )
}

/// Elsewhere the technician says it.
#[cfg(not(target_os = "linux"))]
pub fn millimetres_per_pixel() -> Option<f32> {
    None
}

/// Many screens say nothing, and some say the shape of their picture instead of its size: 160 by 90.
#[cfg(any(test, target_os = "linux"))]
fn believed(pixels: (f32, f32), millimetres: (f32, f32)) -> Option<f32> {
    let (across, down) = (millimetres.0 / pixels.0, millimetres.1 / pixels.1);
    let is_square = (across / down - 1.0).abs() < 0.1;
    let diagonal = millimetres.0.hypot(millimetres.1);
    // From the smallest tablet to the largest board on a classroom's wall.
    (is_square && (200.0..2600.0).contains(&diagonal)).then_some(across)
}

#[cfg(test)]
mod tests {
    use super::believed;

    #[test]
    fn a_screen_that_says_its_size_is_believed_and_one_that_says_nothing_or_nonsense_is_not() {
        let laptop = believed((1920.0, 1080.0), (344.0, 194.0));
        assert!(laptop.is_some_and(|mm| (mm - 0.179).abs() < 0.001), "{laptop:?}");
        assert!(believed((3840.0, 2160.0), (1872.0, 1053.0)).is_some(), "an 85 inch board");
        for (what, pixels, millimetres) in [
            ("nothing", (1920.0, 1080.0), (0.0, 0.0)),
            ("the shape of the picture", (1920.0, 1080.0), (160.0, 90.0)),
            ("another shape than the picture's", (1280.0, 1024.0), (476.0, 268.0)),
            ("no picture", (0.0, 0.0), (344.0, 194.0)),
        ] {
            assert_eq!(believed(pixels, millimetres), None, "{what}");
        }
    }
}
