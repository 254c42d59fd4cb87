import react from '@vitejs/plugin-react'
import { loadEnv } from 'vite'
import { defineConfig } from 'vitest/config'

export default defineConfig(({ mode }) => ({
  plugins: [react()],
  resolve: { tsconfigPaths: true },
  // `SHELFIQ_API` points the development server at a running binary or at `npm run mock`.
  server: {
    port: 5173,
    proxy: { '/api': { target: loadEnv(mode, '.', 'SHELFIQ_').SHELFIQ_API ?? 'http://127.0.0.1:8080', ws: true } },
  },
  build: {
    target: 'es2022',
    // Entries of the manifest tell scripts/bundle-budget.mjs what the first page loads.
    manifest: true,
    assetsInlineLimit: 0,
  },
  test: { environment: 'jsdom', include: ['src/**/*.test.{ts,tsx}'], setupFiles: ['src/testing/setup.ts'], css: false },
}))
