//! The shop: a catalogue, its truth, and the records it leaves.

use shelfiq_core::{Channel, DateRange};
use shelfiq_events::Envelope;

use crate::anomaly;
use crate::catalogue::{self, CatalogueEntry};
use crate::config::{ArenaConfig, ArenaError, Stories};
use crate::merchant::PricingRegime;
use crate::noise::Noise;
use crate::observe::{RecordedDay, RecordedDays};
use crate::season::Calendar;
use crate::simulate::SkuSimulator;
use crate::story;
use crate::truth::{SkuTruth, Truth};

/// A shop drawn from a seed. Holds the catalogue and its truth; days are computed when they are asked for.
#[derive(Debug, Clone)]
pub struct Shop {
    config: ArenaConfig,
    calendar: Calendar,
    entries: Vec<CatalogueEntry>,
    truths: Vec<SkuTruth>,
}

impl Shop {
    /// The shop's stores: channel and name. All share one stock and one price.
    pub const STORES: [(Channel, &'static str); 2] =
        [(Channel::Etsy, "HarbourAndHearth"), (Channel::Shopify, "Harbour & Hearth")];

    /// Draws the shop that this configuration describes.
    ///
    /// # Errors
    /// [`ArenaError`] if the size is out of bounds or the days lie outside the calendar.
    pub fn new(config: ArenaConfig) -> Result<Self, ArenaError> {
        config.size.check()?;
        let days = config.days()?;
        let noise = Noise::new(config.seed);
        let (entries, demands) = catalogue::draw(config.size.skus(), days, config.currency, noise);
        let regimes: Vec<PricingRegime> =
            entries.iter().map(|entry| PricingRegime::draw(config.market, entry.index, noise)).collect();
        let (stories, quiet_days) = match config.stories {
            Stories::LastMonth => (story::cast(&entries, &demands, &regimes, days, noise), 45),
            Stories::None => (Vec::new(), 3),
        };
        let mut truths: Vec<SkuTruth> = entries
            .iter()
            .zip(demands.into_iter().zip(regimes))
            .map(|(entry, (demand, regime))| {
                let anomalies = anomaly::plan(entry, &demand, days, quiet_days, noise);
                SkuTruth { demand, regime, anomalies, story: None }
            })
            .collect();
        for story in stories {
            let truth = &mut truths[story.sku_index as usize];
            truth.story = Some(story);
            truth.anomalies.extend(story::planted_by(story, days.last()));
        }
        Ok(Self { calendar: Calendar::draw(days, noise), config, entries, truths })
    }

    /// What the shop was drawn from.
    #[must_use]
    pub const fn config(&self) -> &ArenaConfig {
        &self.config
    }

    /// The days of records.
    #[must_use]
    pub fn days(&self) -> DateRange {
        self.calendar.days()
    }

    /// What the shop sells, by index.
    #[must_use]
    pub fn catalogue(&self) -> &[CatalogueEntry] {
        &self.entries
    }

    /// What no shop ever sees.
    #[must_use]
    pub const fn truth(&self) -> Truth<'_> {
        Truth { shop: self }
    }

    /// Everything that the shop recorded, in time order. Memory is bounded by one day and its open after-sales,
    /// however many days there are.
    pub fn events(&self) -> impl Iterator<Item = Envelope> + '_ {
        self.recorded_days().flat_map(|day| day.events)
    }

    /// The records day by day, with the truth about the reviews among them.
    pub fn recorded_days(&self) -> impl Iterator<Item = RecordedDay> + '_ {
        RecordedDays::new(self)
    }

    /// A simulator that stands before the first day of one Sku; `None` if there is no such Sku.
    #[must_use]
    pub fn simulator(&self, sku_index: u32) -> Option<SkuSimulator<'_>> {
        let entry = self.entries.get(sku_index as usize)?;
        Some(SkuSimulator::new(self, entry, &self.truths[sku_index as usize]))
    }

    pub(crate) const fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    pub(crate) const fn noise(&self) -> Noise {
        Noise::new(self.config.seed)
    }

    pub(crate) fn truths(&self) -> &[SkuTruth] {
        &self.truths
    }
}
