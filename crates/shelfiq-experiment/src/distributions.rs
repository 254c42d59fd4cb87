//! Normal and Student distributions.

/// Probability of a standard normal value below `x`.
pub(crate) fn normal_below(x: f64) -> f64 {
    0.5 * libm::erfc(-x / std::f64::consts::SQRT_2)
}

/// The value below which a standard normal lies with probability `p`, strictly between 0 and 1.
pub(crate) fn normal_quantile(p: f64) -> f64 {
    quantile(normal_below, p)
}

/// The value below which a Student variable with `freedom` degrees of freedom lies with probability `p`, strictly between 0
/// and 1.
pub(crate) fn student_quantile(p: f64, freedom: f64) -> f64 {
    quantile(|x| student_below(x, freedom), p)
}

/// Middles of `count` equally probable slices of the standard normal, ascending.
pub(crate) fn normal_middles(count: u32) -> Vec<f64> {
    (0..count).map(|slice| normal_quantile((f64::from(slice) + 0.5) / f64::from(count))).collect()
}

fn student_below(x: f64, freedom: f64) -> f64 {
    let tail = 0.5 * incomplete_beta(freedom / (freedom + x * x), 0.5 * freedom, 0.5);
    if x > 0.0 { 1.0 - tail } else { tail }
}

/// Inverts a distribution that is symmetric around zero.
fn quantile(below: impl Fn(f64) -> f64, p: f64) -> f64 {
    if p > 0.5 {
        return -quantile(below, 1.0 - p);
    }
    let mut lo = -1.0;
    while below(lo) > p {
        lo *= 2.0;
    }
    let mut hi = 0.0;
    for _ in 0..60 {
        let middle = 0.5 * (lo + hi);
        if below(middle) < p { lo = middle } else { hi = middle }
    }
    0.5 * (lo + hi)
}

/// Regularised incomplete beta function by its continued fraction (DLMF 8.17.22), evaluated by Lentz's method.
fn incomplete_beta(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    // The fraction converges fast below the mean; above it the mirrored one does.
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - incomplete_beta(1.0 - x, b, a);
    }
    let log_front = libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b) + a * x.ln() + b * (-x).ln_1p();
    let nonzero = |value: f64| if value.abs() < 1e-300 { 1e-300 } else { value };
    let (mut c, mut d) = (1.0, 1.0 / nonzero(1.0 - (a + b) * x / (a + 1.0)));
    let mut fraction = d;
    for step in 1..=300 {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let before = fraction;
        for term in [even, odd] {
            d = 1.0 / nonzero(1.0 + term * d);
            c = nonzero(1.0 + term / c);
            fraction *= c * d;
        }
        if ((fraction - before) / fraction).abs() < 1e-15 {
            break;
        }
    }
    log_front.exp() * fraction / a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_match_printed_tables() {
        let close = |value: f64, expected: f64| assert!((value - expected).abs() < 5e-4, "{value} is not {expected}");
        close(normal_quantile(0.975), 1.959_964);
        close(student_quantile(0.975, 1.0), 12.706_2);
        close(student_quantile(0.975, 5.0), 2.570_6);
        close(student_quantile(0.9, 30.0), 1.310_4);
        close(student_quantile(0.025, 200.0), -1.971_9);
    }
}
