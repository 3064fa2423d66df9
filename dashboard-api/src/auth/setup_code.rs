//! The one-time code of the first run: whoever reads the hub's output becomes its owner, and nobody else.

use peekaboo_storage::{Entropy, Secret, Storage};
use time::OffsetDateTime;

/// Crockford's base 32: no letter that looks like a digit.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Four groups of four: 80 bits, out of reach for the tries that are allowed.
const GROUPS: usize = 4;
const GROUP: usize = 4;

/// Makes a code where nobody has an account yet, and keeps its hash; to be printed once, when the hub starts.
pub async fn ensure_setup_code(
    storage: &Storage,
    entropy: &dyn Entropy,
    now: OffsetDateTime,
) -> Result<Option<Secret>, peekaboo_storage::Error> {
    if !storage.setup_required().await? {
        return Ok(None);
    }
    let code = generate(entropy);
    storage
        .add_setup_code(normalized(&code).hash(), now)
        .await?;
    Ok(Some(Secret::new(code)))
}

fn generate(entropy: &dyn Entropy) -> String {
    let mut bytes = [0; GROUPS * GROUP];
    entropy.fill(&mut bytes);
    let characters = bytes.map(|byte| char::from(ALPHABET[usize::from(byte % 32)]));
    let groups: Vec<String> = characters
        .chunks(GROUP)
        .map(|group| group.iter().collect())
        .collect();
    groups.join("-")
}

/// As it is hashed, however it was typed.
pub(crate) fn normalized(code: &str) -> Secret {
    let characters = code
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|character| match character.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        });
    Secret::new(characters.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use peekaboo_storage::OsEntropy;

    #[test]
    fn a_code_is_the_same_however_it_is_typed() {
        let code = generate(&OsEntropy);
        assert_eq!(code.len(), 19, "{code}");
        let typed = code
            .to_lowercase()
            .replace('-', " ")
            .replace('0', "o")
            .replace('1', "l");
        assert_eq!(normalized(&typed), normalized(&code));
        assert_ne!(generate(&OsEntropy), code);
    }
}
