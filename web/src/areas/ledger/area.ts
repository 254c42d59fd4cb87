import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '~/app/root'
import { textParam } from '~/app/search'

export const ledgerRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/ledger',
  staticData: { title: 'Ledger' },
  validateSearch: (search) => ({
    ...textParam(search, 'origin'),
    ...textParam(search, 'outcome'),
    ...textParam(search, 'sku'),
    ...textParam(search, 'open'),
  }),
  component: lazyRouteComponent(() => import('./ledger-page'), 'LedgerPage'),
})
