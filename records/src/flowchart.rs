//! A flowchart of the school's content, in words: what to do, step by step, with the questions that it asks.

use minicbor::{Decode, Encode};

use crate::ids::Slug;

/// A flowchart.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct Flowchart {
    /// Its name in addresses.
    #[n(0)]
    pub slug: Slug,
    /// Its title.
    #[n(1)]
    pub title: String,
    /// For whom and for what it is, in a sentence.
    #[n(2)]
    pub summary: String,
    /// Its steps, in order; the first is where it begins.
    #[n(3)]
    pub steps: Vec<FlowStep>,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct FlowStep {
    /// What it is about, or what it asks.
    #[n(0)]
    pub words: String,
    /// What is said to it, an entry for each paragraph or point.
    #[n(1)]
    pub text: Vec<String>,
    /// Where it leads; nowhere at an end.
    #[n(2)]
    pub ways: Vec<FlowWay>,
}

/// From one step to another.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct FlowWay {
    /// When it is taken; empty where there is no other.
    #[n(0)]
    pub words: String,
    /// The number of the step that it leads to, counted from 1.
    #[n(1)]
    pub to: u16,
}
