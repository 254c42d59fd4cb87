//! The kinds of file that can be imported.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use shelfiq_core::{Channel, NameError};
use shelfiq_tabular::DateOrder;

macro_rules! source_kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:literal, $label:literal, $channel:ident, [$($header:literal),*];)*) => {
        /// What a file is: an export of a marketplace, or one of our own tables.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum SourceKind {
            $($(#[$doc])* $kind,)*
        }

        impl SourceKind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$kind),*];

            /// The name in reports and on the command line.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$kind => $name,)* }
            }

            /// The name to show.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self { $(Self::$kind => $label,)* }
            }

            /// The channel whose export it is.
            #[must_use]
            pub const fn channel(self) -> Channel {
                match self { $(Self::$kind => Channel::$channel,)* }
            }

            /// Headers that tell the kind. Source: the exporters' files as collected in 2025 and 2026.
            pub(crate) const fn headers(self) -> &'static [&'static str] {
                match self { $(Self::$kind => &[$($header),*],)* }
            }
        }
    };
}

source_kinds! {
    /// Etsy, Orders CSV, "Order items": one row per item sold.
    EtsySoldOrderItems = "etsy_sold_order_items", "Etsy sold order items", Etsy,
        ["Sale Date", "Item Name", "Quantity", "Price", "Transaction ID", "Listing ID", "Order ID", "Item Total"];
    /// Etsy, Orders CSV, "Orders": one row per order.
    EtsySoldOrders = "etsy_sold_orders", "Etsy sold orders", Etsy,
        ["Sale Date", "Order ID", "Number of Items", "Order Value", "Order Total", "Order Net"];
    /// Etsy, "Download data": one row per listing.
    EtsyListings = "etsy_listings", "Etsy listings", Etsy,
        ["TITLE", "DESCRIPTION", "PRICE", "CURRENCY_CODE", "QUANTITY", "TAGS", "MATERIALS"];
    /// Etsy, monthly statement: one row per booking.
    EtsyStatement = "etsy_statement", "Etsy statement", Etsy,
        ["Date", "Type", "Title", "Info", "Currency", "Amount", "Fees & Taxes", "Net"];
    /// Etsy, payments by direct checkout.
    EtsyPayments = "etsy_payments", "Etsy payments", Etsy,
        ["Payment ID", "Order ID", "Gross Amount", "Fees", "Net Amount", "Posted Gross"];
    /// Shopify, orders export: one row per line, order fields on the first row of each order only.
    ShopifyOrders = "shopify_orders", "Shopify orders", Shopify,
        ["Name", "Financial Status", "Created at", "Lineitem quantity", "Lineitem name", "Lineitem price"];
    /// Shopify, products export or template in any of its generations.
    ShopifyProducts = "shopify_products", "Shopify products", Shopify,
        ["Handle", "Title", "Vendor", "Option1 Name", "Option1 Value", "Variant Price"];
    /// Amazon, "All orders" report.
    AmazonAllOrders = "amazon_all_orders", "Amazon all orders", Amazon,
        ["amazon-order-id", "purchase-date", "order-status", "sku", "asin", "item-price", "quantity"];
    /// Amazon, settlement report in its first or second flat-file form.
    AmazonSettlement = "amazon_settlement", "Amazon settlement", Amazon,
        ["settlement-id", "settlement-start-date", "transaction-type", "order-id", "posted-date", "sku", "quantity-purchased"];
    /// Amazon, "Detail page sales and traffic" business report.
    AmazonBusinessReport = "amazon_business_report", "Amazon business report", Amazon,
        ["(Child) ASIN", "Title", "Sessions - Total", "Page Views - Total", "Units Ordered"];
    /// Amazon, date range transactions.
    AmazonDateRange = "amazon_date_range", "Amazon date range transactions", Amazon,
        ["date/time", "settlement id", "type", "order id", "sku", "product sales", "selling fees", "total"];
    /// Amazon, "All listings" report.
    AmazonListings = "amazon_listings", "Amazon listings", Amazon,
        ["item-name", "listing-id", "seller-sku", "price", "quantity", "open-date", "asin1"];
    /// eBay, orders report of Seller Hub.
    EbayOrders = "ebay_orders", "eBay orders", Ebay,
        ["Sales Record Number", "Order Number", "Item Number", "Item Title", "Custom Label", "Quantity", "Sold For", "Sale Date"];
    /// eBay, listing templates: drafts and File Exchange.
    EbayListings = "ebay_listings", "eBay listings", Ebay,
        ["Custom label (SKU)", "Category ID", "Title", "Quantity", "Condition ID", "Format"];
    /// Invoice lines of a till or an ERP: invoice, stock code, quantity, price, with service codes among the stock codes.
    InvoiceLines = "invoice_lines", "Invoice lines", Direct,
        ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice"];
    /// Order lines in our own columns.
    Orders = "orders", "Orders", Direct, ["order_id", "ordered_at", "sku", "quantity", "unit_price"];
    /// Products in our own columns.
    Products = "products", "Products", Direct, ["sku", "title"];
    /// Own prices in our own columns.
    Prices = "prices", "Prices", Direct, ["sku", "price", "observed_at"];
    /// Units on hand in our own columns.
    Stock = "stock", "Stock", Direct, ["sku", "on_hand"];
    /// Unit costs in our own columns.
    Costs = "costs", "Costs", Direct, ["sku", "unit_cost"];
    /// Rivals' offers in our own columns.
    Offers = "offers", "Rivals' offers", Direct, ["sku", "seller", "price"];
    /// Reviews in our own columns.
    Reviews = "reviews", "Reviews", Direct, ["rating", "text"];
    /// Visits and views in our own columns.
    Traffic = "traffic", "Traffic", Direct, ["day", "sessions"];
    /// Outside figures in our own columns.
    Signals = "signals", "Outside signals", Direct, ["name", "value", "observed_at"];
}

impl SourceKind {
    /// Whether columns are found by a [mapping](crate::Mapping) rather than by the exporter's own headers.
    #[must_use]
    pub const fn is_mapped(self) -> bool {
        matches!(
            self,
            Self::InvoiceLines
                | Self::Orders
                | Self::Products
                | Self::Prices
                | Self::Stock
                | Self::Costs
                | Self::Offers
                | Self::Reviews
                | Self::Traffic
                | Self::Signals
        )
    }

    /// How the exporter writes dates whose order no value decides; `None` where it writes none of that form.
    pub(crate) const fn date_order(self) -> Option<DateOrder> {
        match self {
            Self::EtsySoldOrderItems | Self::EtsySoldOrders | Self::EtsyPayments => Some(DateOrder::MonthFirst),
            _ => None,
        }
    }
}

impl fmt::Display for SourceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for SourceKind {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let wanted = text.trim().replace('-', "_");
        Self::ALL
            .iter()
            .copied()
            .find(|kind| kind.as_str().eq_ignore_ascii_case(&wanted))
            .ok_or_else(|| NameError::Unknown { what: "kind of file", text: text.to_owned() })
    }
}
