//! A picture in the text in a real browser: each screen takes the size that it needs, and nothing jumps.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{path::Path, process::Command};

use serde_json::json;
use tests::{
    browser::{Browser, Options},
    process::{our_program, scratch_folder},
};

#[tokio::test]
async fn a_phone_takes_a_small_picture_and_a_sharp_laptop_a_large_one_and_nothing_jumps() {
    let scratch = scratch_folder().unwrap();
    let made = Command::new(our_program("signpost", "generator").unwrap())
        .args(["build", "--date", "2026-11-22", "--school"])
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("content"))
        .arg("--out")
        .arg(scratch.path())
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let page = scratch.path().join("site/guides/photography-at-events/index.html");
    // Width of the page, pixels for each of them, and the width of the file that is enough for both.
    for (width, sharpness, file) in [(390, 1, 480), (390, 2, 960), (1280, 1, 960), (1280, 2, 1600)] {
        let browser = Browser::open(&Options { window: (width, 900), ..Options::default() }).await.unwrap();
        let screen =
            json!({ "width": width, "height": 900, "deviceScaleFactor": sharpness, "mobile": false });
        browser.devtools("Emulation.setDeviceMetricsOverride", screen).await.unwrap();
        browser.client().goto(&format!("file://{}", page.display())).await.unwrap();
        let script = "const i = document.querySelector('main img[srcset]'); const r = i.getBoundingClientRect(); \
                      return [i.currentSrc, r.width, r.height, i.width * 960 / 1600, document.documentElement.scrollWidth]";
        let seen = browser.client().execute(script, vec![]).await.unwrap();
        let chosen = seen[0].as_str().unwrap();
        assert!(chosen.contains(&format!("-{file}.")), "{width} × {sharpness}: {chosen}");
        let (across, down) = (seen[1].as_f64().unwrap(), seen[2].as_f64().unwrap());
        assert!((down - across * 0.6).abs() < 1.0, "its shape: {across} × {down}");
        assert!(seen[4].as_u64().unwrap() <= u64::from(width), "the page is wider than the screen");
        // With its file taken away the picture still keeps its place.
        let script = "const i = document.querySelector('main img[srcset]'); i.srcset = ''; i.src = 'none.png'; \
                      return getComputedStyle(i).aspectRatio";
        let shape = browser.client().execute(script, vec![]).await.unwrap();
        assert!(shape.as_str().unwrap().contains("1600 / 960"), "{shape}");
        browser.screenshot(&format!("picture-{width}-{sharpness}")).await.unwrap();
    }
}
