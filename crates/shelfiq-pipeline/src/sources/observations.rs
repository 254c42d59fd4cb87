//! Prices, stock, costs, rivals' offers, reviews, traffic and outside figures in columns that a mapping names.

use chrono::{DateTime, Utc};
use shelfiq_core::{Channel, CountryCode};
use shelfiq_events::{
    CostObserved, EventKind, PriceObserved, ReviewObserved, Seller, SignalObserved, StockObserved, TrafficObserved,
};

use super::Source;
use crate::cells::{Cells, Col, Sheet};
use crate::draft::{FactDraft, RowDrafts};
use crate::identity::PartHasher;
use crate::{Field, Mapping, SourceKind};

pub(crate) struct Observations {
    kind: SourceKind,
    cols: std::collections::BTreeMap<Field, Col>,
    default_channel: Channel,
}

impl Observations {
    pub(crate) fn new(kind: SourceKind, sheet: &Sheet, mapping: &Mapping) -> Self {
        let cols = mapping.columns.iter().map(|(field, column)| (*field, sheet.col(column))).collect();
        Self { kind, cols, default_channel: mapping.channel.unwrap_or(Channel::Direct) }
    }

    fn col(&self, field: Field) -> Col {
        self.cols.get(&field).copied().unwrap_or(Col::NONE)
    }

    fn channel(&self, cells: &Cells<'_>) -> Channel {
        cells.text(self.col(Field::Channel)).and_then(|name| name.parse().ok()).unwrap_or(self.default_channel)
    }

    fn store(&self, cells: &Cells<'_>) -> String {
        cells.text(self.col(Field::Store)).unwrap_or(&cells.sheet.options.store).to_owned()
    }

    /// The part of the natural key that the instant is: none where the row does not say one, or the same file would be
    /// another one on every day that it is read.
    fn time_key(&self, cells: &Cells<'_>, time: DateTime<Utc>) -> String {
        cells.text(self.col(Field::ObservedAt)).map_or_else(String::new, |_| time.to_rfc3339())
    }

    fn price(&self, cells: &mut Cells<'_>, drafts: &mut RowDrafts) -> Option<FactDraft> {
        let sku = cells.required_sku(self.col(Field::Sku));
        let price = cells.required_decimal(self.col(Field::Price));
        let list_price = cells.decimal(self.col(Field::ListPrice));
        let currency =
            cells.currency_of(self.col(Field::Currency), &[self.col(Field::Price), self.col(Field::ListPrice)]);
        let time = cells.instant_or_received(self.col(Field::ObservedAt));
        let seller = match self.kind {
            SourceKind::Offers => Seller::Rival(cells.required_text(self.col(Field::Seller))?.to_owned()),
            _ => Seller::Own,
        };
        let (sku, price, currency, time) = (sku?, price?, currency?, time?);
        let (channel, store) = (self.channel(cells), self.store(cells));
        let seller_name = match &seller {
            Seller::Own => "",
            Seller::Rival(name) => name,
        };
        drafts.identify(&["price", seller_name, channel.as_str(), &store, sku.as_str(), &self.time_key(cells, time)]);
        let kind = EventKind::PriceObserved(PriceObserved {
            sku: sku.clone(),
            seller,
            channel,
            store,
            price,
            list_price: list_price.filter(|list_price| *list_price > price),
            currency,
            in_stock: cells.flag(self.col(Field::InStock)),
            is_promotion: cells.flag(self.col(Field::IsPromotion)),
        });
        Some(FactDraft { subject: sku.into(), time, kind })
    }

    fn stock(&self, cells: &mut Cells<'_>, drafts: &mut RowDrafts) -> Option<FactDraft> {
        let sku = cells.required_sku(self.col(Field::Sku));
        let on_hand = cells.required_units(self.col(Field::OnHand));
        let on_order = cells.units(self.col(Field::OnOrder));
        let lead_time_days = cells.count(self.col(Field::LeadTimeDays)).and_then(|days| u32::try_from(days).ok());
        let time = cells.instant_or_received(self.col(Field::ObservedAt))?;
        let (sku, on_hand, store) = (sku?, on_hand?, self.store(cells));
        drafts.identify(&["stock", &store, sku.as_str(), &self.time_key(cells, time)]);
        let kind =
            EventKind::StockObserved(StockObserved { sku: sku.clone(), store, on_hand, on_order, lead_time_days });
        Some(FactDraft { subject: sku.into(), time, kind })
    }

    fn cost(&self, cells: &mut Cells<'_>, drafts: &mut RowDrafts) -> Option<FactDraft> {
        let sku = cells.required_sku(self.col(Field::Sku));
        let unit_cost = cells.required_decimal(self.col(Field::UnitCost));
        let currency = cells.currency_of(self.col(Field::Currency), &[self.col(Field::UnitCost)]);
        let time = cells.instant_or_received(self.col(Field::ObservedAt))?;
        let (sku, unit_cost, currency) = (sku?, unit_cost?, currency?);
        drafts.identify(&["cost", sku.as_str(), &self.time_key(cells, time)]);
        let kind = EventKind::CostObserved(CostObserved { sku: sku.clone(), unit_cost, currency });
        Some(FactDraft { subject: sku.into(), time, kind })
    }

    fn review(&self, cells: &mut Cells<'_>, drafts: &mut RowDrafts) -> Option<FactDraft> {
        let rating = cells.required_decimal(self.col(Field::Rating));
        let sku = match cells.text(self.col(Field::Sku)) {
            None => None,
            Some(_) => Some(cells.sku(self.col(Field::Sku))?),
        };
        let time = cells.instant_or_received(self.col(Field::ObservedAt))?;
        let text = cells.text(self.col(Field::Text)).unwrap_or_default().to_owned();
        let title = cells.text(self.col(Field::Headline)).unwrap_or_default().to_owned();
        let Some(rating) = rating?.round().try_into().ok().filter(|rating: &u8| (1..=5).contains(rating)) else {
            cells.refuse(self.col(Field::Rating), "is not between 1 and 5 stars", "write 1, 2, 3, 4 or 5");
            return None;
        };
        let customer = cells
            .text(self.col(Field::CustomerId))
            .and_then(|text| cells.sheet.options.customer_salt.key_of_column(text));
        let sku_code = sku.as_ref().map(|sku| sku.as_str().to_owned()).unwrap_or_default();
        let by_content = || {
            let who = customer.as_ref().map(|customer| customer.as_str().to_owned()).unwrap_or_default();
            format!(
                "{:032x}",
                PartHasher::default()
                    .part(&sku_code)
                    .part(&who)
                    .part(&self.time_key(cells, time))
                    .part(&title)
                    .part(&text)
                    .finish()
            )
        };
        let review = cells.text(self.col(Field::ReviewId)).map_or_else(by_content, str::to_owned);
        let (channel, store) = (self.channel(cells), self.store(cells));
        drafts.identify(&["review", channel.as_str(), &store, &review]);
        let subject = if sku_code.is_empty() { review.clone() } else { sku_code };
        let kind =
            EventKind::ReviewObserved(ReviewObserved { review, sku, channel, store, rating, title, text, customer });
        Some(FactDraft { subject, time, kind })
    }

    fn traffic(&self, cells: &mut Cells<'_>, drafts: &mut RowDrafts) -> Option<FactDraft> {
        cells.required_text(self.col(Field::Day));
        let day = cells.moment(self.col(Field::Day));
        let sessions = cells.count(self.col(Field::Sessions));
        let page_views = cells.count(self.col(Field::PageViews));
        let sku = cells.sku(self.col(Field::Sku));
        let (day, sessions) = (day?.day(), sessions?);
        let (channel, store) = (self.channel(cells), self.store(cells));
        let sku_code = sku.as_ref().map_or("", |sku| sku.as_str()).to_owned();
        drafts.identify(&["traffic", channel.as_str(), &store, &sku_code, &day.to_string()]);
        let time = cells.sheet.options.time_zone.start_of(day);
        let kind = EventKind::TrafficObserved(TrafficObserved {
            sku,
            channel,
            store,
            day,
            sessions,
            page_views: page_views.unwrap_or(sessions),
        });
        Some(FactDraft { subject: if sku_code.is_empty() { "traffic".to_owned() } else { sku_code }, time, kind })
    }

    fn signal(&self, cells: &mut Cells<'_>, drafts: &mut RowDrafts) -> Option<FactDraft> {
        let name = cells.required_text(self.col(Field::Name));
        let value = cells.required_decimal(self.col(Field::Value));
        let time = cells.required_instant(self.col(Field::ObservedAt));
        let (name, value, time) = (name?.to_owned(), value?, time?);
        let country = cells.text(self.col(Field::Country)).and_then(|text| CountryCode::new(text).ok());
        let unit = cells.text(self.col(Field::Unit)).unwrap_or_default().to_owned();
        let country_code = country.as_ref().map_or("", |country| country.as_str()).to_owned();
        drafts.identify(&["signal", &name, &country_code, &time.to_rfc3339()]);
        let value = value.try_into().unwrap_or(f64::NAN);
        Some(FactDraft {
            subject: name.clone(),
            time,
            kind: EventKind::SignalObserved(SignalObserved { name, country, value, unit }),
        })
    }
}

impl Source for Observations {
    fn read(&mut self, cells: &mut Cells<'_>, drafts: &mut RowDrafts) {
        let fact = match self.kind {
            SourceKind::Stock => self.stock(cells, drafts),
            SourceKind::Costs => self.cost(cells, drafts),
            SourceKind::Reviews => self.review(cells, drafts),
            SourceKind::Traffic => self.traffic(cells, drafts),
            SourceKind::Signals => self.signal(cells, drafts),
            _ => self.price(cells, drafts),
        };
        drafts.facts.extend(fact);
    }
}
