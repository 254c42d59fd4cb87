//! One entity per table: the shape of its rows as they are stored, with nothing but portable types.

pub(crate) mod alert;
pub(crate) mod alert_decision;
pub(crate) mod alert_rule;
pub(crate) mod api_key;
pub(crate) mod audit;
pub(crate) mod column_mapping;
pub(crate) mod idempotency_key;
pub(crate) mod import;
pub(crate) mod installation;
pub(crate) mod job;
pub(crate) mod ledger_entry;
pub(crate) mod member;
pub(crate) mod membership;
pub(crate) mod merchant;
pub(crate) mod model_accuracy;
pub(crate) mod model_version;
pub(crate) mod price_test;
pub(crate) mod recommendation;
pub(crate) mod recommendation_decision;
pub(crate) mod refresh_token;
pub(crate) mod saved_view;
pub(crate) mod schedule;
pub(crate) mod session;
pub(crate) mod sku_setting;
pub(crate) mod store;
