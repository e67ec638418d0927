//! `signpost-kiosk headless`: the same machine, storage and sync, driven by JSON lines.
//!
//! | line on standard input | what it does |
//! |---|---|
//! | `{"do":"look"}` | nothing |
//! | `{"do":"press","label":"Oak"}` | presses the control with this name |
//! | `{"do":"type","text":"7K2M"}` | types characters of a family's code, or letters of a visitor's name |
//! | `{"do":"draw","strokes":[[[100,200],[300,400]]]}` | draws in the square of the mark, 0 to 1000 each way |
//! | `{"do":"tick","seconds":90}` | lets so much time pass at once |
//! | `{"do":"sync"}` | a round with the hub now |
//! | `{"do":"take-out"}` | puts what waits onto the stick |
//! | `{"do":"bring-back"}` | takes what is on the stick for this kiosk |
//! | `{"do":"status"}` | figures |
//!
//! Each line is answered with one line, after storage has answered what follows from it:
//! `{"ok":true,"screen":"home","controls":["Sign our promise"],...}` or `{"ok":false,"why":"..."}`.
//! It begins with one such line of its own, and ends with standard input.

use std::{
    error::Error,
    io::{self, BufRead as _, Write as _},
};

use kiosk::{
    folder::Folder,
    machine::{Action, AdultAt, Event, Pen, Screen, TellStep, VisitorAt, controls},
    outbox::{Counts, TakenAnswer},
    running::Running,
    stick::{self, BroughtBack},
    sync::Report,
};
use records::{family_code::FamilyCode, receipt::Picture, signature::Point};
use serde::{Deserialize, Serialize};

#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "lowercase", deny_unknown_fields)]
enum Line {
    Look,
    Press {
        label: String,
    },
    Type {
        text: String,
    },
    Draw {
        strokes: Vec<Vec<Point>>,
    },
    Tick {
        seconds: u64,
    },
    Sync,
    #[serde(rename = "take-out")]
    TakeOut,
    #[serde(rename = "bring-back")]
    BringBack,
    Status,
}

/// What went onto a stick.
#[derive(Debug, Serialize)]
struct Written {
    records: u64,
    boxes: u64,
}

/// What came back from one.
#[derive(Debug, Serialize)]
struct Brought {
    records: Option<TakenAnswer>,
    boxes: u64,
    pack: Option<u64>,
    roster: Option<u64>,
}

#[derive(Debug, Default, Serialize)]
struct Answer {
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    screen: &'static str,
    controls: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ticked: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<String>,
    /// The pictures at the end of a round, by what they are called, and what pictures led to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pictures: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sync: Option<Report>,
    #[serde(skip_serializing_if = "Option::is_none")]
    written: Option<Written>,
    #[serde(skip_serializing_if = "Option::is_none")]
    brought: Option<Brought>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<Counts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pack: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    roster: Option<u64>,
}

#[derive(Debug, clap::Args)]
pub(super) struct Headless {
    #[command(flatten)]
    data: super::Data,
    #[command(flatten)]
    sticks: super::Sticks,
}

pub(super) fn execute(arguments: &Headless) -> Result<(), Box<dyn Error>> {
    let mut running = Running::start(Folder::at(&arguments.data.data)?, || {})?;
    running.sticks = arguments.sticks.place();
    for problem in &running.problems {
        eprintln!("signpost-kiosk: {problem}");
    }
    running.settle();
    tell(&running, Ok(Answer::default()))?;
    for line in io::stdin().lock().lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let outcome = match serde_json::from_str(&line) {
            Ok(line) => act(&mut running, line),
            Err(error) => Err(format!("this line is not understood: {error}")),
        };
        running.settle();
        tell(&running, outcome)?;
    }
    running.end();
    Ok(())
}

fn act(running: &mut Running, line: Line) -> Result<Answer, String> {
    let mut answer = Answer::default();
    running.tick();
    match line {
        Line::Look => running.collect(),
        Line::Press { label } => press(running, &label)?,
        Line::Type { text } => type_in(running, &text)?,
        Line::Draw { strokes } => draw(running, strokes)?,
        Line::Tick { seconds } => running.skip(seconds.saturating_mul(1000)),
        Line::Sync => {
            let syncer = running.syncer.as_ref().ok_or("this kiosk is not paired with a hub yet")?;
            answer.sync = Some(syncer.round_now().map_err(|e| e.to_string())?);
            running.collect();
        }
        Line::TakeOut => {
            let packed = stick::take_out(running.storage(), &running.sticks).map_err(|e| e.to_string())?;
            answer.written = Some(Written { records: packed.records, boxes: packed.boxes });
        }
        Line::BringBack => {
            let brought = stick::bring_back(running.storage(), &running.sticks).map_err(|e| e.to_string())?;
            let BroughtBack { records, boxes, pack, roster, events } = brought;
            events.into_iter().for_each(|event| running.handle(event));
            answer.brought = Some(Brought { records, boxes, pack, roster });
        }
        Line::Status => {
            let figures = running.storage().ask(|store| (store.outbox().counts(), store.held()));
            let (counts, held) = figures.map_err(|e| e.to_string())?;
            answer.status = Some(counts.map_err(|e| e.to_string())?);
            (answer.pack, answer.roster) = held;
        }
    }
    Ok(answer)
}

fn press(running: &mut Running, label: &str) -> Result<(), String> {
    let shown = controls(&running.state);
    match shown.iter().find(|c| c.label == label) {
        Some(control) => running.handle(Event::Press(control.action)),
        None => {
            let labels: Vec<_> = shown.iter().map(|c| c.label.as_str()).collect();
            return Err(format!("nothing here is called “{label}”; there is: {}", labels.join(" | ")));
        }
    }
    Ok(())
}

fn type_in(running: &mut Running, text: &str) -> Result<(), String> {
    if let Screen::Visitor(VisitorAt::Name(_) | VisitorAt::About(_)) = running.state.screen {
        text.chars().for_each(|letter| running.handle(Event::Type(letter)));
        return Ok(());
    }
    if !matches!(running.state.screen, Screen::FamilyCode(_)) {
        return Err("nothing can be typed on this screen".into());
    }
    for value in text.chars().filter_map(FamilyCode::value) {
        running.handle(Event::Press(Action::Type(value)));
    }
    Ok(())
}

fn draw(running: &mut Running, strokes: Vec<Vec<Point>>) -> Result<(), String> {
    if !matches!(
        running.state.screen,
        Screen::MakeMark { .. }
            | Screen::Adult(AdultAt::Sign { .. })
            | Screen::Visitor(VisitorAt::Sign { .. })
    ) {
        return Err("nothing can be drawn on this screen".into());
    }
    for stroke in strokes {
        for (i, point) in stroke.into_iter().enumerate() {
            running.handle(Event::Pen(if i == 0 { Pen::Down(0, point) } else { Pen::Move(0, point) }));
        }
        running.handle(Event::Pen(Pen::Up(0)));
    }
    Ok(())
}

fn tell(running: &Running, outcome: Result<Answer, String>) -> io::Result<()> {
    let mut answer = match outcome {
        Ok(answer) => Answer { ok: true, ..answer },
        Err(why) => Answer { why: Some(why), ..Answer::default() },
    };
    let shown = controls(&running.state);
    answer.screen = running.state.screen.name();
    answer.ticked = shown
        .iter()
        .filter(|c| c.note.is_some() && matches!(c.action, Action::Pupil(_)))
        .map(|c| c.label.clone())
        .collect();
    answer.controls = shown.into_iter().map(|c| c.label).collect();
    answer.words = running.state.statement().map(|s| s.words.clone());
    match &running.state.screen {
        Screen::Pictures { receipt, .. } => answer.pictures = receipt.pictures().map(Picture::words).to_vec(),
        Screen::Tell { step: TellStep::Answer(found), .. } => {
            let tell = running.state.shown().and_then(|content| content.pack.tell.as_ref());
            answer.answer = tell.and_then(|tell| found.sentence(tell)).map(str::to_owned);
        }
        _ => {}
    }
    let line = serde_json::to_string(&answer).map_err(io::Error::other)?;
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}
