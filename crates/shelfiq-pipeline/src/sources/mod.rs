//! One reader for each kind of file: from a row to drafts.

mod amazon_all_orders;
mod amazon_date_range;
mod amazon_listings;
mod amazon_settlement;
mod amazon_traffic;
mod ebay_listings;
mod ebay_orders;
mod etsy_bookings;
mod etsy_listings;
mod etsy_order_items;
mod invoice_lines;
mod listing_facts;
mod observations;
mod orders;
mod products;
mod shopify_orders;
mod shopify_products;

use crate::cells::{Cells, Sheet};
use crate::draft::RowDrafts;
use crate::{Mapping, SourceKind};

/// Reads the rows of one file in order. May remember earlier rows: some exports write an order's fields only once.
pub(crate) trait Source: Send {
    /// Turns a row into drafts. What is wrong with its cells stands in `cells.problems` afterwards.
    fn read(&mut self, cells: &mut Cells<'_>, drafts: &mut RowDrafts);
}

/// The reader for a kind of file. `mapping` is there for kinds that need one.
pub(crate) fn open(kind: SourceKind, sheet: &Sheet, mapping: Option<&Mapping>) -> Box<dyn Source> {
    let empty = Mapping::empty(kind);
    let mapping = mapping.unwrap_or(&empty);
    match kind {
        SourceKind::EtsySoldOrderItems => Box::new(etsy_order_items::EtsyOrderItems::new(sheet)),
        SourceKind::EtsySoldOrders => Box::new(etsy_bookings::EtsySoldOrders::new(sheet)),
        SourceKind::EtsyStatement => Box::new(etsy_bookings::EtsyStatement::new(sheet)),
        SourceKind::EtsyPayments => Box::new(etsy_bookings::EtsyPayments::new(sheet)),
        SourceKind::EtsyListings => Box::new(etsy_listings::EtsyListings::new(sheet)),
        SourceKind::ShopifyOrders => Box::new(shopify_orders::ShopifyOrders::new(sheet)),
        SourceKind::ShopifyProducts => Box::new(shopify_products::ShopifyProducts::new(sheet)),
        SourceKind::AmazonAllOrders => Box::new(amazon_all_orders::AmazonAllOrders::new(sheet)),
        SourceKind::AmazonSettlement => Box::new(amazon_settlement::AmazonSettlement::new(sheet)),
        SourceKind::AmazonDateRange => Box::new(amazon_date_range::AmazonDateRange::new(sheet)),
        SourceKind::AmazonBusinessReport => Box::new(amazon_traffic::AmazonTraffic::new(sheet)),
        SourceKind::AmazonListings => Box::new(amazon_listings::AmazonListings::new(sheet)),
        SourceKind::EbayOrders => Box::new(ebay_orders::EbayOrders::new(sheet)),
        SourceKind::EbayListings => Box::new(ebay_listings::EbayListings::new(sheet)),
        SourceKind::InvoiceLines => Box::new(invoice_lines::InvoiceLines::new(sheet, mapping)),
        SourceKind::Orders => Box::new(orders::Orders::new(sheet, mapping)),
        SourceKind::Products => Box::new(products::Products::new(sheet, mapping)),
        SourceKind::Prices
        | SourceKind::Stock
        | SourceKind::Costs
        | SourceKind::Offers
        | SourceKind::Reviews
        | SourceKind::Traffic
        | SourceKind::Signals => Box::new(observations::Observations::new(kind, sheet, mapping)),
    }
}
