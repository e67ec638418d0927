//! Listening: an open page goes on hearing calls for a grown-up when its session has ended, because nobody sits there.
//! Its token is kept as SHA-256 like a session's, and opens nothing else.

use rusqlite::{Connection, OptionalExtension as _, params};

use records::{day::Moment, digest::Digest};

use super::{
    Store, StoreError,
    accounts::{CLOCK_SECONDS, SESSION_SECONDS},
    audit::{self, Actor},
};

/// For how long a page goes on hearing calls after somebody signed in, in seconds: a school day.
pub const LISTEN_SECONDS: i64 = SESSION_SECONDS;

impl Store {
    /// Whether this token still hears calls.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn listens(&self, token: &[u8], now: Moment) -> Result<bool, StoreError> {
        self.read(|read| {
            let sql = "SELECT 1 FROM listeners WHERE token = ? AND made_at >= ? AND made_at <= ?";
            let (oldest, newest) = (now.0 - LISTEN_SECONDS, now.0 + CLOCK_SECONDS);
            let mut select = read.prepare_cached(sql)?;
            Ok(select.exists(params![Digest::of(token).as_bytes(), oldest, newest])?)
        })
    }

    /// Ends listening for somebody who signs out after the session has ended by itself.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn end_listening(&self, session: &[u8], now: Moment) -> Result<(), StoreError> {
        self.write(|write| {
            let sql = "DELETE FROM listeners WHERE session = ? RETURNING account";
            let account: Option<i64> =
                write.query_row(sql, [Digest::of(session).as_bytes()], |row| row.get(0)).optional()?;
            match account {
                Some(account) => audit::note(write, now, Actor::Account(account), "signed out", ""),
                None => Ok(()),
            }
        })
    }
}

/// Begins to listen beside a new session, and forgets tokens whose time is over.
pub(super) fn begin(
    write: &Connection,
    account: i64,
    session: &[u8],
    token: &[u8],
    now: Moment,
) -> Result<(), StoreError> {
    write.execute(
        "DELETE FROM listeners WHERE made_at < ? OR made_at > ?",
        params![now.0 - LISTEN_SECONDS, now.0 + CLOCK_SECONDS],
    )?;
    write.execute(
        "INSERT INTO listeners (token, account, session, made_at) VALUES (?, ?, ?, ?)",
        params![Digest::of(token).as_bytes(), account, Digest::of(session).as_bytes(), now.0],
    )?;
    Ok(())
}

/// Ends listening together with a session.
pub(super) fn end_with(write: &Connection, session: &[u8]) -> Result<(), StoreError> {
    write.execute("DELETE FROM listeners WHERE session = ?", [Digest::of(session).as_bytes()])?;
    Ok(())
}

/// Ends every session of an account, and with them all listening: whoever knew the password or held the phone hears
/// nothing more either.
pub(super) fn end_all(write: &Connection, account: i64) -> Result<(), StoreError> {
    write.execute("DELETE FROM sessions WHERE account = ?", [account])?;
    write.execute("DELETE FROM listeners WHERE account = ?", [account])?;
    Ok(())
}
