//! What stands on a tile: a first name, and as much of the surname as the class needs.

/// The name on each tile of a class, in the order given.
pub fn tile_names<'a>(people: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<String> {
    let people: Vec<_> = people.into_iter().collect();
    people.iter().map(|one| tile_name(*one, &people)).collect()
}

fn tile_name((forename, surname): (&str, &str), class: &[(&str, &str)]) -> String {
    let lower = str::to_lowercase;
    let namesakes: Vec<String> = class
        .iter()
        .filter(|(f, s)| lower(f) == lower(forename) && lower(s) != lower(surname))
        .map(|(_, s)| lower(s))
        .collect();
    let alone = class.iter().filter(|(f, _)| lower(f) == lower(forename)).count() == 1;
    if alone {
        return forename.to_owned();
    }
    let letters: Vec<char> = surname.chars().collect();
    let enough = (1..=letters.len()).find(|n| {
        let start = lower(&letters[..*n].iter().collect::<String>());
        namesakes.iter().all(|other| !other.starts_with(&start))
    });
    // Two of exactly the same name have their whole name; their pictures tell them apart.
    let shared =
        class.iter().filter(|(f, s)| lower(f) == lower(forename) && lower(s) == lower(surname)).count();
    let length = enough.filter(|_| shared == 1).unwrap_or(letters.len());
    format!("{forename} {}", letters[..length].iter().collect::<String>().trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tile_says_no_more_of_the_surname_than_the_class_needs() {
        let class = [
            ("Maya", "Khan"),
            ("Maya", "Kelly"),
            ("Maya", "Osei"),
            ("Tom", "Lowe"),
            ("Ivy", "Li"),
            ("Ivy", "Lin"),
            ("Sam", "Roe"),
            ("Sam", "Roe"),
        ];
        let names = tile_names(class);
        assert_eq!(names, ["Maya Kh", "Maya Ke", "Maya O", "Tom", "Ivy Li", "Ivy Lin", "Sam Roe", "Sam Roe"]);
    }

    #[test]
    fn letters_with_accents_are_never_cut_in_two() {
        assert_eq!(tile_names([("Zoë", "Ångström"), ("Zoë", "Ñuñez")]), ["Zoë Å", "Zoë Ñ"]);
    }
}
