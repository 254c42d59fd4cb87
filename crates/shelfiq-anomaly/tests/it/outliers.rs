//! Rows unlike the others.

use shelfiq_anomaly::{AnomalyError, OutlierConfig, OutlierModel, find_outliers};

use crate::dice::Dice;

fn table(rows: usize, seed: u64) -> Vec<(String, Vec<f64>)> {
    let mut dice = Dice::new(seed);
    let price: Vec<f64> = (0..rows).map(|_| 20.0 + 3.0 * dice.normal()).collect();
    let quantity: Vec<f64> = (0..rows).map(|_| dice.poisson(4.0)).collect();
    let total = price.iter().zip(&quantity).map(|(price, quantity)| price * quantity).collect();
    vec![("price".to_owned(), price), ("quantity".to_owned(), quantity), ("total".to_owned(), total)]
}

#[test]
fn planted_rows_are_found_and_their_column_is_named() {
    let mut columns = table(500, 1);
    columns[0].1[17] = 95.0;
    columns[1].1[300] = 60.0;
    let verdicts = find_outliers(&columns, &OutlierConfig::default()).unwrap();
    assert!(verdicts[17].is_outlier && verdicts[17].reason.starts_with("price is 95 (usually "), "{:?}", verdicts[17]);
    assert!(verdicts[300].is_outlier && verdicts[300].reason.contains("quantity is 60"), "{:?}", verdicts[300]);
    let best: Vec<f64> = verdicts.iter().map(|verdict| verdict.score).collect();
    assert!(best.iter().filter(|score| **score > best[17].min(best[300])).count() <= 1);
}

#[test]
fn a_table_in_which_nothing_is_wrong_has_next_to_no_outliers() {
    let flagged: usize = (0..10)
        .map(|seed| find_outliers(&table(400, seed), &OutlierConfig::default()).unwrap())
        .map(|verdicts| verdicts.iter().filter(|verdict| verdict.is_outlier).count())
        .sum();
    assert!(flagged <= 40, "{flagged} of 4000");
}

#[test]
fn a_row_that_is_odd_only_in_its_combination_is_found() {
    let mut dice = Dice::new(3);
    let x: Vec<f64> = (0..600).map(|row| if row % 2 == 0 { 0.0 } else { 10.0 } + 0.3 * dice.normal()).collect();
    let mut y: Vec<f64> = x.iter().map(|x| x + 0.3 * dice.normal()).collect();
    y[40] = 10.0;
    let columns = [("x".to_owned(), x), ("y".to_owned(), y)];
    let verdicts = find_outliers(&columns, &OutlierConfig::default()).unwrap();
    let higher = verdicts.iter().filter(|verdict| verdict.score > verdicts[40].score).count();
    assert!(higher <= 6, "{higher} rows score higher: {:?}", verdicts[40]);
}

#[test]
fn the_same_seed_gives_the_same_scores_on_any_number_of_threads() {
    let columns = table(300, 2);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let alone = pool.install(|| find_outliers(&columns, &OutlierConfig::default()).unwrap());
    assert_eq!(alone, find_outliers(&columns, &OutlierConfig::default()).unwrap());
    assert_ne!(alone, find_outliers(&columns, &OutlierConfig { seed: 2 }).unwrap());
}

#[test]
fn missing_constant_and_tiny_tables_are_no_trouble() {
    let constant = vec![("a".to_owned(), vec![1.0; 50]), ("b".to_owned(), vec![f64::NAN; 50])];
    for columns in [constant, table(3, 1), vec![("a".to_owned(), vec![])]] {
        let verdicts = find_outliers(&columns, &OutlierConfig::default()).unwrap();
        assert_eq!(verdicts.len(), columns[0].1.len());
        assert!(verdicts.iter().all(|verdict| !verdict.is_outlier && verdict.score.is_finite()));
    }
}

#[test]
fn errors_name_row_and_column() {
    let columns = [("a".to_owned(), vec![1.0, 2.0]), ("b".to_owned(), vec![1.0, f64::INFINITY])];
    let error = find_outliers(&columns, &OutlierConfig::default()).unwrap_err();
    assert_eq!(error.to_string(), "row 2, column `b`: the value is infinite");
    let ragged = [("a".to_owned(), vec![1.0, 2.0]), ("b".to_owned(), vec![1.0])];
    assert!(matches!(find_outliers(&ragged, &OutlierConfig::default()), Err(AnomalyError::RaggedColumns { .. })));
    assert!(matches!(find_outliers(&[], &OutlierConfig::default()), Err(AnomalyError::NoColumns)));
}

#[test]
fn a_row_judged_alone_gets_the_verdict_of_the_table() {
    let mut columns = table(500, 4);
    columns[0].1[17] = 95.0;
    columns[1].1[20] = f64::NAN;
    let together = find_outliers(&columns, &OutlierConfig::default()).unwrap();
    let model = OutlierModel::fit(&columns, &OutlierConfig::default()).unwrap();
    for (row, verdict) in together.iter().enumerate() {
        let values: Vec<f64> = columns.iter().map(|(_, values)| values[row]).collect();
        assert_eq!(&model.judge(&values).unwrap(), verdict, "row {row}");
    }
    assert!(matches!(model.judge(&[1.0]), Err(AnomalyError::RaggedColumns { found: 1, expected: 3, .. })));
}

#[test]
fn rows_that_stand_in_the_table_many_times_are_judged_alike() {
    let mut columns = table(300, 5);
    for (_, values) in &mut columns {
        let again = values.clone();
        values.extend(again);
    }
    let verdicts = find_outliers(&columns, &OutlierConfig::default()).unwrap();
    assert_eq!(verdicts[..300], verdicts[300..]);
}
