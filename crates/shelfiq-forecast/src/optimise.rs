//! Minimisers for a handful of parameters.

/// Minimum of `loss` on `lo..=hi` by golden section; `loss` should have one valley.
pub(crate) fn golden(lo: f64, hi: f64, steps: usize, loss: impl Fn(f64) -> f64) -> f64 {
    const RATIO: f64 = 0.618_033_988_749_895;
    let (mut a, mut b) = (lo, hi);
    let (mut c, mut d) = (b - RATIO * (b - a), a + RATIO * (b - a));
    let (mut at_c, mut at_d) = (loss(c), loss(d));
    for _ in 0..steps {
        if at_c <= at_d {
            (b, d, at_d) = (d, c, at_c);
            c = b - RATIO * (b - a);
            at_c = loss(c);
        } else {
            (a, c, at_c) = (c, d, at_d);
            d = a + RATIO * (b - a);
            at_d = loss(d);
        }
    }
    if at_c <= at_d { c } else { d }
}

/// Best point found by the simplex method of Nelder & Mead (1965) from `start`, with one vertex `stride` away in
/// each direction. Stops after about `evaluations_max` evaluations or when all vertices agree to 1e-6 of their loss.
pub(crate) fn nelder_mead<const N: usize>(
    start: [f64; N],
    stride: [f64; N],
    evaluations_max: usize,
    loss: impl Fn(&[f64; N]) -> f64,
) -> ([f64; N], f64) {
    let finite = |point: &[f64; N]| {
        let value = loss(point);
        if value.is_nan() { f64::INFINITY } else { value }
    };
    let mut simplex: Vec<([f64; N], f64)> = Vec::with_capacity(N + 1);
    simplex.push((start, finite(&start)));
    for axis in (0..N).filter(|axis| stride[*axis] != 0.0) {
        let mut vertex = start;
        vertex[axis] += stride[axis];
        simplex.push((vertex, finite(&vertex)));
    }
    let free = simplex.len() - 1;
    let mut evaluations = simplex.len();
    while evaluations < evaluations_max && free > 0 {
        simplex.sort_by(|a, b| a.1.total_cmp(&b.1));
        let (best, worst) = (simplex[0].1, simplex[free].1);
        if worst.is_finite() && (worst - best).abs() <= 1e-6 * (best.abs() + 1e-12) {
            break;
        }
        let mut centre = [0.0; N];
        for (vertex, _) in &simplex[..free] {
            for (sum, coordinate) in centre.iter_mut().zip(vertex) {
                *sum += coordinate / free as f64;
            }
        }
        let toward = |factor: f64, from: &[f64; N]| {
            let mut point = centre;
            for (coordinate, other) in point.iter_mut().zip(from) {
                *coordinate += factor * (*coordinate - other);
            }
            (point, finite(&point))
        };
        let reflected = toward(1.0, &simplex[free].0);
        evaluations += 1;
        if reflected.1 < best {
            let expanded = toward(2.0, &simplex[free].0);
            evaluations += 1;
            simplex[free] = if expanded.1 < reflected.1 { expanded } else { reflected };
        } else if reflected.1 < simplex[free - 1].1 {
            simplex[free] = reflected;
        } else {
            let contracted = toward(if reflected.1 < worst { 0.5 } else { -0.5 }, &simplex[free].0);
            evaluations += 1;
            if contracted.1 < worst.min(reflected.1) {
                simplex[free] = contracted;
            } else {
                let anchor = simplex[0].0;
                for (vertex, value) in &mut simplex[1..] {
                    for (coordinate, target) in vertex.iter_mut().zip(anchor) {
                        *coordinate = target + 0.5 * (*coordinate - target);
                    }
                    *value = finite(vertex);
                }
                evaluations += free;
            }
        }
    }
    simplex.into_iter().min_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or((start, f64::INFINITY))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn golden_section_finds_the_valley() {
        assert!((golden(0.0, 1.0, 30, |x| (x - 0.3).powi(2)) - 0.3).abs() < 1e-4);
    }

    #[test]
    fn the_simplex_walks_down_rosenbrocks_banana() {
        let banana = |p: &[f64; 2]| (1.0 - p[0]).powi(2) + 100.0 * (p[1] - p[0] * p[0]).powi(2);
        let (point, value) = nelder_mead([-1.2, 1.0], [0.5, 0.5], 400, banana);
        assert!(value < 1e-5, "{point:?} {value}");
    }

    #[test]
    fn an_axis_without_stride_stays_where_it_is() {
        let (point, _) = nelder_mead([3.0, 1.0], [0.5, 0.0], 200, |p| p[0] * p[0] + p[1] * p[1]);
        assert!(point[0].abs() < 1e-2 && point[1] == 1.0);
    }
}
