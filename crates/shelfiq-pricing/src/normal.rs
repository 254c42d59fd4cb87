//! The standard normal distribution and the log-normal partial expectation.

use std::f64::consts::{PI, SQRT_2};

/// Density at `x`.
pub(crate) fn density(x: f64) -> f64 {
    (-0.5 * x * x).exp() / (2.0 * PI).sqrt()
}

/// Probability of a value below `x`, to about 15 digits.
///
/// Source: J. F. Hart et al., *Computer Approximations* (1968), algorithm 5666, in the form given by G. West, "Better
/// approximations to cumulative normal functions", Wilmott Magazine, 2005.
pub(crate) fn probability_below(x: f64) -> f64 {
    let z = x.abs();
    if z > 37.0 {
        return if x > 0.0 { 1.0 } else { 0.0 };
    }
    let bell = (-0.5 * z * z).exp();
    let tail = if z < 5.0 * SQRT_2 {
        const ABOVE: [f64; 7] = [
            3.526_249_659_989_11e-2,
            0.700_383_064_443_688,
            6.373_962_203_531_65,
            33.912_866_078_383,
            112.079_291_497_871,
            221.213_596_169_931,
            220.206_867_912_376,
        ];
        const BELOW: [f64; 8] = [
            8.838_834_764_831_84e-2,
            1.755_667_163_182_64,
            16.064_177_579_207,
            86.780_732_202_946_1,
            296.564_248_779_674,
            637.333_633_378_831,
            793.826_512_519_948,
            440.413_735_824_752,
        ];
        let polynomial = |coefficients: &[f64]| coefficients.iter().fold(0.0, |sum, c| sum * z + c);
        bell * polynomial(&ABOVE) / polynomial(&BELOW)
    } else {
        bell / (z + 1.0 / (z + 2.0 / (z + 3.0 / (z + 4.0 / (z + 0.65))))) / (2.0 * PI).sqrt()
    };
    if x > 0.0 { 1.0 - tail } else { tail }
}

/// The value below which the probability `p` lies; infinite at 0 and 1.
///
/// Source: P. J. Acklam's rational approximation (2003), refined by one step of Halley's method.
pub(crate) fn quantile(p: f64) -> f64 {
    if p <= 0.0 {
        return f64::NEG_INFINITY;
    }
    if p >= 1.0 {
        return f64::INFINITY;
    }
    if p > 0.5 {
        return -quantile(1.0 - p);
    }
    const A: [f64; 6] = [
        -39.696_830_286_653_76,
        220.946_098_424_520_5,
        -275.928_510_446_968_7,
        138.357_751_867_269,
        -30.664_798_066_147_16,
        2.506_628_277_459_239,
    ];
    const B: [f64; 5] = [
        -54.476_098_798_224_06,
        161.585_836_858_040_9,
        -155.698_979_859_886_6,
        66.801_311_887_719_72,
        -13.280_681_552_885_72,
    ];
    const C: [f64; 6] = [
        -7.784_894_002_430_293e-3,
        -0.322_396_458_041_136_5,
        -2.400_758_277_161_838,
        -2.549_732_539_343_734,
        4.374_664_141_464_968,
        2.938_163_982_698_783,
    ];
    const D: [f64; 4] =
        [7.784_695_709_041_462e-3, 0.322_467_129_070_039_8, 2.445_134_137_142_996, 3.754_408_661_907_416];
    let polynomial = |coefficients: &[f64], at: f64| coefficients.iter().fold(0.0, |sum, c| sum * at + c);
    let rough = if p < 0.024_25 {
        let r = (-2.0 * p.ln()).sqrt();
        polynomial(&C, r) / (polynomial(&D, r) * r + 1.0)
    } else {
        let q = p - 0.5;
        let r = q * q;
        q * polynomial(&A, r) / (polynomial(&B, r) * r + 1.0)
    };
    let step = (probability_below(rough) - p) * (2.0 * PI).sqrt() * (0.5 * rough * rough).exp();
    rough - step / (1.0 + 0.5 * rough * step)
}

/// Mean of `min(X, cap)` for a log-normal `X` with the given mean and standard deviation of its logarithm.
///
/// Source: the partial expectation of the log-normal distribution (as in the Black–Scholes formula).
pub(crate) fn capped_log_normal_mean(mean: f64, log_sd: f64, cap: f64) -> f64 {
    if mean <= 0.0 || cap <= 0.0 {
        return 0.0;
    }
    if log_sd <= 0.0 {
        return mean.min(cap);
    }
    let log_ratio = (cap / mean).ln();
    let above = (log_ratio + 0.5 * log_sd * log_sd) / log_sd;
    mean * probability_below(above - log_sd) + cap * probability_below(-above)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_equal_the_printed_tables() {
        let table =
            [(0.0, 0.5), (1.0, 0.841_344_746_068_543), (1.96, 0.975_002_104_851_780), (-3.0, 0.001_349_898_031_630_1)];
        for (x, expected) in table {
            assert!((probability_below(x) - expected).abs() < 1e-13, "at {x}");
        }
        assert!((probability_below(-8.0) / 6.220_960_574_271_8e-16 - 1.0).abs() < 1e-7);
    }

    #[test]
    fn the_quantile_undoes_the_probability() {
        for step in 1..1000 {
            let p = f64::from(step) / 1000.0;
            assert!((probability_below(quantile(p)) - p).abs() < 1e-14, "at {p}");
        }
        assert!((quantile(0.9) - 1.281_551_565_544_6).abs() < 1e-12);
    }

    #[test]
    fn a_cap_takes_off_the_expected_excess() {
        let (mean, log_sd, cap) = (100.0, 0.4, 110.0);
        let slices = 200_000;
        let by_slices: f64 = (0..slices)
            .map(|i| quantile((f64::from(i) + 0.5) / f64::from(slices)))
            .map(|z| (mean * (log_sd * z - 0.5 * log_sd * log_sd).exp()).min(cap))
            .sum::<f64>()
            / f64::from(slices);
        assert!((capped_log_normal_mean(mean, log_sd, cap) - by_slices).abs() < 1e-3);
        assert_eq!(capped_log_normal_mean(mean, 0.0, cap), mean);
        assert!((capped_log_normal_mean(mean, log_sd, 1e12) - mean).abs() < 1e-9);
    }
}
