//! What someone who misspelled a name probably meant.

use strsim::levenshtein;

use super::{setting::Setting, settings::SETTINGS};

/// The nearest of `names`, if it is near enough to be a typing error.
pub(super) fn nearest(name: &str, names: impl Iterator<Item = String>) -> Option<String> {
    names
        .map(|candidate| (levenshtein(name, &candidate), candidate))
        .min()
        .filter(|(distance, candidate)| *distance <= candidate.len().div_ceil(4))
        .map(|(_, candidate)| candidate)
}

/// A warning for each `PEEKABOO_*` variable that is nearly a setting's.
pub(super) fn misspelled_variables<'a>(given: impl Iterator<Item = &'a String>) -> Vec<String> {
    let known: Vec<String> = SETTINGS.iter().map(Setting::variable).collect();
    given
        .filter(|name| name.starts_with("PEEKABOO_") && !known.contains(name))
        .filter_map(|name| {
            let near = known
                .iter()
                .find(|candidate| levenshtein(name, candidate) <= 2)?;
            Some(format!("unknown variable {name}; did you mean {near}?"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typing_error_is_recognized_and_another_word_is_not() {
        let names = || ["dashboard.listen", "sdk.listen", "log.format"].map(str::to_owned);
        assert_eq!(
            nearest("dashbord.lisen", names().into_iter()).as_deref(),
            Some("dashboard.listen")
        );
        assert_eq!(nearest("color", names().into_iter()), None);
    }
}
