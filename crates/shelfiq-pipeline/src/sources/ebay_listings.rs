//! eBay, listing templates: drafts and File Exchange. The header's first cell carries the site and its currency.

use shelfiq_core::{Channel, CurrencyCode};
use shelfiq_events::{ListingObserved, ListingStatus};

use super::Source;
use super::listing_facts::ListingFacts;
use crate::cells::{Cells, Col, Sheet};
use crate::draft::RowDrafts;
use crate::enrich::sku_without_code;

pub(crate) struct EbayListings {
    sku: Col,
    title: Col,
    category: Col,
    price: Col,
    quantity: Col,
    image: Col,
    description: Col,
    gtin: Col,
    currency: Option<CurrencyCode>,
}

impl EbayListings {
    pub(crate) fn new(sheet: &Sheet) -> Self {
        Self {
            sku: sheet.col("Custom label (SKU)"),
            title: sheet.col("Title"),
            category: sheet.any_col(&["Category name", "Category ID"]),
            price: sheet.any_col(&["Start price", "Price", "Buy It Now price"]),
            quantity: sheet.col("Quantity"),
            image: sheet.col("Item photo URL"),
            description: sheet.col("Description"),
            gtin: sheet.any_col(&["UPC", "EAN", "P:UPC", "P:EAN"]),
            currency: sheet.columns.iter().find_map(|header| header_currency(header)),
        }
    }
}

/// `USD` of `*Action(SiteID=US|Country=US|Currency=USD|Version=1193)`.
fn header_currency(header: &str) -> Option<CurrencyCode> {
    let (_, rest) = header.split_once("Currency=")?;
    CurrencyCode::new(rest.get(..3)?).ok()
}

impl Source for EbayListings {
    fn read(&mut self, cells: &mut Cells<'_>, drafts: &mut RowDrafts) {
        let Some(title) = cells.text(self.title).map(str::to_owned) else {
            drafts.identify(&["listing", "ebay", &cells.row.number().to_string()]);
            drafts.skipped = Some("the row has no title: a variation of the row above, or a note");
            return;
        };
        let sku = match cells.text(self.sku) {
            Some(_) => cells.sku(self.sku),
            None => sku_without_code("EBAY", None, Some(&title)),
        };
        let price = cells.decimal(self.price);
        let on_hand = cells.units(self.quantity);
        let Some(sku) = sku else { return };
        let currency = match (self.currency, price) {
            (None, Some(_)) => cells.shop_currency(),
            (known, _) => known,
        };
        let options = &cells.sheet.options;
        let text = |col| cells.text(col).map(str::to_owned);
        let listing = ListingObserved {
            sku: sku.clone(),
            channel: Channel::Ebay,
            store: options.store.clone(),
            listing: None,
            product: None,
            title,
            category: text(self.category),
            brand: None,
            tags: Vec::new(),
            description: text(self.description),
            gtin: text(self.gtin).filter(|code| code.bytes().all(|byte| byte.is_ascii_digit())),
            image: text(self.image),
            status: ListingStatus::Draft,
        };
        drafts.identify(&["listing", "ebay", &options.store, sku.as_str()]);
        let facts = ListingFacts {
            listing: Some(listing),
            channel: Channel::Ebay,
            store: options.store.clone(),
            sku,
            price,
            list_price: None,
            unit_cost: None,
            on_hand,
            on_order: None,
            lead_time_days: None,
            currency,
        };
        facts.push(options.received_at, drafts);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_currency_stands_in_the_header() {
        assert_eq!(header_currency("*Action(SiteID=US|Country=US|Currency=USD|Version=1193)"), Some(CurrencyCode::USD));
        assert_eq!(header_currency("Title"), None);
    }
}
