//! A child at a kiosk without a window: presses what the screen names, as a finger would.

use crate::process::{Process, ProcessError};
use crate::school::{PATIENCE, SchoolError, kiosk_command};
use serde_json::{Value, json};
use std::path::Path;
use std::time::{Duration, Instant};

/// What the buttons are called.
const START: &str = "Sign our promise";
const BEGIN: &str = "Let’s go";
const YES: &str = "Yes, I will";
const GO_ON: &str = "Go on";
const DONE: &str = "I’m done";
const FINISH: &str = "Finish";
/// At the end of a round where children are answered.
const GOT_IT: &str = "I have got it";
const TO_THE_START: &str = "Go to the start";
const BACK: &str = "Back";
/// The quiet corner, which is on most screens and last.
const STAFF: &str = "For staff";
const SPEAKER: &str = "Read it to me";
/// How the ways to other pages of names begin; each says which page of how many it leads to.
const NEXT_PAGE: &str = "More names, ";
const OTHER_PAGE: &str = "Names before, ";

/// A zigzag in the square of the mark.
const MARK: &str = "[[[200,700],[350,250],[500,700],[650,250],[800,700]]]";

/// How often it is looked whether a screen has come.
const LOOK: Duration = Duration::from_millis(100);

/// More statements than any agreement for children has.
const MOST_PROMISES: usize = 20;

/// Somebody in a class, as the kiosk names them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pupil {
    /// The class.
    pub class: String,
    /// The name on the tile.
    pub name: String,
}

/// How a visit ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Visit {
    /// Thanked, after these statements.
    Thanked(Vec<String>),
    /// Told that they had signed before.
    HadSigned,
}

/// A kiosk's figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// Records that the hub has not acknowledged.
    pub waiting: u64,
    /// Acknowledged records that are still kept.
    pub acknowledged: u64,
    /// Of those, the ones that were set aside.
    pub set_aside: u64,
    /// The number of the pack on show; 0 for none.
    pub pack: u64,
}

/// A kiosk and whoever stands before it. The kiosk is killed when this is dropped.
#[derive(Debug)]
pub struct Child {
    kiosk: Process,
    shown: Value,
}

impl Child {
    /// Starts a kiosk on its data folder.
    ///
    /// # Errors
    /// If it does not come up.
    pub fn at(data: &Path) -> Result<Self, SchoolError> {
        Self::before(Process::start(kiosk_command("headless", data)?)?)
    }

    /// Steps before a kiosk that was started in another way.
    ///
    /// # Errors
    /// If it does not come up.
    pub fn before(mut kiosk: Process) -> Result<Self, SchoolError> {
        let shown = answer(&mut kiosk)?;
        Ok(Self { kiosk, shown })
    }

    /// Gives one line; the kiosk's answer, whether it did it or not.
    ///
    /// # Errors
    /// If the kiosk does not answer.
    pub fn ask(&mut self, line: &Value) -> Result<&Value, SchoolError> {
        self.kiosk.say(&line.to_string())?;
        self.shown = answer(&mut self.kiosk)?;
        Ok(&self.shown)
    }

    /// Gives one line that has to be done.
    fn get(&mut self, line: &Value) -> Result<&Value, SchoolError> {
        let asked = line.to_string();
        let shown = self.ask(line)?;
        if shown["ok"] == true {
            return Ok(&self.shown);
        }
        Err(SchoolError::Refused {
            what: format!("the kiosk was given {asked}, and it"),
            told: text(shown, "why"),
        })
    }

    /// Presses what has this name.
    ///
    /// # Errors
    /// If nothing has.
    pub fn press(&mut self, label: &str) -> Result<(), SchoolError> {
        self.get(&json!({ "do": "press", "label": label })).map(drop)
    }

    /// Tells with these answers, by the words under the pictures, and gives it in; ends at the thanks. Gives back the
    /// pictures that are to be kept in mind, where there are some.
    ///
    /// # Errors
    /// If a screen is not as expected.
    pub fn tell(&mut self, answers: &[&str]) -> Result<Vec<String>, SchoolError> {
        for label in telling(answers) {
            self.press(label)?;
        }
        self.take_pictures()
    }

    /// At the end of a round: the four pictures, seen and left, where there are some.
    fn take_pictures(&mut self) -> Result<Vec<String>, SchoolError> {
        let pictures = strings(&self.shown["pictures"]);
        if self.screen() == "pictures" {
            self.press(GOT_IT)?;
        }
        Ok(pictures)
    }

    /// What pictures led to; none while there is no answer.
    pub fn answer(&self) -> Option<String> {
        self.shown["answer"].as_str().map(str::to_owned)
    }

    /// Waits until what happens elsewhere has brought this screen.
    ///
    /// # Errors
    /// [`SchoolError::NotTold`] if it does not come within [`PATIENCE`].
    pub fn wait_until(&mut self, screen: &'static str) -> Result<(), SchoolError> {
        let begun = Instant::now();
        while self.screen() != screen {
            if begun.elapsed() > PATIENCE {
                return Err(SchoolError::NotTold { what: screen, told: self.shown.to_string() });
            }
            std::thread::sleep(LOOK);
            self.get(&json!({ "do": "look" }))?;
        }
        Ok(())
    }

    /// The name of the screen.
    pub fn screen(&self) -> &str {
        self.shown["screen"].as_str().unwrap_or_default()
    }

    /// The names of all that can be pressed.
    pub fn controls(&self) -> Vec<String> {
        strings(&self.shown["controls"])
    }

    /// The names with a tick.
    pub fn ticked(&self) -> Vec<String> {
        strings(&self.shown["ticked"])
    }

    /// Has a round with the hub; gives back how many records were acknowledged in it.
    ///
    /// # Errors
    /// With the kiosk's own reason.
    pub fn sync(&mut self) -> Result<u64, SchoolError> {
        let shown = self.get(&json!({ "do": "sync" }))?;
        Ok(shown["sync"]["acknowledged"].as_u64().unwrap_or_default())
    }

    /// Has rounds with the hub until there have been this many since the kiosk started, those among them that it has by
    /// itself. Gives back how many there have been: more, where the clock brought one.
    ///
    /// # Errors
    /// With the kiosk's own reason.
    pub fn sync_until(&mut self, rounds: u64) -> Result<u64, SchoolError> {
        loop {
            let shown = self.get(&json!({ "do": "sync" }))?;
            match shown["sync"]["number"].as_u64() {
                Some(number) if number < rounds => {}
                number => return Ok(number.unwrap_or_default()),
            }
        }
    }

    /// The kiosk's figures.
    ///
    /// # Errors
    /// If it does not answer.
    pub fn figures(&mut self) -> Result<Figures, SchoolError> {
        let shown = self.get(&json!({ "do": "status" }))?;
        let of = |name: &str| shown["status"][name].as_u64().unwrap_or_default();
        Ok(Figures {
            waiting: of("waiting"),
            acknowledged: of("acknowledged"),
            set_aside: of("set_aside"),
            pack: shown["pack"].as_u64().unwrap_or_default(),
        })
    }

    /// Everybody in every class, and of them those with a tick. Ends at the start.
    ///
    /// # Errors
    /// If a screen is not as expected.
    pub fn everybody(&mut self) -> Result<(Vec<Pupil>, Vec<Pupil>), SchoolError> {
        let (mut all, mut ticked) = (Vec::new(), Vec::new());
        if self.screen() != "home" {
            return Ok((all, ticked));
        }
        self.press(START)?;
        for class in self.controls().into_iter().skip(1).filter(|label| label != STAFF && label != SPEAKER) {
            self.press(&class)?;
            let of_class = |name: String| Pupil { class: class.clone(), name };
            loop {
                // The first two lead away, and the last is “I can’t find my name”.
                let mut names = self.controls().split_off(2);
                names.retain(|name| name != STAFF);
                names.pop();
                let is_page = |name: &str| name.starts_with(NEXT_PAGE) || name.starts_with(OTHER_PAGE);
                names.retain(|name| name != SPEAKER && !is_page(name));
                all.extend(names.into_iter().map(of_class));
                ticked.extend(self.ticked().into_iter().map(of_class));
                if !self.turns_the_page()? {
                    break;
                }
            }
            self.press(BACK)?;
        }
        self.press(BACK)?;
        Ok((all, ticked))
    }

    /// To the next page of names, where there is one.
    ///
    /// # Errors
    /// If the kiosk does not answer.
    pub fn turns_the_page(&mut self) -> Result<bool, SchoolError> {
        let Some(more) = self.controls().into_iter().find(|label| label.starts_with(NEXT_PAGE)) else {
            return Ok(false);
        };
        self.press(&more)?;
        Ok(true)
    }

    /// Goes from the start through the whole signing, and back to the start.
    ///
    /// # Errors
    /// If a screen is not as expected.
    pub fn sign(&mut self, pupil: &Pupil) -> Result<Visit, SchoolError> {
        self.press(START)?;
        self.press(&pupil.class)?;
        while !self.controls().contains(&pupil.name) && self.turns_the_page()? {}
        self.press(&pupil.name)?;
        if self.screen() == "has-signed" {
            self.press(TO_THE_START)?;
            return Ok(Visit::HadSigned);
        }
        self.press(BEGIN)?;
        let mut statements = Vec::new();
        loop {
            match self.screen() {
                "statement" => {
                    statements.push(text(&self.shown, "words"));
                    self.press(YES)?;
                }
                "story" => self.press(GO_ON)?,
                _ => break,
            }
        }
        let strokes: Value = serde_json::from_str(MARK).unwrap_or_default();
        self.get(&json!({ "do": "draw", "strokes": strokes }))?;
        self.press(DONE)?;
        self.take_pictures()?;
        if self.screen() != "thank-you" {
            return Err(SchoolError::NotTold { what: "thank you", told: self.shown.to_string() });
        }
        self.press(FINISH)?;
        Ok(Visit::Thanked(statements))
    }

    /// Ends the kiosk in good order.
    ///
    /// # Errors
    /// If it does not end.
    pub fn leave(mut self) -> Result<(), SchoolError> {
        self.kiosk.say_no_more();
        self.kiosk.wait(PATIENCE)?;
        Ok(())
    }

    /// The kiosk's process.
    pub fn kiosk(&mut self) -> &mut Process {
        &mut self.kiosk
    }
}

/// All lines of one child's visit at once, for a kiosk at its start. Of the answers exactly one says
/// that the signature is kept ([`is_kept`]), whether the child signs now or had signed before; lines
/// that a screen has no use for change nothing.
pub fn whole_visit(pupil: &Pupil) -> String {
    let press = |label: &str| json!({ "do": "press", "label": label }).to_string();
    let mut lines = vec![press(START), press(&pupil.class), press(&pupil.name)];
    // No class of the tests has three pages.
    lines.extend([press("More names, page 2 of 2"), press(&pupil.name), press(BEGIN)]);
    // Older children are told a story after some of them.
    lines.extend((0..MOST_PROMISES).flat_map(|_| [press(YES), press(GO_ON)]));
    lines.push(format!("{{\"do\":\"draw\",\"strokes\":{MARK}}}"));
    lines.extend([press(DONE), press(GOT_IT), press(FINISH), press(TO_THE_START)]);
    lines.join("\n")
}

/// What a child presses who tells.
fn telling<'a>(answers: &[&'a str]) -> Vec<&'a str> {
    let before = ["I didn’t like something", "I want to tell", "I want to tell"];
    before.into_iter().chain(answers.iter().copied()).chain(["Yes, give it in"]).collect()
}

/// The lines of a whole visit of a child who tells, and the way back to the start.
pub fn whole_telling(answers: &[&str]) -> String {
    let press = |label: &str| json!({ "do": "press", "label": label }).to_string();
    let mut lines: Vec<String> = telling(answers).into_iter().map(press).collect();
    lines.extend([press(GOT_IT), press(FINISH)]);
    lines.join("\n")
}

/// Whether an answer says that what was told is kept.
pub fn is_told(line: &str) -> bool {
    let answer: Value = serde_json::from_str(line).unwrap_or_default();
    answer["ok"] == true && answer["screen"] == "told"
}

/// Whether an answer says that a signature is kept: by thanks, or by a tick that is already there.
pub fn is_kept(line: &str) -> bool {
    let answer: Value = serde_json::from_str(line).unwrap_or_default();
    answer["ok"] == true && (answer["screen"] == "thank-you" || answer["screen"] == "has-signed")
}

fn answer(kiosk: &mut Process) -> Result<Value, ProcessError> {
    kiosk.wait_for("an answer", PATIENCE, |line| serde_json::from_str(line).ok())
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(|one| one.as_str().map(str::to_owned)).collect()
}
