//! What a decision did.

mod answer;
mod case;
mod statement;

pub use answer::{
    Counterfactual, CounterfactualDay, EffectAnswer, EffectMethod, EffectVerdict, MeasuredEffect, MoneyEffect,
    PeerWeight, UnitsEffect, Weakness,
};
pub use case::{DecisionCase, MeasureOptions, SalesHistory};
pub use statement::{LedgerLine, LedgerStatement, LedgerTotals};
