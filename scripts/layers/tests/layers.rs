//! What the check accepts and what it finds, on small crates.

mod support;

use peekaboo_layers::Workspace;

use crate::support::Shop;

#[test]
fn modules_may_import_lower_layers() {
    let shop = Shop::with(&[
        ("lib.rs", "mod cart;\nmod price;\nuse cart::Cart;"),
        ("price.rs", "pub struct Price;"),
        (
            "cart.rs",
            "use crate::price::Price;\npub struct Cart(Price);",
        ),
    ]);
    assert!(shop.check(r#"[["price"], ["cart"]]"#).is_empty());
}

#[test]
fn an_upward_import_is_found_at_its_line() {
    let shop = Shop::with(&[
        ("lib.rs", "mod cart;\nmod price;"),
        ("cart.rs", "pub struct Cart;"),
        ("price.rs", "//! Prices.\n\nuse crate::cart::Cart;"),
    ]);
    assert_eq!(
        shop.check(r#"[["price"], ["cart"]]"#),
        [
            "shop/src/price.rs:3: imports `crate::cart::Cart` from shop/src/cart.rs; \
             `cart` is in a higher layer than `price`"
        ]
    );
}

#[test]
fn modules_of_one_layer_must_not_import_each_other() {
    let shop = Shop::with(&[
        ("lib.rs", "mod cart;\nmod price;"),
        ("price.rs", "pub struct Price;"),
        ("cart.rs", "pub struct Cart(super::price::Price);"),
    ]);
    assert_eq!(
        shop.check(r#"[["price", "cart"]]"#),
        [
            "shop/src/cart.rs:1: imports `super::price::Price` from shop/src/price.rs; \
             `cart` and `price` are in the same layer, whose modules must not import each other"
        ]
    );
}

#[test]
fn a_file_has_the_layer_of_its_top_level_module() {
    let shop = Shop::with(&[
        ("lib.rs", "mod cart;\nmod price;"),
        ("cart.rs", "pub struct Cart;"),
        ("price/mod.rs", "mod tax;"),
        ("price/tax.rs", "fn due(_: &crate::cart::Cart) {}"),
    ]);
    assert_eq!(
        shop.check(r#"[["price"], ["cart"]]"#),
        [
            "shop/src/price/tax.rs:1: imports `crate::cart::Cart` from shop/src/cart.rs; \
             `cart` is in a higher layer than `price`"
        ]
    );
}

#[test]
fn the_crate_root_is_above_all_layers() {
    let shop = Shop::with(&[
        ("lib.rs", "mod cart;\npub struct Shop;"),
        ("cart.rs", "fn open(_: crate::Shop) {}"),
    ]);
    assert_eq!(
        shop.check(r#"[["cart"]]"#),
        [
            "shop/src/cart.rs:1: imports `crate::Shop` from shop/src/lib.rs; \
             the crate root is above every layer: move what `cart` needs into a module below it"
        ]
    );
}

#[test]
fn a_cycle_is_shown_import_by_import() {
    let shop = Shop::with(&[
        ("lib.rs", "mod order;"),
        ("order/mod.rs", "mod cart;\nmod item;\nmod price;"),
        (
            "order/cart.rs",
            "use super::item::Item;\npub struct Cart(Item);",
        ),
        (
            "order/item.rs",
            "\nuse super::price::Price;\npub struct Item(Price);",
        ),
        (
            "order/price.rs",
            "\n\nuse super::cart::Cart;\npub struct Price(Cart);",
        ),
    ]);
    assert_eq!(
        lines(&shop.check(r#"[["order"]]"#)),
        [
            "shop/src/order/cart.rs: cycle among 3 files; move what they share into a file below them:",
            "    shop/src/order/cart.rs:1: imports `super::item::Item` from shop/src/order/item.rs",
            "    shop/src/order/item.rs:2: imports `super::price::Price` from shop/src/order/price.rs",
            "    shop/src/order/price.rs:3: imports `super::cart::Cart` from shop/src/order/cart.rs",
        ]
    );
}

#[test]
fn a_child_that_uses_its_parent_while_the_parent_uses_it_is_a_cycle() {
    let shop = Shop::with(&[
        ("lib.rs", "mod cart;"),
        (
            "cart/mod.rs",
            "mod item;\npub use item::Item;\npub struct Cart(Item);",
        ),
        ("cart/item.rs", "pub struct Item;\nfn of(_: super::Cart) {}"),
    ]);
    assert_eq!(
        lines(&shop.check(r#"[["cart"]]"#)),
        [
            "shop/src/cart/mod.rs: cycle among 2 files; move what they share into a file below them:",
            "    shop/src/cart/mod.rs:3: imports `Item` from shop/src/cart/item.rs",
            "    shop/src/cart/item.rs:2: imports `super::Cart` from shop/src/cart/mod.rs",
        ]
    );
}

#[test]
fn a_parent_that_only_reexports_its_children_does_not_import_them() {
    let shop = Shop::with(&[
        ("lib.rs", "mod cart;\npub use cart::*;"),
        (
            "cart/mod.rs",
            "mod item;\npub use item::Item;\npub struct Cart;",
        ),
        ("cart/item.rs", "pub struct Item(crate::Cart);"),
    ]);
    assert!(shop.check(r#"[["cart"]]"#).is_empty());
}

#[test]
fn names_are_followed_through_reexports_to_their_definition() {
    let shop = Shop::with(&[
        (
            "lib.rs",
            "mod cart;\nmod price;\npub use cart::{Item as Thing};\npub use crate::price::*;",
        ),
        ("cart/mod.rs", "mod item;\npub use self::item::*;"),
        ("cart/item.rs", "pub struct Item;"),
        ("price.rs", "use crate::{Thing};\npub struct Price(Thing);"),
    ]);
    assert_eq!(
        shop.check(r#"[["price"], ["cart"]]"#),
        [
            "shop/src/price.rs:1: imports `crate::Thing` from shop/src/cart/item.rs; \
             `cart` is in a higher layer than `price`"
        ]
    );
}

#[test]
fn a_reexport_of_what_is_elsewhere_is_an_import() {
    let shop = Shop::with(&[
        ("lib.rs", "mod cart;\nmod price;"),
        ("cart.rs", "pub struct Cart;"),
        ("price.rs", "pub(crate) use crate::cart::Cart;"),
    ]);
    assert_eq!(shop.check(r#"[["price"], ["cart"]]"#).len(), 1);
}

/// Each of these imports `crate::cart`, which is above.
#[test]
fn imports_are_found_wherever_code_can_name_something() {
    for code in [
        "use crate::{cart::{self, Cart}};",
        "use crate::cart; fn f() { cart::open(); }",
        "use crate::cart as basket; fn f() { basket::open(); }",
        "use crate::cart::*; fn f(_: Cart) {}",
        "use super::cart::Cart as _;",
        "use self::inner::Cart; mod inner { pub use super::super::cart::Cart; }",
        "fn f() { use crate::cart::open; open(); }",
        "fn f() { crate::cart::open(); }",
        "fn f() -> Vec<crate::cart::Cart> { Vec::new() }",
        "fn f() { let crate::cart::Cart {} = x; }",
        "fn f<T: crate::cart::Carries>() {}",
        "impl crate::cart::Carries for Price {}",
        "mod inner { fn f() { crate::cart::open(); } }",
        "fn f() { println!(\"{}\", crate::cart::open()); }",
        "fn f() { crate::cart::pack!(); }",
        "macro_rules! price { () => { $crate::cart::open() } }",
        "#[derive(Deserialize)] struct Price { #[serde(with = \"crate::cart\", default = \"crate::cart::open\")] of: u8 }",
        "#[utoipa::path(body = crate::cart::Cart)] fn f() {}",
        "fn f() { crate::cart::made_by_a_macro(); }",
        "#[cfg(not(test))] use crate::cart::Cart;",
        "#[cfg(any(test, unix))] use crate::cart::Cart;",
    ] {
        let shop = Shop::with(&[
            ("lib.rs", "mod cart;\nmod price;"),
            (
                "cart.rs",
                "pub struct Cart {} pub trait Carries {} pub fn open() {} macro_rules! pack { () => {} } pub(crate) use pack;",
            ),
            ("price.rs", code),
        ]);
        let findings = shop.check(r#"[["price"], ["cart"]]"#);
        assert_eq!(findings.len(), 1, "{code}: {findings:?}");
    }
}

/// None of these imports `crate::cart`.
#[test]
fn what_only_looks_like_an_import_is_none() {
    for code in [
        "use crate::cart::*; fn f(order: Order) { assert!(order.open); }",
        "use crate::cart::*; fn f() { json!({ open: 1 }); }",
        "use crate::cart::*; fn f() { f!('open); }",
        "use crate::cart::*; fn f() { self.open(); }",
        "use crate::cart::*; macro_rules! price { ($open:expr) => { $open } }",
        "use ::cart::Cart;",
        "use other::cart::Cart;",
        "/// See [`crate::cart::Cart`].\nfn f() {}",
        "pub(in crate::cart) fn f() {}",
    ] {
        let shop = Shop::with(&[
            ("lib.rs", "mod cart;\nmod price;"),
            ("cart.rs", "pub struct Cart {} pub fn open() {}"),
            ("price.rs", code),
        ]);
        let findings = shop.check(r#"[["price"], ["cart"]]"#);
        assert!(findings.is_empty(), "{code}: {findings:?}");
    }
}

#[test]
fn code_of_tests_may_import_anything() {
    for code in [
        "#[cfg(test)] use crate::cart::Cart;",
        "#[cfg(test)] mod tests { use crate::cart::Cart; }",
        "#[cfg(test)] mod tests;",
        "#[cfg(all(test, unix))] mod tests { use crate::cart::Cart; }",
        "#[test] fn opens() { crate::cart::open(); }",
        "impl Price { #[cfg(test)] fn of(_: crate::cart::Cart) {} }",
    ] {
        let shop = Shop::with(&[
            ("lib.rs", "mod cart;\nmod price;"),
            ("cart.rs", "pub struct Cart; pub fn open() {}"),
            ("price.rs", code),
            ("price/tests.rs", "use crate::cart::Cart;"),
        ]);
        let findings = shop.check(r#"[["price"], ["cart"]]"#);
        assert!(findings.is_empty(), "{code}: {findings:?}");
    }
}

#[test]
fn a_macro_is_found_in_the_module_around() {
    let shop = Shop::with(&[
        ("lib.rs", "mod cart;"),
        (
            "cart/mod.rs",
            "macro_rules! columns { () => { \"id\" } }\nmod item;\nmod list;\nfn f() { item::read(); list::read(1); }",
        ),
        ("cart/item.rs", "pub fn read() { columns!(); }"),
        ("cart/list.rs", "pub fn read(columns: u8) -> u8 { columns }"),
    ]);
    let findings = shop.check(r#"[["cart"]]"#);
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(findings[0].contains("item.rs:1: imports `columns` from shop/src/cart/mod.rs"));
    assert!(!findings[0].contains("list.rs"), "{findings:?}");
}

#[test]
fn a_module_without_a_layer_is_found() {
    let shop = Shop::with(&[("lib.rs", "mod cart;"), ("cart.rs", "")]);
    assert_eq!(
        shop.check("[]"),
        ["shop/src/cart.rs: `cart` has no layer; add it to `modules.\"shop\"` in layers.toml"]
    );
}

#[test]
fn a_layer_names_each_module_once_and_none_that_is_gone() {
    let shop = Shop::with(&[("lib.rs", "mod cart;"), ("cart.rs", "")]);
    assert_eq!(
        shop.check(r#"[["cart", "price"], ["cart"]]"#),
        [
            "layers.toml: `modules.\"shop\"` names `price`, which does not exist",
            "layers.toml: `modules.\"shop\"` names `cart` more than once",
        ]
    );
}

#[test]
fn files_are_found_where_the_compiler_looks_for_them() {
    let shop = Shop::with(&[
        (
            "lib.rs",
            "mod cart;\nmod price { pub mod tax; }\n#[path = \"elsewhere/box.rs\"]\nmod packing;",
        ),
        ("cart.rs", "mod item;"),
        ("cart/item.rs", "use crate::packing::Packing;"),
        ("price/tax.rs", "use crate::cart;"),
        ("elsewhere/box.rs", "mod lid;\npub struct Packing;"),
        ("elsewhere/lid.rs", ""),
    ]);
    assert_eq!(
        shop.check(r#"[["cart"], ["packing"]]"#),
        [
            "shop/src/cart/item.rs:1: imports `crate::packing::Packing` from shop/src/elsewhere/box.rs; \
             `packing` is in a higher layer than `cart`"
        ]
    );
}

#[test]
fn crates_depend_only_on_lower_layers_but_in_tests() {
    let workspace = Shop::with(&[("lib.rs", "")]);
    let manifest = |name: &str, rest: &str| {
        format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n{rest}")
    };
    workspace.write(
        "Cargo.toml",
        "[workspace]\nresolver = \"3\"\nmembers = [\"shop\", \"till\", \"bank\"]",
    );
    workspace.write(
        "shop/Cargo.toml",
        &manifest(
            "shop",
            "[dependencies]\ntill = { path = \"../till\" }\n[dev-dependencies]\nbank = { path = \"../bank\" }",
        ),
    );
    workspace.write("till/Cargo.toml", &manifest("till", ""));
    workspace.write("till/src/main.rs", "fn main() {}");
    workspace.write(
        "bank/Cargo.toml",
        &manifest("bank", "[dependencies]\nshop = { path = \"../shop\" }"),
    );
    workspace.write("bank/src/lib.rs", "");
    let read = Workspace::read(&workspace.path()).expect("a workspace");

    let right = "crates = [[\"till\"], [\"shop\"], [\"bank\"]]";
    assert!(workspace.check_workspace(&read, right).is_empty());

    let wrong = "crates = [[\"shop\", \"till\"], [\"post\"]]";
    assert_eq!(
        workspace.check_workspace(&read, wrong),
        [
            "bank/Cargo.toml: `bank` has no layer; add it to `crates` in layers.toml",
            "shop/Cargo.toml: depends on `till`, which is not in a lower layer of `crates` in layers.toml",
            "layers.toml: `crates` names `post`, which does not exist",
        ]
    );
}

/// The lines of all findings.
fn lines(findings: &[String]) -> Vec<&str> {
    findings.iter().flat_map(|it| it.lines()).collect()
}
