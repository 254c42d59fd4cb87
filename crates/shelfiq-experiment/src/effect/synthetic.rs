//! A stand-in for the decided Sku: a weighted mean of peers that moved as it did before the decision.
//!
//! Every series is its weekly level relative to its own mean before the decision, so levels drop out as in
//! difference-in-differences. The weights are above zero and sum to one (A. Abadie, A. Diamond and J. Hainmueller,
//! "Synthetic control methods for comparative case studies", JASA 105 (2010)), pulled towards the weights that average out
//! the peers' own noise: with noisy counts a perfect fit would be a fit of noise (N. Doudchenko and G. Imbens, "Balancing,
//! regression, difference-in-differences and synthetic control methods", 2016; E. Ben-Michael, A. Feller and J. Rothstein,
//! "The augmented synthetic control method", JASA 116 (2021)).

/// One Sku relative to its own level before the decision.
#[derive(Debug, Clone)]
pub(crate) struct RelativeSeries {
    /// One value per week before the decision; the mean is 1.
    pub(crate) before: Vec<f64>,
    /// Mean over the measured days.
    pub(crate) after: f64,
}

/// How far a Sku stands from its stand-in.
#[derive(Debug, Clone)]
pub(crate) struct Gap {
    /// Level of the stand-in over the measured days.
    pub(crate) stand_in: f64,
    /// Own level less that.
    pub(crate) after: f64,
    /// Weekly gaps before the decision.
    pub(crate) before: Vec<f64>,
    /// Weight of each peer.
    pub(crate) weights: Vec<f64>,
}

/// The gap between `target` and its stand-in made of `peers`, of which there are at least two.
pub(crate) fn gap(target: &RelativeSeries, peers: &[&RelativeSeries]) -> Gap {
    let weights = weights(target, peers);
    let mix = |value: &dyn Fn(&RelativeSeries) -> f64| -> f64 {
        weights.iter().zip(peers).map(|(weight, peer)| weight * value(peer)).sum()
    };
    let stand_in = mix(&|peer| peer.after);
    let before = (0..target.before.len()).map(|week| target.before[week] - mix(&|peer| peer.before[week])).collect();
    Gap { stand_in, after: target.after - stand_in, before, weights }
}

/// Minimises `Σ (target − mix)² + weeks · Σ weight² · noise` over weights that are above zero and sum to one: what the
/// stand-in misses, and what its own noise will add.
fn weights(target: &RelativeSeries, peers: &[&RelativeSeries]) -> Vec<f64> {
    let count = peers.len();
    let weeks = target.before.len();
    let dot = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(x, y)| x * y).sum() };
    let noise = noise_variances(peers, weeks);
    let mut gram = vec![0.0; count * count];
    for i in 0..count {
        for j in 0..=i {
            let product = dot(&peers[i].before, &peers[j].before);
            (gram[i * count + j], gram[j * count + i]) = (product, product);
        }
        gram[i * count + i] += weeks as f64 * noise[i];
    }
    let goal: Vec<f64> = peers.iter().map(|peer| dot(&peer.before, &target.before)).collect();
    minimise_on_simplex(&gram, &goal)
}

/// Variance of a week of each peer around the mean of all.
fn noise_variances(peers: &[&RelativeSeries], weeks: usize) -> Vec<f64> {
    let means: Vec<f64> =
        (0..weeks).map(|week| peers.iter().map(|peer| peer.before[week]).sum::<f64>() / peers.len() as f64).collect();
    peers
        .iter()
        .map(|peer| peer.before.iter().zip(&means).map(|(x, mean)| (x - mean).powi(2)).sum::<f64>() / weeks as f64)
        .map(|variance| variance.max(1e-9))
        .collect()
}

const STEPS: usize = 400;

/// Minimises `½ wᵀ gram w − goalᵀ w` by accelerated projected gradients (A. Beck and M. Teboulle, 2009).
fn minimise_on_simplex(gram: &[f64], goal: &[f64]) -> Vec<f64> {
    let count = goal.len();
    // The largest row sum bounds the largest eigenvalue.
    let bound = gram.chunks(count).map(|row| row.iter().map(|x| x.abs()).sum::<f64>()).fold(1e-12, f64::max);
    let mut weights = vec![1.0 / count as f64; count];
    let (mut ahead, mut momentum) = (weights.clone(), 1.0_f64);
    for _ in 0..STEPS {
        let stepped: Vec<f64> = (0..count)
            .map(|i| {
                let slope: f64 = gram[i * count..(i + 1) * count].iter().zip(&ahead).map(|(g, w)| g * w).sum();
                ahead[i] - (slope - goal[i]) / bound
            })
            .collect();
        let next = onto_simplex(&stepped);
        let next_momentum = 0.5 * (1.0 + (1.0 + 4.0 * momentum * momentum).sqrt());
        let push = (momentum - 1.0) / next_momentum;
        ahead = next.iter().zip(&weights).map(|(new, old)| new + push * (new - old)).collect();
        (weights, momentum) = (next, next_momentum);
    }
    weights
}

/// The nearest point whose entries are at least zero and sum to one (J. Duchi et al., 2008).
fn onto_simplex(point: &[f64]) -> Vec<f64> {
    let mut sorted = point.to_vec();
    sorted.sort_by(|a, b| b.total_cmp(a));
    let (mut sum, mut shift) = (0.0, 0.0);
    for (index, value) in sorted.iter().enumerate() {
        sum += value;
        let candidate = (sum - 1.0) / (index + 1) as f64;
        if value - candidate > 0.0 {
            shift = candidate;
        }
    }
    point.iter().map(|value| (value - shift).max(0.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(before: &[f64], after: f64) -> RelativeSeries {
        RelativeSeries { before: before.to_vec(), after }
    }

    #[test]
    fn a_sku_that_moves_with_one_peer_is_compared_with_that_peer() {
        let wave: Vec<f64> = (0..26).map(|week| 1.0 + 0.3 * f64::from(week).sin()).collect();
        let flat = vec![1.0; 26];
        let twin = series(&wave, 1.3);
        let gap = gap(&series(&wave, 1.5), &[&twin, &series(&flat, 1.0), &series(&flat, 1.0)]);
        assert!(gap.weights[0] > 0.6, "{:?}", gap.weights);
        assert!((gap.weights.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn the_simplex_keeps_what_lies_on_it() {
        assert_eq!(onto_simplex(&[0.25, 0.75]), [0.25, 0.75]);
        assert_eq!(onto_simplex(&[2.0, -1.0]), [1.0, 0.0]);
    }
}
