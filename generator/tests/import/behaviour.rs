use crate::page::visible_text;
use crate::{body, import};

#[track_caller]
fn becomes(text: &str, expected: &str) {
    assert_eq!(body(&import(&format!("Hat Policy\n\n{text}"))), expected);
}

#[test]
fn lines_that_a_pdf_cut_are_paragraphs_again() {
    becomes(
        "All children bring a hat to school on every day of the summer\n\
         term, and they wear it in the playground and on the field at\n\
         lunchtime.\n\
         Staff wear a hat too, because children do what they see the\n\
         grown-ups do.",
        "All children bring a hat to school on every day of the summer term, and they wear it in the playground \
         and on the field at lunchtime.\n\n\
         Staff wear a hat too, because children do what they see the grown-ups do.",
    );
}

#[test]
fn a_running_header_in_the_middle_of_a_sentence_goes_and_the_sentence_is_whole() {
    let imported = import(
        "Hat Policy\n\nChildren bring a hat to school on every\n\nLarkfield hats | Page 1\n\nday of the year.\n\n\
         Larkfield hats | Page 2\n\nThey keep it on.\n\nLarkfield hats | Page 3",
    );
    assert_eq!(
        body(&imported),
        "Children bring a hat to school on every day of the year.\n\nThey keep it on."
    );
    assert_eq!(imported.dropped.len(), 3);
    assert_eq!(imported.dropped[0].line, 5);
    assert!(imported.doubts.iter().any(|doubt| doubt.line == 7 && doubt.what.contains("empty line")));
}

#[test]
fn the_contents_go_and_tell_which_lines_are_headings() {
    let imported = import(
        "Hat Policy\n\nContents\nOUR HATS ..... 2\nSun hats ..... 2\nOUR COATS ..... 3\n\n\
         Our hats\n\nWe have some.\n\nSun hats\n\nThey are blue, and they are all the same size.\n",
    );
    assert_eq!(
        body(&imported),
        "## Our hats\n\nWe have some.\n\n### Sun hats\n\nThey are blue, and they are all the same size."
    );
    assert!(imported.doubts.iter().any(|doubt| doubt.line == 6 && doubt.what.contains("OUR COATS")));
}

#[test]
fn numbered_headings_stand_as_deep_as_their_numbers() {
    becomes(
        "1. Hats\n\nWe wear them.\n\n1.1 Sun hats\n\nIn summer.\n\n1.1.1 Blue ones\n\nOn Mondays.\n\n2. Coats\n\nIn winter.",
        "## 1. Hats\n\nWe wear them.\n\n### 1.1 Sun hats\n\nIn summer.\n\n#### 1.1.1 Blue ones\n\nOn Mondays.\n\n\
         ## 2. Coats\n\nIn winter.",
    );
}

#[test]
fn a_gap_in_the_numbers_is_a_doubt() {
    let imported =
        import("Hat Policy\n\n1. Hats\n\nWe wear them.\n\n2. Coats\n\nWarm.\n\n4. Gloves\n\nThese too.");
    assert!(imported.doubts.iter().any(|doubt| doubt.line == 11 && doubt.what.contains("from 2 to 4")));
}

#[test]
fn clauses_with_numbers_stay_sentences() {
    becomes(
        "2.1 Staff must wear a hat.\n\n2.2 Children should wear one.",
        "2.1 Staff must wear a hat.\n\n2.2 Children should wear one.",
    );
}

#[test]
fn a_short_line_over_a_paragraph_or_list_is_a_heading_and_keeps_its_capitals() {
    becomes(
        "WHO WEARS A HAT\n\nAll of us do.\n\nWhat we bring\n\n- a hat\n- a coat",
        "## WHO WEARS A HAT\n\nAll of us do.\n\n### What we bring\n\n- a hat\n- a coat",
    );
    becomes(
        "The headteacher is Ms Finch\n\nShe wears a hat.",
        "The headteacher is Ms Finch\n\nShe wears a hat.",
    );
}

#[test]
fn a_heading_directly_on_its_text_is_still_one() {
    becomes(
        "Sun hats\nChildren bring a hat to school on every day of the summer term, and they\nwear it outside.",
        "## Sun hats\n\nChildren bring a hat to school on every day of the summer term, and they wear it outside.",
    );
}

#[test]
fn bullets_of_mixed_shapes_nest_by_shape_and_by_indentation() {
    becomes(
        "We bring:\n• a hat\no blue\no red\n▪ dark red\n• a coat",
        "We bring:\n\n- a hat\n  - blue\n  - red\n    - dark red\n- a coat",
    );
    becomes(
        "We bring:\n- a hat\n  - blue\n- a coat\n\n- gloves",
        "We bring:\n\n- a hat\n  - blue\n- a coat\n- gloves",
    );
}

#[test]
fn numbered_and_lettered_lists_keep_their_numbers_and_letters() {
    becomes(
        "Do this:\n1. Find your hat\n   a) under the bench\n   b) on the hook\n2. Put it on",
        "Do this:\n\n1. Find your hat\n   - a) under the bench\n   - b) on the hook\n2. Put it on",
    );
    becomes("Do this:\n1. Look\n2. Wait\n4. Go", "Do this:\n\n- 1\\. Look\n- 2\\. Wait\n- 4\\. Go");
}

#[test]
fn an_item_cut_by_a_line_end_or_a_page_end_is_whole_again() {
    becomes(
        "We bring:\n• a hat that fits and that has a name in it, so that we\nfind it again\n• a coat, and in winter\n\nwarm gloves",
        "We bring:\n\n- a hat that fits and that has a name in it, so that we find it again\n- a coat, and in winter warm gloves",
    );
}

#[test]
fn a_bullet_on_a_line_of_its_own_finds_its_words() {
    becomes("We bring:\n•\nA hat\n•\nA coat", "We bring:\n\n- A hat\n- A coat");
}

#[test]
fn columns_by_tabs_become_a_table() {
    becomes(
        "Who\tWhat\nOffice\tKeeps | counts\nStaff\tWear",
        "| Who | What |\n| --- | --- |\n| Office | Keeps \\| counts |\n| Staff | Wear |",
    );
}

#[test]
fn a_table_with_bars_stays_one() {
    becomes("| Who | What |\n|---|---|\n| Staff | Wear |", "| Who | What |\n| --- | --- |\n| Staff | Wear |");
}

#[test]
fn lines_to_sign_become_a_form() {
    becomes(
        "I will wear a hat.\n\nSigned ........ Date ......\nName of child:\t\nClass: ______",
        "I will wear a hat.\n\n```form\nSigned\nDate\nName of child:\nClass:\n```",
    );
}

#[test]
fn a_footnote_with_a_star_is_no_list() {
    becomes(
        "- a hat *\n- a coat\n\n* Larkfield has spare ones.",
        "- a hat \\*\n- a coat\n\n\\* Larkfield has spare ones.",
    );
}

#[test]
fn characters_that_mean_something_in_markdown_reach_the_reader_as_they_are() {
    for words in [
        "# 1 in the class wears a *hat",
        "+ 3 degrees is cold",
        "Write {{ name }} or <b2> or [x] or `y` or a_b_ or ~~z~~ here",
        "Tom & Jerry &amp; &copy; co. \\* and \\ too",
        "> 3 hats",
        "=== hats",
        "Item 2 | 3 hats | 4 coats",
        "1986. That was a warm year for us all, and it is long ago.",
        "The heading {#id} stays",
    ] {
        let imported = import(&format!("Hat Policy\n\nWe wear hats.\n\n{words}\n\nWe wear coats."));
        let seen = visible_text(body(&imported));
        assert!(seen.contains(words) || seen.contains(words.split_once(' ').unwrap().1), "{words} in {seen}");
        assert!(!body(&imported).contains("{{"), "would be taken for a name of the school's facts");
    }
}

#[test]
fn braces_at_the_end_of_a_heading_are_words() {
    let imported = import("Hat Policy\n\n1.1 Hats {#all}\n\nWe wear them.");
    assert!(visible_text(body(&imported)).contains("1.1 Hats {#all}"), "{}", imported.markdown);
}

#[test]
fn a_cell_that_goes_on_below_is_whole() {
    becomes(
        "Role        Name\nLead        Ms Finch\nGovernor of  Mr Wren\nhats\nDeputy      Mrs Heron",
        "| Role | Name |\n| --- | --- |\n| Lead | Ms Finch |\n| Governor of hats | Mr Wren |\n| Deputy | Mrs Heron |",
    );
}

#[test]
fn a_policy_says_how_much_was_left_out_and_doubts_when_it_is_a_lot() {
    let imported =
        import("Hat Policy\n\nContents\nHats ..... 2\nCoats ..... 3\n\nHats\n\nWarm.\n\nCoats\n\nToo.");
    assert_eq!((imported.words_total, imported.words_dropped), (11, 5));
    assert!(imported.doubts.iter().any(|doubt| doubt.what.contains("5 of 11 words")));
}
