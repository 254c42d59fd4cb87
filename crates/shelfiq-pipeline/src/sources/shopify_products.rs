//! Shopify, products export in its three generations, and the new template: one row for each variant; only the first row
//! of a product has the product's own fields; rows with nothing but a picture add pictures.

use shelfiq_core::Channel;
use shelfiq_events::{ListingObserved, ListingStatus};

use super::Source;
use super::listing_facts::{ListingFacts, tags};
use crate::cells::{Cells, Col, Sheet};
use crate::draft::RowDrafts;
use crate::enrich::sku_without_code;

pub(crate) struct ShopifyProducts {
    handle: Col,
    title: Col,
    body: Col,
    vendor: Col,
    category: Col,
    product_type: Col,
    tags: Col,
    published: Col,
    status: Col,
    options: [Col; 3],
    sku: Col,
    quantity: Col,
    price: Col,
    list_price: Col,
    cost: Col,
    barcode: Col,
    image: Col,
    current: Option<CurrentProduct>,
}

/// The product whose rows are being read.
struct CurrentProduct {
    handle: String,
    title: String,
    description: Option<String>,
    brand: Option<String>,
    category: Option<String>,
    tags: Vec<String>,
    image: Option<String>,
    status: ListingStatus,
}

impl ShopifyProducts {
    pub(crate) fn new(sheet: &Sheet) -> Self {
        Self {
            handle: sheet.any_col(&["Handle", "URL handle"]),
            title: sheet.col("Title"),
            body: sheet.any_col(&["Body (HTML)", "Description"]),
            vendor: sheet.col("Vendor"),
            category: sheet.any_col(&["Product Category", "Google Shopping / Google Product Category"]),
            product_type: sheet.col("Type"),
            tags: sheet.col("Tags"),
            published: sheet.any_col(&["Published", "Published on online store"]),
            status: sheet.col("Status"),
            options: ["Option1 Value", "Option2 Value", "Option3 Value"].map(|header| sheet.col(header)),
            sku: sheet.any_col(&["Variant SKU", "SKU"]),
            quantity: sheet.any_col(&["Variant Inventory Qty", "Inventory quantity"]),
            price: sheet.any_col(&["Variant Price", "Price"]),
            list_price: sheet.any_col(&["Variant Compare At Price", "Compare-at price"]),
            cost: sheet.col("Cost per item"),
            barcode: sheet.any_col(&["Variant Barcode", "Barcode"]),
            image: sheet.any_col(&["Image Src", "Product image URL"]),
            current: None,
        }
    }

    fn begin_product(&mut self, cells: &Cells<'_>, handle: &str) {
        let text = |col| cells.text(col).map(str::to_owned);
        let status = match cells.text(self.status).map(str::to_ascii_lowercase).as_deref() {
            Some("draft") => ListingStatus::Draft,
            Some("archived") => ListingStatus::Inactive,
            _ if cells.flag(self.published) == Some(false) => ListingStatus::Draft,
            _ => ListingStatus::Active,
        };
        self.current = Some(CurrentProduct {
            handle: handle.to_owned(),
            title: text(self.title).unwrap_or_else(|| handle.to_owned()),
            description: text(self.body),
            brand: text(self.vendor),
            category: text(self.category).or_else(|| text(self.product_type)),
            tags: tags(cells.text(self.tags)),
            image: text(self.image),
            status,
        });
    }
}

impl Source for ShopifyProducts {
    fn read(&mut self, cells: &mut Cells<'_>, drafts: &mut RowDrafts) {
        let Some(handle) = cells.required_text(self.handle) else { return };
        if self.current.as_ref().is_none_or(|current| current.handle != handle) {
            self.begin_product(cells, handle);
        }
        let choices: Vec<&str> = self
            .options
            .iter()
            .filter_map(|col| cells.text(*col))
            .filter(|choice| *choice != "Default Title")
            .collect();
        if cells.text(self.price).is_none() {
            drafts.skipped = Some("the row adds a picture, no variant");
            return;
        }
        let price = cells.decimal(self.price);
        let list_price = cells.decimal(self.list_price);
        let unit_cost = cells.decimal(self.cost);
        let on_hand = cells.units(self.quantity);
        let sku = match cells.text(self.sku) {
            Some(_) => cells.sku(self.sku),
            None => sku_without_code("SHOPIFY", Some(&[&[handle], choices.as_slice()].concat().join("-")), None),
        };
        let currency = cells.shop_currency();
        let Some(product) = self.current.as_ref() else { return };
        let Some(sku) = sku else { return };
        let store = cells.sheet.options.store.clone();
        let title = if choices.is_empty() {
            product.title.clone()
        } else {
            format!("{} ({})", product.title, choices.join(", "))
        };
        let listing = ListingObserved {
            sku: sku.clone(),
            channel: Channel::Shopify,
            store: store.clone(),
            listing: None,
            product: Some(product.handle.clone()),
            title,
            category: product.category.clone(),
            brand: product.brand.clone(),
            tags: product.tags.clone(),
            description: product.description.clone(),
            gtin: cells.text(self.barcode).map(|code| code.trim_start_matches('\'').to_owned()),
            image: product.image.clone(),
            status: product.status,
        };
        drafts.identify(&["listing", "shopify", &store, sku.as_str()]);
        let facts = ListingFacts {
            listing: Some(listing),
            channel: Channel::Shopify,
            store,
            sku,
            price,
            list_price,
            unit_cost,
            on_hand,
            on_order: None,
            lead_time_days: None,
            currency,
        };
        facts.push(cells.sheet.options.received_at, drafts);
    }
}
