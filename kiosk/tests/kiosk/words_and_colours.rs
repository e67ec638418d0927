//! What the code itself is held to: no colour and no sentence of a screen stands in it.

use std::{fs, path::Path};

#[test]
fn no_painter_has_a_colour_or_a_sentence_of_its_own() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let folders = ["screens", "screens/family", "look"];
    let files = folders.iter().flat_map(|folder| fs::read_dir(source.join(folder)).unwrap().flatten());
    for path in files.map(|file| file.path()).filter(|path| path.is_file()) {
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        let ends = |name: &str| path.ends_with(name);
        if !ends("tokens.rs") {
            for colour in ["from_rgb(", "from_gray(", "Color32::RED", "Color32::BLACK", "from_black_alpha("] {
                assert!(!code.contains(colour), "{} has a colour of its own: {colour}", path.display());
            }
        }
        if path.starts_with(source.join("screens")) {
            for line in code.lines().filter(|l| !l.trim_start().starts_with("//")) {
                let texts = line.split('"').skip(1).step_by(2);
                for text in texts.filter(|t| !t.contains('{')) {
                    assert!(
                        text.trim().split(' ').count() < 2,
                        "{} has words of its own: {text}",
                        path.display()
                    );
                }
            }
        }
    }
}
