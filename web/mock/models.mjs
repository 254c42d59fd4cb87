// Made-up models: what serves, what is tried beside it, and how far both were off.

import { day, instant, random, uuid } from './shop.mjs'

const CLASSES = { smooth: 0.18, erratic: 0.42, intermittent: 0.88, lumpy: 1.1 }
const LEVELS = [0.5, 0.8, 0.9, 0.95]

function figures(wape, seed, days = 9_400) {
  const roll = random(seed)
  const observed = LEVELS.map((nominal) => ({ nominal, observed: nominal + (roll() - 0.5) * 0.04 }))
  return {
    skus: 240,
    days,
    mase: 0.62 + wape / 4,
    wape,
    bias: (roll() - 0.5) * 0.08,
    pinball: 0.4,
    coverage_80: observed[1].observed,
    coverage_95: observed[3].observed,
    calibration: observed,
  }
}

function version(number, model, stage, replaced_id = null) {
  return {
    id: uuid(900 + number),
    kind: 'demand',
    number,
    model,
    stage,
    stage_since: instant(-number * 9),
    note: null,
    canary_share: null,
    parameters: {},
    code_version: '0.1.0',
    artefact_hash: '9f2c4b7e1d0a5566778899aabbccddeeff00112233445566778899aabbccddee',
    trained_at: instant(0, 4),
    data_until: day(-1),
    data_versions: {},
    metrics: {},
    parent_id: null,
    replaced_id,
    created_by: 'system:daily run',
    created_at: instant(-number * 9),
    version: 1,
  }
}

export const makeVersions = () => [
  version(3, 'ensemble_sales_only', 'shadow'),
  version(2, 'ensemble', 'production', uuid(901)),
  version(1, 'seasonal_naive', 'archived'),
]

const SHARE = { ensemble_sales_only: 1.06, ensemble: 1, seasonal_naive: 1.34 }

export function leaderboard(versions) {
  const row = ({ id, model, number, stage }, demand_class, wape) => ({
    version_id: id,
    model,
    number,
    stage,
    demand_class,
    live_share: 0.4,
    over_baseline: 1 - SHARE[model] / SHARE.seasonal_naive,
    figures: figures(wape * SHARE[model], number),
  })
  const members = [
    ['ets', 0.38],
    ['seasonal-median', 0.27],
    ['theta', 0.21],
    ['window-average', 0.14],
  ]
  return {
    versions,
    rows: versions.flatMap((each) => [
      row(each, null, 0.47),
      ...Object.entries(CLASSES).map(([name, wape]) => row(each, name, wape)),
    ]),
    members: Object.keys(CLASSES).flatMap((demand_class, at) =>
      members.map(([model, weight]) => ({ demand_class, model, weight, skus: 60 - at * 10 })),
    ),
  }
}

export function modelAccuracy(versions, { demand_class }) {
  const wape = CLASSES[demand_class] ?? 0.47
  const roll = random(5)
  const point = (offset, basis) => ({
    origin: day(offset),
    basis,
    figures: figures(wape * (0.9 + roll() * 0.2), -offset),
  })
  return {
    version: versions.find(({ stage }) => stage === 'production'),
    total: figures(wape, 8, 41_200),
    points: [
      ...[-112, -84, -56].map((offset) => point(offset, 'replayed')),
      ...Array.from({ length: 28 }, (_, at) => point(at - 35, 'live')),
    ],
    horizons: [1, 8, 15, 29].map((first_day, at) => ({ first_day, figures: figures(wape * (0.94 + at * 0.05), at) })),
  }
}

export function drift() {
  const line = (feature, statistic, value, limit, since, consequence, sentence) => ({
    feature,
    statistic,
    value,
    limit,
    since,
    consequence,
    sentence,
  })
  return {
    data_until: day(-1),
    items: [
      line(
        'price',
        'stability_index',
        0.41,
        0.28,
        day(-6),
        'retrain',
        'stability index 0.41 over 212 products, drift above 0.28',
      ),
      line('missing_rival', 'share_change', 0.18, 0.05, day(-3), 'alert', '31.0 % of days, 13.0 % before'),
      line(
        'units',
        'stability_index',
        0.06,
        0.25,
        null,
        'retrain',
        'stability index 0.06 over 212 products, drift above 0.25',
      ),
      line('rival_gap', 'distance', 0.09, 0.2, null, 'retrain', 'distance 0.09 over 140 products (p = 0.6210)'),
      line(
        'forecast_error',
        'page_hinkley',
        2.1,
        14,
        null,
        'retrain',
        'errors of 40 origins add up to 2.1, drift above 14',
      ),
    ],
  }
}
