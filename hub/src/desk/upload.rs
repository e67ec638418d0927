//! A form with a file in it.

use axum::extract::{FromRequest as _, Multipart, Request};

/// What was sent, by the names of the fields.
#[derive(Default)]
pub(super) struct Upload(Vec<Field>);

struct Field {
    name: String,
    file: String,
    bytes: Vec<u8>,
}

impl Upload {
    /// Reads it. What cannot be read as a form is a form without anything, its token included.
    pub(super) async fn read(request: Request) -> Self {
        match Multipart::from_request(request, &()).await {
            Ok(form) => fields(form).await.unwrap_or_default(),
            Err(_) => Self::default(),
        }
    }

    /// The words of a field, empty where there is none.
    pub(super) fn words(&self, name: &str) -> String {
        String::from_utf8_lossy(self.file(&[name])).into_owned()
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
        let name = field.name().unwrap_or_default().to_owned();
        let file = field.file_name().unwrap_or_default().to_owned();
        all.push(Field { name, file, bytes: field.bytes().await.ok()?.to_vec() });
    }
    Some(Upload(all))
}
