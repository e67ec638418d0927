//! E-mail through the school's own server, where the technician has named one: that nobody opened a box, that nobody goes
//! to a call, and nothing else. What it says is the same whether there is anything in the box or not.
//!
//! [`settings`] says by whom and to whom, [`letter`] what is written, [`send`] carries it there, [`running`] does so each
//! school day, [`calls`] while a call waits.

pub mod calls;
pub mod letter;
pub mod running;
pub mod send;
pub mod settings;
