// The words of the ledger as merchants would say them.

export const ORIGINS: Readonly<Record<string, string>> = {
  recommendation: 'Advice',
  own_price_change: 'Own price change',
  price_test: 'Price test',
}

export const OUTCOMES: Readonly<Record<string, string>> = {
  waiting: 'Waiting',
  not_applied: 'Never applied',
  too_early: 'Too early to tell',
  measured: 'Measured',
  not_measurable: 'Cannot be told',
  not_done: 'Not done',
}

export const DECISIONS: Readonly<Record<string, string>> = {
  accepted: 'Accepted',
  dismissed: 'Dismissed',
  undone: 'Taken back',
  expired: 'Expired',
  done: 'Done',
  own: 'Own decision',
}

export const METHODS: Readonly<Record<string, string>> = {
  switch_back: 'Prices took turns (switch-back)',
  split: 'Both prices at once (split)',
  peers: 'Compared with similar products (synthetic control)',
}

/** What could make a figure wrong, each in a sentence. */
export const WEAKNESSES: Readonly<Record<string, string>> = {
  not_randomised: 'The price was not changed at random: what made you change it may have moved sales too.',
  peers_may_share_buyers: 'Buyers may have moved between this product and those it is compared with.',
  few_peers: 'Few similar products stayed untouched.',
  poor_fit: 'The similar products followed this one loosely before the change.',
  short_history: 'There is little history from before the change.',
  censored_days: 'Days without stock were left out.',
  few_sales: 'It sells too rarely for a sharp answer.',
}
