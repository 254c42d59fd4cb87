//! The catalogue: one file per measure.

mod active_customers;
mod average_order_value;
mod cancellations;
mod gross_revenue;
mod margin;
mod margin_rate;
mod net_revenue;
mod new_customers;
mod orders;
mod refund_rate;
mod refunds;
mod returning_customers;
mod sell_through;
mod stock_cover;
mod units;

use crate::{Measure, MeasureId};

pub(crate) const fn measure(id: MeasureId) -> &'static Measure {
    match id {
        MeasureId::GrossRevenue => &gross_revenue::MEASURE,
        MeasureId::NetRevenue => &net_revenue::MEASURE,
        MeasureId::Orders => &orders::MEASURE,
        MeasureId::Units => &units::MEASURE,
        MeasureId::AverageOrderValue => &average_order_value::MEASURE,
        MeasureId::Refunds => &refunds::MEASURE,
        MeasureId::RefundRate => &refund_rate::MEASURE,
        MeasureId::Cancellations => &cancellations::MEASURE,
        MeasureId::ActiveCustomers => &active_customers::MEASURE,
        MeasureId::NewCustomers => &new_customers::MEASURE,
        MeasureId::ReturningCustomers => &returning_customers::MEASURE,
        MeasureId::Margin => &margin::MEASURE,
        MeasureId::MarginRate => &margin_rate::MEASURE,
        MeasureId::SellThrough => &sell_through::MEASURE,
        MeasureId::StockCover => &stock_cover::MEASURE,
    }
}

#[cfg(test)]
mod tests {
    use crate::{MeasureId, Unit};

    #[test]
    fn every_measure_is_defined_under_its_own_id() {
        for id in MeasureId::ALL {
            assert_eq!(id.measure().id, *id);
            assert_eq!(id.as_str().parse::<MeasureId>().unwrap(), *id);
            assert!(id.measure().definition.ends_with('.') && id.measure().as_of.ends_with('.'), "{id}");
        }
    }

    #[test]
    fn money_comes_from_money_and_counts_do_not() {
        for id in MeasureId::ALL {
            let measure = id.measure();
            match measure.unit {
                Unit::Money => assert!(measure.formula.is_per_currency(), "{id}"),
                Unit::Count | Unit::Days => assert!(!measure.formula.is_per_currency(), "{id}"),
                Unit::Ratio => {}
            }
        }
    }
}
