use std::time::{Duration, Instant};

use crate::import;

#[test]
fn five_megabytes_are_imported_in_seconds() {
    let page = "3.4 Hats of all kinds\nAll children bring a hat to school on every day of the summer\nterm, and they wear it in \
                the play-\nground.\n• a hat\no blue\nWho\tWhat\nStaff\tWear\nOne   Two\n1  2\nLarkfield hats\n12\n\u{c}\n\
                a < b <c [d *e **f\nSigned ...... Date ......\n";
    let text = page.repeat(5_000_000 / page.len());
    let begun = Instant::now();
    let imported = import(&text);
    assert!(imported.words_total > 500_000);
    // Optimised it takes about a second; the bound is for an unoptimised build on a busy machine, and
    // work that grows with the square of the length would take hours.
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
}

#[test]
fn text_made_to_be_slow_is_not() {
    for unit in [
        "<",
        "*a ",
        "[x](",
        "**",
        "a  b\nc\n",
        "1. a\n",
        "• ",
        "****",
        "Contents\na.....1\n",
        "a\t",
        "\u{c}",
        "- \n",
        "o\n",
        "http://",
        "a:**",
    ] {
        let text = unit.repeat(400_000 / unit.len());
        let begun = Instant::now();
        import(&text);
        assert!(begun.elapsed() < Duration::from_secs(20), "{unit:?}: {:?}", begun.elapsed());
    }
}
