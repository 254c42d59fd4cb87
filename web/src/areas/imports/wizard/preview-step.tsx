import { Button } from '@mantine/core'
import { IconFileCheck, IconFileUnknown } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import type { Reading } from '~/api/imports'
import type { ImportPreview } from '~/api/types'
import { MappingTable } from '~/areas/imports/wizard/mapping-table'
import { ProblemTable } from '~/areas/imports/wizard/problem-table'
import { Questions } from '~/areas/imports/wizard/questions'
import { SampleTable } from '~/areas/imports/wizard/sample-table'
import { formatCount, formatMoney, plural } from '~/lib/format'
import { NativeSelect, TextInput } from '~/ui/fields'
import { Panel } from '~/ui/panel'
import styles from './preview-step.module.css'

type Props = {
  /** As it was called when it was dropped. */
  file: string
  reading: Reading
  preview: ImportPreview
  isReading: boolean
  isStarting: boolean
  onChange: (reading: Reading) => void
  onRun: (reading: Reading) => void
  onBack: () => void
}

const CONFIDENCE: Record<ImportPreview['confidence'], string> = {
  recognised: 'Recognised from its columns',
  remembered: 'Columns remembered from an earlier file',
  guessed: 'Columns guessed: please check them',
  unknown: 'Not recognised: tell us which column is what',
}

/** Read by rule, not by guess. */
const SETTLED: ReadonlySet<ImportPreview['confidence']> = new Set(['recognised', 'remembered'])

/** The dry run: what the file is, what it would change, what is wrong with it. Nothing is written yet. */
export function PreviewStep({ file, reading, preview, isReading, isStarting, onChange, onRun, onBack }: Props) {
  const [store, setStore] = useState(reading.store ?? '')
  const { counts } = preview
  // What was just told, before the server has answered.
  const mapping = reading.mapping ?? preview.mapping
  const missing = preview.fields.filter(({ name, required }) => required && !mapping[name])
  const isMapped = preview.kind !== null && missing.length === 0
  const lands = counts.new + counts.changed
  const isReadable = isMapped && counts.rows > 0
  // What was shown is what runs: guesses that were looked at are told.
  const asShown: Reading =
    preview.kind !== null && preview.fields.length > 0 ? { ...reading, kind: preview.kind, mapping } : reading
  const Glyph = preview.confidence === 'unknown' ? IconFileUnknown : IconFileCheck
  return (
    <>
      <div className={styles.file}>
        <Glyph size={22} stroke={1.5} aria-hidden />
        <div className={styles.names}>
          <p className={styles.name}>{file}</p>
          <p className={styles.kind}>
            {preview.kind_title} · {reading.mapping ? 'Columns as you told them' : CONFIDENCE[preview.confidence]} ·{' '}
            {describeFormat(preview)}
          </p>
        </div>
        <TextInput
          size="xs"
          label="Store, optional"
          className={styles.store}
          value={store}
          maxLength={60}
          onChange={(event) => setStore(event.currentTarget.value)}
          onBlur={() => store.trim() !== (reading.store ?? '') && onChange({ ...reading, store: store.trim() })}
        />
        <Button variant="default" onClick={onBack}>
          Another file
        </Button>
      </div>
      {(preview.kind === null || preview.fields.length > 0) && (
        <NativeSelect
          label="What is in this file?"
          className={styles.kinds}
          value={preview.kind ?? ''}
          onChange={(event) => onChange({ ...reading, kind: event.currentTarget.value, mapping: undefined })}
          data={[
            { value: '', label: 'Choose', disabled: true },
            ...preview.kinds.map(({ kind, title }) => ({ value: kind, label: title })),
          ]}
        />
      )}
      {preview.fields.length > 0 && (
        <MappingTable
          preview={preview}
          mapping={mapping}
          isSettled={isMapped && SETTLED.has(preview.confidence)}
          onChange={(told) => onChange({ ...reading, kind: preview.kind ?? undefined, mapping: told })}
        />
      )}
      <Questions preview={preview} reading={reading} onChange={onChange} />
      {!isReadable && <SampleTable preview={preview} />}
      {isReadable && (
        <div className={styles.result} aria-busy={isReading} data-old={isReading || undefined}>
          <Panel
            title={`${plural(counts.rows, 'row')} read, ${formatCount(lands)} would land`}
            subtitle="A dry run: nothing is written yet"
          >
            <dl className={styles.counts}>
              <Figure title="New">{formatCount(counts.new)}</Figure>
              <Figure title="Changed">{formatCount(counts.changed)}</Figure>
              <Figure title="Unchanged">{formatCount(counts.unchanged)}</Figure>
              <Figure title="Rejected" isWarning={counts.rejected > 0}>
                {formatCount(counts.rejected)}
              </Figure>
            </dl>
            <Totals preview={preview} />
          </Panel>
          {preview.problems.length > 0 && <ProblemTable problems={preview.problems} rejected={counts.rejected} />}
          <SampleTable preview={preview} />
        </div>
      )}
      <div className={styles.actions}>
        <p className={styles.note}>
          {noteOf(
            preview,
            missing.map(({ title }) => title),
          )}
        </p>
        <Button
          size="sm"
          loading={isStarting}
          disabled={!isReadable || isReading}
          onClick={() => onRun({ ...asShown, store: store.trim() })}
        >
          {isReadable && lands === 0 ? 'Import anyway' : `Import ${plural(lands, 'row')}`}
        </Button>
      </div>
    </>
  )
}

/** What is still to do, or what will happen. */
function noteOf({ kind, rows, counts, questions }: ImportPreview, missing: readonly string[]): string {
  if (kind === null) return 'Still to choose: what is in this file.'
  if (missing.length > 0) return `Still to choose: ${missing.join(', ')}.`
  if (questions.some(({ must_answer }) => must_answer)) return 'Still to answer: how the file is meant.'
  if (rows === 0) return 'The file has a header and no rows.'
  if (counts.rows === 0) return 'No row can be read this way yet. Check the columns.'
  if (counts.new + counts.changed === 0) return 'Nothing in this file is new: an import would change nothing.'
  if (counts.rejected > 0) return 'Good rows land; rejected rows go to a file you can download and correct.'
  return 'The import runs in the background; you can leave this page.'
}

function describeFormat({ format, encoding, delimiter }: ImportPreview): string {
  const names: Record<string, string> = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' }
  const separated = delimiter === null ? '' : `, separated by ${names[delimiter] ?? `“${delimiter}”`}`
  return `${format.toUpperCase()}, ${encoding}${separated}`
}

/** Sums to hold against the source before anything lands; amounts only where they are all in one currency. */
function Totals({ preview: { totals, currency } }: { preview: ImportPreview }) {
  const amount = (text: string) => (currency === null ? null : formatMoney({ amount: text, currency }))
  return (
    <dl className={styles.totals}>
      {totals.orders > 0 && <Figure title="Orders">{formatCount(totals.orders)}</Figure>}
      {totals.customers > 0 && <Figure title="Customers">{formatCount(totals.customers)}</Figure>}
      {totals.net_amount !== null && currency !== null && (
        <Figure title="Net amount">{amount(totals.net_amount)}</Figure>
      )}
      {totals.duplicates > 0 && <Figure title="Exact duplicates">{formatCount(totals.duplicates)}</Figure>}
      {totals.by_kind.length > 1 &&
        totals.by_kind.map(({ kind, rows, amount: sum }) => (
          <Figure key={kind} title={kind.replaceAll('_', ' ')}>
            {[formatCount(rows), amount(sum)].filter((part) => part !== null).join(' · ')}
          </Figure>
        ))}
    </dl>
  )
}

type FigureProps = { title: string; isWarning?: boolean; children: ReactNode }

function Figure({ title, isWarning = false, children }: FigureProps) {
  return (
    <div data-warning={isWarning || undefined}>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  )
}
