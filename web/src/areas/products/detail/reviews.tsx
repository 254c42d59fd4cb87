import type { ProductDetail } from '~/api/types'
import { formatCount, plural } from '~/lib/format'
import { Panel } from '~/ui/panel'
import { When } from '~/ui/when'
import styles from './reviews.module.css'

export function Reviews({ reviews }: Pick<ProductDetail, 'reviews'>) {
  const { count, average, by_rating: byRating, recent } = reviews
  if (count === 0 || average === null) {
    return (
      <Panel title="Reviews">
        <p className={styles.none}>No review has been seen yet.</p>
      </Panel>
    )
  }
  const most = Math.max(1, ...byRating)
  return (
    <Panel title={`${formatCount(average, 1)} of 5 from ${plural(count, 'review')}`}>
      <div className={styles.split}>
        <ul className={styles.bars} aria-label="Reviews by rating">
          {byRating
            .map((reviewed, index) => ({ stars: index + 1, reviewed }))
            .reverse()
            .map(({ stars, reviewed }) => (
              <li key={stars} className={styles.bar}>
                <span>
                  {stars}
                  <span className="visually-hidden"> of 5</span>
                </span>
                <span className={styles.track} aria-hidden>
                  <span className={styles.fill} style={{ width: `${(reviewed / most) * 100}%` }} />
                </span>
                <span>{formatCount(reviewed)}</span>
              </li>
            ))}
        </ul>
        <ul className={styles.list}>
          {recent.map(({ rating, title, text, at }) => (
            <li key={`${at} ${title}`} className={styles.review}>
              <p className={styles.head}>
                <strong>{title || 'Without a title'}</strong>
                <span>
                  {formatCount(rating)} of 5 · <When at={at} />
                </span>
              </p>
              {text && <p className={styles.text}>{text}</p>}
            </li>
          ))}
        </ul>
      </div>
    </Panel>
  )
}
