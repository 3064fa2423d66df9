//! Pages of a list: where one ends, the next begins, whatever is added or removed meanwhile.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::{Error, Problem, Result};

/// The most items of a page.
pub const MAX_PAGE: u32 = 1_000;

/// Which part of a list to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// How many items at most, of which at least one and at most [`MAX_PAGE`].
    pub limit: u32,
    /// Where the page before ended; none reads from the beginning.
    pub cursor: Option<String>,
}

impl Page {
    /// The first items.
    pub fn first(limit: u32) -> Self {
        Page {
            limit,
            cursor: None,
        }
    }

    /// The items after a list's.
    pub fn after<T>(limit: u32, list: &List<T>) -> Option<Self> {
        let cursor = Some(list.next.clone()?);
        Some(Page { limit, cursor })
    }

    /// How many rows to ask for: one more than the page holds shows whether there is another page.
    pub(crate) fn fetch(&self) -> i64 {
        i64::from(self.limit()) + 1
    }

    fn limit(&self) -> u32 {
        self.limit.clamp(1, MAX_PAGE)
    }

    /// The position that the cursor holds, when it is a single value.
    pub(crate) fn cursor<T: FromStr>(&self) -> Result<Option<T>> {
        let Some([text]) = self.parts()? else {
            return Ok(None);
        };
        Ok(Some(text.parse().map_err(|_| invalid_cursor())?))
    }

    /// The position that the cursor holds, as the text of each of its parts.
    pub(crate) fn parts<const N: usize>(&self) -> Result<Option<[String; N]>> {
        let Some(cursor) = &self.cursor else {
            return Ok(None);
        };
        let read = || {
            let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
            let parts: Vec<String> = serde_json::from_slice(&bytes).ok()?;
            // Postgres cannot even be asked for it.
            let askable = !parts.iter().any(|part| part.contains('\0'));
            askable.then_some(parts)?.try_into().ok()
        };
        Ok(Some(read().ok_or_else(invalid_cursor)?))
    }

    /// Makes the page of the rows fetched.
    pub(crate) fn list<T>(&self, mut items: Vec<T>, cursor: impl Fn(&T) -> Cursor) -> List<T> {
        let limit = self.limit() as usize;
        let more = items.len() > limit;
        items.truncate(limit);
        let last = items.last().filter(|_| more);
        List {
            next: last.map(|item| cursor(item).encode()),
            items,
        }
    }
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List<T> {
    /// In the list's order.
    pub items: Vec<T>,
    /// The cursor of the next page, if there is one. Opaque.
    pub next: Option<String>,
}

impl<T> List<T> {
    /// Turns each item into another.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> List<U> {
        List {
            items: self.items.into_iter().map(change).collect(),
            next: self.next,
        }
    }
}

/// Where an item stands in its list: the values that the list is sorted by.
pub(crate) struct Cursor(Vec<String>);

impl Cursor {
    pub(crate) fn of(part: &dyn fmt::Display) -> Self {
        Cursor(vec![part.to_string()])
    }

    pub(crate) fn of_parts(parts: &[&dyn fmt::Display]) -> Self {
        Cursor(parts.iter().map(ToString::to_string).collect())
    }

    fn encode(self) -> String {
        let json = serde_json::Value::from(self.0).to_string();
        URL_SAFE_NO_PAD.encode(json)
    }
}

pub(crate) fn invalid_cursor() -> Error {
    let detail = "the cursor is not one that this list gave; leave it out to begin anew";
    Error::Invalid(vec![Problem::new("/cursor", "invalid_cursor", detail)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_tells_where_the_next_begins() {
        let page = Page::first(2);
        let list = page.list(vec![1, 2, 3], |item| Cursor::of(item));
        assert_eq!(list.items, [1, 2]);
        let next = Page::after(2, &list).expect("there is more");
        assert_eq!(next.cursor::<i64>().expect("valid"), Some(2));
        let end = next.list(vec![3], |item| Cursor::of(item));
        assert_eq!(Page::after(2, &end), None);
    }

    #[test]
    fn a_made_up_cursor_is_refused() {
        for cursor in ["", "x", "bnVsbA", "WzFd"] {
            let cursor = Some(cursor.to_owned());
            let page = Page { limit: 1, cursor };
            assert!(matches!(page.cursor::<i64>(), Err(Error::Invalid(_))));
        }
    }
}
