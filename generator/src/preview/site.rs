//! The drawn site in memory.

use std::{collections::BTreeMap, sync::Arc};

/// The files of a site by path.
pub(super) type Files = BTreeMap<String, Arc<[u8]>>;

/// Puts newly drawn files in the place of the old ones, keeping those that are the same. Gives the paths
/// of those that are new, different or gone.
pub(super) fn replace(old: &mut Files, new: BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let mut changed: Vec<String> = old.keys().filter(|path| !new.contains_key(*path)).cloned().collect();
    old.retain(|path, _| new.contains_key(path));
    for (path, bytes) in new {
        if old.get(&path).is_none_or(|before| **before != *bytes) {
            old.insert(path.clone(), bytes.into());
            changed.push(path);
        }
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_told() {
        let files = |texts: &[(&str, &str)]| -> BTreeMap<String, Vec<u8>> {
            texts.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect()
        };
        let mut shown = Files::new();
        assert_eq!(replace(&mut shown, files(&[("a", "1"), ("b", "1"), ("c", "1")])).len(), 3);
        assert_eq!(replace(&mut shown, files(&[("a", "1"), ("b", "2"), ("d", "1")])), ["c", "b", "d"]);
        assert_eq!(shown.keys().collect::<Vec<_>>(), ["a", "b", "d"]);
    }
}
