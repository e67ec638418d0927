//! Lists as Word numbers them.

use crate::word::{STYLES, Word, p, titled, word};

fn level(place: u32, format: &str, text: &str, more: &str) -> String {
    format!(
        "<w:lvl w:ilvl='{place}'><w:start w:val='1'/><w:numFmt w:val='{format}'/>{more}<w:lvlText w:val='{text}'/>\
         <w:pPr><w:ind w:left='{}' w:hanging='360'/></w:pPr></w:lvl>",
        720 * (place + 1)
    )
}

fn shared(id: u32, levels: &str) -> String {
    format!("<w:abstractNum w:abstractNumId='{id}'>{levels}</w:abstractNum>")
}

fn list(id: u32, shared: u32, more: &str) -> String {
    format!("<w:num w:numId='{id}'><w:abstractNumId w:val='{shared}'/>{more}</w:num>")
}

fn item(list: u32, level: u32, text: &str) -> String {
    p(&format!("<w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='{list}'/></w:numPr>"), text)
}

fn styled(style: &str, text: &str) -> String {
    p(&format!("<w:pStyle w:val='{style}'/>"), text)
}

#[test]
fn lists_that_only_their_style_numbers_nest_and_count() {
    let numbering = shared(
        7,
        &(level(0, "decimal", "%1.", "<w:pStyle w:val='Step'/>")
            + &level(1, "lowerLetter", "%2)", "<w:pStyle w:val='SubStep'/>")),
    ) + &list(3, 7, "");
    // The second style does not say its level: the list knows which style stands for which.
    let styles = STYLES.to_owned()
        + "<w:style w:type='paragraph' w:styleId='Step'><w:name w:val='Step'/><w:pPr><w:numPr><w:numId w:val='3'/></w:numPr></w:pPr></w:style>\
           <w:style w:type='paragraph' w:styleId='SubStep'><w:name w:val='Sub step'/><w:basedOn w:val='Step'/></w:style>";
    let body = [
        styled("Step", "Find your hat"),
        styled("SubStep", "under the bench"),
        styled("SubStep", "on the hook"),
        styled("Step", "Put it on"),
    ];
    Word::new(&titled(&body.concat()))
        .part("styles", "styles", &styles)
        .part("numbering", "numbering", &numbering)
        .becomes("1. Find your hat\n   - a) under the bench\n   - b) on the hook\n2. Put it on");
}

#[test]
fn a_list_that_is_a_link_to_a_list_style_has_that_styles_levels() {
    let numbering = shared(1, "<w:numStyleLink w:val='Dots'/>")
        + &shared(2, &("<w:styleLink w:val='Dots'/>".to_owned() + &level(0, "bullet", "·", "")))
        + &list(4, 1, "")
        + &list(5, 2, "");
    let styles = STYLES.to_owned()
        + "<w:style w:type='numbering' w:styleId='Dots'><w:name w:val='Dots'/><w:pPr><w:numPr><w:numId w:val='5'/></w:numPr></w:pPr></w:style>";
    Word::new(&titled(&(item(4, 0, "a hat") + &item(4, 0, "a coat"))))
        .part("styles", "styles", &styles)
        .part("numbering", "numbering", &numbering)
        .becomes("- a hat\n- a coat");
}

#[test]
fn headings_and_clauses_keep_the_numbers_that_readers_refer_to() {
    let numbering = shared(
        1,
        &(level(0, "decimal", "%1", "<w:pStyle w:val='berschrift1'/>") + &level(1, "decimal", "%1.%2", "")),
    ) + &list(1, 1, "");
    let head = |text: &str| p("<w:pStyle w:val='berschrift1'/><w:numPr><w:numId w:val='1'/></w:numPr>", text);
    let body = [
        head("Hats"),
        item(1, 1, "Pupils wear one."),
        item(1, 1, "Staff wear one."),
        head("Coats"),
        item(1, 1, "See 1.2."),
    ];
    word(&body.concat())
        .part("numbering", "numbering", &numbering)
        .becomes("## 1. Hats\n\n1.1 Pupils wear one.\n\n1.2 Staff wear one.\n\n## 2. Coats\n\n2.1 See 1.2.");
}

#[test]
fn a_list_goes_on_after_a_paragraph_and_begins_anew_where_it_says_so() {
    let numbering = shared(1, &level(0, "decimal", "%1.", ""))
        + &list(1, 1, "")
        + &list(2, 1, "<w:lvlOverride w:ilvl='0'><w:startOverride w:val='1'/></w:lvlOverride>");
    let body = [
        item(1, 0, "Find it"),
        p("", "Ask if you cannot."),
        item(1, 0, "Put it on"),
        item(2, 0, "Another list"),
        item(2, 0, "goes on"),
    ];
    word(&body.concat())
        .part("numbering", "numbering", &numbering)
        .becomes("1. Find it\n\nAsk if you cannot.\n\n2. Put it on\n\n1) Another list\n2) goes on");
}

#[test]
fn bullets_of_another_list_that_stand_further_in_are_nested() {
    let deep = "<w:lvl w:ilvl='0'><w:numFmt w:val='bullet'/><w:lvlText w:val='o'/><w:pPr><w:ind w:left='1440'/></w:pPr></w:lvl>";
    let numbering =
        shared(1, &level(0, "decimal", "%1.", "")) + &shared(2, deep) + &list(1, 1, "") + &list(2, 2, "");
    let on = p("<w:ind w:left='720'/>", "It has your name in it.");
    let body =
        [item(1, 0, "Find your hat"), on, item(2, 0, "blue"), item(2, 0, "red"), item(1, 0, "Put it on")];
    word(&body.concat())
        .part("numbering", "numbering", &numbering)
        .becomes("1. Find your hat\n\n   It has your name in it.\n   - blue\n   - red\n2. Put it on");
}

#[test]
fn numbers_that_markdown_cannot_count_stay_among_the_words() {
    let numbering = shared(1, &(level(0, "upperRoman", "%1.", "") + &level(1, "decimal", "Step %2:", "")))
        + &list(1, 1, "");
    word(&(item(1, 0, "Hats") + &item(1, 1, "Find") + &item(1, 0, "Coats")))
        .part("numbering", "numbering", &numbering)
        .becomes("- I. Hats\n  - Step 1: Find\n- II. Coats");
}

#[test]
fn lists_that_were_only_typed_are_lists() {
    let body = [
        p("", "We bring:"),
        p("", "•\ta hat"),
        p("<w:ind w:left='720'/>", "– blue"),
        p("", "•\ta coat"),
        p("", "Then:"),
        p("", "1. Look"),
        p("", "2. Go"),
    ];
    word(&body.concat()).becomes("We bring:\n\n- a hat\n  - blue\n- a coat\n\nThen:\n\n1. Look\n2. Go");
}
