//! A form with a file in it.

use axum::{
    Form,
    extract::{FromRequest as _, Multipart, Request, multipart::Field as Part},
    http::header,
};

/// What was sent, by the names of the fields.
#[derive(Default)]
pub(super) struct Upload(Vec<Field>);

struct Field {
    name: String,
    file: String,
    bytes: Vec<u8>,
}

/// A file that may be in a form, and may be so long and no longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Bounded {
    /// None was chosen.
    None,
    /// All of it.
    Whole(Vec<u8>),
    /// It was longer, or did not come to its end; nothing of it is kept.
    TooLong,
}

impl Upload {
    /// Reads it. What cannot be read as a form is a form without anything, its token included.
    pub(super) async fn read(request: Request) -> Self {
        match Multipart::from_request(request, &()).await {
            Ok(form) => fields(form).await.unwrap_or_default(),
            Err(_) => Self::default(),
        }
    }

    /// Reads it, with or without the file of this name. What was typed is read also where the file is longer than `most`
    /// bytes, so that none of it is lost; the file stands after it in the form.
    pub(super) async fn with_file(request: Request, name: &str, most: usize) -> (Self, Bounded) {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        if !kind.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
            let sent = Form::<Vec<(String, String)>>::from_request(request, &()).await;
            let sent = sent.map(|Form(sent)| sent).unwrap_or_default();
            let field = |(name, value): (String, String)| Field {
                name,
                file: String::new(),
                bytes: value.into_bytes(),
            };
            return (Self(sent.into_iter().map(field).collect()), Bounded::None);
        }
        let (mut typed, mut file) = (Self::default(), Bounded::None);
        let Ok(mut form) = Multipart::from_request(request, &()).await else { return (typed, file) };
        while let Ok(Some(field)) = form.next_field().await {
            if field.name() == Some(name) {
                file = bounded(field, most).await;
            } else if let Ok(field) = whole(field).await {
                typed.0.push(field);
            }
        }
        (typed, file)
    }

    /// The words of a field, empty where there is none.
    pub(super) fn words(&self, name: &str) -> String {
        String::from_utf8_lossy(self.file(&[name])).into_owned()
    }

    /// The words of every field of this name.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = String> {
        let of = self.0.iter().filter(move |field| field.name == name);
        of.map(|field| String::from_utf8_lossy(&field.bytes).into_owned())
    }

    /// Every field by its name, as words.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&str, String)> {
        self.0.iter().map(|field| (field.name.as_str(), String::from_utf8_lossy(&field.bytes).into_owned()))
    }

    /// The first of these that is not empty: a file, or what was pasted instead.
    pub(super) fn file(&self, names: &[&str]) -> &[u8] {
        let of = |name: &&str| self.0.iter().find(|field| field.name == *name && !field.bytes.is_empty());
        names.iter().find_map(of).map_or(&[], |field| &field.bytes)
    }

    /// All files of a field that takes several, with their names.
    pub(super) fn files(self, name: &str) -> Vec<(String, Vec<u8>)> {
        let of = self.0.into_iter().filter(|field| field.name == name && !field.bytes.is_empty());
        of.map(|field| (field.file, field.bytes)).collect()
    }
}

async fn fields(mut form: Multipart) -> Option<Upload> {
    let mut all = Vec::new();
    while let Some(field) = form.next_field().await.ok()? {
        all.push(whole(field).await.ok()?);
    }
    Some(Upload(all))
}

async fn whole(field: Part<'_>) -> Result<Field, axum::extract::multipart::MultipartError> {
    let name = field.name().unwrap_or_default().to_owned();
    let file = field.file_name().unwrap_or_default().to_owned();
    Ok(Field { name, file, bytes: field.bytes().await?.to_vec() })
}

/// The rest of what is too long is read and let go, so that the browser comes to hear the answer.
async fn bounded(mut field: Part<'_>, most: usize) -> Bounded {
    let (mut bytes, mut too_long) = (Vec::new(), false);
    loop {
        match field.chunk().await {
            Ok(Some(chunk)) if !too_long && bytes.len() + chunk.len() <= most => {
                bytes.extend_from_slice(&chunk);
            }
            Ok(Some(_)) => {
                too_long = true;
                bytes = Vec::new();
            }
            Ok(None) if too_long => return Bounded::TooLong,
            Ok(None) if bytes.is_empty() => return Bounded::None,
            Ok(None) => return Bounded::Whole(bytes),
            Err(_) => return Bounded::TooLong,
        }
    }
}
