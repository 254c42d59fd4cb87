import { Loader } from '@mantine/core'
import { IconFileUpload } from '@tabler/icons-react'
import { type DragEvent, useId, useState } from 'react'
import styles from './drop-step.module.css'

const ACCEPTED = '.csv,.tsv,.txt,.ndjson,.jsonl,.xlsx,.parquet,.gz'

type Props = { isReading: boolean; onFile: (file: File) => void }

/** One file, dropped anywhere on the box or chosen. */
export function DropStep({ isReading, onFile }: Props) {
  const [isOver, setOver] = useState(false)
  const inputId = useId()
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    const [file] = event.dataTransfer.files
    if (file && !isReading) onFile(file)
  }
  return (
    <>
      <label
        htmlFor={inputId}
        className={styles.box}
        data-over={isOver || undefined}
        aria-busy={isReading}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        {isReading ? <Loader size={28} /> : <IconFileUpload size={30} stroke={1.4} aria-hidden />}
        <span className={styles.title}>{isReading ? 'Reading the file…' : 'Drop a file here, or choose one'}</span>
        <span className={styles.text}>CSV, TSV, NDJSON, Excel or Parquet, also compressed with gzip</span>
        <input
          id={inputId}
          type="file"
          className="visually-hidden"
          aria-label="File to import"
          accept={ACCEPTED}
          disabled={isReading}
          onChange={(event) => {
            const [file] = event.currentTarget.files ?? []
            if (file) onFile(file)
          }}
        />
      </label>
      <div className={styles.hints}>
        <Hint title="Recognised at once">
          Etsy sold items, orders, listings and statements; Shopify orders and products; Amazon orders, settlements and
          business reports; eBay orders.
        </Hint>
        <Hint title="Anything else">
          Tell us which column is what. The answer is remembered for the next file with the same columns.
        </Hint>
        <Hint title="Safe to repeat">
          Rows already known are left alone, rows that changed are updated, and an import can be undone.
        </Hint>
      </div>
    </>
  )
}

function Hint({ title, children }: { title: string; children: string }) {
  return (
    <section>
      <h2 className={styles.hint}>{title}</h2>
      <p className={styles.text}>{children}</p>
    </section>
  )
}
