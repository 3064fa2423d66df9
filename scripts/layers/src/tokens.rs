//! Paths in tokens that no parser understands: the arguments of macros and attributes, and the bodies of macros.

use proc_macro2::{TokenStream, TokenTree};

use crate::mention::{Mention, name_of};

/// The paths in these tokens, as far as they can be distinguished from names of fields and of macro variables.
pub(crate) fn paths(tokens: &TokenStream) -> Vec<Mention> {
    let trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let mut found = Vec::new();
    let mut nth = 0;
    while let Some(tree) = trees.get(nth) {
        match tree {
            TokenTree::Group(group) => found.extend(paths(&group.stream())),
            TokenTree::Ident(_) => {
                let (path, after) = path_at(&trees, nth);
                if !is_field_or_variable(&trees, nth, after) {
                    found.push(Mention {
                        path,
                        line: tree.span().start().line,
                        is_macro: is(&trees, after, '!') && !is(&trees, after + 1, '='),
                    });
                }
                nth = after;
                continue;
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
        nth += 1;
    }
    found
}

/// The paths that stand as text in these tokens, as serde's attributes take them.
pub(crate) fn quoted_paths(tokens: &TokenStream) -> Vec<Mention> {
    let mut found = Vec::new();
    for tree in tokens.clone() {
        match tree {
            TokenTree::Group(group) => found.extend(quoted_paths(&group.stream())),
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                let parsed = syn::parse_str::<syn::Path>(text.trim_matches('"'));
                found.extend(parsed.ok().map(|path| Mention {
                    path: path.segments.iter().map(|it| name_of(&it.ident)).collect(),
                    line: literal.span().start().line,
                    is_macro: false,
                }));
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) => {}
        }
    }
    found
}

/// The path that begins with the identifier at `first`, and the position after it.
fn path_at(trees: &[TokenTree], first: usize) -> (Vec<String>, usize) {
    let mut path = Vec::new();
    let mut nth = first;
    while let Some(TokenTree::Ident(ident)) = trees.get(nth) {
        path.push(name_of(ident));
        nth += 1;
        if !(is(trees, nth, ':') && is(trees, nth + 1, ':')) {
            break;
        }
        nth += 2;
    }
    (path, nth)
}

/// Whether an identifier is a field (`.name`, `name:`), a lifetime (`'name`) or a macro's variable (`$name`).
fn is_field_or_variable(trees: &[TokenTree], first: usize, after: usize) -> bool {
    let is_crate = matches!(&trees[first], TokenTree::Ident(it) if it == "crate");
    let before = |back: usize, char| first >= back && is(trees, first - back, char);
    let is_access = before(1, '.') && !before(2, '.');
    let is_name = after == first + 1 && is(trees, after, ':');
    is_access || is_name || before(1, '\'') || (before(1, '$') && !is_crate)
}

fn is(trees: &[TokenTree], nth: usize, char: char) -> bool {
    matches!(trees.get(nth), Some(TokenTree::Punct(it)) if it.as_char() == char)
}
