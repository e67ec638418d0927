//! Documents built by hand, part by part, as Word itself writes them.

use std::io::{Cursor, Write as _};

use generator::import::{ImportOptions, Imported, import_bytes};
use zip::write::SimpleFileOptions;

const NAMESPACES: &str = "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main' \
    xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships' \
    xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006' \
    xmlns:wp='http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing' \
    xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main' \
    xmlns:v='urn:schemas-microsoft-com:vml' xmlns:wps='http://schemas.microsoft.com/office/word/2010/wordprocessingShape' \
    xmlns:w14='http://schemas.microsoft.com/office/word/2010/wordml'";

/// Packs files into a zip.
pub(crate) fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A document of Word's, to which parts are added.
pub(crate) struct Word {
    body: String,
    parts: Vec<(String, Vec<u8>)>,
    relations: String,
}

impl Word {
    pub(crate) fn new(body: &str) -> Self {
        Self { body: body.to_owned(), parts: Vec::new(), relations: String::new() }
    }

    /// A part such as `styles`, with what stands in its root element.
    pub(crate) fn part(mut self, name: &str, root: &str, inner: &str) -> Self {
        let xml = format!("<w:{root} {NAMESPACES}>{inner}</w:{root}>");
        self.parts.push((format!("word/{name}.xml"), xml.into_bytes()));
        self.relations.push_str(&format!(
            "<Relationship Id='part-{name}' Type='http://x/relationships/{name}' Target='{name}.xml'/>"
        ));
        self
    }

    /// A picture that the body names by this id.
    pub(crate) fn picture(mut self, id: &str, file: &str, bytes: &[u8]) -> Self {
        self.parts.push((format!("word/media/{file}"), bytes.to_vec()));
        self.relations.push_str(&format!(
            "<Relationship Id='{id}' Type='http://x/relationships/image' Target='media/{file}'/>"
        ));
        self
    }

    /// An address that the body names by this id.
    pub(crate) fn link(mut self, id: &str, address: &str) -> Self {
        self.relations.push_str(&format!(
            "<Relationship Id='{id}' Type='http://x/relationships/hyperlink' Target='{address}' TargetMode='External'/>"
        ));
        self
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let main = format!("<w:document {NAMESPACES}><w:body>{}<w:sectPr/></w:body></w:document>", self.body);
        let relations = format!("<Relationships>{}</Relationships>", self.relations);
        let top = "<Relationships><Relationship Id='rId1' Type='http://x/relationships/officeDocument' \
                   Target='word/document.xml'/></Relationships>";
        let mut files: Vec<(&str, &[u8])> = vec![
            ("[Content_Types].xml", b"<Types/>"),
            ("_rels/.rels", top.as_bytes()),
            ("word/document.xml", main.as_bytes()),
            ("word/_rels/document.xml.rels", relations.as_bytes()),
        ];
        files.extend(self.parts.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())));
        zipped(&files)
    }

    pub(crate) fn import(&self) -> Imported {
        let options = ImportOptions { file_stem: "hats".into(), ..ImportOptions::default() };
        import_bytes(&self.bytes(), &options).unwrap()
    }

    #[track_caller]
    pub(crate) fn becomes(&self, expected: &str) -> Imported {
        let imported = self.import();
        assert_eq!(crate::body(&imported), expected);
        imported
    }
}

/// A paragraph with these properties and this text.
pub(crate) fn p(properties: &str, text: &str) -> String {
    format!("<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space='preserve'>{text}</w:t></w:r></w:p>")
}

/// The title, so that what follows is the body.
pub(crate) fn titled(rest: &str) -> String {
    format!("{}{rest}", p("<w:pStyle w:val='Title'/>", "Hat Policy"))
}

pub(crate) const STYLES: &str = "<w:style w:type='paragraph' w:styleId='Title'><w:name w:val='Title'/></w:style>\
    <w:style w:type='paragraph' w:styleId='berschrift1'><w:name w:val='heading 1'/></w:style>\
    <w:style w:type='paragraph' w:styleId='berschrift3'><w:name w:val='heading 3'/></w:style>\
    <w:style w:type='paragraph' w:styleId='Own'><w:name w:val='Larkfield'/><w:basedOn w:val='berschrift1'/></w:style>";

pub(crate) fn word(rest: &str) -> Word {
    Word::new(&titled(rest)).part("styles", "styles", STYLES)
}

fn doubted(imported: &Imported, what: &str) -> bool {
    imported.doubts.iter().any(|doubt| doubt.what.contains(what))
}

fn dropped<'i>(imported: &'i Imported, text: &str) -> &'i str {
    let found = imported.dropped.iter().find(|dropped| dropped.text.trim() == text);
    found.map_or_else(|| panic!("{text} in {:#?}", imported.dropped), |dropped| dropped.why.as_str())
}

#[test]
fn headings_are_known_in_every_language_and_step_down_one_level_at_a_time() {
    let body = [
        p("<w:pStyle w:val='berschrift1'/>", "Hats"),
        p("<w:pStyle w:val='berschrift3'/>", "Blue ones"),
        p("<w:pStyle w:val='berschrift3'/>", "Red ones"),
        p("<w:pStyle w:val='Own'/>", "Coats"),
        p("<w:outlineLvl w:val='1'/>", "Long ones"),
        p("", "We wear them."),
    ];
    word(&body.concat())
        .becomes("## Hats\n\n### Blue ones\n\n### Red ones\n\n## Coats\n\n### Long ones\n\nWe wear them.");
}

#[test]
fn a_bold_line_is_a_heading_and_a_doubt() {
    let bold = "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Who wears a hat</w:t></w:r></w:p>";
    let partly = "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t xml:space='preserve'>All </w:t></w:r><w:r><w:t>of us do.</w:t></w:r></w:p>";
    let imported = word(&format!("{bold}{partly}")).becomes("## Who wears a hat\n\n**All** of us do.");
    assert!(doubted(&imported, "“Who wears a hat” was taken for a heading"));
}

#[test]
fn a_document_without_any_headings_is_read_as_a_text_is() {
    let body = [p("", "1. Hats"), p("", "We wear them."), p("", "2. Coats"), p("", "These too.")];
    let imported = word(&body.concat()).becomes("## 1. Hats\n\nWe wear them.\n\n## 2. Coats\n\nThese too.");
    assert!(doubted(&imported, "no headings in the style of headings"));
}

#[test]
fn tracked_changes_are_resolved_and_told() {
    let body = "<w:p><w:r><w:t xml:space='preserve'>We wear </w:t></w:r>\
        <w:del w:author='Ms Finch'><w:r><w:delText>caps</w:delText></w:r></w:del>\
        <w:ins w:author='Ms Finch'><w:r><w:t>sun hats</w:t></w:r></w:ins><w:r><w:t>.</w:t></w:r></w:p>\
        <w:p><w:pPr><w:rPr><w:del w:author='x'/></w:rPr></w:pPr><w:r><w:t xml:space='preserve'>One sentence </w:t></w:r></w:p>\
        <w:p><w:r><w:t>that was two.</w:t></w:r></w:p>\
        <w:p><w:moveFrom><w:r><w:t>We move.</w:t></w:r></w:moveFrom></w:p>\
        <w:p><w:moveTo><w:r><w:t>We move.</w:t></w:r></w:moveTo></w:p>\
        <w:tbl><w:tr><w:tc><w:p><w:r><w:t>Who</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>What</w:t></w:r></w:p></w:tc></w:tr>\
        <w:tr><w:trPr><w:del w:author='x'/></w:trPr><w:tc><w:p><w:del><w:r><w:delText>Old row</w:delText></w:r></w:del></w:p></w:tc></w:tr></w:tbl>";
    let imported = word(body).becomes(
        "We wear sun hats.\n\nOne sentence that was two.\n\nWe move.\n\n| Who | What |\n| --- | --- |\n|  |  |",
    );
    assert!(dropped(&imported, "caps").contains("deleted"));
    assert!(dropped(&imported, "We move.").contains("moved"));
    assert!(dropped(&imported, "Old row").contains("deleted"));
    assert!(doubted(&imported, "“sun hats” was added by Ms Finch as a tracked change"));
}

#[test]
fn boxes_to_tick_gaps_and_signatures_become_lines_to_write_on() {
    let tick = "<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val='0'/></w14:checkbox></w:sdtPr>\
                <w:sdtContent><w:r><w:t>☐</w:t></w:r></w:sdtContent></w:sdt>";
    let old_tick = "<w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:checkBox><w:default w:val='0'/></w:checkBox></w:ffData></w:fldChar></w:r>\
                    <w:r><w:instrText> FORMCHECKBOX </w:instrText></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r>";
    let font_tick = "<w:r><w:sym w:font='Wingdings' w:char='F0A8'/></w:r>";
    let gap = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>Click here to enter text.</w:t></w:r></w:sdtContent></w:sdt>";
    let says = |text: &str| format!("<w:r><w:t xml:space='preserve'>{text}</w:t></w:r>");
    let body = [
        format!("<w:p>{tick}{}</w:p>", says(" I wear a hat")),
        format!("<w:p>{old_tick}{}{font_tick}{}</w:p>", says(" Yes "), says(" No")),
        format!("<w:p>{}{gap}</w:p>", says("Name of child: ")),
        format!("<w:p>{}<w:r><w:tab/></w:r>{}</w:p>", says("Signed:"), says("Date:")),
    ];
    let imported =
        word(&body.concat()).becomes("```form\nI wear a hat\nYes\nNo\nName of child:\nSigned:\nDate:\n```");
    assert!(dropped(&imported, "Click here to enter text.").contains("hint"));
    assert!(doubted(&imported, "a box to tick"));
}

#[test]
fn a_table_of_names_and_gaps_is_a_form_and_a_log_stays_a_table() {
    let cell = |text: &str| format!("<w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>");
    let row =
        |cells: &[&str]| format!("<w:tr>{}</w:tr>", cells.iter().map(|text| cell(text)).collect::<String>());
    let form = format!("<w:tbl>{}{}</w:tbl>", row(&["Name:", ""]), row(&["Signed:", ""]));
    let log = format!("<w:tbl>{}{}{}</w:tbl>", row(&["Name", "Date"]), row(&["", ""]), row(&["", ""]));
    word(&format!("{form}{}{log}", p("", "We keep a log.")))
        .becomes("```form\nName:\nSigned:\n```\n\nWe keep a log.\n\n| Name | Date |\n| --- | --- |\n|  |  |");
}

#[test]
fn the_table_of_contents_goes_whether_it_is_a_field_or_a_frame() {
    let entry = |text: &str| {
        format!("<w:p><w:r><w:t>{text}</w:t></w:r><w:r><w:tab/></w:r><w:r><w:t>2</w:t></w:r></w:p>")
    };
    let field = format!(
        "<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText> TOC \\o </w:instrText></w:r>\
         <w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:t>Hats</w:t></w:r></w:p>{}\
         <w:p><w:r><w:fldChar w:fldCharType='end'/></w:r></w:p>",
        entry("Coats")
    );
    let frame = format!(
        "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj></w:sdtPr>\
         <w:sdtContent>{}{}</w:sdtContent></w:sdt>",
        p("", "What is in here"),
        entry("Gloves")
    );
    let rest = p("<w:pStyle w:val='berschrift1'/>", "Hats") + &p("", "We wear them.");
    let imported =
        word(&format!("{}{field}{frame}{rest}", p("", "Contents"))).becomes("## Hats\n\nWe wear them.");
    for gone in ["Contents", "Hats", "Coats\t2", "What is in here", "Gloves\t2"] {
        assert!(dropped(&imported, gone).contains("table of contents"), "{gone}");
    }
}

#[test]
fn a_table_of_contents_that_never_ends_does_not_swallow_the_policy() {
    let begin = "<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>TOC</w:instrText></w:r>\
                 <w:r><w:fldChar w:fldCharType='separate'/></w:r></w:p>";
    word(&format!("{begin}{}", p("", "We wear hats."))).becomes("We wear hats.");
}

#[test]
fn links_keep_every_character_and_other_fields_keep_their_words() {
    let field = |instruction: &str, shown: &str| {
        format!(
            "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>{instruction}</w:instrText></w:r>\
             <w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:t xml:space='preserve'>{shown}</w:t></w:r>\
             <w:r><w:fldChar w:fldCharType='end'/></w:r>"
        )
    };
    let body = format!(
        "<w:p><w:hyperlink r:id='l1'><w:r><w:t>R&amp;D [hats]</w:t></w:r></w:hyperlink>{}{}{}{}</w:p>\
         <w:p><w:hyperlink r:id='l2'><w:r><w:t>our drive</w:t></w:r></w:hyperlink></w:p>\
         <w:p><w:hyperlink w:anchor='x'><w:r><w:t>section 2</w:t></w:r></w:hyperlink></w:p>",
        field(" HYPERLINK \"https://h.example/?b=1&amp;lt=2\" ", " more "),
        field(" REF x ", "as above, "),
        field(" DATE ", "3 May 2026"),
        field(" PAGE ", "7"),
    );
    let imported = word(&body)
        .link("l1", "https://h.example/a?x=1&amp;copy=2#top")
        .link("l2", "file:///S:/hats.xls")
        .becomes(
            "[R\\&D \\[hats\\]](<https://h.example/a?x=1\\&copy=2#top>) [more](<https://h.example/?b=1\\&lt=2>) as above, 3 May 2026\n\n\
             our drive\n\nsection 2",
        );
    assert!(doubted(&imported, "a link leads to “file:///S:/hats.xls”"));
    assert!(doubted(&imported, "a date in the text is a field"));
    assert!(dropped(&imported, "7").contains("page"));
}

#[test]
fn words_in_a_text_box_stand_once_after_the_paragraph_that_it_hangs_on() {
    let inner = p("", "Bring a hat!");
    let body = format!(
        "<w:p><w:r><w:t>It is hot.</w:t></w:r><w:r><mc:AlternateContent>\
         <mc:Choice Requires='wps'><w:drawing><wp:anchor><a:graphic><wps:txbx><w:txbxContent>{inner}</w:txbxContent></wps:txbx></a:graphic></wp:anchor></w:drawing></mc:Choice>\
         <mc:Fallback><w:pict><v:textbox><w:txbxContent>{inner}</w:txbxContent></v:textbox></w:pict></mc:Fallback>\
         </mc:AlternateContent></w:r></w:p>"
    );
    let imported = word(&body).becomes("It is hot.\n\nBring a hat!");
    assert!(doubted(&imported, "“Bring a hat!” stood in a text box"));
}

#[test]
fn footnotes_and_endnotes_are_one_row_of_notes() {
    let mark = |kind: &str, id: u32| format!("<w:r><w:{kind}Reference w:id='{id}'/></w:r>");
    let note = |kind: &str, id: u32, text: &str| {
        format!(
            "<w:{kind} w:id='{id}'><w:p><w:r><w:{kind}Ref/></w:r><w:r><w:t xml:space='preserve'> {text}</w:t></w:r></w:p></w:{kind}>"
        )
    };
    let body = format!(
        "<w:p><w:r><w:t>Hats</w:t></w:r>{}<w:r><w:t xml:space='preserve'> and coats</w:t></w:r>{}{}</w:p>",
        mark("footnote", 2),
        mark("endnote", 1),
        mark("footnote", 9)
    );
    let imported = word(&body)
        .part("footnotes", "footnotes", &note("footnote", 2, "Blue ones."))
        .part("endnotes", "endnotes", &note("endnote", 1, "Long ones."))
        .becomes("Hats[^1] and coats[^2]\n\n[^1]: Blue ones.\n\n[^2]: Long ones.");
    assert!(doubted(&imported, "a footnote is marked here"));
}

#[test]
fn pictures_keep_what_they_show_and_drawings_that_no_page_can_show_are_listed() {
    let picture = |id: &str, alt: &str| {
        format!(
            "<w:p><w:r><w:drawing><wp:inline><wp:docPr descr='{alt}'/><a:graphic><a:blip r:embed='{id}'/></a:graphic></wp:inline></w:drawing></w:r></w:p>"
        )
    };
    let body =
        [picture("a", "A [blue] hat"), picture("b", ""), picture("c", "A drawing"), p("", "We wear hats.")];
    let emf = [&[1, 0, 0, 0][..], &[0; 36], b" EMF", &[0; 20]].concat();
    let imported = word(&body.concat())
        .picture("a", "image1.png", b"\x89PNG\r\n\x1a\n1")
        .picture("b", "image2.jpeg", b"\xff\xd8\xff\xe0")
        .picture("c", "image3.emf", &emf)
        .becomes("![A \\[blue\\] hat](../images/hat-1.png)\n\n![](../images/hat-2.jpg)\n\nWe wear hats.");
    assert!(doubted(&imported, "a picture does not say what it shows"));
    assert!(dropped(&imported, "[picture image3.emf: A drawing]").contains("EMF"));
    assert_eq!(imported.pictures.len(), 2);
}

#[test]
fn cells_keep_their_bars_rows_and_lists_and_merged_cells_are_told() {
    let body = "<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr>\
        <w:tc><w:p><w:r><w:t>Hat | cap</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>When</w:t></w:r></w:p></w:tc></w:tr>\
        <w:tr><w:tc><w:p><w:r><w:t>blue</w:t><w:br/><w:t>or red</w:t></w:r></w:p><w:p><w:r><w:t>- not green</w:t></w:r></w:p></w:tc>\
        <w:tc><w:tcPr><w:vMerge w:val='restart'/></w:tcPr><w:p><w:r><w:t>Always</w:t></w:r></w:p></w:tc></w:tr>\
        <w:tr><w:tc><w:p><w:r><w:t>white</w:t></w:r></w:p></w:tc><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>";
    let imported = word(body).becomes(
        "| Hat \\| cap | When |\n| --- | --- |\n| blue or red \\- not green | Always |\n| white |  |",
    );
    assert!(doubted(&imported, "a table has merged cells"));
    assert!(doubted(&imported, "a cell of a table has 2 paragraphs"));
}

#[test]
fn hidden_words_soft_hyphens_and_odd_spaces_do_not_reach_the_page() {
    let body = "<w:p><w:r><w:t>class\u{ad}room\u{a0}hats</w:t><w:softHyphen/></w:r>\
                <w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r><w:r><w:t>, “blue”</w:t><w:noBreakHyphen/><w:t>ish</w:t></w:r></w:p>";
    let imported = word(body).becomes("classroom hats, “blue”-ish");
    assert!(dropped(&imported, "secret").contains("hidden"));
}

#[test]
fn words_that_look_like_markdown_stay_words() {
    let body =
        [p("", "* hats * and _coats_ # 1"), p("", "1986. A cold year"), p("", "{{ school.name }} &lt;b&gt;")];
    word(&body.concat())
        .becomes("\\* hats \\* and \\_coats\\_ # 1\n\n1986\\. A cold year\n\n\\{\\{ school.name }} \\<b>");
}
