import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { IconChartLine, IconDownload, IconTable } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { saveBlob } from '~/lib/save-blob'
import { Panel } from '~/ui/panel'
import styles from './chart-panel.module.css'

export type Twin = { columns: readonly string[]; rows: readonly (readonly string[])[] }

type Props = {
  /** The finding, where there is one. */
  title: string
  subtitle?: ReactNode
  actions?: ReactNode
  /** The same numbers as a table, built only when asked for. */
  twin: () => Twin
  children: ReactNode
  className?: string | undefined
}

/** A chart with its table: the numbers can be read, copied and saved by everyone. */
export function ChartPanel({ title, subtitle, actions, twin, children, className }: Props) {
  const [isTable, setTable] = useState(false)
  const label = isTable ? 'Show as chart' : 'Show as table'
  const Glyph = isTable ? IconChartLine : IconTable
  const table = isTable ? twin() : null
  return (
    <Panel
      title={title}
      subtitle={subtitle}
      className={className}
      actions={
        <>
          {actions}
          {table && (
            <Button
              variant="subtle"
              color="gray"
              leftSection={<IconDownload size={14} />}
              onClick={() => saveCsv(title, table)}
            >
              CSV
            </Button>
          )}
          <Tooltip label={label}>
            <ActionIcon aria-label={`${label}: ${title}`} onClick={() => setTable(!isTable)}>
              <Glyph size={16} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
        </>
      }
    >
      {table ? <TwinTable twin={table} caption={title} /> : children}
    </Panel>
  )
}

function TwinTable({ twin, caption }: { twin: Twin; caption: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
    <section className={styles.scroll} tabIndex={0} aria-label={`${caption}, as a table`}>
      <table className={styles.table}>
        <thead>
          <tr>
            {twin.columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {twin.rows.map((row) => (
            <tr key={row[0]}>
              {row.map((cell, index) => (
                <td key={twin.columns[index]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function saveCsv(title: string, { columns, rows }: Twin) {
  const quote = (cell: string) => `"${cell.replaceAll('"', '""')}"`
  const text = [columns, ...rows].map((row) => row.map(quote).join(',')).join('\r\n')
  saveBlob(new Blob([text], { type: 'text/csv' }), `${title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}.csv`)
}
