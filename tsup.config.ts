import { defineConfig } from 'tsup'

const library = { index: 'src/index.ts', node: 'src/node/index.ts', testing: 'src/testing/index.ts' }

export default defineConfig({
  // The command shares its chunks with the library; it is a program, so it has one format and no declarations.
  entry: { ...library, cli: 'src/cli/main.ts' },
  format: ['esm', 'cjs'],
  dts: { entry: library },
  splitting: true,
  clean: true,
  target: 'node20',
  treeshake: true,
  esbuildOptions: (options, { format }) => {
    if (format === 'cjs') options.entryPoints = library
    // The second copy of the same code has short names: a stack trace of the first one says where.
    options.minifyIdentifiers = format === 'cjs'
    // A tenth of the tarball. Names stay, so that a stack trace still says where.
    options.minifyWhitespace = true
    options.minifySyntax = true
  },
})
