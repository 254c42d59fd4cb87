//! Tables that events fill row by row. Each row names the event and the import it came from.

use super::{Amount, Count, Day, Flag, Instant, Number, Text, rows};

rows! {
    /// One order line, as sold.
    OrderLine => OrderLineRows {
        /// Order number as the shop writes it.
        order_id: Text,
        /// Number of the line within its order, from 1.
        line: Count,
        /// When it was ordered, cancelled or returned.
        ordered_at: Instant,
        /// What was sold.
        sku: Text,
        /// Title as the source wrote it.
        title: Option<Text>,
        /// Units; negative where they come back.
        quantity: Count,
        /// Price of one unit, exact, as sold.
        unit_price: Amount,
        /// ISO 4217 code of the price.
        currency: Text,
        /// Customer as a key without meaning outside the merchant.
        customer_id: Option<Text>,
        /// ISO 3166 code of the customer's country, or the country as the source wrote it.
        country: Option<Text>,
        /// Marketplace or shop system.
        channel: Text,
        /// The merchant's store on that channel.
        store: Text,
        /// `sale`, `cancellation`, `return`, `adjustment`, `fee`, `postage` or `other`.
        kind: Text,
        /// Equal in every column to an earlier line of its source; left out of measures.
        is_duplicate: Flag,
        /// File in which the line stood.
        source_file: Option<Text>,
        /// Row in that file, from 1 without the header.
        source_row: Option<Count>,
        /// The import that brought it.
        import_id: Option<Text>,
        /// The event it came from.
        event_id: Text,
    }
}

rows! {
    /// Our own price of a Sku at an instant.
    Price => PriceRows {
        /// What is offered.
        sku: Text,
        /// Where.
        channel: Text,
        /// The merchant's store.
        store: Text,
        /// When it was seen.
        observed_at: Instant,
        /// Price of one unit.
        price: Amount,
        /// Price before a reduction, where one is shown.
        list_price: Option<Amount>,
        /// ISO 4217 code of both prices.
        currency: Text,
        /// Whether it could be bought.
        in_stock: Option<Flag>,
        /// Whether the price belongs to a promotion.
        is_promotion: Option<Flag>,
        /// The import that brought it.
        import_id: Option<Text>,
        /// The event it came from.
        event_id: Text,
    }
}

rows! {
    /// A rival's offer at an instant.
    Offer => OfferRows {
        /// Our Sku with which it competes.
        sku: Text,
        /// The rival's name.
        seller: Text,
        /// Where it was seen.
        channel: Text,
        /// Shop or page on which it was seen.
        store: Text,
        /// When it was seen.
        observed_at: Instant,
        /// Price of one unit.
        price: Amount,
        /// Price before a reduction, where one is shown.
        list_price: Option<Amount>,
        /// ISO 4217 code of both prices.
        currency: Text,
        /// Whether it could be bought.
        in_stock: Option<Flag>,
        /// Whether the price belongs to a promotion.
        is_promotion: Option<Flag>,
        /// The import that brought it.
        import_id: Option<Text>,
        /// The event it came from.
        event_id: Text,
    }
}

rows! {
    /// Units on hand at an instant.
    Stock => StockRows {
        /// What was counted.
        sku: Text,
        /// Store or warehouse.
        store: Text,
        /// When it was counted.
        observed_at: Instant,
        /// Units that can be sold.
        on_hand: Count,
        /// Units ordered from the supplier and not yet here.
        on_order: Option<Count>,
        /// Days from order to arrival.
        lead_time_days: Option<Count>,
        /// The import that brought it.
        import_id: Option<Text>,
        /// The event it came from.
        event_id: Text,
    }
}

rows! {
    /// What one unit costs from an instant on.
    Cost => CostRows {
        /// Whose cost.
        sku: Text,
        /// From when on it holds.
        valid_from: Instant,
        /// Landed cost of one unit without sales tax.
        unit_cost: Amount,
        /// ISO 4217 code.
        currency: Text,
        /// The import that brought it.
        import_id: Option<Text>,
        /// The event it came from.
        event_id: Text,
    }
}

rows! {
    /// A customer's review.
    Review => ReviewRows {
        /// The channel's id of the review.
        review_id: Text,
        /// What was reviewed; null for the shop as a whole.
        sku: Option<Text>,
        /// Where.
        channel: Text,
        /// The merchant's store.
        store: Text,
        /// When it was written.
        reviewed_at: Instant,
        /// Stars, 1 to 5.
        rating: Count,
        /// Headline, may be empty.
        title: Text,
        /// Text, may be empty.
        text: Text,
        /// Who wrote it, as a key without meaning outside the merchant.
        customer_id: Option<Text>,
        /// The import that brought it.
        import_id: Option<Text>,
        /// The event it came from.
        event_id: Text,
    }
}

rows! {
    /// A listing as it was seen.
    Listing => ListingRows {
        /// What is listed.
        sku: Text,
        /// Where.
        channel: Text,
        /// The merchant's store.
        store: Text,
        /// When it was seen.
        observed_at: Instant,
        /// The channel's id of the listing.
        listing_id: Option<Text>,
        /// Family of variants to which the Sku belongs.
        product: Option<Text>,
        /// Title as shown.
        title: Text,
        /// Category from the top, joined by ` > `.
        category: Option<Text>,
        /// Brand or maker.
        brand: Option<Text>,
        /// Tags, joined by `, `.
        tags: Text,
        /// Description as plain text or HTML.
        description: Option<Text>,
        /// GTIN, UPC or EAN.
        gtin: Option<Text>,
        /// Address of the first image.
        image: Option<Text>,
        /// `active`, `draft` or `inactive`.
        status: Text,
        /// The import that brought it.
        import_id: Option<Text>,
        /// The event it came from.
        event_id: Text,
    }
}

rows! {
    /// Visits and views of one day.
    Traffic => TrafficRows {
        /// The day in the shop's time zone.
        day: Day,
        /// What was looked at; null for the whole store.
        sku: Option<Text>,
        /// Where.
        channel: Text,
        /// The merchant's store.
        store: Text,
        /// Visits.
        sessions: Count,
        /// Pages seen.
        page_views: Count,
        /// The import that brought it.
        import_id: Option<Text>,
        /// The event it came from.
        event_id: Text,
    }
}

rows! {
    /// A value of an outside series.
    Signal => SignalRows {
        /// Which series.
        name: Text,
        /// ISO 3166 code of the country to which it belongs.
        country: Option<Text>,
        /// The instant for which it holds.
        observed_at: Instant,
        /// The value.
        value: Number,
        /// Its unit.
        unit: Text,
        /// The import that brought it.
        import_id: Option<Text>,
        /// The event it came from.
        event_id: Text,
    }
}
