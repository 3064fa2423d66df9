use super::*;

fn matches(pattern: &str, text: &str) -> bool {
    Pattern::compile(pattern, false)
        .unwrap_or_else(|error| panic!("{pattern}: {error}"))
        .is_match(text)
}

#[test]
fn the_portable_part_means_what_it_says() {
    let cases = [
        ("", "", true),
        ("b", "abc", true),
        ("^b", "abc", false),
        ("^a.c$", "a\nc", true),
        ("^a$", "a\n", false),
        ("a|", "zzz", true),
        ("^(?:ab|cd)+$", "abcdab", true),
        ("^(a){2,3}$", "aaaa", false),
        ("^a{2,}?$", "aaaa", true),
        ("^a{0}$", "", true),
        (r"^\d+$", "٣", false),
        (r"^\w+$", "é", false),
        (r"^\W+$", "é-", true),
        (r"^\s$", "\u{a0}", false),
        (r"^[\s]{6}$", "\t\n\u{b}\u{c}\r ", true),
        (r"^[\S\D\W]+$", "aé\n1", true),
        (r"^[^\S]$", "\u{a0}", false),
        (r"\bcat\b", "écaté", true),
        (r"\bcat\b", "_cat", false),
        (r"^[a\-z]+$", "a-z", true),
        ("^[-a]+$", "-a", true),
        ("^[a-]+$", "-a", true),
        ("^[^-]$", "-", false),
        ("^[&&a]+$", "&a", true),
        (r"^[\^\]\[]+$", "^][", true),
        ("^[a^]+$", "a^", true),
        ("^[à-ü]$", "é", true),
        ("^.$", "🙂", true),
        ("^[🙂-🙄]$", "🙃", true),
        (r"^\{\}\/$", "{}/", true),
        ("^a b#c$", "a b#c", true),
    ];
    for (pattern, text, expected) in cases {
        assert_eq!(matches(pattern, text), expected, "{pattern} {text:?}");
    }
}

#[test]
fn what_languages_read_differently_is_refused() {
    let cases = [
        "(?=a)",
        "(?!a)",
        "(?<=a)",
        "(?<n>a)",
        "(?P<n>a)",
        "(?i)a",
        "(?i:a)",
        r"\1",
        r"\k<n>",
        r"\p{L}",
        r"\B",
        r"\A",
        r"\z",
        r"\x41",
        r"\u0041",
        r"\cA",
        r"\0",
        r"\é",
        r"\_",
        r"\",
        "[",
        "[]",
        "[^]",
        "[]a]",
        "[[:alpha:]]",
        "[a[b]]",
        "[z-a]",
        r"[a-\d]",
        r"[\d-z]",
        "[a-b-c]",
        "[a",
        r"[\b]",
        "(",
        ")",
        "(a",
        "a)",
        "*",
        "+a",
        "a**",
        "a+*",
        "a{",
        "a{1",
        "a{,2}",
        "a{2,1}",
        "a{x}",
        "{1}",
        "}",
        "]",
        "^*",
        r"\b+",
        "$?",
        "a{1001}",
        "(a{100}){100}",
        "((a{50}){50}){50}",
    ];
    for pattern in cases {
        assert!(Pattern::compile(pattern, false).is_err(), "{pattern}");
    }
}

#[test]
fn limits_apply_and_deep_groups_are_safe() {
    assert!(Pattern::compile(&"é".repeat(1_000), false).is_ok());
    assert!(Pattern::compile(&"é".repeat(1_001), false).is_err());
    assert!(Pattern::compile(&format!("{}a{}", "(".repeat(32), ")".repeat(32)), false).is_ok());
    assert!(Pattern::compile(&format!("{}a{}", "(".repeat(33), ")".repeat(33)), false).is_err());
    assert!(Pattern::compile(&"(".repeat(1_000), false).is_err());
    assert!(
        Pattern::compile(r"(?:[^\d]{50}){100}", false).is_ok(),
        "the largest unfolding compiles"
    );
    assert!(Pattern::compile(&"(?:[^a]{0}){1000}".repeat(6), false).is_err());
    assert!(Pattern::compile("((){1000}){1000}", false).is_err());
    assert!(Pattern::compile("((^){100}){100}", false).is_err());
}

#[test]
fn sets_beyond_ascii_weigh_more() {
    let cases = [
        ("abc", 3),
        ("[a-z]{20}", 20),
        (".", 10),
        (r"\d\D", 11),
        ("[^a]{3}", 30),
        (r"[a\W]", 10),
        ("[à-ü]", 10),
        ("(?:[^a]{50}){100}", 50_000),
    ];
    for (pattern, expected) in cases {
        assert_eq!(size(pattern, false), Ok(expected), "{pattern}");
    }
}

#[test]
fn only_ascii_letters_are_folded() {
    let folded = |pattern: &str, text: &str| {
        Pattern::compile(pattern, true)
            .unwrap()
            .is_match(&text.to_ascii_lowercase())
    };
    assert!(folded("^STRASSE$", "Strasse"));
    assert!(folded("^[A-F]+$", "aF"));
    assert!(!folded("^[^A-F]$", "a"));
    assert!(folded(r"^[ -~]+$", "aZ~"));
    assert!(folded("^É$", "É"));
    assert!(!folded("^É$", "é"));
    assert!(!folded("^k$", "\u{212a}"), "the Kelvin sign is not a k");
    for pattern in ["[A-z]", "[Z-b]", "[0-Z]", "[A-`]", "[0-q]"] {
        assert!(Pattern::compile(pattern, true).is_err(), "{pattern}");
        assert!(Pattern::compile(pattern, false).is_ok(), "{pattern}");
    }
}
