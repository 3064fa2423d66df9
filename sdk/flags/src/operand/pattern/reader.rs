//! Reads the grammar, and writes what it read in the `regex` crate's syntax.

use std::fmt;

/// The longest expression, in characters.
const MAX_LENGTH: usize = 1_000;
/// The most single-character matches that an expression unfolds to: `(ab){50}` is 100.
const MAX_SIZE: u32 = 5_000;
/// The largest number in `{n,m}`.
const MAX_REPEAT: u32 = 1_000;
/// How deep groups nest.
const MAX_DEPTH: u32 = 32;

/// How often more a set of characters beyond ASCII takes than a single character: UTF-8 spells it out by ranges of bytes.
const WIDE: u32 = 10;

/// Why an expression is not portable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NotPortable {
    /// In characters, from 0.
    pub(super) position: usize,
    pub(super) reason: &'static str,
}

impl fmt::Display for NotPortable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at character {})", self.reason, self.position + 1)
    }
}

/// The expression in the other syntax, and what it unfolds to.
pub(super) fn translate(pattern: &str, fold: bool) -> Result<(String, Unfolded), NotPortable> {
    let chars: Vec<char> = pattern.chars().take(MAX_LENGTH + 1).collect();
    let mut reader = Reader {
        chars: &chars,
        position: 0,
        fold,
        out: String::with_capacity(pattern.len() * 2),
    };
    if chars.len() > MAX_LENGTH {
        return Err(reader.error("an expression has at most 1,000 characters"));
    }
    let size = reader.alternatives(0)?;
    match reader.peek() {
        None => Ok((reader.out, size)),
        Some(_) => Err(reader.error("this ) closes nothing; write \\) for the character")),
    }
}

struct Reader<'p> {
    chars: &'p [char],
    position: usize,
    fold: bool,
    out: String,
}

/// What a part of an expression unfolds to.
#[derive(Clone, Copy)]
pub(super) struct Unfolded {
    /// Single-character matches.
    count: u32,
    /// The same, with sets beyond ASCII counted [`WIDE`] times.
    pub(super) cost: u32,
}

impl Unfolded {
    const ONE: Self = Unfolded { count: 1, cost: 1 };
    const WIDE: Self = Unfolded {
        count: 1,
        cost: WIDE,
    };

    fn and(self, next: Self) -> Self {
        Unfolded {
            count: self.count.saturating_add(next.count),
            cost: self.cost.saturating_add(next.cost),
        }
    }

    fn times(self, times: u32) -> Self {
        Unfolded {
            count: self.count.saturating_mul(times),
            cost: self.cost.saturating_mul(times),
        }
    }
}

type Size = Result<Unfolded, NotPortable>;

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.position).copied()
    }

    fn next(&mut self) -> Option<char> {
        let char = self.peek()?;
        self.position += 1;
        Some(char)
    }

    fn take(&mut self, expected: char) -> bool {
        let found = self.peek() == Some(expected);
        self.position += usize::from(found);
        found
    }

    fn error(&self, reason: &'static str) -> NotPortable {
        NotPortable {
            position: self.position,
            reason,
        }
    }

    fn error_before(&self, reason: &'static str) -> NotPortable {
        NotPortable {
            position: self.position.saturating_sub(1),
            reason,
        }
    }

    /// `a|b|c`, up to a `)` or the end.
    fn alternatives(&mut self, depth: u32) -> Size {
        if depth > MAX_DEPTH {
            return Err(self.error("groups nest at most 32 deep"));
        }
        let mut size = Unfolded { count: 0, cost: 0 };
        loop {
            match self.peek() {
                None | Some(')') => return Ok(size),
                Some('|') => {
                    self.position += 1;
                    self.out.push('|');
                }
                Some(_) => size = size.and(self.term(depth)?),
            }
            if size.count > MAX_SIZE {
                return Err(self.error("the expression unfolds to more than 5,000 characters"));
            }
        }
    }

    /// One character, class, group or assertion, with its quantifier.
    fn term(&mut self, depth: u32) -> Size {
        let Some(char) = self.next() else {
            return Ok(Unfolded::ONE);
        };
        let size = match char {
            '^' | '$' => {
                self.out.push(char);
                return self.no_quantifier();
            }
            '\\' if self.take('b') => {
                self.out.push_str(r"(?-u:\b)");
                return self.no_quantifier();
            }
            '\\' => self.escape()?,
            '.' => {
                self.out.push('.');
                Unfolded::WIDE
            }
            '[' => self.class()?,
            '(' => self.group(depth)?,
            '*' | '+' | '?' | '{' => {
                return Err(self.error_before(
                    "there is nothing here to repeat; escape the character with \\",
                ));
            }
            '}' | ']' => {
                return Err(
                    self.error_before("escape this bracket with \\ if it stands for itself")
                );
            }
            _ => {
                self.literal(char);
                Unfolded::ONE
            }
        };
        let times = self.quantifier()?;
        Ok(size.times(times))
    }

    fn no_quantifier(&mut self) -> Size {
        match self.peek() {
            Some('*' | '+' | '?' | '{') => {
                Err(self.error("a place in the text cannot be repeated"))
            }
            _ => Ok(Unfolded::ONE),
        }
    }

    fn group(&mut self, depth: u32) -> Size {
        if self.take('?') && !self.take(':') {
            return Err(self.error_before("of the groups that begin with (? only (?: is portable: no look-around, names or flags"));
        }
        // Nothing refers to what a group has captured.
        self.out.push_str("(?:");
        let size = self.alternatives(depth + 1)?;
        if !self.take(')') {
            return Err(self.error("a group is not closed with )"));
        }
        self.out.push(')');
        // An empty group unfolds too.
        Ok(Unfolded {
            count: size.count.max(1),
            cost: size.cost.max(1),
        })
    }

    /// Writes the quantifier, if one is there, and returns how often it unfolds what it repeats.
    fn quantifier(&mut self) -> Result<u32, NotPortable> {
        let times = match self.peek() {
            Some(quantifier @ ('*' | '+' | '?')) => {
                self.position += 1;
                self.out.push(quantifier);
                1
            }
            Some('{') => {
                self.position += 1;
                self.counted()?
            }
            _ => return Ok(1),
        };
        // Greedy or not makes no difference to whether there is a match.
        self.take('?');
        match self.peek() {
            Some('*' | '+' | '?' | '{') => {
                Err(self.error("a quantifier cannot be repeated; use a group"))
            }
            _ => Ok(times),
        }
    }

    /// The rest of `{n}`, `{n,}` or `{n,m}`.
    fn counted(&mut self) -> Result<u32, NotPortable> {
        let least = self.number()?;
        let most = match self.take(',') {
            false => Some(least),
            true if self.peek() == Some('}') => None,
            true => Some(self.number()?),
        };
        if !self.take('}') {
            return Err(
                self.error("a repetition is {n}, {n,} or {n,m}; write \\{ for the character")
            );
        }
        if most.is_some_and(|most| most < least) {
            return Err(self.error_before("in {n,m} n is at most m"));
        }
        let most_text = most.map(|most| most.to_string()).unwrap_or_default();
        self.out
            .extend(["{", &least.to_string(), ",", &most_text, "}"]);
        Ok(most.unwrap_or(least).max(1))
    }

    fn number(&mut self) -> Result<u32, NotPortable> {
        let mut number: u32 = 0;
        let begin = self.position;
        while let Some(digit) = self.peek().and_then(|char| char.to_digit(10)) {
            self.position += 1;
            number = number * 10 + digit;
            if number > MAX_REPEAT {
                return Err(self.error_before("a repetition counts to at most 1,000"));
            }
        }
        if self.position == begin {
            return Err(
                self.error("a repetition is {n}, {n,} or {n,m}; write \\{ for the character")
            );
        }
        Ok(number)
    }

    /// What follows a `\` outside of a class.
    fn escape(&mut self) -> Size {
        let Some(char) = self.next() else {
            return Err(self.error_before("a \\ escapes the character after it, and there is none"));
        };
        match char {
            'd' | 'w' | 's' => {
                self.out.push('[');
                self.out.push_str(ranges(char));
                self.out.push(']');
            }
            'D' | 'W' | 'S' => {
                self.out.push_str("[^");
                self.out.push_str(ranges(char.to_ascii_lowercase()));
                self.out.push(']');
                return Ok(Unfolded::WIDE);
            }
            _ => {
                let char = self.escaped(char)?;
                self.literal(char);
            }
        }
        Ok(Unfolded::ONE)
    }

    /// The character that an escape stands for.
    fn escaped(&self, char: char) -> Result<char, NotPortable> {
        match char {
            'n' => Ok('\n'),
            'r' => Ok('\r'),
            't' => Ok('\t'),
            'f' => Ok('\x0c'),
            'v' => Ok('\x0b'),
            '^' | '$' | '\\' | '.' | '*' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '|' | '/' | '-' => Ok(char),
            _ => Err(self.error_before(
                "this escape is not portable; \\d \\D \\w \\W \\s \\S \\b \\n \\r \\t \\f \\v and escaped punctuation are",
            )),
        }
    }

    /// The rest of a class, `[^a-z\d]`.
    fn class(&mut self) -> Size {
        self.out.push('[');
        let mut wide = self.take('^');
        if wide {
            self.out.push('^');
        }
        let mut empty = true;
        loop {
            match self.next() {
                None => return Err(self.error("a class is not closed with ]")),
                Some(']') if empty => {
                    return Err(self.error_before(
                        "a class has at least one character; write \\] for the bracket",
                    ));
                }
                Some(']') => {
                    self.out.push(']');
                    return Ok(if wide { Unfolded::WIDE } else { Unfolded::ONE });
                }
                Some('[') => {
                    return Err(self.error_before("within a class write \\[ for the bracket"));
                }
                Some('-') if !empty && self.peek() != Some(']') => {
                    return Err(self.error_before("within a class a - stands between two characters, or first, or last; or write \\-"));
                }
                Some('\\') if matches!(self.peek(), Some('d' | 'w' | 's' | 'D' | 'W' | 'S')) => {
                    wide |= self.chars[self.position].is_ascii_uppercase();
                    let set = ranges(self.chars[self.position]);
                    self.position += 1;
                    self.out.push_str(set);
                }
                Some(char) => wide |= self.class_range(char)?,
            }
            empty = false;
        }
    }

    /// One character of a class, or a range of them; whether it reaches beyond ASCII.
    fn class_range(&mut self, first: char) -> Result<bool, NotPortable> {
        let first = self.class_char(first)?;
        let is_range = self.peek() == Some('-')
            && !matches!(self.chars.get(self.position + 1), None | Some(']'));
        if !is_range {
            self.literal(first);
            return Ok(!first.is_ascii());
        }
        self.position += 1;
        let last = match self.next() {
            Some('[') => return Err(self.error_before("within a class write \\[ for the bracket")),
            Some(char) => self.class_char(char)?,
            None => return Err(self.error("a class is not closed with ]")),
        };
        if last < first {
            return Err(self.error_before("a range runs from the lower character to the higher"));
        }
        if self.fold && !folds(first, last) {
            return Err(self.error_before(
                "with ignoreCase a range of letters stays within a-z or within A-Z",
            ));
        }
        self.literal(first);
        self.out.push('-');
        self.literal(last);
        Ok(!last.is_ascii())
    }

    fn class_char(&mut self, char: char) -> Result<char, NotPortable> {
        if char != '\\' {
            return Ok(char);
        }
        match self.next() {
            Some(char) => self.escaped(char),
            None => Err(self.error("a class is not closed with ]")),
        }
    }

    /// Writes a character that stands for itself.
    fn literal(&mut self, char: char) {
        let char = if self.fold {
            char.to_ascii_lowercase()
        } else {
            char
        };
        if char.is_ascii() && !char.is_ascii_alphanumeric() {
            self.out.push_str(&regex_escape(char));
        } else {
            self.out.push(char);
        }
    }
}

fn regex_escape(char: char) -> String {
    format!("\\x{{{:x}}}", u32::from(char))
}

/// The ASCII sets behind `\d`, `\w` and `\s`, and all but them, as the inside of a class.
fn ranges(class: char) -> &'static str {
    match class {
        'd' => "0-9",
        'w' => "0-9A-Z_a-z",
        's' => r"\x{9}-\x{d}\x{20}",
        'D' => r"\x{0}-\x{2f}\x{3a}-\x{10ffff}",
        'W' => r"\x{0}-\x{2f}\x{3a}-\x{40}\x{5b}-\x{5e}\x{60}\x{7b}-\x{10ffff}",
        _ => r"\x{0}-\x{8}\x{e}-\x{1f}\x{21}-\x{10ffff}",
    }
}

/// Whether a range means the same once the text, and the range's own ends, are in lower case.
fn folds(first: char, last: char) -> bool {
    let lower = first.is_ascii_lowercase() && last.is_ascii_lowercase();
    let upper = first.is_ascii_uppercase() && last.is_ascii_uppercase();
    let no_letters = last < 'A' || first > 'z' || (first > 'Z' && last < 'a');
    let all_letters = !first.is_ascii_uppercase() && first <= 'a' && last >= 'z';
    lower || upper || no_letters || all_letters
}
