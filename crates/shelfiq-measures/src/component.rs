//! Sums and counts that formulas are made of, each with the SQL that defines it.

/// A sum or count, computed per slice and, where it is money, per currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Component {
    /// Sum over sale lines.
    GrossRevenue,
    /// What was given back on cancellation and return lines, as a positive amount.
    Refunds,
    /// Units on sale lines.
    Units,
    /// Orders with a sale line.
    Orders,
    /// Orders with a cancellation line.
    CancelledOrders,
    /// Customers with a sale line.
    ActiveCustomers,
    /// Customers with a sale line whose first sale ever lies in the period.
    NewCustomers,
    /// Net revenue less cost over the lines whose cost is known.
    Margin,
    /// Net revenue of the lines whose cost is known.
    CostedRevenue,
    /// Units on hand at the end of the period, over Skus whose stock is known.
    OnHand,
    /// Units sold less units that came back in the period, over Skus whose stock is known.
    StockedNetUnits,
    /// Calendar days of the period.
    Days,
}

/// The relation a component is computed from. Roll-ups are derived from the order lines and give the same numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// `order_lines` without duplicates: the definition.
    OrderLines,
    /// Roll-up per order and day: when no Sku matters.
    OrderDays,
    /// Roll-up per Sku and day: when neither orders nor countries matter.
    DailySales,
    /// Stock at the end of the period beside the sales of it.
    Stock,
    /// The calendar.
    Calendar,
}

impl Component {
    /// Whether it is an amount, and so has one value per currency.
    #[must_use]
    pub const fn is_money(self) -> bool {
        matches!(self, Self::GrossRevenue | Self::Refunds | Self::Margin | Self::CostedRevenue)
    }

    /// The aggregate that computes it from `source`, or `None` if that source does not hold it.
    ///
    /// Columns of [`Source::OrderLines`] are those of the table, plus `order_key` (names an order among all channels and
    /// stores), `period_start`, `first_day` (of the customer's first sale) and `unit_cost` (as of the sale; null if
    /// unknown). The roll-ups have their own columns and the same additions except `unit_cost`.
    #[must_use]
    pub const fn aggregate(self, source: Source) -> Option<&'static str> {
        match source {
            Source::OrderLines => self.over_order_lines(),
            Source::OrderDays => self.over_order_days(),
            Source::DailySales => self.over_daily_sales(),
            Source::Stock => match self {
                Self::OnHand => Some("sum(on_hand)"),
                Self::StockedNetUnits => Some("sum(net_units)"),
                _ => None,
            },
            Source::Calendar => None,
        }
    }

    const fn over_order_lines(self) -> Option<&'static str> {
        Some(match self {
            Self::GrossRevenue => "sum(quantity * unit_price) FILTER (WHERE kind = 'sale')",
            Self::Refunds => "-sum(quantity * unit_price) FILTER (WHERE kind IN ('cancellation', 'return'))",
            Self::Units => "sum(quantity) FILTER (WHERE kind = 'sale')",
            Self::Orders => "count(DISTINCT order_key) FILTER (WHERE kind = 'sale')",
            Self::CancelledOrders => "count(DISTINCT order_key) FILTER (WHERE kind = 'cancellation')",
            Self::ActiveCustomers => "count(DISTINCT customer_id) FILTER (WHERE kind = 'sale')",
            Self::NewCustomers => {
                "count(DISTINCT customer_id) FILTER (WHERE kind = 'sale' AND first_day >= period_start)"
            }
            Self::Margin => {
                "sum(quantity * (unit_price - unit_cost)) \
                 FILTER (WHERE kind IN ('sale', 'cancellation', 'return') AND unit_cost IS NOT NULL)"
            }
            Self::CostedRevenue => {
                "sum(quantity * unit_price) \
                 FILTER (WHERE kind IN ('sale', 'cancellation', 'return') AND unit_cost IS NOT NULL)"
            }
            Self::OnHand | Self::StockedNetUnits | Self::Days => return None,
        })
    }

    const fn over_order_days(self) -> Option<&'static str> {
        Some(match self {
            Self::GrossRevenue => "sum(gross_revenue)",
            Self::Refunds => "sum(refunds)",
            Self::Units => "sum(units)",
            Self::Margin => "sum(margin)",
            Self::CostedRevenue => "sum(costed_revenue)",
            Self::Orders => "count(DISTINCT order_key) FILTER (WHERE sale_lines > 0)",
            Self::CancelledOrders => "count(DISTINCT order_key) FILTER (WHERE cancellation_lines > 0)",
            Self::ActiveCustomers => "count(DISTINCT customer_id) FILTER (WHERE sale_lines > 0)",
            Self::NewCustomers => {
                "count(DISTINCT customer_id) FILTER (WHERE sale_lines > 0 AND first_day >= period_start)"
            }
            _ => return None,
        })
    }

    const fn over_daily_sales(self) -> Option<&'static str> {
        Some(match self {
            Self::GrossRevenue => "sum(gross_revenue)",
            Self::Refunds => "sum(refunds)",
            Self::Units => "sum(units)",
            Self::Margin => "sum(margin)",
            Self::CostedRevenue => "sum(costed_revenue)",
            _ => return None,
        })
    }
}
