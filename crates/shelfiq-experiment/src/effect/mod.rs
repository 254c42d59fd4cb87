//! What a decision did.

mod answer;
mod assemble;
mod by_peers;
mod by_test;
mod case;
mod placebo;
mod prepare;
mod statement;
mod synthetic;
mod words;

pub use answer::{
    Counterfactual, CounterfactualDay, EffectAnswer, EffectMethod, EffectVerdict, MeasuredEffect, MoneyEffect,
    PeerWeight, UnitsEffect, Weakness,
};
pub use by_peers::measure_by_peers;
pub use by_test::measure_by_test;
pub use case::{DecisionCase, MeasureOptions, SalesHistory};
pub use statement::{LedgerLine, LedgerStatement, LedgerTotals, reconcile};
