//! The schema, as steps that only go forward. A released step never changes; a new shape is a new step.

mod m0001_identity;
mod m0002_shops;
mod m0003_jobs;
mod m0004_decisions;
mod m0005_models;
mod m0006_ledger;
mod m0007_anomalies;
mod portable;

use sea_orm_migration::{MigrationTrait, MigratorTrait};

/// Brings a database to the present schema.
pub(crate) struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_identity::Migration),
            Box::new(m0002_shops::Migration),
            Box::new(m0003_jobs::Migration),
            Box::new(m0004_decisions::Migration),
            Box::new(m0005_models::Migration),
            Box::new(m0006_ledger::Migration),
            Box::new(m0007_anomalies::Migration),
        ]
    }
}
