import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '~/app/root'
import { textParam } from '~/app/search'

export const alertsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/alerts',
  staticData: { title: 'Alerts' },
  validateSearch: (search) => ({
    ...textParam(search, 'state'),
    ...textParam(search, 'severity'),
    ...textParam(search, 'kind'),
    ...textParam(search, 'search'),
    ...textParam(search, 'sku'),
    ...textParam(search, 'open'),
  }),
  component: lazyRouteComponent(() => import('./alerts-page'), 'AlertsPage'),
})
