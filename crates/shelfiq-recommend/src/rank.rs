//! The order in which advice is shown.

use crate::Recommendation;

/// Highest priority first. Amounts of different currencies cannot be compared, so each currency forms a block, in the
/// order of the codes; ties go by kind and Sku, so that the same advice always has the same order.
pub fn rank(recommendations: &mut [Recommendation]) {
    recommendations.sort_by(|a, b| {
        let currency = a.priority.currency().cmp(&b.priority.currency());
        currency.then(b.priority.minor().cmp(&a.priority.minor())).then_with(|| a.key.cmp(&b.key))
    });
}
