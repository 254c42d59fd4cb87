//! Filling a demo shop: the arena's records go through the log into the tables like anybody's.

use shelfiq_arena::{ArenaConfig, ArenaError, Shop};
use shelfiq_core::{MerchantId, StoreId};
use shelfiq_events::Envelope;
use shelfiq_log::Batch;
use shelfiq_store::stores::{self, NewStore};
use shelfiq_store::{Author, merchants};
use tokio::sync::mpsc;

use crate::error::AppError;
use crate::imports;
use crate::platform::{Platform, run_cpu};

/// Events that one append stores.
const BATCH_EVENTS: usize = 4_000;
/// Batches that wait for the log: drawing days is faster than storing them.
const BATCHES_WAITING_MAX: usize = 4;
/// Share of the work that is over when the log is full.
const LOGGED_SHARE: f64 = 0.6;

/// Fills the log and the tables of `merchant` with the shop that `config` describes, and creates its stores. `progress`
/// hears the share done and the stage.
///
/// # Errors
/// [`AppError::Invalid`] if there is no such shop, or a store fails; what was stored by then stays.
pub async fn fill(
    platform: &Platform,
    merchant: MerchantId,
    config: ArenaConfig,
    progress: &(dyn Fn(f64, &str) + Sync),
) -> Result<(), AppError> {
    let no_shop = |error: ArenaError| AppError::invalid("demo", error.to_string());
    progress(0.0, "opening the shop");
    let row = merchants::get(&platform.store, merchant).await?;
    let config = ArenaConfig { merchant, currency: row.currency, time_zone: row.time_zone, ..config };
    let shop = run_cpu(move || Shop::new(config)).await.map_err(no_shop)?;
    create_stores(platform, merchant).await?;
    let days = f64::from(shop.config().size.days());

    let (sender, mut batches) = mpsc::channel(BATCHES_WAITING_MAX);
    let drawing = tokio::task::spawn_blocking(move || draw(&shop, &sender));
    while let Some((day, events)) = batches.recv().await {
        platform.log.append(merchant, Batch::of_events(events)).await?;
        progress(LOGGED_SHARE * day as f64 / days, "living through its days");
    }
    if let Err(failed) = drawing.await {
        std::panic::resume_unwind(failed.into_panic());
    }
    progress(LOGGED_SHARE, "filling tables");
    imports::refresh_tables(platform, merchant).await?;
    progress(1.0, "done");
    Ok(())
}

/// Sends the shop's events in batches, each with the number of days lived so far. Ends early if nobody listens.
fn draw(shop: &Shop, batches: &mpsc::Sender<(usize, Vec<Envelope>)>) {
    let mut waiting = Vec::with_capacity(BATCH_EVENTS);
    let mut lived = 0;
    for day in shop.recorded_days() {
        lived += 1;
        waiting.extend(day.events);
        while waiting.len() >= BATCH_EVENTS {
            let rest = waiting.split_off(BATCH_EVENTS);
            if batches.blocking_send((lived, std::mem::replace(&mut waiting, rest))).is_err() {
                return;
            }
        }
    }
    drop(batches.blocking_send((lived, waiting)));
}

async fn create_stores(platform: &Platform, merchant: MerchantId) -> Result<(), AppError> {
    let tx = platform.begin(Author::system("demo")).await?;
    let currency = merchants::get(&tx, merchant).await?.currency;
    for (channel, name) in Shop::STORES {
        let id = StoreId::from_uuid(platform.randomness.next_uuid(tx.at()));
        stores::insert(&tx, merchant, NewStore { id, name: name.to_owned(), channel, currency: Some(currency) })
            .await?;
    }
    Ok(tx.commit().await?)
}
