//! The distribution of counts whose rate is itself uncertain.

/// A negative binomial distribution: variance = mean + mean² / size. A gamma-distributed rate of Poisson counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct NegativeBinomial {
    mean: f64,
    size: f64,
}

/// Terms that together change a sum by about this share are left out.
const NEGLIGIBLE: f64 = 1e-6;

impl NegativeBinomial {
    pub(super) fn new(mean: f64, size: f64) -> Self {
        Self { mean: mean.max(1e-9), size: size.clamp(1e-3, 1e6) }
    }

    pub(super) fn deviation(self) -> f64 {
        (self.mean + self.mean * self.mean / self.size).sqrt()
    }

    /// Natural logarithm of the probability of exactly this whole `count`.
    pub(super) fn log_mass(self, count: f64) -> f64 {
        let Self { mean, size } = self;
        let ways = ln_rising(size, count) - ln_rising(1.0, count);
        ways - size * (mean / size).ln_1p() + count * (mean / (size + mean)).ln()
    }

    /// What of [`log_mass`](Self::log_mass) depends on the mean.
    pub(super) fn log_mass_of_mean(self, count: f64) -> f64 {
        let Self { mean, size } = self;
        count * (mean / (size + mean)).ln() - size * (mean / size).ln_1p()
    }

    /// What of [`log_mass`](Self::log_mass) depends on mean and size.
    pub(super) fn log_mass_of_size(self, count: f64) -> f64 {
        ln_rising(self.size, count) + self.log_mass_of_mean(count)
    }

    /// The probability of `count` or more.
    pub(super) fn at_least(self, count: f64) -> f64 {
        if count <= 0.0 {
            1.0
        } else if count > self.mean {
            self.sum_upwards(count)
        } else {
            1.0 - self.sum_downwards(count - 1.0)
        }
    }

    /// The probability of `count` or less.
    pub(super) fn at_most(self, count: f64) -> f64 {
        if count < 0.0 {
            0.0
        } else if count > self.mean {
            1.0 - self.sum_upwards(count + 1.0)
        } else {
            self.sum_downwards(count)
        }
    }

    fn sum_upwards(self, from: f64) -> f64 {
        let odds = self.mean / (self.size + self.mean);
        let (mut count, mut term, mut sum) = (from, 1.0, 1.0);
        loop {
            let ratio = (count + self.size) / (count + 1.0) * odds;
            term *= ratio;
            count += 1.0;
            sum += term;
            // What is left is nearly a geometric series.
            if term <= NEGLIGIBLE * sum * (1.0 - ratio) {
                break;
            }
        }
        (self.log_mass(from).exp() * sum).min(1.0)
    }

    fn sum_downwards(self, from: f64) -> f64 {
        let odds = self.mean / (self.size + self.mean);
        let (mut count, mut term, mut sum) = (from, 1.0, 1.0);
        while count > 0.0 && term > NEGLIGIBLE * sum {
            term *= count / ((count - 1.0 + self.size) * odds);
            count -= 1.0;
            sum += term;
        }
        (self.log_mass(from).exp() * sum).min(1.0)
    }
}

/// Logarithm of `from` · (`from` + 1) · … with so many factors.
fn ln_rising(from: f64, factors: f64) -> f64 {
    if factors > 12.0 {
        return ln_gamma(from + factors) - ln_gamma(from);
    }
    let (mut product, mut factor) = (1.0, 0.0);
    while factor < factors {
        product *= from + factor;
        factor += 1.0;
    }
    product.ln()
}

/// Logarithm of the gamma function of a positive number, by Stirling's series beyond ten.
fn ln_gamma(value: f64) -> f64 {
    let (mut product, mut value) = (1.0, value);
    while value < 10.0 {
        product *= value;
        value += 1.0;
    }
    let inverse = 1.0 / value;
    let square = inverse * inverse;
    let series = inverse * (1.0 / 12.0 - square * (1.0 / 360.0 - square * (1.0 / 1260.0 - square / 1680.0)));
    (value - 0.5) * value.ln() - value + 0.918_938_533_204_672_7 + series - product.ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masses_add_up_to_the_tails() {
        for (mean, size) in [(0.02, 0.5), (3.0, 2.5), (40.0, 1e6), (700.0, 12.0)] {
            let counts = NegativeBinomial::new(mean, size);
            let mut below = 0.0;
            for count in 0..2_000 {
                let count = f64::from(count);
                assert!((counts.at_least(count) - (1.0 - below)).abs() < 1e-5, "{mean} {size} {count}");
                below += counts.log_mass(count).exp();
                assert!((counts.at_most(count) - below).abs() < 1e-5, "{mean} {size} {count}");
            }
        }
    }

    #[test]
    fn a_large_size_is_a_poisson_count() {
        // 5 of 2 expected: e⁻² 2⁵ / 5!
        let mass = NegativeBinomial::new(2.0, 1e6).log_mass(5.0).exp();
        assert!((mass - (-2.0_f64).exp() * 32.0 / 120.0).abs() < 1e-6);
    }

    #[test]
    fn far_tails_keep_their_digits() {
        // Geometric: (mean / (1 + mean))^count
        let tail = NegativeBinomial::new(1.0, 1.0).at_least(60.0);
        assert!((tail / 0.5_f64.powi(60) - 1.0).abs() < 1e-5, "{tail}");
    }
}
