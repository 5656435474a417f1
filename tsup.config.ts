import { defineConfig } from 'tsup'

export default defineConfig([
  {
    entry: { index: 'src/index.ts', node: 'src/node/index.ts', testing: 'src/testing/index.ts' },
    format: ['esm', 'cjs'],
    dts: true,
    splitting: true,
    clean: true,
    target: 'node20',
    treeshake: true,
  },
  { entry: { cli: 'src/cli/main.ts' }, format: ['esm'], dts: false, splitting: true, target: 'node20', treeshake: true },
])
