//! Products in columns that a mapping names: the master file of a shop without a marketplace's export.

use shelfiq_core::Channel;
use shelfiq_events::{ListingObserved, ListingStatus};

use super::Source;
use super::listing_facts::{ListingFacts, tags};
use crate::cells::{Cells, Col, Sheet};
use crate::draft::RowDrafts;
use crate::{Field, Mapping};

pub(crate) struct Products {
    cols: std::collections::BTreeMap<Field, Col>,
    default_channel: Channel,
}

impl Products {
    pub(crate) fn new(sheet: &Sheet, mapping: &Mapping) -> Self {
        let cols = mapping.columns.iter().map(|(field, column)| (*field, sheet.col(column))).collect();
        Self { cols, default_channel: mapping.channel.unwrap_or(Channel::Direct) }
    }

    fn col(&self, field: Field) -> Col {
        self.cols.get(&field).copied().unwrap_or(Col::NONE)
    }
}

impl Source for Products {
    fn read(&mut self, cells: &mut Cells<'_>, drafts: &mut RowDrafts) {
        let sku = cells.required_sku(self.col(Field::Sku));
        let price = cells.decimal(self.col(Field::Price));
        let list_price = cells.decimal(self.col(Field::ListPrice));
        let unit_cost = cells.decimal(self.col(Field::UnitCost));
        let on_hand = cells.units(self.col(Field::OnHand));
        let on_order = cells.units(self.col(Field::OnOrder));
        let lead_time_days = cells.count(self.col(Field::LeadTimeDays)).and_then(|days| u32::try_from(days).ok());
        let money = [Field::Price, Field::ListPrice, Field::UnitCost].map(|field| self.col(field));
        let has_money = price.or(list_price).or(unit_cost).is_some();
        let currency = if has_money { cells.currency_of(self.col(Field::Currency), &money) } else { None };
        let observed_at = cells.instant_or_received(self.col(Field::ObservedAt));
        let text = |field| cells.text(self.col(field)).map(str::to_owned);
        let channel = text(Field::Channel).and_then(|name| name.parse().ok()).unwrap_or(self.default_channel);
        let store = text(Field::Store).unwrap_or_else(|| cells.sheet.options.store.clone());
        let (Some(sku), Some(observed_at)) = (sku, observed_at) else { return };
        let status = match text(Field::Status).map(|status| status.to_ascii_lowercase()).as_deref() {
            Some("draft" | "unpublished") => ListingStatus::Draft,
            Some("inactive" | "archived" | "false" | "no" | "discontinued") => ListingStatus::Inactive,
            _ => ListingStatus::Active,
        };
        let listing = text(Field::Title).map(|title| ListingObserved {
            sku: sku.clone(),
            channel,
            store: store.clone(),
            listing: text(Field::ListingId),
            product: text(Field::ProductFamily),
            title,
            category: text(Field::Category),
            brand: text(Field::Brand),
            tags: tags(cells.text(self.col(Field::Tags))),
            description: text(Field::Description),
            gtin: text(Field::Gtin),
            image: text(Field::Image),
            status,
        });
        drafts.identify(&["listing", channel.as_str(), &store, sku.as_str()]);
        ListingFacts {
            listing,
            channel,
            store,
            sku,
            price,
            list_price,
            unit_cost,
            on_hand,
            on_order,
            lead_time_days,
            currency,
        }
        .push(observed_at, drafts);
        if drafts.facts.is_empty() {
            drafts.skipped = Some("the row names a Sku and says nothing about it");
        }
    }
}
