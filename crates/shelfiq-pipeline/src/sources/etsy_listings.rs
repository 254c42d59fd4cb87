//! Etsy, "Download data": one row for each listing. Tags are joined by commas, and so are the Skus of its variations,
//! which then share the row's price; stock is that of all of them together and is kept only where there is one.

use shelfiq_core::Channel;
use shelfiq_events::{ListingObserved, ListingStatus};

use super::Source;
use super::listing_facts::{ListingFacts, tags};
use crate::cells::{Cells, Col, Sheet, sku};
use crate::draft::RowDrafts;
use crate::enrich::sku_without_code;

pub(crate) struct EtsyListings {
    title: Col,
    description: Col,
    price: Col,
    currency: Col,
    quantity: Col,
    tags: Col,
    image: Col,
    sku: Col,
}

impl EtsyListings {
    pub(crate) fn new(sheet: &Sheet) -> Self {
        Self {
            title: sheet.col("TITLE"),
            description: sheet.col("DESCRIPTION"),
            price: sheet.col("PRICE"),
            currency: sheet.col("CURRENCY_CODE"),
            quantity: sheet.col("QUANTITY"),
            tags: sheet.col("TAGS"),
            image: sheet.col("IMAGE1"),
            sku: sheet.col("SKU"),
        }
    }
}

impl Source for EtsyListings {
    fn read(&mut self, cells: &mut Cells<'_>, drafts: &mut RowDrafts) {
        let title = cells.required_text(self.title);
        let price = cells.required_decimal(self.price);
        let currency = cells.currency(self.currency);
        let quantity = cells.units(self.quantity);
        let (Some(title), Some(price), Some(currency)) = (title, price, currency) else { return };
        let codes: Vec<&str> = cells
            .text(self.sku)
            .into_iter()
            .flat_map(|list| list.split(','))
            .map(str::trim)
            .filter(|code| !code.is_empty())
            .collect();
        let mut skus = Vec::new();
        for code in &codes {
            match cells.checked(self.sku, sku(code)) {
                Some(sku) if !skus.contains(&sku) => skus.push(sku),
                _ => {}
            }
        }
        if codes.is_empty() {
            skus.extend(sku_without_code("ETSY", None, Some(title)));
        }
        let store = cells.sheet.options.store.clone();
        let received_at = cells.sheet.options.received_at;
        let is_single = skus.len() == 1;
        drafts.identify(&["listing", "etsy", &store, skus.first().map_or(title, |sku| sku.as_str())]);
        for sku in skus {
            let listing = ListingObserved {
                sku: sku.clone(),
                channel: Channel::Etsy,
                store: store.clone(),
                listing: None,
                product: (!is_single).then(|| title.to_owned()),
                title: title.to_owned(),
                category: None,
                brand: None,
                tags: tags(cells.text(self.tags)),
                description: cells.text(self.description).map(str::to_owned),
                gtin: None,
                image: cells.text(self.image).map(str::to_owned),
                status: ListingStatus::Active,
            };
            ListingFacts {
                listing: Some(listing),
                channel: Channel::Etsy,
                store: store.clone(),
                sku,
                price: Some(price),
                list_price: None,
                unit_cost: None,
                on_hand: quantity.filter(|_| is_single),
                on_order: None,
                lead_time_days: None,
                currency: Some(currency),
            }
            .push(received_at, drafts);
        }
    }
}
