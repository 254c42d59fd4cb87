//! Prices that look at rivals: a place among them, or what rating and features are worth.

use std::collections::HashMap;

use anyhow::bail;
use shelfiq_pricing::{
    Attribute, Availability, CompetitiveStance, HedonicModel, Market, Offer, OptimizeOptions, PriceAdvice,
    PriceProblem, PricingError, Reference, compete, price_by_value,
};
use shelfiq_tabular::Columns;

use super::rows::{amounts, flags};
use crate::cli::{self, ReferenceName};
use crate::toolbox::plain_file::{self, all_present};

type Answers = Vec<Result<PriceAdvice, PricingError>>;

/// The price of each row that takes its place among the rivals.
///
/// # Errors
/// If there are no rivals' prices to read, or naming what of them cannot be read.
pub(super) fn competitive(
    asked: &cli::Optimize,
    file: &Columns,
    problems: &mut [PriceProblem],
    options: &OptimizeOptions,
) -> anyhow::Result<Answers> {
    let markets = markets(asked, file, &[])?;
    let stance = CompetitiveStance {
        reference: match asked.reference {
            ReferenceName::Cheapest => Reference::Cheapest,
            ReferenceName::Median => Reference::Median,
        },
        distance: asked.distance,
        sacrifice_max: asked.sacrifice,
    };
    for problem in problems.iter_mut() {
        // The stance itself says where to stand.
        problem.guard_rails.rival_band = None;
    }
    Ok(problems.iter().zip(&markets).map(|(problem, market)| compete(problem, market, &stance, options)).collect())
}

/// The price of each row that its attributes are worth by the rivals' prices.
///
/// # Errors
/// As [`competitive`].
pub(super) fn value(
    asked: &cli::Optimize,
    file: &Columns,
    problems: &[PriceProblem],
    options: &OptimizeOptions,
) -> anyhow::Result<Answers> {
    if asked.attributes.is_empty() {
        bail!("strategy value needs the columns that tell what an offer is worth: `--attributes rating+,weight-`");
    }
    if asked.offers.is_none() {
        bail!(
            "strategy value needs the rivals' offers: `--offers FILE` with unique_id, seller, price and the attributes"
        );
    }
    let markets = markets(asked, file, &asked.attributes)?;
    let own = attributes(file, &asked.attributes)?;
    let one = |((problem, market), own): ((&PriceProblem, &Market), &Vec<f64>)| {
        let model = HedonicModel::fit(&asked.attributes, &market.rivals(problem.current_price))?;
        price_by_value(problem, &model, own, asked.sacrifice, options)
    };
    Ok(problems.iter().zip(&markets).zip(&own).map(one).collect())
}

/// The market of each row: its offers, or the one rival of its own column.
fn markets(asked: &cli::Optimize, file: &Columns, wanted: &[Attribute]) -> anyhow::Result<Vec<Market>> {
    let own_sellers = asked.own_seller.clone();
    let Some(offers) = &asked.offers else {
        if !file.has("rival_price") {
            bail!("{} has no column `rival_price`: add it, or name a file of offers by `--offers`", file.file());
        }
        let alone = |price| Offer {
            seller: "rival_price".to_owned(),
            price,
            availability: Availability::Unknown,
            attributes: Vec::new(),
        };
        let market =
            |price: Option<_>| Market { own_sellers: Vec::new(), offers: price.map(alone).into_iter().collect() };
        return Ok(amounts(file, "rival_price")?.into_iter().map(market).collect());
    };
    let offers = plain_file::read(offers)?;
    let ids = plain_file::texts(&offers, "unique_id")?;
    let sellers = plain_file::texts(&offers, "seller")?;
    let prices = all_present(&offers, "price", offers.decimals("price")?)?;
    let available = flags(&offers, "available")?;
    let attributes = attributes(&offers, wanted)?;
    let mut by_id: HashMap<String, Vec<Offer>> = HashMap::new();
    for (index, id) in ids.into_iter().enumerate() {
        by_id.entry(id).or_default().push(Offer {
            seller: sellers[index].clone(),
            price: prices[index],
            availability: match available[index] {
                Some(true) => Availability::InStock,
                Some(false) => Availability::SoldOut,
                None => Availability::Unknown,
            },
            attributes: attributes[index].clone(),
        });
    }
    let market =
        |id: String| Market { own_sellers: own_sellers.clone(), offers: by_id.get(&id).cloned().unwrap_or_default() };
    Ok(plain_file::texts(file, "unique_id")?.into_iter().map(market).collect())
}

/// The attributes of each row, in the order of `wanted`.
fn attributes(file: &Columns, wanted: &[Attribute]) -> anyhow::Result<Vec<Vec<f64>>> {
    let columns = wanted
        .iter()
        .map(|attribute| all_present(file, &attribute.name, file.numbers(&attribute.name)?))
        .collect::<anyhow::Result<Vec<_>>>()?;
    Ok((0..file.row_count()).map(|row| columns.iter().map(|column| column[row]).collect()).collect())
}
