//! What trees promise, whatever the table.

#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use shelfiq_boost::{BoostError, BoostOptions, Booster, Monotone, Objective, Rows};

/// Repeatable numbers between 0 and 1.
fn noise(seed: u64) -> f64 {
    let mut x = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(0x1234_5678);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((x ^ (x >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

/// Three columns of which the last is sometimes missing, and a target of zero and above that they explain in part.
fn table(rows: u64, seed: u64) -> (Vec<Vec<f64>>, Vec<f64>) {
    let draw = |row: u64, column: u64| noise(seed * 1_000_003 + row * 7 + column);
    let columns: Vec<Vec<f64>> = (0..3)
        .map(|column| {
            let value = |row| if column == 2 && draw(row, 5) < 0.2 { f64::NAN } else { draw(row, column) };
            (0..rows).map(value).collect()
        })
        .collect();
    let target = (0..rows as usize).map(|row| {
        let (a, b, c) = (columns[0][row], columns[1][row], columns[2][row]);
        let known = if c.is_nan() { 3.0 } else { c };
        (2.0 * a - 3.0 * (b - 0.5).abs() + known + 2.0 * draw(row as u64, 6)).max(0.0)
    });
    let target = target.collect();
    (columns, target)
}

fn train(columns: &[Vec<f64>], target: &[f64], options: &BoostOptions) -> Booster {
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    Booster::train(&Rows { columns: &columns, target, weights: None }, None, options).unwrap()
}

fn one_tree(objective: Objective) -> BoostOptions {
    BoostOptions { trees: 1, learning_rate: 1.0, leaf_rows_min: 1, ..BoostOptions::new(objective) }
}

const OBJECTIVES: [Objective; 6] = [
    Objective::Squared,
    Objective::Absolute,
    Objective::Huber { delta: 0.5 },
    Objective::Poisson,
    Objective::Tweedie { power: 1.4 },
    Objective::Quantile { share: 0.7 },
];

#[test]
fn a_tree_of_two_leaves_cuts_where_the_squared_error_falls_most_and_answers_with_means() {
    let options = BoostOptions { leaves_max: 2, ..one_tree(Objective::Squared) };
    let booster = train(&[vec![1.0, 2.0, 3.0, 4.0]], &[1.0, 3.0, 10.0, 14.0], &options);
    for (x, mean) in [(1.0, 2.0), (2.5, 2.0), (2.6, 12.0), (9.0, 12.0)] {
        assert!((booster.predict(&[x]) - mean).abs() < 1e-9);
    }
    // Gain by hand: 4 rows at mean 7 become 2 at 2 and 2 at 12, which takes 2·25 + 2·25 from the squares.
    assert!((booster.gains()[0] - 100.0).abs() < 1e-6);
}

#[test]
fn penalties_shorten_leaves_as_the_formula_says() {
    // Gradients at the base of 5: +5 and +5 on the left, −5 and −5 on the right.
    let target = [0.0, 0.0, 10.0, 10.0];
    let answer = |l1: f64, l2: f64| {
        let options = BoostOptions { leaves_max: 2, l1, l2, ..one_tree(Objective::Squared) };
        train(&[vec![1.0, 1.0, 2.0, 2.0]], &target, &options).predict(&[2.0])
    };
    assert!((answer(0.0, 0.0) - 10.0).abs() < 1e-9);
    assert!((answer(0.0, 2.0) - (5.0 + 10.0 / 4.0)).abs() < 1e-9);
    assert!((answer(4.0, 0.0) - (5.0 + 6.0 / 2.0)).abs() < 1e-9);
}

#[test]
fn absolute_leaves_are_medians_and_quantile_leaves_quantiles() {
    let column = vec![1.0, 1.0, 1.0, 2.0, 2.0, 2.0];
    let target = [0.0, 1.0, 50.0, 100.0, 101.0, 900.0];
    let median = train(std::slice::from_ref(&column), &target, &one_tree(Objective::Absolute));
    assert_eq!([1.0, 2.0].map(|x| median.predict(&[x])), [1.0, 101.0]);
    let high = train(&[column], &target, &one_tree(Objective::Quantile { share: 0.7 }));
    assert_eq!([1.0, 2.0].map(|x| high.predict(&[x])), [50.0, 900.0]);
}

#[test]
fn missing_values_go_where_their_targets_belong() {
    for (of_missing, like) in [(10.0, 4.0), (0.0, 1.0)] {
        let column = vec![1.0, 2.0, 3.0, 4.0, f64::NAN, f64::NAN];
        let target = [0.0, 0.0, 10.0, 10.0, of_missing, of_missing];
        let options = BoostOptions { leaves_max: 2, ..one_tree(Objective::Squared) };
        let booster = train(&[column], &target, &options);
        assert_eq!(booster.predict(&[f64::NAN]), booster.predict(&[like]));
        assert!((booster.predict(&[f64::NAN]) - of_missing).abs() < 1e-9);
    }
}

#[test]
fn missing_alone_can_be_the_difference() {
    let column = vec![5.0, 6.0, 7.0, f64::NAN, f64::NAN];
    let booster = train(&[column], &[1.0, 1.0, 1.0, 9.0, 9.0], &one_tree(Objective::Squared));
    assert_eq!([5.0, 99.0, f64::NAN].map(|x| booster.predict(&[x]).round()), [1.0, 1.0, 9.0]);
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let (columns, target) = table(20_000, 3);
    for objective in OBJECTIVES {
        let options = BoostOptions { trees: 8, row_share: 0.7, column_share: 0.7, ..BoostOptions::new(objective) };
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| train(&columns, &target, &options))
        };
        assert_eq!(with(1), with(2), "{objective:?}");
    }
}

#[test]
fn a_quantile_holds_its_share_of_new_rows() {
    let (columns, target) = table(8_000, 11);
    let (new_columns, new_target) = table(8_000, 12);
    for share in [0.1, 0.5, 0.9] {
        let options =
            BoostOptions { trees: 60, leaf_rows_min: 200, ..BoostOptions::new(Objective::Quantile { share }) };
        let booster = train(&columns, &target, &options);
        let holds =
            |row: &usize| new_target[*row] <= booster.predict(&[0, 1, 2].map(|column| new_columns[column][*row]));
        let found = (0..8_000).filter(holds).count() as f64 / 8_000.0;
        assert!((found - share).abs() < 0.03, "{share} {found}");
    }
}

#[test]
fn means_come_out_right_in_total_for_multiplying_objectives() {
    let (columns, target) = table(5_000, 21);
    for objective in [Objective::Poisson, Objective::Tweedie { power: 1.4 }] {
        let booster = train(&columns, &target, &BoostOptions::new(objective));
        let answers = (0..5_000).map(|row| booster.predict(&[0, 1, 2].map(|column| columns[column][row])));
        let (expected, actual) = (answers.sum::<f64>(), target.iter().sum::<f64>());
        assert!((expected / actual - 1.0).abs() < 0.02, "{objective:?} {expected} {actual}");
    }
}

#[test]
fn training_ends_at_the_best_validation_loss() {
    let (columns, target) = table(300, 31);
    let (new_columns, new_target) = table(3_000, 32);
    let by_name: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let new_by_name: Vec<&[f64]> = new_columns.iter().map(Vec::as_slice).collect();
    let rows = Rows { columns: &by_name, target: &target, weights: None };
    let new_rows = Rows { columns: &new_by_name, target: &new_target, weights: None };
    let options = BoostOptions { trees: 400, leaf_rows_min: 3, ..BoostOptions::new(Objective::Squared) };
    let all = Booster::train(&rows, None, &options).unwrap();
    let patient = BoostOptions { patience: Some(20), ..options };
    let stopped = Booster::train(&rows, Some(&new_rows), &patient).unwrap();
    assert!(stopped.trees() < all.trees(), "{} {}", stopped.trees(), all.trees());
    let loss = |booster: &Booster| {
        let error = |row: usize| new_target[row] - booster.predict(&[0, 1, 2].map(|column| new_columns[column][row]));
        (0..3_000).map(|row| error(row).powi(2)).sum::<f64>()
    };
    assert!(loss(&stopped) < loss(&all));
}

#[test]
fn a_weight_of_two_counts_like_two_rows() {
    let (columns, target) = table(200, 41);
    let weights: Vec<f64> = (0..200).map(|row| f64::from(1 + row % 2)).collect();
    let by_name: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let options =
        BoostOptions { trees: 5, leaf_rows_min: 1, leaf_hessian_min: 20.0, ..BoostOptions::new(Objective::Squared) };
    let weighted =
        Booster::train(&Rows { columns: &by_name, target: &target, weights: Some(&weights) }, None, &options).unwrap();
    let twice = |values: &[f64]| -> Vec<f64> {
        values.iter().enumerate().flat_map(|(row, value)| vec![*value; 1 + row % 2]).collect()
    };
    let repeated = train(&columns.iter().map(|column| twice(column)).collect::<Vec<_>>(), &twice(&target), &options);
    for index in 0..200 {
        let row: Vec<f64> = columns.iter().map(|column| column[index]).collect();
        assert!((weighted.predict(&row) - repeated.predict(&row)).abs() < 1e-6);
    }
}

#[test]
fn a_stored_booster_answers_the_same_and_a_damaged_one_is_refused() {
    let (columns, target) = table(500, 51);
    let booster = train(&columns, &target, &BoostOptions::new(Objective::Poisson));
    let text = serde_json::to_string(&booster).unwrap();
    let read: Booster = serde_json::from_str(&text).unwrap();
    assert_eq!(read.predict(&[0.3, 0.8, f64::NAN]), booster.predict(&[0.3, 0.8, f64::NAN]));
    let damaged = text.replacen("\"left\":1,", "\"left\":0,", 1);
    assert_ne!(damaged, text);
    assert!(serde_json::from_str::<Booster>(&damaged).is_err());
}

#[test]
fn what_cannot_be_trained_on_is_named() {
    let column = [1.0, 2.0];
    let check = |target: &[f64], options: &BoostOptions, message: &str| {
        let found = Booster::train(&Rows { columns: &[&column], target, weights: None }, None, options).unwrap_err();
        assert_eq!(found.to_string(), message);
    };
    let poisson = BoostOptions::new(Objective::Poisson);
    check(&[1.0, -1.0], &poisson, "row 1: the target -1 is not possible here");
    check(&[1.0], &poisson, "column 0 has 2 rows where the target has 1");
    check(&[1.0, 1.0], &BoostOptions { row_share: 0.0, ..poisson.clone() }, "row_share must be above 0 and at most 1");
    let none = Rows { columns: &[], target: &[], weights: None };
    assert_eq!(Booster::train(&none, None, &poisson), Err(BoostError::NoRows));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn monotone_columns_keep_their_direction_everywhere(seed in 0_u64..1000, objective in 0_usize..6, rows in 60_u64..400) {
        let (columns, target) = table(rows, seed);
        let options = BoostOptions {
            trees: 30,
            leaf_rows_min: 2,
            // Against the grain: the target rises with the first column and bends in the second.
            monotone: vec![Monotone::Falling, Monotone::Rising, Monotone::Free],
            ..BoostOptions::new(OBJECTIVES[objective])
        };
        let booster = train(&columns, &target, &options);
        for row in 0..40 {
            let mut row = [noise(seed + row), noise(seed + row + 500), if row % 5 == 0 { f64::NAN } else { noise(row) }];
            for (column, sign) in [(0, -1.0), (1, 1.0)] {
                let kept = row[column];
                let answers: Vec<f64> = (0..=50).map(|step| {
                    row[column] = f64::from(step) / 50.0;
                    sign * booster.predict(&row)
                }).collect();
                row[column] = kept;
                prop_assert!(answers.windows(2).all(|pair| pair[1] >= pair[0] - 1e-12), "{answers:?}");
            }
        }
    }

    #[test]
    fn an_explanation_adds_up_and_blocks_answer_like_rows(seed in 0_u64..1000, objective in 0_usize..6) {
        let (columns, target) = table(200, seed);
        let booster = train(&columns, &target, &BoostOptions::new(OBJECTIVES[objective]));
        let rows: Vec<f64> = (0..200).flat_map(|row| [columns[0][row], columns[1][row], columns[2][row]]).collect();
        let together = booster.predict_rows(&rows);
        for (row, answer) in rows.chunks_exact(3).zip(together) {
            prop_assert_eq!(booster.predict(row), answer);
            let found = booster.explain(row);
            let score = found.base + found.parts.iter().sum::<f64>();
            let is_log = matches!(OBJECTIVES[objective], Objective::Poisson | Objective::Tweedie { .. });
            let expected = if is_log { score.exp() } else { score };
            prop_assert!((expected - answer).abs() <= 1e-9 * (1.0 + answer.abs()), "{} {}", expected, answer);
        }
    }

    #[test]
    fn columns_that_tell_nothing_and_short_tables_give_the_best_constant(target in prop::collection::vec(0.0..9.0_f64, 1..30)) {
        let columns = [vec![1.0; target.len()], vec![f64::NAN; target.len()]];
        let booster = train(&columns, &target, &BoostOptions::new(Objective::Squared));
        let mean = target.iter().sum::<f64>() / target.len() as f64;
        prop_assert!((booster.predict(&[5.0, 5.0]) - mean).abs() < 1e-9);
    }
}
