import { MantineProvider } from '@mantine/core'
import { render, screen } from '@testing-library/react'
import { describe, expect, test, vi } from 'vitest'
import { ApiError } from '~/api/problem'
import type { Kpi } from '~/api/types'
import { Delta } from '~/ui/delta'
import { KpiCard } from '~/ui/kpi-card'
import { ErrorState } from '~/ui/states'

const kpi: Kpi = {
  measure: 'net_revenue',
  title: 'Net revenue',
  unit: 'money',
  currency: 'GBP',
  value: 9_747_747.93,
  exact: '9747747.934',
  previous: 9_000_000,
  delta: 0.083,
  is_partial: true,
  better: 'up',
  spark: [1, 2, 3],
  note: null,
}
const show = (element: React.ReactElement) => render(<MantineProvider>{element}</MantineProvider>)

describe('figures', () => {
  test('a change carries its sign, and its colour follows what is better', () => {
    show(<Delta ratio={-0.183} better="down" />)
    expect(screen.getByText('−18.3%').className).toMatch(/gain/)
  })

  test('no change to compare with is said, not shown as zero', () => {
    show(<Delta ratio={null} />)
    expect(screen.getByTitle('Nothing to compare with')).toBeTruthy()
  })

  test('a key figure shows whole money and keeps the exact amount within reach', () => {
    show(<KpiCard kpi={kpi} />)
    expect(screen.getByText('£9,747,748').title).toBe('£9,747,747.934')
    expect(screen.getByText('+8.3%')).toBeTruthy()
    expect(screen.getByRole('img', { name: 'The last day is not over yet' })).toBeTruthy()
  })

  test('an error offers another try and the number to quote', () => {
    const retry = vi.fn()
    show(
      <ErrorState
        error={new ApiError({ status: 500, title: 'It broke', detail: 'Nothing was lost.', request_id: 'r-7' })}
        onRetry={retry}
      />,
    )
    screen.getByRole('button', { name: 'Try again' }).click()
    expect(retry).toHaveBeenCalled()
    expect(screen.getByText('Request r-7')).toBeTruthy()
  })

  test('what a role does not include is not an error', () => {
    show(<ErrorState error={new ApiError({ status: 403, title: 'Forbidden' })} />)
    expect(screen.getByText('Your role does not include this')).toBeTruthy()
  })
})
