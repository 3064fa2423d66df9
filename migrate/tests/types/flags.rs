//! The flags, each as a handle of the type of its values.
//!
//! Written by `peekaboo types flags.json --language rust --out src/flags.rs`. Change the flags, not this file, and write it anew.

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(dead_code, unreachable_pub, reason = "not every application reads every flag")]

use peekaboo_sdk::{Client, Flag};

/// A handle to each flag: make them once, where the application starts, and clone them.
#[derive(Clone)]
pub struct Flags {
    /// API limits.
    pub api_limits: Flag<ApiLimits>,
    /// Banner text.
    ///
    /// The line above the shop. Empty: no banner.
    pub banner_text: Flag<String>,
    /// Discount.
    ///
    /// Percent off every price.
    pub discount_percent: Flag<f64>,
    /// Free shipping from.
    ///
    /// The order value, in euros, from which shipping is free.
    pub free_shipping_threshold: Flag<f64>,
    /// Hero theme.
    ///
    /// The colors and picture at the top of the shop.
    pub hero_theme: Flag<HeroTheme>,
    /// Product layout.
    ///
    /// How the products are laid out.
    pub layout: Flag<Layout>,
    /// New checkout.
    ///
    /// One button from product to paid, in place of the cart.
    pub new_checkout: Flag<bool>,
}

impl Flags {
    /// Handles of a client. A flag that cannot be read serves what it serves while off.
    pub fn new(client: &Client) -> Self {
        Self {
            api_limits: client.flag("api-limits", ApiLimits { burst: vec![1.0, 2.0], note: None, owner: ApiLimitsOwner { mail: None, team: "core".to_owned() }, per_minute: 60.0, r#type: "soft".to_owned() }),
            banner_text: client.flag("banner-text", String::new()),
            discount_percent: client.flag("discount-percent", 0.0),
            free_shipping_threshold: client.flag("free-shipping-threshold", 100.0),
            hero_theme: client.flag("hero-theme", HeroTheme::Dawn),
            layout: client.flag("layout", Layout { columns: 3.0, ratings: false }),
            new_checkout: client.flag("new-checkout", false),
        }
    }
}

/// The `owner` of [`ApiLimits`].
#[derive(Clone, Debug, PartialEq, serde::Deserialize)]
pub struct ApiLimitsOwner {
    /// `mail`
    pub mail: Option<String>,
    /// `team`
    pub team: String,
}

/// What `api-limits` serves.
#[derive(Clone, Debug, PartialEq, serde::Deserialize)]
pub struct ApiLimits {
    /// `burst`
    pub burst: Vec<f64>,
    /// `note`
    pub note: Option<serde_json::Value>,
    /// `owner`
    pub owner: ApiLimitsOwner,
    /// `perMinute`
    #[serde(rename = "perMinute")]
    pub per_minute: f64,
    /// `type`
    pub r#type: String,
}

/// What `hero-theme` serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Deserialize)]
pub enum HeroTheme {
    /// Dawn
    #[serde(rename = "dawn")]
    Dawn,
    /// Midnight
    #[serde(rename = "midnight")]
    Midnight,
    /// Fjord
    #[serde(rename = "fjord")]
    Fjord,
}

/// What `layout` serves.
#[derive(Clone, Debug, PartialEq, serde::Deserialize)]
pub struct Layout {
    /// `columns`
    pub columns: f64,
    /// `ratings`
    pub ratings: bool,
}
