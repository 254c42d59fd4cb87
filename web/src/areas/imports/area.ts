import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '~/app/root'

export const importsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/imports',
  staticData: { title: 'Imports' },
  component: lazyRouteComponent(() => import('./imports-page'), 'ImportsPage'),
})

export const importWizardRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/imports/new',
  staticData: { title: 'Import a file' },
  component: lazyRouteComponent(() => import('./wizard/wizard-page'), 'WizardPage'),
})

export const importRoutes = [importsRoute, importWizardRoute] as const
