//! Training in parts: the models of a large shop's Skus are fitted by jobs, each a share of the Skus, by whichever workers
//! there are.
//!
//! A part is a pure function of files: what the shop has in common and the series come as artefacts, what was found goes
//! back as one. Its answer does not depend on who computes it or how often, and all parts together are what one process
//! would have found, bit for bit.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use shelfiq_core::{JobId, MerchantId};
use shelfiq_forecast::{Experience, Fitted, Series};
use shelfiq_store::Author;
use shelfiq_store::jobs::{self as stored, JobStatus};

use super::artefact::ArtefactFolder;
use super::forecasting::guarded;
use crate::error::AppError;
use crate::jobs;
use crate::platform::{Platform, run_cpu};
use crate::recommendations::to_value;

/// How often it is looked whether the parts that others compute are done.
const LOOK_EVERY: Duration = Duration::from_millis(200);
const PART: &str = "model training";

/// What a job is told: names of artefacts.
#[derive(Debug, Serialize, Deserialize)]
struct FitPart {
    experience: String,
    series: String,
}

/// What it answers.
#[derive(Debug, Serialize, Deserialize)]
struct Fits {
    fits: String,
}

/// Fits series in parts over the job queue, and lends a hand. A part that cannot be computed there is computed
/// here.
pub(crate) async fn fit(
    platform: &Platform,
    merchant: MerchantId,
    experience: &Experience,
    series: &[Series],
) -> Result<Vec<Fitted>, AppError> {
    let folder = ArtefactFolder::of(&platform.artefacts, merchant);
    let common = put(&folder, experience).await?;
    let mut parts = Vec::new();
    for members in series.chunks(platform.part_skus.max(1)) {
        let payload = FitPart { experience: common.clone(), series: put(&folder, &members).await? };
        let tx = platform.begin(Author::system(PART)).await?;
        let job = jobs::enqueue_part(platform, &tx, merchant, to_value(&payload)?).await?;
        tx.commit().await?;
        parts.push((job, members, payload));
    }
    let mut fits = Vec::with_capacity(series.len());
    for (job, members, payload) in &parts {
        fits.extend(match answer(platform, merchant, *job).await? {
            Some(answer) => {
                let found: Vec<Fitted> = get(&folder, &answer.fits).await?;
                folder.remove(&answer.fits)?;
                found
            }
            None => experience.fit(members),
        });
        folder.remove(&payload.series)?;
    }
    folder.remove(&common)?;
    Ok(fits)
}

/// Waits for a part, computing those that nobody has begun; `None` if it failed.
async fn answer(platform: &Platform, merchant: MerchantId, job: JobId) -> Result<Option<Fits>, AppError> {
    loop {
        let job = stored::get(&platform.store, merchant, job).await?;
        match job.status {
            JobStatus::Done => return Ok(job.result.and_then(|result| serde_json::from_value(result).ok())),
            JobStatus::Failed => return Ok(None),
            JobStatus::Queued | JobStatus::Running => {}
        }
        if !jobs::work_on_parts(platform).await? {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}

/// Carries out the job.
pub(crate) async fn run_job(platform: &Platform, merchant: MerchantId, payload: &Value) -> Result<Value, AppError> {
    let part: FitPart = serde_json::from_value(payload.clone())?;
    let folder = ArtefactFolder::of(&platform.artefacts, merchant);
    let experience: Experience = get(&folder, &part.experience).await?;
    let series: Vec<Series> = get(&folder, &part.series).await?;
    let fits = run_cpu(move || guarded(|| experience.fit(&series))).await.map_err(AppError::Conflict)?;
    to_value(&Fits { fits: put(&folder, &fits).await? })
}

async fn put(folder: &ArtefactFolder, value: &impl Serialize) -> Result<String, AppError> {
    let (folder, content) = (folder.clone(), serde_json::to_vec(value)?);
    run_cpu(move || folder.put(&content)).await
}

async fn get<T: serde::de::DeserializeOwned + Send + 'static>(
    folder: &ArtefactFolder,
    name: &str,
) -> Result<T, AppError> {
    let (folder, name) = (folder.clone(), name.to_owned());
    run_cpu(move || Ok(serde_json::from_slice(&folder.get(&name)?)?)).await
}
