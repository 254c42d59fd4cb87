//! What a column can mean in a table of our own.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::SourceKind;

macro_rules! fields {
    ($($(#[$doc:meta])* $field:ident = $name:literal, [$($synonym:literal),*];)*) => {
        /// Meaning of a column.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Field {
            $($(#[$doc])* $field,)*
        }

        impl Field {
            /// Every field.
            pub const ALL: &[Self] = &[$(Self::$field),*];

            /// The name in mappings, and the header that is always understood.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$field => $name,)* }
            }

            /// Headers that are taken for it, normalised.
            pub(crate) const fn synonyms(self) -> &'static [&'static str] {
                match self { $(Self::$field => &[$name, $($synonym),*],)* }
            }
        }
    };
}

fields! {
    /// Number of the order or invoice.
    OrderId = "order_id", ["invoiceno", "invoice", "invoicenumber", "invoiceid", "order", "orderno", "ordernumber", "receipt", "receiptid", "transaction", "bestellnummer", "rechnungsnummer", "commande", "orderref", "orderreference", "ordernr", "bestellnr", "rechnungsnr", "salesorder"];
    /// Id of the line, unique in the source.
    LineId = "line_id", ["transactionid", "lineitemid", "orderitemid", "lineid"];
    /// When it was ordered.
    OrderedAt = "ordered_at", ["invoicedate", "orderdate", "saledate", "purchasedate", "createdat", "orderedon", "soldat", "datetime", "date", "timestamp", "datum", "bestelldatum", "ds", "orderdatetime", "dateordered", "dateoforder", "dateofsale", "solddate", "transactiondate", "placedat", "orderplaced"];
    /// Code of the thing sold, priced or counted.
    Sku = "sku", ["stockcode", "productcode", "itemcode", "sellersku", "articlenumber", "article", "productid", "product", "itemid", "itemnumber", "code", "artikelnummer", "uniqueid", "customlabel", "partnumber", "itemno", "articleno", "productsku", "itemsku", "variantsku", "skucode"];
    /// Title.
    Title = "title", ["description", "productname", "itemname", "name", "producttitle", "bezeichnung", "itemtitle"];
    /// Units.
    Quantity = "quantity", ["qty", "units", "unitssold", "quantitysold", "menge", "amountsold", "y", "quantityordered", "qtyordered", "qtysold", "pieces", "pcs", "anzahl"];
    /// Price of one unit.
    UnitPrice = "unit_price", ["price", "unitpriceamount", "itemprice", "sellingprice", "preis", "einzelpreis", "priceperunit", "rate", "priceeach", "salesprice", "saleprice"];
    /// Amount of the whole line.
    LineTotal = "line_total", ["total", "amount", "linetotal", "linerevenue", "revenue", "sales", "itemtotal", "gesamt", "umsatz"];
    /// ISO 4217 code.
    Currency = "currency", ["currencycode", "wahrung", "waehrung", "devise"];
    /// Customer number or account.
    CustomerId = "customer_id", ["customer", "customerno", "customernumber", "client", "clientid", "buyer", "buyerid", "email", "customeremail", "kundennummer", "kunde"];
    /// Country of the customer.
    Country = "country", ["countrycode", "shipcountry", "shippingcountry", "deliverycountry", "land", "pays"];
    /// Kind of the line: sale, cancellation, return, adjustment, fee, postage, other.
    Kind = "kind", ["linekind", "linetype", "transactiontype", "ordertype"];
    /// Marketplace or shop system.
    Channel = "channel", ["marketplace", "saleschannel", "platform", "kanal"];
    /// Name of the store.
    Store = "store", ["shop", "storename", "branch", "location", "warehouse", "filiale"];
    /// Category path.
    Category = "category", ["productcategory", "producttype", "type", "department", "kategorie", "taxonomy"];
    /// Brand or maker.
    Brand = "brand", ["vendor", "manufacturer", "marke", "hersteller"];
    /// Cost of one unit.
    UnitCost = "unit_cost", ["cost", "costperitem", "cogs", "purchaseprice", "buyprice", "landedcost", "einkaufspreis", "wholesaleprice"];
    /// Price asked.
    Price = "price", ["unitprice", "sellingprice", "currentprice", "offerprice", "saleprice", "retailprice", "preis", "competitorprice", "rivalprice"];
    /// Price before a reduction.
    ListPrice = "list_price", ["compareatprice", "msrp", "rrp", "originalprice", "regularprice", "uvp", "wasprice"];
    /// Units on hand.
    OnHand = "on_hand", ["stock", "inventory", "stockonhand", "inventoryqty", "inventoryquantity", "quantityavailable", "available", "quantity", "qty", "bestand", "lagerbestand", "stocklevel"];
    /// Units ordered from the supplier.
    OnOrder = "on_order", ["incoming", "inbound", "onpurchaseorder", "quantityonorder"];
    /// Days from order to arrival.
    LeadTimeDays = "lead_time_days", ["leadtime", "leaddays", "supplierleadtime", "lieferzeit"];
    /// When it was seen, or from when on it holds.
    ObservedAt = "observed_at", ["date", "asof", "seenat", "timestamp", "datetime", "validfrom", "effectivefrom", "updatedat", "lastupdated", "checkedat", "scrapedat", "datum", "time", "ds", "reviewdate", "reviewedat", "observationdate"];
    /// Who offers it.
    Seller = "seller", ["rival", "competitor", "sellername", "merchant", "competitorname", "shop"];
    /// Whether it can be bought.
    InStock = "in_stock", ["availability", "available", "instockflag"];
    /// Whether the price belongs to a promotion.
    IsPromotion = "is_promotion", ["promotion", "promo", "onpromotion", "onsale"];
    /// Stars.
    Rating = "rating", ["stars", "score", "starrating", "reviewrating"];
    /// Text of a review.
    Text = "text", ["review", "reviewtext", "comment", "body", "reviewbody", "content"];
    /// Headline of a review.
    Headline = "headline", ["reviewtitle", "summary", "title", "subject"];
    /// Id of the review.
    ReviewId = "review_id", ["reviewid", "id"];
    /// Calendar day.
    Day = "day", ["date", "datum", "reportdate"];
    /// Visits.
    Sessions = "sessions", ["visits", "sessionstotal", "visitors"];
    /// Pages seen.
    PageViews = "page_views", ["pageviews", "views", "pageviewstotal"];
    /// Name of a series.
    Name = "name", ["series", "seriesid", "signal", "indicator"];
    /// Value of a series.
    Value = "value", ["y", "figure", "reading"];
    /// Unit of the value.
    Unit = "unit", ["units", "unitofmeasure"];
    /// Family of variants.
    ProductFamily = "product_family", ["handle", "parentsku", "family", "parent", "itemgroupid"];
    /// Description.
    Description = "description", ["longdescription", "bodyhtml", "beschreibung"];
    /// Tags or keywords.
    Tags = "tags", ["keywords", "labels"];
    /// GTIN, UPC or EAN.
    Gtin = "gtin", ["ean", "upc", "barcode", "isbn"];
    /// Address of an image.
    Image = "image", ["imageurl", "imagesrc", "picture", "imagelink"];
    /// Whether a listing is active.
    Status = "status", ["listingstatus", "state", "published"];
    /// The channel's id of a listing.
    ListingId = "listing_id", ["listing", "asin"];
}

impl Field {
    /// Fields that a kind of file cannot do without.
    #[must_use]
    pub const fn required_by(kind: SourceKind) -> &'static [Self] {
        match kind {
            SourceKind::InvoiceLines | SourceKind::Orders => {
                &[Self::OrderId, Self::OrderedAt, Self::Sku, Self::Quantity]
            }
            SourceKind::Products => &[Self::Sku],
            SourceKind::Prices => &[Self::Sku, Self::Price],
            SourceKind::Stock => &[Self::Sku, Self::OnHand],
            SourceKind::Costs => &[Self::Sku, Self::UnitCost],
            SourceKind::Offers => &[Self::Sku, Self::Price, Self::Seller],
            SourceKind::Reviews => &[Self::Rating, Self::Text],
            SourceKind::Traffic => &[Self::Day, Self::Sessions],
            SourceKind::Signals => &[Self::Name, Self::Value, Self::ObservedAt],
            _ => &[],
        }
    }

    /// Fields that a kind of file may have besides the required ones.
    #[must_use]
    pub const fn optional_in(kind: SourceKind) -> &'static [Self] {
        match kind {
            SourceKind::InvoiceLines | SourceKind::Orders => &[
                Self::UnitPrice,
                Self::LineTotal,
                Self::Title,
                Self::Currency,
                Self::CustomerId,
                Self::Country,
                Self::Kind,
                Self::LineId,
                Self::Channel,
                Self::Store,
            ],
            SourceKind::Products => &[
                Self::Title,
                Self::Category,
                Self::Brand,
                Self::Price,
                Self::ListPrice,
                Self::UnitCost,
                Self::OnHand,
                Self::OnOrder,
                Self::LeadTimeDays,
                Self::Currency,
                Self::ProductFamily,
                Self::Description,
                Self::Tags,
                Self::Gtin,
                Self::Image,
                Self::Status,
                Self::ListingId,
                Self::Channel,
                Self::Store,
                Self::ObservedAt,
            ],
            SourceKind::Prices => &[
                Self::ListPrice,
                Self::Currency,
                Self::ObservedAt,
                Self::InStock,
                Self::IsPromotion,
                Self::Channel,
                Self::Store,
            ],
            SourceKind::Stock => &[Self::OnOrder, Self::LeadTimeDays, Self::ObservedAt, Self::Store],
            SourceKind::Costs => &[Self::Currency, Self::ObservedAt],
            SourceKind::Offers => &[
                Self::ListPrice,
                Self::Currency,
                Self::ObservedAt,
                Self::InStock,
                Self::IsPromotion,
                Self::Channel,
                Self::Store,
            ],
            SourceKind::Reviews => &[
                Self::Headline,
                Self::Sku,
                Self::ObservedAt,
                Self::ReviewId,
                Self::CustomerId,
                Self::Channel,
                Self::Store,
            ],
            SourceKind::Traffic => &[Self::PageViews, Self::Sku, Self::Channel, Self::Store],
            SourceKind::Signals => &[Self::Unit, Self::Country],
            _ => &[],
        }
    }

    pub(crate) const fn is_moment(self) -> bool {
        matches!(self, Self::OrderedAt | Self::ObservedAt | Self::Day)
    }

    pub(crate) const fn is_amount(self) -> bool {
        matches!(
            self,
            Self::Quantity
                | Self::UnitPrice
                | Self::LineTotal
                | Self::UnitCost
                | Self::Price
                | Self::ListPrice
                | Self::OnHand
                | Self::OnOrder
                | Self::Rating
                | Self::Sessions
                | Self::PageViews
                | Self::Value
        )
    }
}

impl Field {
    /// Whether it counts things that come in whole numbers.
    pub(crate) const fn is_whole(self) -> bool {
        matches!(
            self,
            Self::Quantity | Self::OnHand | Self::OnOrder | Self::LeadTimeDays | Self::Sessions | Self::PageViews
        )
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
