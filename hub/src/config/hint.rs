//! What somebody who misspelt a name probably meant.

use super::settings::SETTINGS;

/// The nearest of `names`, if one is near enough to be a slip of the fingers.
pub(super) fn nearest(name: &str, names: impl Iterator<Item = String>) -> Option<String> {
    names
        .map(|candidate| (distance(name, &candidate), candidate))
        .min()
        .filter(|(distance, candidate)| *distance <= candidate.len().div_ceil(4))
        .map(|(_, candidate)| candidate)
}

/// A warning for each `PEEKABOO_*` variable that is nearly a setting's.
pub(super) fn misspelt_variables<'a>(given: impl Iterator<Item = &'a String>) -> Vec<String> {
    let known: Vec<String> = SETTINGS
        .iter()
        .map(super::source::Setting::variable)
        .collect();
    given
        .filter(|name| name.starts_with("PEEKABOO_") && !known.contains(name))
        .filter_map(|name| {
            let near = known
                .iter()
                .find(|candidate| distance(name, candidate) <= 2)?;
            Some(format!("{name} is no setting; did you mean {near}?"))
        })
        .collect()
}

/// How many characters must be added, removed or changed (Levenshtein, one row at a time).
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in right.iter().enumerate() {
            let changed = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_fingers_is_recognised_and_another_word_is_not() {
        let names = || ["dashboard.listen", "sdk.listen", "log.format"].map(str::to_owned);
        assert_eq!(
            nearest("dashbord.lisen", names().into_iter()).as_deref(),
            Some("dashboard.listen")
        );
        assert_eq!(nearest("colour", names().into_iter()), None);
    }

    #[test]
    fn a_distance_counts_what_must_change() {
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("same", "same"), 0);
    }
}
