//! Packs, and every agreement's words by digest, forever.

use rusqlite::{Connection, OptionalExtension as _, params};

use records::{
    agreement::{Agreement, AgreementDigest, SignAgain, Version},
    codec,
    day::Moment,
    digest::Digest,
    ids::Slug,
    pack::PackDraft,
};

use super::{
    Store, StoreError,
    audit::{self, Actor},
    consents, parsed, settings, staff_pages, thirty_two,
};

/// Why a pack was not published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// What was published under a version cannot be changed.
    #[error("{}", changed_words(.0))]
    ChangedWords(Vec<(Slug, Version)>),
    /// A version lower than one that was published.
    #[error(
        "the agreement “{slug}” is version {offered} in this pack, and version {published} was published before. Give it a higher version, then build again"
    )]
    OlderVersion {
        /// The agreement.
        slug: Slug,
        /// In the pack.
        offered: Version,
        /// Published.
        published: Version,
    },
    /// Two pages for staff of one name.
    #[error("the pack has two pages for staff named “{0}”. Rename one, then build again")]
    PageTwice(Slug),
    /// Two agreements of one name.
    #[error("the pack has two agreements named “{0}”. Rename one, then build again")]
    Twice(Slug),
    /// Built before the pack that kiosks show now.
    #[error(
        "this pack was built before the one published as number {0}: an older pack is never published. Build it again"
    )]
    Older(u64),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
impl From<rusqlite::Error> for PublishError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

fn changed_words(agreements: &[(Slug, Version)]) -> String {
    let names: Vec<_> = agreements.iter().map(|(slug, version)| format!("“{slug}” {version}")).collect();
    format!(
        "these agreements have other words than were published under the same version: {}. People may have signed those. Raise the version in the agreement's file, then build again",
        names.join(", ")
    )
}

/// What publishing did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Published {
    /// As this number.
    Now(u64),
    /// The newest pack is made from this very draft.
    Before(u64),
}

/// A version of an agreement that was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedVersion {
    /// Its name.
    pub slug: Slug,
    /// The version.
    pub version: Version,
    /// Its words.
    pub words: AgreementDigest,
    /// Who signed again for it.
    pub sign_again: SignAgain,
}

impl Store {
    /// Publishes a draft under the next number; `sign` makes the signed file for that number.
    ///
    /// # Errors
    /// [`PublishError`]; then nothing was published.
    pub fn publish(
        &self,
        draft: &PackDraft,
        sign: impl FnOnce(u64) -> Vec<u8>,
        actor: Actor,
        now: Moment,
    ) -> Result<Published, PublishError> {
        let digest = Digest::of(&draft.write());
        self.write(|write| {
            if let Some(number) = may_follow(write, draft, digest)? {
                return Ok(Published::Before(number));
            }
            let number = settings::next_number(write, "pack")?;
            let column = i64::try_from(number).unwrap_or(i64::MAX);
            write.execute(
                "INSERT INTO packs (number, draft, made, published_at, bytes) VALUES (?, ?, ?, ?, ?)",
                params![column, digest.as_bytes(), draft.made.0, now.0, sign(number)],
            )?;
            draft.content.agreements.iter().try_for_each(|agreement| keep_words(write, agreement, column))?;
            let asked = draft.content.consent.iter();
            let mut asked = asked.map(|asked| &asked.form).chain(&draft.content.adult_consent);
            asked.try_for_each(|form| consents::keep_words(write, form))?;
            let mut registers = draft.content.registers.iter();
            registers.try_for_each(|register| consents::keep_words(write, &register.form))?;
            staff_pages::put(write, &draft.staff_pages)?;
            audit::note(write, now, actor, "pack published", &number.to_string())?;
            Ok(Published::Now(number))
        })
    }

    /// What publishing this draft would come to now. Nothing is changed.
    ///
    /// # Errors
    /// [`PublishError`]: why it would not be published.
    pub fn would_publish(&self, draft: &PackDraft) -> Result<Published, PublishError> {
        let digest = Digest::of(&draft.write());
        self.read(|read| {
            let number = settings::last_number(read, "pack")?.saturating_add(1);
            let held = may_follow(read, draft, digest);
            Ok(held.map(|held| held.map_or(Published::Now(number), Published::Before)))
        })?
    }

    /// The number that the next pack gets.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn next_pack_number(&self) -> Result<u64, StoreError> {
        self.read(|read| Ok(settings::last_number(read, "pack")?.saturating_add(1)))
    }

    /// Makes the newest pack anew under the next number, if a higher one than its own was heard of:
    /// a kiosk that has a pack of that number takes none but a newer one. `sign` makes the signed
    /// file from the one there is and the number. Tells whether it did.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing was changed.
    pub fn number_anew(
        &self,
        sign: impl FnOnce(&[u8], u64) -> Result<Vec<u8>, StoreError>,
        now: Moment,
    ) -> Result<bool, StoreError> {
        if !self.read(outnumbered)? {
            return Ok(false);
        }
        self.write(|write| {
            if !outnumbered(write)? {
                return Ok(false);
            }
            let (old, draft, made, bytes): (i64, Vec<u8>, i64, Vec<u8>) = write.query_row(
                "SELECT number, draft, made, bytes FROM packs ORDER BY number DESC LIMIT 1",
                [],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
            )?;
            let number = settings::next_number(write, "pack")?;
            let column = i64::try_from(number).unwrap_or(i64::MAX);
            write.execute(
                "INSERT INTO packs (number, draft, made, published_at, bytes) VALUES (?, ?, ?, ?, ?)",
                params![column, draft, made, now.0, sign(&bytes, number)?],
            )?;
            // What came of an earlier time here goes: a kiosk gone bad must not fill the disk with copies.
            write.execute(
                "DELETE FROM packs WHERE number = ?
                 AND number NOT IN (SELECT first_pack FROM agreement_versions)",
                [old],
            )?;
            audit::note(write, now, Actor::Hub, "pack numbered anew", &number.to_string())?;
            Ok(true)
        })
    }

    /// The number of the newest pack.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn newest_pack_number(&self) -> Result<Option<u64>, StoreError> {
        self.read(|read| {
            let number: Option<i64> =
                read.query_row("SELECT max(number) FROM packs", [], |row| row.get(0))?;
            Ok(number.map(i64::unsigned_abs))
        })
    }

    /// The newest pack's number and signed bytes.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn newest_pack(&self) -> Result<Option<(u64, Vec<u8>)>, StoreError> {
        self.read(|read| {
            let row = read
                .query_row("SELECT number, bytes FROM packs ORDER BY number DESC LIMIT 1", [], |row| {
                    Ok((row.get::<_, i64>(0)?.unsigned_abs(), row.get(1)?))
                })
                .optional()?;
            Ok(row)
        })
    }

    /// The agreement with exactly these words, as it was first published.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn words(&self, digest: AgreementDigest) -> Result<Option<Agreement>, StoreError> {
        self.read(|read| agreement(read, digest))
    }

    /// Every version that was published with these words.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn versions_with(&self, digest: AgreementDigest) -> Result<Vec<PublishedVersion>, StoreError> {
        self.read(|read| versions(read, "words = ?", digest.0.as_bytes()))
    }
}

/// The agreement with exactly these words, as it was first published.
pub(super) fn agreement(read: &Connection, digest: AgreementDigest) -> Result<Option<Agreement>, StoreError> {
    let select = "SELECT agreement FROM words WHERE digest = ?";
    let bytes: Option<Vec<u8>> =
        read.query_row(select, [digest.0.as_bytes()], |row| row.get(0)).optional()?;
    Ok(bytes.map(|bytes| codec::decode(&bytes)).transpose()?)
}

/// The digests that count as having signed this agreement: its own words, and those of the versions
/// before it as far back as nobody was asked to sign again.
pub(super) fn counting_words(
    read: &Connection,
    agreement: &Agreement,
) -> Result<Vec<AgreementDigest>, StoreError> {
    let mut earlier = versions(read, "slug = ?", agreement.slug.as_str())?;
    earlier.retain(|v| v.version < agreement.version);
    earlier.sort_by(|a, b| b.version.cmp(&a.version));
    let (mut counting, mut sign_again) = (vec![agreement.digest()], agreement.sign_again);
    for version in earlier {
        if sign_again == SignAgain::Everyone {
            break;
        }
        counting.push(version.words);
        sign_again = version.sign_again;
    }
    Ok(counting)
}

fn versions(
    read: &Connection,
    condition: &str,
    value: impl rusqlite::ToSql,
) -> Result<Vec<PublishedVersion>, StoreError> {
    let sql = format!("SELECT slug, version, words, sign_again FROM agreement_versions WHERE {condition}");
    let mut statement = read.prepare(&sql)?;
    let mut rows = statement.query([value])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(PublishedVersion {
            slug: parsed(&row.get::<_, String>(0)?)?,
            version: parsed(&row.get::<_, String>(1)?)?,
            words: AgreementDigest(Digest::from_bytes(thirty_two(row.get(2)?)?)),
            sign_again: if row.get(3)? { SignAgain::Everyone } else { SignAgain::Nobody },
        });
    }
    all.sort_by(|a, b| (&a.slug, &a.version).cmp(&(&b.slug, &b.version)));
    Ok(all)
}

/// Whether there is a pack, and a higher number than its own was heard of.
fn outnumbered(read: &rusqlite::Transaction<'_>) -> Result<bool, StoreError> {
    let newest: Option<i64> = read.query_row("SELECT max(number) FROM packs", [], |row| row.get(0))?;
    let last = settings::last_number(read, "pack")?;
    Ok(newest.is_some_and(|newest| newest.unsigned_abs() < last))
}

/// Whether a draft may be published after the newest pack; the number of that, where it is made from this very draft.
fn may_follow(read: &Connection, draft: &PackDraft, digest: Digest) -> Result<Option<u64>, PublishError> {
    let newest: Option<(i64, Vec<u8>, i64)> = read
        .query_row("SELECT number, draft, made FROM packs ORDER BY number DESC LIMIT 1", [], |r| {
            Ok((r.get(0)?, r.get(1)?, r.get(2)?))
        })
        .optional()?;
    if let Some((number, held, made)) = newest {
        if held == digest.as_bytes() {
            return Ok(Some(number.unsigned_abs()));
        }
        if draft.made.0 < made {
            return Err(PublishError::Older(number.unsigned_abs()));
        }
    }
    let pages = &draft.staff_pages;
    let twice =
        pages.iter().enumerate().find(|(i, page)| pages[..*i].iter().any(|other| other.slug == page.slug));
    if let Some((_, page)) = twice {
        return Err(PublishError::PageTwice(page.slug.clone()));
    }
    check_versions(read, &draft.content.agreements)?;
    Ok(None)
}

fn check_versions(read: &Connection, agreements: &[Agreement]) -> Result<(), PublishError> {
    let mut changed = Vec::new();
    for (i, agreement) in agreements.iter().enumerate() {
        if agreements[..i].iter().any(|other| other.slug == agreement.slug) {
            return Err(PublishError::Twice(agreement.slug.clone()));
        }
        for published in versions(read, "slug = ?", agreement.slug.as_str())? {
            if published.version == agreement.version && published.words != agreement.digest() {
                changed.push((agreement.slug.clone(), agreement.version.clone()));
            }
            if published.version > agreement.version {
                return Err(PublishError::OlderVersion {
                    slug: agreement.slug.clone(),
                    offered: agreement.version.clone(),
                    published: published.version,
                });
            }
        }
    }
    if changed.is_empty() { Ok(()) } else { Err(PublishError::ChangedWords(changed)) }
}

fn keep_words(write: &Connection, agreement: &Agreement, pack: i64) -> Result<(), PublishError> {
    let digest = agreement.digest();
    write.execute(
        "INSERT INTO words (digest, agreement) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING",
        params![digest.0.as_bytes(), codec::encode(agreement)],
    )?;
    // The words of a version are fixed; who signs again may be put right by publishing once more.
    write.execute(
        "INSERT INTO agreement_versions (slug, version, words, audience, sign_again, first_pack)
         VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (slug, version) DO UPDATE
             SET audience = excluded.audience, sign_again = excluded.sign_again",
        params![
            agreement.slug.as_str(),
            agreement.version.to_string(),
            digest.0.as_bytes(),
            agreement.audience.as_str(),
            agreement.sign_again == SignAgain::Everyone,
            pack,
        ],
    )?;
    Ok(())
}
