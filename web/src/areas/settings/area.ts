import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '~/app/root'
import { textParam } from '~/app/search'

export const settingsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings',
  staticData: { title: 'Settings' },
  validateSearch: (search) => textParam(search, 'section'),
  component: lazyRouteComponent(() => import('./settings-page'), 'SettingsPage'),
})
