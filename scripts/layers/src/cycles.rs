//! Cycles: files that import each other, directly or through others.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::finding::Finding;
use crate::imports::{Import, Imports};
use crate::tree::{FileId, Tree};

/// The last import on a shortest way to each file that can be reached.
type Reached<'a> = BTreeMap<FileId, &'a Import>;

/// Reports each set of files that all import each other, with a shortest cycle among them.
pub(crate) fn check(tree: &Tree, imports: &Imports, findings: &mut Vec<Finding>) {
    let importing: BTreeSet<FileId> = imports.all().map(|it| it.from).collect();
    let ways: BTreeMap<FileId, Reached<'_>> = importing
        .into_iter()
        .map(|file| (file, ways_from(file, imports)))
        .collect();
    let leads = |from: &FileId, to: &FileId| ways.get(from).is_some_and(|it| it.contains_key(to));
    let mut reported = BTreeSet::new();
    for file in ways.keys().filter(|file| leads(file, file)) {
        if reported.contains(file) {
            continue;
        }
        let together: BTreeSet<FileId> = ways[file]
            .keys()
            .filter(|other| leads(other, file))
            .copied()
            .collect();
        let shortest = together
            .iter()
            .map(|start| cycle_through(*start, &ways[start]))
            .min_by_key(Vec::len);
        findings.push(Finding::Cycle {
            imports: shortest
                .unwrap_or_default()
                .iter()
                .map(|import| import.line(tree))
                .collect(),
            files: together.len(),
        });
        reported.extend(together);
    }
}

/// Follows imports from a file to all that they lead to.
fn ways_from(start: FileId, imports: &Imports) -> Reached<'_> {
    let mut reached = Reached::new();
    let mut next = VecDeque::from([start]);
    while let Some(file) = next.pop_front() {
        for import in imports.of_file(file) {
            if let Entry::Vacant(new) = reached.entry(import.to) {
                new.insert(import);
                next.push_back(import.to);
            }
        }
    }
    reached
}

/// The way from a file back to itself; empty if there is none.
fn cycle_through<'a>(start: FileId, reached: &Reached<'a>) -> Vec<&'a Import> {
    let mut cycle = Vec::new();
    let mut end = start;
    while let Some(import) = reached.get(&end) {
        cycle.insert(0, *import);
        end = import.from;
        if end == start {
            break;
        }
    }
    cycle
}
