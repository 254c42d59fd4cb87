//! `shelfiq settings`: how the shop prices.

use serde_json::json;
use shelfiq_app::settings::{FrozenDays, PricingStrategy, ReductionRule, RiskChoice, ShopSettings};
use shelfiq_app::shops::{self, ShopChange};
use shelfiq_pricing::Reference;

use super::desk;
use crate::cli::{
    Global, PricingSettings, ReductionRuleName, ReferenceName, RiskName, SettingsAction, ShopStrategyName,
};
use crate::config::ShelfiqConfig;
use crate::print;

/// Shows the settings, or changes them and shows them.
///
/// # Errors
/// If a value is out of bounds: it is named, and nothing changes.
pub(super) async fn run(action: SettingsAction, config: &ShelfiqConfig, global: &Global) -> anyhow::Result<()> {
    let (platform, actor) = desk(config, global).await?;
    let view = match action {
        SettingsAction::Show => shops::get(&platform, &actor).await?,
        SettingsAction::Pricing(asked) => {
            let known = shops::get(&platform, &actor).await?;
            let settings = changed(known.settings, *asked);
            let change = ShopChange { settings: Some(settings), ..ShopChange::default() };
            shops::change(&platform, &actor, change, Some(known.merchant.version)).await?
        }
    };
    if global.json {
        return print::json(&json!({ "merchant": view.merchant.name, "settings": view.settings }));
    }
    print::table(&["setting", "value"], &rows(&view.settings))
}

fn changed(mut settings: ShopSettings, asked: PricingSettings) -> ShopSettings {
    fn set<T>(place: &mut T, given: Option<T>) {
        if let Some(given) = given {
            *place = given;
        }
    }
    let pricing = &mut settings.pricing;
    set(&mut pricing.objective, asked.objective.map(Into::into));
    set(
        &mut pricing.strategy,
        asked.strategy.map(|name| match name {
            ShopStrategyName::Earn => PricingStrategy::Earn,
            ShopStrategyName::Compete => PricingStrategy::Compete,
        }),
    );
    set(
        &mut pricing.stance.reference,
        asked.reference.map(|name| match name {
            ReferenceName::Cheapest => Reference::Cheapest,
            ReferenceName::Median => Reference::Median,
        }),
    );
    set(
        &mut pricing.risk,
        asked.risk.map(|name| match name {
            RiskName::Neutral => RiskChoice::Neutral,
            RiskName::Careful => RiskChoice::Careful,
            RiskName::VeryCareful => RiskChoice::VeryCareful,
        }),
    );
    set(
        &mut pricing.reductions,
        asked.reductions.map(|name| match name {
            ReductionRuleName::Any => ReductionRule::Any,
            ReductionRuleName::OnlyAnnounceable => ReductionRule::OnlyAnnounceable,
        }),
    );
    set(&mut pricing.stance.distance, asked.distance);
    set(&mut pricing.stance.sacrifice_max, asked.sacrifice);
    set(&mut pricing.confidence, asked.confidence);
    set(&mut pricing.reduction_min, asked.reduction_min);
    if !asked.own_seller.is_empty() {
        pricing.own_sellers = asked.own_seller.into_iter().filter(|name| !name.trim().is_empty()).collect();
    }
    if asked.no_frozen || !asked.frozen.is_empty() {
        pricing.frozen = asked.frozen.into_iter().map(|(from, to, name)| FrozenDays { from, to, name }).collect();
        pricing.frozen.sort_by_key(|days| (days.from, days.to));
    }
    set(&mut settings.price_endings, asked.endings);
    set(&mut settings.rival_band_below, asked.rival_below);
    set(&mut settings.rival_band_above, asked.rival_above);
    set(&mut settings.policy.max_price_change, asked.max_change);
    set(&mut settings.policy.margin_floor, asked.min_margin);
    settings
}

/// A setting's stable name.
fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

fn rows(settings: &ShopSettings) -> Vec<Vec<String>> {
    let pricing = &settings.pricing;
    let mut rows = vec![
        ("objective", word(&pricing.objective)),
        ("strategy", word(&pricing.strategy)),
        ("reference", word(&pricing.stance.reference)),
        ("distance", pricing.stance.distance.to_string()),
        ("sacrifice", pricing.stance.sacrifice_max.to_string()),
        ("own sellers", print::or_dash((!pricing.own_sellers.is_empty()).then(|| pricing.own_sellers.join(", ")))),
        ("risk", word(&pricing.risk)),
        ("confidence", pricing.confidence.to_string()),
        ("largest change in a day", settings.policy.max_price_change.to_string()),
        ("least margin", settings.policy.margin_floor.to_string()),
        ("endings", settings.price_endings.to_string()),
        ("below the cheapest rival", settings.rival_band_below.to_string()),
        ("above the cheapest rival", settings.rival_band_above.to_string()),
        ("reductions", word(&pricing.reductions)),
        ("smallest reduction", pricing.reduction_min.to_string()),
    ];
    rows.extend(pricing.frozen.iter().map(|days| ("frozen", format!("{} to {}  {}", days.from, days.to, days.name))));
    rows.push(("usual delivery time", format!("{} days", settings.default_lead_time_days)));
    rows.push(("service level", settings.policy.service_level.to_string()));
    rows.into_iter().map(|(name, value)| vec![name.to_owned(), value]).collect()
}
