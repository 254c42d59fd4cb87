//! Versions of models, and how far their forecasts were off.

use chrono::NaiveDate;
use serde_json::json;
use shelfiq_core::{MerchantId, ModelVersionId};
use shelfiq_store::model_accuracy::{self, AccuracyRow, Basis, ErrorSums};
use shelfiq_store::model_versions::{self, ModelKind, ModelStage, ModelVersion, NewModelVersion, StageMove, Training};
use shelfiq_store::{Constraint, PageRequest, StoreError, audit};

use crate::harness::{Shop, at, next_uuid, on_both};

async fn registered(shop: &Shop, merchant: MerchantId, model: &str) -> ModelVersion {
    let tx = shop.begin(1).await;
    let new = NewModelVersion {
        id: ModelVersionId::from_uuid(next_uuid()),
        kind: ModelKind::Demand,
        model: model.to_owned(),
        stage: ModelStage::Candidate,
        parameters: json!({ "method": model }),
        code_version: "0.1.0".to_owned(),
        parent: None,
    };
    let version = model_versions::insert(&tx, merchant, new).await.unwrap();
    tx.commit().await.unwrap();
    version
}

fn to(stage: ModelStage) -> StageMove {
    StageMove { stage, canary_share: None, replaced: None, note: None }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn row(version: &ModelVersion, origin: &str, class: &str, absolute: f64) -> AccuracyRow {
    AccuracyRow {
        model_version: version.id,
        origin: day(origin),
        demand_class: class.to_owned(),
        horizon_first_day: 1,
        basis: Basis::Replayed,
        sums: ErrorSums { skus: 3, days: 21, absolute, actual: 50.0, ..ErrorSums::default() },
        judged_at: at(5),
    }
}

on_both! {
    async fn versions_are_numbered_per_merchant_and_listed_newest_first(shop: Shop) {
        let first = registered(&shop, shop.merchant, "one").await;
        let second = registered(&shop, shop.merchant, "two").await;
        let theirs = registered(&shop, shop.rival, "one").await;
        assert_eq!((first.number, second.number, theirs.number), (1, 2, 1));
        let page = |after| model_versions::page(&shop.store, shop.merchant, ModelKind::Demand, after);
        let one = PageRequest::first(1);
        let newest = page(&one).await.unwrap();
        assert_eq!(newest.rows[0].id, second.id);
        let rest = page(&PageRequest::new(1, newest.next)).await.unwrap();
        assert_eq!((rest.rows[0].id, rest.next), (first.id, None));
        let other = model_versions::get(&shop.store, shop.rival, first.id).await;
        assert!(matches!(other, Err(StoreError::NotFound { .. })));
    }

    async fn two_versions_never_serve_at_once(shop: Shop) {
        let first = registered(&shop, shop.merchant, "one").await;
        let second = registered(&shop, shop.merchant, "two").await;
        for stage in [ModelStage::Production, ModelStage::Shadow] {
            let tx = shop.begin(2).await;
            model_versions::move_stage(&tx, shop.merchant, first.id, None, to(stage)).await.unwrap();
            tx.commit().await.unwrap();
            let tx = shop.begin(3).await;
            let stolen = model_versions::move_stage(&tx, shop.merchant, second.id, None, to(stage)).await;
            assert!(matches!(stolen, Err(StoreError::Violated(Constraint::ModelStage))), "{stolen:?}");
        }
        let theirs = registered(&shop, shop.rival, "one").await;
        let tx = shop.begin(4).await;
        model_versions::move_stage(&tx, shop.rival, theirs.id, None, to(ModelStage::Shadow)).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn a_step_is_audited_and_a_training_is_not(shop: Shop) {
        let version = registered(&shop, shop.merchant, "one").await;
        let tx = shop.begin(2).await;
        let training = Training {
            artefact_hash: "ab".repeat(32),
            data_until: day("2026-06-30"),
            data_versions: json!({ "orders": 3 }),
            metrics: json!({ "skus": 9 }),
        };
        model_versions::trained(&tx, shop.merchant, version.id, training).await.unwrap();
        let step = StageMove { canary_share: Some(0.25), note: Some("try it".to_owned()), ..to(ModelStage::Canary) };
        let moved = model_versions::move_stage(&tx, shop.merchant, version.id, Some(2), step).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!((moved.stage, moved.canary_share, moved.version), (ModelStage::Canary, Some(0.25), 3));
        assert_eq!((moved.data_until, moved.stage_since), (Some(day("2026-06-30")), at(2)));
        let actions: Vec<String> = audit::page(&shop.store, shop.merchant, &PageRequest::first(10))
            .await
            .unwrap()
            .rows
            .into_iter()
            .map(|entry| entry.action)
            .filter(|action| action.starts_with("model_version"))
            .collect();
        assert_eq!(actions, ["model_version.canary", "model_version.registered"]);
        let tx = shop.begin(3).await;
        let stale = model_versions::move_stage(&tx, shop.merchant, version.id, Some(2), to(ModelStage::Candidate)).await;
        assert!(matches!(stale, Err(StoreError::Stale { expected: 2, current: 3, .. })), "{stale:?}");
    }

    async fn what_is_now_known_of_an_origin_replaces_what_was_known(shop: Shop) {
        let version = registered(&shop, shop.merchant, "one").await;
        let tx = shop.begin(2).await;
        let rows = vec![
            row(&version, "2026-05-01", "smooth", 9.0),
            row(&version, "2026-06-01", "smooth", 5.0),
            row(&version, "2026-06-01", "lumpy", 7.0),
        ];
        let origins = [day("2026-05-01"), day("2026-06-01")];
        model_accuracy::replace(&tx, shop.merchant, &origins, rows).await.unwrap();
        let corrected = vec![row(&version, "2026-06-01", "smooth", 4.0)];
        model_accuracy::replace(&tx, shop.merchant, &origins[1..], corrected).await.unwrap();
        tx.commit().await.unwrap();
        let known = model_accuracy::since(&shop.store, shop.merchant, day("2026-01-01")).await.unwrap();
        assert_eq!(known.iter().map(|row| row.sums.absolute).collect::<Vec<_>>(), [9.0, 4.0]);
        assert!(model_accuracy::since(&shop.store, shop.rival, day("2026-01-01")).await.unwrap().is_empty());
        let tx = shop.begin(3).await;
        assert_eq!(model_accuracy::forget_before(&tx, shop.merchant, day("2026-06-01")).await.unwrap(), 1);
    }
}

#[test]
fn sums_of_other_origins_keep_the_skus_and_those_of_other_kinds_add_them() {
    let sums = ErrorSums { skus: 3, days: 21, absolute: 2.0, ..ErrorSums::default() };
    let (again, beside) = (sums.again(sums), sums.beside(sums));
    assert_eq!((again.skus, again.days, again.absolute), (3, 42, 4.0));
    assert_eq!((beside.skus, beside.days, beside.absolute), (6, 42, 4.0));
}
