//! Tables computed from others. Amounts and counts leave duplicates out; `gross_revenue` and `refunds` are those of
//! the measures of the same name (docs/reference/measures.md).

use super::{Amount, Count, Day, Instant, Text, rows};

rows! {
    /// One order.
    Order => OrderRows {
        /// Order number as the shop writes it.
        order_id: Text,
        /// When its first line was ordered (or cancelled, where a cancellation has its own number).
        ordered_at: Instant,
        /// Marketplace or shop system.
        channel: Text,
        /// The merchant's store on that channel.
        store: Text,
        /// Customer as a key without meaning outside the merchant.
        customer_id: Option<Text>,
        /// Country of the customer.
        country: Option<Text>,
        /// `cancelled` (no units are left after cancellations), `returned` (some units came back), `placed`, or `other`
        /// (no product lines).
        status: Text,
        /// Lines, duplicates left out.
        lines: Count,
        /// Units on sale lines.
        units: Count,
        /// Sum over sale lines.
        gross_revenue: Amount,
        /// What was given back on cancellation and return lines, as a positive amount.
        refunds: Amount,
        /// Gross revenue less refunds.
        net_revenue: Amount,
        /// ISO 4217 code of the amounts.
        currency: Text,
    }
}

rows! {
    /// One known customer.
    Customer => CustomerRows {
        /// Customer as a key without meaning outside the merchant.
        customer_id: Text,
        /// Country of the latest line.
        country: Option<Text>,
        /// First sale; null for a customer who only gave something back.
        first_order_at: Option<Instant>,
        /// Latest sale.
        last_order_at: Option<Instant>,
        /// Orders with at least one sale line.
        orders: Count,
        /// Units on sale lines.
        units: Count,
        /// Gross revenue less refunds, over the lines in `currency`.
        net_revenue: Amount,
        /// ISO 4217 code of the latest line.
        currency: Text,
    }
}

rows! {
    /// One Sku with what is known about it.
    Product => ProductRows {
        /// The code.
        sku: Text,
        /// Title of the latest listing, else of the latest order line that has one.
        title: Option<Text>,
        /// Category of the latest listing.
        category: Option<Text>,
        /// Brand of the latest listing.
        brand: Option<Text>,
        /// Family of variants of the latest listing.
        product: Option<Text>,
        /// Image of the latest listing.
        image: Option<Text>,
        /// First sale.
        first_sold_at: Option<Instant>,
        /// Latest sale.
        last_sold_at: Option<Instant>,
        /// Latest own price observed, else price of the latest sale line.
        price: Option<Amount>,
        /// Latest unit cost in `currency`.
        unit_cost: Option<Amount>,
        /// ISO 4217 code of price and cost.
        currency: Option<Text>,
        /// Latest units on hand, summed over stores.
        on_hand: Option<Count>,
        /// Latest units on order, summed over stores.
        on_order: Option<Count>,
        /// Longest of the latest lead times of its stores.
        lead_time_days: Option<Count>,
    }
}

rows! {
    /// Sales of one Sku on one day in one store and currency.
    DailySales => DailySalesRows {
        /// Calendar day in the merchant's time zone.
        day: Day,
        /// What was sold.
        sku: Text,
        /// Marketplace or shop system.
        channel: Text,
        /// The merchant's store.
        store: Text,
        /// Units on sale lines.
        units: Count,
        /// Units on sale lines less units on cancellation and return lines.
        net_units: Count,
        /// Sum over sale lines.
        gross_revenue: Amount,
        /// What was given back on cancellation and return lines, as a positive amount.
        refunds: Amount,
        /// Gross revenue less refunds.
        net_revenue: Amount,
        /// Net revenue less cost over the lines whose cost is known; null if there are none.
        margin: Option<Amount>,
        /// Net revenue of the lines whose cost is known; null if there are none.
        costed_revenue: Option<Amount>,
        /// Sale lines.
        sale_lines: Count,
        /// ISO 4217 code of the amounts.
        currency: Text,
    }
}

rows! {
    /// The part of one order that falls on one day: the roll-up for measures that no Sku restricts. Orders without
    /// product lines stand in it with amounts of zero.
    OrderDay => OrderDayRows {
        /// Calendar day in the merchant's time zone.
        day: Day,
        /// Order number as the shop writes it.
        order_id: Text,
        /// Marketplace or shop system.
        channel: Text,
        /// The merchant's store.
        store: Text,
        /// Customer as a key without meaning outside the merchant.
        customer_id: Option<Text>,
        /// Country of the customer.
        country: Option<Text>,
        /// Instant of its first line on this day.
        ordered_at: Instant,
        /// Lines of every kind, duplicates left out.
        lines: Count,
        /// Sale lines.
        sale_lines: Count,
        /// Cancellation lines.
        cancellation_lines: Count,
        /// Return lines.
        return_lines: Count,
        /// Units on sale lines.
        units: Count,
        /// Units on sale lines less units on cancellation and return lines.
        net_units: Count,
        /// Sum over sale lines.
        gross_revenue: Amount,
        /// What was given back on cancellation and return lines, as a positive amount.
        refunds: Amount,
        /// Net revenue less cost over the lines whose cost is known; null if there are none.
        margin: Option<Amount>,
        /// Net revenue of the lines whose cost is known; null if there are none.
        costed_revenue: Option<Amount>,
        /// ISO 4217 code of the amounts.
        currency: Text,
    }
}
