import styles from './filter-tabs.module.css'

type Props<Value extends string> = {
  label: string
  value: Value
  options: readonly { value: Value; title: string; count?: number | undefined }[]
  onChange: (value: Value) => void
  /** `segments` sit in a groove: a view of the same thing rather than another list. */
  look?: 'tabs' | 'segments'
}

/** One of a few, always in sight. */
export function FilterTabs<Value extends string>({ label, value, options, onChange, look = 'tabs' }: Props<Value>) {
  return (
    <fieldset className={styles[look]}>
      <legend className="visually-hidden">{label}</legend>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          className={styles.choice}
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
        >
          {option.title}
          {option.count !== undefined && option.count > 0 && <span className={styles.count}>{option.count}</span>}
        </button>
      ))}
    </fieldset>
  )
}
