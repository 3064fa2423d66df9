//! A map whose versions share what they have in common.
//!
//! Entries are spread over chunks of a few dozen by their hash. A clone shares every chunk, and a change copies only the
//! chunk that it is in, so the next version of a large map costs about as much as that of a small one. A lookup hashes
//! once and reads one pointer more than in an ordinary hash table.

use std::fmt;
use std::hash::BuildHasher;
use std::slice;
use std::sync::Arc;

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use hashbrown::hash_table;

/// Entries per chunk, on average, at which the number of chunks doubles.
const FULL: usize = 64;

/// A map by text that is cheap to clone and to change, because versions share what they have in common.
#[derive(Clone)]
pub struct SharedMap<V> {
    /// None while the map is empty; otherwise their number is a power of two.
    chunks: Arc<[Arc<Chunk<V>>]>,
    len: usize,
    hasher: RandomState,
}

type Chunk<V> = HashTable<(Arc<str>, V)>;

impl<V> SharedMap<V> {
    /// The number of entries.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The value of a key.
    #[inline]
    pub fn get(&self, key: &str) -> Option<&V> {
        let hash = self.hasher.hash_one(key);
        let chunk = self.chunks.get(place(hash, self.chunks.len()))?;
        let entry = chunk.find(hash, |(known, _)| **known == *key)?;
        Some(&entry.1)
    }

    /// Whether there is a value for a key.
    pub fn contains_key(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// All entries, in no particular order.
    pub fn iter(&self) -> Iter<'_, V> {
        Iter {
            chunks: self.chunks.iter(),
            entries: None,
            left: self.len,
        }
    }

    /// All keys, in no particular order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &Arc<str>> {
        self.iter().map(|(key, _)| key)
    }
}

impl<V: Clone> SharedMap<V> {
    /// Sets the value of a key. A key that is there already is kept.
    pub fn insert(&mut self, key: &str, value: V) {
        let hash = self.hasher.hash_one(key);
        if self.len >= self.chunks.len() * FULL {
            self.grow();
        }
        let chunk = chunk_of(&mut self.chunks, hash);
        if let Some((_, former)) = chunk.find_mut(hash, |(known, _)| **known == *key) {
            *former = value;
            return;
        }
        let hasher = &self.hasher;
        chunk.insert_unique(hash, (key.into(), value), |(key, _)| {
            hasher.hash_one(&**key)
        });
        self.len += 1;
    }

    /// Removes a key and returns its value, if it was there.
    pub fn remove(&mut self, key: &str) -> Option<V> {
        if !self.contains_key(key) {
            // Nothing is copied for it.
            return None;
        }
        let hash = self.hasher.hash_one(key);
        let chunk = chunk_of(&mut self.chunks, hash);
        let entry = chunk.find_entry(hash, |(known, _)| **known == *key).ok()?;
        let ((_, value), _) = entry.remove();
        self.len -= 1;
        Some(value)
    }

    /// Doubles the number of chunks.
    fn grow(&mut self) {
        let entries: Vec<_> = self
            .iter()
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        self.chunks = chunks(&self.hasher, entries, (self.chunks.len() * 2).max(1));
    }
}

/// Spreads entries, each of another key, over so many chunks.
fn chunks<V>(
    hasher: &RandomState,
    entries: Vec<(Arc<str>, V)>,
    number: usize,
) -> Arc<[Arc<Chunk<V>>]> {
    let mut chunks: Vec<_> = (0..number).map(|_| Chunk::new()).collect();
    for entry in entries {
        let hash = hasher.hash_one(&*entry.0);
        let chunk = &mut chunks[place(hash, number)];
        chunk.insert_unique(hash, entry, |(key, _)| hasher.hash_one(&**key));
    }
    for chunk in &mut chunks {
        chunk.shrink_to_fit(|(key, _)| hasher.hash_one(&**key));
    }
    chunks.into_iter().map(Arc::new).collect()
}

/// The chunk that a hash belongs to, by bits that the tables within the chunks do not go by.
#[inline]
fn place(hash: u64, chunks: usize) -> usize {
    (hash >> 32) as usize & chunks.wrapping_sub(1)
}

/// The chunk, copied first if another version shares it.
fn chunk_of<V: Clone>(chunks: &mut Arc<[Arc<Chunk<V>>]>, hash: u64) -> &mut Chunk<V> {
    let place = place(hash, chunks.len());
    Arc::make_mut(&mut Arc::make_mut(chunks)[place])
}

impl<V> Default for SharedMap<V> {
    fn default() -> Self {
        Self {
            chunks: Arc::default(),
            len: 0,
            hasher: RandomState::default(),
        }
    }
}

impl<V: Clone> FromIterator<(Arc<str>, V)> for SharedMap<V> {
    /// The last of several values of a key counts.
    fn from_iter<I: IntoIterator<Item = (Arc<str>, V)>>(entries: I) -> Self {
        let mut entries: Vec<_> = entries.into_iter().collect();
        entries.reverse();
        entries.sort_by(|(a, _), (b, _)| a.cmp(b));
        entries.dedup_by(|(later, _), (kept, _)| later == kept);
        let hasher = RandomState::default();
        let number = entries.len().div_ceil(FULL).next_power_of_two();
        Self {
            len: entries.len(),
            chunks: if entries.is_empty() {
                Arc::default()
            } else {
                chunks(&hasher, entries, number)
            },
            hasher,
        }
    }
}

impl<V: fmt::Debug> fmt::Debug for SharedMap<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

impl<'m, V> IntoIterator for &'m SharedMap<V> {
    type Item = (&'m Arc<str>, &'m V);
    type IntoIter = Iter<'m, V>;

    fn into_iter(self) -> Iter<'m, V> {
        self.iter()
    }
}

/// The entries of a [`SharedMap`].
#[derive(Clone)]
pub struct Iter<'m, V> {
    chunks: slice::Iter<'m, Arc<Chunk<V>>>,
    entries: Option<hash_table::Iter<'m, (Arc<str>, V)>>,
    left: usize,
}

impl<'m, V> Iterator for Iter<'m, V> {
    type Item = (&'m Arc<str>, &'m V);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some((key, value)) = self.entries.as_mut().and_then(Iterator::next) {
                self.left -= 1;
                return Some((key, value));
            }
            self.entries = Some(self.chunks.next()?.iter());
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl<V> ExactSizeIterator for Iter<'_, V> {}

impl<V> fmt::Debug for Iter<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Iter").field("left", &self.left).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn entries(map: &SharedMap<u32>) -> BTreeMap<String, u32> {
        map.iter()
            .map(|(key, value)| (key.to_string(), *value))
            .collect()
    }

    /// How many chunks the two share, of how many.
    fn shared(one: &SharedMap<u32>, other: &SharedMap<u32>) -> (usize, usize) {
        let pairs = one.chunks.iter().zip(other.chunks.iter());
        let shared = pairs.filter(|(one, other)| Arc::ptr_eq(one, other));
        (shared.count(), one.chunks.len())
    }

    proptest! {
        #[test]
        fn it_holds_what_an_ordinary_map_holds_and_former_versions_stay(
            first in prop::collection::vec((0_u32..400, any::<u32>()), 0..300),
            steps in prop::collection::vec((0_u32..400, any::<Option<u32>>()), 0..300),
        ) {
            let key = |number: u32| format!("flag-{number}");
            let mut model: BTreeMap<_, _> = first.iter().map(|(number, value)| (key(*number), *value)).collect();
            let mut map: SharedMap<u32> = first.iter().map(|(number, value)| (key(*number).into(), *value)).collect();
            prop_assert_eq!(&entries(&map), &model);
            let (former, former_model) = (map.clone(), model.clone());
            for (number, value) in steps {
                let key = key(number);
                if let Some(value) = value {
                    model.insert(key.clone(), value);
                    map.insert(&key, value);
                } else {
                    prop_assert_eq!(map.remove(&key), model.remove(&key));
                }
                prop_assert_eq!(map.get(&key), model.get(&key));
                prop_assert_eq!(map.len(), model.len());
            }
            prop_assert_eq!(map.iter().len(), model.len());
            prop_assert_eq!(entries(&map), model);
            prop_assert_eq!(entries(&former), former_model);
        }
    }

    #[test]
    fn a_change_copies_one_chunk_of_many() {
        let map: SharedMap<u32> = (0..10_000)
            .map(|number| (format!("flag-{number}").into(), number))
            .collect();
        let mut next = map.clone();
        next.insert("flag-7", 0);
        let (shared_chunks, all) = shared(&map, &next);
        assert_eq!(shared_chunks, all - 1);
        assert!(all >= 10_000 / FULL, "{all}");
        let mut same = map.clone();
        assert_eq!(same.remove("no such flag"), None);
        assert_eq!(shared(&map, &same), (all, all));
    }

    #[test]
    fn chunks_stay_small_while_the_map_grows() {
        let mut map = SharedMap::default();
        for number in 0..5_000 {
            map.insert(&format!("flag-{number}"), number);
        }
        let longest = map.chunks.iter().map(|chunk| chunk.len()).max();
        assert!(
            longest.is_some_and(|longest| longest < 3 * FULL),
            "{longest:?}"
        );
    }
}
